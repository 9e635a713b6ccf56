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

// Similar finds what is nearest to a title that is being written, nearest first, and nothing if nothing is near. The title needs two
// words that say something. Of each type, ideas or threads, there are a few; of ideas alone if none is named.
func (x *Index) Similar(ctx context.Context, title string, spaces []int64, types ...string) ([]Hit, error) {
	p := newPlan(title, x.langs)
	page, err := x.similar(p, spaces, types)
	if err != nil {
		return nil, err
	}
	return x.load(ctx, page, newMarker(p, x.langs), &Query{Spaces: spaces})
}

// Ref is a record by its type and number.
type Ref struct {
	Type string
	ID   int64
}

// SimilarRefs is Similar for who reads the records themselves.
func (x *Index) SimilarRefs(title string, spaces []int64, types ...string) (refs []Ref, err error) {
	page, err := x.similar(newPlan(title, x.langs), spaces, types)
	return refsOf(page), err
}

func refsOf(page []found) (refs []Ref) {
	for _, hit := range page {
		kind, id := hit.record()
		refs = append(refs, Ref{types[kind], id})
	}
	return refs
}

func (x *Index) similar(p plan, spaces []int64, wanted []string) (page []found, err error) {
	kinds := []int{slices.Index(types, ideas)}
	if len(wanted) > 0 {
		kinds = kinds[:0]
		for kind := range titled {
			if titled[kind] && slices.Contains(wanted, types[kind]) {
				kinds = append(kinds, kind)
			}
		}
	}
	_, err = x.look(func(v *view, _ *Results) (err error) {
		page, err = v.similar(p, spaces, kinds)
		return err
	})
	return page, err
}

func (v *view) similar(p plan, spaces []int64, kinds []int) ([]found, error) {
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
			near = m.near(near, nearTo{part, l, &weights[l], kinds, filter.visible})
		}
	}
	slices.SortFunc(near, func(a, b found) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.ref, a.ref)) })
	near = slices.CompactFunc(near, func(a, b found) bool { return a.ref == b.ref }) // found in both languages, with equal words
	counts := [len(titled)]int{}
	return slices.DeleteFunc(near, func(f found) bool {
		kind, _ := f.record()
		counts[kind]++
		return counts[kind] > maxSimilar
	}), nil
}

// nearTo is where near looks, and for what.
type nearTo struct {
	part, lang int
	weights    *langWeights
	kinds      []int
	visible    []bool
}

// near appends the records of a segment that are near to the words in one language.
func (m *matcher) near(list []found, in nearTo) []found {
	pm, w := &m.parts[in.part], in.weights
	lm := &pm.langs[in.lang]
	essential := pm.live(lm.union(w.essential(nearness)))
	for _, kind := range in.kinds {
		held := newTally(roaring.And(essential, pm.kinds[kind]))
		for i := range lm.words {
			held.add(lm.words[i].in(held.set), inText*w.words[i])
			held.add(roaring.And(held.set, lm.words[i].title.docs), (1-inText)*w.words[i])
		}
		for i, doc := range held.docs {
			if s := held.sums[i] / w.all; s >= nearness && in.visible[m.view.classes[pm.class[doc]].space] {
				list = append(list, found{ref: reference(kind, pm.id[doc]), place: place(in.part, doc), score: s})
			}
		}
	}
	return list
}
