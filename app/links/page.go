package links

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"ruche/app/outside"
	"ruche/app/text"
)

// page is what a page says of itself, as plain text.
type page struct {
	title, description, site, lang string
	picture                        string // its address; may be empty
}

// The longest that is kept, in characters.
const (
	maxTitle       = 160
	maxDescription = 240
	maxSite        = 60
	maxAddress     = 2000
)

// maxMeta is how many elements are looked at that say something of a page: no page needs as many, and one with more wants to tire us.
const maxMeta = 500

// Names under which pages say the same, the best first.
var (
	titles       = []string{"og:title", "twitter:title", "title"}
	descriptions = []string{"og:description", "twitter:description", "description"}
	sites        = []string{"og:site_name", "application-name"}
	pictures     = []string{"og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"}
)

var language = regexp.MustCompile(`^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,2}$`)

// read finds in the head of a page what it says of itself.
func read(answer *outside.Answer) page {
	said := says(answer.Body, answer.ContentType)
	p := page{
		title: line(first(said, titles), maxTitle), description: line(first(said, descriptions), maxDescription), site: line(first(said, sites), maxSite),
	}
	if lang := said["lang"]; language.MatchString(lang) {
		p.lang = lang
	}
	if picture, err := answer.Address.Parse(strings.TrimSpace(first(said, pictures))); err == nil && *picture != *answer.Address {
		p.picture = fetchable(picture)
	}
	return p
}

func fetchable(u *url.URL) string {
	if address := u.String(); len(address) <= maxAddress && outside.Leads(address, false) {
		return address
	}
	return ""
}

func first(said map[string]string, names []string) string {
	for _, name := range names {
		if value := strings.TrimSpace(said[name]); value != "" {
			return value
		}
	}
	return ""
}

// says reads a page piece by piece up to its body and keeps the first of everything that has one of the names above. It builds no
// tree, so that no nesting costs more than its bytes.
func says(body []byte, contentType string) map[string]string {
	said := map[string]string{}
	decoded, err := charset.NewReader(bytes.NewReader(body), contentType)
	if err != nil {
		return said
	}
	tokens := html.NewTokenizer(decoded)
	tokens.SetMaxBuf(maxPage)
	for looked := 0; looked < maxMeta; {
		switch tokens.Next() {
		case html.ErrorToken:
			return said
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := tokens.TagName()
			switch atom.Lookup(name) {
			case atom.Html:
				note(said, "lang", attributes(tokens, more)["lang"])
			case atom.Meta:
				looked++
				meta := attributes(tokens, more)
				note(said, strings.ToLower(firstOf(meta["property"], meta["name"])), meta["content"])
			case atom.Title:
				looked++
				if tokens.Next() == html.TextToken {
					note(said, "title", string(tokens.Text()))
				}
			case atom.Body:
				return said
			}
		}
	}
	return said
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func note(said map[string]string, name, value string) {
	if _, known := said[name]; !known && name != "" && value != "" {
		said[name] = value
	}
}

// maxAttributes of an element are looked at.
const maxAttributes = 20

func attributes(tokens *html.Tokenizer, more bool) map[string]string {
	found := map[string]string{}
	for n := 0; more && n < maxAttributes; n++ {
		var name, value []byte
		name, value, more = tokens.TagAttr()
		note(found, string(name), string(value))
	}
	return found
}

// line is what a page says as one line of plain text that turns no direction around it, and as long as it may be.
func line(said string, most int) string {
	said = strings.ToValidUTF8(said, "")
	if len(said) > 16*most {
		said = strings.ToValidUTF8(said[:16*most], "")
	}
	clean, err := text.Clean(strings.Map(plain, said), 32*most)
	if err != nil {
		return ""
	}
	clean = strings.Join(strings.Fields(clean), " ")
	if utf8.RuneCountInString(clean) <= most {
		return clean
	}
	short := []rune(clean)[:most-1]
	return strings.TrimRightFunc(string(short), unicode.IsSpace) + "…"
}

// plain drops what has no place in a line: marks of direction and whatever else is not seen, but for the joiners that some scripts need.
func plain(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case r == '\u200c' || r == '\u200d':
		return r
	case r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
		return -1
	}
	return r
}
