package ideas_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// ask has somebody ask a person by name to sign idea 1.
func ask(t *testing.T, client *apptest.Client, who, message string) *apptest.Answer {
	t.Helper()
	return client.Post("/ideas/1/coauthors", apptest.Form{"who": who, "message": message})
}

func answer(client *apptest.Client, with string) *apptest.Answer {
	return client.Post("/ideas/1/coauthors/answer", apptest.Form{"answer": with})
}

func TestACoAuthorIsAskedJoinsAndIsNamedEverywhere(t *testing.T) {
	h := open(t)
	carla := h.Person("Carla", models.RoleEmployee)
	alice, bob, other := h.As(h.alice), h.As(h.bob), h.As(carla)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))
	alice.Get("/ideas/1/coauthors").Status(200).See("Who signs this idea", "Ask somebody to sign with you")
	ask(t, alice, "bob", "You know the scales.").Status(303)
	h.Settle()

	other.Get("/ideas/1/coauthors").Status(200).NotSee("Bob", "You know the scales.", "Ask somebody")
	other.Get(path).NotSee("Bob", "You are asked")
	alice.Get("/ideas/1/coauthors").See("Bob", "no answer yet")
	bob.Get("/notifications").See("Alice asks you to sign “Weigh the scrap” as a co-author", `href="/ideas/1/coauthors"`)
	bob.Get(path).See("You are asked to sign this idea").NotSee(`href="/ideas/1/edit"`)
	bob.Get("/ideas/1/coauthors").See("You know the scales.", "Sign the idea")
	bob.Post("/ideas/1", apptest.Form{"title": "Mine already", "body": "No.", "base": "1"}).Status(403)
	answer(bob, "join").Status(303)
	answer(bob, "join").Status(303) // pressed twice
	h.Settle()

	alice.Get("/notifications").See("Bob now signs “Weigh the scrap” with you")
	other.Get(path).See("with", "Bob")
	other.Get("/ideas").See("and 1 co-author")
	other.Get("/people/"+strconv.FormatInt(h.bob.ID, 10)).See("Weigh the scrap", "and 1 co-author")
	bob.Get("/ideas?mine=1").See("Weigh the scrap")
	bob.Get(path).See("Unfollow", `href="/ideas/1/edit"`)
	bob.Post("/ideas/1", apptest.Form{"title": "Weigh all the scrap", "body": "At every place.", "base": "1"}).Status(303)
	alice.Get("/ideas/1/versions").See("Version 2", "Bob")
	bob.Post("/ideas/1/comments", apptest.Form{"body": "I have weighed mine."}).Status(303)
	path = "/ideas/1-weigh-all-the-scrap"
	other.Get(path).See("Co-author")

	bob.Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(303) // once, as everyone
	bob.Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(303)
	other.Get(path).See(`<b data-count="1">1</b>`)

	alice.Post("/ideas/1/withdrawal", nil).Status(303)
	bob.Get("/ideas/1/versions").Status(200)
	bob.Post("/ideas/1/withdrawal", nil).Status(403)
	other.Get("/ideas/1/versions").Status(404)
}

func TestWhoDeclinesIsNotAskedAgainAndMayChangeTheirMind(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))
	answer(bob, "join").Status(403) // nobody has asked
	ask(t, alice, h.bob.Email, "").Status(303)
	ask(t, alice, "Bob", "").Status(422).See("have not answered yet")
	answer(bob, "perhaps").Status(422)
	answer(bob, "decline").Status(303)
	ask(t, alice, "Bob", "Please.").Status(422).See("They have declined", "Please.")
	h.Settle()
	alice.Get("/notifications").See("Bob has declined to sign")
	alice.Get("/ideas/1/coauthors").See("Has declined")
	bob.Get("/ideas/1/coauthors").See("You have declined to sign this idea", "Sign the idea")
	answer(bob, "join").Status(303)
	alice.Get(path).See("Bob")
	answer(bob, "decline").Status(409) // who has signed leaves
	bob.Post("/ideas/1/coauthors/departure", nil).Status(303)
	bob.Post("/ideas/1/coauthors/departure", nil).Status(303)
	bob.Post("/ideas/1", apptest.Form{"title": "Mine", "body": "No.", "base": "1"}).Status(403)
	h.Settle()
	alice.Get("/notifications").See("Bob signs “Weigh the scrap” no longer")
	alice.Get("/ideas").NotSee("co-author")
	ask(t, alice, "Bob", "").Status(422).See("less than a day ago")
}

