package search

import (
	"strconv"
	"strings"
)

// Bounds of what is looked for; the rest of a longer text is not read.
const (
	maxText  = 200 // characters
	maxWords = 16
)

// plan is what a reader's text asks for. The text is cut into words and never parsed as a
// language: no character of it but the quotation mark means anything to us or to Bleve.
type plan struct {
	number int64 // of the idea in "#123", or 0
	langs  []wanted
}

// wanted are the words to find in the fields of one language.
type wanted struct {
	*language
	at      int // place of the language
	words   [][]byte
	phrases []phrase
	titles  bool // look in titles only: there is nothing but stop words to look for
}

// phrase is words that stand at fixed distances from each other.
type phrase []placed

type placed struct {
	word int // place in wanted.words
	at   int
}

// quotationMarks makes the marks that open and close phrases one.
var quotationMarks = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`)

// newPlan reads a text. It finds nothing in a text without words.
func newPlan(text string, langs []*language) plan {
	text = strings.TrimSpace(cut(text, maxText))
	var p plan
	if digits, ok := strings.CutPrefix(text, "#"); ok {
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil && n > 0 {
			p.number = n
		}
	}
	for i, l := range langs {
		w := want(text, l, i, false)
		if len(w.words) == 0 {
			w = want(text, l, i, true)
		}
		if len(w.words) > 0 {
			p.langs = append(p.langs, w)
		}
	}
	return p
}

// cut keeps the words within the first n characters of a text.
func cut(text string, n int) string {
	for i := range text {
		if n == 0 {
			if space := strings.LastIndexByte(text[:i], ' '); space > 0 {
				return text[:space]
			}
			return text[:i]
		}
		n--
	}
	return text
}

// want reads a text in one language, with or without its stop words.
func want(text string, l *language, at int, stops bool) wanted {
	w := wanted{language: l, at: at, titles: stops}
	stem := l.stemmer()
	seen := map[string]int{}
	pieces := strings.Split(quotationMarks.Replace(text), `"`)
	for i, piece := range pieces {
		var ph phrase
		words := scanner{text: piece}
		for position := 0; words.next(); position++ {
			term, stop := stem(words.term)
			if len(term) == 0 || stop && !stops {
				continue
			}
			n, ok := seen[string(term)]
			if !ok {
				if len(w.words) == maxWords {
					break
				}
				n = len(w.words)
				seen[string(term)] = n
				w.words = append(w.words, []byte(string(term)))
			}
			ph = append(ph, placed{word: n, at: position})
		}
		if closed := i%2 == 1 && i < len(pieces)-1; closed && len(ph) > 1 {
			w.phrases = append(w.phrases, ph)
		}
	}
	return w
}
