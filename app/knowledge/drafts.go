package knowledge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ruche/app/text"
	"ruche/app/writing"
	"ruche/models"
)

// keptForm is the name of the form for another text of a draft.
func keptForm(id int64) string { return fmt.Sprintf("article/draft/%d", id) }

// KeepNew keeps what someone has written for a new article, unseen by others.
func (f *Knowledge) KeepNew(ctx context.Context, actor *models.Actor, in NewArticle) (*models.ArticleDraft, error) {
	if in.Once != "" {
		in.Once += ":draft" // the same form can still be published
	}
	draft := &models.ArticleDraft{CollectionID: in.Collection}
	if in.Parent != 0 {
		draft.ParentID = &in.Parent
	}
	if in.From.Idea != 0 {
		draft.IdeaID = &in.From.Idea
	}
	if in.From.Thread != 0 {
		draft.ThreadID = &in.From.Thread
	}
	err := f.keep(ctx, actor, draft, EditArticle{Title: in.Title, Body: in.Body, Tags: in.Tags, Note: in.Note}, in.From, func(tx *models.Tx) error {
		return writing.Sent(tx, newForm, in.Once, in.hash(), draft.ID)
	})
	if errors.Is(err, models.ErrConflict) && in.Once != "" {
		id, err := f.writing.SentBefore(ctx, actor, in.Once, in.hash())
		if err != nil {
			return nil, err
		}
		return f.db.ArticleDraft(ctx, actor, id)
	}
	return draft, err
}

// KeepChange keeps another text of an article, unseen by others.
func (f *Knowledge) KeepChange(ctx context.Context, actor *models.Actor, in EditArticle) (*models.ArticleDraft, error) {
	article, err := f.db.Article(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if article.State != models.Published || in.Base < 1 || in.Base > article.Version {
		return nil, fmt.Errorf("keep a change of article %d from version %d: %w", in.ID, in.Base, models.ErrConflict)
	}
	draft := &models.ArticleDraft{CollectionID: article.CollectionID, ArticleID: &article.ID, BaseVersion: in.Base}
	return draft, f.keep(ctx, actor, draft, in, models.About{}, func(tx *models.Tx) error { return tx.DropDraft(actor.ID, editForm(article.ID)) })
}

// keep stores a new draft with a text, which was begun with what a place says unless that is zero, and does what else belongs to it.
func (f *Knowledge) keep(ctx context.Context, actor *models.Actor, draft *models.ArticleDraft, in EditArticle, from models.About, more func(*models.Tx) error) error {
	shelf, err := f.db.Collection(ctx, actor, draft.CollectionID)
	if err != nil {
		return err
	}
	if err := actor.Refusal(models.WriteArticle, &models.Space{ID: shelf.SpaceID}); err != nil {
		return fmt.Errorf("write in collection %d: %w", shelf.ID, err)
	}
	wanted, files, err := f.compose(ctx, actor, in.Title, in.Body, in.Tags, in.Note)
	if err != nil {
		return err
	}
	draft.AuthorID = actor.ID
	fill(draft, wanted)
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		collection, err := tx.LockCollection(shelf.ID)
		if err != nil {
			return err
		}
		if from != (models.About{}) {
			if _, err := tx.Place(ctx, actor, from); err != nil {
				return err
			}
		}
		copies, err := writing.Carry(tx, from, &draft.Body, &draft.HTML, files)
		if err != nil {
			return err
		}
		if err := tx.CreateArticleDraft(collection, draft); err != nil {
			return err
		}
		if err := tx.PlaceInDraft(draft, copies); err != nil {
			return err
		}
		if err := tx.AttachToDraft(draft, files); err != nil {
			return err
		}
		if err := more(tx); err != nil {
			return err
		}
		return tx.Record(models.DraftKept, draft, nil)
	})
	if err != nil {
		return fmt.Errorf("keep a draft: %w", err)
	}
	return nil
}

// fill gives a draft a text.
func fill(draft *models.ArticleDraft, wanted composed) {
	draft.Title, draft.Body, draft.HTML, draft.Lang, draft.Tags, draft.Note = wanted.Title, wanted.Body, wanted.HTML, wanted.Lang, wanted.Tags, wanted.note
}

