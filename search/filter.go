package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// filter is a query's filters in the numbers of the facts; -1 filters nothing.
type filter struct {
	visible              []bool // by number of the space
	kinds                []bool // nil filters nothing
	space                int64
	inner                []bool // by number, what counts as in that space
	stage, tag, campaign int64
	lang, collection     int64
	author               int64 // 0 filters nothing
	verified             int64 // only what is verified then, a microsecond since 1970; 0 filters nothing
}

// nowhere is the number of what no document has.
const nowhere = math.MaxUint32

// filter translates the filters of a query, and tells whether the actor may see anything that they
// leave.
func (v *view) filter(q *Query) (f filter, possible bool) {
	f = filter{visible: make([]bool, len(v.spaces)), space: -1, stage: -1, tag: -1, campaign: -1, lang: -1, collection: -1, author: q.Author}
	for number, id := range v.spaces {
		f.visible[number] = slices.Contains(q.Spaces, id)
		possible = possible || f.visible[number]
	}
	if q.Space != 0 {
		possible = possible && (slices.Contains(q.Spaces, q.Space) || slices.ContainsFunc(q.Inner, func(id int64) bool { return slices.Contains(q.Spaces, id) }))
		f.space, f.inner = numberOf(v.spaces, q.Space), make([]bool, len(v.spaces))
		for number, id := range v.spaces {
			f.inner[number] = slices.Contains(q.Inner, id)
		}
	}
	if len(q.Types) > 0 {
		f.kinds = make([]bool, len(types))
		for i, kind := range types {
			f.kinds[i] = slices.Contains(q.Types, kind)
		}
	}
	if q.Stage != "" {
		f.stage = numberOf(v.stages, q.Stage)
	}
	if q.Tag != "" {
		f.tag = numberOf(v.words, q.Tag)
	}
	if q.Campaign != "" {
		f.campaign = numberOf(v.words, q.Campaign)
	}
	if q.Language != "" {
		f.lang = numberOf(v.codes, q.Language)
	}
	if q.Collection != 0 {
		f.collection = numberOf(v.shelves, q.Collection)
	}
	if !q.Verified.IsZero() {
		f.verified = q.Verified.UnixMicro()
	}
	return f, possible
}

func numberOf[T comparable](list []T, value T) int64 {
	if i := slices.Index(list, value); i >= 0 {
		return int64(i)
	}
	return nowhere
}

// Filters that have counts of their own.
const (
	byKind = 1 << iota
	bySpace
	byStage
	byLanguage
	unseen // not a choice of the reader's
)

// fails tells which filters do not let a class pass.
func (f *filter) fails(of class) (failed uint8) {
	if !f.visible[of.space] {
		failed |= unseen
	}
	if f.kinds != nil && !f.kinds[of.kind] {
		failed |= byKind
	}
	if f.space >= 0 && int64(of.space) != f.space && !f.inner[of.space] {
		failed |= bySpace
	}
	if f.stage >= 0 && int64(of.stage) != f.stage {
		failed |= byStage
	}
	if f.lang >= 0 && int64(of.lang) != f.lang {
		failed |= byLanguage
	}
	return failed
}

// narrow keeps those documents that are by the author and of the campaign asked for, and verified where that is.
func (f *filter) narrow(p *part, docs []uint32) []uint32 {
	if f.author == 0 && f.campaign < 0 && f.verified == 0 {
		return docs
	}
	return slices.DeleteFunc(docs, func(doc uint32) bool {
		return f.author != 0 && p.author[doc] != f.author || f.campaign >= 0 && int64(p.campaign[doc]) != f.campaign || f.verified != 0 && p.until[doc] <= f.verified
	})
}

// maxCounts bounds the choices of a filter that are counted.
const maxCounts = 50

// facets are the counts of each filter's choices, among what the other filters let pass.
func (c *collector) facets() Facets {
	kinds, spaces, stages, langs := make([]uint32, len(types)), make([]uint32, len(c.view.spaces)), make([]uint32, len(c.view.stages)), make([]uint32, len(c.view.codes)+1)
	for number, n := range c.classes {
		if n == 0 {
			continue
		}
		of, failed := c.view.classes[number], c.failed[number]
		if failed&^byKind == 0 {
			kinds[of.kind] += n
		}
		if failed&^bySpace == 0 {
			spaces[of.space] += n
		}
		if failed&^byStage == 0 {
			stages[of.stage] += n
		}
		if failed&^byLanguage == 0 {
			langs[of.lang] += n
		}
	}
	word := func(number int) Count { return Count{Value: c.view.words[number]} }
	return Facets{
		Types:       frequent(kinds, func(number int) Count { return Count{Value: types[number]} }),
		Spaces:      frequent(spaces, func(number int) Count { return Count{ID: c.view.spaces[number]} }),
		Stages:      frequent(stages, func(number int) Count { return Count{Value: c.view.stages[number]} }),
		Tags:        frequent(c.tags, word),
		Languages:   frequent(langs[:len(c.view.codes)], func(number int) Count { return Count{Value: c.view.codes[number]} }),
		Collections: frequent(c.shelves, func(number int) Count { return Count{ID: c.view.shelves[number]} }),
	}
}

// frequent lists the largest counts, of those that stand for something.
func frequent(counts []uint32, count func(number int) Count) []Count {
	var list []Count
	least := 0
	for number, n := range counts {
		if n == 0 || int(n) < least {
			continue
		}
		entry := count(number)
		if entry.N = int(n); entry.Value == "" && entry.ID == 0 {
			continue
		}
		list = append(list, entry)
		if len(list) == 2*maxCounts {
			slices.SortFunc(list, byCount)
			list = list[:maxCounts]
			least = list[maxCounts-1].N
		}
	}
	slices.SortFunc(list, byCount)
	return list[:min(len(list), maxCounts)]
}

func byCount(a, b Count) int {
	return cmp.Or(b.N-a.N, strings.Compare(a.Value, b.Value), cmp.Compare(a.ID, b.ID))
}
