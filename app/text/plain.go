package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

const maxSummary = 200

// plain returns the words of the text, a line for each block, without marks and addresses.
func (d *document) plain() string {
	var b strings.Builder
	d.writeWords(&b, d.root)
	return strings.TrimSpace(b.String())
}

func (d *document) writeWords(b *strings.Builder, n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		b.Write(literal(n, d.source))
		if n.SoftLineBreak() || n.HardLineBreak() {
			b.WriteByte('\n')
		}
		return
	case *ast.String:
		b.Write(n.Value)
		return
	case *ast.AutoLink:
		b.Write(n.Label(d.source))
		return
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		for i := range n.Lines().Len() {
			line := n.Lines().At(i)
			b.Write(line.Value(d.source))
		}
	}
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		d.writeWords(b, child)
	}
	if n.Type() == ast.TypeBlock && n.Kind() != ast.KindDocument {
		b.WriteByte('\n')
	}
}

// summary returns the first sentences for a list: paragraphs before anything else, because headings and tables make no sense in one line.
func (d *document) summary() string {
	var b strings.Builder
	d.writeParagraphs(&b, d.root)
	line := oneLine(b.String())
	if line == "" {
		line = oneLine(d.plain())
	}
	return shorten(line, maxSummary)
}

func (d *document) writeParagraphs(b *strings.Builder, n ast.Node) {
	for child := n.FirstChild(); child != nil && b.Len() < 4*maxSummary; child = child.NextSibling() {
		switch child.Kind() {
		case ast.KindParagraph, ast.KindTextBlock:
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			d.writeWords(b, child)
		case ast.KindHeading, ast.KindCodeBlock, ast.KindFencedCodeBlock, east.KindTable:
		default:
			d.writeParagraphs(b, child)
		}
	}
}

// oneLine joins lines with spaces and keeps no-break spaces as they are.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Join(strings.FieldsFunc(s, breaksTitle), " "))
}

// shorten cuts a line between words so that it has at most limit characters with the ellipsis that says so.
func shorten(line string, limit int) string {
	if utf8.RuneCountInString(line) <= limit {
		return line
	}
	runes := []rune(line)[:limit]
	end := limit - 1
	for end > limit/2 && !unicode.IsSpace(runes[end]) {
		end--
	}
	if end == limit/2 { // no word ends here: an address, or a language without spaces
		end = limit - 1
	}
	return strings.TrimRightFunc(string(runes[:end]), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:–—-", r)
	}) + "…"
}
