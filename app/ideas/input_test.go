package ideas_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ruche/app/apptest"
)

func TestWhatIsWrongIsSaidAtItsField(t *testing.T) {
	h := open(t)
	h.Space("second", "company", nil)
	alice := h.As(h.alice)
	for name, form := range map[string]apptest.Form{
		`href="#title"`: {"space": "ateliers", "title": "", "body": "Text."},
		`href="#body"`:  {"space": "ateliers", "title": "A title", "body": " \n "},
		`href="#space"`: {"title": "A title", "body": "Text."},
		`href="#tags"`:  {"space": "ateliers", "title": "A title", "body": "Text.", "tags": "1,2,3,4,5,6,7,8,9"},
	} {
		page := alice.Post("/ideas", form).Status(422).See(name, `aria-invalid="true"`)
		if field(t, page, "once") == "" {
			t.Error("the form has no number")
		}
	}
	alice.Post("/ideas", apptest.Form{"title": "Kept", "body": "Also kept.", "tags": "kept too"}).Status(422).See("Kept</textarea>", "Also kept.</textarea>", `value="kept too"`)
	alice.Post("/ideas", apptest.Form{"space": "nowhere", "title": "A title", "body": "Text."}).Status(404)
	alice.Get("/ideas").NotSee("A title", "Kept")
}

func TestTitlesThatSayNothingAreRefused(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	for name, title := range map[string]string{
		"10,000 characters": strings.Repeat("long ", 2000),
		"emoji only":        "🎉🎉🎉",
		"zero width":        "\u200b\u200d",
		"NUL":               "a\x00b",
		"invalid UTF-8":     "caf\xe9",
		"spaces":            "\u00a0\u2003 ",
	} {
		t.Run(name, func(t *testing.T) {
			alice.Post("/ideas", apptest.Form{"space": "ateliers", "title": title, "body": "Text."}).Status(422).See("title-error")
		})
	}
	for _, body := range []string{"a\x00b", "caf\xe9", strings.Repeat("> ", 10_000) + "deep", strings.Repeat("x", 100_001)} {
		alice.Post("/ideas", apptest.Form{"space": "ateliers", "title": "A title", "body": body}).Status(422).See("body-error")
		post(t, alice, idea("ateliers", "To comment on"))
		alice.Post("/ideas/1/comments", apptest.Form{"body": body}).Status(422).See("body-error")
	}
	long := strings.Repeat("é", 1<<19)
	alice.Post("/ideas", apptest.Form{"space": "ateliers", "title": "A title", "body": long}).Status(422).See("it has at most 100,000 letters", long+"</textarea>")
	alice.Post("/ideas/1/comments", apptest.Form{"body": long}).Status(422).See("it has at most 20,000 letters", long+"</textarea>")
	alice.Post("/ideas/1/comments", apptest.Form{"body": strings.Repeat("é", 1<<21)}).Status(413).See("over the allowed size")
	alice.Get("/ideas").NotSee("A title")
}

func TestNoTextClimbsOrTurnsThePageAround(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	zalgo, turned := "z"+strings.Repeat("\u0335\u0489", 500), "\u202egpj.exe\u2066"
	path := post(t, alice, apptest.Form{"space": "ateliers", "title": "Title " + zalgo + turned, "body": "Body " + zalgo + turned + " &#x202E;&#8238;", "tags": "tag" + turned})
	alice.Post("/ideas/1/comments", apptest.Form{"body": "Comment " + zalgo + turned}).Status(303)
	for _, page := range []string{"/ideas", path, "/ideas/1/edit"} {
		got := alice.Get(page).Status(200).See("gpj.exe").Text
		if strings.ContainsAny(got, "\u202a\u202b\u202c\u202d\u202e") || strings.Contains(got, "z"+strings.Repeat("\u0335\u0489", 3)) {
			t.Errorf("%s is turned around or climbs", page)
		}
	}
	if page := alice.Get(path); strings.Count(page.Text, "\u2066") != strings.Count(page.Text, "\u2069") {
		t.Error("an isolate is left open")
	}
}

func TestEveryNaughtyStringIsKeptOrRefused(t *testing.T) {
	var naughty []string
	raw, err := os.ReadFile(filepath.FromSlash("../../../shared/data/corpora/blns/blns.json"))
	if err != nil {
		raw = []byte(`["<script>alert(1)</script>", "'; DROP TABLE ideas; --", "Ω≈ç√∫˜µ≤≥÷", "田中さんにあげて下さい", "\"><img src=x onerror=alert(1)>", "{{.Title}}", "%s%d", "\u202e evil", "../../etc/passwd", "javascript:alert(1)"]`)
	}
	if err := json.Unmarshal(raw, &naughty); err != nil {
		t.Fatal(err)
	}
	h := open(t)
	alice := h.As(h.alice)
	post(t, alice, idea("ateliers", "To comment on"))
	for _, text := range naughty {
		answer := alice.Post("/ideas", apptest.Form{"space": "ateliers", "title": text, "body": text, "tags": text})
		switch answer.StatusCode {
		case http.StatusSeeOther:
			page := alice.Get(answer.Header.Get("Location")).Status(200)
			harmless(t, page, text)
		case http.StatusUnprocessableEntity:
			harmless(t, answer, text)
		default:
			t.Errorf("%q: status %d", text, answer.StatusCode)
		}
		if status := alice.Post("/ideas/1/comments", apptest.Form{"body": text}).StatusCode; status != http.StatusSeeOther && status != http.StatusUnprocessableEntity {
			t.Errorf("comment %q: status %d", text, status)
		}
	}
	h.Settle()
	harmless(t, alice.Get("/ideas?sort=newest").Status(200), "the list")
	harmless(t, alice.Get("/ideas/1-to-comment-on").Status(200), "the comments")
	asked := []string{"/ideas/similar?title=", "/ideas/new?title=", "/ideas?tag=", "/ideas?space=", "/ideas?stage=", "/ideas?sort=", "/ideas?cursor=", "/ideas/1?cursor="}
	for i, text := range naughty {
		if answer := alice.Get(asked[i%len(asked)] + escape(text)); answer.StatusCode >= 500 {
			t.Errorf("GET %s%q: status %d", asked[i%len(asked)], text, answer.StatusCode)
		}
	}
}

