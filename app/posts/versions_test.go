package posts_test

import (
	"fmt"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// house has a space of the company that mona leads, and one that only she sees; in each place "First." is said.
type house struct {
	*apptest.Site
	alice, bob, mona *apptest.Client
}

func open(t *testing.T) *house {
	t.Helper()
	site := apptest.Start(t)
	alice, bob, mona := site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee), site.Person("Mona", models.RoleEmployee)
	site.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{mona: models.SpaceManager, alice: models.SpaceMember, bob: models.SpaceMember})
	site.Space("closed", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	h := &house{Site: site, alice: site.As(alice), bob: site.As(bob), mona: site.As(mona)}
	h.alice.Post("/ideas", apptest.Form{"space": "ateliers", "title": "Weigh the scrap", "body": "At every station."}).Status(303)
	h.alice.Post("/threads", apptest.Form{"space": "ateliers", "kind": "question", "title": "Does it leak?", "body": "Twice a week."}).Status(303)
	return h
}

// places are where Bob has said something, as the address of his post.
func (h *house) places() map[string]string {
	h.bob.Post("/ideas/1/comments", apptest.Form{"body": "It weighs fourteen kilos."}).Status(303)
	h.bob.Post("/threads/1/posts", apptest.Form{"body": "It weighs fourteen kilos."}).Status(303)
	return map[string]string{"idea": "/ideas/1/comments/2", "thread": "/threads/1/posts/3"}
}

func TestTheTextsOfAPostAreReadWithWhatChanged(t *testing.T) {
	h := open(t)
	for name, post := range h.places() {
		t.Run(name, func(t *testing.T) {
			h.alice.Get(post + "/versions").Status(200).See("No former text of this message is kept.")
			h.bob.Get(post + "/edit").Status(200).See(`name="base" value="1"`)
			h.bob.Post(post, apptest.Form{"base": "1", "body": "It weighs fifteen kilos."}).Status(303)
			h.bob.Get(post + "/edit").See(`name="base" value="2"`)
			h.bob.Post(post, apptest.Form{"base": "2", "body": "It weighs fifteen kilos."}).Status(303) // nothing changed
			h.mona.Post(post, apptest.Form{"base": "2", "body": "It weighs <b>fifteen</b> kilos & more."}).Status(303)
			h.alice.Get(post+"/versions").Status(200).
				See("Version 3", "Version 2", "Version 1", "<del>fourteen</del><ins>fifteen</ins>", "&lt;b&gt;", "Bob", "Mona").NotSee("<b>fifteen", "Version 4", "versions/1", "hide=")
			h.alice.Get(post + "/versions?before=2").See("Version 1").NotSee("Version 2")
			h.alice.Get(post + "/versions?before=x").Status(422)

			h.bob.Post(post+"/removal", nil).Status(303)
			h.alice.Get(post + "/versions").Status(404).NotSee("fourteen")
			h.bob.Get(post + "/versions").Status(200).See("fourteen")
			h.mona.Post(post+"/restoration", nil).Status(303)
			h.mona.Post(post+"/removal", nil).Status(303)
			h.bob.Get(post + "/versions").Status(404)
			h.mona.Get(post + "/versions").Status(200)
		})
	}
}

func TestTheMarkOfAnEditLeadsToTheTexts(t *testing.T) {
	h := open(t)
	places := h.places()
	h.bob.Post(places["idea"], apptest.Form{"base": "1", "body": "Fifteen."}).Status(303)
	h.bob.Post(places["thread"], apptest.Form{"base": "1", "body": "Fifteen."}).Status(303)
	h.alice.Get("/ideas/1-weigh-the-scrap").See(`href="/ideas/1/comments/2/versions"`)
	h.alice.Get("/threads/1-does-it-leak").See(`href="/threads/1/posts/3/versions"`)
	h.alice.Post("/threads/1/posts/1", apptest.Form{"base": "1", "body": "Thrice a week."}).Status(303)
	h.bob.Get("/threads/1-does-it-leak").See(`href="/threads/1/posts/1/versions"`)
	h.alice.Get("/threads/1/posts/2/versions").Status(404) // it stands elsewhere
}

func TestWhoMayNotReadAPlaceReadsNoneOfItsTexts(t *testing.T) {
	h := open(t)
	h.mona.Post("/ideas", apptest.Form{"space": "closed", "title": "A secret", "body": "Of some."}).Status(303)
	h.mona.Post("/ideas/2/comments", apptest.Form{"body": "Hush."}).Status(303)
	post := "/ideas/2/comments/2"
	h.mona.Post(post, apptest.Form{"base": "1", "body": "Silence."}).Status(303)
	h.mona.Get(post + "/versions").Status(200).See("Hush")
	h.bob.Get(post + "/versions").Status(404).NotSee("Hush")
	h.bob.Post(post+"/versions/1", apptest.Form{"hidden": "1", "reason": "Mine."}).Status(404)
	h.Visitor().Get(post + "/versions").Status(404)
}

