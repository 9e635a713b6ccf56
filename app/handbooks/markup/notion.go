package markup

import (
	"strings"

	"golang.org/x/net/html"
)

// notion is the content of a page of an HTML export of a Notion workspace.
func (w *work) notion(tree *html.Node) *html.Node {
	w.head(tree)
	if title := find(tree, byClass("page-title")); title != nil {
		w.Title = first(words(title), w.Title)
	}
	page := find(tree, byName("article"))
	if page == nil {
		return w.plain(tree)
	}
	body := elem("body")
	if about := find(page, byClass("page-description")); about != nil && words(about) != "" {
		body.AppendChild(elem("p", inside(about)...))
	}
	if properties := find(page, byClass("properties")); properties != nil {
		if list := w.properties(properties); list.FirstChild != nil {
			body.AppendChild(list)
		}
	}
	if head := find(page, byName("header")); head != nil {
		take(head)
	}
	for _, child := range inside(page) {
		take(child)
		body.AppendChild(child)
	}
	return body
}

// properties are the fields of a page of a database: those that an article has become that, the others a list.
func (w *work) properties(table *html.Node) *html.Node {
	list := elem("ul")
	for _, row := range all(table, byClass("property-row")) {
		name, value := find(row, byName("th")), find(row, byName("td"))
		if icon := find(row, byClass("property-icon")); icon != nil {
			take(icon)
		}
		said := ""
		if value != nil {
			said = words(value)
		}
		switch {
		case name == nil || said == "":
		case classed(row, "property-row-created_time"):
			w.Created = Date(said)
		case classed(row, "property-row-last_edited_time"):
			w.Edited = Date(said)
		case classed(row, "property-row-created_by"):
			w.Author = said
		case classed(row, "property-row-last_edited_by"):
			w.Editor = said
		case classed(row, "property-row-multi_select") && strings.EqualFold(words(name), "tags"):
			for _, tag := range all(value, byClass("selected-value")) {
				w.Tags = append(w.Tags, words(tag))
			}
		default:
			list.AppendChild(elem("li", append([]*html.Node{elem("strong", textNode(words(name)+":")), textNode(" ")}, inside(value)...)...))
		}
	}
	return list
}

// notionElement rewrites what Notion has of its own.
func (w *work) notionElement(n *html.Node) bool {
	switch {
	case classed(n, "table_of_contents"), classed(n, "property-icon"), classed(n, "katex-html"):
		take(n)
	case classed(n, "callout"):
		w.notionCallout(n)
	case classed(n, "checkbox"):
		if item := n.Parent; is(item, "li") {
			take(n)
			tick(item, classed(n, "checkbox-on"))
		}
	case is(n, "ul") && classed(n, "toggle"):
		for _, item := range inside(n) { // what opens and closes is no list
			if is(item, "li") {
				unwrap(item)
			}
		}
		n.Data, n.DataAtom = "div", 0
	case is(n, "ul", "ol") && is(lastElement(n), n.Data) && attr(lastElement(n), "class") == attr(n, "class"):
		before := lastElement(n) // each item is a list of its own there
		for _, item := range inside(n) {
			take(item)
			before.AppendChild(item)
		}
		take(n)
	case is(n, "figure") && classed(n, "equation"):
		replace(n, elem("pre", elem("code", textNode(words(n)))))
	case is(n, "span") && classed(n, "icon") && is(n.Parent, "a"):
		replace(n, append(inside(n), textNode(" "))...)
	case classed(n, "selected-value") && is(n.Parent, "td"):
		if before := n.PrevSibling; is(before, "span") || before != nil && before.Data == ", " {
			n.Parent.InsertBefore(textNode(", "), n)
		}
		return false
	case classed(n, "bookmark") && is(n, "a"):
		if title := find(n, byClass("bookmark-title")); title != nil && words(title) != "" {
			label := words(title)
			for _, child := range inside(n) {
				take(child)
			}
			n.AppendChild(textNode(label))
		}
		w.link(n)
	case is(n, "details"):
		w.expand(n, find(n, byName("summary")))
	default:
		return false
	}
	return true
}

// lastElement is the element before another one, nil if words stand between.
func lastElement(n *html.Node) *html.Node {
	for before := n.PrevSibling; before != nil; before = before.PrevSibling {
		if before.Type == html.ElementNode {
			return before
		}
		if strings.TrimSpace(before.Data) != "" {
			return nil
		}
	}
	return nil
}

// signs are those with which callouts of Notion begin, as the callouts that mean the same.
var signs = map[string]string{"⚠": "WARNING", "🚨": "CAUTION", "🛑": "CAUTION", "⛔": "CAUTION", "🔥": "CAUTION", "❗": "IMPORTANT", "📌": "IMPORTANT", "💡": "TIP", "✅": "TIP"}

// CalloutOf is the kind of a callout that begins with a sign.
func CalloutOf(sign string) string {
	for known, kind := range signs {
		if strings.HasPrefix(strings.TrimSpace(sign), known) {
			return kind
		}
	}
	return "NOTE"
}

func (w *work) notionCallout(n *html.Node) {
	kind := "NOTE"
	if icon := find(n, byClass("icon")); icon != nil {
		kind = CalloutOf(words(icon))
		at := icon
		for at.Parent != n && at.Parent != nil {
			at = at.Parent
		}
		take(at)
	}
	var body []*html.Node
	for _, child := range withoutBlanks(inside(n)) {
		if is(child, "div") {
			body = append(body, withoutBlanks(inside(child))...)
		} else {
			body = append(body, child)
		}
	}
	if len(body) > 0 && !blocks[body[0].Data] { // words that stand in no paragraph
		lead := elem("p")
		for len(body) > 0 && (body[0].Type == html.TextNode || !blocks[body[0].Data]) {
			take(body[0])
			lead.AppendChild(body[0])
			body = body[1:]
		}
		body = append([]*html.Node{lead}, body...)
	}
	replace(n, callout(kind, "", body...))
}