func TestOnlyItsLeadAsksAndModeratorsMayRemove(t *testing.T) {
	h := open(t)
	carla, mo := h.Person("Carla", models.RoleEmployee), h.Person("Mo", models.RoleModerator)
	alice, bob, other, moderator := h.As(h.alice), h.As(h.bob), h.As(carla), h.As(mo)
	post(t, alice, idea("ateliers", "Weigh the scrap"))
	for _, client := range []*apptest.Client{bob, moderator} {
		ask(t, client, "Carla", "").Status(403)
	}
	ask(t, alice, "Bob", "").Status(303)
	answer(bob, "join").Status(303)
	ask(t, bob, "Carla", "").Status(403) // a co-author does not lead
	ask(t, alice, "Carla", "").Status(303)
	removal := func(client *apptest.Client, person *models.User) *apptest.Answer {
		return client.Post(fmt.Sprintf("/ideas/1/coauthors/%d/removal", person.ID), nil)
	}
	removal(other, h.bob).Status(403)
	removal(bob, carla).Status(403)
	removal(alice, carla).Status(303) // the question is taken back
	answer(other, "join").Status(409)
	other.Get("/ideas/1/coauthors").NotSee("Sign the idea")
	removal(moderator, h.bob).Status(303)
	removal(moderator, h.bob).Status(303)
	removal(alice, mo).Status(404)
	alice.Post("/ideas/1/coauthors/0/removal", nil).Status(404)
	h.Settle()
	bob.Get("/notifications").See("Mo has removed you from the co-authors of “Weigh the scrap”")
	alice.Get("/ideas").NotSee("co-author")
}

func TestNobodyLearnsWhoExistsByAskingThem(t *testing.T) {
	h := open(t)
	erin, frank := h.Person("Erin", models.RoleExternal), h.Person("Frank", models.RoleExternal)
	h.Space("club", models.External, map[*models.User]models.SpaceRole{erin: models.SpaceMember, h.alice: models.SpaceMember})
	h.Space("board", models.Restricted, map[*models.User]models.SpaceRole{h.alice: models.SpaceMember})
	external, alice := h.As(erin), h.As(h.alice)
	post(t, external, idea("club", "Longer hoses"))
	unknown := "Nobody who can write in this space"
	for _, who := range []string{"Bob", h.bob.Email, "Frank", frank.Email, h.alice.Email, "nobody@example.test", strconv.FormatInt(h.bob.ID, 10), "", "\x00", strings.Repeat("x", 10_000)} {
		ask(t, external, who, "").Status(422).See(unknown)
	}
	for _, id := range []int64{h.bob.ID, frank.ID, 999999, erin.ID} {
		external.Post("/ideas/1/coauthors", apptest.Form{"person": strconv.FormatInt(id, 10)}).Status(422).See(unknown)
	}
	ask(t, external, "Alice", "").Status(303)

	post(t, alice, idea("board", "Close the Lyon office"))
	for _, who := range []string{"Bob", h.bob.Email, "Alice"} { // who cannot read it, and oneself
		alice.Post("/ideas/2/coauthors", apptest.Form{"who": who}).Status(422).See(unknown)
	}
	h.As(h.bob).Get("/ideas/2/coauthors").Status(404)
	h.As(h.bob).Post("/ideas/2/coauthors/answer", apptest.Form{"answer": "join"}).Status(404)
}

