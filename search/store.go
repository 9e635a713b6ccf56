package search

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
	index "github.com/blevesearch/bleve_index_api"

	"ruche/models"
)

// store is one index in one directory: Bleve's scorch, our documents and their facts.
type store struct {
	dir    string
	scorch index.Index
	queue  *index.AnalysisQueue
	langs  []*language
	facts  *factCache
	log    *slog.Logger

	scrubbing sync.Mutex
	verified  chan struct{} // closed when its files are known to be what was written
	dead      chan struct{} // closed when one of Bleve's goroutines has died
	dying     sync.Once
	cause     error
	closing   sync.Once
	batching  chan struct{} // full while Bleve is given a batch
	logged    atomic.Int64  // when a failure to write was logged last

	searches atomic.Int64

	mu     sync.Mutex   // one batch at a time
	whole  bool         // it has every record; only then does a batch carry the cursor
	safe   atomic.Bool  // it is whole on disk, too
	cursor atomic.Int64 // the last event dealt with
	docs   atomic.Int64 // how many documents there are
	saved  int64        // the cursor that the last batch carried
}

// cursorKey is where an index keeps its cursor, in the same batch as what the cursor stands for.
const cursorKey = "cursor"

// registering guards Bleve's list of callbacks, which is one for the whole program.
var registering sync.Mutex

// openStore opens the index in a directory, or begins an empty one there.
func openStore(dir string, langs []*language, log *slog.Logger) (*store, error) {
	s := &store{dir: dir, langs: langs, log: log, facts: newFactCache(langs), queue: index.NewAnalysisQueue(1),
		verified: make(chan struct{}), dead: make(chan struct{}), batching: make(chan struct{}, 1)}
	err := guarded(func() (err error) {
		if s.scorch, err = s.newScorch(); err != nil {
			return err
		}
		if err := s.scorch.Open(); err != nil {
			return err
		}
		return s.read(func(v *view) error {
			if value := v.snapshot.Internal()[cursorKey]; len(value) == 8 {
				s.saved, s.whole = int64(binary.BigEndian.Uint64(value)), true
				s.cursor.Store(s.saved)
				s.safe.Store(true)
			}
			return s.count(v)
		})
	})
	if err != nil {
		s.close()
		return nil, fmt.Errorf("open index %s: %w", dir, err)
	}
	return s, nil
}

func (s *store) newScorch() (index.Index, error) {
	registering.Lock()
	defer registering.Unlock()
	scorch.RegistryAsyncErrorCallbacks[s.dir] = s.failed
	scorch.RegistryEventCallbacks[s.dir] = s.event
	defer delete(scorch.RegistryAsyncErrorCallbacks, s.dir)
	defer delete(scorch.RegistryEventCallbacks, s.dir)
	return scorch.NewScorch(scorch.Name, map[string]any{
		"path": s.dir,
		// A batch is there for readers at once and on disk soon. What a kill loses is replayed from
		// the event log, because the cursor is part of the batch.
		"unsafe_batch":           true,
		"bolt_timeout":           "2s",
		"asyncErrorCallbackName": s.dir,
		"eventCallbackName":      s.dir,
		// A tenth of a second of small batches becomes one file and one fsync.
		"scorchPersisterOptions": map[string]any{"PersisterNapTimeMSec": 100, "PersisterNapUnderNumFiles": 200},
		// Fewer segments than by default: each costs every search its lookups.
		"scorchMergePlanOptions": map[string]any{"MaxSegmentsPerTier": 5, "SegmentsPerMergeTask": 5, "FloorSegmentSize": 5000},
	}, s.queue)
}

// change is a batch: records as they are now, the keys of those that are no longer to be found,
// and the last event that this takes account of.
type change struct {
	records []models.SearchRecord
	gone    []string
	cursor  int64
}

// saveEvery is after how many events without a change to the index the cursor is saved all the same.
const saveEvery = 5000

