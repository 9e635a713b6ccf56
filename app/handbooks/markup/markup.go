// Package markup turns pages of HTML that other programs have exported into Markdown, and finds what they say of themselves: title,
// language, tags, people and dates. What runs, what is filled in and what leads around a site does not come along. It reads one page and
// knows neither files nor articles.
package markup

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// Dialect is how the program that wrote a page writes what HTML has no element for.
type Dialect string

// Dialects.
const (
	Plain      Dialect = "html"
	Confluence Dialect = "confluence"
	Notion     Dialect = "notion"
	Document   Dialect = "document" // of a program that writes texts: all of it is content
)

// Page is what a page says.
type Page struct {
	Title, Lang, Author, Editor string
	Tags                        []string
	Created, Edited             time.Time
	Body                        string            // Markdown; addresses are as they were written
	Anchors                     map[string]string // the headings that the page names as places, by those names
	Notes                       []Note
	Embedded                    []Embedded
	Names                       map[string]string // how files are called that are stored under another name, by their addresses
}

// Note is something that comes in in another form, or not.
type Note struct{ Key, What string }

// Embedded is a picture that is written in the page itself. The Markdown names it by Name, beside the page.
type Embedded struct {
	Name    string
	Content []byte
}

// Bounds of a page and of what is read in it, in bytes; and of its notes and of the pictures in it.
const (
	MaxPage      = 16 << 20
	maxWords     = 400_000
	mostNotes    = 50
	mostEmbedded = 200
)

// What keeps a page from being read.
var (
	ErrEncoding = errors.New("no text, or in an encoding that is not known")
	ErrLong     = errors.New("longer than a page is read")
)

// Reader reads pages.
type Reader struct{ convert *converter.Converter }

// New returns a reader of pages.
func New() *Reader {
	c := converter.NewConverter(converter.WithPlugins(
		base.NewBasePlugin(),
		commonmark.NewCommonmarkPlugin(commonmark.WithListEndComment(false), commonmark.WithLinkEmptyHrefBehavior(commonmark.LinkBehaviorSkip), commonmark.WithLinkEmptyContentBehavior(commonmark.LinkBehaviorSkip)),
		strikethrough.NewStrikethroughPlugin(),
		table.NewTablePlugin(table.WithCellPaddingBehavior(table.CellPaddingBehaviorMinimal), table.WithHeaderPromotion(true), table.WithNewlineBehavior(table.NewlineBehaviorSkip)),
	))
	c.Register.RendererFor(rawElement, converter.TagTypeInline, func(_ converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
		w.WriteString(attr(n, "text"))
		return converter.RenderSuccess
	}, converter.PriorityEarly)
	return &Reader{c}
}

// rawElement holds Markdown that is written as it is. No page can have an element of this name.
const rawElement = "!raw"

func raw(markdown string) *html.Node {
	made := elem(rawElement)
	made.Attr = []html.Attribute{{Key: "text", Val: markdown}}
	return made
}

// Read reads a page. What it calls the pictures in it begins with pictures.
func (r *Reader) Read(ctx context.Context, content []byte, dialect Dialect, pictures string) (*Page, error) {
	if len(content) > MaxPage {
		return nil, ErrLong
	}
	w := &work{Page: &Page{Anchors: map[string]string{}, Names: map[string]string{}}, dialect: dialect, pictures: pictures}
	decoded, guessed, err := decode(content)
	if err != nil {
		return nil, err
	}
	if guessed {
		w.note("windows", "")
	}
	tree, err := parse(decoded)
	if err != nil {
		return nil, err
	}
	body := w.content(tree)
	w.rewrite(body)
	if weigh(body, false) > maxWords {
		return nil, ErrLong
	}
	markdown, err := r.convert.ConvertNode(body, converter.WithContext(ctx))
	w.Body = tight(strings.TrimSpace(string(markdown)))
	return w.Page, err
}

// work is a page that is being read.
type work struct {
	*Page
	dialect  Dialect
	pictures string // how their names begin
}

func (w *work) note(key, what string) {
	for _, known := range w.Notes {
		if known == (Note{key, what}) {
			return
		}
	}
	if len(w.Notes) < mostNotes {
		w.Notes = append(w.Notes, Note{key, what})
	}
}

// content is the element of a page that holds its text, after what it says of itself is read.
func (w *work) content(tree *html.Node) *html.Node {
	switch w.dialect {
	case Confluence:
		return w.confluence(tree)
	case Notion:
		return w.notion(tree)
	}
	return w.plain(tree)
}

// decode is a page as UTF-8: as its mark or its head says, and otherwise the letters of Windows. guessed is true where nothing said so.
func decode(content []byte) (decoded []byte, guessed bool, err error) {
	from, name, _ := charset.DetermineEncoding(content, "")
	if decoded = content; !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 {
		if name == "utf-8" || !bytes.Contains(bytes.ToLower(content[:min(len(content), 1024)]), []byte("charset")) && name == "windows-1252" {
			from, _ = charset.Lookup("windows-1252")
			guessed = true
		}
		if decoded, err = from.NewDecoder().Bytes(content); err != nil {
			return nil, false, ErrEncoding
		}
	}
	if bytes.IndexByte(decoded, 0) >= 0 {
		return nil, false, ErrEncoding
	}
	return bytes.TrimPrefix(decoded, []byte("\ufeff")), guessed, nil
}

// weigh is how much there is in a tree: its elements and bytes of its words. What is typed in the order of its signs has all of them.
func weigh(n *html.Node, typed bool) int {
	typed = typed || is(n, "pre", "code")
	weight := 1
	switch {
	case n.Type == html.TextNode && typed:
		weight += len(n.Data)
	case n.Type == html.TextNode:
		for word := range strings.FieldsSeq(n.Data) {
			weight += len(word) + 1
		}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		weight += weigh(child, typed)
	}
	return weight
}

// item is how a line of a list begins.
var item = regexp.MustCompile(`^ *(?:[-*+]|\d+[.)]) `)

// tight takes the blank lines away that stand between an item of a list and those under it, and the blanks of lines that hold nothing
// else: with them every item would become a paragraph.
func tight(markdown string) string {
	lines := strings.Split(markdown, "\n")
	kept, fence := lines[:0], ""
	for i, line := range lines {
		trimmed := strings.TrimLeft(line, " >")
		switch {
		case fence != "":
			if strings.HasPrefix(trimmed, fence) {
				fence = ""
			}
		case strings.HasPrefix(trimmed, "```"):
			fence = trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, "`"))]
		case strings.TrimSpace(line) == "":
			if line != "" && i+1 < len(lines) && item.MatchString(lines[i-1]) && item.MatchString(lines[i+1]) {
				continue
			}
			line = ""
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "\n")
}
