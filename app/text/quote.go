package text

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxQuote bounds what is quoted of a text, in characters: whoever wants more follows the link.
const maxQuote = 1_500

// Quote is the Markdown that quotes a post: a quote that opens with who wrote it and a link to it, and what it said without what it quoted
// itself. In any other program it reads as a quote with a link.
func Quote(name string, postID int64, markdown string) string {
	var said []string
	fenced := false
	for line := range strings.Lines(markdown) {
		line = strings.TrimRight(line, " \t\n")
		if fence := strings.TrimLeft(line, " "); strings.HasPrefix(fence, "```") || strings.HasPrefix(fence, "~~~") {
			fenced = !fenced
		}
		if !fenced && strings.HasPrefix(strings.TrimLeft(line, " "), ">") || line == "" && (len(said) == 0 || said[len(said)-1] == "") {
			continue
		}
		said = append(said, line)
	}
	return quoted(name, postID, cut(calling.ReplaceAllString(strings.TrimSpace(strings.Join(said, "\n")), "$1"), maxQuote))
}

// QuoteWords is Quote of words that somebody has marked on the page, which are no Markdown.
func QuoteWords(name string, postID int64, words string) string {
	lines := strings.Split(cut(strings.TrimSpace(words), maxQuote), "\n")
	for i := range lines {
		lines[i] = escaped(strings.TrimSpace(lines[i]))
	}
	return quoted(name, postID, strings.Join(lines, "\n"))
}

func quoted(name string, postID int64, markdown string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "> [%s](/posts/%d):\n", escaped(name), postID)
	for line := range strings.SplitSeq(markdown, "\n") {
		b.WriteString(strings.TrimRight("> "+line, " ") + "\n")
	}
	return b.String() + "\n"
}

// cut shortens a text of several lines after a word, with an ellipsis that says so.
func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	kept := string([]rune(text)[:limit])
	if at := strings.LastIndexAny(kept, " \n"); at > len(kept)/2 {
		kept = kept[:at]
	}
	return strings.TrimRight(kept, " \n") + "…"
}

var (
	meaning = regexp.MustCompile("[\\\\`*_\\[\\]<>&~|]")
	calling = regexp.MustCompile(`\[(@(?:[^\]\\]|\\.)*)\]\(/(?:people|groups)/\d+\)`) // a quote calls nobody once more
	opening = regexp.MustCompile(`^(\s*)([#+=-]|\d+[.)])`)                            // what makes a line a heading, a list or a rule
)

// escaped is a line of plain words as Markdown.
func escaped(line string) string {
	line = meaning.ReplaceAllString(line, `\$0`)
	return opening.ReplaceAllStringFunc(line, func(s string) string { return s[:len(s)-1] + `\` + s[len(s)-1:] })
}
