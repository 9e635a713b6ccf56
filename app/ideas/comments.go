package ideas

import (
	"context"
	"errors"
	"fmt"

	"ruche/app/text"
	"ruche/models"
)

// NewComment is what someone says about an idea, or, with a parent, answers to a comment. Once is as in NewIdea.
type NewComment struct {
	Idea   int64
	Parent int64  // id of the comment that is answered; 0 for none
	Body   string // Markdown
	Once   string
}

// Comment adds a comment to an idea. Who comments follows the idea from then on.
func (f *Ideas) Comment(ctx context.Context, actor *models.Actor, in NewComment) (*models.Post, error) {
	refusal := f.mayComment(ctx, actor, in.Idea)
	if refusal != nil && !asked(refusal) {
		return nil, refusal
	}
	text, err := f.render(ctx, actor.Person(), in.Body, text.Comment)
	if err == nil {
		err = refusal
	}
	if err != nil {
		return nil, err
	}
	comment := text.comment(actor.ID)
	if in.Parent != 0 {
		comment.ParentID = &in.Parent
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		idea, err := lockPublished(tx, in.Idea, models.PostComment)
		if err != nil {
			return err
		}
		if err := tx.CreatePost(models.Place{Idea: idea}, comment); err != nil {
			return err
		}
		if err := attach(tx, idea.ID, text.Files); err != nil {
			return err
		}
		if err := tx.Follow(actor.ID, idea.ID); err != nil {
			return err
		}
		if err := sent(tx, answerForm(in.Idea, in.Parent), in.Once, in.hash(), comment.ID); err != nil {
			return err
		}
		return tx.Record(models.PostPosted, comment.In(idea.SpaceID), about{idea.ID})
	})
	if errors.Is(err, models.ErrConflict) && in.Once != "" {
		if comment, err = f.commentedBefore(ctx, actor, in, err); err == nil {
			return comment, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("comment on idea %d: %w", in.Idea, atField("body", err))
	}
	return comment, nil
}

// about is the data of the events about comments.
type about struct {
	Idea int64 `json:"idea"`
}

// mayComment refuses early, before a text is looked at.
func (f *Ideas) mayComment(ctx context.Context, actor *models.Actor, id int64) error {
	idea, err := f.db.Idea(ctx, actor, id)
	if err == nil {
		err = actor.Refusal(models.PostComment, &models.Space{ID: idea.SpaceID})
	}
	if err != nil {
		return fmt.Errorf("comment on idea %d: %w", id, err)
	}
	return nil
}

// commentedBefore finds what the same form has said already. The conflict stands if there is another reason for it.
func (f *Ideas) commentedBefore(ctx context.Context, actor *models.Actor, in NewComment, conflict error) (*models.Post, error) {
	id, err := f.sentBefore(ctx, actor, in.Once, in.hash())
	if errors.Is(err, models.ErrNotFound) {
		return nil, conflict
	}
	if err != nil {
		return nil, err
	}
	comment, _, err := f.db.Post(ctx, actor, id)
	return comment, err
}

func (w writing) comment(authorID int64) *models.Post {
	return &models.Post{AuthorID: authorID, Body: w.Markdown, HTML: w.HTML, Lang: text.Language(w.Plain)}
}

