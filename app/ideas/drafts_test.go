package ideas_test

import (
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// draft saves what someone has begun, as the browser's script does.
func draft(client *apptest.Client, form, fields string) *apptest.Answer {
	return client.Do("PUT", "/drafts/"+form, strings.NewReader(`{"fields":`+fields+`}`), http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}})
}

func TestADraftComesBackUntilItIsSent(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	draft(alice, "idea/new", `{"title":"Half a thou","body":"Begun.","tags":"x","space":"ateliers"}`).Status(200).See(`"saved_at":"`)

	other := h.As(h.alice) // on another device, or after the session was lost
	other.Get("/ideas/new").Status(200).See("Half a thou</textarea>", "Begun.</textarea>", "saved-at=", `value="x"`)
	h.As(h.bob).Get("/ideas/new").Status(200).NotSee("Half a thou", "saved-at=")

	form := idea("ateliers", "Half a thought, finished")
	form["once"] = field(t, other.Get("/ideas/new"), "once")
	post(t, other, form)
	other.Get("/ideas/new").Status(200).NotSee("Half a thou", "saved-at=")

	path := "/ideas/1-half-a-thought-finished"
	draft(alice, "idea/1/comment", `{"body":"I wonder whe"}`).Status(200)
	alice.Get(path).Status(200).See("I wonder whe</textarea>")
	alice.Post("/ideas/1/comments", apptest.Form{"body": "I wonder whether.", "once": "n1"}).Status(303)
	alice.Get(path).Status(200).NotSee("I wonder whe</textarea>")

	draft(alice, "idea/new", `{"title":"Thrown away"}`).Status(200)
	alice.Do("DELETE", "/drafts/idea/new", nil, nil).Status(204)
	alice.Do("DELETE", "/drafts/idea/new", nil, nil).Status(204)
	alice.Get("/ideas/new").NotSee("Thrown away")
}

func TestADraftOfAnEditNeverOverwritesWhatCameAfterIt(t *testing.T) {
	h := open(t)
	mona := h.Person("Mona", models.RoleModerator)
	alice, moderator := h.As(h.alice), h.As(mona)
	post(t, alice, idea("ateliers", "Weigh the scrap"))
	draft(alice, "idea/1", `{"title":"Weigh the scrap","body":"My slow edit.","tags":"","base":"1"}`).Status(200)
	moderator.Post("/ideas/1", apptest.Form{"title": "Weigh the scrap", "body": "A quick edit.", "base": "1"}).Status(303)

	edit := alice.Get("/ideas/1/edit").Status(200).See("My slow edit.</textarea>", "Mona", "<ins>A quick edit</ins>")
	if base := field(t, edit, "base"); base != "2" {
		t.Errorf("whoever saves now has seen version 2, the form says %s", base)
	}
}

func TestDraftsAreRefusedClearly(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	draft(h.Visitor(), "idea/new", `{"title":"x"}`).Status(401).See(`"status":401`)
	h.Visitor().Do("DELETE", "/drafts/idea/new", nil, nil).Status(401)
	for _, form := range []string{"", "../x", "Idea/new", "idea", "idea/1/2/3/4/5", "idea/%00"} {
		if status := draft(alice, form, `{"title":"x"}`).StatusCode; status != 404 {
			t.Errorf("draft %q: status %d", form, status)
		}
	}
	draft(alice, "idea/new", `{"title":7}`).Status(400)
	draft(alice, "idea/new", `null`).Status(400)
	draft(alice, "idea/new", `{"title":"`+strings.Repeat("x", 300_000)+`"}`).Status(422)
	draft(alice, "idea/new", "{\"title\":\"nul \\u0000, caf\xe9\"}").Status(200)
	alice.Get("/ideas/new").Status(200)
}

func TestOpeningAnIdeaReadsItsNotices(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))
	say(t, bob, "How?", "")
	h.Settle()
	if unread, err := h.DB.Unread(t.Context(), h.Actor(h.alice)); err != nil || unread != 1 {
		t.Fatalf("%d unread, %v", unread, err)
	}
	alice.Get(path).Status(200)
	if unread, err := h.DB.Unread(t.Context(), h.Actor(h.alice)); err != nil || unread != 0 {
		t.Errorf("%d unread after opening the idea, %v", unread, err)
	}
}
