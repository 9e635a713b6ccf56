package discussions_test

import (
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestAThreadUnfoldsWhatItLinksToForWhoMaySeeIt(t *testing.T) {
	h := open(t)
	other := h.begin(h.mona, apptest.Form{"space": "closed", "kind": "discussion", "title": "Between us", "body": "A word."})
	id := h.begin(h.alice, question("How tight is a flange?"))
	h.say(h.mona, id, "See there.\n\n/threads/"+other+"\n\nand below:\n\n[This](/threads/"+other+")")
	h.Settle()
	h.As(h.mona).Get("/threads/"+id+"-how-tight-is-a-flange").Status(http.StatusOK).See("link-card", "Between us")
	h.As(h.bob).Get("/threads/"+id+"-how-tight-is-a-flange").Status(http.StatusOK).See("See there.").NotSee("link-card", "Between us")
}

func TestVisitorsSeeNoFacesInPublicThreads(t *testing.T) {
	h := open(t)
	h.Space("public", models.Public, map[*models.User]models.SpaceRole{h.alice: models.SpaceMember, h.bob: models.SpaceMember})
	form := question("Who answers outside?")
	form["space"] = "public"
	id := h.begin(h.alice, form)
	answer := h.say(h.bob, id, "I do.")
	h.As(h.alice).Post("/threads/"+id+"/acceptance", apptest.Form{"post": answer}).Status(http.StatusSeeOther)
	h.Tx(nil, func(tx *models.Tx) error {
		for _, person := range []*models.User{h.alice, h.bob} {
			file := &models.File{UserID: person.ID, Key: "face", Name: "face.png", ContentType: "image/png", Width: 9, Height: 9, Size: 9}
			if err := tx.CreateFile(file); err != nil {
				return err
			}
			if err := tx.ChoosePicture(person.ID, file.ID); err != nil {
				return err
			}
		}
		return nil
	})
	h.As(h.mona).Get("/threads/" + id + "-who-answers-outside").Status(http.StatusOK).See(`src="/files/`)
	for _, path := range []string{"/threads/" + id + "-who-answers-outside", "/discussions"} {
		h.Visitor().Get(path).Status(http.StatusOK).See("Who answers outside?").NotSee(`src="/files/`)
	}
}

func TestWhoTakesTheirContributionsAwayLeavesWhatOthersSaid(t *testing.T) {
	h := open(t)
	id := h.begin(h.alice, question("How tight is a flange?"))
	h.say(h.bob, id, "Forty-five.")
	answer := h.say(h.alice, id, "So I thought.")
	h.As(h.alice).Post("/threads/"+id+"/acceptance", apptest.Form{"post": answer}).Status(http.StatusSeeOther)
	alone := h.begin(h.alice, question("Does anybody know?"))
	for done := false; !done; {
		h.Tx(nil, func(tx *models.Tx) (err error) {
			done, err = tx.RemoveContributions(h.alice.ID)
			return err
		})
	}
	h.Settle()
	h.As(h.bob).Get("/threads/"+id).Status(http.StatusOK).See("Forty-five.").NotSee("flange", "leaks", "So I thought", "seals", "Accepted answer")
	h.As(h.bob).Get("/threads/" + alone).Status(http.StatusNotFound)
	h.As(h.bob).Get("/discussions").NotSee("flange", "Does anybody know", "leaks")
	thread, err := h.DB.Thread(t.Context(), h.Actor(h.bob), 1)
	if err != nil || thread.PostCount != 1 || thread.AcceptedID != nil {
		t.Errorf("the thread counts %+v, %v", thread, err)
	}
}

// TestWhatARefreshBringsIsReadWhenItWasInTheWindow asks as an open page does, first for what is new and then because it was looked at.
func TestWhatARefreshBringsIsReadWhenItWasInTheWindow(t *testing.T) {
	h := open(t)
	id := h.begin(h.alice, question("How tight is a flange?"))
	bob := h.As(h.bob)
	path := "/threads/" + id + "-how-tight-is-a-flange"
	bob.Get(path).Status(http.StatusOK)
	h.say(h.alice, id, "It still leaks.")
	unread := func() bool {
		return strings.Contains(bob.Get("/discussions?filter=unread").Text, "How tight is a flange?")
	}
	bob.Do(http.MethodGet, path, nil, http.Header{"Ruche-Live": {"1"}}).Status(http.StatusOK).See("It still leaks.")
	if !unread() {
		t.Error("a refresh that nobody has looked at is read")
	}
	bob.Do(http.MethodGet, path, nil, http.Header{"Ruche-Live": {"seen"}}).Status(http.StatusOK)
	if unread() {
		t.Error("what was in the window is not read")
	}
}
