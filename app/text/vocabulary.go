package text

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// TermWord is a word, or a few, that means something particular: the term of a number, in a language or in any.
type TermWord struct {
	Term  int64
	Space int64 // in which it means that
	Lang  string
	Word  string
}

// Vocabulary finds terms in texts: the words of one lead to it, so that a text is gone through once however many terms there are.
type Vocabulary struct {
	phrases map[string][]entry // by all their words in small letters
	longest map[string]int     // by a first word: of how many words those are at most that begin with it
}

// entry is a term with the words that it is made of. One in capitals is only found so: "IT" is not "it".
type entry struct {
	TermWord
	words    []string
	capitals bool
}

// NewVocabulary is a vocabulary of some words. One that is a single letter or sign is left out: it would be found everywhere.
func NewVocabulary(words []TermWord) *Vocabulary {
	v := &Vocabulary{phrases: make(map[string][]entry, len(words)), longest: make(map[string]int, len(words))}
	for _, word := range words {
		made := entry{TermWord: word, capitals: word.Word == strings.ToUpper(word.Word)}
		letters := 0
		for _, t := range tokens(word.Word) {
			made.words = append(made.words, made.form(t.text))
			letters += utf8.RuneCountInString(t.text)
		}
		if letters > 1 {
			phrase, first := strings.ToLower(strings.Join(made.words, " ")), strings.ToLower(made.words[0])
			v.phrases[phrase] = append(v.phrases[phrase], made)
			v.longest[first] = max(v.longest[first], len(made.words))
		}
	}
	return v
}

// form is a word as this entry compares it.
func (e *entry) form(word string) string {
	if e.capitals {
		return word
	}
	return strings.ToLower(word)
}

// token is a word in a text: letters and digits.
type token struct {
	text       string
	start, end int
}

// tokens are the words of a text, or of a text with character references in it, which are no words.
func tokens(text string) (found []token) {
	start := -1
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch inside := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r); {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			found = append(found, token{text[start:i], start, i})
			start = -1
		}
		if r == '&' {
			if end := strings.IndexByte(text[i:min(len(text), i+10)], ';'); end > 0 {
				size = end + 1
			}
		}
		i += size
	}
	if start >= 0 {
		found = append(found, token{text[start:], start, len(text)})
	}
	return found
}

// find looks for the longest term that begins with the first of some tokens, and says of how many it is made; 0 for none.
func (v *Vocabulary) find(text string, at []token, fits func(*entry) bool) (found *entry, n int) {
	if v == nil {
		return nil, 0
	}
	first := strings.ToLower(at[0].text)
	most := v.longest[first]
	if most == 0 { // more than one of something that has a single word
		most = min(v.longest[singular(first)], 1)
	}
	phrase := ""
	for i := range min(most, len(at)) {
		word := strings.ToLower(at[i].text)
		if e := v.among(phrase+word, text, at, fits); e != nil {
			found, n = e, i+1
		} else if one := singular(word); one != word {
			if e := v.among(phrase+one, text, at, fits); e != nil {
				found, n = e, i+1
			}
		}
		phrase += word + " "
	}
	return found, n
}

// among is the term of a phrase that the tokens begin with, nil if there is none.
func (v *Vocabulary) among(phrase, text string, at []token, fits func(*entry) bool) *entry {
	for i := range v.phrases[phrase] {
		if e := &v.phrases[phrase][i]; e.reads(text, at) && fits(e) {
			return e
		}
	}
	return nil
}

// reads tells whether the tokens begin with the words of the entry, with nothing between them but a space or what joins words. The
// last word may have an s for more than one.
func (e *entry) reads(text string, at []token) bool {
	if len(at) < len(e.words) {
		return false
	}
	for i, word := range e.words {
		said := e.form(at[i].text)
		if said != word && (i != len(e.words)-1 || singular(said) != word) {
			return false
		}
		if i > 0 && !joins(text[at[i-1].end:at[i].start]) {
			return false
		}
	}
	return true
}

