package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

var threadPath = regexp.MustCompile(`^/threads/(\d+)`)

// aboutThreads tells whether a route is about a thread, a post of one or a topic.
func aboutThreads(pattern string) bool {
	page := strings.TrimPrefix(pattern, "/api/v1")
	return strings.HasPrefix(page, "/threads/:id") || strings.Contains(page, "/topics/:topic") || strings.HasPrefix(pattern, "/api/v1/posts/")
}

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
	if strings.Contains(pattern, ":shift") {
		return strings.Replace(pattern, ":shift", w.shifted(id, here), 1)
	}
	idea := ""
	if strings.Contains(pattern, ":idea") {
		answer = w.poster.Post("/ideas", apptest.Form{"space": here.slug, "title": title, "body": "As we said.", "once": w.once()}).Status(http.StatusSeeOther)
		idea = found(w.t, ideaPath, answer)
		w.poster.Post("/threads/"+id+"/ideas", apptest.Form{"idea": idea}).Status(http.StatusSeeOther)
	}
	if strings.Contains(pattern, ":number") {
		w.poster.Post("/threads/"+id+"/posts/"+w.said, apptest.Form{"body": "That.", "base": "1"}).Status(http.StatusSeeOther)
	} else if strings.HasSuffix(pattern, "/restoration") && strings.Contains(pattern, ":post") {
		w.poster.Post("/threads/"+id+"/posts/"+w.said+"/removal", nil).Status(http.StatusSeeOther)
	} else if strings.HasSuffix(pattern, "/restoration") {
		w.poster.Post("/threads/"+id+"/withdrawal", nil).Status(http.StatusSeeOther)
	}
	return strings.NewReplacer(":idea", idea, ":id", id, ":post", w.said, ":number", "1").Replace(pattern)
}

var shiftAnchor = regexp.MustCompile(`#shift-(\d+)$`)

// shifted is the split of a thread, by whoever leads.
func (w *world) shifted(thread string, here place) string {
	w.t.Helper()
	form := apptest.Form{"post": w.said, "scope": "only", "target": "new", "title": "Part of it", "kind": "discussion", "space": here.slug}
	return found(w.t, shiftAnchor, w.lead().client.Post("/threads/"+thread+"/split", form).Status(http.StatusSeeOther))
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
	case "POST /threads/:id/experts":
		return values("expert", fmt.Sprint(w.lead().user.ID))
	case "POST /threads/:id/pin":
		return values("pinned", "0")
	case "POST /threads/:id/closure":
		return values("closed", "1")
	case "POST /threads/:id/pace":
		return values("seconds", "60")
	case "POST /threads/:id/place":
		return values("space", "elsewhere")
	case "POST /threads/:id/split":
		return values("post", w.said, "scope", "only", "target", "new", "title", "Part of it", "kind", "discussion", "space", here.slug)
	case "POST /threads/:id/merge":
		return values("into", w.discussed("/threads/:id", here))
	case "POST /threads/:id/ideas":
		return values("idea", here.idea)
	case "POST /ideas/:id/threads":
		return values("thread", w.discussed("/threads/:id", here))
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

// threadDocument is what a program sends about threads, their posts and topics.
func (w *world) threadDocument(p *player, route string, here place) map[string]any {
	w.serial++
	switch route {
	case "POST /api/v1/threads":
		return map[string]any{"space": here.slug, "kind": "question", "title": "A thread by the program of " + p.name, "body": "With a body."}
	case "POST /api/v1/threads/:id/experts":
		return map[string]any{"expert": w.lead().user.ID}
	case "PATCH /api/v1/threads/:id":
		return map[string]any{"title": "Another title"}
	case "PUT /api/v1/threads/:id/answer":
		return map[string]any{"post": number(w.t, w.said)}
	case "PUT /api/v1/threads/:id/read":
		return map[string]any{"number": 1}
	case "PUT /api/v1/threads/:id/closure":
		return map[string]any{"reason": "It is answered."}
	case "PUT /api/v1/threads/:id/pace":
		return map[string]any{"seconds": 60}
	case "PUT /api/v1/threads/:id/space":
		return map[string]any{"space": "elsewhere"}
	case "PUT /api/v1/threads/:id/poll":
		return map[string]any{"kind": "consent", "question": "Shall we really?", "closes_at": w.site.DB.Now().Add(72 * time.Hour), "after": 1}
	case "POST /api/v1/threads/:id/posts", "PATCH /api/v1/posts/:post":
		return map[string]any{"body": "Another word."}
	case "POST /api/v1/spaces/:slug/topics":
		return map[string]any{"title": fmt.Sprintf("Topic %d of the program of %s", w.serial, p.name)}
	case "PATCH /api/v1/spaces/:slug/topics/:topic":
		return map[string]any{"description": "What is said there."}
	}
	return map[string]any{}
}
