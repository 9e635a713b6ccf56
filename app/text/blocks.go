package text

import (
	"regexp"
	"strings"
)

// BlockKind says what a Block of a text is.
type BlockKind string

// Kinds of blocks.
const (
	BlockHeading   BlockKind = "heading"
	BlockParagraph BlockKind = "paragraph"
	BlockItem      BlockKind = "item" // of a list
	BlockRow       BlockKind = "row"  // of a table
	BlockQuote     BlockKind = "quote"
	BlockCode      BlockKind = "code"
)

// A Block is a piece of a Markdown text that people write and change as one: what has a mark before it or blank lines around it.
type Block struct {
	Kind BlockKind
	Text string // Markdown
}

var (
	itemMark  = regexp.MustCompile(`^\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)`)
	ruleLine  = regexp.MustCompile(`^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$`)
	underLine = regexp.MustCompile(`^ {0,3}(?:-+|=+)\s*$`)
	tableRule = regexp.MustCompile(`^[\s|:-]+$`)
)

// Blocks takes a text apart. It reads lines, in one pass, and knows of Markdown only what tells one block from the next.
func Blocks(markdown string) []Block {
	b := blocks{}
	for line := range strings.Lines(markdown) {
		b.read(strings.TrimRight(line, "\r\n"))
	}
	b.end()
	return b.found
}

type blocks struct {
	found []Block
	kind  BlockKind
	lines []string
	fence string // of the code that is being read
}

func (b *blocks) end() {
	if len(b.lines) > 0 {
		b.found = append(b.found, Block{b.kind, strings.Join(b.lines, "\n")})
	}
	b.kind, b.lines, b.fence = "", nil, ""
}

// begin ends a block and begins another one.
func (b *blocks) begin(kind BlockKind, line string) {
	b.end()
	b.kind, b.lines = kind, []string{line}
}

func (b *blocks) read(line string) {
	trimmed := strings.TrimSpace(line)
	switch {
	case b.fence != "":
		b.lines = append(b.lines, line)
		if strings.HasPrefix(trimmed, b.fence) && strings.Trim(trimmed, b.fence[:1]) == "" {
			b.end()
		}
	case strings.HasPrefix(trimmed, "```"), strings.HasPrefix(trimmed, "~~~"):
		b.begin(BlockCode, line)
		b.fence = trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, trimmed[:1]))]
	case trimmed == "":
		b.end()
	case b.kind == BlockParagraph && underLine.MatchString(line):
		b.lines, b.kind = append(b.lines, line), BlockHeading
		b.end()
	case ruleLine.MatchString(line):
		b.end() // nobody's words
	default:
		b.words(line, trimmed)
	}
}

// words reads a line that says something.
func (b *blocks) words(line, trimmed string) {
	switch {
	case heading(trimmed):
		b.begin(BlockHeading, line)
		b.end()
	case strings.HasPrefix(trimmed, "|"):
		b.end()
		if !tableRule.MatchString(trimmed) {
			b.begin(BlockRow, line)
			b.end()
		}
	case itemMark.MatchString(line):
		b.begin(BlockItem, line)
	case strings.HasPrefix(trimmed, ">") && b.kind != BlockQuote:
		b.begin(BlockQuote, line)
	case len(b.lines) > 0:
		b.lines = append(b.lines, line)
	default:
		b.begin(BlockParagraph, line)
	}
}

// heading tells whether a line is a heading by the signs before it.
func heading(line string) bool {
	rest := strings.TrimLeft(line, "#")
	n := len(line) - len(rest)
	return n > 0 && n <= 6 && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

// Words is what the block says, without the marks before it.
func (b Block) Words() string {
	switch b.Kind {
	case BlockHeading:
		lines := strings.Split(b.Text, "\n")
		if len(lines) > 1 {
			lines = lines[:len(lines)-1]
		}
		return strings.TrimSpace(strings.Trim(strings.TrimSpace(strings.Join(lines, " ")), "#"))
	case BlockItem:
		return strings.TrimSpace(itemMark.ReplaceAllString(b.Text, ""))
	case BlockRow:
		return strings.Join(strings.FieldsFunc(strings.TrimSpace(b.Text), func(r rune) bool { return r == '|' }), " · ")
	case BlockQuote:
		lines := strings.Split(b.Text, "\n")
		for i := range lines {
			lines[i] = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(lines[i]), ">"))
		}
		return strings.Join(lines, "\n")
	case BlockCode:
		lines := strings.Split(b.Text, "\n")
		if lines = lines[1:]; len(lines) > 0 && strings.Trim(strings.TrimSpace(lines[len(lines)-1]), "`~") == "" {
			lines = lines[:len(lines)-1]
		}
		return strings.Join(lines, "\n")
	}
	return b.Text
}

// key is what makes two blocks the same: how lines are broken and what marks a list changes nothing that anybody says, but in code.
func (b Block) key() string {
	if b.Kind == BlockCode {
		return "code\n" + b.Text
	}
	return string(b.Kind) + "\n" + strings.Join(strings.Fields(b.Words()), " ")
}

// Kept finds for each block of a text which block of a former text it is, -1 for none: those that are the same in the same order, as Diff
// compares words, and then those that were moved. It takes time in proportion to the blocks and, within the bound of Diff, to the square
// of what changed.
func Kept(before, now []Block) []int {
	d := differ{numbers: map[string]int{}}
	d.a, d.b = d.blocks(before), d.blocks(now)
	d.compare(span{0, len(d.a)}, span{0, len(d.b)}, true)
	kept, used := make([]int, len(now)), make([]bool, len(before))
	for i := range kept {
		kept[i] = -1
	}
	for _, p := range d.pairs {
		kept[p.b], used[p.a] = p.a, true
	}
	left := map[int][]int{} // of each block of before, where it stood
	for i, number := range d.a {
		if !used[i] {
			left[number] = append(left[number], i)
		}
	}
	for i, number := range d.b {
		if places := left[number]; kept[i] < 0 && len(places) > 0 {
			kept[i], left[number] = places[0], places[1:]
		}
	}
	return kept
}

func (d *differ) blocks(all []Block) []int {
	out := make([]int, len(all))
	for i := range all {
		key := all[i].key()
		number, ok := d.numbers[key]
		if !ok {
			number = len(d.numbers)
			d.numbers[key] = number
		}
		out[i] = number
	}
	return out
}
