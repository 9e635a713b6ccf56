package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"ruche/app/apptest"
)

var eventPath = regexp.MustCompile(`^/events/(\d+)`)

// aboutEvents tells whether a route is about an event, for people or for programs.
func aboutEvents(pattern string) bool {
	return strings.HasPrefix(strings.TrimPrefix(pattern, "/api/v1"), "/events/:id")
}

// planned is the address of a new event of a space.
func (w *world) planned(pattern string, here place) string {
	w.t.Helper()
	w.serial++
	answer := w.poster.Post("/events", eventForm("space", here.slug, "title", fmt.Sprintf("Event %d", w.serial), "once", w.once())).Status(http.StatusSeeOther)
	path, event := answer.Header.Get("Location"), found(w.t, eventPath, answer)
	switch {
	case pattern == "/events/:id":
		return path
	case strings.HasSuffix(pattern, "/resumption"):
		w.poster.Post("/events/"+event+"/cancellation", apptest.Form{"reason": "Rain."}).Status(http.StatusSeeOther)
	}
	post := ""
	if strings.Contains(pattern, ":post") {
		post = w.saidUnder("/events/"+event+"/posts", pattern)
	}
	return strings.NewReplacer(":id", event, ":number", "1", ":post", post).Replace(pattern)
}

// eventForm is the form of an event with some more fields.
func eventForm(more ...string) apptest.Form {
	form := apptest.Form{"starts_day": "2190-05-04", "starts_time": "17:00", "ends_day": "2190-05-04", "ends_time": "18:30"}
	for i := 0; i+1 < len(more); i += 2 {
		form[more[i]] = more[i+1]
	}
	return form
}

// eventFormOf is what a form about events sends.
func (w *world) eventFormOf(route string, here place) url.Values {
	w.serial++
	form := eventForm("space", here.slug, "title", fmt.Sprintf("Event %d", w.serial), "base", "1")
	switch route {
	case "POST /events/:id/attendance":
		return values("answer", "maybe")
	case "POST /events/:id/cancellation":
		return values("reason", "Rain.")
	case "POST /events/:id/posts", "POST /events/:id/posts/:post":
		return values("body", "This.", "base", "1", "once", w.once())
	case "POST /events/:id/posts/:post/versions/:number":
		return values("hidden", "1", "reason", "Enough")
	}
	all := url.Values{}
	for name, value := range form {
		all.Set(name, value)
	}
	return all
}

// eventDocument is what a program sends about events, nil for nothing.
func (w *world) eventDocument(route string, here place) map[string]any {
	w.serial++
	switch route {
	case "POST /api/v1/events":
		return map[string]any{"space": here.slug, "title": fmt.Sprintf("Event %d", w.serial), "starts_at": "2190-05-04T17:00:00Z", "ends_at": "2190-05-04T18:00:00Z"}
	case "PATCH /api/v1/events/:id":
		return map[string]any{"title": fmt.Sprintf("Event %d", w.serial)}
	case "PUT /api/v1/events/:id/attendance":
		return map[string]any{"answer": "maybe"}
	case "PUT /api/v1/events/:id/cancellation":
		return map[string]any{"reason": "Rain."}
	case "POST /api/v1/events/:id/posts":
		return map[string]any{"body": "This."}
	}
	return nil
}
