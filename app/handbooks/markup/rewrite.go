package markup

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// rewrite makes a tree one that Markdown has signs for, from the innermost elements outwards.
func (w *work) rewrite(n *html.Node) {
	for _, child := range inside(n) {
		if child.Type == html.ElementNode {
			w.rewrite(child)
		} else if child.Type != html.TextNode {
			take(child)
		}
	}
	if n.Type != html.ElementNode || n.Parent == nil {
		return
	}
	if w.dialect == Confluence && w.confluenceElement(n) || w.dialect == Notion && w.notionElement(n) {
		return
	}
	w.element(n)
}

// element is rewrite for what every dialect has.
func (w *work) element(n *html.Node) {
	switch n.Data {
	case "a":
		w.link(n)
	case "img":
		w.picture(n)
	case "iframe", "embed", "video", "audio":
		w.player(n)
	case "h1", "h2", "h3", "h4", "h5", "h6":
		w.heading(n)
	case "input":
		w.box(n)
	case "details":
		w.expand(n, find(n, byName("summary")))
	case "dt":
		replace(n, elem("p", elem("strong", inside(n)...)))
	case "math":
		replace(n, elem("code", textNode(formula(n))))
	case "table":
		w.table(n)
	case "summary":
		if !is(n.Parent, "details") {
			n.Data, n.DataAtom = "div", 0
		}
	case "font", "u", "ins", "small", "mark", "sup", "sub", "abbr", "time", "form", "label", "fieldset", "dd", "dl", "center":
		if blocks[n.Data] {
			n.Data, n.DataAtom = "div", 0
		} else {
			unwrap(n)
		}
	}
}

// addressed is an address that a text may name, as Markdown has it; ok is false for what runs, lies on somebody's disk or cannot be read.
func addressed(raw string) (address string, ok bool) {
	raw = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, raw))
	if at := strings.IndexByte(raw, ':'); at >= 0 && !strings.ContainsAny(raw[:at], "/?#") {
		switch strings.ToLower(raw[:at]) {
		case "http", "https", "mailto", "tel":
		default:
			return "", false
		}
	}
	return markdownAddress.Replace(raw), raw != "" && raw != "#"
}

var markdownAddress = strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "[", "%5B", "]", "%5D", "\\", "%5C", "`", "%60")

// set leaves an element with one attribute alone.
func set(n *html.Node, name, value string) { n.Attr = []html.Attribute{{Key: name, Val: value}} }

// link leaves the words of a link that leads nowhere, and those alone within one.
func (w *work) link(n *html.Node) {
	address, ok := addressed(attr(n, "href"))
	if id := attr(n, "id") + attr(n, "name"); id != "" && strings.TrimSpace(words(n)) == "" {
		w.place(n, id)
	}
	if !ok || n.FirstChild == nil {
		unwrap(n)
		return
	}
	if picture := find(n, byName("img")); picture != nil && words(n) == "" {
		unwrap(n) // a picture can be opened by itself
		return
	}
	set(n, "href", address)
	if find(n, func(in *html.Node) bool { return blocks[in.Data] }) != nil { // a card; a link is a piece of a line
		label := words(n)
		for _, child := range inside(n) {
			take(child)
		}
		n.AppendChild(textNode(label))
	}
}

// place notes the heading that follows a place which has a name.
func (w *work) place(n *html.Node, id string) {
	for at := n; at != nil && !is(at, "body"); at = at.Parent {
		if len(at.Data) == 2 && at.Data[0] == 'h' {
			w.anchor(id, words(at))
			return
		}
		if next := nextElement(at); is(next, "h1", "h2", "h3", "h4", "h5", "h6") {
			w.anchor(id, words(next))
			return
		}
	}
}

func nextElement(n *html.Node) *html.Node {
	for next := n.NextSibling; next != nil; next = next.NextSibling {
		if next.Type == html.ElementNode {
			return next
		}
		if strings.TrimSpace(next.Data) != "" {
			return nil
		}
	}
	return nil
}

func (w *work) anchor(id, heading string) {
	if heading != "" && w.Anchors[id] == "" {
		w.Anchors[id] = heading
	}
}

