package ideas_test

import (
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// actions are all that can be sent about idea 1 and comment 1.
func actions() map[string]apptest.Form {
	return map[string]apptest.Form{
		"/ideas/1":                        {"title": "Changed", "body": "Changed.", "base": "1"},
		"/ideas/1/withdrawal":             nil,
		"/ideas/1/restoration":            nil,
		"/ideas/1/supports":               {"supported": "1"},
		"/ideas/1/follow":                 {"following": "1"},
		"/ideas/1/stage":                  {"stage": "decided"},
		"/ideas/1/comments":               {"body": "Hello."},
		"/ideas/1/comments/1":             {"body": "Changed."},
		"/ideas/1/comments/1/removal":     nil,
		"/ideas/1/comments/1/restoration": nil,
	}
}

func TestWhatSomeoneMayNotSeeDoesNotExist(t *testing.T) {
	h := open(t)
	erin, mia := h.Person("Erin", models.RoleExternal), h.Person("Mia", models.RoleManager)
	h.Space("board", models.Restricted, map[*models.User]models.SpaceRole{h.alice: models.SpaceMember})
	alice := h.As(h.alice)
	post(t, alice, idea("board", "Close the Lyon office"))
	say(t, alice, "Not a word outside.", "")
	h.Settle()

	for name, client := range map[string]*apptest.Client{"employee": h.As(h.bob), "external": h.As(erin), "community manager": h.As(mia)} {
		for _, page := range []string{
			"/ideas/1", "/ideas/1-close-the-lyon-office", "/ideas/1/edit", "/ideas/1/versions", "/ideas/1/versions/1", "/ideas/1/comments/1",
			"/ideas/1/comments/1/reply", "/ideas/1/comments/1/edit", "/ideas?space=board",
		} {
			client.Get(page).Status(404).NotSee("Lyon", "Not a word")
		}
		for action, form := range actions() {
			if answer := client.Post(action, form); answer.StatusCode != 404 {
				t.Errorf("%s: POST %s answers %d", name, action, answer.StatusCode)
			}
		}
		for _, page := range []string{"/ideas", "/ideas?sort=newest", "/ideas?tag=energy", "/ideas?stage=proposed", "/ideas/similar?title=Close+the+Lyon+office"} {
			client.Get(page).NotSee("Lyon", ">board<", "space=board")
		}
		client.Get("/ideas").NotSee("energy") // nor its themes
		client.Post("/ideas", idea("board", "Let me in")).Status(404)
	}
	visitor := h.Visitor()
	visitor.Get("/ideas/1").Status(404)
	visitor.Get("/ideas").Status(200).NotSee("Lyon")
	alice.Get("/ideas/1-close-the-lyon-office").Status(200).See("Not a word outside.")
}

func TestWhoHasJustLostAccessSupportsNothing(t *testing.T) {
	h := open(t)
	board := h.Space("board", models.Restricted, map[*models.User]models.SpaceRole{h.alice: models.SpaceManager, h.bob: models.SpaceMember})
	alice, bob := h.As(h.alice), h.As(h.bob)
	path := post(t, alice, idea("board", "Close the Lyon office"))
	bob.Get(path).Status(200).See("/ideas/1/supports")
	h.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(board, h.bob.ID) })

	bob.Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(404).NotSee("Lyon")
	alice.Get(path).Status(200).See(`<b data-count="0">0</b>`)
	h.Settle()
	alice.Get("/notifications").Status(200).NotSee("Bob")

	h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(board, h.bob, models.SpaceReader) })
	bob.Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(403)
	alice.Get(path).Status(200).See(`<b data-count="0">0</b>`)
}

func TestVisitorsAreAskedToSignIn(t *testing.T) {
	h := open(t)
	h.Space("square", models.Public, nil)
	alice, visitor := h.As(h.alice), h.Visitor()
	path := post(t, alice, idea("square", "Open the garden"))
	say(t, alice, "To everyone.", "")

	visitor.Get(path).Status(200).See("Open the garden", "To everyone.", "Sign in to support", "Sign in to answer", "next=%2Fideas%2F1-open-the-garden").NotSee("Follow", "/reply")
	visitor.Get("/ideas").Status(200).See("Open the garden", "Propose an idea").NotSee("support-toggle", "Mine")
	visitor.Get("/ideas/1/versions").Status(200)
	if to := visitor.Get("/ideas/new?space=square").Status(303).Header.Get("Location"); !strings.HasPrefix(to, "/sign-in?next=") {
		t.Errorf("a visitor who wants to write is led to %s", to)
	}
	for action, form := range actions() {
		if to := visitor.Post(action, form).Status(303).Header.Get("Location"); !strings.HasPrefix(to, "/sign-in") {
			t.Errorf("POST %s leads to %s", action, to)
		}
	}
	visitor.Post("/ideas", idea("square", "Unsigned")).Status(303)
	alice.Get("/ideas").NotSee("Unsigned")
}