// EditComment stores a new text of a comment.
func (f *Ideas) EditComment(ctx context.Context, actor *models.Actor, id int64, body string) (*models.Post, error) {
	comment, idea, err := f.ownComment(ctx, f.db.Queries, actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.MayEditPost(comment, idea.SpaceID) {
		return nil, fmt.Errorf("edit comment %d: %w", id, actor.Refused(idea.SpaceID, comment.AuthorID))
	}
	text, err := f.render(ctx, actor.Person(), body, text.Comment)
	if err != nil {
		return nil, err
	}
	return f.changeComment(ctx, actor, id, models.PostEdited, func(tx *models.Tx, idea *models.Idea, comment *models.Post) (bool, error) {
		if comment.RemovedAt != nil {
			return false, fmt.Errorf("the comment is removed: %w", models.ErrConflict)
		}
		if !actor.Can(models.Moderate, &models.Space{ID: idea.SpaceID}) {
			if err := tx.InStage(idea.CampaignID, models.PostComment); err != nil {
				return false, atField("body", err)
			}
		}
		if err := tx.DropDraft(actor.ID, commentEditForm(idea.ID, id)); err != nil || comment.Body == text.Markdown {
			return false, err
		}
		edited := text.comment(comment.AuthorID)
		comment.Body, comment.HTML, comment.Lang = edited.Body, edited.HTML, edited.Lang
		if err := tx.EditPost(models.Place{Idea: idea}, comment); err != nil {
			return false, err
		}
		return true, attach(tx, idea.ID, text.Files)
	})
}

// RemoveComment leaves a tombstone in the place of a comment.
func (f *Ideas) RemoveComment(ctx context.Context, actor *models.Actor, id int64) (*models.Post, error) {
	return f.changeComment(ctx, actor, id, models.PostRemoved, func(tx *models.Tx, idea *models.Idea, comment *models.Post) (bool, error) {
		stands := comment.RemovedAt == nil // before it changes
		return stands, tx.RemovePost(models.Place{Idea: idea}, comment)
	})
}

// RestoreComment brings a removed comment back. Authors may bring back what they removed themselves, moderators everything.
func (f *Ideas) RestoreComment(ctx context.Context, actor *models.Actor, id int64) (*models.Post, error) {
	return f.changeComment(ctx, actor, id, models.PostRestored, func(tx *models.Tx, idea *models.Idea, comment *models.Post) (bool, error) {
		if !mayRestoreComment(actor, comment, idea.SpaceID) {
			return false, models.ErrForbidden
		}
		removed := comment.RemovedAt != nil // before it changes
		return removed, tx.RestorePost(models.Place{Idea: idea}, comment)
	})
}

func mayRestoreComment(actor *models.Actor, comment *models.Post, spaceID int64) bool {
	own := comment.RemovedBy == nil || *comment.RemovedBy == actor.ID
	return own && actor.MayRemovePost(comment, spaceID) || actor.Can(models.Moderate, &models.Space{ID: spaceID})
}

// changeComment does one change to a comment that the actor may remove, with its idea locked.
func (f *Ideas) changeComment(ctx context.Context, actor *models.Actor, id int64, verb string,
	change func(*models.Tx, *models.Idea, *models.Post) (changed bool, err error),
) (comment *models.Post, err error) {
	_, idea, err := f.ownComment(ctx, f.db.Queries, actor, id)
	if err != nil {
		return nil, err
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if idea, err = tx.LockIdea(idea.ID); err != nil {
			return err
		}
		// Read once more under the lock: a comment that two people remove at once counts once.
		if comment, _, err = f.ownComment(ctx, tx.Queries, actor, id); err != nil {
			return err
		}
		changed, err := change(tx, idea, comment)
		if err != nil || !changed {
			return err
		}
		return tx.Record(verb, comment.In(idea.SpaceID), about{idea.ID})
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	return comment, nil
}

// ownComment finds a comment that the actor may remove, with its idea.
func (f *Ideas) ownComment(ctx context.Context, q models.Queries, actor *models.Actor, id int64) (*models.Post, *models.Idea, error) {
	comment, place, err := q.Post(ctx, actor, id)
	if err != nil {
		return nil, nil, err
	}
	idea := place.Idea
	if idea == nil {
		return nil, nil, models.ErrNotFound
	}
	if !actor.MayRemovePost(comment, idea.SpaceID) {
		return nil, nil, fmt.Errorf("change comment %d: %w", id, actor.Refused(idea.SpaceID, comment.AuthorID))
	}
	return comment, idea, nil
}
