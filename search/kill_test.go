package search

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ruche/models"
)

// clockwork is a database whose every state follows from how many events there have been, which is
// the length of a file: two processes agree about it, and it survives a kill. The events write 300
// ideas in turn; each fifth version of an idea is withdrawn.
type clockwork struct{ path string }

const clockworkIdeas = 300

func (c clockwork) LastEventID(context.Context) (int64, error) {
	info, err := os.Stat(c.path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (c clockwork) EventsAfter(ctx context.Context, id int64, limit int) (events []models.Event, err error) {
	last, err := c.LastEventID(ctx)
	for e := id + 1; e <= last && len(events) < limit; e++ {
		events = append(events, models.Event{ID: e, Verb: models.IdeaEdited, Subject: ideas, SubjectID: (e-1)%clockworkIdeas + 1})
	}
	return events, err
}

func (c clockwork) record(id, last int64) (r models.SearchRecord, ok bool) {
	version := last / clockworkIdeas
	if id <= last%clockworkIdeas {
		version++
	}
	return idea(id, "en", fmt.Sprintf("Sparrow version%d idea%d", version, id), strings.Repeat("some words to fill it ", 20)), version > 0 && version%5 != 0
}

func (c clockwork) SearchRecords(ctx context.Context, kind string, ids []int64) (records []models.SearchRecord, err error) {
	last, err := c.LastEventID(ctx)
	for _, id := range ids {
		if r, ok := c.record(id, last); ok && kind == ideas {
			records = append(records, r)
		}
	}
	return records, err
}

func (c clockwork) SearchRecordsBefore(ctx context.Context, kind string, before int64, limit int) ([]models.SearchRecord, error) {
	var ids []int64
	for id := min(before-1, clockworkIdeas); id > 0 && len(ids) < limit; id-- {
		ids = append(ids, id)
	}
	return c.SearchRecords(ctx, kind, ids)
}

func (c clockwork) SearchTotal(context.Context) (int, error) { return clockworkIdeas, nil }

func (c clockwork) WrittenBy(context.Context, string, []int64) ([]int64, error)  { return nil, nil }
func (c clockwork) IdeasAnswering(context.Context, int64) ([]int64, error)       { return nil, nil }
func (c clockwork) CommentIDs(context.Context, int64) ([]int64, error)           { return nil, nil }
func (c clockwork) ArticlePostIDs(context.Context, []int64) ([]int64, error)     { return nil, nil }
func (c clockwork) GatheringPostIDs(context.Context, int64) ([]int64, error)     { return nil, nil }
func (c clockwork) CollectionArticleIDs(context.Context, int64) ([]int64, error) { return nil, nil }
func (c clockwork) ThreadPostIDs(context.Context, int64) ([]int64, error)        { return nil, nil }

// writeUntilKilled is the child process: it writes events and follows them.
func writeUntilKilled(dir string) {
	db := clockwork{path: filepath.Join(dir, "events")}
	x, err := Open(filepath.Join(dir, "search"), db, Options{})
	if err != nil {
		fmt.Println("cannot open:", err)
		os.Exit(1)
	}
	fmt.Println("running")
	file, err := os.OpenFile(db.path, os.O_APPEND|os.O_WRONLY, 0)
	for err == nil {
		if _, err = file.Write(make([]byte, 1+rand.IntN(20))); err == nil {
			err = x.CatchUp(context.Background())
		}
	}
	fmt.Println("failed:", err)
	os.Exit(1)
}

// TestAKillLosesNothing kills a process in the middle of indexing twenty times. Each time the
// index opens or is built again by itself, and agrees with the database.
func TestAKillLosesNothing(t *testing.T) {
	dir := t.TempDir()
	db := clockwork{path: filepath.Join(dir, "events")}
	if err := os.WriteFile(db.path, make([]byte, 100), 0o600); err != nil {
		t.Fatal(err)
	}
	kept := 0
	for round := range 20 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), "RUCHE_SEARCH_CHILD="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		first := make([]byte, 100)
		n, _ := out.Read(first)
		if got := string(first[:n]); got != "running\n" {
			t.Fatalf("round %d: child says %q", round, got)
		}
		time.Sleep(time.Duration(20+rand.IntN(400)) * time.Millisecond)
		_ = child.Process.Kill()
		_ = child.Wait()

		x, err := Open(filepath.Join(dir, "search"), db, Options{Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if x.Status().Ready {
			kept++
		}
		if len(x.entries(brokenDir)) > 0 {
			t.Errorf("round %d: a kill broke the index", round)
		}
		catchUp(t, x)
		agrees(t, x, db)
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
	last, _ := db.LastEventID(context.Background())
	t.Logf("%d events, %d of 20 kills left an index to go on with", last, kept)
	if kept < 15 {
		t.Errorf("only %d of 20 kills left an index to go on with", kept)
	}
}

// agrees checks that the index finds each idea in its last version, and nothing else.
func agrees(t *testing.T, x *Index, db clockwork) {
	t.Helper()
	last, err := db.LastEventID(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for id := int64(1); id <= clockworkIdeas; id++ {
		r, ok := db.record(id, last)
		if !ok {
			continue
		}
		want++
		if got := keys(search(t, x, Query{Text: r.Title}).Hits); len(got) == 0 || got[0] != key(ideas, id) {
			t.Errorf("%q finds %v", r.Title, got)
		}
	}
	if r := search(t, x, Query{Text: "sparrow"}); r.Total != want || x.Status().Docs != want {
		t.Errorf("%d found, %d documents, not %d", r.Total, x.Status().Docs, want)
	}
}
