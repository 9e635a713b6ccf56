package markup

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The tree of a page is built here rather than by html.Parse: the rules of browsers repeat every open <b> in every paragraph that
// follows, so that a page of some megabytes can take many gigabytes, and refuse what is nested more than 512 deep. Here the work grows
// with the page, whatever it holds, and no word is lost. The pages that programs export are well-formed; both ways agree on those.

// Bounds of one page: how deep its elements lie in each other, and its elements. What lies deeper keeps its words alone.
const (
	mostDeep  = 100
	mostNodes = 200_000
	mostBack  = 500 // open elements that the end of one may close
)

// ErrComplex is a page of more elements than one is read with.
var ErrComplex = errors.New("more elements than a page is read with")

// open is an element that has begun; one that lies too deep has the node of the last that did not.
type open struct {
	name string
	node *html.Node
}

type builder struct {
	root   *html.Node
	stack  []open
	nodes  int
	silent string // the element that is left out with all that is in it
	depth  int    // of that element in itself
}

// void are elements that hold nothing.
var void = map[string]bool{"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true, "meta": true,
	"param": true, "source": true, "track": true, "wbr": true}

// unheard are elements that are left out with all that is in them: what runs, what is looked at and not read, what is filled in.
var unheard = map[string]bool{"script": true, "style": true, "template": true, "noscript": true, "svg": true, "canvas": true, "object": true, "select": true, "textarea": true,
	"button": true, "applet": true, "frameset": true, "noframes": true, "datalist": true}

// ends are the elements that the beginning of another one ends, as far as none of those lies between that the list after them names.
var ends = map[string]struct{ names, within []string }{
	"li": {[]string{"li"}, []string{"ul", "ol"}}, "dt": {[]string{"dt", "dd"}, []string{"dl"}}, "dd": {[]string{"dt", "dd"}, []string{"dl"}},
	"tr": {[]string{"tr"}, []string{"table"}}, "td": {[]string{"td", "th"}, []string{"tr", "table"}}, "th": {[]string{"td", "th"}, []string{"tr", "table"}},
	"tbody": {[]string{"thead", "tbody", "tfoot"}, []string{"table"}}, "tfoot": {[]string{"thead", "tbody"}, []string{"table"}},
}

// blocks end a paragraph that is open.
var blocks = map[string]bool{"p": true, "div": true, "ul": true, "ol": true, "dl": true, "table": true, "pre": true, "blockquote": true, "h1": true, "h2": true, "h3": true,
	"h4": true, "h5": true, "h6": true, "hr": true, "section": true, "article": true, "aside": true, "header": true, "footer": true, "main": true, "nav": true,
	"figure": true, "details": true, "form": true, "address": true, "fieldset": true, "li": true, "dt": true, "dd": true, "figcaption": true, "summary": true}

// parse is the tree of a page.
func parse(page []byte) (*html.Node, error) {
	b := &builder{root: &html.Node{Type: html.DocumentNode}}
	tokens := html.NewTokenizer(bytes.NewReader(page))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			if err := tokens.Err(); !errors.Is(err, io.EOF) {
				return nil, err
			}
			return b.root, nil
		}
		token := tokens.Token()
		switch kind {
		case html.TextToken:
			if b.silent == "" {
				b.add(&html.Node{Type: html.TextNode, Data: token.Data})
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			b.begin(token)
		case html.EndTagToken:
			b.end(token.Data)
		}
		if b.nodes > mostNodes {
			return nil, ErrComplex
		}
	}
}

func (b *builder) top() *html.Node {
	if len(b.stack) == 0 {
		return b.root
	}
	return b.stack[len(b.stack)-1].node
}

func (b *builder) add(node *html.Node) {
	b.nodes++
	b.top().AppendChild(node)
}

