package search

import (
	"bytes"
	"strings"
)

// Fragment is a piece of plain text and what to mark in it. It is text, not HTML.
type Fragment struct {
	Text      string
	Marks     []Mark // in order, apart from each other
	CutBefore bool   // the text begins before the fragment
	CutAfter  bool
}

// Mark is a range of bytes of a fragment's text.
type Mark struct{ Start, End int }

// Part is a piece of a fragment, marked or not.
type Part struct {
	Text   string
	Marked bool
}

// Parts cuts a fragment at its marks.
func (f Fragment) Parts() []Part {
	parts := make([]Part, 0, 2*len(f.Marks)+1)
	at := 0
	for _, m := range f.Marks {
		if m.Start > at {
			parts = append(parts, Part{Text: f.Text[at:m.Start]})
		}
		parts = append(parts, Part{Text: f.Text[m.Start:m.End], Marked: true})
		at = m.End
	}
	if at < len(f.Text) {
		parts = append(parts, Part{Text: f.Text[at:]})
	}
	return parts
}

// marker finds the words of a plan in texts. It is for one goroutine and one page of results,
// whose texts share most of their words: what a word is is found out once.
type marker struct {
	langs []*language
	stems []func([]byte) ([]byte, bool)
	words []map[string]int // by language: a term's place in the query
	known []map[string]int // by language: words seen before, with their place or -1
	first [256]bool        // bytes that a word of the query can begin with
	typed [][]byte         // beginnings of words
}

func newMarker(p plan, langs []*language) *marker {
	m := &marker{langs: langs}
	for i, l := range langs {
		words := map[string]int{}
		for _, w := range p.langs {
			if w.at == i {
				for n, word := range w.words {
					words[string(word)] = n
					m.first[word[0]] = true
				}
			}
		}
		m.stems = append(m.stems, l.stemmer())
		m.words = append(m.words, words)
		m.known = append(m.known, map[string]int{})
	}
	return m
}

// begun lets the marker mark words that begin so, too.
func (m *marker) begun(typed [][]byte) *marker {
	m.typed = typed
	for _, word := range typed {
		m.first[word[0]] = true
	}
	return m
}

// wanted is how many words of the query a text in a language can have.
func (m *marker) wanted(lang string) (n int) {
	for i, l := range m.langs {
		if l.code == lang || !known(m.langs, lang) {
			n = max(n, len(m.words[i]))
		}
	}
	return n
}

// place is where in the query a word of a text in the given language is, or -1.
func (m *marker) place(lang string, term []byte) int {
	for i, word := range m.typed {
		if bytes.HasPrefix(plainWord(term), word) {
			return i
		}
	}
	for i, l := range m.langs {
		if l.code != lang && known(m.langs, lang) {
			continue
		}
		n, seen := m.known[i][string(term)]
		if !seen {
			n = -1
			name := string(term)
			stem, _ := m.stems[i](bytes.Clone(term))
			if at, ok := m.words[i][string(stem)]; ok {
				n = at
			}
			m.known[i][name] = n
		}
		if n >= 0 {
			return n
		}
	}
	return -1
}

// whole marks a text that is shown as a whole.
func (m *marker) whole(lang, text string) Fragment {
	text = strings.ToValidUTF8(text, "")
	f := Fragment{Text: text}
	for _, h := range m.find(lang, text, false).hits {
		f.Marks = append(f.Marks, Mark{Start: h.start, End: h.end})
	}
	return f
}
