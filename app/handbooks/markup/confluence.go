package markup

import (
	"bytes"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// confluence is the content of a page of an HTML export of a Confluence space. Its title is without the name of the space.
func (w *work) confluence(tree *html.Node) *html.Node {
	if title := find(tree, byID("title-text")); title != nil {
		w.Title = words(title)
	} else if title := find(tree, byName("title")); title != nil {
		w.Title = words(title)
	}
	if _, own, ok := strings.Cut(w.Title, " : "); ok {
		w.Title = own
	}
	if meta := find(tree, byClass("page-metadata")); meta != nil {
		w.metadata(meta)
	}
	content := find(tree, byID("main-content"))
	if content == nil {
		return w.plain(tree)
	}
	body := elem("body", content)
	for _, heading := range all(tree, byClass("pageSectionTitle")) {
		section := heading.Parent.Parent
		switch attr(heading, "id") {
		case "attachments":
			w.attachments(section, body, strings.TrimSuffix(words(heading), ":"))
		case "comments":
			w.note("comments", "")
		case "labels":
			w.labels(section)
		}
	}
	return body
}

var dated = regexp.MustCompile(`(\p{L}+\.? \d{1,2}, \d{4})|(\d{1,2} \p{L}+\.? \d{4})|(\d{4}-\d{2}-\d{2})`)

// metadata reads who wrote a page and who changed it last. The one date that is said is that of the change, if there was one.
func (w *work) metadata(meta *html.Node) {
	if author := find(meta, byClass("author")); author != nil {
		w.Author = words(author)
	}
	at := Date(dated.FindString(words(meta)))
	editor := find(meta, byClass("editor"))
	if editor != nil {
		w.Editor = words(editor)
	}
	if w.Edited = at; editor == nil {
		w.Created = at
	}
}

func (w *work) labels(section *html.Node) {
	for _, label := range all(section, byName("a")) {
		w.Tags = append(w.Tags, words(label))
	}
}

// attachments lists the files of a page that its text does not name, and learns how all of them are called.
func (w *work) attachments(section, body *html.Node, title string) {
	named := map[string]bool{}
	for _, one := range all(body, byName("a", "img")) {
		for _, name := range []string{"href", "src", "data-image-src"} {
			named[withoutQuery(attr(one, name))] = true
		}
	}
	list := elem("ul")
	for _, link := range all(section, byName("a")) {
		address := withoutQuery(attr(link, "href"))
		if address == "" || words(link) == "" {
			continue
		}
		w.Names[address] = words(link)
		if !named[address] {
			list.AppendChild(elem("li", link))
		}
	}
	if list.FirstChild != nil {
		body.AppendChild(elem("h2", textNode(title)))
		body.AppendChild(list)
	}
}

func withoutQuery(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address
}

// boxes are the macros that stand out, by the end of their class, as the callouts that mean the same.
var boxes = map[string]string{"information": "NOTE", "tip": "TIP", "note": "WARNING", "warning": "CAUTION"}

// quiet are macros that show what they are about, so that nothing has to be said of them.
var quiet = map[string]bool{"toc": true, "code": true, "info": true, "note": true, "tip": true, "warning": true, "panel": true, "expand": true, "status": true, "noformat": true,
	"section": true, "column": true, "anchor": true, "excerpt": true, "details": true, "view-file": true, "attachments": true, "quote": true}

// confluenceElement rewrites what Confluence has of its own.
func (w *work) confluenceElement(n *html.Node) bool {
	if name := attr(n, "data-macro-name"); name != "" && !quiet[name] {
		w.note("macro", name)
	}
	switch {
	case classed(n, "toc-macro"), classed(n, "confluence-information-macro-icon"), classed(n, "expand-control-icon"), classed(n, "plugin_pagetree"):
		take(n)
	case classed(n, "confluence-information-macro"):
		w.macroBox(n)
	case classed(n, "panel"):
		w.panel(n)
	case classed(n, "expand-container"):
		w.expand(n, find(n, byClass("expand-control")))
	case classed(n, "status-macro"):
		replace(n, elem("strong", inside(n)...))
	case classed(n, "confluence-userlink"):
		replace(n, textNode("@"+strings.TrimPrefix(words(n), "@")))
	case classed(n, "emoticon"):
		replace(n, textNode(first(attr(n, "data-emoji-fallback"), attr(n, "alt"))))
	case is(n, "img"):
		if full := attr(n, "data-image-src"); full != "" {
			n.Attr = append([]html.Attribute{{Key: "src", Val: full}}, n.Attr...)
		}
		if address := attr(n, "src"); !strings.Contains(address, ":") {
			n.Attr = append([]html.Attribute{{Key: "src", Val: withoutQuery(address)}}, n.Attr...)
		}
		if alt := attr(n, "alt"); alt == "" {
			n.Attr = append(n.Attr, html.Attribute{Key: "alt", Val: attr(n, "data-linked-resource-default-alias")})
		}
		w.picture(n)
	case is(n, "li") && classed(n.Parent, "inline-task-list"):
		tick(n, classed(n, "checked"))
	default:
		return false
	}
	return true
}

func first(texts ...string) string {
	for _, one := range texts {
		if one != "" {
			return one
		}
	}
	return ""
}

// macroBox is an info, tip, note or warning.
func (w *work) macroBox(n *html.Node) {
	kind := "NOTE"
	for class := range strings.FieldsSeq(attr(n, "class")) {
		if known := boxes[strings.TrimPrefix(class, "confluence-information-macro-")]; known != "" {
			kind = known
		}
	}
	title := ""
	if named := find(n, byClass("title")); named != nil {
		title = words(named)
		take(named)
	}
	body := n
	if found := find(n, byClass("confluence-information-macro-body")); found != nil {
		body = found
	}
	replace(n, callout(kind, title, withoutBlanks(inside(body))...))
}

func withoutBlanks(nodes []*html.Node) (left []*html.Node) {
	for _, n := range nodes {
		if n.Type != html.TextNode || strings.TrimSpace(n.Data) != "" {
			left = append(left, n)
		}
	}
	return left
}

var brush = regexp.MustCompile(`brush:\s*([A-Za-z0-9+#.-]+)`)

// panel is a box with a head: of code, of what is shown as it was typed, or of anything.
func (w *work) panel(n *html.Node) {
	title := ""
	if head := find(n, byClass("panelHeader")); head != nil {
		title = words(head)
		take(head)
	}
	made := elem("div")
	if title != "" {
		made.AppendChild(elem("p", elem("strong", textNode(title))))
	}
	code := find(n, byName("pre"))
	if code != nil && (classed(n, "code") || classed(n, "preformatted")) {
		if language := brush.FindStringSubmatch(attr(code, "data-syntaxhighlighter-params")); language != nil {
			set(code, "class", "language-"+language[1])
		}
		made.AppendChild(elem("div", code))
		replace(n, made)
		return
	}
	replace(n, elem("blockquote", append(inside(made), withoutBlanks(inside(n))...)...))
}

// Entry is a page in the list with which an export of Confluence begins. Level counts from 0.
type Entry struct {
	Href  string
	Level int
}

// IsIndex tells whether a page is that list.
func IsIndex(content []byte) bool {
	return bytes.Contains(content, []byte("pageSectionTitle")) && !bytes.Contains(content, []byte("page-metadata"))
}

// Index reads that list, in its order.
func Index(content []byte) (entries []Entry) {
	decoded, _, err := decode(content)
	if err != nil {
		return nil
	}
	tree, err := parse(decoded)
	if err != nil {
		return nil
	}
	for _, section := range all(tree, byClass("pageSection")) {
		for _, list := range all(section, byName("ul")) {
			entries = listed(list, 0, entries)
		}
	}
	return entries
}

func listed(list *html.Node, level int, entries []Entry) []Entry {
	for _, item := range inside(list) {
		if !is(item, "li") {
			continue
		}
		for _, child := range inside(item) {
			switch {
			case is(child, "a") && attr(child, "href") != "":
				entries = append(entries, Entry{withoutQuery(attr(child, "href")), level})
			case is(child, "ul"):
				entries = listed(child, level+1, entries)
			}
		}
	}
	return entries
}
