//go:build peers

package chromium_test

import (
	"fmt"
	"html"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"ruche/app/apptest/browser"
)

// strict is the kind of policy that Ruche serves its pages with.
const strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'"

const sound = `<!doctype html><html lang="en"><head><title>Suggestion box</title><link rel="icon" href="data:,"></head><body><main>
<h1>Suggestion box</h1>
<form method="post" action="/post">
<label for="title">Title <small>required</small></label><input id="title" name="title" value="old words">
<label>Body<textarea name="body"></textarea></label>
<label>Space<select name="space"><option value="1">Canteen</option><option value="2">Travel&nbsp;and trains</option></select></label>
<label><input type="checkbox" name="anonymous"> Anonymous</label>
<label>Until<input type="date" name="until"></label>
<button>Post the idea</button>
</form></main></body></html>`

// site serves each path's page or file under a strict policy, and what was posted at /post.
func site(t *testing.T, pages map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", strict)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		page, ok := pages[r.URL.Path]
		switch {
		case r.URL.Path == "/post":
			if err := r.ParseForm(); err != nil {
				t.Error(err)
			}
			fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Posted</title><link rel="icon" href="data:,"><h1>Thank you</h1><p id="form">%s</p><p id="cookie">%s</p><p id="language">%s</p></html>`,
				html.EscapeString(r.PostForm.Encode()), html.EscapeString(r.Header.Get("Cookie")), html.EscapeString(r.Header.Get("Accept-Language")))
		case !ok:
			http.NotFound(w, r)
		default:
			if kind := mime.TypeByExtension(filepath.Ext(r.URL.Path)); kind != "" {
				w.Header().Set("Content-Type", kind)
			}
			fmt.Fprint(w, page)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestAFormIsFilledAndSentWithAndWithoutScripts(t *testing.T) {
	url := site(t, map[string]string{"/": sound})
	for name, option := range map[string]browser.Option{"scripts": browser.Wide, "no scripts": browser.WithoutScripts} {
		t.Run(name, func(t *testing.T) {
			page := browser.Open(t, option, browser.Language("fr"), browser.Cookies(url, &http.Cookie{Name: "__Host-session", Value: "s3cret"}))
			page.Go(url)
			page.Fill("label=Title", "Fewer badges — l’été")
			page.Fill("label=Body", "One line\nand another")
			page.Choose("label=Space", "Travel and trains")
			page.Click("label=Anonymous")
			page.Fill("label=Until", "2030-01-31")
			if got := page.Value("label=Anonymous"); got != "true" {
				t.Errorf("the box is %s after a click", got)
			}
			page.Click("button=Post the idea")
			page.See("Thank you")
			page.NotSee("Suggestion box")
			want := "anonymous=on&body=One+line%0D%0Aand+another&space=2&title=Fewer+badges+%E2%80%94+l%E2%80%99%C3%A9t%C3%A9&until=2030-01-31"
			if got := page.Text("#form"); got != want {
				t.Errorf("sent %s, want %s", got, want)
			}
			if got := page.Text("#cookie"); got != "__Host-session=s3cret" {
				t.Errorf("sent the cookies %q", got)
			}
			if got := page.Text("#language"); got != "fr" {
				t.Errorf("asked for the language %q", got)
			}
			page.Back()
			page.See("Suggestion box")
		})
	}
}

func TestKeysReachThePage(t *testing.T) {
	url := site(t, map[string]string{
		"/": `<!doctype html><html lang="en"><title>Keys</title><link rel="icon" href="data:,"><script src="/keys.js" defer></script>
<button id="one">One</button><label>Search<input id="two"></label><p id="log"></p></html>`,
		"/keys.js": `addEventListener("keydown", (e) => { document.querySelector("#log").append((e.ctrlKey ? "Control+" : "") + e.key + " "); });`,
	})
	page := browser.Open(t)
	page.Go(url)
	page.Press("Control+k", "Tab", "Tab")
	page.Type("hi")
	page.Press("ArrowDown", "Enter", "Escape")
	page.See("Control+k Tab Tab h i ArrowDown Enter Escape")
	if got := page.Focused(); !strings.Contains(got, `id="two"`) {
		t.Errorf("the focus is on %s", got)
	}
	if got := page.Value("label=Search"); got != "hi" {
		t.Errorf("the field holds %q", got)
	}
	page.Fill("label=Search", "")
	if got := page.Value("label=Search"); got != "" {
		t.Errorf("the field holds %q after it was emptied", got)
	}
}

func TestAPageOpensInTheSchemeAndSizeAskedFor(t *testing.T) {
	url := site(t, map[string]string{"/": sound})
	const seen = `[innerWidth, matchMedia("(prefers-color-scheme: dark)").matches, matchMedia("(pointer: coarse)").matches].join(" ")`
	page := browser.Open(t, browser.Phone, browser.Dark)
	page.Go(url)
	if got := browser.Eval[string](page, seen); !strings.HasSuffix(got, "true true") {
		t.Errorf("a dark telephone sees %s", got)
	}
	page.Dark(false)
	if got := browser.Eval[string](page, seen); !strings.HasSuffix(got, "false true") {
		t.Errorf("a light telephone sees %s", got)
	}
	dir := t.TempDir()
	t.Setenv("RUCHE_SCREENSHOTS", dir)
	page.Screenshot("phone")
	if info, err := os.Stat(filepath.Join(dir, "phone.png")); err != nil || info.Size() < 1000 {
		t.Errorf("the picture: %v %v", info, err)
	}
}

func TestAnUploadGivesTheFile(t *testing.T) {
	url := site(t, map[string]string{"/": `<!doctype html><html lang="en"><title>Upload</title><link rel="icon" href="data:,"><input type="file" hidden></html>`})
	file := filepath.Join(t.TempDir(), "badge.txt")
	if err := os.WriteFile(file, []byte("four"), 0o600); err != nil {
		t.Fatal(err)
	}
	page := browser.Open(t)
	page.Go(url)
	page.Upload("input[type=file]", file)
	if got := browser.Eval[string](page, `document.querySelector("input").files[0].text()`); got != "four" {
		t.Errorf("the page reads %q", got)
	}
}

func TestWhatABrowserShowsInRedFailsTheTest(t *testing.T) {
	url := site(t, map[string]string{
		"/": `<!doctype html><html lang="en"><title>Faults</title><link rel="icon" href="data:,"><h1>Faults</h1><script>inline()</script><p style="color:red">x</p>
<img src="/missing.png" alt=""><img src="http://127.0.0.1:1/refused.png" alt=""><script src="/faults.js"></script></html>`,
		"/faults.js": `console.error("out of", {honey: 1}); setTimeout(() => { throw new Error("stung") });`,
	})
	visit := func(t *testing.T, allowed ...string) []string {
		return judged(t, func(judge testing.TB) {
			page := browser.Open(judge)
			page.Go(url)
			page.See("Faults")
			for _, part := range allowed {
				page.Allow(part)
			}
		})
	}
	said := visit(t)
	for _, want := range []string{"script-src", "style-src", "404 GET " + url + "/missing.png", "img-src", "console.error", "stung"} {
		if !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("nobody complained of %q in %q", want, said)
		}
	}
	for _, complaint := range visit(t, "404", "Content Security Policy", "csp", "console.error") {
		if !strings.Contains(complaint, "stung") {
			t.Errorf("%q was allowed, and the test fails for it", complaint)
		}
	}
}

func TestWaitingForWhatNeverComesSaysWhatIsThere(t *testing.T) {
	t.Parallel() // it waits as long as a page may take
	url := site(t, map[string]string{"/": sound})
	said := judged(t, func(judge testing.TB) {
		page := browser.Open(judge)
		page.Go(url)
		page.See("Thank you")
	})
	if len(said) != 1 || !strings.Contains(said[0], "Suggestion box") {
		t.Errorf("said %q", said)
	}
}

func TestAxePassesASoundPageAndNamesEveryFault(t *testing.T) {
	url := site(t, map[string]string{
		"/":         sound,
		"/faulty":   `<!doctype html><html><head><title>F</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/pale.css"></head><body><h1>Pale</h1><input name="x"></body></html>`,
		"/pale.css": `h1 { color: #bbb; background: #fff; }`,
	})
	for name, option := range map[string]browser.Option{"scripts": browser.Wide, "no scripts": browser.WithoutScripts} {
		t.Run(name, func(t *testing.T) {
			page := browser.Open(t, option)
			page.Go(url)
			page.Axe()
			said := judged(t, func(judge testing.TB) {
				page := browser.Open(judge, option)
				page.Go(url + "/faulty")
				page.Axe()
			})
			for _, want := range []string{"html-has-lang", "label (critical)", "color-contrast"} {
				if !strings.Contains(strings.Join(said, "\n"), want) {
					t.Errorf("axe does not name %s in %q", want, said)
				}
			}
		})
	}
}

// judge is a test whose failures are looked at instead of counted.
type judge struct {
	testing.TB
	said     []string
	cleanups []func()
}

// judged runs a test to its end and returns what it failed with.
func judged(t *testing.T, test func(testing.TB)) []string {
	t.Helper()
	j := &judge{TB: t}
	run := func(part func()) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			part()
		}()
		<-done
	}
	run(func() { test(j) })
	for i := len(j.cleanups) - 1; i >= 0; i-- {
		run(j.cleanups[i])
	}
	return j.said
}

func (j *judge) Cleanup(f func()) { j.cleanups = append(j.cleanups, f) }
func (j *judge) Failed() bool     { return false }
func (j *judge) Errorf(format string, arguments ...any) {
	j.said = append(j.said, fmt.Sprintf(format, arguments...))
}
func (j *judge) Fatalf(format string, arguments ...any) {
	j.Errorf(format, arguments...)
	runtime.Goexit()
}
