// Package spaces is where the community is divided: spaces with their audience, their members and
// their roles. What happens inside a space is the matter of other features.
package spaces

import (
	"context"
	"errors"
	"fmt"

	"ruche/app/web"
	"ruche/models"
)

// Spaces is the feature.
type Spaces struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *Spaces { return &Spaces{w} }

// Create adds a space; its creator becomes its manager. A key that is not empty names the request:
// sent again it finds the space that it made.
func (f *Spaces) Create(ctx context.Context, actor *models.Actor, space *models.Space, key string) error {
	if !actor.Can(models.CreateSpace, nil) {
		return fmt.Errorf("create space: %w", models.ErrForbidden)
	}
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if key != "" {
			answer := &models.Answer{UserID: actor.ID, Key: "space:" + key, RequestHash: space.Slug, Result: space.Slug}
			if err := tx.Claim(answer); errors.Is(err, models.ErrConflict) {
				return errMade
			} else if err != nil {
				return err
			}
		}
		if err := tx.CreateSpace(space); err != nil {
			return err
		}
		return tx.Record(models.SpaceCreated, space, map[string]string{"visibility": string(space.Visibility)})
	})
	if errors.Is(err, errMade) {
		return f.made(ctx, actor, space, key)
	}
	return err
}

// errMade ends the transaction of a request that came before.
var errMade = errors.New("space made before")

// made finds the space that a request with the key made; ErrConflict if it asked for another one.
func (f *Spaces) made(ctx context.Context, actor *models.Actor, space *models.Space, key string) error {
	answer, err := f.web.DB.Answer(ctx, actor.ID, "space:"+key)
	if err != nil {
		return err
	}
	if answer.RequestHash != space.Slug {
		return fmt.Errorf("key used for space %s: %w", answer.RequestHash, models.ErrConflict)
	}
	now, err := f.web.DB.ActorByID(ctx, actor.ID) // the space is younger than what this request knows of its actor
	if err != nil {
		return err
	}
	found, err := f.web.DB.SpaceBySlug(ctx, now, answer.Result)
	if err == nil {
		*space = *found
	}
	return err
}

// Edit changes a space's title, description and audience, and how people come into it: change is given the space as it
// is now, so that of two people who change different things neither undoes the other's. Closing a space to externals
// ends what they may see at once, since their membership counts only where externals may be.
func (f *Spaces) Edit(ctx context.Context, actor *models.Actor, space *models.Space, change func(*models.Space) error) error {
	if err := actor.Refusal(models.ManageSpace, space); err != nil {
		return fmt.Errorf("edit space: %w", err)
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		now, err := tx.LockSpace(space.ID)
		if err == nil && now.ArchivedAt != nil {
			err = models.ErrArchived
		}
		if err != nil {
			return fmt.Errorf("edit space %d: %w", space.ID, err)
		}
		if err := change(now); err != nil {
			return err
		}
		*space = *now
		if err := tx.EditSpace(space); err != nil {
			return err
		}
		return tx.Record(models.SpaceEdited, space, map[string]string{"visibility": string(space.Visibility)})
	})
}

// Archive leaves a space to be read and no longer written in; once more changes nothing.
func (f *Spaces) Archive(ctx context.Context, actor *models.Actor, space *models.Space) error {
	return f.setArchived(ctx, actor, space, true)
}

// Reopen undoes it.
func (f *Spaces) Reopen(ctx context.Context, actor *models.Actor, space *models.Space) error {
	return f.setArchived(ctx, actor, space, false)
}

func (f *Spaces) setArchived(ctx context.Context, actor *models.Actor, space *models.Space, archived bool) error {
	if !actor.Can(models.ManageSpace, space) {
		return fmt.Errorf("archive space %d: %w", space.ID, models.ErrForbidden)
	}
	if (space.ArchivedAt != nil) == archived {
		return nil
	}
	change, verb := (*models.Tx).ArchiveSpace, models.SpaceArchived
	if !archived {
		change, verb = (*models.Tx).ReopenSpace, models.SpaceReopened
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := change(tx, space); err != nil {
			return err
		}
		return tx.Record(verb, space, nil)
	})
}