// EditDraft stores another text of a draft of the actor's, which is out of review by that. Onto, if it is not 0, is the version of the
// article that its author has seen: what was changed up to there is not brought together with the draft any more.
func (f *Knowledge) EditDraft(ctx context.Context, actor *models.Actor, in EditArticle, onto int) (*models.ArticleDraft, error) {
	wanted, files, err := f.compose(ctx, actor, in.Title, in.Body, in.Tags, in.Note)
	if err != nil {
		return nil, err
	}
	return f.draft(ctx, actor, in.ID, models.DraftEdited, func(tx *models.Tx, draft *models.ArticleDraft) error {
		if err := authors(tx.Actor(), draft); err != nil {
			return err
		}
		if err := tx.DropDraft(actor.ID, keptForm(draft.ID)); err != nil {
			return err
		}
		base := draft.BaseVersion
		if draft.ArticleID != nil {
			article, err := tx.Article(ctx, actor, *draft.ArticleID)
			if err != nil {
				return err
			}
			base = max(base, min(onto, article.Version))
		}
		if base == draft.BaseVersion && draft.Title == wanted.Title && draft.Body == wanted.Body && slices.Equal(draft.Tags, wanted.Tags) && draft.Note == wanted.note {
			return errUnchanged
		}
		fill(draft, wanted)
		draft.BaseVersion = base
		if err := tx.EditArticleDraft(draft, in.Base); err != nil {
			return err
		}
		return tx.AttachToDraft(draft, files)
	})
}

// authors is nil if the actor may go on with a draft: its author, as long as they write there.
func authors(actor *models.Actor, draft *models.ArticleDraft) error {
	if actor.ID != draft.AuthorID {
		return fmt.Errorf("draft %d is somebody else's: %w", draft.ID, models.ErrForbidden)
	}
	return actor.Refusal(models.WriteArticle, &models.Space{ID: draft.SpaceID})
}

// draft does one change to a draft that the actor may read, under its lock, and records it.
func (f *Knowledge) draft(ctx context.Context, actor *models.Actor, id int64, verb string, do func(*models.Tx, *models.ArticleDraft) error) (draft *models.ArticleDraft, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if draft, err = tx.LockArticleDraft(id); err != nil {
			return err
		}
		if err := do(tx, draft); err != nil {
			if errors.Is(err, errUnchanged) {
				return nil
			}
			return err
		}
		return tx.Record(verb, draft, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	return draft, nil
}

// Send asks people to review a draft: those with the given ids, and those with the addresses. Its author does, and those who arrange the
// collections, who give what waits for somebody who has left to somebody else.
func (f *Knowledge) Send(ctx context.Context, actor *models.Actor, id int64, people []int64, addresses string) (*models.ArticleDraft, error) {
	return f.draft(ctx, actor, id, models.DraftSent, func(tx *models.Tx, draft *models.ArticleDraft) error {
		if !actor.Can(models.ArrangeCollections, &models.Space{ID: draft.SpaceID}) {
			if err := authors(actor, draft); err != nil {
				return err
			}
		}
		if people = slices.Clone(people); len(people) > models.MostReviewers {
			return models.Invalid{"reviewers": "review.reviewers_missing"}
		}
		for _, address := range strings.FieldsFunc(addresses, func(r rune) bool { return strings.ContainsRune(",; \n\t", r) }) {
			user, err := tx.UserWithAccess(ctx, address)
			if errors.Is(err, models.ErrNotFound) || len(people) >= models.MostReviewers {
				return models.Invalid{"reviewers": "review.reviewer_unknown"}
			}
			if err != nil {
				return err
			}
			people = append(people, user.ID)
		}
		_, err := tx.SendForReview(draft, people)
		return err
	})
}

// EndReview lets nobody but its author see a draft again.
func (f *Knowledge) EndReview(ctx context.Context, actor *models.Actor, id int64) (*models.ArticleDraft, error) {
	return f.draft(ctx, actor, id, models.DraftTaken, func(tx *models.Tx, draft *models.ArticleDraft) error {
		if err := authors(actor, draft); err != nil {
			return err
		}
		if draft.State != models.DraftOpen || draft.SentAt == nil {
			return errUnchanged
		}
		return tx.TakeFromReview(draft)
	})
}

// Review stores what a reviewer says of a version of a draft.
func (f *Knowledge) Review(ctx context.Context, actor *models.Actor, id int64, version int, verdict models.Verdict, word string) (*models.ArticleDraft, error) {
	return f.draft(ctx, actor, id, models.DraftReviewed, func(tx *models.Tx, draft *models.ArticleDraft) error {
		return tx.ReviewArticle(draft, version, verdict, word)
	})
}

// Drop throws a draft of the actor's away, or brings it back.
func (f *Knowledge) Drop(ctx context.Context, actor *models.Actor, id int64, dropped bool) (*models.ArticleDraft, error) {
	verb, wanted := models.DraftBack, models.DraftDropped
	if dropped {
		verb, wanted = models.DraftLeft, models.DraftOpen
	}
	return f.draft(ctx, actor, id, verb, func(tx *models.Tx, draft *models.ArticleDraft) error {
		if actor.ID != draft.AuthorID {
			return models.ErrForbidden
		}
		if draft.State == models.DraftPublished {
			return fmt.Errorf("it is published: %w", models.ErrConflict)
		}
		if draft.State != wanted {
			return errUnchanged
		}
		return tx.DropArticleDraft(draft, dropped)
	})
}

// Publish makes a version of a draft an article, or the text of the one that it changes. Where others have saved that one since, what they
// changed is brought together with it; merged tells so. models.ErrConflict if that takes a person to decide, or the draft has another text.
func (f *Knowledge) Publish(ctx context.Context, actor *models.Actor, id int64, version int) (article *models.Article, merged bool, err error) {
	draft, err := f.db.ArticleDraft(ctx, actor, id)
	if err != nil {
		return nil, false, err
	}
	if draft.State != models.DraftOpen || draft.Version != version {
		return nil, false, fmt.Errorf("publish version %d of draft %d: %w", version, id, models.ErrConflict)
	}
	if draft.ArticleID == nil {
		article, err = f.publishNew(ctx, actor, draft)
		return article, false, err
	}
	in := EditArticle{ID: *draft.ArticleID, Base: draft.BaseVersion, Title: draft.Title, Body: draft.Body, Tags: draft.Tags, Note: draft.Note}
	return f.revise(ctx, actor, in, func(tx *models.Tx, article *models.Article) (int64, error) {
		ending, err := f.ending(tx, draft)
		if err != nil {
			return 0, err
		}
		return ending.AuthorID, f.end(tx, ending, article)
	})
}

// publishNew makes a draft an article at the end of its level, or of the top where what it would have stood under is gone.
func (f *Knowledge) publishNew(ctx context.Context, actor *models.Actor, draft *models.ArticleDraft) (*models.Article, error) {
	wanted, files, err := f.compose(ctx, actor, draft.Title, draft.Body, draft.Tags, draft.Note)
	if err != nil {
		return nil, err
	}
	article := &wanted.Article
	article.AuthorID = draft.AuthorID
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		collection, err := tx.LockCollection(draft.CollectionID)
		if err != nil {
			return err
		}
		ending, err := f.ending(tx, draft)
		if err != nil {
			return err
		}
		article.ParentID = tx.StandsAt(collection, ending)
		if err := tx.CreateArticle(collection, article, wanted.note); err != nil {
			return err
		}
		if err := f.end(tx, ending, article); err != nil {
			return err
		}
		if err := writing.Attach(tx, models.Place{Article: article}, files); err != nil {
			return err
		}
		if err := from(tx, ending, article); err != nil {
			return err
		}
		called, err := called(tx, article, "")
		if err != nil {
			return err
		}
		return tx.Record(models.ArticleWritten, article, called.Said())
	})
	if err != nil {
		return nil, fmt.Errorf("publish draft %d: %w", draft.ID, err)
	}
	return article, nil
}

