package search

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ruche/models"
)

// TestSearchesNeverSeeASwap builds the index anew again and again while people search and write.
func TestSearchesNeverSeeASwap(t *testing.T) {
	db, dir := flock(t)
	x := reopened(t, db, dir)
	wake := following(t, x)
	ctx, stop := context.WithCancel(context.Background())
	var people sync.WaitGroup
	for person := range 4 {
		people.Go(func() {
			for ctx.Err() == nil {
				r, err := x.Search(context.Background(), Query{Text: "sparrow", Spaces: []int64{1}, Limit: person + 1})
				if err != nil || r.Total < 603 || len(r.Hits) != person+1 || r.Rebuilding {
					t.Errorf("%d found, %d shown, rebuilding %v, %v", r.Total, len(r.Hits), r.Rebuilding, err)
					return
				}
			}
		})
	}
	written := 603
	people.Go(func() {
		for ctx.Err() == nil {
			written++
			db.put(idea(int64(written), "en", "Sparrow", "written meanwhile"))
			db.happen(models.IdeaPosted, ideas, int64(written))
			wake <- struct{}{}
		}
	})
	for range 5 {
		heard := 0
		if err := x.Rebuild(context.Background(), func(done, total int) { heard = done }); err != nil {
			t.Fatal(err)
		}
		if heard < 600 {
			t.Errorf("heard of %d records", heard)
		}
	}
	stop()
	people.Wait()
	catchUp(t, x)
	if r := search(t, x, Query{Text: "sparrow"}); r.Total != written {
		t.Errorf("%d found, not %d", r.Total, written)
	}
	if indexes := x.entries(indexPrefix); len(indexes) != 1 {
		t.Errorf("indexes: %v", indexes)
	}
}

func TestAReindexEventBuildsANewIndex(t *testing.T) {
	db, dir := flock(t)
	x := reopened(t, db, dir)
	name := x.current()
	db.happen(models.SearchReindex, "system", 0)
	wake := following(t, x)
	wake <- struct{}{}
	eventually(t, time.Minute, "another index is in use", func() bool { s := x.Status(); return x.current() != name && s.Ready && !s.Building })
	name = x.current()
	time.Sleep(50 * time.Millisecond)
	if x.current() != name || x.wanted() {
		t.Error("one request built two indexes")
	}
}

// TestARequestForANewIndexSurvivesARestart asks, ends before it is built, and starts again.
func TestARequestForANewIndexSurvivesARestart(t *testing.T) {
	db, dir := flock(t)
	x := reopened(t, db, dir)
	name := x.current()
	db.happen(models.SearchReindex, "system", 0)
	if err := x.drainLive(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := x.live.flush(10 * time.Second); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x = reopened(t, db, dir)
	if x.current() == name || x.wanted() {
		t.Error("the request is forgotten")
	}
}

// TestAnInterruptedBuildLeavesTheOldIndex stops a build in its middle, as a kill would.
func TestAnInterruptedBuildLeavesTheOldIndex(t *testing.T) {
	db, dir := flock(t)
	x := reopened(t, db, dir)
	name := x.current()
	ctx, cancel := context.WithCancel(context.Background())
	err := x.Rebuild(ctx, func(done, _ int) {
		if done > 200 {
			cancel()
			db.mu.Lock() // the next read waits until the shelf is handed back
			//lint:ignore SA2001 waiting is all that is wanted
			db.mu.Unlock()
		}
	})
	if err == nil && x.current() == name {
		t.Error("neither built nor failed")
	}
	if r := search(t, x, Query{Text: "sparrow"}); r.Total != 603 || r.Rebuilding {
		t.Errorf("%d found", r.Total)
	}
	// What a kill leaves lying about is cleared away at the next start.
	for _, junk := range []string{newName(time.Now()), "index-v0-1"} {
		if err := os.MkdirAll(x.path(junk), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(x.path(pointer+".new"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x = reopened(t, db, dir)
	if indexes := x.entries(indexPrefix); len(indexes) != 1 || search(t, x, Query{Text: "sparrow"}).Total != 603 {
		t.Errorf("indexes: %v", indexes)
	}
}

// TestAnIndexBeingBuiltIsSearchedIfThereIsNoOther looks while the first index is half done.
func TestAnIndexBeingBuiltIsSearchedIfThereIsNoOther(t *testing.T) {
	db := newShelf()
	for i := range int64(1000) {
		db.put(idea(i+1, "en", "Sparrow", ""))
	}
	x, err := Open(t.TempDir(), db, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	var seen []string
	err = x.Rebuild(context.Background(), func(done, _ int) {
		r := search(t, x, Query{Text: "sparrow"})
		if s := x.Status(); !r.Rebuilding || !s.Building || s.Ready || s.Done != done || r.Total != done {
			t.Errorf("%d done: %d found, rebuilding %v, %+v", done, r.Total, r.Rebuilding, s)
		}
		seen = append(seen, fmt.Sprint(r.Total))
	})
	if err != nil || strings.Join(seen, " ") != "250 500 750 1000" {
		t.Errorf("seen %v, %v", seen, err)
	}
}

// TestClosingAnIndexLeavesNoBatchBehind closes indexes that are being written to.
func TestClosingAnIndexLeavesNoBatchBehind(t *testing.T) {
	before := goleak.IgnoreCurrent()
	for range 40 {
		s, err := openStore(t.TempDir(), languages(), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		var writers sync.WaitGroup
		var begun atomic.Int64
		writers.Go(func() {
			for id := int64(1); s.apply(change{records: []models.SearchRecord{idea(id, "en", "Sparrow", "words")}, cursor: id}, nil) == nil; id++ {
				begun.Store(id)
			}
		})
		eventually(t, time.Minute, "something is written", func() bool { return begun.Load() > 3 })
		s.close()
		writers.Wait()
	}
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
}
