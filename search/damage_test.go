package search

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ruche/models"
)

// flock is enough ideas for an index of several files.
func flock(t *testing.T) (*shelf, string) {
	t.Helper()
	db, dir := newShelf(), t.TempDir()
	for i := range int64(600) {
		db.put(idea(i+1, "en", "Sparrow", strings.Repeat("some words to fill it ", 20)))
		db.happen(models.IdeaPosted, ideas, i+1)
	}
	x := reopened(t, db, dir)
	for i := range int64(3) {
		db.put(idea(i+601, "en", "Sparrow", "one more"))
		db.happen(models.IdeaPosted, ideas, i+601)
		catchUp(t, x)
		if err := x.live.flush(10 * time.Second); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return db, dir
}

func resize(t *testing.T, path string, size func(int64) int64) {
	t.Helper()
	info, err := os.Stat(path)
	if err == nil {
		err = os.Truncate(path, size(info.Size()))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func overwrite(t *testing.T, path string, change func([]byte)) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err == nil {
		change(b)
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// biggest is the largest segment of the index in use.
func biggest(t *testing.T, dir string) (path string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, indexPrefix+"*", "*.zap"))
	if err != nil || len(files) == 0 {
		t.Fatal("no segments", err)
	}
	var most int64
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && info.Size() > most {
			path, most = file, info.Size()
		}
	}
	return path
}

// TestADamagedIndexHeals damages the files of an index that is not open. Some damage Bleve gets over
// by going back to an older state, from which the event log leads on; what it cannot get over is
// put aside and built again.
func TestADamagedIndexHeals(t *testing.T) {
	bolt := func(dir string) string { return filepath.Join(filepath.Dir(biggest(t, dir)), "root.bolt") }
	for name, damage := range map[string]func(dir string){
		"root.bolt halved":    func(dir string) { resize(t, bolt(dir), func(n int64) int64 { return n / 2 }) },
		"root.bolt one page":  func(dir string) { resize(t, bolt(dir), func(int64) int64 { return 4096 }) },
		"root.bolt torn":      func(dir string) { resize(t, bolt(dir), func(n int64) int64 { return n - 5000 }) },
		"root.bolt empty":     func(dir string) { resize(t, bolt(dir), func(int64) int64 { return 0 }) },
		"root.bolt noise":     func(dir string) { overwrite(t, bolt(dir), noise) },
		"root.bolt gone":      func(dir string) { _ = os.Remove(bolt(dir)) },
		"segment gone":        func(dir string) { _ = os.Remove(biggest(t, dir)) },
		"segment halved":      func(dir string) { resize(t, biggest(t, dir), func(n int64) int64 { return n / 2 }) },
		"segment empty":       func(dir string) { resize(t, biggest(t, dir), func(int64) int64 { return 0 }) },
		"segment short":       func(dir string) { resize(t, biggest(t, dir), func(n int64) int64 { return n - 100 }) },
		"segment noise":       func(dir string) { overwrite(t, biggest(t, dir), noise) },
		"segments noise":      func(dir string) { everySegment(t, dir, noise) },
		"segments' middles":   func(dir string) { everySegment(t, dir, func(b []byte) { noise(b[len(b)/3 : len(b)/2]) }) },
		"segments' ends":      func(dir string) { everySegment(t, dir, func(b []byte) { noise(b[len(b)-400 : len(b)-60]) }) },
		"index gone":          func(dir string) { _ = os.RemoveAll(filepath.Dir(biggest(t, dir))) },
		"pointer gone":        func(dir string) { _ = os.Remove(filepath.Join(dir, pointer)) },
		"pointer noise":       func(dir string) { overwrite(t, filepath.Join(dir, pointer), noise) },
		"pointer elsewhere":   func(dir string) { point(t, dir, "index-"+schema+"-/../../x") },
		"of an older program": func(dir string) { point(t, dir, "index-v0-1") },
		"everything gone":     func(dir string) { _ = os.RemoveAll(dir) },
	} {
		t.Run(name, func(t *testing.T) {
			db, dir := flock(t)
			damage(dir)
			x, err := Open(dir, db, Options{Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = x.Close() })
			if r := search(t, x, Query{Text: "sparrow"}); r.Rebuilding == x.Status().Ready || !r.Rebuilding && r.Total < 600 {
				t.Errorf("before: %d found, rebuilding %v, %+v", r.Total, r.Rebuilding, x.Status())
			}
			following(t, x)
			eventually(t, time.Minute, "everything is found", func() bool {
				r, s := search(t, x, Query{Text: "sparrow"}), x.Status()
				return r.Total == 603 && len(r.Hits) == 20 && !r.Rebuilding && s.Ready && !s.Building && s.Docs == 603
			})
			if aside, indexes := x.entries(brokenDir), x.entries(indexPrefix); len(aside) > 1 || len(indexes) != 1 {
				t.Errorf("put aside %v, in use %v", aside, indexes)
			}
		})
	}
}

func everySegment(t *testing.T, dir string, change func([]byte)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(biggest(t, dir)), "*.zap"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		overwrite(t, file, change)
	}
}

