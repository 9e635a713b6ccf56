package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// lead is the player who runs the spaces.
func (w *world) lead() *player {
	return w.cast[slices.IndexFunc(w.cast, func(p *player) bool { return p.name == "lead" })]
}

// signs has a player asked to sign the idea that the request is about, or sign it. They were asked long ago, each on a day of its own,
// since nobody may ask many people in a day.
func (w *world) signs(p *player, here place, state models.CoAuthorState) func(*world) {
	return func(w *world) {
		id, err := strconv.ParseInt(here.idea, 10, 64)
		if p.user == nil || err != nil {
			return
		}
		before := w.site.DB.At(func() time.Time { return time.Now().AddDate(-10, 0, 2*w.serial) })
		err = before.Tx(w.t.Context(), w.site.Actor(w.author), func(tx *models.Tx) error {
			idea, err := tx.LockIdea(id)
			if err == nil && state == models.CoAuthorJoined {
				return tx.SignIdea(idea, p.user.ID)
			}
			if err == nil {
				err = tx.AskCoAuthor(idea, p.user.ID, "")
			}
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// claimed makes the idea of a space one that came on paper and that its author has claimed.
func claimed(visibility models.Visibility) func(*world) {
	return func(w *world) {
		id, err := strconv.ParseInt(w.current[visibility].idea, 10, 64)
		if err != nil {
			w.t.Fatal(err)
		}
		w.site.Tx(w.site.Actor(w.author), func(tx *models.Tx) error {
			idea, err := tx.LockIdea(id)
			if err != nil {
				return err
			}
			return tx.PutOnPaper(w.lead().user.ID, []*models.PaperIdea{{IdeaID: id, SpaceID: idea.SpaceID, ClaimedBy: &idea.AuthorID, ClaimedAt: &idea.PublishedAt}})
		})
	}
}

// amendment has a player propose another text for the idea that the request is about, unless they have, and returns its number.
func (w *world) amendment(p *player, here place, state models.AmendmentState) (number string) {
	id, err := strconv.ParseInt(here.idea, 10, 64)
	if p.user == nil {
		p = w.lead()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.site.Tx(w.site.Actor(w.author), func(tx *models.Tx) error {
		idea, err := tx.LockIdea(id)
		if err != nil {
			return err
		}
		amendment, err := tx.OpenAmendmentOf(w.t.Context(), idea, p.user.ID)
		if err == nil && amendment == nil {
			amendment = &models.Amendment{AuthorID: p.user.ID, Base: 1, Title: "Another title", Body: "Another text.", Reason: "It is better."}
			err = tx.ProposeAmendment(idea, amendment)
		}
		if err == nil && state == models.AmendmentRejected {
			err = tx.RejectAmendment(amendment, "No.")
		}
		number = strconv.FormatInt(amendment.ID, 10)
		return err
	})
	return number
}

// another is an idea of the same space as the one that a request is about.
func (w *world) another(here place) string {
	w.t.Helper()
	w.serial++
	answer := w.poster.Post("/ideas", apptest.Form{"space": here.slug, "title": fmt.Sprintf("Another idea %d", w.serial), "body": "It says the same.", "once": w.once()}).Status(http.StatusSeeOther)
	return found(w.t, ideaPath, answer)
}

// asksToMerge has a player sign the idea that a request is about, and somebody propose that it goes on in another one.
func (w *world) asksToMerge(p *player, here place) func(*world) {
	return func(w *world) {
		w.signs(p, here, models.CoAuthorJoined)(w)
		w.lead().client.Post("/ideas/"+here.idea+"/merge", apptest.Form{"address": w.another(here), "reason": "Both say the same."}).Status(http.StatusSeeOther)
	}
}
