package search

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"
)

// Rebuild builds a new index beside the one in use and puts it in its place, without a moment in which
// searches find less. progress, which may be nil, hears how many records are done, of how many.
func (x *Index) Rebuild(ctx context.Context, progress func(done, total int)) error {
	return x.build(ctx, progress, true)
}

// forever is later than any retry: a new index is due, whenever that was to be tried.
var forever = time.Unix(1<<40, 0)

// isDue tells whether a new index is wanted and may be begun at that time.
func (x *Index) isDue(now time.Time) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.due && !now.Before(x.retry)
}

// buildDue builds the index that is due, or sees to it that this is tried again.
func (x *Index) buildDue(ctx context.Context) {
	start := time.Now()
	err := x.build(ctx, nil, false)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		wait := x.postpone()
		x.log.WarnContext(ctx, "search index could not be built", "retry_in", wait, "error", err)
		return
	}
	x.log.InfoContext(ctx, "search index built", "documents", x.Status().Docs, "took", time.Since(start).Round(time.Millisecond))
}

// postpone puts off the next build, the longer the more of them have failed or broken lately.
func (x *Index) postpone() time.Duration {
	x.mu.Lock()
	defer x.mu.Unlock()
	wait := min(time.Second<<min(x.attempts, 10), 10*time.Minute)
	x.attempts++
	x.retry = time.Now().Add(wait) //check:allow clock paces attempts, not business time
	return wait
}

// build makes a new index if one is due, or in any case if asked to. One is built at a time.
func (x *Index) build(ctx context.Context, progress func(done, total int), always bool) error {
	select {
	case x.building <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-x.building }()
	if !always && !x.isDue(forever) {
		return nil
	}
	next, err := openStore(x.path(newName(time.Now())), x.langs, x.log) //check:allow clock names a folder that did not exist before
	if err != nil {
		return fmt.Errorf("begin a new index: %w", err)
	}
	close(next.verified) // it has no files yet
	err = x.fill(ctx, next, progress)
	if err == nil {
		err = next.compact(ctx)
	}
	if err == nil {
		err = x.swap(ctx, next)
	}
	if err != nil {
		x.mu.Lock()
		x.next = nil
		x.mu.Unlock()
		next.close()
		return errors.Join(fmt.Errorf("build a new index: %w", err), os.RemoveAll(next.dir))
	}
	return nil
}

// flushEvery is after how many batches a build waits for the disk, which bounds what is in memory only.
const flushEvery = 10

// fill indexes every record there is, newest first: the hits of a common word that come on a page are
// new ones, and are found soonest where they stand first. Events are followed from before the first
// record is read, so that the new index is right at any time about what it has, and can be searched if
// there is no other.
func (x *Index) fill(ctx context.Context, next *store, progress func(done, total int)) error {
	last, err := x.source.LastEventID(ctx)
	if err != nil {
		return fmt.Errorf("read the end of the event log: %w", err)
	}
	if err := next.apply(change{cursor: last}, nil); err != nil {
		return err
	}
	total, err := x.source.SearchTotal(ctx)
	if err != nil {
		return err
	}
	x.mu.Lock()
	x.next, x.done, x.total = next, 0, total
	x.mu.Unlock()
	batches := 0
	for _, kind := range types {
		for before := int64(math.MaxInt64); ; {
			records, err := x.source.SearchRecordsBefore(ctx, kind, before, recordBatch)
			if err != nil {
				return fmt.Errorf("read %s records: %w", kind, err)
			}
			if len(records) == 0 {
				break
			}
			before = records[len(records)-1].ID
			if err := next.apply(change{records: records}, nil); err != nil {
				return err
			}
			if _, err := x.drain(ctx, next); err != nil {
				return err
			}
			if batches++; batches%flushEvery == 0 {
				if err := next.flush(time.Minute); err != nil {
					return err
				}
				next.release()
			}
			x.advance(len(records), progress)
		}
	}
	return nil
}

func (x *Index) advance(n int, progress func(done, total int)) {
	x.mu.Lock()
	x.done += n
	done, total := x.done, x.total
	x.mu.Unlock()
	if progress != nil {
		progress(done, total)
	}
}

// swap puts a new index in the place of the one in use, which searches under way read to their end.
func (x *Index) swap(ctx context.Context, next *store) error {
	x.follow.Lock() // the old index falls behind from here on, so searches must not be sent to it again
	defer x.follow.Unlock()
	if _, err := x.drain(ctx, next); err != nil {
		return err
	}
	if err := next.complete(); err != nil {
		return err
	}
	x.mu.RLock()
	old := x.live
	x.mu.RUnlock()
	if old != nil { // which is to go, so the new one must be safe
		if err := next.flush(time.Minute); err != nil {
			return err
		}
	}
	if err := x.point(filepath.Base(next.dir)); err != nil {
		return err
	}
	x.unwant()
	x.mu.Lock()
	x.live, x.next, x.due, x.attempts = next, nil, false, 0
	x.built = time.Now() //check:allow clock when this process last built, not business time
	x.mu.Unlock()
	if old != nil {
		old.close()
		_ = os.RemoveAll(old.dir)
	}
	next.releaseHeap()
	return nil
}

// settled is how long an index must have lasted for its breaking not to count as the last one's fault again.
const settled = 10 * time.Minute

// suspect deals with an index that has turned out to be broken: it is put aside, and a new one is
// due. It tells whether that is what the error means.
func (x *Index) suspect(s *store, err error) bool {
	if !errors.Is(err, errBroken) {
		return false
	}
	x.mu.Lock()
	ours := x.live == s
	soon := time.Since(x.built) < settled
	if ours {
		x.live, x.due = nil, true
	}
	x.mu.Unlock()
	if !ours {
		return true
	}
	if soon {
		x.postpone()
	}
	x.log.Error("search index is broken, building a new one", "error", err)
	go func() {
		s.close()
		x.quarantine(filepath.Base(s.dir))
		x.poke()
	}()
	return true
}

// poke lets Follow look around.
func (x *Index) poke() {
	select {
	case x.nudge <- struct{}{}:
	default:
	}
}
