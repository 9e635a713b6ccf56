package text

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"ruche/models"
	"ruche/views/i18n"
)

// A document is a parsed text on its way to HTML. One walk corrects the tree where our rules differ from CommonMark's and collects the
// facts on the way.
type document struct {
	source   []byte
	kind     Kind
	known    Known
	root     ast.Node
	levels   []int          // levels of the headings that enclose the place reached
	ids      map[string]int // how often a heading id was used
	mentions []int64
	groups   []int64
	files    []int64
	headings []models.Heading // of a Body
	callouts []*callout
	code     []*ast.FencedCodeBlock
	tasks    []int // where the boxes of tasks stand, "[ ]"
	address  int   // bytes of addresses so far
}

// prepare walks the tree and reports whether the text keeps the limits.
func (d *document) prepare() bool {
	d.ids = map[string]int{}
	if !d.visit(d.root, 0) {
		return false
	}
	d.nameCallouts()
	return true
}

// visit goes to the children first, because a node may replace itself.
func (d *document) visit(n ast.Node, depth int) bool {
	if depth > maxDepth {
		return false
	}
	called := d.calloutKind(n)
	if called == hintKind {
		n.Parent().RemoveChild(n.Parent(), n)
		return true
	}
	for child := n.FirstChild(); child != nil; {
		next := child.NextSibling()
		if !d.visit(child, depth+1) {
			return false
		}
		child = next
	}
	switch n := n.(type) {
	case *ast.Heading:
		d.heading(n)
	case *ast.Link:
		d.link(n)
	case *ast.Image:
		d.image(n)
	case *ast.AutoLink:
		d.autoLink(n)
	case *ast.Blockquote:
		if called != "" {
			d.call(n, called)
		} else {
			d.quote(n)
		}
	case *east.TaskCheckBox:
		d.task(n)
	case *ast.FencedCodeBlock:
		if n.Language(d.source) != nil {
			d.code = append(d.code, n)
		}
	case *east.TableCell:
		align(n)
	}
	return d.address <= maxAddresses
}

// heading gives headings the levels of an outline without gaps, below the headings of the page, whatever number of # was typed.
func (d *document) heading(n *ast.Heading) {
	for len(d.levels) > 0 && d.levels[len(d.levels)-1] >= n.Level {
		d.levels = d.levels[:len(d.levels)-1]
	}
	d.levels = append(d.levels, n.Level)
	top := 1
	if d.kind == Comment {
		top = 2
	}
	n.Level = min(top+len(d.levels), 6)
	if d.kind == Body {
		id := d.headingID(n)
		n.SetAttributeString("id", []byte(id))
		d.headings = append(d.headings, models.Heading{ID: id, Level: n.Level, Words: oneLine(d.words(n))})
	}
}

// headingID makes an id that no part of the page itself can have: those do not start with "h-".
func (d *document) headingID(n *ast.Heading) string {
	id := "h-" + models.Slug(d.words(n))
	d.ids[id]++
	if id == "h-" || d.ids[id] > 1 {
		id = fmt.Sprintf("%s-%d", strings.TrimSuffix(id, "-"), d.ids[id])
		d.ids[id]++
	}
	return id
}

func (d *document) link(n *ast.Link) {
	href, external, ok := address(util.URLEscape(n.Destination, true))
	if !ok {
		unwrap(n)
		return
	}
	d.address += len(href)
	n.Destination = []byte(href)
	if external {
		markExternal(n)
	}
	if id, ok := idIn(filePath, href); ok {
		d.attachment(n, id)
	}
	if !strings.HasPrefix(d.words(n), "@") {
		return
	}
	if id, ok := idIn(personPath, href); ok {
		n.SetAttributeString("class", []byte("mention"))
		d.mentions = d.named(d.mentions, id)
	} else if id, ok := idIn(groupPath, href); ok {
		d.groups = d.named(d.groups, id)
		d.nameGroup(n)
	}
}

// named adds one who is named, until there are too many.
func (d *document) named(ids []int64, id int64) []int64 {
	if len(d.mentions)+len(d.groups) > MaxNamed || slices.Contains(ids, id) {
		return ids
	}
	return append(ids, id)
}

// nameGroup leaves the name of a group without a link: who is in it is shown to those who look after people, and to few readers.
func (d *document) nameGroup(n *ast.Link) {
	name := &groupName{}
	name.AppendChild(name, plainNode([]byte(d.words(n))))
	n.Parent().ReplaceChild(n.Parent(), n, name)
}

// quote gives a quote that opens with a link to the post it is from, as in "> [Zoé](/posts/34):", a head: that line on its own.
func (d *document) quote(n *ast.Blockquote) {
	first := n.FirstChild()
	if first == nil || first.Kind() != ast.KindParagraph {
		return
	}
	from, ok := first.FirstChild().(*ast.Link)
	if !ok {
		return
	}
	colon, ok := from.NextSibling().(*ast.Text)
	if _, post := idIn(postPath, string(from.Destination)); !post || !ok || strings.TrimSpace(string(literal(colon, d.source))) != ":" ||
		!colon.SoftLineBreak() && colon.NextSibling() != nil {
		return
	}
	head := ast.NewParagraph()
	head.AppendChild(head, from)
	head.SetAttributeString("class", []byte("quoted-head"))
	first.RemoveChild(first, colon)
	n.InsertBefore(n, first, head)
	if !first.HasChildren() {
		n.RemoveChild(n, first)
	}
	n.SetAttributeString("class", []byte("quoted"))
}