// heading is one line of plain words and what is linked in it.
func (w *work) heading(n *html.Node) {
	label := words(n)
	if label == "" {
		unwrap(n)
		return
	}
	if id := attr(n, "id"); id != "" {
		w.anchor(id, label)
	}
	for _, bold := range all(n, byName("strong", "b")) {
		unwrap(bold)
	}
	flatten(n, " ")
}

// picture is shown if it lies beside the page or in it. One that lies elsewhere becomes a link to there.
func (w *work) picture(n *html.Node) {
	source, alt := attr(n, "src"), strings.Join(strings.Fields(attr(n, "alt")), " ")
	if rest, ok := strings.CutPrefix(strings.TrimSpace(source), "data:"); ok {
		name, ok := w.embed(rest)
		if !ok {
			w.note("picture_lost", "")
			replace(n, textNode(alt))
			return
		}
		source = name
	}
	address, ok := addressed(source)
	switch {
	case !ok:
		replace(n, textNode(alt))
	case strings.HasPrefix(address, "//"), strings.HasPrefix(address, "http:"), strings.HasPrefix(address, "https:"):
		if alt == "" {
			alt = path.Base(strings.SplitN(address, "?", 2)[0])
		}
		w.note("picture_elsewhere", address)
		link := elem("a", textNode(alt))
		set(link, "href", address)
		replace(n, link)
	default:
		n.Attr = []html.Attribute{{Key: "src", Val: address}, {Key: "alt", Val: alt}}
	}
}

// kinds are the pictures that a page may hold in itself, with how their files end.
var kinds = map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}

// embed takes a picture out of the page that it is written in.
func (w *work) embed(written string) (name string, ok bool) {
	head, data, ok := strings.Cut(written, ",")
	kind, parameters, _ := strings.Cut(head, ";")
	ending := kinds[strings.ToLower(strings.TrimSpace(kind))]
	if !ok || ending == "" || !strings.HasSuffix(strings.ToLower(parameters), "base64") || len(w.Embedded) >= mostEmbedded {
		return "", false
	}
	if plain, err := url.PathUnescape(data); err == nil {
		data = plain
	}
	data = strings.TrimRight(strings.Join(strings.Fields(data), ""), "=")
	content, err := base64.RawStdEncoding.DecodeString(data)
	if err != nil || len(content) == 0 {
		return "", false
	}
	name = w.pictures + "-" + strconv.Itoa(len(w.Embedded)+1) + ending
	w.Embedded = append(w.Embedded, Embedded{name, content})
	return name, true
}

// player is a link to what was played or shown in a frame.
func (w *work) player(n *html.Node) {
	source := attr(n, "src")
	if from := find(n, byName("source")); source == "" && from != nil {
		source = attr(from, "src")
	}
	address, ok := addressed(source)
	if !ok {
		w.note("frame", n.Data)
		take(n)
		return
	}
	label := strings.TrimSpace(attr(n, "title"))
	if label == "" {
		label = source
	}
	link := elem("a", textNode(label))
	set(link, "href", address)
	replace(n, elem("p", link))
}

// box is the box of a task; every other field is left out.
func (w *work) box(n *html.Node) {
	item := n.Parent
	for item != nil && !is(item, "li") {
		item = item.Parent
	}
	if attr(n, "type") != "checkbox" || item == nil {
		take(n)
		return
	}
	tick(item, has(n, "checked"))
	take(n)
}

// tick makes an item of a list a task.
func tick(item *html.Node, done bool) {
	sign := "[ ] "
	if done {
		sign = "[x] "
	}
	at := item
	for is(at.FirstChild, "p", "label", "div") {
		at = at.FirstChild
	}
	at.InsertBefore(raw(sign), at.FirstChild)
}

// expand is what can be opened and closed: it stays open under its name, which is bold.
func (w *work) expand(n, name *html.Node) {
	made := elem("div")
	if label := words(name); label != "" {
		made.AppendChild(elem("p", elem("strong", textNode(label))))
	}
	if name != nil {
		take(name)
	}
	for _, child := range inside(n) {
		take(child)
		made.AppendChild(child)
	}
	replace(n, made)
}

