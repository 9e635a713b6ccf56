package search

import (
	"html"
	"strings"
	"unicode/utf8"
)

// plain takes the marks of Markdown out of a text and leaves its words, for the index and for
// excerpts. It reads each byte a bounded number of times, whatever the text; where it is wrong about
// a mark, a sign too many is shown or a sign too few, never a word.
func plain(markdown string) string {
	var b strings.Builder
	b.Grow(len(markdown))
	fence := ""
	for line := range strings.Lines(strings.ToValidUTF8(markdown, "")) {
		line = strings.TrimRight(line, "\r\n")
		body := strings.TrimLeft(line, " \t>")
		if mark := fenceOf(body); mark != "" && (fence == "" || strings.HasPrefix(mark, fence)) {
			if fence == "" {
				fence = mark
			} else {
				fence = ""
			}
			continue
		}
		if fence != "" {
			b.WriteString(line)
		} else {
			inline(&b, block(body))
		}
		b.WriteByte('\n')
	}
	text := b.String()
	if strings.Contains(text, "&") {
		text = html.UnescapeString(text)
	}
	return text
}

// fenceOf is the run of signs that opens or closes a block of code.
func fenceOf(line string) string {
	for _, sign := range []string{"`", "~"} {
		if rest := strings.TrimLeft(line, sign); len(line)-len(rest) >= 3 {
			return line[:len(line)-len(rest)]
		}
	}
	return ""
}

// block takes away what makes a line a heading, an item of a list or a rule.
func block(line string) string {
	if strings.Trim(line, "-=*_|: \t") == "" {
		return ""
	}
	if rest := strings.TrimLeft(line, "#"); len(line)-len(rest) <= 6 && strings.HasPrefix(rest, " ") {
		return strings.TrimRight(strings.TrimSpace(rest), "#")
	}
	for _, item := range []string{"- ", "* ", "+ "} {
		if rest, ok := strings.CutPrefix(line, item); ok {
			rest = strings.TrimSpace(rest)
			for _, box := range []string{"[ ] ", "[x] ", "[X] "} {
				rest = strings.TrimPrefix(rest, box)
			}
			return rest
		}
	}
	return line
}

// escapable are the signs that a backslash makes ordinary.
const escapable = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// signs are the bytes at which inline has something to decide.
const signs = "\\*`~|_![]<"

// inline writes a line without the signs of emphasis, code, links and pictures.
func inline(b *strings.Builder, line string) {
	for i := 0; i < len(line); {
		next := strings.IndexAny(line[i:], signs)
		if next < 0 {
			b.WriteString(line[i:])
			return
		}
		b.WriteString(line[i : i+next])
		i += next
		i += sign(b, line, i)
	}
}

// sign deals with the sign at i and returns how much of the line that takes.
func sign(b *strings.Builder, line string, i int) int {
	switch c := line[i]; c {
	case '\\':
		if i+1 < len(line) && strings.IndexByte(escapable, line[i+1]) >= 0 {
			b.WriteByte(line[i+1])
			return 2
		}
		b.WriteByte(c)
	case '|':
		b.WriteByte(' ')
	case '_':
		if inside(line, i) {
			b.WriteByte(c)
		}
	case '!':
		if !strings.HasPrefix(line[i:], "![") {
			b.WriteByte(c)
		}
	case ']':
		return 1 + target(line[i+1:])
	case '<':
		return tag(b, line[i:])
	}
	return 1
}

// inside tells whether the sign at i stands between two letters, as in snake_case.
func inside(line string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(line[:i])
	after, _ := utf8.DecodeRuneInString(line[i+1:])
	return wordRune(before) && wordRune(after)
}

// maxTarget bounds how far the end of an address or a tag is looked for.
const maxTarget = 2000

// target is the length of the "(address)" or "[name]" that follows a link's text.
func target(rest string) int {
	if rest == "" || rest[0] != '(' && rest[0] != '[' {
		return 0
	}
	end := ")"
	if rest[0] == '[' {
		end = "]"
	}
	if i := strings.Index(rest[:min(len(rest), maxTarget)], end); i > 0 {
		return i + 1
	}
	return 0
}

// tag writes the address of "<https://…>" and nothing of an HTML tag, and returns how much it read.
func tag(b *strings.Builder, rest string) int {
	end := strings.IndexByte(rest[:min(len(rest), maxTarget)], '>')
	if end < 2 || rest[1] != '/' && rest[1] != '!' && !wordRune(rune(rest[1])) {
		b.WriteByte('<')
		return 1
	}
	if inner := rest[1:end]; strings.Contains(inner, "://") && !strings.ContainsAny(inner, " \"") {
		b.WriteString(inner)
	}
	return end + 1
}