func point(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, pointer), []byte(name), 0o600); err != nil {
		t.Fatal(err)
	}
}

// noise changes bytes all over a file.
func noise(b []byte) {
	for i := 0; i < len(b); i += 7 {
		b[i] ^= 0x5a
	}
}

// TestOneChangedByteIsNoticed flips a byte in the middle of segments, where nothing would fall over it:
// of all of them, because one that was merged into another just before the end is deleted unread.
func TestOneChangedByteIsNoticed(t *testing.T) {
	db, dir := flock(t)
	everySegment(t, dir, func(b []byte) { b[len(b)/2] ^= 1 })
	x, err := Open(dir, db, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	following(t, x)
	eventually(t, time.Minute, "the index is put aside", func() bool { return len(x.entries(brokenDir)) == 1 })
	eventually(t, time.Minute, "the index is whole again", func() bool { s := x.Status(); return s.Ready && !s.Building && s.Docs == 603 })
}

// TestAFileCutUnderARunningServiceIsNoCrash shortens a mapped file, which turns reading it into a
// fault that ends a program that does not expect it.
func TestAFileCutUnderARunningServiceIsNoCrash(t *testing.T) {
	db, dir := flock(t)
	x := reopened(t, db, dir)
	following(t, x)
	resize(t, biggest(t, dir), func(int64) int64 { return 0 })
	if r := search(t, x, Query{Text: "words fill"}); !r.Rebuilding && r.Total != 600 { // all there if it was merged into another file just before
		t.Errorf("%d found", r.Total)
	}
	eventually(t, time.Minute, "everything is found", func() bool {
		r := search(t, x, Query{Text: "words fill"})
		return r.Total == 600 && !r.Rebuilding
	})
}

func TestOnlyTwoBrokenIndexesAreKept(t *testing.T) {
	db, dir := flock(t)
	for range 4 {
		overwrite(t, biggest(t, dir), noise)
		x := reopened(t, db, dir)
		if r := search(t, x, Query{Text: "sparrow"}); r.Total != 603 {
			t.Errorf("%d found", r.Total)
		}
		if n := len(x.entries(brokenDir)); n > keepBroken {
			t.Errorf("%d put aside", n)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOneProcessAtATime(t *testing.T) {
	db, dir := flock(t)
	x := reopened(t, db, dir)
	if _, err := Open(dir, db, Options{}); !errors.Is(err, ErrLocked) {
		t.Errorf("opened twice: %v", err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	reopened(t, db, dir)
}

func TestADirectoryThatCannotBeUsedIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(file, "search"), newShelf(), Options{}); err == nil || errors.Is(err, ErrLocked) {
		t.Errorf("opened below a file: %v", err)
	}
}

// TestAfterCloseNothingHappens closes and goes on asking.
func TestAfterCloseNothingHappens(t *testing.T) {
	db, dir := flock(t)
	x := reopened(t, db, dir)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if r := search(t, x, Query{Text: "sparrow"}); r.Total != 0 || !r.Rebuilding {
		t.Errorf("%d found", r.Total)
	}
	if err := x.CatchUp(context.Background()); err != nil {
		t.Error(err)
	}
}