// callout is a box that stands out: kind is NOTE, TIP, IMPORTANT, WARNING or CAUTION.
func callout(kind, title string, body ...*html.Node) *html.Node {
	box := elem("blockquote")
	lead := elem("p", raw("[!"+kind+"]\n"))
	if title = strings.Join(strings.Fields(title), " "); title != "" {
		lead.AppendChild(elem("strong", textNode(title)))
	} else if len(body) > 0 && is(body[0], "p") {
		for _, child := range inside(body[0]) {
			take(child)
			lead.AppendChild(child)
		}
		take(body[0])
		body = body[1:]
	}
	box.AppendChild(lead)
	for _, one := range body {
		take(one)
		box.AppendChild(one)
	}
	return box
}

// formula is the source of a formula if the page has it, and otherwise its signs.
func formula(n *html.Node) string {
	if source := find(n, byName("annotation")); source != nil {
		return words(source)
	}
	return words(n)
}

// Bounds of a table: columns, and cells that one cell stands for.
const (
	mostColumns = 100
	mostSpan    = 20
)

// table makes the cells of a table lines. One that only arranges a page, or is wider than tables are, gives its content free.
func (w *work) table(n *html.Node) {
	rows := all(n, byName("tr"))
	columns, layout := 0, attr(n, "role") == "presentation" || find(n, func(in *html.Node) bool { return in != n && is(in, "table") }) != nil
	for _, row := range rows {
		cells := 0
		for _, cell := range all(row, byName("td", "th")) {
			span, _ := strconv.Atoi(attr(cell, "colspan"))
			cells += max(1, min(span, mostSpan))
		}
		columns = max(columns, cells)
	}
	if layout || columns > mostColumns || len(rows) == 1 && columns == 1 {
		w.free(n)
		return
	}
	for _, cell := range all(n, byName("td", "th")) {
		span(cell, "colspan")
		span(cell, "rowspan")
		if flatten(cell, " · ") {
			w.note("cells", "")
		}
	}
}

func span(cell *html.Node, name string) {
	for i := range cell.Attr {
		if cell.Attr[i].Key == name {
			number, _ := strconv.Atoi(cell.Attr[i].Val)
			cell.Attr[i].Val = fmt.Sprint(max(1, min(number, mostSpan)))
		}
	}
}

// free makes the parts of a table blocks that follow each other.
func (w *work) free(n *html.Node) {
	for _, part := range append(all(n, byName("td", "th", "caption")), all(n, byName("tr"))...) {
		part.Data, part.DataAtom, part.Attr = "div", 0, nil
	}
	for _, part := range all(n, byName("thead", "tbody", "tfoot", "colgroup")) {
		unwrap(part)
	}
	n.Data, n.DataAtom, n.Attr = "div", 0, nil
}

// flatten puts all that an element holds into one line, and tells whether there were several.
func flatten(n *html.Node, between string) (several bool) {
	var line []*html.Node
	broken := false
	var walk func(*html.Node)
	walk = func(at *html.Node) {
		for _, child := range inside(at) {
			switch {
			case is(child, "br"), is(child, "hr"):
				broken = true
			case is(child, "pre"):
				broken = true
				line, several = joined(line, broken, several, between)
				line, broken = append(line, elem("code", textNode(words(child)))), true
			case blocks[child.Data] && child.Type == html.ElementNode || is(child, "tr", "td", "th", "tbody", "thead", "table", "blockquote"):
				broken = true
				walk(child)
				broken = true
			case child.Type == html.TextNode && strings.TrimSpace(child.Data) == "":
				if len(line) > 0 && !broken {
					line = append(line, child)
				}
			default:
				line, several = joined(line, broken, several, between)
				line, broken = append(line, child), false
				for _, end := range all(child, byName("br")) {
					replace(end, textNode(" "))
				}
			}
		}
	}
	walk(n)
	for _, child := range inside(n) {
		take(child)
	}
	for _, child := range line {
		take(child)
		n.AppendChild(child)
	}
	return several
}

// joined is a line of which another piece begins.
func joined(line []*html.Node, broken, several bool, between string) ([]*html.Node, bool) {
	if !broken || len(line) == 0 {
		return line, several
	}
	return append(line, textNode(between)), true
}
