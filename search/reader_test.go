package search

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"ruche/models"
)

// following lets Follow run until the test ends.
func following(t *testing.T, x *Index) (wake chan struct{}) {
	t.Helper()
	wake = make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		x.Follow(ctx, wake)
		close(done)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return wake
}

// eventually waits until something is so.
func eventually(t *testing.T, within time.Duration, what string, so func() bool) time.Duration {
	t.Helper()
	start := time.Now()
	for !so() {
		if time.Since(start) > within {
			t.Fatalf("not within %s: %s", within, what)
		}
		time.Sleep(2 * time.Millisecond)
	}
	return time.Since(start)
}

func TestAWrittenIdeaIsFoundAtOnce(t *testing.T) {
	db := shelfOf(idea(1, "en", "One", ""))
	x := opened(t, db)
	wake := following(t, x)
	for i := range int64(5) {
		db.put(idea(i+2, "en", "Sparrow", ""))
		db.happen(models.IdeaPosted, ideas, i+2)
		wake <- struct{}{}
		took := eventually(t, 5*time.Second, "the idea is found", func() bool { return search(t, x, Query{Text: "sparrow"}).Total == int(i)+1 })
		t.Logf("found after %s", took)
	}
	// Nobody says that another process wrote something.
	db.put(idea(9, "en", "Heron", ""))
	db.happen(models.IdeaPosted, ideas, 9)
	eventually(t, 5*time.Second, "another process's idea is found", func() bool { return search(t, x, Query{Text: "heron"}).Total == 1 })
}

func TestEventsThatChangeNothingCostNothing(t *testing.T) {
	db := shelfOf(idea(1, "en", "One", ""))
	x := opened(t, db)
	reads := db.reads
	for range 1200 {
		db.happen(models.IdeaSupported, ideas, 1)
		db.happen(models.IdeaUnsupported, ideas, 1)
		db.happen("user.signed_in", "user", 3)
	}
	catchUp(t, x)
	if db.reads != reads || x.Status().Cursor != 3600 {
		t.Errorf("%d reads, cursor %d", db.reads-reads, x.Status().Cursor)
	}
}

func TestManyEventsOfOneIdeaReadItOnce(t *testing.T) {
	db := shelfOf(idea(1, "en", "One", ""))
	x := opened(t, db)
	reads := db.reads
	for range eventBatch {
		db.happen(models.IdeaEdited, ideas, 1)
	}
	catchUp(t, x)
	if db.reads != reads+1 {
		t.Errorf("%d reads", db.reads-reads)
	}
}

// TestAnIndexGoesOnWhereItWas closes and opens: what is on disk stays, what happened meanwhile is added.
func TestAnIndexGoesOnWhereItWas(t *testing.T) {
	db, dir := newShelf(), t.TempDir()
	for i := range int64(20) {
		db.put(idea(i+1, "en", "Sparrow", ""))
		db.happen(models.IdeaPosted, ideas, i+1)
	}
	x := reopened(t, db, dir)
	if err := x.live.flush(10 * time.Second); err != nil {
		t.Fatal(err)
	}
	name := x.current()
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	db.put(idea(21, "en", "Sparrow", ""))
	db.happen(models.IdeaPosted, ideas, 21)
	db.drop(ideas, 1)
	db.happen(models.IdeaWithdrawn, ideas, 1)

	x, err := Open(dir, db, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	if s := x.Status(); !s.Ready || s.Building || s.Docs != 20 || s.Cursor != 20 {
		t.Errorf("opened as %+v", s)
	}
	catchUp(t, x)
	if r := search(t, x, Query{Text: "sparrow"}); r.Total != 20 || x.current() != name {
		t.Errorf("%d found, index %s after %s", r.Total, x.current(), name)
	}
}

func TestAnOlderDatabaseGetsANewIndex(t *testing.T) {
	db := shelfOf(idea(1, "en", "Sparrow", ""), idea(2, "en", "Sparrow", ""))
	for range 10 {
		db.happen(models.IdeaPosted, ideas, 1)
	}
	x := opened(t, db)
	db.mu.Lock()
	db.events = db.events[:4] // restored from a backup
	db.mu.Unlock()
	db.drop(ideas, 2)
	catchUp(t, x)
	catchUp(t, x)
	if r, s := search(t, x, Query{Text: "sparrow"}), x.Status(); r.Total != 1 || s.Cursor != 4 || !s.Ready || s.Building {
		t.Errorf("%d found, %+v", r.Total, s)
	}
}

// faulty is a database that can be away.
type faulty struct {
	*shelf
	away func() error
}

func (f *faulty) EventsAfter(ctx context.Context, id int64, limit int) ([]models.Event, error) {
	if err := f.away(); err != nil {
		return nil, err
	}
	return f.shelf.EventsAfter(ctx, id, limit)
}

func (f *faulty) SearchRecords(ctx context.Context, kind string, ids []int64) ([]models.SearchRecord, error) {
	if err := f.away(); err != nil {
		return nil, err
	}
	return f.shelf.SearchRecords(ctx, kind, ids)
}

func TestADatabaseThatGoesAwayLosesNothing(t *testing.T) {
	gone := make(chan error, 1)
	db := &faulty{shelf: shelfOf(idea(1, "en", "Sparrow", ""))}
	db.away = func() error {
		select {
		case err := <-gone:
			gone <- err
			return err
		default:
			return nil
		}
	}
	x, err := Open(t.TempDir(), db, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	catchUp(t, x)
	away := errors.New("connection refused")
	gone <- away
	db.put(idea(2, "en", "Sparrow", ""))
	db.happen(models.IdeaPosted, ideas, 2)
	if err := x.CatchUp(context.Background()); !errors.Is(err, away) {
		t.Errorf("catch up: %v", err)
	}
	if _, err := x.Search(context.Background(), Query{Text: "sparrow", Spaces: []int64{1}}); !errors.Is(err, away) {
		t.Errorf("search: %v", err)
	}
	<-gone
	catchUp(t, x)
	if got := keys(search(t, x, Query{Text: "sparrow"}).Hits); !slices.Equal(got, []string{"idea:2", "idea:1"}) {
		t.Errorf("found %v", got)
	}
}
