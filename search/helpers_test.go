package search

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"ruche/models"
)

var noon = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)

// opened is an index of what is on the shelf, up to date, in a directory that goes with the test.
func opened(t *testing.T, db *shelf) *Index {
	t.Helper()
	return reopened(t, db, t.TempDir())
}

func reopened(t *testing.T, db *shelf, dir string) *Index {
	t.Helper()
	x, err := Open(dir, db, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	catchUp(t, x)
	return x
}

func catchUp(t *testing.T, x *Index) {
	t.Helper()
	if err := x.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// idea makes an idea of space 1.
func idea(id int64, lang, title, text string, tags ...string) models.SearchRecord {
	return models.SearchRecord{Type: ideas, ID: id, IdeaID: id, SpaceID: 1, AuthorID: 1, Lang: lang, Title: title, Text: text,
		Tags: tags, Stage: "proposed", At: noon.Add(time.Duration(id) * time.Hour)}
}

// reply makes a comment on an idea of space 1.
func reply(id, idea int64, lang, text string) models.SearchRecord {
	return models.SearchRecord{Type: comments, ID: id, IdeaID: idea, SpaceID: 1, AuthorID: 2, Lang: lang, Text: text, At: noon.Add(time.Duration(id) * time.Hour)}
}

// thread makes a thread of space 1.
func thread(id int64, lang, title, text string, tags ...string) models.SearchRecord {
	return models.SearchRecord{Type: threads, ID: id, ThreadID: id, SpaceID: 1, AuthorID: 1, Lang: lang, Title: title, Text: text, Tags: tags, At: noon.Add(time.Duration(id) * time.Hour)}
}

// message makes a post in a thread of space 1.
func message(id, thread int64, lang, text string) models.SearchRecord {
	return models.SearchRecord{Type: posts, ID: id, ThreadID: thread, SpaceID: 1, AuthorID: 2, Lang: lang, Text: text, At: noon.Add(time.Duration(id) * time.Hour)}
}

func shelfOf(records ...models.SearchRecord) *shelf {
	db := newShelf()
	for _, r := range records {
		db.put(r)
	}
	return db
}

func search(t *testing.T, x *Index, q Query) Results {
	t.Helper()
	if q.Spaces == nil {
		q.Spaces = []int64{1}
	}
	r, err := x.Search(context.Background(), q)
	if err != nil {
		t.Fatalf("search %q: %v", q.Text, err)
	}
	return r
}

// keys are the hits as "idea:1", in order.
func keys(hits []Hit) (list []string) {
	for _, h := range hits {
		list = append(list, key(h.Record.Type, h.Record.ID))
	}
	return list
}
