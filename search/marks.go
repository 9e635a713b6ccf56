package search

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
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

// excerptLength is how many bytes of a text an excerpt shows, more or less a word.
const excerptLength = 240

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

// hit is a word of the query in a text.
type hit struct{ start, end, word int }

func (m *marker) hits(lang, text string) (hits []hit) {
	words := scanner{text: []byte(text)}
	for words.next() {
		// No stemmer changes how a word begins, so most words need not be looked up.
		if b := words.term[0]; b < 0x80 && !m.first[b] && bytes.IndexByte(words.term, '\'') < 0 {
			continue
		}
		if n := m.place(lang, words.term); n >= 0 {
			hits = append(hits, hit{start: words.start, end: words.end, word: n})
		}
	}
	return hits
}

// whole marks a text that is shown as a whole.
func (m *marker) whole(lang, text string) Fragment {
	text = strings.ToValidUTF8(text, "")
	f := Fragment{Text: text}
	for _, h := range m.hits(lang, text) {
		f.Marks = append(f.Marks, Mark{Start: h.start, End: h.end})
	}
	return f
}

// excerpt shows the place of a text where most words of the query stand close together, or its
// beginning if none do.
func (m *marker) excerpt(lang, text string) Fragment {
	text = text[:min(len(text), maxRead)]
	hits := m.hits(lang, text)
	first, last := densest(hits)
	start := 0
	if len(hits) > 0 && len(text) > excerptLength {
		middle := (hits[first].start + hits[last].end) / 2
		start = max(0, min(hits[first].start, middle-excerptLength/2, len(text)-excerptLength))
	}
	start = wordStart(text, start)
	end := wordEnd(text, min(len(text), start+excerptLength))
	var marks []Mark
	for _, h := range hits {
		if h.start >= start && h.end <= end {
			marks = append(marks, Mark{Start: h.start - start, End: h.end - start})
		}
	}
	f := squeeze(text[start:end], marks)
	f.CutBefore, f.CutAfter = start > 0, end < len(text)
	return f
}

// maxRead bounds how much of a text is read for its excerpt, in bytes.
const maxRead = 32 << 10

// densest is the range of hits within one excerpt that has most different words, then most hits.
func densest(hits []hit) (first, last int) {
	best := 0
	var count [maxWords]int
	different, from := 0, 0
	for to, h := range hits {
		if count[h.word]++; count[h.word] == 1 {
			different++
		}
		for from < to && hits[from].start < h.end-excerptLength+20 {
			if count[hits[from].word]--; count[hits[from].word] == 0 {
				different--
			}
			from++
		}
		if value := different*100 + min(99, to-from); value > best {
			best, first, last = value, from, to
		}
	}
	return first, last
}

// squeeze makes every run of white space one space, and moves the marks with their words.
func squeeze(text string, marks []Mark) Fragment {
	var b strings.Builder
	b.Grow(len(text))
	f := Fragment{Marks: make([]Mark, 0, len(marks))}
	space := true
	for i, r := range text {
		if len(marks) > 0 && i == marks[0].Start {
			f.Marks = append(f.Marks, Mark{Start: b.Len(), End: b.Len() + marks[0].End - marks[0].Start})
			marks = marks[1:]
		}
		blank := unicode.IsSpace(r) || unicode.IsControl(r)
		switch {
		case !blank:
			b.WriteRune(r)
		case !space:
			b.WriteByte(' ')
		}
		space = blank
	}
	f.Text = strings.TrimRight(b.String(), " ")
	return f
}

// wordStart moves a place in a text forward to where a word begins, if one does nearby.
func wordStart(text string, at int) int {
	if at == 0 {
		return 0
	}
	if i := strings.IndexAny(text[at-1:min(len(text), at+40)], " \n"); i >= 0 {
		return at + i
	}
	return runeStart(text, at)
}

// wordEnd moves a place in a text back to where a word ends, if one does nearby.
func wordEnd(text string, at int) int {
	if at == len(text) {
		return at
	}
	if i := strings.LastIndexAny(text[max(0, at-40):at+1], " \n"); i > 0 {
		return max(0, at-40) + i
	}
	return runeStart(text, at)
}

func runeStart(text string, at int) int {
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}
