package demo

import (
	"context"
	"fmt"

	"ruche/app/text"
	"ruche/models"
)

// agrees: someone who runs the space publishes the next version of its agreement.
func (f *filler) agrees(s *Space, a Agreement) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, a.By)
		if err != nil {
			return err
		}
		space := f.spaces[s.Key]
		if !actor.Can(models.ManageSpace, space) {
			return models.ErrForbidden
		}
		rendered, err := text.Render(a.Text, text.Body, f.known)
		if err != nil {
			return err
		}
		clear(f.actors)
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			newest, err := tx.AgreementCards(ctx, actor, space, 0, 1)
			if err != nil {
				return err
			}
			agreement, base := &models.Agreement{Body: a.Text, HTML: rendered.HTML}, 0
			if len(newest) > 0 {
				base = newest[0].Version
			}
			if _, err := tx.PublishAgreement(space, agreement, base); err != nil {
				return err
			}
			return tx.Record(models.AgreementPublished, agreement, map[string]int{"version": agreement.Version})
		})
	}
}

// contributor is a person who is about to contribute to a space. Whoever is asked to accept its agreement first does so.
func (f *filler) contributor(ctx context.Context, db *models.DB, key string, space *models.Space) (*models.Actor, error) {
	actor, err := f.actor(ctx, key)
	if err != nil || !actor.Asked(space.ID) {
		return actor, err
	}
	err = db.Tx(ctx, actor, func(tx *models.Tx) error {
		newest, err := tx.AgreementVersion(ctx, space, 0)
		if err != nil {
			return err
		}
		agreement, _, err := tx.AcceptAgreement(space, newest.Version)
		if err != nil {
			return err
		}
		return tx.Record(models.AgreementAccepted, agreement, map[string]int{"version": agreement.Version})
	})
	if err != nil {
		return nil, fmt.Errorf("%s accepts the agreement: %w", key, err)
	}
	delete(f.actors, key)
	return f.actor(ctx, key)
}
