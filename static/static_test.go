package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
)

func get(t *testing.T, url string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r io.Reader) string {
	t.Helper()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestFilesAreKeptForEverAtAHashedAddress(t *testing.T) {
	for name, kind := range map[string]string{
		"app.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8",
		"img/icons.svg": "image/svg+xml", "fonts/hanken-grotesk.woff2": "font/woff2",
		"vendor/editor.js": "text/javascript; charset=utf-8", "js/own/ballot.js": "text/javascript; charset=utf-8",
	} {
		url := URL(name)
		if !regexp.MustCompile(`^/static/[a-z0-9/-]+\.[0-9a-f]{12}\.[a-z0-9]+$`).MatchString(url) {
			t.Errorf("%s is at %s", name, url)
		}
		answer := get(t, url)
		for header, want := range map[string]string{
			"Content-Type": kind, "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
		} {
			if got := answer.Header.Get(header); got != want {
				t.Errorf("%s has %s %q, want %q", name, header, got, want)
			}
		}
		if again := get(t, url, "If-None-Match", answer.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s is sent again to who has it: %d", name, again.StatusCode)
		}
	}
}

func TestHeadersThatGovernPagesStayOnPages(t *testing.T) {
	for name, kept := range map[string]bool{"app.css": false, "fonts/source-serif-4.woff2": false, "img/favicon.svg": true} {
		w := httptest.NewRecorder()
		w.Header().Set("Content-Security-Policy", "default-src 'none'")
		w.Header().Set("Referrer-Policy", "same-origin")
		Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, URL(name), nil))
		if got := w.Header().Get("Content-Security-Policy") != ""; got != kept || w.Header().Get("Referrer-Policy") == "" {
			t.Errorf("%s answers with %v", name, w.Header())
		}
	}
}

func TestOtherAddressesDoNotExist(t *testing.T) {
	old := strings.Replace(URL("app.css"), "app.", "app.0", 1)
	for _, url := range []string{"/static/", "/static/app.css", old, "/static/css/10-base.css", "/static/img/icons.LICENSE.txt", "/static/../go.mod"} {
		if status := get(t, url).StatusCode; status != http.StatusNotFound {
			t.Errorf("%s answers %d", url, status)
		}
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, URL("app.css"), nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("a POST answers %d", w.Code)
	}
}

