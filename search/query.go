package search

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math"
	"time"

	"ruche/models"
)

// Query is one search of one actor.
type Query struct {
	Text   string  // as typed: words, "a phrase", #123
	Lang   string  // the reader's language: a mild preference, never a filter
	Spaces []int64 // all that the actor may see; of what is elsewhere nothing is told, not even a count

	Types    []string // idea, comment, thread, post; none means all
	Space    int64    // like all that follows a filter, unless it is zero
	Inner    []int64  // what counts as in that space too
	Stage    string   // stage and campaign are facts of ideas, and tags of what has a title
	Tag      string
	Campaign string
	Author   int64

	Language   string    // of the text, as its code; one that is unknown is in none
	Collection int64     // only articles in it
	Verified   time.Time // only articles that are verified at this moment

	Sort   Sort
	Cursor string // Next of the page before
	Limit  int    // 20 if zero, at most 50
}

// Sort is an order of results.
type Sort string

// Orders of results. In both, what holds all the words comes before what holds some.
const (
	Relevance Sort = "" // best first
	Newest    Sort = "newest"
)

// Results are one page of what a query found.
type Results struct {
	Total      int    // of all pages
	Complete   int    // those that hold every word; fewer than Total if the search was widened
	Hits       []Hit  // may be fewer than were found, when a record has left since
	Next       string // the cursor of the next page; empty on the last
	Facets     Facets
	Rebuilding bool // the index is not whole yet, so neither are the results
}

// Hit is a record that was found, as the database has it now.
type Hit struct {
	Record  models.SearchRecord
	Title   Fragment // of a comment or a post: the title of what it stands under, without marks
	Excerpt Fragment
	Score   float64
}

// Facets are the counts that filters show. Each is counted without its own filter, so that one
// sees what another choice would find.
type Facets struct {
	Types, Spaces, Stages, Tags, Languages, Collections []Count // most frequent first
}

// Count is one choice of a filter: Value, or of spaces and collections ID.
type Count struct {
	Value string
	ID    int64
	N     int
}

// ErrCursor says that a cursor is not one of ours.
var ErrCursor = errors.New("malformed search cursor")

const (
	defaultLimit = 20
	maxLimit     = 50
)

func (q *Query) limit() int {
	if q.Limit <= 0 {
		return defaultLimit
	}
	return min(q.Limit, maxLimit)
}

// holds tells whether a record, as the database has it now, is still what the filters on articles ask for.
func (q *Query) holds(r *models.SearchRecord) bool {
	return (q.Collection == 0 || r.CollectionID == q.Collection) && (q.Verified.IsZero() || r.Verified(q.Verified))
}

// position is where a page ended: after a hit that was weighed, by its score, or after one that was
// only ordered by its rank.
type position struct {
	score float64
	rank  uint64
	ref   uint64
}

func (p position) weighed() bool { return p.score >= 0 }

func (p position) found() found { return found{score: p.score, rank: p.rank, ref: p.ref} }

const positionSize = 24

func (p position) String() string {
	b := make([]byte, 0, positionSize)
	for _, n := range []uint64{math.Float64bits(p.score), p.rank, p.ref} {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func parsePosition(cursor string) (*position, error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) != positionSize {
		return nil, ErrCursor
	}
	p := position{score: math.Float64frombits(binary.BigEndian.Uint64(b)), rank: binary.BigEndian.Uint64(b[8:]), ref: binary.BigEndian.Uint64(b[16:])}
	if math.IsNaN(p.score) {
		return nil, ErrCursor
	}
	return &p, nil
}
