package knowledge

import (
	"context"
	"fmt"

	"ruche/models"
)

// Rate says whether an article helped the actor, as the person whom somebody hidden is. A reason for a no is a doubt.
func (f *Knowledge) Rate(ctx context.Context, actor *models.Actor, id int64, helped bool, reason string) (*models.ArticleFeedback, error) {
	if helped {
		reason = ""
	}
	return f.say(ctx, actor, id, models.ArticleRated, &helped, reason)
}

// Doubt says that an article may not be right any more, and why.
func (f *Knowledge) Doubt(ctx context.Context, actor *models.Actor, id int64, reason string) (*models.ArticleFeedback, error) {
	return f.say(ctx, actor, id, models.ArticleDoubted, nil, reason)
}

func (f *Knowledge) say(ctx context.Context, actor *models.Actor, id int64, verb string, helped *bool, reason string) (said *models.ArticleFeedback, err error) {
	_, err = f.heed(ctx, actor, id, verb, (*models.Actor).MayDoubt, func(tx *models.Tx, article *models.Article) error {
		archived, err := tx.Shelved(ctx, article)
		if err != nil {
			return err
		}
		if archived {
			return models.ErrArchived
		}
		var changed bool
		said, changed, err = tx.SayOfArticle(article, helped, reason)
		return unless(changed, err)
	})
	return said, err
}

// TakeBack takes back what the actor said of an article, as long as nobody has dealt with it.
func (f *Knowledge) TakeBack(ctx context.Context, actor *models.Actor, id, feedback int64) (*models.Article, error) {
	return f.heed(ctx, actor, id, models.ArticleFeedbackDropped, someone, func(tx *models.Tx, article *models.Article) error { return tx.DropFeedback(article, feedback) })
}

// someone is nil for whoever is signed in: whose the feedback is, is looked at when it is taken back.
func someone(actor *models.Actor, _ *models.Article) error {
	if !actor.SignedIn() {
		return models.ErrForbidden
	}
	return nil
}

// AnswerDoubt ends a doubt about an article, for who may trust it.
func (f *Knowledge) AnswerDoubt(ctx context.Context, actor *models.Actor, id, doubt int64, state models.DoubtState, answer string) (*models.Article, error) {
	return f.tend(ctx, actor, id, models.ArticleDoubtAnswered, func(tx *models.Tx, article *models.Article) error {
		return tx.AnswerDoubt(article, doubt, state, answer)
	})
}

// ReopenDoubt takes the answer to a doubt back.
func (f *Knowledge) ReopenDoubt(ctx context.Context, actor *models.Actor, id, doubt int64) (*models.Article, error) {
	return f.tend(ctx, actor, id, models.ArticleDoubtReopened, func(tx *models.Tx, article *models.Article) error { return tx.ReopenDoubt(article, doubt) })
}

// heed does one change to what readers say of a locked article, as the person whom somebody hidden is, for whom it is theirs to say.
func (f *Knowledge) heed(ctx context.Context, actor *models.Actor, id int64, verb string, may func(*models.Actor, *models.Article) error, change func(*models.Tx, *models.Article) error) (article *models.Article, err error) {
	err = f.db.Tx(ctx, actor.Person(), func(tx *models.Tx) (err error) {
		if article, err = tx.LockArticle(id); err != nil {
			return err
		}
		if err := may(tx.Actor(), article); err != nil {
			return err
		}
		return recorded(tx, verb, article, nil, change(tx, article))
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	return article, nil
}