func (d *document) autoLink(n *ast.AutoLink) {
	if n.AutoLinkType == ast.AutoLinkEmail {
		return
	}
	url := n.URL(d.source)
	if n.Protocol != nil { // not written, but supplied for "www.…": address knows better
		url = n.Label(d.source)
	}
	href, external, ok := address(util.URLEscape(url, false))
	d.address += len(href)
	link := ast.NewLink()
	link.Destination = []byte(href)
	link.AppendChild(link, plainNode(n.Label(d.source)))
	n.Parent().ReplaceChild(n.Parent(), n, link)
	if !ok {
		unwrap(link)
	} else if external {
		markExternal(link)
	}
}

// image keeps the pictures that were uploaded here. One from elsewhere becomes a link: showing it would tell its owner who reads what.
func (d *document) image(n *ast.Image) {
	id, ok := idIn(filePath, string(n.Destination))
	if !ok {
		d.pictureElsewhere(n)
		return
	}
	d.file(id)
	src := "/files/" + strconv.FormatInt(id, 10)
	n.Destination = []byte(src)
	n.SetAttributeString("loading", []byte("lazy"))
	n.SetAttributeString("decoding", []byte("async"))
	if file := d.facts(id); file != nil && file.Picture() {
		n.SetAttributeString("width", []byte(strconv.Itoa(file.Width)))
		n.SetAttributeString("height", []byte(strconv.Itoa(file.Height)))
		if file.Width > smallWidth {
			n.SetAttributeString("srcset", fmt.Appendf(nil, "%s?w=%d %dw, %s %dw", src, smallWidth, smallWidth, src, file.Width))
			n.SetAttributeString("sizes", []byte(columnWidth))
		}
	}
}

// attachment marks a link to a file that was uploaded here, with its format and size, of which the style sheet makes a card. Each reader
// sees the size in the language of their pages.
func (d *document) attachment(n *ast.Link, id int64) {
	d.file(id)
	file := d.facts(id)
	if file == nil || file.Picture() {
		return
	}
	n.Destination = []byte("/files/" + strconv.FormatInt(id, 10))
	n.SetAttributeString("class", []byte("attachment"))
	n.SetAttributeString("download", []byte(""))
	n.SetAttributeString("data-type", []byte(file.Type()))
	for _, lang := range i18n.Languages {
		n.SetAttributeString("data-"+lang, []byte(i18n.For(lang).FileSize(file.Size)))
	}
}

func (d *document) file(id int64) {
	if !slices.Contains(d.files, id) {
		d.files = append(d.files, id)
	}
}

func (d *document) facts(id int64) *models.File {
	if d.known == nil {
		return nil
	}
	return d.known(id)
}

const (
	smallWidth  = 800                               // the variant that the file store keeps for phones
	columnWidth = "(min-width: 48rem) 44rem, 100vw" // how wide the reading column is
)

func (d *document) pictureElsewhere(n *ast.Image) {
	label := d.words(n)
	if strings.TrimSpace(label) == "" {
		label = string(n.Destination)
	}
	link := ast.NewLink()
	link.Destination, link.Title = n.Destination, n.Title
	link.AppendChild(link, plainNode([]byte(label)))
	n.Parent().ReplaceChild(n.Parent(), n, link)
	for p := link.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindLink { // a link cannot stand in a link; the outer one goes where the author wanted
			unwrap(link)
			return
		}
	}
	d.link(link)
}

// task puts the words of a task into the label of its box, so that a screen reader says what is done or not.
func (d *document) task(n *east.TaskCheckBox) {
	line := n.Parent()
	d.tasks = append(d.tasks, line.Lines().At(0).Start)
	label := &taskLabel{}
	for child := line.FirstChild(); child != nil; child = line.FirstChild() {
		label.AppendChild(label, child)
	}
	line.AppendChild(line, label)
	if item := line.Parent(); item != nil && item.Kind() == ast.KindListItem {
		item.SetAttributeString("class", []byte("task"))
	}
}

// align says it with a class; the style attribute that goldmark would write is against the content security policy.
func align(n *east.TableCell) {
	if n.Alignment != east.AlignNone {
		n.SetAttributeString("class", []byte("align-"+n.Alignment.String()))
		n.Alignment = east.AlignNone
	}
}

// words returns the text inside a node.
func (d *document) words(n ast.Node) string {
	var b strings.Builder
	d.writeWords(&b, n)
	return b.String()
}

func unwrap(n ast.Node) {
	parent := n.Parent()
	for child := n.FirstChild(); child != nil; child = n.FirstChild() {
		parent.InsertBefore(parent, n, child)
	}
	parent.RemoveChild(parent, n)
}

func plainNode(words []byte) ast.Node {
	node := ast.NewString(words)
	node.SetRaw(true)
	return node
}

var (
	personPath = regexp.MustCompile(`^/people/([1-9][0-9]{0,17})$`)
	groupPath  = regexp.MustCompile(`^/groups/([1-9][0-9]{0,17})$`)
	postPath   = regexp.MustCompile(`^/posts/([1-9][0-9]{0,17})$`)
	filePath   = regexp.MustCompile(`^/files/([1-9][0-9]{0,17})(?:\?w=[0-9]+)?$`)
)

func idIn(path *regexp.Regexp, s string) (int64, bool) {
	match := path.FindStringSubmatch(s)
	if match == nil {
		return 0, false
	}
	id, err := strconv.ParseInt(match[1], 10, 64)
	return id, err == nil
}