func TestTextIsCompressedAsTheBrowserLikes(t *testing.T) {
	url := URL("app.css")
	plain := body(t, get(t, url).Body)
	br := get(t, url, "Accept-Encoding", "gzip, deflate, br")
	if got := body(t, brotli.NewReader(br.Body)); br.Header.Get("Content-Encoding") != "br" || got != plain {
		t.Error("brotli does not give the same sheet")
	}
	gz := get(t, url, "Accept-Encoding", "gzip")
	r, err := gzip.NewReader(gz.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := body(t, r); gz.Header.Get("Content-Encoding") != "gzip" || got != plain {
		t.Error("gzip does not give the same sheet")
	}
	if br.Header.Get("Vary") != "Accept-Encoding" {
		t.Error("a cache would mix up the forms")
	}
	if font := get(t, URL("fonts/hanken-grotesk.woff2"), "Accept-Encoding", "br"); font.Header.Get("Content-Encoding") != "" {
		t.Error("a font is compressed twice")
	}
}

func TestTheSheetRefersToHashedFontsAndHoldsNoRemarks(t *testing.T) {
	sheet := body(t, get(t, URL("app.css")).Body)
	if !strings.Contains(sheet, `url("`+URL("fonts/source-serif-4.woff2")+`")`) {
		t.Error("the serif is not referred to by its hashed address")
	}
	if strings.Contains(sheet, "../") || strings.Contains(sheet, "/*") {
		t.Error("the sheet still has relative addresses or remarks")
	}
	if at := strings.Index(sheet, "@layer"); at != strings.Index(sheet, "@layer base, layout") {
		t.Error("the order of layers is not declared first")
	}
}

func TestASheetThatRefersToNothingIsRefused(t *testing.T) {
	_, err := build(fstest.MapFS{"css/a.css": {Data: []byte(`a { src: url("../fonts/gone.woff2") }`)}})
	if err == nil || !strings.Contains(err.Error(), "fonts/gone.woff2") {
		t.Errorf("built with %v", err)
	}
}

func TestTheSheetOfTheDeskIsOneOfItsOwn(t *testing.T) {
	a, err := build(fstest.MapFS{"css/a.css": {Data: []byte("a { b: c }")}, "css/desk/d.css": {Data: []byte("d { e: f }")}})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"app.css": "a{b:c}", "desk.css": "d{e:f}"} {
		if got := string(a.byName[name].plain); strings.TrimSpace(got) != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestBehavioursAreJoinedInNameOrderAndShortened(t *testing.T) {
	a, err := build(fstest.MapFS{
		"js/a.js": {Data: []byte("// what a does\n{\n  const long = a(); // first\n  b(long, long);\n}\n")}, "js/z.js": {Data: []byte("{ z(); }\n")},
		"js/posts/c.js": {Data: []byte("{ c(); }\n")}, "js/posts/b.js": {Data: []byte("{ b(); }\n")}, "js/own/o.js": {Data: []byte("{ o(); }\n")},
		"vendor/turbo.js": {Data: []byte("t();")}, "vendor/editor.js": {Data: []byte("editor")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"app.js": "t();{const e=a();b(e,e)}z()", "posts.js": "b(),c()", "js/own/o.js": "o()", "vendor/editor.js": "editor",
	} {
		if got := string(a.byName[name].plain); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if _, err := build(fstest.MapFS{"js/a.js": {Data: []byte("const = 1")}}); err == nil || !strings.Contains(err.Error(), "app.js") {
		t.Errorf("a script that is none is built with %v", err)
	}
}

// Behaviours share one module: none may leave names behind.
func TestEachBehaviourKeepsItsNamesToItself(t *testing.T) {
	names, err := fs.Glob(embedded, "js/*.js")
	own, ownErr := fs.Glob(embedded, "js/*/*.js")
	if names = append(names, own...); err != nil || ownErr != nil || len(own) == 0 {
		t.Fatal("no behaviours", err, ownErr)
	}
	named := regexp.MustCompile(`(?m)^(const|let|var|function|class|import|export)\b`)
	for _, name := range names {
		data, _ := fs.ReadFile(embedded, name)
		if named.Match(data) {
			t.Errorf("%s declares names outside of a block", name)
		}
		if lines := strings.Count(string(data), "\n"); lines > 300 {
			t.Errorf("%s has %d lines", name, lines)
		}
	}
}

// The first visit may weigh 120 kB in all; this is what every page needs.
func TestTheFirstVisitStaysLight(t *testing.T) {
	total := 0
	for _, name := range []string{"app.css", "app.js", "img/icons.svg", "fonts/hanken-grotesk.woff2", "fonts/source-serif-4.woff2", "fonts/source-serif-4-italic.woff2"} {
		size := len(body(t, get(t, URL(name), "Accept-Encoding", "br").Body))
		t.Logf("%6d %s", size, name)
		total += size
	}
	if total > 102_000 {
		t.Errorf("%d bytes leave too little for the page itself", total)
	}
}

func TestEveryIconOfTheSpriteHasItsOwnName(t *testing.T) {
	data, err := fs.ReadFile(embedded, "img/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`<symbol id="([^"]+)"`).FindAllSubmatch(data, -1) {
		if seen[string(m[1])] {
			t.Errorf("%s is there twice", m[1])
		}
		seen[string(m[1])] = true
	}
	if len(seen) < 20 || bytes.Contains(data, []byte("<script")) {
		t.Error("this is not the sprite")
	}
}

func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		if _, err := build(embedded); err != nil {
			b.Fatal(err)
		}
	}
}
