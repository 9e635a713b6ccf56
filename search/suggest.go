package search

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
)

const (
	maxSuggestions = 8
	maxTyped       = 6 // words that suggestions look at
	// A slip is forgiven in a word of at least minSlip letters, after the first letter and within
	// the first readSlip; maxSlips other spellings are tried.
	minSlip  = 4
	readSlip = 8
	maxSlips = 24
)

// Suggest finds ideas, threads and articles by the beginnings of the words of their titles, for a text that is still
// being typed. A word that no title has may be one letter wrong. Where titles have nothing, those that have
// the words in their text are suggested.
func (x *Index) Suggest(ctx context.Context, q Query) ([]Hit, error) {
	q.Types, q.Cursor, q.Limit, q.Sort = []string{ideas, threads, articles}, "", maxSuggestions, Relevance
	typed := typedWords(q.Text)
	p := newPlan(q.Text, x.langs)
	var page []found
	_, err := x.look(func(v *view, r *Results) (err error) {
		if page, err = x.suggest(v, &q, typed); err != nil || len(page) > 0 || len(typed) == 0 && p.number == 0 {
			return err
		}
		page, err = x.run(v, &q, p, nil, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	return x.load(ctx, page, newMarker(p, x.langs).begun(typed), &q)
}

// typedWords are the words of a text being typed, as the beginnings of words are indexed.
func typedWords(text string) (words [][]byte) {
	scan := scanner{text: cut(text, maxText)}
	for scan.next() && len(words) < maxTyped {
		if word := plainWord(scan.term); len(word) > 0 {
			words = append(words, word)
		}
	}
	// One letter at the end says nothing yet.
	if n := len(words); n > 0 && len(words[n-1]) < minBeginning {
		words = words[:n-1]
	}
	return words
}

// suggest finds what has every word in its title.
func (x *Index) suggest(v *view, q *Query, typed [][]byte) ([]found, error) {
	filter, possible := v.filter(q)
	if !possible || len(typed) == 0 {
		return nil, nil
	}
	words := make([]typedMatch, len(typed))
	for i, word := range typed {
		if err := words[i].find(v, word); err != nil {
			return nil, err
		}
		if !words[i].found && utf8.RuneCount(word) >= minSlip {
			if err := x.slips(v, &words[i], cut(string(word), readSlip)); err != nil {
				return nil, err
			}
		}
	}
	c := newCollector(v, filter, maxSuggestions)
	defer c.done()
	for part := range v.parts {
		begun, whole := make([]*roaring.Bitmap, len(words)), make([]*roaring.Bitmap, len(words))
		for i := range words {
			begun[i], whole[i] = words[i].begun[part], words[i].whole[part]
		}
		c.addAll(part, v.parts[part].live(intersection(begun)), intersection(whole))
	}
	_, page := c.split(0)
	return slices.Clone(page), nil
}

// typedMatch is where the titles are that have a word, by segment: as the beginning of a word, and as a whole one.
type typedMatch struct {
	begun, whole []*roaring.Bitmap
	found        bool
}

func (m *typedMatch) find(v *view, word []byte) error {
	for i := range v.parts {
		dictionary, err := v.parts[i].segment.Dictionary(beginningsField)
		if err != nil {
			return err
		}
		whole, err := lookup(dictionary, wholeWord(word))
		if err != nil {
			return err
		}
		begun := whole
		if utf8.RuneCount(word) >= minBeginning {
			if begun, err = lookup(dictionary, beginning(word)); err != nil {
				return err
			}
		}
		m.begun, m.whole = append(m.begun, begun.docs), append(m.whole, whole.docs)
		m.found = m.found || !begun.docs.IsEmpty()
	}
	return nil
}

// slips looks for beginnings that are spelled nearly so.
func (x *Index) slips(v *view, m *typedMatch, word string) error {
	spelling, err := x.spellings.BuildDfa(word, 1)
	if err != nil {
		return nil // it has too many spellings to try
	}
	first, size := utf8.DecodeRuneInString(word)
	from, to := []byte(word[:size]), utf8.AppendRune(nil, first+1)
	for i := range v.parts {
		dictionary, err := v.parts[i].segment.Dictionary(beginningsField)
		if err != nil {
			return err
		}
		sets := []*roaring.Bitmap{}
		for entries := dictionary.AutomatonIterator(spelling, from, to); len(sets) < maxSlips; {
			entry, err := entries.Next()
			if err != nil {
				return err
			}
			if entry == nil {
				break
			}
			similar, err := lookup(dictionary, []byte(entry.Term))
			if err != nil {
				return err
			}
			sets = append(sets, similar.docs)
		}
		m.begun[i] = roaring.FastOr(sets...)
	}
	return nil
}