func TestOfSeveralOfANameOneIsChosen(t *testing.T) {
	h := open(t)
	h.Person("Mona Weber", models.RoleEmployee)
	second := h.Person("Mona Klein", models.RoleEmployee)
	alice := h.As(h.alice)
	post(t, alice, idea("ateliers", "Weigh the scrap"))
	ask(t, alice, "Mona", "Please.").Status(422).See("Several people", "Mona Weber", "Mona Klein", `name="person"`, "Please.")
	alice.Post("/ideas/1/coauthors", apptest.Form{"who": "Mona", "person": strconv.FormatInt(second.ID, 10)}).Status(303)
	alice.Get("/ideas/1/coauthors").See("Mona Klein").NotSee("Mona Weber")
}

func TestCoAuthorsAreBounded(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	for n := range 3 {
		post(t, alice, idea("ateliers", fmt.Sprintf("Weigh the scrap %d", n)))
	}
	people := make([]*models.User, 12)
	for n := range people {
		people[n] = h.Person(fmt.Sprintf("Person %02d", n), models.RoleEmployee)
	}
	send := func(idea int, person *models.User) *apptest.Answer {
		return alice.Post(fmt.Sprintf("/ideas/%d/coauthors", idea), apptest.Form{"person": strconv.FormatInt(person.ID, 10)})
	}
	for n := range models.MaxCoAuthors {
		send(1, people[n]).Status(303)
		send(2, people[n]).Status(303)
	}
	send(1, people[10]).Status(422).See("ten co-authors at most")
	send(3, people[11]).Status(422).See("asked many people today")
	alice.Post("/ideas/1/coauthors", apptest.Form{"who": "Bob", "message": strings.Repeat("x", 501)}).Status(422).See("at most 500 characters")
}

func TestAnIdeaIsCarriedOnByItsCoAuthors(t *testing.T) {
	h := open(t)
	carla, mo := h.Person("Carla", models.RoleEmployee), h.Person("Mo", models.RoleModerator)
	alice, bob, moderator := h.As(h.alice), h.As(h.bob), h.As(mo)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))
	ask(t, alice, "Bob", "").Status(303)
	answer(bob, "join").Status(303)
	h.Tx(nil, func(tx *models.Tx) error { return tx.Disable(h.alice.ID) })

	bob.Get(path).See("carried on by Bob")
	ask(t, moderator, "Carla", "").Status(403) // somebody leads it
	ask(t, bob, "Carla", "").Status(303)
	answer(h.As(carla), "join").Status(303)
	h.Settle()
	bob.Get("/notifications").See("Carla now signs")
	bob.Post("/ideas/1/coauthors/departure", nil).Status(303)
	bob.Get(path).See("carried on by Carla")
	h.As(carla).Post("/ideas/1/coauthors/departure", nil).Status(303)
	moderator.Get("/ideas/1/coauthors").See("Nobody who signs this idea is still here", "Ask somebody")
	dora := h.Person("Dora", models.RoleEmployee)
	ask(t, moderator, "Dora", "Will you?").Status(303)
	answer(h.As(dora), "join").Status(303)
	bob.Get(path).See("carried on by Dora")
}

func TestWhatOthersSignStaysWhenItsAuthorIsErased(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))
	lonely := post(t, alice, idea("ateliers", "Alone"))
	ask(t, alice, "Bob", "").Status(303)
	answer(bob, "join").Status(303)
	h.Tx(nil, func(tx *models.Tx) error {
		for {
			done, err := tx.RemoveContributions(h.alice.ID)
			if done || err != nil {
				return err
			}
		}
	})
	bob.Get(path).Status(200).See("Weigh the scrap").NotSee("carried on by", "Alice")
	bob.Get("/ideas/1/coauthors").See("Ask somebody")
	bob.Get(lonely).Status(404)
}

