package text

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// Bounds of a passage: characters that can be marked, and of what is kept of the text around it.
const (
	MaxPassage = 1_000
	aroundIt   = 64
)

// A Passage is some words of a text with what stands before and after them: the TextQuoteSelector of the W3C's Web Annotation. Spaces and
// the ends of lines do not count: how a page breaks a text says nothing of it.
type Passage struct {
	Quote, Prefix, Suffix string
	Place                 int // letters before it, without spaces; less than 0 if nobody knows
}

// Page is the text of rendered HTML as its readers mark it.
type Page struct {
	text    string // with a space where a block ends
	letters []rune // without spaces
	at      []int  // where each of them stands in text
}

// PageOf reads rendered HTML.
func PageOf(markup string) *Page {
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		if kind == html.TextToken {
			b.Write(tokens.Text())
			continue
		}
		if name, _ := tokens.TagName(); !inline[string(name)] {
			b.WriteByte(' ')
		}
	}
	p := &Page{text: html.UnescapeString(b.String())}
	for i, r := range p.text {
		if !unicode.IsSpace(r) {
			p.letters, p.at = append(p.letters, r), append(p.at, i)
		}
	}
	return p
}

var inline = map[string]bool{"a": true, "abbr": true, "b": true, "code": true, "del": true, "em": true, "i": true, "ins": true, "mark": true, "s": true, "span": true, "strong": true, "sub": true, "sup": true}

// unspaced are the letters of a text, without spaces.
func unspaced(s string) []rune {
	return []rune(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s))
}

// Find finds a passage: the words themselves, of several places that with the likeliest surroundings and then the nearest to where it was;
// else, near there or between its surroundings, words that differ in a quarter of their letters at most. ok is false where nothing is like
// it any more. It takes time in proportion to the page and, for words that have changed, to their length times some thousand letters.
func (p *Page) Find(s Passage) (found Passage, ok bool) {
	quote := unspaced(s.Quote)
	if len(quote) == 0 || len(quote) > len(p.letters)*2 {
		return s, false
	}
	before, after := unspaced(s.Prefix), unspaced(s.Suffix)
	if from, exact := p.exact(quote, before, after, s.Place); exact {
		return p.passage(from, from+len(quote)), true
	}
	from, to := p.alike(quote, before, after, s.Place)
	if from < 0 {
		return s, false
	}
	return p.passage(from, to), true
}

// passage is what stands between two places.
func (p *Page) passage(from, to int) Passage {
	cut := func(from, to int) string {
		if from >= to {
			return ""
		}
		end := len(p.text)
		if to < len(p.at) {
			end = p.at[to]
		}
		return strings.Join(strings.Fields(p.text[p.at[from]:end]), " ")
	}
	return Passage{cut(from, to), cut(max(from-aroundIt, 0), from), cut(to, min(to+aroundIt, len(p.letters))), from}
}

// exact finds the words as they are. What counts most is how much of the surroundings is the same, then how near it is to where it was.
func (p *Page) exact(quote, before, after []rune, place int) (best int, ok bool) {
	likeness, distance := -1, 0
	for from := 0; from+len(quote) <= len(p.letters); from++ {
		if p.letters[from] != quote[0] || !slices.Equal(p.letters[from:from+len(quote)], quote) {
			continue
		}
		alike, away := ending(p.letters[:from], before)+beginning(p.letters[from+len(quote):], after), 0
		if place >= 0 {
			away = max(from-place, place-from)
		}
		if alike > likeness || alike == likeness && away < distance {
			best, likeness, distance = from, alike, away
		}
	}
	return best, likeness >= 0
}

// ending is how many letters at the end of two texts are the same.
func ending(a, b []rune) (n int) {
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

func beginning(a, b []rune) (n int) {
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// Where words that have changed are looked for: this far around each place where they may be. Fewer letters than that are like too much.
const (
	searchedAround = 2_000
	fewestAlike    = 12
)

// alike finds words that are like those that were marked; from is -1 if there are none.
func (p *Page) alike(quote, before, after []rune, place int) (from, to int) {
	if len(quote) < fewestAlike {
		return -1, -1
	}
	from, best := -1, len(quote)/4+1
	for _, around := range p.likely(len(quote), before, after, place) {
		low, high := max(around-searchedAround, 0), min(around+len(quote)+searchedAround, len(p.letters))
		if low >= high {
			continue
		}
		if start, end, edits := nearest(p.letters[low:high], quote); edits < best {
			from, to, best = low+start, low+end, edits
		}
	}
	return from, to
}

// likely are the places where words that have changed may stand: where they were, and next to the only place with what stood beside them.
func (p *Page) likely(length int, before, after []rune, place int) (places []int) {
	if place >= 0 && place <= len(p.letters) {
		places = append(places, place)
	}
	if at, one := p.only(before); one {
		places = append(places, at+len(before))
	}
	if at, one := p.only(after); one {
		places = append(places, max(at-length, 0))
	}
	return places
}

// only is where some letters stand, if they stand in one place.
func (p *Page) only(letters []rune) (at int, one bool) {
	if len(letters) < fewestAlike {
		return 0, false
	}
	for from := 0; from+len(letters) <= len(p.letters); from++ {
		if slices.Equal(p.letters[from:from+len(letters)], letters) {
			if one {
				return 0, false
			}
			at, one = from, true
		}
	}
	return at, one
}

// nearest finds the stretch of a text that takes the fewest edits to be a pattern, by the method of Sellers: a row of distances for each
// letter of the pattern, with where the stretch began.
func nearest(text, pattern []rune) (start, end, edits int) {
	row, began := make([]int, len(text)+1), make([]int, len(text)+1)
	for j := range began {
		began[j] = j
	}
	for _, letter := range pattern {
		diagonal, from := row[0], began[0]
		row[0]++
		for j := 1; j <= len(text); j++ {
			best, begins := diagonal, from
			if text[j-1] != letter {
				best++
			}
			if row[j]+1 < best {
				best, begins = row[j]+1, began[j]
			}
			if row[j-1]+1 < best {
				best, begins = row[j-1]+1, began[j-1]
			}
			diagonal, from = row[j], began[j]
			row[j], began[j] = best, begins
		}
	}
	end = 0
	for j := range row {
		if row[j] < row[end] {
			end = j
		}
	}
	return began[end], end, row[end]
}

// Paragraph is a block of a page as somebody who marks no words can choose it.
type Paragraph struct {
	Number string // from 1
	Passage
}

// mostParagraphs is among how many blocks of a page one can choose.
const mostParagraphs = 300

var chosen = map[string]bool{"p": true, "li": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "tr": true, "pre": true}

// Paragraphs are the blocks of rendered HTML, the beginning of those that are longer than what can be marked.
func Paragraphs(markup string) (all []Paragraph) {
	var b strings.Builder
	place, begun := 0, 0
	end := func() {
		words := strings.Join(strings.Fields(html.UnescapeString(b.String())), " ")
		b.Reset()
		if words != "" && len(all) < mostParagraphs {
			if runes := []rune(words); len(runes) > MaxPassage {
				words = strings.TrimSpace(string(runes[:MaxPassage]))
			}
			all = append(all, Paragraph{strconv.Itoa(len(all) + 1), Passage{Quote: words, Place: begun}})
		}
		begun = place
	}
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		if kind == html.TextToken {
			raw := string(tokens.Text())
			b.WriteString(raw)
			place += len(unspaced(html.UnescapeString(raw)))
			continue
		}
		name, _ := tokens.TagName()
		switch {
		case chosen[string(name)]:
			end()
		case !inline[string(name)]:
			b.WriteByte(' ')
		}
	}
	end()
	return all
}
