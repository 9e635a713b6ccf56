package syndication

import (
	"encoding/json"
	"encoding/xml"
	"net/url"
	"time"

	"ruche/views/i18n"
	"ruche/views/parts"
)

func tagPage(tag string) string { return "/discussions?" + url.Values{"tag": {tag}}.Encode() }

func topicPage(space, topic string) string {
	return "/discussions?" + url.Values{"space": {space}, "topic": {topic}}.Encode()
}

// place is where a feed is read: the address of the house, and whether that of the feed may be said in it. One with a token says it
// not, so that the token stays where it was written.
type place struct {
	base string
	open bool
	l    *i18n.Locale
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Lang       string         `xml:"xml:lang,attr,omitempty"`
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published"`
	Link       atomLink       `xml:"link"`
	Author     string         `xml:"author>name"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// atom writes a feed as RFC 4287 has it. What XML cannot hold is written as the sign for what cannot be read.
func atom(feed *Feed, at place) ([]byte, error) {
	out := atomFeed{Lang: at.l.Lang(), ID: at.base + feed.Path, Title: feed.Title, Updated: feed.Updated().Format(time.RFC3339), Links: []atomLink{{"alternate", "text/html", at.base + feed.Page}}}
	if at.open {
		out.Links = append(out.Links, atomLink{"self", "application/atom+xml", at.base + feed.Path + ".atom"})
	}
	for _, e := range feed.Entries {
		when := e.CreatedAt.UTC().Format(time.RFC3339)
		entry := atomEntry{Lang: e.Lang, ID: at.base + e.Path, Title: e.Title, Updated: when, Published: when, Link: atomLink{"alternate", "text/html", at.base + e.Page}, Author: parts.Name(at.l, e.Author), Summary: e.Summary}
		for _, tag := range e.Tags {
			entry.Categories = append(entry.Categories, atomCategory{tag})
		}
		out.Entries = append(out.Entries, entry)
	}
	body, err := xml.Marshal(out)
	return append([]byte(xml.Header), body...), err
}

type jsonFeed struct {
	Version string     `json:"version"`
	Title   string     `json:"title"`
	Page    string     `json:"home_page_url"`
	URL     string     `json:"feed_url,omitempty"`
	Lang    string     `json:"language"`
	Items   []jsonItem `json:"items"`
}

type jsonItem struct {
	ID      string       `json:"id"`
	URL     string       `json:"url"`
	Title   string       `json:"title"`
	Text    string       `json:"content_text"`
	At      string       `json:"date_published"`
	Authors []jsonAuthor `json:"authors"`
	Tags    []string     `json:"tags,omitempty"`
	Lang    string       `json:"language,omitempty"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

// jsonFeed11 writes a feed as JSON Feed 1.1 has it.
func jsonFeed11(feed *Feed, at place) ([]byte, error) {
	out := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: feed.Title, Page: at.base + feed.Page, Lang: at.l.Lang(), Items: []jsonItem{}}
	if at.open {
		out.URL = at.base + feed.Path + ".json"
	}
	for _, e := range feed.Entries {
		out.Items = append(out.Items, jsonItem{at.base + e.Path, at.base + e.Page, e.Title, e.Summary, e.CreatedAt.UTC().Format(time.RFC3339), []jsonAuthor{{parts.Name(at.l, e.Author)}}, e.Tags, e.Lang})
	}
	return json.Marshal(out)
}
