package text

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"ruche/views/i18n"
)

// A callout is what a text sets apart: a quote whose first line says what kind of remark it is, "> [!WARNING]", as on GitHub. The extensions
// for goldmark that exist write pictures and words of their own into the page, or need its next major version; what is ours is only this
// change of the parsed tree, so that sanitising, facts and summaries stay as they are.
type callout struct {
	ast.BaseBlock
	kind string
	word string // what it is, in the language of the text
}

var kindCallout = ast.NewNodeKind("Callout")

// Kind tells goldmark what this node is.
func (*callout) Kind() ast.NodeKind { return kindCallout }

// Dump prints the node when a tree is looked at while debugging.
func (n *callout) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// The kinds of callouts that readers see, and the one that they do not: advice to whoever writes, as templates give it. It stays in the
// Markdown, where the next who edits finds it, and in no page, summary or index.
var (
	calloutLine = regexp.MustCompile(`^(?i)\[!(note|tip|important|warning|caution|hint)\][ \t]*\n?$`)
	hintKind    = "hint"
)

// calloutKind is the kind that the first line of a quote names, empty if it names none.
func (d *document) calloutKind(n ast.Node) string {
	first := n.FirstChild()
	if n.Kind() != ast.KindBlockquote || first == nil || first.Kind() != ast.KindParagraph {
		return ""
	}
	line := first.Lines().At(0)
	match := calloutLine.FindSubmatch(line.Value(d.source))
	if match == nil {
		return ""
	}
	for child := first.FirstChild(); child != nil; child = child.NextSibling() {
		words, ok := child.(*ast.Text)
		switch {
		case !ok: // what stands in brackets is the name of a link that the text defines
			return ""
		case words.Segment.Stop >= line.Stop || words.SoftLineBreak() || words.HardLineBreak():
			return strings.ToLower(string(match[1]))
		}
	}
	return strings.ToLower(string(match[1]))
}

// call makes a callout of a quote.
func (d *document) call(n ast.Node, kind string) {
	first := n.FirstChild()
	end := first.Lines().At(0).Stop
	for child := first.FirstChild(); child != nil; child = first.FirstChild() {
		if words, ok := child.(*ast.Text); !ok || words.Segment.Start >= end {
			break
		}
		first.RemoveChild(first, child)
	}
	if !first.HasChildren() {
		n.RemoveChild(n, first)
	}
	made := &callout{kind: kind}
	for child := n.FirstChild(); child != nil; child = n.FirstChild() {
		made.AppendChild(made, child)
	}
	n.Parent().ReplaceChild(n.Parent(), n, made)
	d.callouts = append(d.callouts, made)
}

// nameCallouts says what the callouts are in the language that the text is written in: those words are part of it.
func (d *document) nameCallouts() {
	if len(d.callouts) == 0 {
		return
	}
	language := Language(d.plain())
	if language == "" {
		language = i18n.Languages[0]
	}
	for _, made := range d.callouts {
		made.word = i18n.For(language).T("text.callout." + made.kind)
	}
}

func writeCallout(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, _ = w.WriteString("</div>\n")
		return ast.WalkContinue, nil
	}
	n := node.(*callout)
	_, _ = w.WriteString(`<div class="callout callout-` + n.kind + `"><p class="callout-word">`)
	_, _ = w.Write(util.EscapeHTML([]byte(n.word)))
	_, _ = w.WriteString("</p>\n")
	return ast.WalkContinue, nil
}
