package search

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// A hit's rank is what can be known of it without reading how often it has which word: from the
// highest bit on, whether it has all words, what share of them, whether they are all in its title,
// whether it has a title, and how new it is. It decides which hits are weighed, and the order of those
// that are not.
const (
	allWords   = uint64(1) << 63
	shareShift = 57
	titleBit   = uint64(1) << 56
	titledBit  = uint64(1) << 55
)

// found is a hit: where it is, and what orders it.
type found struct {
	rank  uint64
	ref   uint64  // its type and number, which make every order strict
	place uint64  // its segment and its number there
	score float64 // negative if it was not weighed
}

// kindBits is room for the types of records there are and will be.
const kindBits = 4

func reference(kind int, id int64) uint64 { return uint64(id)<<kindBits | uint64(kind) }

func (f found) record() (kind int, id int64) {
	return int(f.ref & (1<<kindBits - 1)), int64(f.ref >> kindBits)
}

func place(part int, doc uint32) uint64 { return uint64(part)<<32 | uint64(doc) }

func (f found) part() int { return int(f.place >> 32) }

func (f found) doc() uint32 { return uint32(f.place) }

// byScore orders hits that were weighed; all words come before some.
func byScore(a, b found) int {
	return cmp.Or(cmp.Compare(b.rank&allWords, a.rank&allWords), cmp.Compare(b.score, a.score), cmp.Compare(b.ref, a.ref))
}

// byRank orders hits that were not. It is asked for every hit that could be kept, so it compares no more than it must.
func byRank(a, b found) int {
	if a.rank != b.rank {
		return cmp.Compare(b.rank, a.rank)
	}
	return cmp.Compare(b.ref, a.ref)
}

// collector counts hits and keeps those of highest rank.
type collector struct {
	*scratch
	view     *view
	filter   filter
	newest   bool
	after    *position // keep only what comes after it, by rank
	keep     int
	least    uint64 // a lower rank is not among the best
	total    int
	complete int // of these, with every word
}

// scratch is the memory of a collector, which the next one takes over.
type scratch struct {
	best    []found  // with more that may not be, see cut
	docs    []uint32 // of one segment
	failed  []uint8  // by class, the filters that do not let it pass
	classes []uint32 // hits by class, whatever it fails
	tags    []uint32 // hits by tag, of those that pass all other filters
	shelves []uint32 // hits by collection, of those that pass all other filters
}

func newCollector(v *view, f filter, keep int) *collector {
	c := &collector{view: v, filter: f, keep: keep}
	if c.scratch, _ = v.scratches.Get().(*scratch); c.scratch == nil {
		c.scratch = new(scratch)
	}
	c.best, c.classes, c.tags, c.shelves, c.failed = c.best[:0], zeros(c.classes, len(v.classes)), zeros(c.tags, len(v.words)), zeros(c.shelves, len(v.shelves)), c.failed[:0]
	for _, of := range v.classes {
		c.failed = append(c.failed, f.fails(of))
	}
	return c
}

