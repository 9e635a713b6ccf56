package search

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// When few documents have every word, those that have some follow. Natural questions live by it: what
// answers them often has a fifth of their words' weight.

// shares are the parts of the words' weight that a document without all words must hold, and
// looked is how many documents may be looked at for it. Among many documents there are enough that
// hold more, so the least share is the first that keeps to that.
var shares = [...]float64{0.1, 0.3, 0.5}

const looked = 20_000

// widening is how a search is widened: the share to hold, and by language the words without one of
// which it cannot be held. The commonest words weigh so little that a document with only those need
// not be looked at.
type widening struct {
	share     float64
	essential [][]int
}

func widen(weights []langWeights) (w widening) {
	for _, share := range shares {
		w = widening{share: share}
		docs := 0
		for l := range weights {
			words := weights[l].essential(share)
			for _, i := range words {
				docs += weights[l].docs[i]
			}
			w.essential = append(w.essential, words)
		}
		if docs <= looked {
			break
		}
	}
	return w
}

// essential are the words of which a document must have one to hold a share of the weight.
func (w *langWeights) essential(share float64) []int {
	order := make([]int, len(w.words))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(w.words[a], w.words[b]) })
	light := 0.0
	for n, i := range order {
		if light += w.words[i]; light >= share*w.sum {
			return order[n:] // the words that no document has weigh most, so they are among them
		}
	}
	return nil
}

// union is the documents that have one of the words.
func (lm *langMatch) union(words []int) *roaring.Bitmap {
	sets := make([]*roaring.Bitmap, 0, 2*len(words))
	for _, i := range words {
		sets = append(sets, lm.words[i].title.docs, lm.words[i].body.docs)
	}
	return roaring.FastOr(sets...)
}

// partial is a document that holds some of the words, with the share of their weight it holds.
type partial struct {
	doc   uint32
	share float64
}

// some finds, in one segment, the documents without all words that hold the share in one language.
// Phrases stay obligatory.
func (m *matcher) some(p int, weights []langWeights, w widening) []partial {
	pm := &m.parts[p]
	var out []partial
	for l := range pm.langs {
		lm := &pm.langs[l]
		docs := lm.union(w.essential[l])
		if lm.every != nil {
			docs = roaring.And(docs, lm.every)
		}
		held := newTally(roaring.AndNot(pm.live(docs), pm.all))
		for i := range lm.words {
			held.add(lm.words[i].in(held.set), weights[l].words[i])
		}
		var found []partial
		for i, doc := range held.docs {
			if share := held.sums[i] / weights[l].sum; share >= w.share {
				found = append(found, partial{doc: doc, share: min(share, 1)})
			}
		}
		out = merge(out, found)
	}
	return out
}

// merge puts two lists in the order of their documents into one. A document of unknown language may be
// in both, and keeps the larger share.
func merge(a, b []partial) []partial {
	if len(a) == 0 {
		return b
	}
	out := make([]partial, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].doc < b[0].doc:
			out, a = append(out, a[0]), a[1:]
		case a[0].doc > b[0].doc:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, partial{doc: a[0].doc, share: max(a[0].share, b[0].share)}), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// tally adds up a number for each document of a set.
type tally struct {
	set  *roaring.Bitmap
	docs []uint32
	sums []float64
}

func newTally(set *roaring.Bitmap) *tally {
	docs := set.ToArray()
	return &tally{set: set, docs: docs, sums: make([]float64, len(docs))}
}

// add adds to those of its documents that are in a part of its set.
func (t *tally) add(part *roaring.Bitmap, weight float64) {
	at := 0
	for docs := part.Iterator(); docs.HasNext(); {
		doc := docs.Next()
		for t.docs[at] != doc {
			at++
		}
		t.sums[at] += weight
	}
}
