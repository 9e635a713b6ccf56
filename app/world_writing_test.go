package app_test

import (
	"slices"
	"strconv"
	"time"

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
