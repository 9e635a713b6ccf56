package text

import (
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// nodes renders what differs from goldmark's own HTML: links already resolved, tasks with labels, and code and tables that
// a keyboard can scroll when they are wider than the page.
type nodes struct{}

// RegisterFuncs tells goldmark which nodes these functions write.
func (nodes) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindLink, link)
	reg.Register(ast.KindCodeBlock, code)
	reg.Register(ast.KindFencedCodeBlock, code)
	reg.Register(east.KindTable, table)
	reg.Register(east.KindTaskCheckBox, checkBox)
	reg.Register(kindTaskLabel, label)
	reg.Register(kindGroupName, mentioned)
	reg.Register(kindCallout, writeCallout)
	reg.Register(kindListing, writeListing)
}

// A taskLabel holds the words of a task together with its box.
type taskLabel struct{ ast.BaseInline }

var kindTaskLabel = ast.NewNodeKind("TaskLabel")

// Kind tells goldmark what this node is.
func (*taskLabel) Kind() ast.NodeKind { return kindTaskLabel }

// Dump prints the node when a tree is looked at while debugging.
func (n *taskLabel) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// A groupName is the name of a group that the text calls.
type groupName struct{ ast.BaseInline }

var kindGroupName = ast.NewNodeKind("GroupName")

// Kind tells goldmark what this node is.
func (*groupName) Kind() ast.NodeKind { return kindGroupName }

// Dump prints the node when a tree is looked at while debugging.
func (n *groupName) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

func mentioned(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(`<span class="mention">`)
	} else {
		_, _ = w.WriteString("</span>")
	}
	return ast.WalkContinue, nil
}

func link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, _ = w.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Link)
	_, _ = w.WriteString(`<a href="`)
	_, _ = w.Write(util.EscapeHTML(n.Destination))
	_ = w.WriteByte('"')
	if n.Title != nil {
		_, _ = w.WriteString(` title="`)
		html.DefaultWriter.Write(w, n.Title)
		_ = w.WriteByte('"')
	}
	html.RenderAttributes(w, n, nil)
	_ = w.WriteByte('>')
	return ast.WalkContinue, nil
}

func code(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, _ = w.WriteString("</code></pre>\n")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<pre tabindex="0"><code`)
	if fenced, ok := node.(*ast.FencedCodeBlock); ok {
		if language := fenced.Language(source); language != nil {
			_, _ = w.WriteString(` class="language-`)
			html.DefaultWriter.Write(w, language)
			_ = w.WriteByte('"')
		}
	}
	_ = w.WriteByte('>')
	for i := range node.Lines().Len() {
		line := node.Lines().At(i)
		html.DefaultWriter.RawWrite(w, line.Value(source))
	}
	return ast.WalkContinue, nil
}

func table(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString("<div class=\"table\" tabindex=\"0\"><table>\n")
	} else {
		_, _ = w.WriteString("</table></div>\n")
	}
	return ast.WalkContinue, nil
}

func label(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString("<label>")
	} else {
		_, _ = w.WriteString("</label>")
	}
	return ast.WalkContinue, nil
}

func checkBox(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(`<input type="checkbox" disabled`)
		if node.(*east.TaskCheckBox).IsChecked {
			_, _ = w.WriteString(" checked")
		}
		_, _ = w.WriteString("> ")
	}
	return ast.WalkContinue, nil
}
