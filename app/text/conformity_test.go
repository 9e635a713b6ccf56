package text_test

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	gmtext "github.com/yuin/goldmark/text"
	"golang.org/x/net/html"

	"ruche/app/text"
)

// TestMarkdownIsCommonMark compares with the examples of the CommonMark and GFM specifications. What Ruche decides otherwise is set aside
// first: examples about raw HTML are left out and counted, and both sides are reduced to what the decisions do not touch.
func TestMarkdownIsCommonMark(t *testing.T) {
	// Known differences: no address is given to links without one or with an odd scheme, "www." means https, anchors get our prefix, a picture
	// is no link in a link, bare addresses link everywhere but after a quotation mark, a code language is one plain word, no footnotes.
	for name, least := range map[string]float64{"commonmark-spec": 96, "gfm-spec": 95, "gfm-extensions": 75} {
		var examples []struct {
			Example        int
			Markdown, HTML string
		}
		corpus(t, &examples, "corpora", "markdown", name+".json")
		same, aside := 0, 0
		for _, e := range examples {
			if hasRawHTML(e.Markdown) {
				aside++
				continue
			}
			r, err := text.Render(e.Markdown, text.Body, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := essence(r.HTML), essence(e.HTML); got == want {
				same++
			} else {
				t.Logf("%s %d: %q\n got %s\nwant %s", name, e.Example, e.Markdown, got, want)
			}
		}
		if len(examples) == 0 {
			continue
		}
		rate := 100 * float64(same) / float64(len(examples)-aside)
		t.Logf("%s: %d of %d alike (%.1f %%), %d about raw HTML set aside", name, same, len(examples)-aside, rate, aside)
		if rate < least {
			t.Errorf("%s: %.1f %% alike", name, rate)
		}
	}
}

func hasRawHTML(markdown string) bool {
	source := []byte(markdown)
	found := false
	_ = ast.Walk(goldmark.DefaultParser().Parse(gmtext.NewReader(source)), func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		found = found || n.Kind() == ast.KindHTMLBlock || n.Kind() == ast.KindRawHTML
		return ast.WalkContinue, nil
	})
	return found
}

// essence writes HTML as a row of tags and words, without what Ruche adds or decides: line breaks, heading levels, pictures
// from elsewhere, labels of tasks and wrappers of tables.
func essence(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	pre := false
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		token := z.Token()
		switch {
		case kind == html.TextToken && pre:
			b.WriteString(token.Data)
		case kind == html.TextToken:
			b.WriteString(" " + strings.Join(strings.Fields(token.Data), " ") + " ")
		case token.Data == "br" || token.Data == "div" || token.Data == "label" || token.Data == "input":
		case token.Data == "a" && kind == html.StartTagToken:
			b.WriteString("<a " + attribute(token, "href") + ">")
		case token.Data == "img":
			b.WriteString("<a " + attribute(token, "src") + "> " + attribute(token, "alt") + " </a>")
		case kind == html.EndTagToken:
			b.WriteString("</" + level(token.Data) + ">")
			pre = pre && token.Data != "pre"
		default:
			b.WriteString("<" + level(token.Data) + ">" + attribute(token, "start") + attribute(token, "class", "language-"))
			pre = pre || token.Data == "pre"
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func level(tag string) string {
	if len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6' {
		return "h"
	}
	return tag
}

func attribute(token html.Token, key string, prefix ...string) string {
	for _, a := range token.Attr {
		if a.Key == key && (len(prefix) == 0 || strings.HasPrefix(a.Val, prefix[0])) {
			return a.Val
		}
	}
	return ""
}
