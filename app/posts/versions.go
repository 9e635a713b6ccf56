package posts

import (
	"context"
	"errors"
	"fmt"

	"ruche/app/text"
	"ruche/models"
)

// ClearVersion takes a former text of a post out of sight that must not be read any more, for a reason that readers are told.
func (f *Posts) ClearVersion(ctx context.Context, actor *models.Actor, id int64, number int, reason string) error {
	reason, err := text.Summary(reason)
	if err == nil && reason == "" {
		err = errors.New("comments.clear_reason_missing")
	}
	if err != nil {
		return models.Invalid{"reason": err.Error()}
	}
	return f.tendVersion(ctx, actor, id, models.PostCleared, tended{Number: number, Reason: reason}, func(tx *models.Tx, post *models.Post) (bool, error) {
		return tx.ClearVersion(post, number, reason)
	})
}

// ShowVersion shows a former text again that was cleared.
func (f *Posts) ShowVersion(ctx context.Context, actor *models.Actor, id int64, number int) error {
	return f.tendVersion(ctx, actor, id, models.PostUncleared, tended{Number: number}, func(tx *models.Tx, post *models.Post) (bool, error) {
		return tx.ShowVersion(post, number)
	})
}

// tended is what the event of a cleared text says.
type tended struct {
	models.About
	Number int    `json:"number"`
	Reason string `json:"reason,omitempty"`
}

// tendVersion changes what is shown of the texts of a post, which those may who moderate where it stands.
func (f *Posts) tendVersion(ctx context.Context, actor *models.Actor, id int64, verb string, data tended, change func(*models.Tx, *models.Post) (changed bool, err error)) error {
	post, place, err := f.db.Post(ctx, actor, id)
	if err == nil && !actor.Can(models.Moderate, &models.Space{ID: place.SpaceID()}) {
		err = models.ErrForbidden
	}
	if err != nil {
		return fmt.Errorf("%s %d: %w", verb, id, err)
	}
	data.About = place.About()
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if _, err := tx.LockPlace(data.About); err != nil {
			return err
		}
		changed, err := change(tx, post)
		if err != nil || !changed {
			return err
		}
		return tx.Record(verb, post.In(place.SpaceID()), data)
	})
}
