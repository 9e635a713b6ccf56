// Package search finds ideas, threads, articles and what is said about them by their words, among what an actor may see. It keeps an
// index of its own beside the database: Bleve's scorch for words, and a few facts of each document in
// memory for filters, counts and orders. The database is the truth: the index follows the event log,
// is built anew whenever it is missing, old or broken, and every hit is read from the database again.
// It is not for lists, which the database answers, and decides nothing about permissions: the caller
// names the spaces that the actor may see.
package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/blevesearch/vellum/levenshtein"

	"ruche/models"
)

// source is the database as the index reads it; tests keep theirs in memory.
type source interface {
	SearchRecords(ctx context.Context, kind string, ids []int64) ([]models.SearchRecord, error)
	SearchRecordsBefore(ctx context.Context, kind string, before int64, limit int) ([]models.SearchRecord, error)
	SearchTotal(ctx context.Context) (int, error)
	CommentIDs(ctx context.Context, idea int64) ([]int64, error)
	ArticlePostIDs(ctx context.Context, articles []int64) ([]int64, error)
	GatheringPostIDs(ctx context.Context, gathering int64) ([]int64, error)
	CollectionArticleIDs(ctx context.Context, collection int64) ([]int64, error)
	ThreadPostIDs(ctx context.Context, thread int64) ([]int64, error)
	IdeasAnswering(ctx context.Context, field int64) ([]int64, error)
	WrittenBy(ctx context.Context, kind string, authors []int64) ([]int64, error)
	EventsAfter(ctx context.Context, id int64, limit int) ([]models.Event, error)
	LastEventID(ctx context.Context) (int64, error)
}

// Options of Open; the zero value is right in production.
type Options struct {
	Log *slog.Logger // slog.Default by default
}

// Index is the search index of one process. Its methods may be called at the same time.
type Index struct {
	dir    string
	lock   *os.File
	source source
	log    *slog.Logger
	langs  []*language
	// spellings makes an automaton of the words that are one slip away from a word.
	spellings *levenshtein.LevenshteinAutomatonBuilder

	building chan struct{} // holds a token while an index is built
	follow   sync.Mutex    // one reader of the event log at a time; also held to swap indexes
	nudge    chan struct{} // something for Follow to look at

	mu       sync.RWMutex
	live     *store    // what searches read; nil while there is none
	next     *store    // what is being built
	built    time.Time // when live was, if by this process
	due      bool      // a new index is wanted
	retry    time.Time // not before then
	attempts int       // that have failed
	done     int       // records in next
	total    int       // how many there will be
}

// ErrLocked says that another process uses the directory.
var ErrLocked = errors.New("the search index is in use by another process")

// Open prepares the index in a directory, which is its own. An index that is missing, of an older
// kind or broken is no error: Follow, CatchUp or Rebuild build it, and until then searches say so.
func Open(dir string, db source, options Options) (*Index, error) {
	x := &Index{dir: dir, source: db, log: options.Log, langs: languages(),
		building: make(chan struct{}, 1), nudge: make(chan struct{}, 1)}
	if x.log == nil {
		x.log = slog.Default()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	var err error
	if x.spellings, err = levenshtein.NewLevenshteinAutomatonBuilder(1, true); err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	if x.lock, err = lockDir(dir); err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	if err := x.openCurrent(); err != nil {
		_ = x.lock.Close()
		return nil, fmt.Errorf("open search index: %w", err)
	}
	return x, nil
}

// openCurrent opens the index that the directory points to, puts it aside if that fails, and clears
// away what an interrupted build has left.
func (x *Index) openCurrent() error {
	name := x.current()
	x.clear(name)
	x.due = name == "" || x.wanted()
	if name == "" {
		return nil
	}
	var err error
	if x.live, err = openStore(x.path(name), x.langs, x.log); err == nil {
		if !x.live.whole { // it was put to use, and the program killed, before any of it was on disk
			x.live.close()
			x.live, x.due = nil, true
			x.clear("")
		}
		return nil
	}
	if unusable(err) {
		return err
	}
	x.log.Error("search index is broken, building a new one", "error", err)
	x.due = true
	x.quarantine(name)
	return nil
}

// Status is how the index is.
type Status struct {
	Ready      bool  // searches see the whole index
	Rebuilding bool  // they do not, until a new one is built: people should be told
	Building   bool  // a new index is being built, or is about to be; beside the one in use if that is ready
	Docs       int   // what can be found
	Cursor     int64 // the last event taken account of
	Done       int   // of the index being built: records so far
	Total      int   // how many there will be
}

// Status tells how the index is. It costs next to nothing.
func (x *Index) Status() Status {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s := Status{Ready: x.live != nil, Rebuilding: x.live == nil, Building: x.due || x.next != nil}
	if x.next != nil {
		s.Done, s.Total = x.done, x.total
	}
	if x.live != nil {
		s.Docs, s.Cursor = int(x.live.docs.Load()), x.live.cursor.Load()
	}
	return s
}

// reading is the index to search, if there is any, and whether it is whole.
func (x *Index) reading() (s *store, whole bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.live != nil {
		return x.live, true
	}
	return x.next, false
}

// release bounds the memory of the indexes in use.
func (x *Index) release() {
	x.mu.RLock()
	live, next := x.live, x.next
	x.mu.RUnlock()
	for _, s := range []*store{live, next} {
		if s != nil {
			s.release()
		}
	}
}

// Close lets go of the directory. Follow must have ended. The last batches may not be on disk yet;
// they are read from the event log again after the next Open.
func (x *Index) Close() error {
	x.mu.Lock()
	live, next := x.live, x.next
	x.live, x.next = nil, nil
	x.mu.Unlock()
	var err error
	if live != nil && !live.safe.Load() {
		err = live.flush(5 * time.Second)
	}
	for _, s := range []*store{live, next} {
		if s != nil {
			s.close()
		}
	}
	return errors.Join(err, x.lock.Close())
}
