package search

import (
	"encoding/binary"
	"errors"
	"slices"
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
	collection  int64  // of an article
	until       int64  // the microsecond since 1970 until which it is verified; 0 for never
	stage       string // like campaign of ideas only, and tags of what has a title
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
	f.kind = uint64(slices.Index(types, r.Type))
	if !hasTitle(r.Type) {
		return f
	}
	f.title, f.stage, f.campaign, f.tags, f.collection = uint32(len(r.Title)), r.Stage, r.Campaign, r.Tags, r.CollectionID
	if r.VerifiedUntil != nil {
		f.until = max(0, r.VerifiedUntil.UnixMicro())
	}
	return f
}

func minute(at time.Time) uint32 { return uint32(max(0, at.Unix()/60)) }

// pack writes the facts as bytes: numbers as varints, strings after their length.
func (f facts) pack() []byte {
	b := make([]byte, 0, 64)
	for _, n := range []uint64{f.kind, uint64(f.id), uint64(f.space), uint64(f.author), uint64(f.minute), uint64(f.title), uint64(f.body), f.lang, uint64(f.collection), uint64(f.until)} {
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
	snapshot  *scorch.IndexSnapshot
	scratches *sync.Pool
	parts     []part
	words     []string // what the numbers of campaigns and tags stand for
	stages    []string // like those of stages
	spaces    []int64  // and those of spaces
	shelves   []int64  // and those of collections
	classes   []class  // and those of classes
	codes     []string // of the languages
	langs     []langSum
}

// part is one segment of a view.
type part struct {
	segment segment.Segment
	deleted *roaring.Bitmap // nil if none
	*columns
}
