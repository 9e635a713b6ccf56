package knowledge

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"ruche/models"
)

// trust is who answers for an article and how far it is verified, as the actor is shown it.
func (f *Knowledge) trust(ctx context.Context, actor *models.Actor, article *models.Article) (*models.ArticleTrust, error) {
	trust, err := f.db.ArticleTrust(ctx, actor, article)
	if err != nil {
		return nil, err
	}
	trust.OwnerPicture, trust.VerifierPicture = actor.Face(trust.OwnerPicture), actor.Face(trust.VerifierPicture)
	return trust, nil
}

// Own makes the person with an address answer for an article, or with none nobody.
func (f *Knowledge) Own(ctx context.Context, actor *models.Actor, id int64, address string) (*models.Article, error) {
	return f.tend(ctx, actor, id, models.ArticleOwned, func(tx *models.Tx, article *models.Article) error {
		var owner int64
		if address = strings.TrimSpace(address); address != "" {
			user, err := tx.UserWithAccess(ctx, address)
			if errors.Is(err, models.ErrNotFound) {
				return models.Invalid{"owner": "knowledge.owner_unknown"}
			}
			if err != nil {
				return err
			}
			owner = user.ID
		}
		changed, err := tx.OwnArticle(article, owner)
		return unless(changed, err)
	})
}

// GiveToGroup makes a group answer for an article.
func (f *Knowledge) GiveToGroup(ctx context.Context, actor *models.Actor, id, group int64) (*models.Article, error) {
	return f.tend(ctx, actor, id, models.ArticleOwned, func(tx *models.Tx, article *models.Article) error {
		changed, err := tx.GiveToGroup(article, group)
		return unless(changed, err)
	})
}

// TakeBackOwner gives an article to whom it was before it was last given away.
func (f *Knowledge) TakeBackOwner(ctx context.Context, actor *models.Actor, id int64) (article *models.Article, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) (err error) {
		if article, err = tx.LockArticle(id); err != nil {
			return err
		}
		return recorded(tx, models.ArticleOwned, article, nil, tx.TakeArticleBack(article))
	})
	if err != nil {
		return nil, fmt.Errorf("take article %d back: %w", id, err)
	}
	return article, nil
}

// Source says where what an article says comes from. before is what was said of that.
func (f *Knowledge) Source(ctx context.Context, actor *models.Actor, id int64, source, address string) (article *models.Article, before models.Article, err error) {
	article, err = f.tend(ctx, actor, id, models.ArticleSourced, func(tx *models.Tx, article *models.Article) error {
		before = *article
		changed, err := tx.SourceArticle(article, source, address)
		return unless(changed, err)
	})
	return article, before, err
}

// Verify says that a version of an article is right, for some months in the time zone of who says so.
func (f *Knowledge) Verify(ctx context.Context, actor *models.Actor, id int64, version, months int, zone *time.Location) (*models.Article, error) {
	return f.tend(ctx, actor, id, models.ArticleVerified, func(tx *models.Tx, article *models.Article) error {
		added, err := tx.VerifyArticle(article, version, months, zone)
		return unless(added, err)
	})
}

// Unverify takes the latest verification of an article back.
func (f *Knowledge) Unverify(ctx context.Context, actor *models.Actor, id int64) (*models.Article, error) {
	return f.tend(ctx, actor, id, models.ArticleUnverified, func(tx *models.Tx, article *models.Article) error { return tx.UnverifyArticle(article) })
}

func unless(changed bool, err error) error {
	if err == nil && !changed {
		return errUnchanged
	}
	return err
}

// tend changes what is said of a published article by somebody who may say it.
func (f *Knowledge) tend(ctx context.Context, actor *models.Actor, id int64, verb string, change func(*models.Tx, *models.Article) error) (article *models.Article, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) (err error) {
		if article, err = tx.LockArticle(id); err != nil {
			return err
		}
		if err := tx.Actor().MayTrust(article); err != nil {
			return err
		}
		if article.State != models.Published {
			return fmt.Errorf("it is withdrawn: %w", models.ErrConflict)
		}
		return recorded(tx, verb, article, nil, change(tx, article))
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	return article, nil
}