func zeros(s []uint32, n int) []uint32 {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

// done gives the memory back; what the collector has returned must have been copied.
func (c *collector) done() { c.view.scratches.Put(c.scratch) }

// addNumber takes the idea with a number, if it is to be seen.
func (c *collector) addNumber(number int64) error {
	for i := range c.view.parts {
		p := &c.view.parts[i]
		docs, err := p.segment.DocNumbers([]string{key(ideas, number)})
		if err != nil {
			return err
		}
		c.addSet(i, p.live(docs), allWords)
	}
	return nil
}

// addAll takes the documents of a segment that have every word; titled are those that have them
// all in their title.
func (c *collector) addAll(part int, docs, titled *roaring.Bitmap) {
	if c.newest || titled.IsEmpty() {
		c.addSet(part, docs, allWords)
		return
	}
	c.addSet(part, roaring.And(docs, titled), allWords|titleBit)
	c.addSet(part, roaring.AndNot(docs, titled), allWords)
}

func (c *collector) addSet(part int, docs *roaring.Bitmap, rank uint64) {
	n := int(docs.GetCardinality())
	c.docs = slices.Grow(c.docs[:0], n)[:n]
	docs.ToExistingArray(&c.docs)
	c.add(part, c.docs, rank)
}

// addSome takes the documents of a segment that have some words.
func (c *collector) addSome(part int, docs []partial) {
	var byShare [64][]uint32
	for _, d := range docs {
		step := 0
		if !c.newest {
			step = int(d.share * 63)
		}
		byShare[step] = append(byShare[step], d.doc)
	}
	for step, docs := range slices.Backward(byShare[:]) {
		c.add(part, docs, uint64(step)<<shareShift)
	}
}

// add counts documents of one rank, but for what they are and when they are from, and keeps the best.
// It may reorder docs.
func (c *collector) add(part int, docs []uint32, rank uint64) {
	p := &c.view.parts[part]
	classOf, failed, classes, tags := p.class, c.failed, c.classes, c.tags // looked at for every hit
	docs = c.filter.narrow(p, docs)
	for i := len(docs) - 1; i >= 0; i-- { // what was written last comes last in a segment, and the rest need not be kept
		doc := docs[i]
		class, own := classOf[doc], p.tagsOf(doc)
		shelf := p.collection[doc]
		passes := failed[class] == 0
		tagged := c.filter.tag < 0 || slices.Contains(own, uint32(c.filter.tag))
		shelved := c.filter.collection < 0 || int64(shelf) == c.filter.collection
		if passes && shelved {
			for _, tag := range own {
				tags[tag]++
			}
		}
		if passes && tagged && shelf != 0 {
			c.shelves[shelf]++
		}
		if !tagged || !shelved {
			continue
		}
		classes[class]++
		if passes {
			c.total++
			c.offer(part, doc, rank|uint64(p.minute[doc]))
		}
	}
}

// offer keeps a hit if it can be among the best and was on none of the pages before.
func (c *collector) offer(part int, doc uint32, rank uint64) {
	if rank|titledBit < c.least {
		return
	}
	p := &c.view.parts[part]
	kind := c.view.classes[p.class[doc]].kind
	if titled[kind] && !c.newest {
		rank |= titledBit
	}
	if rank < c.least {
		return
	}
	h := found{rank: rank, ref: reference(int(kind), p.id[doc]), place: place(part, doc), score: -1}
	if c.after != nil && byRank(h, c.after.found()) <= 0 {
		return
	}
	if c.best = append(c.best, h); len(c.best) == 2*c.keep {
		c.cut()
	}
}

// cut keeps the best of what has gathered. It is done now and then: to find each hit's place among the best at once
// takes several times as long.
func (c *collector) cut() {
	if len(c.best) <= c.keep {
		return
	}
	selectFirst(c.best, c.keep)
	c.best = c.best[:c.keep]
	c.least = c.best[0].rank
	for i := range c.best {
		c.least = min(c.least, c.best[i].rank)
	}
}

// selectFirst brings the first n hits by rank to the beginning, in any order.
func selectFirst(hits []found, n int) {
	for low, high := 0, len(hits)-1; low < high; {
		pivot, at := hits[(low+high)/2], low
		hits[(low+high)/2], hits[high] = hits[high], pivot
		for i := low; i < high; i++ {
			if byRank(hits[i], pivot) < 0 {
				hits[i], hits[at] = hits[at], hits[i]
				at++
			}
		}
		hits[at], hits[high] = hits[high], hits[at]
		switch {
		case at == n:
			return
		case at < n:
			low = at + 1
		default:
			high = at - 1
		}
	}
}

// split returns the n hits of highest rank, in any order, and the others, highest first.
func (c *collector) split(n int) (top, others []found) {
	c.cut()
	if len(c.best) <= n {
		return c.best, nil
	}
	selectFirst(c.best, n)
	slices.SortFunc(c.best[n:], byRank)
	return c.best[:n], c.best[n:]
}
