package imports

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// markup is how the editors of Decidim and CONSUL begin a text, or a paragraph of it.
var markup = regexp.MustCompile(`(?i)<(p|br|div|ul|ol|li|strong|em|h[1-6]|a href)[\s/>]`)

// markdown is a text that another platform has as HTML. One that is none is left as it is.
func markdown(text string) string {
	if !markup.MatchString(text) {
		return text
	}
	w := &markdownWriter{}
	tokens := html.NewTokenizer(strings.NewReader(text))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(blankLines.ReplaceAllString(w.out.String(), "\n\n"))
		case html.TextToken:
			w.text(string(tokens.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			w.open(&token)
		case html.EndTagToken:
			name, _ := tokens.TagName()
			w.close(string(name))
		}
	}
}

var blankLines = regexp.MustCompile(`\n[ \t]*\n[\s]*`)

// markdownWriter turns the tags that those editors know into signs; of the others the text stays.
type markdownWriter struct {
	out    strings.Builder
	links  []string // addresses of the links that are open
	silent int      // depth within what is not read out
}

func (w *markdownWriter) write(sign string) {
	if w.silent == 0 {
		w.out.WriteString(sign)
	}
}

// text writes words as a browser shows them: however many blanks there are, one is seen, and none at the beginning of a line.
func (w *markdownWriter) text(text string) {
	text = blanks.ReplaceAllString(text, " ")
	if so := w.out.String(); so == "" || strings.HasSuffix(so, "\n") || strings.HasSuffix(so, " ") {
		text = strings.TrimLeft(text, " ")
	}
	w.write(text)
}

var blanks = regexp.MustCompile(`[ \t\r\n]+`)

// signs stand for tags, at their beginning and their end.
func signs(tag string) (before, after string) {
	switch tag {
	case "p", "div", "ul", "ol", "table", "blockquote":
		return "\n\n", "\n\n"
	case "tr":
		return "\n", ""
	case "li":
		return "\n- ", ""
	case "br":
		return "\n", ""
	case "strong", "b":
		return "**", "**"
	case "em", "i":
		return "*", "*"
	case "h1", "h2", "h3", "h4", "h5", "h6":
		return "\n\n### ", "\n\n"
	}
	return "", ""
}

func (w *markdownWriter) open(token *html.Token) {
	switch token.Data {
	case "script", "style", "iframe":
		if token.Type == html.StartTagToken {
			w.silent++
		}
		return
	case "a":
		address := ""
		for _, attribute := range token.Attr {
			if attribute.Key == "href" && (strings.HasPrefix(attribute.Val, "https://") || strings.HasPrefix(attribute.Val, "http://")) && !strings.ContainsAny(attribute.Val, " <>()") {
				address = attribute.Val
			}
		}
		w.links = append(w.links, address)
		if address != "" {
			w.write("[")
		}
		return
	}
	before, _ := signs(token.Data)
	w.write(before)
}

func (w *markdownWriter) close(tag string) {
	switch tag {
	case "script", "style", "iframe":
		w.silent = max(w.silent-1, 0)
		return
	case "a":
		if last := len(w.links) - 1; last >= 0 {
			if w.links[last] != "" {
				w.write("](" + w.links[last] + ")")
			}
			w.links = w.links[:last]
		}
		return
	}
	_, after := signs(tag)
	w.write(after)
}
