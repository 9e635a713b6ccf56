package text

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// MaxAlone is how many links that stand alone a text can have; the others are as any link is.
const MaxAlone = 5

// MaxLinks is how many links of a text are noted by where they lead.
const MaxLinks = 200

// Links returns where the links of a text lead, in order, once each, at most MaxLinks, and of those alone the ones that stand alone in
// a paragraph, at most MaxAlone. Whoever writes one of these shows what it leads to; in a sentence, a list or a quotation a link only
// leads there.
func Links(markdown string) (all, alone []string) {
	if len(markdown) > MaxBody || !strings.Contains(markdown, "/") && !strings.Contains(strings.ToLower(markdown), "www.") {
		return nil, nil
	}
	doc, err := parse(markdown, Comment, nil)
	if err != nil {
		return nil, nil // it was never shown either
	}
	for block := doc.root.FirstChild(); block != nil && len(alone) < MaxAlone; block = block.NextSibling() {
		if link, ok := onlyLink(block); ok && !slices.Contains(alone, link) {
			alone = append(alone, link)
		}
	}
	known := map[string]bool{}
	_ = ast.Walk(doc.root, func(node ast.Node, entering bool) (ast.WalkStatus, error) { // nothing there fails
		link, ok := node.(*ast.Link)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		if href := string(link.Destination); !known[href] {
			known[href], all = true, append(all, href)
		}
		if len(all) == MaxLinks {
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	return all, alone
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
