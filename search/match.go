package search

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Matching works on whole sets of documents, which Bleve keeps as compressed bitmaps, and weighs
// only the hits that can come on a page (score.go). Bleve's own queries walk and weigh every hit:
// a word that is in a tenth of 400,000 documents costs them 20 ms a search.

// matcher finds the documents of one view for one plan.
type matcher struct {
	view  *view
	plan  plan
	parts []partMatch
}

// partMatch is what one segment has for each language of the plan.
type partMatch struct {
	*part
	langs  []langMatch
	all    *roaring.Bitmap // documents with every word and phrase, by whichever language
	titled *roaring.Bitmap // documents with every word in their title
}

// langMatch is what one segment has for the words of one language.
type langMatch struct {
	words []wordMatch
	every *roaring.Bitmap // documents with every phrase; nil if there is none to have
}

// wordMatch is where one word is: in titles and in texts.
type wordMatch struct {
	title, body fieldMatch
	count       int // of the documents that have it
}

// docs are the documents that have the word anywhere.
func (w *wordMatch) docs() *roaring.Bitmap { return union(w.title.docs, w.body.docs) }

// in are those of a set that have the word anywhere.
func (w *wordMatch) in(set *roaring.Bitmap) *roaring.Bitmap {
	return union(roaring.And(set, w.title.docs), roaring.And(set, w.body.docs))
}

type fieldMatch struct {
	list segment.PostingsList
	docs *roaring.Bitmap
}

// newMatcher looks up every word in every segment.
func newMatcher(v *view, p plan) (*matcher, error) {
	m := &matcher{view: v, plan: p, parts: make([]partMatch, len(v.parts))}
	for i := range v.parts {
		pm := &m.parts[i]
		pm.part = &v.parts[i]
		pm.langs = make([]langMatch, len(p.langs))
		pm.all, pm.titled = nothing, nothing
		for l := range p.langs {
			lm, err := pm.find(&p.langs[l])
			if err != nil {
				return nil, err
			}
			pm.langs[l] = lm
			pm.all, pm.titled = union(pm.all, lm.all()), union(pm.titled, lm.inTitle())
		}
		pm.all = pm.live(pm.all)
	}
	return m, nil
}

// live is a set without the documents that were deleted.
func (p *part) live(docs *roaring.Bitmap) *roaring.Bitmap {
	if p.deleted == nil || docs.IsEmpty() {
		return docs
	}
	return roaring.AndNot(docs, p.deleted)
}

// Sets are never changed once they are made: some lie in mapped files, and some are shared.
var nothing = roaring.New()

func union(a, b *roaring.Bitmap) *roaring.Bitmap {
	switch {
	case a.IsEmpty():
		return b
	case b.IsEmpty():
		return a
	}
	return roaring.Or(a, b)
}

func (p *part) find(w *wanted) (lm langMatch, err error) {
	titles, err := p.segment.Dictionary(w.title)
	if err != nil {
		return lm, err
	}
	bodies, err := p.segment.Dictionary(w.body)
	if err != nil {
		return lm, err
	}
	lm.words = make([]wordMatch, len(w.words))
	for i, word := range w.words {
		wm := &lm.words[i]
		if wm.title, err = lookup(titles, word); err != nil {
			return lm, err
		}
		wm.body.docs = nothing
		if !w.titles {
			if wm.body, err = lookup(bodies, word); err != nil {
				return lm, err
			}
		}
		wm.count = int(wm.title.docs.GetCardinality() + wm.body.docs.GetCardinality() - wm.title.docs.AndCardinality(wm.body.docs))
	}
	for _, ph := range w.phrases {
		docs, err := lm.phrase(ph)
		if err != nil {
			return lm, err
		}
		if lm.every == nil {
			lm.every = docs
		} else {
			lm.every = roaring.And(lm.every, docs)
		}
	}
	return lm, nil
}

