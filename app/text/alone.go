package text

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// MaxAlone is how many links that stand alone a text can have; the others are as any link is.
const MaxAlone = 5

// Alone returns where the links lead that stand alone in a paragraph of a text, in order, once each, at most MaxAlone. Whoever writes
// one shows what it leads to; in a sentence, a list or a quotation it only leads there.
func Alone(markdown string) []string {
	if len(markdown) > MaxBody || !strings.Contains(markdown, "/") && !strings.Contains(strings.ToLower(markdown), "www.") {
		return nil
	}
	doc, err := parse(markdown, Comment, nil)
	if err != nil {
		return nil // it was never shown either
	}
	var alone []string
	for block := doc.root.FirstChild(); block != nil && len(alone) < MaxAlone; block = block.NextSibling() {
		if link, ok := onlyLink(block); ok && !slices.Contains(alone, link) {
			alone = append(alone, link)
		}
	}
	return alone
}

func onlyLink(block ast.Node) (href string, ok bool) {
	if block.Kind() != ast.KindParagraph || block.ChildCount() != 1 {
		return "", false
	}
	link, ok := block.FirstChild().(*ast.Link)
	if !ok {
		return "", false
	}
	return string(link.Destination), true
}

// HasAlone tells of rendered HTML whether a paragraph may have nothing but a link: a look that costs nothing, before anything is asked.
func HasAlone(html string) bool { return strings.Contains(html, "<p><a ") }
