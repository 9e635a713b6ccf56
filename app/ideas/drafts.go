package ideas

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"ruche/models"
)

// Names of the forms whose drafts are kept. The browser's script and the server use the same ones.
const newForm = "idea/new"

func editForm(ideaID int64) string { return "idea/" + strconv.FormatInt(ideaID, 10) }

// answerForm is the form of a comment, or of the answer to one.
func answerForm(ideaID, parentID int64) string {
	idea := &models.Idea{ID: ideaID}
	if parentID == 0 {
		return idea.CommentForm()
	}
	return editForm(ideaID) + "/reply/" + strconv.FormatInt(parentID, 10)
}

func commentEditForm(ideaID, commentID int64) string {
	return editForm(ideaID) + "/edit/" + strconv.FormatInt(commentID, 10)
}

// SaveDraft keeps what the actor has written in a form and not sent yet, and returns when it was saved.
func (f *Ideas) SaveDraft(ctx context.Context, actor *models.Actor, form string, fields models.Fields) (at time.Time, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		at = tx.Now()
		return tx.SaveDraft(actor.ID, form, fields)
	})
	if err != nil {
		return at, fmt.Errorf("save draft: %w", err)
	}
	return at, nil
}

// DropDraft throws a draft away; without one nothing happens.
func (f *Ideas) DropDraft(ctx context.Context, actor *models.Actor, form string) error {
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error { return tx.DropDraft(actor.ID, form) })
	if err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return nil
}
