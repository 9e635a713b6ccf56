package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"ruche/models"
)

var (
	// errBroken says that an index on disk is not what its writer left there.
	errBroken = errors.New("the index is broken")
	errClosed = errors.New("the index is closed")
)

// guarded runs f and turns a panic, or a fault in a memory-mapped file that has become shorter,
// into errBroken: Bleve trusts the files it wrote.
func guarded(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errBroken, p)
		}
	}()
	return f()
}

// store is one index in one directory: Bleve's scorch, our documents and their facts.
type store struct {
	dir    string
	scorch index.Index
	queue  *index.AnalysisQueue
	langs  []*language
	facts  *factCache

	verified chan struct{} // closed when its files are known to be what was written
	dead     chan struct{} // closed when one of Bleve's goroutines has died
	dying    sync.Once
	cause    error
	closing  sync.Once

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
func openStore(dir string, langs []*language) (*store, error) {
	s := &store{dir: dir, langs: langs, facts: newFactCache(len(langs)), verified: make(chan struct{}), dead: make(chan struct{}), queue: index.NewAnalysisQueue(1)}
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
		s.queue.Close()
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

// event is called on Bleve's own goroutines, among other times before they merge. They recover from
// panics, but a fault in a mapped file would end the program. Nothing is merged before the checksums are
// verified: a merge would copy what a disk has changed and give it a checksum of its own.
func (s *store) event(e scorch.Event) bool {
	debug.SetPanicOnFault(true)
	if e.Kind == scorch.EventKindPreMergeCheck {
		select {
		case <-s.verified:
		case <-s.dead:
		}
	}
	return true
}

// failed hears of errors on Bleve's goroutines. A panic there is the end of this index. Other
// errors are retried by Bleve at once and for ever, so waiting here is what keeps a full disk from
// becoming a busy processor too.
func (s *store) failed(err error, _ string) {
	if errors.Is(err, scorch.ErrAsyncPanic) || fileGone(err) {
		s.die(fmt.Errorf("%w: %w", errBroken, err))
		return
	}
	select {
	case <-s.dead:
	case <-time.After(time.Second):
	}
}

// fileGone tells whether Bleve failed on a file of its own that is no longer there; its errors are
// texts by the time they get here.
func fileGone(err error) bool { return strings.Contains(err.Error(), "no such file") }

func (s *store) die(cause error) {
	s.dying.Do(func() {
		s.cause = cause
		close(s.dead)
	})
}

// alive is the reason why the index can be used no more, if there is one.
func (s *store) alive() error {
	select {
	case <-s.dead:
		return s.cause
	default:
		return nil
	}
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
		batch.Update(newDocument(&c.records[i], s.langs))
	}
	if s.whole {
		batch.SetInternal([]byte(cursorKey), binary.BigEndian.AppendUint64(nil, uint64(cursor)))
	}
	if persisted != nil {
		batch.SetPersistedCallback(persisted)
	}
	if err := s.batch(batch); err != nil {
		return err
	}
	s.cursor.Store(cursor)
	s.saved = cursor
	return s.read(s.count)
}

// count takes note of how many documents there are.
func (s *store) count(v *view) error {
	n, err := v.snapshot.DocCount()
	s.docs.Store(int64(n))
	return err
}

// batch waits for Bleve to take a batch, unless the goroutine that would is no more.
func (s *store) batch(batch *index.Batch) error {
	done := make(chan error, 1)
	go func() { done <- guarded(func() error { return s.scorch.Batch(batch) }) }()
	select {
	case err := <-done:
		return err
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

// read gives f the index as it is now, which stays so for f whatever is applied meanwhile.
func (s *store) read(f func(v *view) error) error {
	if err := s.alive(); err != nil {
		return err
	}
	return guarded(func() error {
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
	})
}

func (s *store) isVerified() bool {
	select {
	case <-s.verified:
		return true
	default:
		return false
	}
}

// close ends the index; searches that still read it finish undisturbed.
func (s *store) close() {
	s.closing.Do(func() {
		s.die(errClosed)
		_ = guarded(s.scorch.Close)
		s.queue.Close()
	})
}
