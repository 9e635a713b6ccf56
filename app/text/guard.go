package text

import (
	"bytes"
	"strings"
)

// The limits a text must keep so that no Markdown costs more than a fraction of a second. Parsing is quadratic in nesting and, within
// a paragraph, in crossed brackets and emphasis; a table fills missing cells and a reference repeats its address, so a short text
// can become a huge page. What 26,708 real texts use at most stands beside each limit; the tests hold the worst of each kind to a second.
const (
	maxDepth      = 50      // nodes inside each other: quotes, lists, emphasis
	maxMarkers    = 200     // quote and list marks at the start of one line (4)
	maxBrackets   = 1_500   // "[" between two empty lines (220)
	maxDelimiters = 1_500   // runs of * _ ~ between two empty lines (144)
	maxCells      = 100_000 // columns of the widest table times lines (13,458)
	maxAddresses  = 200_000 // bytes of all link addresses, references resolved
)

// tooCostly reports whether parsing the text could take long, by counting only.
func tooCostly(source []byte) bool {
	brackets, delimiters, lines, columns := 0, 0, 0, 0
	for line := range bytes.Lines(source) {
		lines++
		if len(bytes.TrimSpace(line)) == 0 {
			brackets, delimiters = 0, 0
		}
		brackets += bytes.Count(line, []byte{'['})
		delimiters += delimiterRuns(line)
		if isDelimiterRow(line) {
			columns = max(columns, bytes.Count(line, []byte{'|'})+1)
		}
		if brackets > maxBrackets || delimiters > maxDelimiters || columns*lines > maxCells || markers(line) > maxMarkers {
			return true
		}
	}
	return columns*lines > maxCells
}

func delimiterRuns(line []byte) int {
	runs := 0
	var last byte
	for _, c := range line {
		if c != last && (c == '*' || c == '_' || c == '~') {
			runs++
		}
		last = c
	}
	return runs
}

// isDelimiterRow reports whether the line could be the one under a table's header (| --- | :-: |).
func isDelimiterRow(line []byte) bool {
	return bytes.IndexByte(line, '-') >= 0 && bytes.IndexByte(line, '|') >= 0 &&
		len(bytes.Trim(line, "|-: \t\r\n>")) == 0
}

// markers counts the quote and list marks a line opens with. A line of dashes or stars is a rule, not a list of lists.
func markers(line []byte) int {
	if rest := bytes.Trim(line, " \t\r\n"); len(rest) > 0 && strings.IndexByte("-*_", rest[0]) >= 0 &&
		len(bytes.Trim(rest, string(rest[0])+" \t")) == 0 {
		return 0
	}
	count := 0
	for i, c := range line {
		switch {
		case c == '>':
			count++
		case c == '-' || c == '*' || c == '+' || (c == '.' || c == ')') && i > 0 && isDigit(line[i-1]):
			if i+1 < len(line) && line[i+1] != ' ' && line[i+1] != '\t' {
				return count
			}
			count++
		case c != ' ' && c != '\t' && !isDigit(c):
			return count
		}
	}
	return count
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
