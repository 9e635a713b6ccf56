package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"ruche/app/apptest"
	"ruche/models"
)

var threadPath = regexp.MustCompile(`^/threads/(\d+)`)

// discussed is the address of a new thread in a space, with an answer, or of the topic of it, of which a space has not endlessly many.
func (w *world) discussed(pattern string, here place) string {
	w.t.Helper()
	w.serial++
	title := fmt.Sprintf("Thread %d", w.serial)
	if strings.Contains(pattern, ":topic") {
		if w.topics[here.slug] == "" {
			w.lead().client.Post("/spaces/"+here.slug+"/topics", apptest.Form{"title": title}).Status(http.StatusSeeOther)
			w.topics[here.slug] = models.Slug(title)
		}
		return strings.NewReplacer(":slug", here.slug, ":topic", w.topics[here.slug]).Replace(pattern)
	}
	answer := w.poster.Post("/threads", apptest.Form{"space": here.slug, "kind": "question", "title": title, "body": "What do you think?", "once": w.once()}).Status(http.StatusSeeOther)
	path, id := answer.Header.Get("Location"), found(w.t, threadPath, answer)
	if pattern == "/threads/:id" {
		return path
	}
	answer = w.poster.Post("/threads/"+id+"/posts", apptest.Form{"body": "This.", "once": w.once()}).Status(http.StatusSeeOther)
	w.said = found(w.t, commentPath, answer)
	if strings.Contains(pattern, ":number") {
		w.poster.Post("/threads/"+id+"/posts/"+w.said, apptest.Form{"body": "That.", "base": "1"}).Status(http.StatusSeeOther)
	} else if strings.HasSuffix(pattern, "/restoration") {
		w.poster.Post(strings.NewReplacer(":id", id, ":post", w.said, "/restoration", map[bool]string{true: "/removal", false: "/withdrawal"}[strings.Contains(pattern, ":post")]).Replace(pattern), nil).Status(http.StatusSeeOther)
	}
	return strings.NewReplacer(":id", id, ":post", w.said, ":number", "1").Replace(pattern)
}

// threadForm is what a form about threads and topics sends.
func (w *world) threadForm(p *player, route string, here place) url.Values {
	w.serial++
	switch route {
	case "POST /threads":
		return values("space", here.slug, "kind", "question", "title", "A thread by "+p.name, "body", "With a body.", "once", w.once())
	case "POST /threads/:id":
		return values("title", "Another title", "base", "1")
	case "POST /threads/:id/acceptance":
		return values("post", w.said)
	case "POST /threads/:id/same":
		return values("same", "1")
	case "POST /threads/:id/pin":
		return values("pinned", "0")
	case "POST /threads/:id/closure":
		return values("closed", "1")
	case "POST /threads/:id/pace":
		return values("seconds", "60")
	case "POST /threads/:id/place":
		return values("space", "elsewhere")
	case "POST /threads/:id/posts", "POST /threads/:id/posts/:post":
		return values("body", "Another word.", "once", w.once(), "base", "1")
	case "POST /threads/:id/posts/:post/versions/:number":
		return values("hidden", "1", "reason", "It names a patient.")
	case "POST /spaces/:slug/topics", "POST /spaces/:slug/topics/:topic":
		return values("title", fmt.Sprintf("Topic %d of %s", w.serial, p.name))
	case "POST /spaces/:slug/topics/:topic/step":
		return values("to", "up")
	case "POST /spaces/:slug/topics/:topic/archive":
		return values("archived", "1")
	}
	return nil
}
