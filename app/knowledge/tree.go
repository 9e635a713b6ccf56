package knowledge

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ruche/models"
)

// moved is what the event of a move says: where the article stood before, and what went along.
type moved struct {
	From models.ArticlePlace `json:"from"`
	With []int64             `json:"with,omitempty"`
}

// Move brings an article with all that stands under it to another place. from is where it stood, for whoever takes the move back.
func (f *Knowledge) Move(ctx context.Context, actor *models.Actor, id int64, place models.ArticlePlace) (article *models.Article, from models.ArticlePlace, err error) {
	article, err = f.arrange(ctx, actor, id, models.ArticleMoved, place.Collection, func(tx *models.Tx, article *models.Article, to *models.Collection) (any, error) {
		if err := actor.Refusal(models.WriteArticle, &models.Space{ID: article.SpaceID}); err != nil {
			return nil, err
		}
		if err := actor.Refusal(models.WriteArticle, &models.Space{ID: to.SpaceID}); err != nil {
			return nil, err
		}
		if err := mayLeave(tx, article, to); err != nil {
			return nil, err
		}
		if article.State != models.Published {
			return nil, fmt.Errorf("the article is withdrawn: %w", models.ErrConflict)
		}
		before, _, err := tx.ArticlesBeside(ctx, article)
		if err != nil {
			return nil, err
		}
		from = models.ArticlePlace{Collection: article.CollectionID}
		if article.ParentID != nil {
			from.Parent = *article.ParentID
		}
		if before != nil {
			from.After = before.ID
		}
		taken, err := tx.MoveArticle(article, to, place)
		return moved{from, taken}, err
	})
	return article, from, err
}

// mayLeave is nil if the actor may bring an article into another collection: not past the approval that one of the two wants.
func mayLeave(tx *models.Tx, article *models.Article, to *models.Collection) error {
	if to.ID == article.CollectionID {
		return nil
	}
	from, err := tx.Collection(tx.Context(), tx.Actor(), article.CollectionID)
	if err != nil {
		return err
	}
	if publishes(tx.Actor(), from) != nil || publishes(tx.Actor(), to) != nil {
		return models.Invalid{"collection": "review.wanted_to_move"}
	}
	return nil
}

// Step moves an article one place up or down at its level; it stays where it is at the ends.
func (f *Knowledge) Step(ctx context.Context, actor *models.Actor, id int64, up bool) (*models.Article, error) {
	article, err := f.db.Article(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	before, after, err := f.db.ArticlesBeside(ctx, article)
	if err != nil {
		return nil, err
	}
	place := models.ArticlePlace{Collection: article.CollectionID}
	if article.ParentID != nil {
		place.Parent = *article.ParentID
	}
	switch {
	case up && before != nil:
		upper := *article
		upper.ID, upper.Position = before.ID, before.Position
		if before, _, err = f.db.ArticlesBeside(ctx, &upper); err != nil {
			return nil, err
		}
		if before != nil {
			place.After = before.ID
		}
	case !up && after != nil:
		place.After = after.ID
	default:
		return article, actor.Refusal(models.WriteArticle, &models.Space{ID: article.SpaceID})
	}
	article, _, err = f.Move(ctx, actor, id, place)
	return article, err
}

// gone is what the event of a withdrawal or a restoration says.
type gone struct {
	With []int64 `json:"with,omitempty"`
}

// Withdraw takes an article out of sight, and what stands under it along.
func (f *Knowledge) Withdraw(ctx context.Context, actor *models.Actor, id int64) (*models.Article, error) {
	return f.arrange(ctx, actor, id, models.ArticleWithdrawn, 0, func(tx *models.Tx, article *models.Article, _ *models.Collection) (any, error) {
		if !actor.MayWithdrawArticle(article) {
			return nil, actor.Refused(article.SpaceID, article.AuthorID)
		}
		if article.State == models.Withdrawn {
			return nil, errUnchanged
		}
		taken, err := tx.WithdrawArticle(article)
		return gone{taken}, err
	})
}

// Restore brings a withdrawn article back with what went along: authors what they withdrew themselves, moderators everything.
func (f *Knowledge) Restore(ctx context.Context, actor *models.Actor, id int64) (*models.Article, error) {
	return f.arrange(ctx, actor, id, models.ArticleRestored, 0, func(tx *models.Tx, article *models.Article, collection *models.Collection) (any, error) {
		if article.State == models.Published {
			return nil, errUnchanged
		}
		if !actor.MayRestoreArticle(article) {
			return nil, actor.Refused(article.SpaceID, article.AuthorID)
		}
		taken, err := tx.RestoreArticle(collection, article)
		return gone{taken}, err
	})
}

// arrange does one change to where an article stands and records it. Its collection and, with an id, the one that it goes to are locked
// before it, in the order of their ids, so that no two changes wait for each other; the change is given the one that it goes to, or its
// own.
func (f *Knowledge) arrange(ctx context.Context, actor *models.Actor, id int64, verb string, to int64, do func(*models.Tx, *models.Article, *models.Collection) (any, error)) (article *models.Article, err error) {
	seen, err := f.db.Article(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if to == 0 {
		to = seen.CollectionID
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		var target *models.Collection
		for _, shelf := range slices.Compact([]int64{min(to, seen.CollectionID), max(to, seen.CollectionID)}) {
			locked, err := tx.LockCollection(shelf)
			if err != nil {
				return err
			}
			if shelf == to {
				target = locked
			}
		}
		if article, err = tx.LockArticle(id); err != nil {
			return err
		}
		if article.CollectionID != seen.CollectionID {
			return fmt.Errorf("it has moved: %w", models.ErrConflict)
		}
		data, err := do(tx, article, target)
		return recorded(tx, verb, article, data, err)
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	return article, nil
}

// recorded records a change to an article, unless it says errUnchanged.
func recorded(tx *models.Tx, verb string, article *models.Article, data any, err error) error {
	if errors.Is(err, errUnchanged) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.Record(verb, article, data)
}
