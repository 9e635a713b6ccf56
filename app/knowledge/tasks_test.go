package knowledge_test

import (
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestATaskIsTickedOnThePage(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "To do", "- [ ] Weigh\n- [ ] Clean\n\nAnd this.")
	tick := func(by *models.User, task, base string) *apptest.Answer {
		return h.As(by).Post("/articles/"+id+"/tasks", apptest.Form{"task": task, "base": base})
	}
	page := h.As(h.bob).Get(h.page(id))
	if strings.Count(page.Text, `class="tick"`) != 2 || !strings.Contains(page.Text, `value="2-done"`) {
		t.Error("whoever may edit finds no boxes to tick")
	}
	tick(h.bob, "1-done", "1").Status(http.StatusSeeOther)
	tick(h.alice, "2-done", "1").Status(http.StatusSeeOther) // from the page she had: both are done
	form := h.As(h.bob).Get("/articles/" + id + "/edit").Text
	if !strings.Contains(form, "- [x] Weigh\n- [x] Clean") {
		t.Error("somebody's tick is lost")
	}
	h.As(h.alice).Post("/articles/"+id, apptest.Form{"title": "To do", "body": "- [x] Weigh well\n- [x] Clean\n\nAnd this.", "base": "3"}).Status(http.StatusSeeOther)
	tick(h.bob, "1-open", "3").Status(http.StatusSeeOther) // the same line: he is told to look again
	if form := h.As(h.bob).Get("/articles/" + id + "/edit").Text; !strings.Contains(form, "- [x] Weigh well") {
		t.Error("an old page overwrites a later text")
	}
	for task, want := range map[string]int{"9-done": http.StatusNotFound, "0-done": http.StatusNotFound, "1": http.StatusUnprocessableEntity, "x-done": http.StatusUnprocessableEntity, "": http.StatusUnprocessableEntity} {
		if got := tick(h.bob, task, "1").StatusCode; got != want {
			t.Errorf("task %q: %d", task, got)
		}
	}
	tick(h.bob, "1-done", "99999999999").Status(http.StatusUnprocessableEntity)
	tick(h.bob, "1-done", "77").Status(http.StatusNotFound)
	tick(h.karen, "1-done", "1").Status(http.StatusNotFound)
	outside := h.write(h.mona, h.outside, "", "Theirs", "- [ ] a")
	h.As(h.karen).Post("/articles/"+outside+"/tasks", apptest.Form{"task": "1-done", "base": "1"}).Status(http.StatusForbidden)
	if page := h.As(h.karen).Get(h.page(outside)); strings.Contains(page.Text, `class="tick"`) || !strings.Contains(page.Text, `type="checkbox"`) {
		t.Error("whoever only reads can tick, or sees no boxes")
	}
	h.As(h.mona).Post("/collections/"+h.shelf+"/review", apptest.Form{"reviewed": "1"}).Status(http.StatusSeeOther)
	tick(h.bob, "1-open", "4").Status(http.StatusForbidden)
	if page := h.As(h.bob).Get(h.page(id)); strings.Contains(page.Text, `class="tick"`) {
		t.Error("what somebody else approves can be ticked")
	}
}

// page is the address of an article as it is now.
func (h *house) page(id string) string {
	h.t.Helper()
	return h.As(h.mona).Get("/articles/" + id).Status(http.StatusMovedPermanently).Header.Get("Location")
}
