// Package experts is where people say what they know, vouch for each other, and find who knows about something: as people say themselves, and
// as what they have answered, written and reviewed shows; and where they ask each other to answer a question. What shows
// it is noted by a reader of the log.
package experts

import (
	"context"
	"fmt"

	"ruche/app/web"
	"ruche/models"
)

// Experts is the feature.
type Experts struct {
	web *web.Web
	db  *models.DB
}

// New returns the feature.
func New(w *web.Web) *Experts { return &Experts{w, w.DB} }

// Declare says that the actor knows something.
func (f *Experts) Declare(ctx context.Context, actor *models.Actor, name string) (skill *models.Skill, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		skill, _, err = tx.DeclareSkill(name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("declare a skill: %w", err)
	}
	return skill, nil
}

// Drop takes that back; dropped is false if they had not said so.
func (f *Experts) Drop(ctx context.Context, actor *models.Actor, id int64) (skill *models.Skill, dropped bool, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		skill, dropped, err = tx.DropSkill(id)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("drop a skill: %w", err)
	}
	return skill, dropped, nil
}

// Endorse vouches for a skill of somebody, or takes that back; changed is false if nothing changes.
func (f *Experts) Endorse(ctx context.Context, actor *models.Actor, personID, skillID int64, endorsed bool) (changed bool, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		change := tx.Unendorse
		if endorsed {
			change = tx.Endorse
		}
		_, changed, err = change(personID, skillID)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("endorse skill %d of person %d: %w", skillID, personID, err)
	}
	return changed, nil
}

// Choose stores what the actor says of being found and asked.
func (f *Experts) Choose(ctx context.Context, actor *models.Actor, choice models.ExpertChoice) error {
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error { return tx.ChooseExpert(choice) })
	if err != nil {
		return fmt.Errorf("choose as an expert: %w", err)
	}
	return nil
}

// Rename gives a term of the vocabulary another name.
func (f *Experts) Rename(ctx context.Context, actor *models.Actor, id int64, name string) (skill *models.Skill, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		skill, err = tx.RenameSkill(id, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("rename skill %d: %w", id, err)
	}
	return skill, nil
}

// Merge makes a term the same as another one, which it returns.
func (f *Experts) Merge(ctx context.Context, actor *models.Actor, id int64, into string) (skill *models.Skill, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		skill, err = tx.MergeSkill(id, into)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("merge skill %d: %w", id, err)
	}
	return skill, nil
}
