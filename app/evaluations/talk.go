package evaluations

import (
	"context"
	"fmt"

	"ruche/models"
)

// Ask asks the author of an idea to make something clear. Neither is told the name of the other.
func (f *Evaluations) Ask(ctx context.Context, actor *models.Actor, ideaID int64, body string) error {
	return f.post(ctx, actor, ideaID, models.AuthorQuestion, body, func(tx *models.Tx, a *models.Assessment, body string) error {
		if !a.Evaluates() && !a.Leads {
			return fmt.Errorf("ask about idea %d: %w", ideaID, models.ErrForbidden)
		}
		if err := tx.PostInEvaluation(ideaID, models.AuthorQuestion, body); err != nil {
			return err
		}
		authors, err := tx.Signers(a.Idea)
		if err != nil {
			return err
		}
		if err := tx.NotifyOnce(authors, models.NoticeAskedBack); err != nil {
			return err
		}
		return tx.Record(models.EvaluationAsked, a.Campaign, ideaData{ideaID})
	})
}

// Answer is what the author says to that.
func (f *Evaluations) Answer(ctx context.Context, actor *models.Actor, ideaID int64, body string) error {
	return f.post(ctx, actor, ideaID, models.AuthorAnswer, body, func(tx *models.Tx, a *models.Assessment, body string) error {
		if !a.Author {
			return fmt.Errorf("answer about idea %d: %w", ideaID, models.ErrForbidden)
		}
		if err := tx.PostInEvaluation(ideaID, models.AuthorAnswer, body); err != nil {
			return err
		}
		askers, err := tx.Askers(ideaID)
		if err != nil {
			return err
		}
		if err := tx.NotifyOnce(askers, models.NoticeAnsweredBack); err != nil {
			return err
		}
		return tx.Record(models.EvaluationAnswered, a.Campaign, ideaData{ideaID})
	})
}

// Discuss is what evaluators say to each other about an idea, each once their own evaluation is in.
func (f *Evaluations) Discuss(ctx context.Context, actor *models.Actor, ideaID int64, body string) error {
	return f.post(ctx, actor, ideaID, models.EvaluatorMessage, body, func(tx *models.Tx, a *models.Assessment, body string) error {
		if !a.SeesScores() {
			return fmt.Errorf("discuss idea %d: %w", ideaID, models.ErrForbidden)
		}
		if err := tx.PostInEvaluation(ideaID, models.EvaluatorMessage, body); err != nil {
			return err
		}
		return tx.Record(models.EvaluationDiscussed, a.Campaign, ideaData{ideaID})
	})
}

func (f *Evaluations) post(ctx context.Context, actor *models.Actor, ideaID int64, kind models.PostKind, body string, do func(*models.Tx, *models.Assessment, string) error) error {
	cleaned, err := plain(body)
	if err != nil {
		return models.Invalid{string(kind): err.Error()}
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		a, err := tx.LockEvaluation(ideaID)
		if err != nil {
			return err
		}
		return do(tx, a, cleaned)
	})
}
