package shifts_test

import (
	"net/http"
	"net/url"
	"testing"

	"ruche/models"
)

func TestWhatSomebodyHasBegunToWriteGoesWithThePosts(t *testing.T) {
	h := open(t)
	draft := func(form, body string) {
		h.Tx(h.Actor(h.alice), func(tx *models.Tx) error { return tx.SaveDraft(h.alice.ID, form, models.Fields{"body": body}) })
	}
	kept := func(form string) string {
		found, err := h.DB.Draft(t.Context(), h.alice.ID, form)
		if err != nil {
			t.Fatal(err)
		}
		if found == nil {
			return ""
		}
		return found.Fields["body"]
	}
	old := "thread/" + h.question
	draft(old+"/post", "To all")
	draft(old+"/reply/"+h.answer, "To Bob")
	draft(old+"/reply/"+h.aside, "To Carl")
	draft(old+"/edit/"+h.more, "Better said")
	into := "thread/" + h.split(chosen("The wrench", h.aside, h.more))
	for form, want := range map[string]string{
		into + "/reply/" + h.aside: "To Carl", into + "/edit/" + h.more: "Better said", old + "/reply/" + h.aside: "", old + "/edit/" + h.more: "",
		old + "/post": "To all", old + "/reply/" + h.answer: "To Bob", into + "/post": "",
	} {
		if got := kept(form); got != want {
			t.Errorf("after the split %s has %q, want %q", form, got, want)
		}
	}
	h.As(h.mona).Post(h.undo(h.question), nil).Status(http.StatusSeeOther)
	if got := kept(old + "/reply/" + h.aside); got != "To Carl" {
		t.Errorf("it came back as %q", got)
	}
	for title, has := range map[string]bool{"Another one": false, "A third": true} {
		other := h.begin(h.bob, "ateliers", "question", title)
		draft(old+"/post", "To all")
		if has {
			draft("thread/"+other+"/post", "Mine")
		}
		h.send(h.mona, "/threads/"+h.question+"/merge", url.Values{"into": {other}}).Status(http.StatusSeeOther)
		want := "To all"
		if has {
			want = "Mine"
		}
		if got := kept("thread/" + other + "/post"); got != want {
			t.Errorf("in %s stands %q, want %q", title, got, want)
		}
		if got := kept("thread/" + other + "/reply/" + h.answer); got != "To Bob" {
			t.Errorf("what answers Bob is %q", got)
		}
		h.As(h.mona).Post(h.undo(other), nil).Status(http.StatusSeeOther)
	}
}