func TestReadersReadAlong(t *testing.T) {
	h := open(t)
	rita := h.Person("Rita", models.RoleEmployee)
	h.Space("board", models.Restricted, map[*models.User]models.SpaceRole{h.alice: models.SpaceMember, rita: models.SpaceReader})
	alice, reader := h.As(h.alice), h.As(rita)
	path := post(t, alice, idea("board", "Plan the year"))
	say(t, alice, "A first word.", "")

	reader.Get(path).Status(200).See("A first word.", "Follow").NotSee("/reply", "support-toggle", `action="/ideas/1/comments"`, "/withdrawal")
	reader.Get("/ideas?space=board").Status(200).See("Plan the year").NotSee("support-toggle", "/ideas/new?space=board")
	for action, form := range actions() {
		want := http.StatusForbidden
		if action == "/ideas/1/follow" {
			want = http.StatusSeeOther
		}
		reader.Post(action, form).Status(want)
	}
	reader.Post("/ideas", idea("board", "Mine too")).Status(403)
	reader.Get("/ideas/new").Status(200).NotSee(`value="board"`)
}

func TestExternalsAreMarkedAndKeepToTheirSpaces(t *testing.T) {
	h := open(t)
	erin := h.Person("Erin", models.RoleExternal)
	h.Space("club", models.External, map[*models.User]models.SpaceRole{erin: models.SpaceMember, h.alice: models.SpaceMember})
	alice, external := h.As(h.alice), h.As(erin)
	post(t, alice, idea("ateliers", "Inside only"))
	path := post(t, external, idea("club", "Longer hoses"))
	external.Post("/ideas/2/comments", apptest.Form{"body": "Two metres more."}).Status(303)

	alice.Get(path).Status(200).See("Longer hoses", "pill external", "People invited from outside")
	external.Get("/ideas").Status(200).See("Longer hoses").NotSee("Inside only", "ateliers")
	external.Get("/ideas/new").Status(200).See("People invited from outside", `name="space" value="club"`).NotSee("ateliers")
	external.Post("/ideas", idea("ateliers", "Let me in")).Status(404)
	alice.Get("/ideas/new").See("The whole company can read this space", "People invited from outside")

	h.Tx(nil, func(tx *models.Tx) error {
		space, err := tx.SpaceBySlug(t.Context(), h.Actor(h.alice), "club")
		if err != nil {
			return err
		}
		if err := tx.SetMember(space, h.alice, models.SpaceManager); err != nil {
			return err
		}
		return tx.RemoveMember(space, erin.ID)
	})
	// The page is still open in the browser; its buttons lead nowhere any more.
	external.Post("/ideas/2/supports", apptest.Form{"supported": "1"}).Status(404)
	external.Post("/ideas/2/comments", apptest.Form{"body": "Still here?"}).Status(404)
	external.Get(path).Status(404).NotSee("Longer hoses")
	alice.Get(path).See(`<b data-count="0">0</b>`).NotSee("Still here?")
	if _, err := h.DB.Idea(t.Context(), h.Actor(erin), 2); err == nil {
		t.Error("the idea is still to be seen by who left")
	}
}

func TestAnotherSitesFormIsRefused(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	post(t, alice, idea("ateliers", "Weigh the scrap"))
	for _, header := range []http.Header{
		{"Origin": {"https://elsewhere.test"}},
		{"Sec-Fetch-Site": {"cross-site"}},
	} {
		header.Set("Content-Type", "application/x-www-form-urlencoded")
		alice.Do("POST", "/ideas/1/withdrawal", strings.NewReader(""), header).Status(403)
		alice.Do("POST", "/ideas", strings.NewReader("space=ateliers&title=Forged&body=Forged"), header).Status(403)
		alice.Do("PUT", "/drafts/idea/new", strings.NewReader(`{"fields":{"title":"Forged"}}`), header).Status(403)
	}
	alice.Get("/ideas").See("Weigh the scrap").NotSee("Forged")
	alice.Get("/ideas/new").NotSee("Forged")
}
