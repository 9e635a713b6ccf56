package search

import (
	"encoding/binary"
	"errors"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// columns are the facts of one segment's documents, about 60 bytes each. A segment never changes,
// so neither do they.
type columns struct {
	class       []uint32 // number of its class
	minute      []uint32
	id, author  []int64
	campaign    []uint32
	collection  []uint32 // number of its collection, 0 for what is in none
	until       []int64  // the microsecond until which it is verified
	title, body []uint32
	tags        []uint32
	tagsEnd     []uint32 // of a document's tags in tags, where those of the next begin
	langs       []langSum
	kinds       [len(titled)]*roaring.Bitmap // which records are of those that have titles of their own; nil for the others
}

// class is what many documents have in common. Every hit of a common word is counted, so it must cost
// next to nothing: one count for its class, of which there are few, and from these all the others.
type class struct {
	kind, space, stage, lang uint32
}

func (c *columns) tagsOf(doc uint32) []uint32 {
	from := uint32(0)
	if doc > 0 {
		from = c.tagsEnd[doc-1]
	}
	return c.tags[from:c.tagsEnd[doc]]
}

// langSum adds up the texts of one language, for the mean length that relevance is weighed by.
type langSum struct {
	titles, bodies        int
	titleBytes, bodyBytes int64
}

// factCache keeps the columns of the segments in use, and the numbers of the few strings and
// spaces that facts repeat.
type factCache struct {
	mu      sync.Mutex
	columns map[segment.Segment]*columns
	word    map[string]uint32
	words   []string
	stage   map[string]uint32 // 0 is that of what has none
	stages  []string
	space   map[int64]uint32
	spaces  []int64
	shelf   map[int64]uint32 // of collections; 0 is that of what is in none
	shelves []int64
	class   map[class]uint32
	classes []class
	codes   []string // of the languages

	scratches sync.Pool // of the collectors that work on its views
}

func newFactCache(langs []*language) *factCache {
	c := &factCache{columns: map[segment.Segment]*columns{}, word: map[string]uint32{"": 0}, words: []string{""}, stage: map[string]uint32{"": 0}, stages: []string{""}, space: map[int64]uint32{}, shelf: map[int64]uint32{0: 0}, shelves: []int64{0}, class: map[class]uint32{}}
	for _, l := range langs {
		c.codes = append(c.codes, l.code)
	}
	return c
}

// view reads the facts of segments that are new in this snapshot and forgets those of older ones.
func (c *factCache) view(snapshot *scorch.IndexSnapshot) (*view, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	segments := snapshot.Segments()
	v := &view{snapshot: snapshot, scratches: &c.scratches, parts: make([]part, len(segments)), langs: make([]langSum, len(c.codes)+1)}
	stale := len(c.columns) > len(segments)
	for i, s := range segments {
		loaded, ok := c.columns[s.Segment()]
		if !ok {
			var err error
			if loaded, err = c.load(s.Segment()); err != nil {
				return nil, err
			}
			c.columns[s.Segment()] = loaded
		}
		v.parts[i] = part{segment: s.Segment(), deleted: s.Deleted(), columns: loaded}
		for l, sum := range loaded.langs {
			v.langs[l].add(sum)
		}
	}
	if stale {
		clear(c.columns)
		for _, p := range v.parts {
			c.columns[p.segment] = p.columns
		}
	}
	v.words, v.stages, v.spaces, v.shelves, v.classes, v.codes = c.words, c.stages, c.spaces, c.shelves, c.classes, c.codes // only ever appended to
	return v, nil
}

func (l *langSum) add(o langSum) {
	l.titles += o.titles
	l.bodies += o.bodies
	l.titleBytes += o.titleBytes
	l.bodyBytes += o.bodyBytes
}

func (c *factCache) load(s segment.Segment) (*columns, error) {
	n := int(s.Count())
	cols := &columns{class: make([]uint32, n), minute: make([]uint32, n), id: make([]int64, n), author: make([]int64, n), campaign: make([]uint32, n),
		collection: make([]uint32, n), until: make([]int64, n), title: make([]uint32, n), body: make([]uint32, n), tagsEnd: make([]uint32, n), langs: make([]langSum, len(c.codes)+1)}
	for kind := range titled {
		if titled[kind] {
			cols.kinds[kind] = roaring.New()
		}
	}
	for d := range n {
		var failure error
		err := s.VisitStoredFields(uint64(d), func(field string, _ byte, value []byte, _ []uint64) bool {
			if field == factsField {
				failure = c.unpack(cols, d, value)
			}
			return true
		})
		if err = errors.Join(err, failure); err != nil {
			return nil, err
		}
	}
	return cols, nil
}

// unpack reads what facts.pack wrote into row d.
func (c *factCache) unpack(cols *columns, d int, b []byte) error {
	var n [10]uint64
	for i := range n {
		size := 0
		if n[i], size = binary.Uvarint(b); size <= 0 {
			return errFacts
		}
		b = b[size:]
	}
	if n[0] >= uint64(len(types)) || n[7] > uint64(len(c.codes)) {
		return errFacts
	}
	of := class{kind: uint32(n[0]), space: numberFor(c.space, &c.spaces, int64(n[2])), lang: uint32(n[7])}
	cols.id[d], cols.author[d], cols.minute[d], cols.title[d], cols.body[d] = int64(n[1]), int64(n[3]), uint32(n[4]), uint32(n[5]), uint32(n[6])
	cols.collection[d], cols.until[d] = numberFor(c.shelf, &c.shelves, int64(n[8])), int64(n[9])
	sum := langSum{bodies: 1, bodyBytes: int64(n[6])}
	if titled[n[0]] {
		sum.titles, sum.titleBytes = 1, int64(n[5])
	}
	if of := cols.kinds[n[0]]; of != nil {
		of.Add(uint32(d))
	}
	cols.langs[n[7]].add(sum)
	for i := 0; len(b) > 0; i++ {
		length, size := binary.Uvarint(b)
		if size <= 0 || length > uint64(len(b)-size) {
			return errFacts
		}
		word := b[size : size+int(length)]
		b = b[size+int(length):]
		switch i {
		case 0:
			of.stage = c.stageNumber(word)
		case 1:
			cols.campaign[d] = c.wordNumber(word)
		default:
			cols.tags = append(cols.tags, c.wordNumber(word))
		}
	}
	cols.class[d], cols.tagsEnd[d] = numberFor(c.class, &c.classes, of), uint32(len(cols.tags))
	return nil
}

// numberFor gives each value a number, in the order in which they come.
func numberFor[T comparable](numbers map[T]uint32, values *[]T, value T) uint32 {
	number, ok := numbers[value]
	if !ok {
		number = uint32(len(*values))
		numbers[value] = number
		*values = append(*values, value)
	}
	return number
}

func (c *factCache) wordNumber(s []byte) uint32 {
	if number, ok := c.word[string(s)]; ok {
		return number
	}
	return numberFor(c.word, &c.words, string(s))
}

func (c *factCache) stageNumber(s []byte) uint32 {
	if number, ok := c.stage[string(s)]; ok {
		return number
	}
	return numberFor(c.stage, &c.stages, string(s))
}