func TestAModeratorHidesATextThatNobodyMayReadAnyMore(t *testing.T) {
	h := open(t)
	for name, post := range h.places() {
		t.Run(name, func(t *testing.T) {
			h.bob.Post(post, apptest.Form{"base": "1", "body": "It weighs fifteen kilos."}).Status(303)
			versions := post + "/versions"
			h.mona.Get(versions).See("hide=1").NotSee("hide=2")
			h.mona.Get(versions + "?hide=1").Status(200).See(`action="` + versions + `/1"`)
			h.mona.Get(versions + "?hide=-1").Status(404)

			h.bob.Post(versions+"/1", apptest.Form{"hidden": "1", "reason": "Mine."}).Status(403)
			h.mona.Post(versions+"/1", apptest.Form{"hidden": "1", "reason": " "}).Status(422).See("Say why.")
			h.mona.Post(versions+"/1", apptest.Form{"hidden": "1", "reason": strings.Repeat("why ", 200)}).Status(422)
			h.mona.Post(versions+"/2", apptest.Form{"hidden": "1", "reason": "It is shown."}).Status(409)
			h.mona.Post(versions+"/9", apptest.Form{"hidden": "1", "reason": "There is none."}).Status(404)

			h.mona.Post(versions+"/1", apptest.Form{"hidden": "1", "reason": "A weight of ours."}).Status(303)
			for _, reader := range []*apptest.Client{h.alice, h.bob, h.mona} {
				reader.Get(versions).Status(200).See("A weight of ours.", "Version 2").NotSee("fourteen")
			}
			h.bob.Post(versions+"/1", nil).Status(403)
			h.mona.Post(versions+"/1", nil).Status(303)
			h.bob.Get(versions).See("fourteen").NotSee("A weight of ours.")
		})
	}
	var told []string
	h.Tx(nil, func(tx *models.Tx) error {
		events, err := tx.EventsAfter(t.Context(), 0, 200)
		for _, event := range events {
			if event.Verb == models.PostCleared || event.Verb == models.PostUncleared {
				told = append(told, event.Data)
			}
		}
		return err
	})
	if len(told) != 4 || !strings.Contains(fmt.Sprint(told), `"number":1,"reason":"A weight of ours."`) {
		t.Errorf("recorded %v", told)
	}
}

func TestWhoSavesSecondSeesWhatWasSavedFirstAndLosesNothing(t *testing.T) {
	h := open(t)
	for name, post := range h.places() {
		t.Run(name, func(t *testing.T) {
			h.mona.Post(post, apptest.Form{"base": "1", "body": "It weighs fifteen kilos."}).Status(303)
			for _, base := range []string{"1", "", "x", "7"} {
				h.bob.Post(post, apptest.Form{"base": base, "body": "It weighs sixteen pounds."}).Status(409).
					See("Someone saved another text", "Mona", "fifteen", "It weighs sixteen pounds.</textarea>", `name="base" value="2"`)
			}
			h.bob.Post(post, apptest.Form{"base": "1", "body": "It weighs sixteen pounds."}).See("<del>fourteen</del><ins>fifteen</ins>")
			h.alice.Get(post+"/versions").See("Version 2").NotSee("Version 3", "sixteen")
			h.bob.Post(post, apptest.Form{"base": "2", "body": "It weighs sixteen pounds."}).Status(303) // and this is a decision
			h.alice.Get(post+"/versions").See("Version 3", "sixteen")
		})
	}
}

func TestADraftOfAnEditDoesNotOverwriteWhatWasSavedSince(t *testing.T) {
	h := open(t)
	post := h.places()["idea"]
	draft := `{"fields":{"body":"Begun long ago.","base":"1"}}`
	if answer := h.bob.Do("PUT", "/drafts/idea/1/edit/2", strings.NewReader(draft), map[string][]string{"Content-Type": {"application/json"}}); answer.StatusCode >= 300 {
		t.Fatal(answer.StatusCode, answer.Text)
	}
	h.bob.Get(post+"/edit").Status(200).See("Begun long ago.</textarea>", `name="base" value="1"`).NotSee("Someone saved")
	h.mona.Post(post, apptest.Form{"base": "1", "body": "It weighs fifteen kilos."}).Status(303)
	h.bob.Get(post+"/edit").Status(200).See("Someone saved another text", "Begun long ago.</textarea>", `name="base" value="2"`)
}
