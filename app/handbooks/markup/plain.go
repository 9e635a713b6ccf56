package markup

import (
	"strings"
	"time"

	"golang.org/x/net/html"
)

// head reads what the head of a page says of it.
func (w *work) head(tree *html.Node) {
	if root := find(tree, byName("html")); root != nil {
		w.Lang = strings.ToLower(strings.SplitN(attr(root, "lang"), "-", 2)[0])
	}
	if title := find(tree, byName("title")); title != nil {
		w.Title = words(title)
	}
	for _, meta := range all(tree, byName("meta")) {
		content := strings.TrimSpace(attr(meta, "content"))
		switch strings.ToLower(attr(meta, "name") + attr(meta, "property")) {
		case "author", "dc.creator", "dcterms.creator":
			w.Author = content
		case "keywords":
			w.Tags = tags(content)
		case "date", "dc.date", "dcterms.created", "article:published_time":
			w.Created = Date(content)
		case "last-modified", "revised", "dcterms.modified", "article:modified_time":
			w.Edited = Date(content)
		}
	}
}

func tags(list string) (all []string) {
	for _, tag := range strings.Split(list, ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			all = append(all, tag)
		}
	}
	return all
}

// plain is the content of a page of any site: what it says is its main part, and otherwise all but what leads around the site.
func (w *work) plain(tree *html.Node) *html.Node {
	w.head(tree)
	body := find(tree, byName("body"))
	if body == nil {
		body = elem("body", inside(tree)...)
	}
	if w.dialect == Document {
		return body
	}
	for _, main := range []func(*html.Node) bool{byName("main"), func(n *html.Node) bool { return attr(n, "role") == "main" }, byName("article")} {
		if found := all(body, main); len(found) == 1 {
			body = elem("body", inside(found[0])...)
			break
		}
	}
	for _, part := range all(body, func(n *html.Node) bool {
		role := attr(n, "role")
		return is(n, "nav", "footer", "title", "meta", "link", "head") || role == "navigation" || role == "contentinfo" || role == "search" || has(n, "hidden")
	}) {
		take(part)
	}
	if first := all(body, byName("h1")); len(first) == 1 && words(first[0]) != "" {
		w.Title = words(first[0])
		if id := attr(first[0], "id"); id != "" {
			w.anchor(id, w.Title)
		}
		take(first[0])
	}
	return body
}

// Date reads a moment as exports write it, in English, French and the form of machines; the zero time if it cannot.
func Date(written string) time.Time {
	written = strings.Join(strings.Fields(strings.TrimPrefix(strings.TrimSpace(written), "@")), " ")
	named := written
	for from, to := range months {
		named = strings.Replace(named, from+" ", to+" ", 1)
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly, "2006/01/02 15:04", "2006/01/02",
		"January 2, 2006 3:04 PM", "January 2, 2006 15:04", "January 2, 2006", "Jan 2, 2006 3:04 PM", "Jan 2, 2006 15:04", "Jan 2, 2006", "2 January 2006 15:04", "2 January 2006", "2 Jan 2006", "Jan 2 2006", time.RFC1123, time.RFC1123Z} {
		for _, one := range []string{written, named} {
			if at, err := time.Parse(form, one); err == nil {
				return at.UTC()
			}
		}
	}
	return time.Time{}
}

// months as Confluence and Notion write them in French, and in English with a full stop.
var months = map[string]string{"janvier": "January", "février": "February", "mars": "March", "avril": "April", "mai": "May", "juin": "June", "juillet": "July", "août": "August",
	"septembre": "September", "octobre": "October", "novembre": "November", "décembre": "December", "janv.": "Jan", "févr.": "Feb", "avr.": "Apr", "juil.": "Jul", "sept.": "Sep",
	"oct.": "Oct", "nov.": "Nov", "déc.": "Dec", "Jan.": "Jan", "Feb.": "Feb", "Mar.": "Mar", "Apr.": "Apr", "Jun.": "Jun", "Jul.": "Jul", "Aug.": "Aug", "Sept.": "Sep", "Sep.": "Sep",
	"Oct.": "Oct", "Nov.": "Nov", "Dec.": "Dec"}
