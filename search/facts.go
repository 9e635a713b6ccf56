package search

import (
	"encoding/binary"
	"errors"
	"math"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"ruche/models"
)

// facts are what a search must know of a document without reading it. They are stored with the
// document and kept in memory, so that filters, counts and orders cost nanoseconds a hit: through
// Bleve's own facets and sorts they cost a microsecond, and every hit of a common word pays.
type facts struct {
	kind        uint64 // place in types
	id          int64
	space       int64
	author      int64
	minute      uint32 // of its publication, since 1970
	title, body uint32 // lengths in bytes, which stand for lengths in words
	lang        uint64 // place of its language, or how many there are if unknown
	stage       string // like campaign and tags of ideas alone
	campaign    string
	tags        []string
}

func factsOf(r *models.SearchRecord, length int, langs []*language) facts {
	f := facts{id: r.ID, space: r.SpaceID, author: r.AuthorID, minute: minute(r.At), body: uint32(length), lang: uint64(len(langs))}
	for i, l := range langs {
		if l.code == r.Lang {
			f.lang = uint64(i)
		}
	}
	if r.Type != ideas {
		f.kind = 1
		return f
	}
	f.title, f.stage, f.campaign, f.tags = uint32(len(r.Title)), r.Stage, r.Campaign, r.Tags
	return f
}

func minute(at time.Time) uint32 { return uint32(max(0, at.Unix()/60)) }

// pack writes the facts as bytes: numbers as varints, strings after their length.
func (f facts) pack() []byte {
	b := make([]byte, 0, 64)
	for _, n := range []uint64{f.kind, uint64(f.id), uint64(f.space), uint64(f.author), uint64(f.minute), uint64(f.title), uint64(f.body), f.lang} {
		b = binary.AppendUvarint(b, n)
	}
	for _, s := range append([]string{f.stage, f.campaign}, f.tags...) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

var errFacts = errors.New("facts of a document cannot be read")

// view is an index at one moment: its segments, each with the facts of its documents.
type view struct {
	snapshot *scorch.IndexSnapshot
	parts    []part
	words    []string // what the numbers of campaigns and tags stand for
	stages   []string // like those of stages
	spaces   []int64  // and those of spaces
	langs    []langSum
}

// part is one segment of a view.
type part struct {
	segment segment.Segment
	deleted *roaring.Bitmap // nil if none
	*columns
}

// columns are the facts of one segment's documents, about 45 bytes each. A segment never changes,
// so neither do they.
type columns struct {
	kind, lang      []uint8
	id, author      []int64
	minute          []uint32
	title, body     []uint32
	space, campaign []uint32
	stage           []uint8
	tags            []uint32 // those of document d are tags[tagsOf[d]:tagsOf[d+1]]
	tagsOf          []uint32
	langs           []langSum
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
	stages  []string
	space   map[int64]uint32
	spaces  []int64
	nlangs  int
}

func newFactCache(nlangs int) *factCache {
	return &factCache{columns: map[segment.Segment]*columns{}, word: map[string]uint32{"": 0}, words: []string{""}, stages: []string{""}, space: map[int64]uint32{}, nlangs: nlangs}
}

// view reads the facts of segments that are new in this snapshot and forgets those of older ones.
func (c *factCache) view(snapshot *scorch.IndexSnapshot) (*view, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	segments := snapshot.Segments()
	v := &view{snapshot: snapshot, parts: make([]part, len(segments)), langs: make([]langSum, c.nlangs+1)}
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
	v.words, v.stages, v.spaces = c.words, c.stages, c.spaces // only ever appended to
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
	cols := &columns{
		kind: make([]uint8, n), lang: make([]uint8, n), id: make([]int64, n), author: make([]int64, n), minute: make([]uint32, n),
		title: make([]uint32, n), body: make([]uint32, n), space: make([]uint32, n), stage: make([]uint8, n), campaign: make([]uint32, n),
		tagsOf: make([]uint32, n+1), langs: make([]langSum, c.nlangs+1),
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
		cols.tagsOf[d+1] = uint32(len(cols.tags))
	}
	return cols, nil
}

// unpack reads what facts.pack wrote into row d.
func (c *factCache) unpack(cols *columns, d int, b []byte) error {
	var n [8]uint64
	for i := range n {
		size := 0
		if n[i], size = binary.Uvarint(b); size <= 0 {
			return errFacts
		}
		b = b[size:]
	}
	if n[0] >= uint64(len(types)) || n[7] > uint64(c.nlangs) {
		return errFacts
	}
	cols.kind[d], cols.id[d], cols.space[d], cols.author[d] = uint8(n[0]), int64(n[1]), c.spaceNumber(int64(n[2])), int64(n[3])
	cols.minute[d], cols.title[d], cols.body[d], cols.lang[d] = uint32(n[4]), uint32(n[5]), uint32(n[6]), uint8(n[7])
	sum := langSum{bodies: 1, bodyBytes: int64(n[6])}
	if n[0] == 0 {
		sum.titles, sum.titleBytes = 1, int64(n[5])
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
			cols.stage[d] = c.stageNumber(word)
		case 1:
			cols.campaign[d] = c.wordNumber(word)
		default:
			cols.tags = append(cols.tags, c.wordNumber(word))
		}
	}
	return nil
}

func (c *factCache) wordNumber(s []byte) uint32 {
	number, ok := c.word[string(s)]
	if !ok {
		number = uint32(len(c.words))
		c.word[string(s)] = number
		c.words = append(c.words, string(s))
	}
	return number
}

// stageNumber is 0 for the stage of a comment, and for stages beyond what a byte can tell apart.
func (c *factCache) stageNumber(s []byte) uint8 {
	for i, stage := range c.stages {
		if string(s) == stage {
			return uint8(i)
		}
	}
	if len(c.stages) > math.MaxUint8 {
		return 0
	}
	c.stages = append(c.stages, string(s))
	return uint8(len(c.stages) - 1)
}

func (c *factCache) spaceNumber(id int64) uint32 {
	number, ok := c.space[id]
	if !ok {
		number = uint32(len(c.spaces))
		c.space[id] = number
		c.spaces = append(c.spaces, id)
	}
	return number
}
