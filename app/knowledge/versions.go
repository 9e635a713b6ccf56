package knowledge

import (
	"context"
	"fmt"

	"ruche/models"
)

// named is what the event says of a version that got a name, or lost it.
type named struct {
	Version int    `json:"version"`
	Name    string `json:"name"`
}

// NameVersion gives a version of an article a name, so that people find it again, for who may write in the article. before is the name that
// it had, nil for none.
func (f *Knowledge) NameVersion(ctx context.Context, actor *models.Actor, id int64, number int, name, note string) (before *models.VersionName, err error) {
	err = f.naming(ctx, actor, id, models.ArticleVersionNamed, func(tx *models.Tx, article *models.Article) (named, error) {
		if before, err = tx.VersionName(tx.Context(), article.ID, number); err != nil {
			return named{}, err
		}
		changed, err := tx.NameVersion(article, number, name, note)
		return named{number, name}, unless(changed, err)
	})
	return before, err
}

// UnnameVersion takes the name of a version away. before is the name that it had; models.ErrNotFound if it had none.
func (f *Knowledge) UnnameVersion(ctx context.Context, actor *models.Actor, id int64, number int) (before *models.VersionName, err error) {
	err = f.naming(ctx, actor, id, models.ArticleVersionUnnamed, func(tx *models.Tx, article *models.Article) (named, error) {
		if before, err = tx.UnnameVersion(article, number); err != nil {
			return named{}, err
		}
		return named{number, before.Name}, nil
	})
	return before, err
}

// naming does one change to what versions of an article are called, by who may write in it.
func (f *Knowledge) naming(ctx context.Context, actor *models.Actor, id int64, verb string, change func(*models.Tx, *models.Article) (named, error)) error {
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		article, err := tx.LockArticle(id)
		if err != nil {
			return err
		}
		if err := mayName(tx.Actor(), article); err != nil {
			return err
		}
		data, err := change(tx, article)
		return recorded(tx, verb, article, data, err)
	})
	if err != nil {
		return fmt.Errorf("%s %d: %w", verb, id, err)
	}
	return nil
}

// mayName is nil if the actor may say what the versions of an article are called: whoever may write in it.
func mayName(actor *models.Actor, article *models.Article) error {
	if err := actor.Refusal(models.WriteArticle, &models.Space{ID: article.SpaceID}); err != nil {
		return err
	}
	if article.State != models.Published {
		return fmt.Errorf("article %d is withdrawn: %w", article.ID, models.ErrConflict)
	}
	return nil
}
