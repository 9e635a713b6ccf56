package knowledge

import (
	"context"
	"errors"
	"fmt"

	"ruche/app/writing"
	"ruche/models"
)

// NewCollection is a part of the knowledge of a space that someone sets up. Once, if it is not empty, names the request that it comes
// from: the same one sent twice makes one.
type NewCollection struct {
	Space       string // slug
	Title       string
	Description string
	Once        string
}

func (in NewCollection) hash() string {
	return writing.Hash("collection", in.Space, in.Title, in.Description)
}

// Create sets up a collection.
func (f *Knowledge) Create(ctx context.Context, actor *models.Actor, in NewCollection) (*models.Collection, error) {
	if in.Space == "" {
		return nil, models.Invalid{"space": "ideas.space_missing"}
	}
	space := actor.AccessTo(in.Space)
	if space == nil {
		return nil, fmt.Errorf("space: %w", models.ErrNotFound)
	}
	if err := actor.Refusal(models.ArrangeCollections, &models.Space{ID: space.ID}); err != nil {
		return nil, fmt.Errorf("create a collection: %w", err)
	}
	collection := &models.Collection{SpaceID: space.ID, Title: in.Title, Description: in.Description}
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.CreateCollection(collection); err != nil {
			return err
		}
		if err := writing.Sent(tx, "", in.Once, in.hash(), collection.ID); err != nil {
			return err
		}
		return tx.Record(models.CollectionCreated, collection, nil)
	})
	if errors.Is(err, models.ErrConflict) && in.Once != "" {
		id, err := f.writing.SentBefore(ctx, actor, in.Once, in.hash())
		if err != nil {
			return nil, err
		}
		return f.db.Collection(ctx, actor, id)
	}
	if err != nil {
		return nil, fmt.Errorf("create a collection: %w", err)
	}
	return collection, nil
}

// Rename gives a collection another title and description.
func (f *Knowledge) Rename(ctx context.Context, actor *models.Actor, id int64, title, description string) (*models.Collection, error) {
	return f.shelve(ctx, actor, id, models.CollectionEdited, func(tx *models.Tx, collection *models.Collection) (bool, error) {
		collection.Title, collection.Description = title, description
		return true, tx.EditCollection(collection)
	})
}

// Archive ends the writing in a collection, or resumes it.
func (f *Knowledge) Archive(ctx context.Context, actor *models.Actor, id int64, archived bool) (*models.Collection, error) {
	verb := models.CollectionReopened
	if archived {
		verb = models.CollectionArchived
	}
	return f.shelve(ctx, actor, id, verb, func(tx *models.Tx, collection *models.Collection) (bool, error) {
		if archived == (collection.ArchivedAt != nil) {
			return false, nil
		}
		return true, tx.ArchiveCollection(collection, archived)
	})
}

// WantReview says whether what is written in a collection is approved by somebody else before it is published.
func (f *Knowledge) WantReview(ctx context.Context, actor *models.Actor, id int64, reviewed bool) (*models.Collection, error) {
	return f.shelve(ctx, actor, id, models.CollectionReviewed, func(tx *models.Tx, collection *models.Collection) (bool, error) {
		if reviewed == collection.Reviewed {
			return false, nil
		}
		return true, tx.ReviewCollection(collection, reviewed)
	})
}

// Reorder moves a collection one place up or down among those of its space.
func (f *Knowledge) Reorder(ctx context.Context, actor *models.Actor, id int64, up bool) (*models.Collection, error) {
	return f.shelve(ctx, actor, id, models.CollectionsOrdered, func(tx *models.Tx, collection *models.Collection) (bool, error) {
		return tx.StepCollection(collection, up)
	})
}

// shelve does one change to a collection whose space's knowledge the actor arranges, under its lock, and records it.
func (f *Knowledge) shelve(ctx context.Context, actor *models.Actor, id int64, verb string, do func(*models.Tx, *models.Collection) (changed bool, err error)) (collection *models.Collection, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if collection, err = tx.LockCollection(id); err != nil {
			return err
		}
		if err := actor.Refusal(models.ArrangeCollections, &models.Space{ID: collection.SpaceID}); err != nil {
			return err
		}
		changed, err := do(tx, collection)
		if err != nil || !changed {
			return err
		}
		return tx.Record(verb, collection, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	return collection, nil
}