// apply brings a change into the index; when it returns nil, searches see it.
func (s *store) apply(c change, persisted func(error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	cursor := max(s.cursor.Load(), c.cursor)
	if len(c.records)+len(c.gone) == 0 && cursor-s.saved < saveEvery && persisted == nil {
		s.cursor.Store(cursor)
		return nil
	}
	batch := index.NewBatch()
	for _, key := range c.gone {
		batch.Delete(key)
	}
	for i := range c.records {
		batch.Update(s.document(&c.records[i]))
	}
	if s.whole {
		batch.SetInternal([]byte(cursorKey), binary.BigEndian.AppendUint64(nil, uint64(cursor)))
	}
	if persisted != nil {
		batch.SetPersistedCallback(persisted)
	}
	if err := s.await(func() error { return s.introduce(batch) }); err != nil {
		return err
	}
	s.cursor.Store(cursor)
	s.saved = cursor
	return s.read(s.count)
}

// introduce gives Bleve a batch, unless the index is closed: one that Bleve's goroutines do not take
// before they end waits for them for ever.
func (s *store) introduce(batch *index.Batch) error {
	select {
	case s.batching <- struct{}{}:
		defer func() { <-s.batching }()
	case <-s.dead:
	}
	if err := s.alive(); err != nil {
		return err
	}
	return s.scorch.Batch(batch)
}

// count takes note of how many documents there are.
func (s *store) count(v *view) error {
	n, err := v.snapshot.DocCount()
	s.docs.Store(int64(n))
	return err
}

// await waits for Bleve to do something, unless the goroutine that would is no more. What it does here
// it does in memory, so there is nothing but a broken index that can make it fail.
func (s *store) await(do func() error) error {
	done := make(chan error, 1)
	go func() { done <- guarded(do) }()
	select {
	case err := <-done:
		return s.verdict(err)
	case <-s.dead:
		return s.cause
	}
}

// complete says that the index has every record. An index that was not told so before the program
// ended has no cursor, and is built again.
func (s *store) complete() error {
	s.mu.Lock()
	s.whole = true
	s.mu.Unlock()
	return s.apply(change{}, func(err error) { s.safe.Store(err == nil) })
}

// compactFrom is how many documents make it worth the time to compact an index.
const compactFrom = 5000

// compact makes one segment of all that there are, since each costs every search its lookups.
func (s *store) compact(ctx context.Context) error {
	bleve, ok := s.scorch.(*scorch.Scorch)
	if !ok || s.docs.Load() < compactFrom {
		return nil
	}
	if err := s.flush(time.Minute); err != nil { // only what is on disk can be merged
		return err
	}
	all := mergeplan.SingleSegmentMergePlanOptions
	all.SegmentsPerMergeTask = 1000
	return s.await(func() error { return bleve.ForceMerge(ctx, &all) })
}

// flush waits until all that was applied is on disk.
func (s *store) flush(timeout time.Duration) error {
	done := make(chan error, 1)
	if err := s.apply(change{}, func(err error) { done <- err }); err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-s.dead:
		return s.cause
	case <-time.After(timeout):
		return fmt.Errorf("the index was not written to disk within %s", timeout)
	}
}

// read gives f the index as it is now, which stays so for f whatever is applied meanwhile. An error of
// f's means that the index is broken.
func (s *store) read(f func(v *view) error) error {
	if err := s.alive(); err != nil {
		return err
	}
	return s.verdict(guarded(func() error {
		reader, err := s.scorch.Reader()
		if err != nil {
			return err
		}
		snapshot, ok := reader.(*scorch.IndexSnapshot)
		if !ok || snapshot == nil {
			return errClosed
		}
		defer func() { _ = snapshot.Close() }()
		v, err := s.facts.view(snapshot)
		if err != nil {
			return err
		}
		return f(v)
	}))
}

func (s *store) isVerified() bool {
	select {
	case <-s.verified:
		return true
	default:
		return false
	}
}

// lastBatch is how long closing waits for the batch in hand. It takes longer only if the goroutine
// that would take it has died.
const lastBatch = 5 * time.Second

// close ends the index; searches that still read it finish undisturbed.
func (s *store) close() {
	s.closing.Do(func() {
		s.die(errClosed)
		select {
		case s.batching <- struct{}{}:
			defer func() { <-s.batching }()
		case <-time.After(lastBatch):
		}
		_ = guarded(func() error { return s.scorch.Close() }) // which panics if opening it failed
		s.queue.Close()
	})
}
