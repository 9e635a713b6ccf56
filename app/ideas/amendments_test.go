package ideas_test

import (
	"fmt"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// amend has somebody propose another text for idea 1, begun from a version.
func amend(t *testing.T, client *apptest.Client, base int, title, body string) *apptest.Answer {
	t.Helper()
	return client.Post("/ideas/1/amendments", apptest.Form{"base": fmt.Sprint(base), "title": title, "body": body, "reason": "It reads better."})
}

func decide(client *apptest.Client, number int, form apptest.Form) *apptest.Answer {
	return client.Post(fmt.Sprintf("/ideas/1/amendments/%d/decision", number), form)
}

func TestAnAcceptedAmendmentIsAVersionAndMakesACoAuthor(t *testing.T) {
	h := open(t)
	carla := h.Person("Carla", models.RoleEmployee)
	alice, bob, other := h.As(h.alice), h.As(h.bob), h.As(carla)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))
	alice.Get(path).NotSee("/amendments/new")
	bob.Get(path).See(`href="/ideas/1/amendments/new"`)
	bob.Get("/ideas/1/amendments/new").Status(200).See("Weigh the scrap", "Why this change?")
	amend(t, bob, 1, "Weigh all the scrap", "At every place, and twice.").Status(303)
	amend(t, bob, 1, "Weigh all the scrap", "At every place, and twice.").Status(303) // pressed twice
	amend(t, bob, 1, "Weigh it", "Another one.").Status(422).See("You have already proposed a change", "Another one.")
	h.Settle()

	alice.Get("/notifications").See("Bob proposes a change to “Weigh the scrap”", `href="/ideas/1/amendments"`)
	alice.Get(path).See("1 change is proposed")
	other.Get(path).NotSee("1 change is proposed")
	alice.Get("/ideas/1/amendments/1").Status(200).See("<ins>", "It reads better.", "Accept the change")
	other.Get("/ideas/1/amendments").See("Weigh all the scrap")
	other.Get("/ideas/1/amendments/1").See("<ins>").NotSee("Accept the change", "Take it back")
	bob.Get("/ideas/1/amendments/1").See("Take it back").NotSee("Accept the change")
	moderator := h.As(h.Person("Mona", models.RoleModerator)) // who would give Bob a say that only Alice may give
	moderator.Get("/ideas/1/amendments/1").See("Take it back").NotSee("Accept the change")
	for _, client := range []*apptest.Client{bob, other, moderator} {
		decide(client, 1, apptest.Form{"decision": "accept", "seen": "1"}).Status(403)
	}
	decide(alice, 1, apptest.Form{"decision": "accept", "seen": "1"}).Status(303)
	decide(alice, 1, apptest.Form{"decision": "accept", "seen": "1"}).Status(303)
	h.Settle()

	other.Get("/ideas/1-weigh-all-the-scrap").Status(200).See("At every place, and twice.", "with", "Bob")
	alice.Get("/ideas/1/versions").See("Version 2", "Bob").NotSee("Version 3")
	bob.Get("/notifications").See("Alice has accepted your change to “Weigh all the scrap”")
	bob.Get("/ideas/1/amendments/new").Status(403) // who signs it edits it
	bob.Post("/ideas/1/amendments/1/withdrawal", nil).Status(409)
}

func TestARejectedAmendmentBecomesAnIdeaOnce(t *testing.T) {
	h := open(t)
	carla := h.Person("Carla", models.RoleEmployee)
	alice, bob, other := h.As(h.alice), h.As(h.bob), h.As(carla)
	post(t, alice, idea("ateliers", "Weigh the scrap"))
	amend(t, bob, 1, "Sell the scrap", "By the tonne, to the foundry.").Status(303)
	bob.Post("/ideas/1/amendments/1/idea", nil).Status(409) // nobody has decided yet
	decide(alice, 1, apptest.Form{"decision": "reject"}).Status(422).See("Say why not", "<ins>")
	decide(alice, 1, apptest.Form{"decision": "reject", "word": strings.Repeat("x", 501)}).Status(422)
	decide(alice, 1, apptest.Form{"decision": "reject", "word": "That is another idea."}).Status(303)
	decide(alice, 1, apptest.Form{"decision": "reject", "word": "Again."}).Status(303)
	decide(alice, 1, apptest.Form{"decision": "accept", "seen": "1"}).Status(409)
	h.Settle()

	bob.Get("/notifications").See("Alice has not kept your change")
	bob.Get("/ideas/1/amendments/1").See("That is another idea.", "Make it an idea of its own")
	other.Get("/ideas/1/amendments").NotSee("Sell the scrap")
	other.Get("/ideas/1/amendments/1").Status(404)
	decide(other, 1, apptest.Form{"decision": "reject", "word": "No."}).Status(404)
	other.Post("/ideas/1/amendments/1/idea", nil).Status(404)
	alice.Post("/ideas/1/amendments/1/idea", nil).Status(403)
	bob.Post("/ideas/1/amendments/1/idea", nil).Status(303)
	again := bob.Post("/ideas/1/amendments/1/idea", nil).Status(303)
	if to := again.Header.Get("Location"); to != "/ideas/2-sell-the-scrap" {
		t.Errorf("leads to %s", to)
	}
	other.Get("/ideas/2-sell-the-scrap").See("Came of a change proposed to", "Weigh the scrap", "foundry")
	bob.Get("/ideas/1/amendments/1").See("/ideas/2-sell-the-scrap").NotSee("Make it an idea of its own")
	other.Get("/ideas").NotSee("co-author")
	alice.Post("/ideas/1/withdrawal", nil).Status(303)
	other.Get("/ideas/2-sell-the-scrap").NotSee("Came of a change", "Weigh the scrap")
}

