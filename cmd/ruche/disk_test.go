package main_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ruche/app/apptest/program"
)

// smallDisk mounts a disk of a few megabytes. Who may not mount runs the test once more where they may: in a namespace
// of their own.
func smallDisk(t *testing.T) (dir string, elsewhere bool) {
	t.Helper()
	dir = t.TempDir()
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=24m")
	if errors.Is(err, syscall.EPERM) && os.Getenv("RUCHE_TEST_NAMESPACE") == "" {
		again := exec.Command("unshare", "-Urm", os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$")
		again.Env = append(os.Environ(), "RUCHE_TEST_NAMESPACE=1")
		out, err := again.CombinedOutput()
		t.Logf("%s", out)
		if err != nil {
			t.Fatalf("in a namespace: %v", err)
		}
		return "", true
	}
	if err != nil {
		t.Fatalf("mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir, false
}

// fill writes until there is no room left, and returns what makes room again.
func fill(t *testing.T, dir string) (empty func()) {
	t.Helper()
	path := filepath.Join(dir, "filler")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 20; size > 0; {
		if _, err = file.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("fill: %v", err)
	}
	file.Close()
	return func() {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// commented has someone comment on an idea of Olga's, so that its page has something to note when she reads it.
func commented(t *testing.T, p *program.Program, load *program.Load) (path string) {
	t.Helper()
	p.Must("user", "create", "ana@example.test", "--name", "Ana Lima")
	ana := p.Token("ana@example.test")
	for _, id := range load.Kept() {
		answer, err := ana.JSON(http.MethodPost, fmt.Sprintf("/ideas/%d/comments", id), map[string]any{"body": "Read this."})
		if err != nil || answer.Status != http.StatusCreated {
			t.Fatalf("comment: %v %+v", err, answer)
		}
		p.Until(10*time.Second, "Olga is told", func() bool {
			return program.Count(t, p.Rows(), "SELECT count(*) FROM notices WHERE kind = 'comment'") > 0
		})
		answer, err = p.Visitor().Do(t.Context(), http.MethodGet, fmt.Sprintf("/api/v1/ideas/%d", id), nil, http.Header{"Authorization": {"Bearer " + ana.Token}})
		var idea struct{ URL string }
		if err != nil || answer.Decode(&idea) != nil {
			t.Fatalf("read: %v %+v", err, answer)
		}
		return strings.TrimPrefix(idea.URL, p.URL)
	}
	return ""
}

// TestAFullDiskKeepsNobodyFromReading fills the disk under a server. With PostgreSQL only pictures and the index are on it.
func TestAFullDiskKeepsNobodyFromReading(t *testing.T) {
	dir, elsewhere := smallDisk(t)
	if elsewhere {
		return
	}
	p, olga := company(t, program.Settings{"RUCHE_DATA_DIR": dir})
	browser := p.SignIn("olga@example.test")
	load := program.NewLoad(olga, "workshop", "brimful")
	load.Start(2)
	p.Until(time.Minute, "ideas are being posted", func() bool { return len(load.Kept()) >= 20 })
	load.Stop()
	p.Findable(load, 10*time.Second)
	told := commented(t, p, load)
	empty := fill(t, dir)
	big := strings.Repeat("It grows and grows. ", 2000)
	refused := 0
	p.Until(time.Minute, "writes are refused", func() bool {
		answer, err := olga.JSON(http.MethodPost, "/ideas", map[string]any{"space": "workshop", "title": "One more", "body": big})
		switch {
		case err != nil:
			t.Fatal(err)
		case answer.Status == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") != "" && answer.Header.Get("Content-Type") == "application/problem+json":
			refused++
		case answer.Status != http.StatusCreated:
			t.Fatalf("a write is answered %d: %.300s", answer.Status, answer.Text)
		}
		return refused > 3 || p.Postgres()
	})
	if !p.Postgres() {
		answer, err := browser.Form("/ideas", url.Values{"space": {"workshop"}, "title": {"And one from a page"}, "body": {big}})
		if err != nil || answer.Status != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" || !strings.Contains(answer.Text, "</html>") {
			t.Errorf("a page's write: %v, %+v", err, answer)
		}
	}
	for range 3 {
		for _, path := range []string{"/", "/ideas", "/ideas?sort=newest", "/spaces/workshop", "/search?q=brimful", "/notifications", "/account", "/livez", "/readyz", told} {
			if answer, err := browser.Get(path); err != nil || answer.Status != http.StatusOK {
				t.Errorf("reading %s: %v, %+v", path, err, answer)
			}
		}
	}
	if answer, err := olga.JSON(http.MethodGet, "/ideas", nil); err != nil || answer.Status != http.StatusOK {
		t.Errorf("reading by the API: %v", err)
	}
	p.Findable(load, 5*time.Second)
	if lines := len(p.Lines("request refused for now")); lines > 3 {
		t.Errorf("the log tells of it %d times", lines)
	}
	empty()
	again := p.Until(5*time.Second, "writes are taken again", func() bool {
		answer, err := olga.JSON(http.MethodPost, "/ideas", map[string]any{"space": "workshop", "title": fmt.Sprintf("There is room %d", time.Now().UnixNano()), "body": big})
		return err == nil && answer.Status == http.StatusCreated
	})
	load.Start(2)
	kept := len(load.Kept())
	p.Until(time.Minute, "ideas are being posted", func() bool { return len(load.Kept()) >= kept+20 })
	load.Stop()
	p.Kill()
	p.Start()
	p.Findable(load, 10*time.Second)
	rows := p.Rows()
	if n := program.Count(t, rows, "SELECT count(*) FROM ideas i WHERE 1 <> (SELECT count(*) FROM events e WHERE e.verb = 'idea.posted' AND e.subject_id = i.id)"); n > 0 {
		t.Errorf("%d ideas have not one event", n)
	}
	if !p.Postgres() {
		var check string
		if err := rows.QueryRow("PRAGMA integrity_check").Scan(&check); err != nil || check != "ok" {
			t.Errorf("integrity check: %s, %v", check, err)
		}
	}
	t.Logf("%d writes refused, taken again after %s", refused, again.Round(time.Millisecond))
}