func (b *builder) begin(token html.Token) {
	if b.silent != "" {
		if token.Data == b.silent && token.Type == html.StartTagToken {
			b.depth++
		}
		return
	}
	if unheard[token.Data] {
		if token.Type == html.StartTagToken {
			b.silent, b.depth = token.Data, 1
		}
		return
	}
	if blocks[token.Data] {
		b.close([]string{"p"}, []string{"td", "th", "table", "li", "div", "blockquote", "figure", "details"})
	}
	if ended, ok := ends[token.Data]; ok {
		b.close(ended.names, ended.within)
	}
	node := &html.Node{Type: html.ElementNode, Data: token.Data, DataAtom: atom.Lookup([]byte(token.Data)), Attr: token.Attr}
	switch {
	case void[token.Data]:
		b.add(node)
	case len(b.stack) >= mostDeep:
		b.stack = append(b.stack, open{token.Data, b.top()})
	default:
		b.add(node)
		b.stack = append(b.stack, open{token.Data, node})
	}
}

func (b *builder) end(name string) {
	if b.silent != "" {
		if name == b.silent {
			if b.depth--; b.depth == 0 {
				b.silent = ""
			}
		}
		return
	}
	var within []string
	switch name {
	case "td", "th", "tr", "tbody", "thead", "tfoot":
		within = []string{"table"}
	case "table":
	default:
		within = []string{"td", "th", "table"}
	}
	b.close([]string{name}, within)
}

// close ends the last open element of one of some names, and all in it, unless one of others lies between.
func (b *builder) close(names, within []string) {
	for at := len(b.stack) - 1; at >= max(0, len(b.stack)-mostBack); at-- {
		if slices.Contains(names, b.stack[at].name) {
			b.stack = b.stack[:at]
			return
		}
		if slices.Contains(within, b.stack[at].name) {
			return
		}
	}
}

// attr is an attribute of an element, empty if it has none of that name.
func attr(n *html.Node, name string) string {
	for _, one := range n.Attr {
		if one.Key == name {
			return one.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// is tells whether a node is an element of one of some names.
func is(n *html.Node, names ...string) bool {
	return n != nil && n.Type == html.ElementNode && slices.Contains(names, n.Data)
}

// classed tells whether an element has a class.
func classed(n *html.Node, class string) bool {
	return n != nil && n.Type == html.ElementNode && slices.Contains(strings.Fields(attr(n, "class")), class)
}

// find is the first element in a tree, itself included, that a test finds right, nil if none is.
func find(n *html.Node, right func(*html.Node) bool) *html.Node {
	if n.Type == html.ElementNode && right(n) {
		return n
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if found := find(child, right); found != nil {
			return found
		}
	}
	return nil
}

// all are the elements in a tree that a test finds right, but not those in such ones.
func all(n *html.Node, right func(*html.Node) bool) (found []*html.Node) {
	if n.Type == html.ElementNode && right(n) {
		return []*html.Node{n}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		found = append(found, all(child, right)...)
	}
	return found
}

func byID(id string) func(*html.Node) bool {
	return func(n *html.Node) bool { return attr(n, "id") == id }
}

func byClass(class string) func(*html.Node) bool {
	return func(n *html.Node) bool { return classed(n, class) }
}

func byName(names ...string) func(*html.Node) bool {
	return func(n *html.Node) bool { return is(n, names...) }
}

// words are what is to be read in a tree, on one line.
func words(n *html.Node) string {
	if n == nil {
		return ""
	}
	var out strings.Builder
	spell(n, &out)
	return strings.Join(strings.Fields(out.String()), " ")
}

func spell(n *html.Node, out *strings.Builder) {
	if n.Type == html.TextNode {
		out.WriteString(n.Data)
	}
	if is(n, "br", "p", "div", "li", "td", "th") {
		out.WriteByte(' ')
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		spell(child, out)
	}
}

// elem is a new element with what it holds, which is taken from where it is.
func elem(name string, children ...*html.Node) *html.Node {
	made := &html.Node{Type: html.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name))}
	for _, child := range children {
		take(child)
		made.AppendChild(child)
	}
	return made
}

func textNode(words string) *html.Node { return &html.Node{Type: html.TextNode, Data: words} }

// take takes a node from where it is.
func take(n *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}

// replace puts others in the place of a node.
func replace(n *html.Node, with ...*html.Node) {
	for _, one := range with {
		take(one)
		n.Parent.InsertBefore(one, n)
	}
	take(n)
}

// unwrap leaves what is in an element in its place.
func unwrap(n *html.Node) { replace(n, inside(n)...) }

// inside are the children of a node.
func inside(n *html.Node) (children []*html.Node) {
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		children = append(children, child)
	}
	return children
}
