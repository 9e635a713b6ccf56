package main_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ruche/app/apptest/program"
)

// damages are what can happen to an index while nobody looks.
var damages = map[string]func(*testing.T, string){
	"a cut root":     func(t *testing.T, dir string) { eachFile(t, dir, "root.bolt", truncate) },
	"a cut segment":  func(t *testing.T, dir string) { eachFile(t, dir, "*.zap", truncate) },
	"a lost segment": func(t *testing.T, dir string) { eachFile(t, dir, "*.zap", os.Remove) },
	"a pointer to nowhere": func(t *testing.T, dir string) {
		eachFile(t, dir, "current", func(path string) error { return os.WriteFile(path, []byte("../../etc\n"), 0o600) })
	},
	"no index at all": func(t *testing.T, dir string) {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	},
}

func truncate(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Truncate(path, info.Size()/2)
}

// eachFile does something to the files of a name below a folder, of which there must be one.
func eachFile(t *testing.T, dir, name string, do func(string) error) {
	t.Helper()
	found := 0
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if matches, err := filepath.Match(name, filepath.Base(path)); err != nil || !matches {
			return err
		}
		found++
		return do(path)
	})
	if err != nil || found == 0 {
		t.Fatalf("%d files %s: %v", found, name, err)
	}
}

func TestABrokenIndexIsBuiltAnewWhileTheHouseIsOpen(t *testing.T) {
	p, olga := company(t, nil)
	load := program.NewLoad(olga, "workshop", "indestructible")
	load.Start(8)
	p.Until(2*time.Minute, "ideas are being posted", func() bool { return len(load.Kept()) >= 150 })
	load.Stop()
	p.Findable(load, 10*time.Second)
	browser := p.SignIn("olga@example.test")
	for name, damage := range damages {
		if outcome := p.Stop(); outcome.Code != 0 {
			t.Fatalf("exit code %d", outcome.Code)
		}
		damage(t, filepath.Join(p.DataDir, "search"))
		started := time.Now()
		p.Start()
		up := time.Since(started)
		for _, path := range []string{"/search?q=indestructible", "/ideas", "/"} {
			if answer, err := browser.Get(path); err != nil || answer.Status != http.StatusOK {
				t.Errorf("%s: GET %s at once: %v %+v", name, path, err, answer)
			}
		}
		whole := p.Findable(load, time.Minute)
		p.Until(time.Minute, "/readyz says yes", func() bool { return p.Status("/readyz") == http.StatusOK })
		t.Logf("%s: up after %s, whole %s later", name, up.Round(time.Millisecond), whole.Round(time.Millisecond))
	}
}

// TestReindexingDisturbsNoSearch builds the index anew three times while four people search.
func TestReindexingDisturbsNoSearch(t *testing.T) {
	p, olga := company(t, nil)
	load := program.NewLoad(olga, "workshop", "ubiquitous")
	load.Start(8)
	p.Until(2*time.Minute, "ideas are being posted", func() bool { return len(load.Kept()) >= 100 })
	load.Stop()
	p.Findable(load, 10*time.Second)
	want := program.Count(t, p.Rows(), "SELECT count(*) FROM ideas")
	var searches, failed atomic.Int64
	done := make(chan struct{})
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				answer, err := olga.JSON(http.MethodGet, "/search?type=idea&limit=5&q=ubiquitous", nil)
				var found struct{ Total int }
				searches.Add(1)
				if err != nil || answer.Status != http.StatusOK || answer.Decode(&found) != nil || found.Total < want {
					if failed.Add(1) < 5 {
						t.Errorf("a search fails: %v, %+v", err, answer)
					}
				}
			}
		})
	}
	for round := range 3 {
		if said := p.Must("reindex"); !strings.Contains(said, "rebuilds") {
			t.Errorf("ruche reindex says %q", said)
		}
		p.Until(time.Minute, "the new index is in place", func() bool { return len(p.Lines("search index built")) > round+1 })
	}
	close(done)
	work.Wait()
	t.Logf("%d searches while the index was built three times, %d failed", searches.Load(), failed.Load())
}
