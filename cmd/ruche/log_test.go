package main_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math/rand"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ruche/app/apptest/program"
)

// TestTheLogKnowsNobody has someone do everything, right and wrong, under names that occur nowhere else, breaks the
// database under them, and looks for the names in the log.
func TestTheLogKnowsNobody(t *testing.T) {
	p, olga := company(t, nil)
	p.Must("user", "create", "canary@example.test", "--name", "Canary Finch", "--role", "employee")
	finch, browser := p.Token("canary@example.test"), p.SignIn("canary@example.test")
	everything := func() {
		for _, path := range []string{"/", "/ideas?space=canary", "/ideas?cursor=canary", "/search?q=canary", "/search?q=canary&cursor=canary", "/ideas/1-canary", "/canary", "/people/canary", "/people/suggestions?space=workshop&q=canary",
			"/sign-in/link?token=canary", "/sign-in?next=//canary", "/ideas/similar?title=canary", "/api/v1/search?q=canary", "/spaces/canary", "/ideas/new?title=canary", "/%63anary%00", "/ideas?canary=%zz"} {
			_, _ = browser.Get(path)
		}
		for path, form := range map[string]url.Values{
			"/ideas":            {"space": {"workshop"}, "title": {"A canary sings"}, "body": {"The canary has a body."}, "tags": {"canary"}, "once": {fmt.Sprint("canary", rand.Int63())}},
			"/ideas/1/comments": {"body": {"A canary comments."}},
			"/ideas/1":          {"title": {"Canary"}, "body": {"canary"}, "base": {"canary"}},
			"/account":          {"name": {"Canary Finch"}},
			"/account/tokens":   {"token_name": {"canary"}},
			"/preferences":      {"name": {"canary"}, "value": {"canary"}},
			"/sign-in/link":     {"token": {"canary"}},
			"/spaces":           {"slug": {"canary"}, "title": {"Canary"}},
		} {
			_, _ = browser.Form(path, form)
		}
		_, _ = finch.JSON(http.MethodPost, "/ideas", map[string]any{"space": "workshop", "title": "A canary by program", "body": "canary", "canary": "canary"})
		_, _ = finch.JSON(http.MethodPost, "/ideas", "canary")
		_, _ = olga.JSON(http.MethodPut, "/spaces/workshop/members/canary@example.test", map[string]any{"role": "canary"})
		_, _ = olga.JSON(http.MethodPut, "/spaces/workshop/members/canary@example.test", map[string]any{"role": "member"})
		wrong := *finch
		wrong.Token = "ruche_canary"
		_, _ = wrong.JSON(http.MethodGet, "/me", nil)
		_, _ = browser.Do(t.Context(), http.MethodPut, "/drafts/idea/new", strings.NewReader(`{"fields":{"title":"canary"}}`), http.Header{"Content-Type": {"application/json"}})
		_, _ = browser.Do(t.Context(), http.MethodGet, "/ideas", nil, http.Header{"X-Request-Id": {"canary canary"}, "User-Agent": {"canary"}, "Referer": {"http://canary/"}})
	}
	everything()
	rows := p.Rows()
	broken := 0
	for _, table := range []string{"ideas", "sessions", "tokens", "users", "drafts", "spaces"} {
		if _, err := rows.Exec("ALTER TABLE " + table + " RENAME TO gone"); err != nil {
			t.Fatal(err)
		}
		everything()
		if answer, err := browser.Get("/"); err == nil && answer.Status >= 500 {
			broken++
			for _, trace := range []string{"goroutine", "gone", "SELECT", "SQL", "relation", "no such table", "ruche/"} {
				if strings.Contains(answer.Text, trace) {
					t.Errorf("the page shows %q", trace)
				}
			}
		}
		if _, err := rows.Exec("ALTER TABLE gone RENAME TO " + table); err != nil {
			t.Fatal(err)
		}
	}
	everything()
	p.Stop()
	log := p.Log()
	if failed := len(p.Lines("request failed")); failed < 20 || broken < 3 {
		t.Errorf("only %d requests failed and %d pages: the test proves nothing", failed, broken)
	}
	for _, line := range strings.Split(log, "\n") {
		if strings.Contains(strings.ToLower(line), "canary") || strings.Contains(line, finch.Token) || strings.Contains(line, "Olga") || strings.Contains(line, "olga@") {
			t.Errorf("the log says: %s", line)
		}
	}
	t.Logf("%d lines of log", strings.Count(log, "\n"))
}

// TestPicturesLeaveNothingBehind sends forms with pictures that wait on disk while they arrive.
func TestPicturesLeaveNothingBehind(t *testing.T) {
	temporary := t.TempDir()
	p, _ := company(t, program.Settings{"TMPDIR": temporary})
	browser := p.SignIn("olga@example.test")
	noise := image.NewRGBA(image.Rect(0, 0, 900, 900))
	random := rand.New(rand.NewSource(1))
	for i := range noise.Pix {
		noise.Pix[i] = byte(random.Intn(256))
	}
	for i := range 3 {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for name, value := range map[string]string{"space": "workshop", "title": fmt.Sprintf("With a picture %d", i), "body": "See below."} {
			if err := form.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
		part, err := form.CreateFormFile("picture", "noise.png")
		if err == nil {
			err = png.Encode(part, noise)
		}
		if err == nil {
			err = form.Close()
		}
		if err != nil || body.Len() < 2<<20 {
			t.Fatalf("%d bytes, %v", body.Len(), err)
		}
		answer, err := browser.Do(t.Context(), http.MethodPost, "/ideas", &body, http.Header{"Content-Type": {form.FormDataContentType()}})
		if err != nil || answer.Status != http.StatusSeeOther {
			t.Fatalf("post: %v %+v", err, answer)
		}
	}
	for _, dir := range []string{temporary, filepath.Join(p.DataDir, "uploads")} {
		left, err := os.ReadDir(dir)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, entry := range left {
			t.Errorf("%s is left behind", entry.Name())
		}
	}
}
