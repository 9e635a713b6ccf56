package search

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
)

// maxTerm bounds a word in the index, in bytes: a title of ten thousand letters is one short word.
const maxTerm = 64

// scanner cuts a text into words. It differs from Bleve's in what people look for: "C++" and "C#"
// keep their signs, a symbol such as an emoji is a word, soft hyphens and zero-width characters
// do not cut, and a full stop between two letters does.
type scanner struct {
	text       string
	at         int
	start, end int    // of the word found last, in bytes of the text
	term       []byte // that word in lower case and without combining marks, until the next call
}

// next moves to the next word and tells whether there is one.
func (s *scanner) next() bool {
	for s.at < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[s.at:])
		s.start, s.term = s.at, s.term[:0]
		s.at += size
		switch {
		case alone(r):
			s.term = utf8.AppendRune(s.term, r)
		case wordRune(r):
			s.add(r)
			s.rest()
		default:
			continue
		}
		s.end = s.at
		return true
	}
	return false
}

// rest reads on to the end of the word that has begun.
func (s *scanner) rest() {
	for s.at < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[s.at:])
		switch {
		case wordRune(r) && !alone(r), r >= 0x80 && unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
			s.add(r)
		case apostrophe(r) && s.letterAt(s.at+size):
			s.term = append(s.term, '\'')
		case r == '+' || r == '#':
			s.signs()
			return
		default:
			return
		}
		s.at += size
	}
}

// signs takes the end of "C++" and "C#" into the word, unless more of a word follows.
func (s *scanner) signs() {
	end := s.at
	for end < len(s.text) && end < s.at+2 && (s.text[end] == '+' || s.text[end] == '#') {
		end++
	}
	if sign := s.text[s.at:end]; (sign == "++" || sign == "#") && !s.letterAt(end) {
		s.term = append(s.term, sign...)
		s.at = end
	}
}

func (s *scanner) letterAt(at int) bool {
	r, _ := utf8.DecodeRuneInString(s.text[at:])
	return wordRune(r)
}

// add appends a rune as the index keeps it; accents written as combining marks and invisible
// characters leave no trace, so that a word is found however it was typed.
func (s *scanner) add(r rune) {
	if r < utf8.RuneSelf {
		if len(s.term) < maxTerm {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			s.term = append(s.term, byte(r))
		}
		return
	}
	combining := r >= 0x300 && r <= 0x36f || r >= 0xfe00 && r <= 0xfe0f
	if len(s.term) < maxTerm && !combining && !unicode.Is(unicode.Cf, r) {
		s.term = utf8.AppendRune(s.term, unicode.ToLower(r))
	}
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r))
}

// alone tells runes that are a word by themselves: symbols, and letters of scripts that put no
// space between words.
func alone(r rune) bool {
	if r < 0xa6 {
		return false
	}
	return unicode.Is(unicode.So, r) || r >= 0xe00 &&
		unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// terms is a field's text as Bleve is to index it. It is made by us and not on Bleve's goroutines,
// where a panic over some text nobody has thought of would end the program.
type terms analysis.TokenStream

// Analyze hands Bleve the terms.
func (t terms) Analyze([]byte) analysis.TokenStream { return analysis.TokenStream(t) }

// analyse cuts a text into terms of a language. Titles keep their stop words: they may be all there is to look for.
func (l *language) analyse(text string, keepStops bool) terms {
	words := scanner{text: text}
	tokens := make([]analysis.Token, 0, len(text)/7+1)
	all := make([]byte, 0, len(text))
	stem := l.stemmer()
	for position := 1; words.next(); position++ {
		term, stop := stem(words.term)
		if len(term) == 0 || stop && !keepStops {
			continue
		}
		at := len(all)
		all = append(all, term...)
		tokens = append(tokens, analysis.Token{Term: all[at:len(all):len(all)], Start: words.start, End: words.end, Position: position})
	}
	stream := make(terms, len(tokens))
	for i := range tokens {
		stream[i] = &tokens[i]
	}
	return stream
}

// Beginnings of words are indexed from two to ten letters on, so that suggestions while typing
// look up a term instead of walking the dictionary.
const (
	minBeginning = 2
	maxBeginning = 10
)

// beginnings are every beginning of every word of a title, and every whole word as wholeWord has it.
func beginnings(title string) (stream terms) {
	words := scanner{text: title}
	for words.next() {
		word := plainWord(words.term)
		count := 0
		for end := range string(word) {
			if count >= minBeginning && count <= maxBeginning {
				stream = append(stream, &analysis.Token{Term: word[:end]})
			}
			count++
		}
		if count >= minBeginning && count <= maxBeginning {
			stream = append(stream, &analysis.Token{Term: word})
		}
		if count > 0 {
			stream = append(stream, &analysis.Token{Term: wholeWord(word)})
		}
	}
	return stream
}

// beginning is the term under which words with this beginning are found.
func beginning(word []byte) []byte {
	count := 0
	for end := range string(word) {
		if count == maxBeginning {
			return word[:end]
		}
		count++
	}
	return word
}

// wholeWord is the term under which a word itself is found, among terms for beginnings.
func wholeWord(word []byte) []byte { return append(bytes.Clone(word), 0) }
