package search

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// excerptLength is how many bytes of a text an excerpt shows, more or less a word.
	excerptLength = 240
	// maxRead bounds how much of a text is read for its excerpt, in bytes.
	maxRead = 16 << 10
)

// excerpt shows the place of a text where most words of the query stand close together, or its
// beginning if none do.
func (m *marker) excerpt(lang, markdown string) Fragment {
	text := plain(markdown[:min(len(markdown), maxRead)])
	found := m.find(lang, text, true)
	start := 0
	if len(found.hits) > 0 && len(text) > excerptLength {
		first, last := found.hits[found.first], found.hits[found.last]
		middle := (first.start + last.end) / 2
		start = max(0, min(first.start, middle-excerptLength/2, len(text)-excerptLength))
	}
	start = wordStart(text, start)
	end := wordEnd(text, min(len(text), start+excerptLength))
	var marks []Mark
	for _, h := range found.hits {
		if h.start >= start && h.end <= end {
			marks = append(marks, Mark{Start: h.start - start, End: h.end - start})
		}
	}
	f := squeeze(text[start:end], marks)
	f.CutBefore, f.CutAfter = start > 0, end < len(strings.TrimSpace(text)) || len(markdown) > maxRead
	return f
}

// hit is a word of the query in a text.
type hit struct{ start, end, word int }

// finding is the words of the query in a text, and among them the range, no longer than an
// excerpt, that has most different words, and of such ranges most hits.
type finding struct {
	hits        []hit
	first, last int
	different   int // words in that range

	value, from, now int
	count            [maxWords]int
}

// find looks for the words of the query in a text. For an excerpt it reads no further than to where
// it has found all of them close together.
func (m *marker) find(lang, text string, excerpt bool) (f finding) {
	words := scanner{text: text}
	wanted, end := m.wanted(lang), len(text)
	for words.next() && words.end <= end {
		// No stemmer changes how a word begins, so most words need not be looked up.
		if b := words.term[0]; b < 0x80 && !m.first[b] && bytes.IndexByte(words.term, '\'') < 0 {
			continue
		}
		n := m.place(lang, words.term)
		if n < 0 {
			continue
		}
		f.add(hit{start: words.start, end: words.end, word: n})
		if excerpt && f.different >= wanted {
			end = min(end, f.hits[f.first].start+excerptLength)
		}
	}
	return f
}

func (f *finding) add(h hit) {
	f.hits = append(f.hits, h)
	if f.count[h.word]++; f.count[h.word] == 1 {
		f.now++
	}
	for f.hits[f.from].start < h.end-excerptLength+20 && f.from < len(f.hits)-1 {
		if f.count[f.hits[f.from].word]--; f.count[f.hits[f.from].word] == 0 {
			f.now--
		}
		f.from++
	}
	if value := f.now*100 + min(99, len(f.hits)-f.from); value > f.value {
		f.value, f.first, f.last, f.different = value, f.from, len(f.hits)-1, f.now
	}
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