func lookup(dictionary segment.TermDictionary, term []byte) (fieldMatch, error) {
	list, err := dictionary.PostingsList(term, nil, nil)
	if err != nil {
		return fieldMatch{}, err
	}
	f := fieldMatch{list: list, docs: nothing}
	if bits, ok := list.Iterator(false, false, false, nil).(segment.OptimizablePostingsIterator); ok {
		if only, one := bits.DocNum1Hit(); one {
			f.docs = roaring.BitmapOf(uint32(only))
		} else if docs := bits.ActualBitmap(); docs != nil {
			f.docs = docs
		}
	}
	return f, nil
}

// all is the documents that have every word and phrase. It begins with the rarest word, so that the
// sets of common words are never put together as a whole.
func (lm *langMatch) all() *roaring.Bitmap {
	order := make([]int, len(lm.words))
	counts := make([]int, len(lm.words))
	for i := range lm.words {
		order[i], counts[i] = i, lm.words[i].count
	}
	slices.SortFunc(order, func(a, b int) int { return counts[a] - counts[b] })
	result := lm.words[order[0]].docs()
	if lm.every != nil {
		result = roaring.And(result, lm.every)
	}
	for _, i := range order[1:] {
		if result.IsEmpty() {
			return nothing
		}
		result = lm.words[i].in(result)
	}
	return result
}

// inTitle is the documents that have every word in their title.
func (lm *langMatch) inTitle() *roaring.Bitmap {
	sets := make([]*roaring.Bitmap, 0, len(lm.words))
	for i := range lm.words {
		sets = append(sets, lm.words[i].title.docs)
	}
	return intersection(sets)
}

// intersection begins with the smallest set, which bounds its cost.
func intersection(sets []*roaring.Bitmap) *roaring.Bitmap {
	slices.SortFunc(sets, func(a, b *roaring.Bitmap) int { return int(a.GetCardinality()) - int(b.GetCardinality()) })
	result := sets[0]
	for _, set := range sets[1:] {
		if result.IsEmpty() {
			return nothing
		}
		result = roaring.And(result, set)
	}
	return result
}

// phrase is the documents that have the phrase in their title or in their text.
func (lm *langMatch) phrase(ph phrase) (*roaring.Bitmap, error) {
	found := roaring.New()
	for _, field := range []func(*wordMatch) *fieldMatch{
		func(w *wordMatch) *fieldMatch { return &w.title }, func(w *wordMatch) *fieldMatch { return &w.body },
	} {
		fields := make([]*fieldMatch, len(ph))
		sets := make([]*roaring.Bitmap, len(ph))
		for i := range ph {
			fields[i] = field(&lm.words[ph[i].word])
			sets[i] = fields[i].docs
		}
		if err := ph.verify(fields, intersection(sets), found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// verify adds to found those of the documents in which the words stand as the phrase has them.
func (ph phrase) verify(fields []*fieldMatch, docs, found *roaring.Bitmap) error {
	if docs.IsEmpty() {
		return nil
	}
	iterators := make([]segment.PostingsIterator, len(ph))
	for i, f := range fields {
		iterators[i] = f.within(docs, true)
	}
	var starts []uint64 // where in the document the phrase can begin, going by the words so far
	for docs := docs.Iterator(); docs.HasNext(); {
		doc := docs.Next()
		starts = starts[:0]
		for i, iterator := range iterators {
			posting, err := iterator.Next()
			if err != nil {
				return err
			}
			if i == 0 {
				for _, location := range posting.Locations() {
					starts = append(starts, location.Pos()-uint64(ph[0].at))
				}
				continue
			}
			starts = slices.DeleteFunc(starts, func(start uint64) bool {
				return !slices.ContainsFunc(posting.Locations(), func(l segment.Location) bool { return l.Pos() == start+uint64(ph[i].at) })
			})
		}
		if len(starts) > 0 {
			found.Add(doc)
		}
	}
	return nil
}

// within reads the postings of those documents, which must all be in the field's.
func (f *fieldMatch) within(docs *roaring.Bitmap, places bool) segment.PostingsIterator {
	iterator := f.list.Iterator(true, true, places, nil)
	if bits, ok := iterator.(segment.OptimizablePostingsIterator); ok && bits.ActualBitmap() != nil {
		bits.ReplaceActual(docs)
	}
	return iterator
}
