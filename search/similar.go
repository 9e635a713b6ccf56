package search

import (
	"cmp"
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

const (
	maxSimilar = 5
	// nearness is the share of a title's weight that an idea must hold to be called similar. A word
	// counts in full in the idea's title and by half in its text.
	nearness = 0.5
	inText   = 0.5
)

// Similar finds the ideas nearest to a title that is being written, nearest first, and none if
// nothing is near. The title needs two words that say something.
func (x *Index) Similar(ctx context.Context, title string, spaces []int64) ([]Hit, error) {
	p := newPlan(title, x.langs)
	page, err := x.similar(p, spaces)
	if err != nil {
		return nil, err
	}
	return x.load(ctx, page, newMarker(p, x.langs), spaces)
}

// SimilarIdeas is Similar for who reads the ideas themselves: their numbers alone.
func (x *Index) SimilarIdeas(title string, spaces []int64) (ids []int64, err error) {
	page, err := x.similar(newPlan(title, x.langs), spaces)
	for _, hit := range page {
		_, id := hit.record()
		ids = append(ids, id)
	}
	return ids, err
}

func (x *Index) similar(p plan, spaces []int64) (page []found, err error) {
	_, err = x.look(func(v *view, _ *Results) (err error) {
		page, err = v.similar(p, spaces)
		return err
	})
	return page, err
}

func (v *view) similar(p plan, spaces []int64) ([]found, error) {
	p.langs = slices.DeleteFunc(p.langs, func(w wanted) bool { return w.titles || len(w.words) < 2 })
	filter, possible := v.filter(&Query{Spaces: spaces})
	if !possible || len(p.langs) == 0 {
		return nil, nil
	}
	m, err := newMatcher(v, p)
	if err != nil {
		return nil, err
	}
	var near []found
	weights := m.weights()
	for part := range m.parts {
		for l := range m.parts[part].langs {
			near = m.near(near, part, l, &weights[l], filter.visible)
		}
	}
	slices.SortFunc(near, func(a, b found) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.ref, a.ref)) })
	near = slices.CompactFunc(near, func(a, b found) bool { return a.ref == b.ref }) // found in both languages, with equal words
	return near[:min(len(near), maxSimilar)], nil
}

// near appends the ideas of a segment that are near to the words in one language.
func (m *matcher) near(list []found, part, lang int, w *langWeights, visible []bool) []found {
	pm := &m.parts[part]
	lm := &pm.langs[lang]
	held := newTally(roaring.And(pm.live(lm.union(w.essential(nearness))), pm.ideas))
	for i := range lm.words {
		held.add(lm.words[i].in(held.set), inText*w.words[i])
		held.add(roaring.And(held.set, lm.words[i].title.docs), (1-inText)*w.words[i])
	}
	for i, doc := range held.docs {
		if s := held.sums[i] / w.all; s >= nearness && visible[m.view.classes[pm.class[doc]].space] {
			list = append(list, found{ref: reference(ideaKind, pm.id[doc]), place: place(part, doc), score: s})
		}
	}
	return list
}
