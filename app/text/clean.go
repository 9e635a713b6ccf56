package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"ruche/models"
)

// Title returns the input as one clean line, or the Problem that keeps it from being a title. No-break spaces survive, French
// punctuation needs them.
func Title(input string) (string, error) {
	clean, err := Clean(input, 4*MaxTitle)
	if err == TooLong {
		return "", TitleLong
	}
	if err != nil {
		return "", err
	}
	clean = strings.TrimFunc(strings.Join(strings.FieldsFunc(clean, breaksTitle), " "), unicode.IsSpace)
	switch {
	case clean == "":
		return "", Blank
	case utf8.RuneCountInString(clean) > MaxTitle:
		return "", TitleLong
	case strings.IndexFunc(clean, isLetterOrDigit) < 0:
		return "", NoLetters
	}
	return clean, nil
}

// MaxSummary bounds the summary that an author writes, in characters.
const MaxSummary = 300

// Summary returns the summary that an author has written as it is stored: one line, empty for none.
func Summary(input string) (string, error) {
	clean, err := Clean(input, 4*MaxSummary)
	if err == TooLong {
		return "", SummaryLong
	}
	if err != nil {
		return "", err
	}
	clean = strings.TrimFunc(strings.Join(strings.FieldsFunc(clean, breaksTitle), " "), unicode.IsSpace)
	switch {
	case clean == "":
		return "", nil
	case utf8.RuneCountInString(clean) > MaxSummary:
		return "", SummaryLong
	case strings.IndexFunc(clean, isLetterOrDigit) < 0:
		return "", NoLetters
	}
	return clean, nil
}

func breaksTitle(r rune) bool { return r == ' ' || r == '\t' || r == '\n' }

// Clean returns a Markdown text as it is stored: in NFC, with "\n" between lines, without the control characters that pasting from
// other programs leaves behind, with no letter under more marks than a script piles up, and with its writing direction contained in
// each line. That is done once where texts arrive rather than wherever they are shown: pages, mail, feeds, files and programs
// then all read the same text, and no script loses anything. A text of which nothing can be seen comes back empty; whether that is
// allowed is the caller's decision. The limit is in bytes.
func Clean(input string, limit int) (string, error) {
	if len(input) > 4*limit { // whatever cleaning takes away, this stays too long: do not even look at it
		return "", long(limit)
	}
	if !utf8.ValidString(input) {
		return "", InvalidUTF8
	}
	if strings.ContainsRune(input, 0) {
		return "", Control
	}
	clean := norm.NFC.String(oneNewline.Replace(input))
	if needsRepair(clean) {
		clean = repair(clean)
	}
	if strings.IndexFunc(clean, isVisible) < 0 {
		return "", nil
	}
	if len(clean) > limit {
		return "", long(limit)
	}
	return clean, nil
}

// long is the problem that names the limit, where there is a sentence for it.
func long(limit int) Problem {
	switch limit {
	case MaxBody:
		return BodyLong
	case MaxComment:
		return CommentLong
	}
	return TooLong
}

// Every way to end a line that keyboards, word processors and old systems have.
var oneNewline = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

const (
	byteOrderMark = '\uFEFF'
	popIsolate    = '\u2069'
)

func opensIsolate(r rune) bool { return r >= '\u2066' && r <= '\u2068' }

func needsRepair(s string) bool {
	var pile models.Pile
	return strings.IndexFunc(s, func(r rune) bool {
		return pile.Over(r) || isDropped(r) || opensIsolate(r) || r == popIsolate
	}) >= 0
}

// isDropped reports what no text keeps; of the marks of direction the isolates stay.
func isDropped(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || models.Overrides(r) || r == byteOrderMark
}

// repair drops what must not be stored and closes at the end of each line the isolates opened in it, so that no text can turn the
// direction of what stands around it.
func repair(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	open, pile := 0, models.Pile(0)
	for _, r := range s {
		switch {
		case pile.Over(r), isDropped(r):
			continue
		case opensIsolate(r):
			open++
		case r == popIsolate && open == 0:
			continue
		case r == popIsolate:
			open--
		case r == '\n':
			closeIsolates(&b, open)
			open = 0
		}
		b.WriteRune(r)
	}
	closeIsolates(&b, open)
	return b.String()
}

// withoutOverrides is a rendered text without the marks of direction that leak and those that pile up on a letter.
func withoutOverrides(s string) string {
	var pile models.Pile
	return strings.Map(func(r rune) rune {
		if pile.Over(r) || models.Overrides(r) {
			return -1
		}
		return r
	}, s)
}

func closeIsolates(b *strings.Builder, open int) {
	for range open {
		b.WriteRune(popIsolate)
	}
}

func isLetterOrDigit(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && isVisible(r)
}

// isVisible reports whether a reader could see the character. The listed letters and symbols are drawn as nothing.
func isVisible(r rune) bool {
	switch r {
	case '\u115F', '\u1160', '\u3164', '\uFFA0', '\u2800', '\u034F', '\u17B4', '\u17B5':
		return false
	}
	return !unicode.IsSpace(r) && !unicode.In(r, unicode.C, unicode.M)
}
