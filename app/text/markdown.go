package text

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"ruche/models"
)

// A Kind says where a text stands, which decides its headings.
type Kind int

const (
	// Body is the one main text of a page: its headings start at level 2 and can be linked to.
	Body Kind = iota
	// Comment is one of many texts on a page: its headings start at level 3 and carry no ids, which would clash.
	Comment
)

// Known tells what a file is by its id, nil where the writer may not see it. A page that knows how large pictures are does not jump while
// loading, and shows what a link to another file leads to.
type Known func(fileID int64) *models.File

// Knowing knows some files.
func Knowing(files []models.File) Known {
	return func(id int64) *models.File {
		if at := slices.IndexFunc(files, func(f models.File) bool { return f.ID == id }); at >= 0 {
			return &files[at]
		}
		return nil
	}
}

// Rendered is everything that is stored beside a Markdown text.
type Rendered struct {
	HTML     string  // safe to show as it is
	Plain    string  // the words alone, for searching
	Summary  string  // one line of at most 200 characters
	Mentions []int64 // people named as [@Name](/people/12), in order, once each
	Groups   []int64 // groups named as [@Name](/groups/5), in order, once each
	Files    []int64 // pictures shown and files linked, in order, once each
	Headings []models.Heading
}

// Render turns Markdown into HTML and facts. The dialect is CommonMark with tables, strikethrough, task lists and bare links, with
// two decisions: the end of a line is a line break, because people who press Enter mean it, and HTML is not part of the
// language, so "<b>" is shown as it was typed and nothing is lost. The only errors are TooLong, TooComplex and TooMany.
func Render(markdown string, kind Kind, known Known) (Rendered, error) {
	if len(markdown) > MaxBody {
		return Rendered{}, TooLong
	}
	doc, err := parse(markdown, kind, known)
	if err != nil {
		return Rendered{}, err
	}
	if len(doc.mentions)+len(doc.groups) > MaxNamed {
		return Rendered{}, TooMany
	}
	plain, summary := doc.plain(), doc.summary()
	doc.colour() // after which the code is HTML
	var unsafe bytes.Buffer
	if err := html5.Render(&unsafe, doc.source, doc.root); err != nil {
		return Rendered{}, TooComplex // the buffer cannot fail; a node of unknown kind could
	}
	// The sanitiser writes apostrophes as &#39;; inside its double-quoted attributes and in text they need no escape, and French is full of them.
	safe := strings.ReplaceAll(policy.SanitizeReader(&unsafe).String(), "&#39;", "'")
	// Clean has seen the Markdown; what was written there as an entity, "&#x202E;", is a sign only now.
	return Rendered{
		HTML:     withoutOverrides(safe),
		Plain:    withoutOverrides(plain),
		Summary:  withoutOverrides(summary),
		Mentions: doc.mentions,
		Groups:   doc.groups,
		Files:    doc.files,
		Headings: doc.headings,
	}, nil
}

// Files returns the ids of the files that a text shows or links, so that they can be loaded before rendering.
func Files(markdown string) []int64 {
	if len(markdown) > MaxBody || !strings.Contains(markdown, "/files/") {
		return nil
	}
	doc, err := parse(markdown, Body, nil)
	if err != nil {
		return nil // Render will say so
	}
	return doc.files
}

// Groups returns the ids of the groups that a text names, in order, once each.
func Groups(markdown string) []int64 {
	if len(markdown) > MaxBody || !strings.Contains(markdown, "](/groups/") {
		return nil
	}
	doc, err := parse(markdown, Body, nil)
	if err != nil {
		return nil // Render will say so
	}
	return doc.groups
}

func parse(markdown string, kind Kind, known Known) (*document, error) {
	source := []byte(markdown)
	if tooCostly(source) {
		return nil, TooComplex
	}
	doc := &document{source: source, kind: kind, known: known, root: dialect.Parse(gmtext.NewReader(source))}
	if !doc.prepare() {
		return nil, TooComplex
	}
	return doc, nil
}

// dialect parses CommonMark and GFM without raw HTML: the two parsers that recognise it are not among these.
var dialect = parser.NewParser(
	parser.WithBlockParsers(
		util.Prioritized(parser.NewSetextHeadingParser(), 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	),
	parser.WithInlineParsers(
		util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewEmphasisParser(), 500),
		util.Prioritized(extension.NewStrikethroughParser(), 500),
		util.Prioritized(extension.NewLinkifyParser(
			extension.WithLinkifyURLRegexp(bareURL), extension.WithLinkifyWWWRegexp(bareWWW)), 999),
	),
	parser.WithParagraphTransformers(
		util.Prioritized(parser.LinkReferenceParagraphTransformer, 100),
		util.Prioritized(extension.NewTableParagraphTransformer(), 200),
	),
	parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
)

// Bare addresses go on through letters of any script: goldmark's own patterns end a link to /wiki/Économie before the É.
var (
	bareURL = regexp.MustCompile(`^https?://[-\pL\pN@:%._+~#=]{1,256}\.\pL+(?::\d+)?` + bareRest)
	bareWWW = regexp.MustCompile(`^www\.[-\pL\pN@:%._+~#=]{1,256}\.\pL+` + bareRest)
)

const bareRest = `(?:[/#?][^\s\pZ<>«»“”…]*)?`

var html5 = renderer.NewRenderer(renderer.WithNodeRenderers(
	util.Prioritized(nodes{}, 100),
	util.Prioritized(extension.NewTableHTMLRenderer(), 500),
	util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
	util.Prioritized(html.NewRenderer(html.WithHardWraps()), 1000),
))

// literal returns what a reader sees of a Text node: backslash escapes and entities resolved.
func literal(n *ast.Text, source []byte) []byte {
	value := n.Segment.Value(source)
	if n.IsRaw() {
		return value
	}
	return util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
}