// harmless checks that nothing of what people wrote became markup that acts.
func harmless(t *testing.T, page *apptest.Answer, text string) {
	t.Helper()
	lower := strings.ToLower(page.Text)
	for _, bad := range []string{"<script>", "onerror=\"", "<img src=x", "href=\"javascript:", "<iframe", "<svg onload", " onload=\""} {
		if strings.Contains(lower, bad) {
			t.Errorf("%q: the page holds %s", text, bad)
		}
	}
	if strings.Contains(html.UnescapeString(page.Text), "\x00") {
		t.Errorf("%q: the page holds a NUL", text)
	}
}

func TestABodyOf50MegabytesIsRefused(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	post(t, alice, idea("ateliers", "To comment on"))
	form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	for _, path := range []string{"/ideas", "/ideas/1/comments", "/ideas/1/supports"} {
		alice.Do("POST", path, strings.NewReader("space=ateliers&title=Big&body="+strings.Repeat("x", 50<<20)), form).Status(413).See("too large")
		// Without a length in front, it is only found out on the way.
		unknown := io.MultiReader(strings.NewReader("space=ateliers&title=Big&body="), bytes.NewReader(bytes.Repeat([]byte("x"), 50<<20)))
		if status := alice.Do("POST", path, unknown, form).StatusCode; status != 413 {
			t.Errorf("POST %s of unknown length: status %d", path, status)
		}
	}
	alice.Do("PUT", "/drafts/idea/new", strings.NewReader(`{"fields":{"body":"`+strings.Repeat("x", 50<<20)+`"}}`), http.Header{"Content-Type": {"application/json"}}).Status(413)
	alice.Get("/ideas").NotSee(">Big<")
}

func TestAMalformedCursorIsAClearPage(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	post(t, alice, idea("ateliers", "Weigh the scrap"))
	for _, cursor := range []string{"x", "%00", "e30", key(`{"i":-1}`), key(`{"i":1,"t":"9999999-01-01T00:00:00Z"}`), key(`{"i":"1"}`), key(`null`), key(`[]`), "🎉"} {
		for _, sort := range []string{"trending", "newest", "supported", "active", "unanswered"} {
			alice.Get("/ideas?sort=" + sort + "&cursor=" + cursor).Status(422).See("This link to the rest of the list is not valid")
		}
		alice.Get("/ideas/1-weigh-the-scrap?cursor=" + cursor).Status(422)
	}
	for _, cursor := range []string{key(`{"i":1}`), key(`{"c":2147483648,"i":1}`), key(`{"c":-9223372036854775808,"i":9223372036854775807}`), key(`{"t":"0001-01-01T00:00:00Z","i":1}`), key(`{"t":"9999-12-31T23:59:59Z","i":1}`), key(`{"h":-1e308,"i":1}`)} {
		for _, sort := range []string{"trending", "newest", "supported", "active", "unanswered"} {
			if status := alice.Get("/ideas?sort=" + sort + "&cursor=" + cursor).StatusCode; status != 200 && status != 422 {
				t.Errorf("sort %s, cursor %s: status %d", sort, cursor, status)
			}
		}
		if status := alice.Get("/ideas/1-weigh-the-scrap?cursor=" + cursor).StatusCode; status != 200 && status != 422 {
			t.Errorf("comments, cursor %s: status %d", cursor, status)
		}
	}
	alice.Get("/ideas?cursor=" + key(`{"h":1e999,"i":1}`)).Status(422)
	alice.Get("/ideas?sort=best").Status(422)
	alice.Get("/ideas?stage=best").Status(422)
	alice.Get("/ideas?space=best").Status(404)
	alice.Get("/ideas/1/versions?before=x").Status(422)
}

func key(raw string) string { return base64.RawURLEncoding.EncodeToString([]byte(raw)) }

func TestAWrongPictureIsSaidAtItsField(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	send := func(name string, content []byte) *apptest.Answer {
		body, header := multipartForm(t, map[string]string{"space": "ateliers", "title": "With a picture", "body": "See below."}, name, content)
		return alice.Do("POST", "/ideas", body, header)
	}
	send("x.png", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")).Status(422).See("See below.", "With a picture</textarea>", "Files of this kind are not taken")
	send("", nil).Status(303)
	path := send("scrap.png", png(t)).Status(303).Header.Get("Location")
	alice.Get(path).Status(200).See(`src="/files/1"`, `width="2"`)
	alice.Get("/files/1").Status(200)
	h.As(h.bob).Get("/files/1").Status(200) // attached to the idea, so its readers see it
}
