package search

import (
	"bytes"
	"slices"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/char/asciifolding"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
)

// language is one of the two that texts are analysed in, each with fields of its own, since a
// word's stem and its rarity differ. A text of unknown language is in the fields of both.
type language struct {
	code        string
	title, body string // names of fields
	stops       map[string]struct{}
	trim        func(term []byte) []byte // elision or possessive
	filter      analysis.TokenFilter     // the stemmer
}

// languages of texts, French first.
func languages() []*language {
	return []*language{
		{code: "fr", title: "title_fr", body: "body_fr", stops: stops(fr.FrenchStopWords, "ete", "etes", "etee", "etees"),
			trim: elision(), filter: fr.NewFrenchLightStemmerFilter()},
		{code: "en", title: "title_en", body: "body_en", stops: stops(en.EnglishStopWords),
			trim: func(term []byte) []byte { return bytes.TrimSuffix(term, []byte("'s")) }, filter: porter.NewPorterStemmer()},
	}
}

// stops reads a list of Bleve and folds it as terms are, so that "meme" is the stop word that
// "même" is; without the given words: "été" is summer before it is a participle.
func stops(list []byte, without ...string) map[string]struct{} {
	words := analysis.NewTokenMap()
	if err := words.LoadBytes(list); err != nil {
		panic(err) // it reads from memory
	}
	folded := make(map[string]struct{}, len(words))
	for word := range words {
		if word = string(fold([]byte(word))); !slices.Contains(without, word) {
			folded[word] = struct{}{}
		}
	}
	return folded
}

func elision() func(term []byte) []byte {
	articles := analysis.NewTokenMap()
	if err := articles.LoadBytes(fr.FrenchArticles); err != nil {
		panic(err) // it reads from memory
	}
	return func(term []byte) []byte {
		if i := bytes.IndexByte(term, '\''); i > 0 && articles[string(term[:i])] {
			return term[i+1:]
		}
		return term
	}
}

// stemmer returns a function from a scanned word to its term in the index and whether that is a
// stop word. What it returns is valid until its next call; it is for one goroutine.
func (l *language) stemmer() func(term []byte) (stem []byte, stop bool) {
	token := &analysis.Token{}
	stream := analysis.TokenStream{token}
	return func(term []byte) ([]byte, bool) {
		term = fold(l.trim(term))
		if _, stop := l.stops[string(term)]; stop {
			return term, true
		}
		// The stemmers go by letters and would make "20ies" and "c++" into something else.
		if !letters(term) {
			return term, false
		}
		token.Term = term
		return l.filter.Filter(stream)[0].Term, false
	}
}

// fold removes accents. Bleve's French stemmer does so only for words of more than four letters,
// and "idée" has four.
func fold(term []byte) []byte {
	for _, b := range term {
		if b >= 0x80 {
			return asciifolding.New().Filter(term)
		}
	}
	return term
}

func letters(term []byte) bool {
	for _, b := range term {
		if b < 'a' && b != '\'' || b > 'z' && b < 0x80 {
			return false
		}
	}
	return true
}

// plainWord is a word as suggestions know it: without article and accents, but not stemmed,
// since it may still be growing under the reader's fingers.
func plainWord(term []byte) []byte {
	if i := bytes.LastIndexByte(term, '\''); i > 0 && i < len(term)-1 {
		term = term[i+1:]
	}
	return bytes.Clone(fold(term))
}
