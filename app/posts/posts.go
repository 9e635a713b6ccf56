// Package posts is what people say under whatever is discussed: an idea, where a post is called a comment, a thread, an article or an event. It writes,
// edits, removes and restores posts and shows them on the pages of others; what is discussed is the matter of the features.
package posts

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"ruche/app/files"
	"ruche/app/text"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
)

// Posts writes and shows posts.
type Posts struct {
	web     *web.Web
	db      *models.DB
	writing *writing.Writing
	files   *files.Files
}

// New returns the room.
func New(w *web.Web, writing *writing.Writing, files *files.Files) *Posts {
	return &Posts{web: w, db: w.DB, writing: writing, files: files}
}

// NewPost is what someone says in a place or, with a parent, answers to a post there. Once, if it is not empty, names the form that
// it comes from: the same form sent twice says it once.
type NewPost struct {
	About  models.About
	Parent int64  // id of the post that is answered; 0 for none
	Body   string // Markdown
	Once   string
}

func (in NewPost) hash() string {
	where := strconv.FormatInt(in.About.Idea, 10)
	if in.About.Idea == 0 {
		where = in.About.Path()
	}
	return writing.Hash(where, strconv.FormatInt(in.Parent, 10), in.Body)
}

// Write adds a post to a place. Who writes follows the place from then on.
func (f *Posts) Write(ctx context.Context, actor *models.Actor, in NewPost) (*models.Post, error) {
	refusal := f.mayWrite(ctx, actor, in.About)
	if refusal != nil && !writing.Asked(refusal) {
		return nil, refusal
	}
	text, err := f.writing.Render(ctx, actor.Person(), in.Body, text.Comment)
	if err == nil {
		err = refusal
	}
	if err != nil {
		return nil, err
	}
	post := &models.Post{AuthorID: actor.ID, Body: text.Markdown, HTML: text.HTML, Lang: text.Lang()}
	if in.Parent != 0 {
		post.ParentID = &in.Parent
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		place, err := tx.LockPlace(in.About)
		if err != nil {
			return err
		}
		return f.write(tx, place, post, text.Files, in)
	})
	if errors.Is(err, models.ErrConflict) && in.Once != "" {
		if post, err = f.writtenBefore(ctx, actor, in, err); err == nil {
			return post, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("write a post: %w", writing.AtField("body", err))
	}
	return post, nil
}

func (f *Posts) write(tx *models.Tx, place models.Place, post *models.Post, pictures []int64, in NewPost) error {
	if err := tx.MayWriteIn(place); err != nil {
		return err
	}
	called, err := tx.CalledGroups(tx.Context(), tx.Actor(), place.SpaceID(), text.Groups(post.Body))
	if err != nil {
		return err
	}
	if err := tx.CreatePost(place, post); err != nil {
		return err
	}
	if err := writing.Attach(tx, place, pictures); err != nil {
		return err
	}
	if place.Idea != nil { // elsewhere that is noted with the post
		if err := tx.Follow(post.AuthorID, place.Idea.ID); err != nil {
			return err
		}
	}
	if err := writing.Sent(tx, place.About().Form(in.Parent), in.Once, in.hash(), post.ID); err != nil {
		return err
	}
	return tx.Record(models.PostPosted, post.In(place.SpaceID()), struct {
		models.About
		models.Calling
	}{place.About(), called})
}

// mayWrite refuses early, before a text is looked at.
func (f *Posts) mayWrite(ctx context.Context, actor *models.Actor, about models.About) error {
	place, err := f.db.Place(ctx, actor, about)
	if err == nil {
		err = actor.Refusal(models.PostComment, &models.Space{ID: place.SpaceID()})
	}
	if err != nil {
		return fmt.Errorf("write a post: %w", err)
	}
	return nil
}

// writtenBefore finds what the same form has said already. The conflict stands if there is another reason for it.
func (f *Posts) writtenBefore(ctx context.Context, actor *models.Actor, in NewPost, conflict error) (*models.Post, error) {
	id, err := f.writing.SentBefore(ctx, actor, in.Once, in.hash())
	if errors.Is(err, models.ErrNotFound) {
		return nil, conflict
	}
	if err != nil {
		return nil, err
	}
	post, _, err := f.db.Post(ctx, actor, id)
	return post, err
}