func TestWhoComesFromOutsideSignsUnderTheAgreement(t *testing.T) {
	h := open(t)
	erin := h.Person("Erin", models.RoleExternal)
	club := h.Space("club", models.External, map[*models.User]models.SpaceRole{erin: models.SpaceMember, h.alice: models.SpaceMember})
	alice, external := h.As(h.alice), h.As(erin)
	h.Tx(h.Actor(h.alice), func(tx *models.Tx) error {
		_, err := tx.PublishAgreement(club, &models.Agreement{Body: "Ours", HTML: "<p>Ours</p>"}, 0)
		return err
	})
	post(t, alice, idea("club", "Longer hoses"))
	ask(t, alice, "Erin", "").Status(303)
	if to := answer(external, "join").Status(303).Header.Get("Location"); !strings.HasPrefix(to, "/spaces/club/agreement?next=") {
		t.Errorf("leads to %s", to)
	}
	external.Post("/spaces/club/agreement/acceptance", apptest.Form{"accept": "1", "version": "1"}).Status(303)
	answer(external, "join").Status(303)
	external.Post("/ideas/1", apptest.Form{"title": "Longer hoses", "body": "Two metres.", "base": "1"}).Status(303)
	own, err := h.DB.CoAuthorship(t.Context(), 1, erin.ID)
	if err != nil || own.AgreementID == nil {
		t.Errorf("joined under no agreement: %+v %v", own, err)
	}

	h.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(club, erin.ID) })
	external.Get("/ideas/1").Status(404)
	external.Post("/ideas/1", apptest.Form{"title": "Mine", "body": "No.", "base": "2"}).Status(404)
	alice.Get("/ideas/1-longer-hoses").See("Erin") // their name stays
}

func TestThoseFromOutsideKnowTheCoAuthorsOfWhatTheyRead(t *testing.T) {
	h := open(t)
	erin := h.Person("Erin", models.RoleExternal)
	h.Space("square", models.Public, nil)
	alice, external := h.As(h.alice), h.As(erin)
	post(t, alice, idea("square", "Open the garden"))
	page := "/people/" + strconv.FormatInt(h.bob.ID, 10)
	ask(t, alice, "Bob", "").Status(303)
	external.Get(page).Status(404)
	answer(h.As(h.bob), "join").Status(303)
	external.Get(page).Status(200).See("Bob", "Open the garden")
}

func TestTwoAnswersAtOnceAreOne(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	post(t, alice, idea("ateliers", "Weigh the scrap"))
	ask(t, alice, "Bob", "").Status(303)
	done := make(chan int)
	for range 8 {
		go func() { done <- answer(bob, "join").StatusCode }()
	}
	for range 8 {
		if status := <-done; status != 303 {
			t.Errorf("answered %d", status)
		}
	}
	h.Settle()
	if n := strings.Count(alice.Get("/notifications").Text, "Bob now signs"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

func TestProgramsAskAndAnswer(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	post(t, alice, idea("ateliers", "Weigh the scrap"))
	call := func(user *models.User, method, path, body string) *apptest.Answer {
		return h.Visitor().Do(method, path, strings.NewReader(body), map[string][]string{"Authorization": {"Bearer " + h.Token(user, models.ScopeWrite)}, "Content-Type": {"application/json"}})
	}
	call(h.alice, "POST", "/api/v1/ideas/1/coauthors", fmt.Sprintf(`{"person": %d, "message": "Please."}`, h.bob.ID)).Status(204)
	call(h.alice, "POST", "/api/v1/ideas/1/coauthors", `{"person": 999999}`).Status(422)
	call(h.alice, "GET", "/api/v1/ideas/1/coauthors", "").Status(200).See(`"asked"`, "Bob")
	call(h.bob, "PUT", "/api/v1/ideas/1/coauthors/answer", `{"answer": "join"}`).Status(204)
	call(h.bob, "GET", "/api/v1/ideas/1", "").Status(200).See(`"coauthor_count":1`)
	call(h.alice, "DELETE", fmt.Sprintf("/api/v1/ideas/1/coauthors/%d", h.bob.ID), "").Status(204)
	call(h.bob, "DELETE", fmt.Sprintf("/api/v1/ideas/1/coauthors/%d", h.bob.ID), "").Status(409)
	bob.Get("/ideas?mine=1").NotSee("Weigh the scrap")
}
