package search

import (
	"math"

	"github.com/RoaringBitmap/roaring/v2"
)

// What relevance is made of. The values were chosen on the collections that relevance_test.go reads:
// title and text weighed as one text in which a title's word counts twice was worth 2.5 points of nDCG
// over weighing them apart, and no other value of these is worth more than half a point.
const (
	saturation  = 1.2 // k1 of BM25: how soon more of the same word stops counting
	titleLength = 0.5 // b of BM25: how much a long title speaks against a word in it
	bodyLength  = 0.75
	titleBoost  = 2

	// Two choices of taste, too small to overturn a clear difference.
	postFactor   = 0.8 // what a comment's or a post's weight counts for beside others
	readerFactor = 1.2 // what a text in the reader's language counts for beside others
)

// langWeights are the weights of one language's words over the whole view.
type langWeights struct {
	words       []float64 // by rarity
	docs        []int     // with the word
	sum         float64   // of the words that there are
	all         float64   // of all words
	title, body float64   // mean lengths
}

// weights computes the weight of each word: the rarer, the heavier.
func (m *matcher) weights() []langWeights {
	out := make([]langWeights, len(m.plan.langs))
	for l := range m.plan.langs {
		w := &m.plan.langs[l]
		sum := m.view.langs[w.at]
		sum.add(m.view.langs[len(m.view.langs)-1]) // texts of unknown language are in every language's fields
		out[l] = langWeights{words: make([]float64, len(w.words)), docs: make([]int, len(w.words)),
			title: mean(sum.titleBytes, sum.titles), body: mean(sum.bodyBytes, sum.bodies)}
		for i := range w.words {
			for p := range m.parts {
				out[l].docs[i] += m.parts[p].langs[l].words[i].count
			}
			n, total := float64(out[l].docs[i]), float64(sum.bodies)
			out[l].words[i] = math.Log(1 + (max(total, n)-n+0.5)/(n+0.5))
			if out[l].all += out[l].words[i]; n > 0 {
				out[l].sum += out[l].words[i]
			}
		}
	}
	return out
}

func mean(sum int64, n int) float64 { return max(1, float64(sum)) / max(1, float64(n)) }

// score weighs documents of one segment, given in rising order: BM25 over title and text as one,
// each word once, and of two languages the better.
func (m *matcher) score(p int, docs []uint32, weights []langWeights, lang int) ([]float64, error) {
	pm := &m.parts[p]
	best := make([]float64, len(docs))
	set := roaring.BitmapOf(docs...)
	total := make([]float64, len(docs))
	count := make([]float64, len(docs))
	for l := range pm.langs {
		clear(total)
		w := &weights[l]
		for i := range pm.langs[l].words {
			word := &pm.langs[l].words[i]
			clear(count)
			if err := word.title.count(set, docs, count, titleBoost, titleLength, pm.title, w.title); err != nil {
				return nil, err
			}
			if err := word.body.count(set, docs, count, 1, bodyLength, pm.body, w.body); err != nil {
				return nil, err
			}
			for d, c := range count {
				total[d] += w.words[i] * c * (1 + saturation) / (c + saturation)
			}
		}
		for d, t := range total {
			if m.plan.langs[l].at == lang {
				t *= readerFactor
			}
			best[d] = max(best[d], t)
		}
	}
	for d, doc := range docs {
		if kind := m.view.classes[pm.class[doc]].kind; !titled[kind] {
			best[d] *= postFactor
		}
	}
	return best, nil
}

// count adds to each document how often the field has the word, in proportion to its length.
func (f *fieldMatch) count(set *roaring.Bitmap, docs []uint32, count []float64, boost, b float64, lengths []uint32, mean float64) error {
	common := roaring.And(set, f.docs)
	if common.IsEmpty() {
		return nil
	}
	iterator := f.within(common, false)
	at := 0
	for {
		posting, err := iterator.Next()
		if err != nil || posting == nil {
			return err
		}
		doc := uint32(posting.Number())
		for docs[at] != doc {
			at++
		}
		count[at] += boost * float64(posting.Frequency()) / (1 - b + b*float64(lengths[doc])/mean)
	}
}