// Edit is a new text for a post.
type Edit struct {
	ID   int64
	Base int    // the version that its editor began from
	Body string // Markdown
}

// Edit stores a new text of a post; models.ErrConflict if somebody else has saved another one since its editor began.
func (f *Posts) Edit(ctx context.Context, actor *models.Actor, in Edit) (*models.Post, error) {
	id := in.ID
	post, place, err := own(ctx, f.db.Queries, actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.MayEditPost(post, place.SpaceID()) {
		return nil, fmt.Errorf("edit post %d: %w", id, actor.Refused(place.SpaceID(), post.AuthorID))
	}
	text, err := f.writing.Render(ctx, actor.Person(), in.Body, text.Comment)
	if err != nil {
		return nil, err
	}
	return f.change(ctx, actor, id, models.PostEdited, func(tx *models.Tx, place models.Place, post *models.Post) (bool, error) {
		if post.RemovedAt != nil {
			return false, fmt.Errorf("the post is removed: %w", models.ErrConflict)
		}
		if !actor.Can(models.Moderate, &models.Space{ID: place.SpaceID()}) {
			if err := tx.MayEditIn(place); err != nil {
				return false, writing.AtField("body", err)
			}
		}
		if err := tx.DropDraft(actor.ID, place.About().EditForm(id)); err != nil || post.Body == text.Markdown {
			return false, err
		}
		post.Body, post.HTML, post.Lang = text.Markdown, text.HTML, text.Lang()
		if err := tx.EditPost(place, post, in.Base); err != nil {
			return false, err
		}
		return true, writing.Attach(tx, place, text.Files)
	})
}

// Remove leaves a tombstone in the place of a post.
func (f *Posts) Remove(ctx context.Context, actor *models.Actor, id int64) (*models.Post, error) {
	return f.change(ctx, actor, id, models.PostRemoved, func(tx *models.Tx, place models.Place, post *models.Post) (bool, error) {
		stands := post.RemovedAt == nil // before it changes
		return stands, tx.RemovePost(place, post)
	})
}

// Restore brings a removed post back. Authors may bring back what they removed themselves, moderators everything.
func (f *Posts) Restore(ctx context.Context, actor *models.Actor, id int64) (*models.Post, error) {
	return f.change(ctx, actor, id, models.PostRestored, func(tx *models.Tx, place models.Place, post *models.Post) (bool, error) {
		if !mayRestore(actor, post, place.SpaceID()) {
			return false, models.ErrForbidden
		}
		removed := post.RemovedAt != nil // before it changes
		return removed, tx.RestorePost(place, post)
	})
}

func mayRestore(actor *models.Actor, post *models.Post, spaceID int64) bool {
	own := post.RemovedBy == nil || *post.RemovedBy == actor.ID
	return own && actor.MayRemovePost(post, spaceID) || actor.Can(models.Moderate, &models.Space{ID: spaceID})
}

// change does one change to a post that the actor may remove, with its place locked.
func (f *Posts) change(ctx context.Context, actor *models.Actor, id int64, verb string,
	change func(*models.Tx, models.Place, *models.Post) (changed bool, err error),
) (post *models.Post, err error) {
	_, place, err := own(ctx, f.db.Queries, actor, id)
	if err != nil {
		return nil, err
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if place, err = tx.LockPlace(place.About()); err != nil {
			return err
		}
		// Read once more under the lock: a post that two people remove at once counts once.
		if post, _, err = own(ctx, tx.Queries, actor, id); err != nil {
			return err
		}
		changed, err := change(tx, place, post)
		if err != nil || !changed {
			return err
		}
		return tx.Record(verb, post.In(place.SpaceID()), place.About())
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	return post, nil
}

// own finds a post that the actor may remove, with its place.
func own(ctx context.Context, q models.Queries, actor *models.Actor, id int64) (*models.Post, models.Place, error) {
	post, place, err := q.Post(ctx, actor, id)
	if err != nil {
		return nil, place, err
	}
	if !actor.MayRemovePost(post, place.SpaceID()) {
		return nil, place, fmt.Errorf("change post %d: %w", id, actor.Refused(place.SpaceID(), post.AuthorID))
	}
	return post, place, nil
}
