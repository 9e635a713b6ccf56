package text

import (
	"bytes"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// What colouring the code of one text may cost. The languages are described by patterns that go back and try again, and some take seconds
// for a line that is made for it: a block that is not done in time, and all after it, is shown as it was typed.
const (
	maxColoured   = 30_000                 // bytes of code
	maxColourTime = 200 * time.Millisecond // looked at between words, each of which chroma itself gives up after a quarter of a second
	maxColours    = 6_000                  // words, each of which makes the page longer
)

// A listing is a block of code in a language that is known, with its words marked.
type listing struct {
	ast.BaseBlock
	language, marked []byte
}

var kindListing = ast.NewNodeKind("Listing")

// Kind tells goldmark what this node is.
func (*listing) Kind() ast.NodeKind { return kindListing }

// Dump prints the node when a tree is looked at while debugging.
func (n *listing) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// colour replaces the blocks of code whose language is known by listings, as long as that costs little.
func (d *document) colour() {
	if len(d.code) == 0 {
		return
	}
	timer := time.NewTimer(maxColourTime)
	defer timer.Stop()
	left := budget{bytes: maxColoured, words: maxColours, late: timer.C}
	for _, block := range d.code {
		lexer := languages()[strings.ToLower(string(block.Language(d.source)))]
		if lexer == nil {
			continue
		}
		if marked := left.colour(lexer, block.Lines().Value(d.source)); marked != nil {
			block.Parent().ReplaceChild(block.Parent(), block, &listing{language: block.Language(d.source), marked: marked})
		}
	}
}

// languages are the lexers by what people call them: names, aliases and ends of file names. chroma's own look-up goes through the patterns of all
// file names, which takes milliseconds for a name that it does not know. Lexers that are made of two read the whole code before they give
// the first word, so no time limit reaches them: they are left out, here and where code of one language stands in another.
var languages = sync.OnceValue(func() map[string]chroma.Lexer {
	known, all := map[string]chroma.Lexer{}, chroma.NewLexerRegistry()
	var ends []func()
	for _, lexer := range lexers.GlobalLexerRegistry.Lexers {
		if _, stepwise := lexer.(*chroma.RegexLexer); !stepwise {
			continue
		}
		all.Register(lexer) // in which it looks for others
		config := lexer.Config()
		for _, name := range append([]string{config.Name}, config.Aliases...) {
			known[strings.ToLower(name)] = lexer
		}
		for _, file := range config.Filenames {
			if end, ok := strings.CutPrefix(file, "*."); ok && known[end] == nil {
				ends = append(ends, func() {
					if known[end] == nil {
						known[end] = lexer
					}
				})
			}
		}
	}
	for _, add := range ends {
		add()
	}
	return known
})

// A budget is what may still be spent on the code of a text.
type budget struct {
	bytes, words int
	late         <-chan time.Time
}

// spent takes a word off, and tells whether there was none left or no time.
func (b *budget) spent() bool {
	select {
	case <-b.late:
		b.words = 0
	default:
	}
	b.words--
	return b.words < 0
}

// colour returns code as HTML with its words marked, nil if that costs too much or chroma does not give back what it was given: it may
// change how code looks, never what it says.
func (b *budget) colour(lexer chroma.Lexer, code []byte) (marked []byte) {
	defer func() {
		if recover() != nil { // which chroma does where the description of a language is wrong
			marked = nil
		}
	}()
	if b.bytes -= len(code); b.bytes < 0 {
		return nil
	}
	words, err := lexer.Tokenise(&chroma.TokeniseOptions{State: "root"}, string(code))
	if err != nil {
		return nil
	}
	var out listingWriter
	for word := words(); word != chroma.EOF; word = words() {
		if b.spent() {
			return nil
		}
		out.write(markOf(word.Type), word.Value)
	}
	out.write("", "")
	if !bytes.Equal(bytes.TrimSuffix(out.said.Bytes(), []byte("\n")), bytes.TrimSuffix(code, []byte("\n"))) {
		return nil
	}
	return out.html.Bytes()
}

// A listingWriter writes words of code as HTML: those that follow each other with the same mark in one element.
type listingWriter struct {
	html, said bytes.Buffer
	mark       string // of the element that is open
}

func (w *listingWriter) write(mark, word string) {
	if mark != w.mark {
		if w.mark != "" {
			w.html.WriteString("</span>")
		}
		if mark != "" {
			w.html.WriteString(`<span class="code-` + mark + `">`)
		}
		w.mark = mark
	}
	w.said.WriteString(word)
	w.html.Write(util.EscapeHTML([]byte(word)))
}

// markOf is the mark of a kind of word, empty where it keeps the colour of text. Chroma tells some eighty kinds apart; these are as many as
// have a colour that can be read and told from the others.
func markOf(kind chroma.TokenType) string {
	switch {
	case kind == chroma.GenericInserted:
		return "added"
	case kind == chroma.GenericDeleted:
		return "removed"
	case kind.InCategory(chroma.Comment) && !kind.InSubCategory(chroma.CommentPreproc):
		return "comment"
	case kind.InCategory(chroma.Keyword), kind == chroma.OperatorWord, kind.InSubCategory(chroma.CommentPreproc):
		return "keyword"
	case kind.InSubCategory(chroma.LiteralString):
		return "string"
	case kind.InSubCategory(chroma.LiteralNumber), kind == chroma.LiteralDate, kind == chroma.NameConstant:
		return "number"
	case kind.InSubCategory(chroma.NameFunction), kind.InSubCategory(chroma.NameBuiltin), kind == chroma.NameClass, kind == chroma.NameTag,
		kind == chroma.NameAttribute, kind == chroma.NameDecorator, kind == chroma.GenericHeading, kind == chroma.GenericSubheading:
		return "name"
	}
	return ""
}

func writeListing(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*listing)
	_, _ = w.WriteString(`<pre tabindex="0"><code class="language-`)
	_, _ = w.Write(util.EscapeHTML(n.language))
	_, _ = w.WriteString(`">`)
	_, _ = w.Write(n.marked)
	_, _ = w.WriteString("</code></pre>\n")
	return ast.WalkContinue, nil
}
