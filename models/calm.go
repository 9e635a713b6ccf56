package models

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxMarks is how many marks one letter may carry. No script piles up more; what does climbs over the lines around it.
const MaxMarks = 5

// A Pile counts the marks on a letter while a text is read sign by sign.
type Pile int

// Over tells whether this sign is a mark more than its letter may carry. Signs that join letters do not begin a new one.
func (p *Pile) Over(r rune) bool {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		*p++
		return *p > MaxMarks
	case !unicode.Is(unicode.Cf, r):
		*p = 0
	}
	return false
}

// Overrides tells the old marks that open or override a direction (U+202A to U+202E). They leak into the words around them and are
// mostly used to disguise ("gpj.exe" read backwards).
func Overrides(r rune) bool { return r >= '\u202A' && r <= '\u202E' }

// isolates tells the marks that came after those, which keep a direction to themselves as long as they are closed.
func isolates(r rune) bool { return r >= '\u2066' && r <= '\u2069' }

// Calm is a name as it is stored: composed, and without what would turn around or climb over the words beside it. A name stands in the
// middle of sentences, so it does without any mark of direction.
func Calm(s string) string {
	if !utf8.ValidString(s) {
		return s // to be refused, not to be mended
	}
	var pile Pile
	return strings.Map(func(r rune) rune {
		if pile.Over(r) || Overrides(r) || isolates(r) || r == '\uFEFF' {
			return -1
		}
		return r
	}, norm.NFC.String(s))
}
