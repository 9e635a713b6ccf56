package glossary_test

import (
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
)

// TestTermsAreMarkedInIdeasAndThreadsOnceAPage has the words of the glossary explained where people talk, to those who may see them: once on
// a page, not in what was removed, and only on the page: the text itself and its quotes stay as they were written.
func TestTermsAreMarkedInIdeasAndThreadsOnceAPage(t *testing.T) {
	h := open(t)
	alice, bob, mona := h.As(h.alice), h.As(h.bob), h.As(h.mona)
	places := map[string]string{}
	for kind, form := range map[string]apptest.Form{
		"/ideas": {"space": "ateliers", "title": "Cool it", "body": "The extruder and Falcon."}, "/threads": {"space": "ateliers", "kind": "question", "title": "Cool it", "body": "The extruder and Falcon."},
	} {
		places[kind] = alice.Post(kind, form).Status(303).Header.Get("Location")
	}
	answers := map[string]string{"/ideas": "/ideas/1/comments", "/threads": "/threads/1/posts"}
	for kind, path := range places {
		bob.Get(path).NotSee("data-term", "js/own/terms")
		bob.Post(answers[kind], apptest.Form{"body": "An extruder, a hopper, `hopper`."}).Status(303)
	}
	h.define(h.alice, "ateliers", "Extruder", "It pushes.")
	h.define(h.alice, "ateliers", "Hopper", "It feeds.")
	h.define(h.mona, "closed", "Falcon", "Hush.", "everywhere", "1")
	for kind, path := range places {
		page := bob.Get(path).See(`data-term="1"`, `id="term-1"`, "It pushes.", `data-term="2"`, "It feeds.").NotSee("Hush.", "/glossary/3")
		if n := strings.Count(page.Text, "data-term="); n != 2 {
			t.Errorf("%s: %d words are marked", kind, n)
		}
		mona.Get(path).See(`data-term="3"`, "Hush.")
		h.Visitor().Get(path).NotSee("data-term", "It pushes.", "Hush.")
	}
	header := http.Header{"Authorization": {"Bearer " + h.Token(h.bob, "read")}}
	for _, path := range []string{"/ideas/1", "/threads/1/posts", "/ideas/1/comments"} {
		if answer := h.Visitor().Do("GET", "/api/v1"+path, nil, header).Status(200); strings.Contains(answer.Text, "data-term") {
			t.Errorf("programs read marks at %s", path)
		}
	}
	for kind, path := range places {
		_, number, _ := strings.Cut(bob.Get(path).See("hopper").Text, `id="post-`)
		if kind == "/threads" { // the first is the text of the thread
			_, number, _ = strings.Cut(number, `id="post-`)
		}
		number, _, _ = strings.Cut(number, `"`)
		bob.Post(answers[kind]+"/"+number+"/removal", nil).Status(303)
		bob.Get(path).See(`data-term="1"`).NotSee("It feeds.")
	}
}
