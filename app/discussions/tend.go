package discussions

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"ruche/app/text"
	"ruche/app/writing"
	"ruche/models"
)

// Accept says which post answers the question of a thread; 0 for none.
func (f *Discussions) Accept(ctx context.Context, actor *models.Actor, id, postID int64) (*models.Thread, error) {
	verb := models.ThreadSolved
	if postID == 0 {
		verb = models.ThreadUnsolved
	}
	return f.change(ctx, actor, id, verb, func(tx *models.Tx, thread *models.Thread) (any, error) {
		if !actor.MayAccept(thread) {
			return nil, actor.Refused(thread.SpaceID, thread.AuthorID)
		}
		if postID == 0 {
			if thread.AcceptedID == nil {
				return nil, errUnchanged
			}
			was := *thread.AcceptedID
			return map[string]int64{"post": was}, tx.Accept(thread, nil)
		}
		post, place, err := tx.Post(ctx, actor, postID)
		if err != nil {
			return nil, err
		}
		if place.Thread == nil || place.Thread.ID != thread.ID || post.Number == 1 || post.RemovedAt != nil {
			return nil, fmt.Errorf("post %d answers nothing here: %w", postID, models.ErrNotFound)
		}
		if thread.AcceptedID != nil && *thread.AcceptedID == postID {
			return nil, errUnchanged
		}
		return map[string]int64{"post": postID}, tx.Accept(thread, post)
	})
}

// Same notes that the actor asks what a thread asks, or does so no longer.
func (f *Discussions) Same(ctx context.Context, actor *models.Actor, id int64, same bool) (thread *models.Thread, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if thread, err = tx.LockThread(id); err != nil {
			return err
		}
		if err := actor.Refusal(models.PostComment, &models.Space{ID: thread.SpaceID}); err != nil && (same || !actor.Can(models.TakeBack, &models.Space{ID: thread.SpaceID})) {
			return err
		}
		if thread.Kind != models.Question || thread.AuthorID == actor.ID || thread.State != models.Published {
			return models.ErrForbidden
		}
		return tx.SetSame(thread, same)
	})
	if err != nil {
		return nil, fmt.Errorf("ask the same as thread %d: %w", id, err)
	}
	return thread, nil
}

// tend does what only those do who look after a space.
func (f *Discussions) tend(ctx context.Context, actor *models.Actor, id int64, verb string, do func(*models.Tx, *models.Thread) (any, error)) (*models.Thread, error) {
	return f.change(ctx, actor, id, verb, func(tx *models.Tx, thread *models.Thread) (any, error) {
		if !actor.MayTend(thread) {
			return nil, actor.Refusal(models.Moderate, &models.Space{ID: thread.SpaceID})
		}
		return do(tx, thread)
	})
}

// Pin puts a thread before the list of its space, or back into it.
func (f *Discussions) Pin(ctx context.Context, actor *models.Actor, id int64, pinned bool) (*models.Thread, error) {
	verb := models.ThreadPinned
	if !pinned {
		verb = models.ThreadUnpinned
	}
	return f.tend(ctx, actor, id, verb, func(tx *models.Tx, thread *models.Thread) (any, error) {
		if (thread.PinnedAt != nil) == pinned {
			return nil, errUnchanged
		}
		return nil, tx.Pin(thread, pinned)
	})
}

// Close makes a thread one that is only read, for a reason, or opens it again.
func (f *Discussions) Close(ctx context.Context, actor *models.Actor, id int64, closed bool, reason string) (*models.Thread, error) {
	reason, err := text.Summary(reason)
	if err != nil {
		return nil, models.Invalid{"reason": err.Error()}
	}
	verb := models.ThreadClosed
	if !closed {
		verb = models.ThreadReopened
	}
	return f.tend(ctx, actor, id, verb, func(tx *models.Tx, thread *models.Thread) (any, error) {
		if (thread.ClosedAt != nil) == closed && (!closed || thread.CloseReason == reason) {
			return nil, errUnchanged
		}
		return nil, tx.Close(thread, closed, reason)
	})
}

// Slow says how long one person waits between two posts in a thread; 0 for not at all.
func (f *Discussions) Slow(ctx context.Context, actor *models.Actor, id int64, pause time.Duration) (*models.Thread, error) {
	return f.tend(ctx, actor, id, models.ThreadSlowed, func(tx *models.Tx, thread *models.Thread) (any, error) {
		if thread.SlowSeconds == int(pause/time.Second) {
			return nil, errUnchanged
		}
		return map[string]int{"seconds": int(pause / time.Second), "before": thread.SlowSeconds}, tx.Slow(thread, pause)
	})
}

// Move brings a thread to another space, in which the actor has to be able to begin one.
func (f *Discussions) Move(ctx context.Context, actor *models.Actor, id int64, slug string) (*models.Thread, error) {
	space, err := writing.Into(actor, slug, models.BeginThread)
	if err != nil {
		return nil, err
	}
	return f.tend(ctx, actor, id, models.ThreadMoved, func(tx *models.Tx, thread *models.Thread) (any, error) {
		if thread.SpaceID == space.ID {
			return nil, errUnchanged
		}
		from := thread.SpaceID
		return map[string]int64{"from": from}, tx.MoveThread(thread, space.ID)
	})
}

// arranging finds a space by its slug, if the actor arranges its topics.
func arranging(actor *models.Actor, slug string) (*models.SpaceAccess, error) {
	access := actor.AccessTo(slug)
	if access == nil {
		return nil, models.ErrNotFound
	}
	return access, actor.Refusal(models.ArrangeTopics, &models.Space{ID: access.ID})
}

// NewTopic is a topic for a space. Once, if it is not empty, names the request that it comes from: the same one sent twice makes one.
type NewTopic struct {
	Space              int64
	Title, Description string
	Once               string
}

func (in NewTopic) hash() string {
	return writing.Hash("topic", strconv.FormatInt(in.Space, 10), in.Title, in.Description)
}

// CreateTopic adds a topic to a space whose topics the actor arranges.
func (f *Discussions) CreateTopic(ctx context.Context, actor *models.Actor, in NewTopic) (*models.Topic, error) {
	topic := &models.Topic{SpaceID: in.Space, Title: in.Title, Description: in.Description}
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.CreateTopic(topic); err != nil {
			return err
		}
		if err := writing.Sent(tx, "", in.Once, in.hash(), topic.ID); err != nil {
			return err
		}
		return tx.Record(models.TopicCreated, topic, nil)
	})
	if errors.Is(err, models.ErrConflict) && in.Once != "" {
		return f.createdBefore(ctx, actor, in)
	}
	if err != nil {
		return nil, fmt.Errorf("create topic: %w", err)
	}
	return topic, nil
}

// createdBefore finds the topic that the same request has made.
func (f *Discussions) createdBefore(ctx context.Context, actor *models.Actor, in NewTopic) (*models.Topic, error) {
	id, err := f.writing.SentBefore(ctx, actor, in.Once, in.hash())
	if err != nil {
		return nil, err
	}
	topics, err := f.db.Topics(ctx, in.Space)
	if err != nil {
		return nil, err
	}
	for i := range topics {
		if topics[i].ID == id {
			return &topics[i], nil
		}
	}
	return nil, models.ErrNotFound
}
