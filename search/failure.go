package search

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
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

// verdict is what an error of Bleve's means: the index was closed, or else it is broken, since an
// index that is as it was written can be read.
func (s *store) verdict(err error) error {
	if err == nil || errors.Is(err, errClosed) {
		return err
	}
	if cause := s.alive(); cause != nil {
		return cause
	}
	if !errors.Is(err, errBroken) {
		err = fmt.Errorf("%w: %w", errBroken, err)
	}
	return err
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
// errors, such as a full disk, Bleve meets again at once and for ever, so waiting here is what keeps
// them from taking the processor too; searches and changes go on in memory meanwhile.
func (s *store) failed(err error, _ string) {
	if errors.Is(err, scorch.ErrAsyncPanic) || fileGone(err) {
		s.die(fmt.Errorf("%w: %w", errBroken, err))
		return
	}
	if now := time.Now().Unix(); now-s.logged.Load() >= 60 { //check:allow clock paces the log, not business time
		s.logged.Store(now)
		s.log.Error("search index cannot be written to disk", "error", err)
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