func singular(word string) string {
	if len(word) > 3 && word[len(word)-1] == 's' {
		return word[:len(word)-1]
	}
	return word
}

func joins(between string) bool {
	return len(between) <= 8 && strings.Trim(html.UnescapeString(between), " \n\u00a0\u202f-\u2010\u2011'’&/") == ""
}

// A Marked is a rendered text, in the language in which it is written, in which terms are marked.
type Marked struct {
	HTML *string
	Lang string
}

// unmarked are the elements in which no term is marked: what already leads somewhere, what is no prose, and headings.
var unmarked = map[string]bool{"a": true, "code": true, "pre": true, "button": true, "summary": true, "script": true, "style": true, "svg": true, "kbd": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true}

// unmarkedClass are the classes of those in which none is: names, and what the house says in a text.
var unmarkedClass = map[string]bool{"mention": true, "callout-word": true, "quoted-head": true}

// MostMarked bounds how many terms are marked on one page.
const MostMarked = 60

// MarkTerms marks the first occurrence of each term in the texts of a page that stands in a space the reader sees, and returns which were
// found, in order. Of two vocabularies the first has the word first; link writes the word with what leads to its term.
func MarkTerms(texts []Marked, sees func(space int64) bool, link func(term int64, word string) string, vocabularies ...*Vocabulary) (terms []int64) {
	m := marker{sees: sees, link: link, vocabularies: vocabularies, known: map[int64]bool{}}
	for _, one := range texts {
		m.lang = one.Lang
		if before := len(m.found); before < MostMarked {
			if marked := m.mark(*one.HTML); len(m.found) > before {
				*one.HTML = marked
			}
		}
	}
	return m.found
}

// marker goes through the texts of one page.
type marker struct {
	sees         func(space int64) bool
	link         func(term int64, word string) string
	vocabularies []*Vocabulary
	lang         string // of the text that it goes through
	known        map[int64]bool
	found        []int64
}

func (m *marker) mark(rendered string) string {
	var out bytes.Buffer
	within, depth := "", 0 // the element in which nothing is marked, and how many of its kind are open
	z := html.NewTokenizer(strings.NewReader(rendered))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.String()
		}
		raw := z.Raw()
		switch {
		case kind == html.TextToken && depth == 0 && len(m.found) < MostMarked:
			m.text(&out, string(raw))
			continue
		case kind == html.StartTagToken || kind == html.EndTagToken:
			raw = bytes.Clone(raw) // which TagName writes over
			name, attributes := z.TagName()
			switch {
			case depth > 0 && string(name) == within && kind == html.StartTagToken:
				depth++
			case depth > 0 && string(name) == within:
				depth--
			case depth == 0 && kind == html.StartTagToken && (unmarked[string(name)] || attributes && unmarkedClass[class(z)]):
				within, depth = string(name), 1
			}
		}
		out.Write(raw)
	}
}

// class is that of the element whose tag was just read.
func class(z *html.Tokenizer) string {
	for {
		key, value, more := z.TagAttr()
		if string(key) == "class" {
			return string(value)
		}
		if !more {
			return ""
		}
	}
}

// fits tells whether a term is to be marked here: the reader may see it, it is of the language of the text, and new on the page.
func (m *marker) fits(e *entry) bool {
	return !m.known[e.Term] && (e.Lang == "" || m.lang == "" || e.Lang == m.lang) && m.sees(e.Space)
}

func (m *marker) text(out *bytes.Buffer, text string) {
	words, written := tokens(text), 0
	for i := 0; i < len(words) && len(m.found) < MostMarked; i++ {
		for _, vocabulary := range m.vocabularies {
			e, n := vocabulary.find(text, words[i:], m.fits)
			if n == 0 {
				continue
			}
			m.known[e.Term], m.found = true, append(m.found, e.Term)
			out.WriteString(text[written:words[i].start])
			out.WriteString(m.link(e.Term, text[words[i].start:words[i+n-1].end]))
			written, i = words[i+n-1].end, i+n-1
			break
		}
	}
	out.WriteString(text[written:])
}