func TestAnAmendmentOfAnIdeaThatHasChangedOverwritesNothingUnseen(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	post(t, alice, idea("ateliers", "Weigh the scrap"))
	amend(t, bob, 1, "Weigh all the scrap", "At every place.").Status(303)
	alice.Post("/ideas/1", apptest.Form{"title": "Weigh the scrap", "body": "Changed meanwhile.", "base": "1"}).Status(303)
	decide(alice, 1, apptest.Form{"decision": "accept", "seen": "1"}).Status(409).See("The idea has changed", "<del>Changed meanwhile", "in place of the present text")
	alice.Get("/ideas/1/versions").NotSee("Version 3")
	decide(alice, 1, apptest.Form{"decision": "accept", "seen": "2"}).Status(303)
	alice.Get("/ideas/1/versions/2").See("meanwhile")
	alice.Get("/ideas/1/versions/3").See("every place")
}

func TestWhatIsNoAmendmentIsRefusedWithTheText(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	post(t, alice, apptest.Form{"space": "ateliers", "title": "Weigh the scrap of every machine", "body": "We should weigh all of the scrap that we throw away at the end of every shift, and write it down.", "tags": ""})
	body := "We should weigh all of the scrap that we throw away at the end of every shift, and write it down."
	amend(t, bob, 1, "Weigh the scrap of every machine", body).Status(422).See("Nothing differs")
	amend(t, bob, 1, "Peser toutes les chutes de chaque machine", "Nous devrions peser toutes les chutes que nous jetons à la fin de chaque poste, et les noter dans un cahier.").Status(422).See("Write in the language of the idea", "cahier")
	amend(t, bob, 1, "", "").Status(422)
	for _, base := range []int{0, -1, 2, 1 << 40} {
		amend(t, bob, base, "Weigh it", "Another text.").Status(409).See("Another text.")
	}
	bob.Post("/ideas/1/amendments", apptest.Form{"base": "1", "title": "Weigh it", "body": "Another text."}).Status(422).See("Say why", "Another text.")
	amend(t, alice, 1, "Mine", "My own text.").Status(403)
	for _, path := range []string{"/ideas/1/amendments/99", "/ideas/1/amendments/0", "/ideas/1/amendments/x", "/ideas/9/amendments"} {
		bob.Get(path).Status(404)
	}
	post(t, alice, idea("ateliers", "Another"))
	amend(t, bob, 1, "Weigh it", "Another text.").Status(303)
	bob.Get("/ideas/2/amendments/1").Status(404) // it is of another idea
	bob.Post("/ideas/1/amendments/1/withdrawal", nil).Status(303)
	bob.Post("/ideas/1/amendments/1/withdrawal", nil).Status(303)
	decide(alice, 1, apptest.Form{"decision": "accept", "seen": "1"}).Status(409)
	amend(t, bob, 1, "Weigh it", "Another text.").Status(303)
}

func TestTwoDecisionsAtOnceAreOne(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	post(t, alice, idea("ateliers", "Weigh the scrap"))
	amend(t, bob, 1, "Weigh all the scrap", "At every place.").Status(303)
	done := make(chan int)
	for n := range 6 {
		form := apptest.Form{"decision": "accept", "seen": "1"}
		if n%2 == 1 {
			form = apptest.Form{"decision": "reject", "word": "No."}
		}
		go func() { done <- decide(alice, 1, form).StatusCode }()
	}
	for range 6 {
		if status := <-done; status != 303 && status != 409 {
			t.Errorf("answered %d", status)
		}
	}
	h.Settle()
	told := bob.Get("/notifications").Text
	if n := strings.Count(told, "has accepted your change") + strings.Count(told, "has not kept your change"); n != 1 {
		t.Errorf("told %d decisions", n)
	}
}

func TestProgramsProposeAndDecide(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	post(t, alice, idea("ateliers", "Weigh the scrap"))
	call := func(user *models.User, method, path, body string) *apptest.Answer {
		return h.Visitor().Do(method, path, strings.NewReader(body), map[string][]string{"Authorization": {"Bearer " + h.Token(user, models.ScopeWrite)}, "Content-Type": {"application/json"}})
	}
	call(h.bob, "POST", "/api/v1/ideas/1/amendments", `{"base": 1, "title": "Weigh all", "body": "At every place.", "reason": "Shorter."}`).Status(201).See(`"id":1`)
	call(h.bob, "POST", "/api/v1/ideas/1/amendments", `{"base": 1, "title": "Weigh all", "body": "Two.", "reason": ""}`).Status(422)
	call(h.alice, "PUT", "/api/v1/ideas/1/amendments/1/decision", `{"decision": "reject", "word": "No."}`).Status(204)
	call(h.bob, "GET", "/api/v1/ideas/1/amendments", "").Status(200).See(`"rejected"`, "No.")
	call(h.bob, "DELETE", "/api/v1/ideas/1/amendments/1", "").Status(409)
	call(h.bob, "POST", "/api/v1/ideas/1/amendments/1/idea", "").Status(201).See("/ideas/2-weigh-all")
	carla := h.Person("Carla", models.RoleEmployee)
	call(carla, "GET", "/api/v1/ideas/1/amendments", "").Status(200).NotSee("Weigh all")
}