// from says what a draft was written from, as far as whoever publishes it may see that.
func from(tx *models.Tx, draft *models.ArticleDraft, article *models.Article) error {
	about := models.About{}
	switch {
	case draft.IdeaID != nil:
		about.Idea = *draft.IdeaID
	case draft.ThreadID != nil:
		about.Thread = *draft.ThreadID
	default:
		return nil
	}
	if err := tx.WriteFrom(article, about); err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	return nil
}

// ending locks a draft that is to be published as it was read.
func (f *Knowledge) ending(tx *models.Tx, read *models.ArticleDraft) (*models.ArticleDraft, error) {
	draft, err := tx.LockArticleDraft(read.ID)
	if err != nil {
		return nil, err
	}
	if draft.State != models.DraftOpen || draft.Version != read.Version || draft.CollectionID != read.CollectionID {
		return nil, fmt.Errorf("draft %d has changed: %w", draft.ID, models.ErrConflict)
	}
	collection, err := tx.Collection(tx.Context(), tx.Actor(), draft.CollectionID)
	if err != nil {
		return nil, err
	}
	reviews, err := tx.ArticleReviews(tx.Context(), draft.ID)
	if err != nil {
		return nil, err
	}
	return draft, tx.Actor().MayPublish(draft, collection.Reviewed, reviews)
}

// end notes what a draft has become, and tells its author.
func (f *Knowledge) end(tx *models.Tx, draft *models.ArticleDraft, article *models.Article) error {
	if err := tx.EndArticleDraft(draft, article, text.Files(draft.Body)); err != nil {
		return err
	}
	return tx.NotifyOfPublished(draft)
}
