package text

import (
	"strings"

	"golang.org/x/net/html"
)

// Bound is a text that is ready to be shown, as a chapter of a document on paper: its headings so many levels deeper, its places named
// apart from those of other chapters, its pictures fetched at once and what folds open. Its addresses are what link makes of them.
func Bound(shown, prefix string, levels byte, link func(href string) string) string {
	var out strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(shown))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return out.String() // what is left has ended
		}
		token := tokens.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			bind(&token, prefix, levels, link)
			out.WriteString(token.String())
		case html.EndTagToken:
			token.Data = deeper(token.Data, levels)
			out.WriteString(token.String())
		default:
			out.WriteString(token.String())
		}
	}
}

func bind(token *html.Token, prefix string, levels byte, link func(href string) string) {
	token.Data = deeper(token.Data, levels)
	kept := token.Attr[:0]
	for _, one := range token.Attr {
		switch one.Key {
		case "id", "aria-labelledby", "aria-describedby":
			one.Val = prefix + one.Val
		case "href":
			one.Val = link(one.Val)
		case "loading":
			continue
		}
		kept = append(kept, one)
	}
	token.Attr = kept
	if token.Data == "details" {
		token.Attr = append(token.Attr, html.Attribute{Key: "open"})
	}
}

// deeper is the heading so many levels below another one, and every other element itself.
func deeper(tag string, levels byte) string {
	if len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] < '6' {
		return "h" + string(min(tag[1]+levels, '6'))
	}
	return tag
}
