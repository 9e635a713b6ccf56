// Package reactions lets people answer a post without words, with a sign from a set that the company chooses, and tells authors once a day
// what their posts were given. The chips under a post are shown by the pages of posts; that an idea is supported is the matter of ideas.
package reactions

import (
	"context"
	"fmt"
	"time"

	"ruche/app/jobs"
	"ruche/app/web"
	"ruche/models"
)

// Reactions is the feature.
type Reactions struct {
	web *web.Web
	db  *models.DB
}

// New returns the feature, and registers its job.
func New(w *web.Web, j *jobs.Jobs) *Reactions {
	f := &Reactions{w, w.DB}
	j.Register(jobs.Kind{Name: "reactions.appreciation", Every: time.Hour, Work: f.appreciation})
	return f
}

// reacted is what the event of a reaction says.
type reacted struct {
	models.About
	Sign int64 `json:"sign"`
}

// Give gives a post a sign, as the person whom somebody hidden is; once is enough.
func (f *Reactions) Give(ctx context.Context, actor *models.Actor, postID, signID int64) error {
	return f.change(ctx, actor, postID, signID, models.PostReacted, func(tx *models.Tx, place models.Place, post *models.Post) (bool, error) {
		if err := tx.MayReactTo(place, post); err != nil {
			return false, err
		}
		if err := tx.SignInSet(signID); err != nil {
			return false, err
		}
		return tx.AddReaction(post, signID)
	})
}

// Take takes the actor's sign back from a post, whether or not others are still given there; without one nothing changes.
func (f *Reactions) Take(ctx context.Context, actor *models.Actor, postID, signID int64) error {
	return f.change(ctx, actor, postID, signID, models.PostUnreacted, func(tx *models.Tx, place models.Place, post *models.Post) (bool, error) {
		if !tx.Actor().Can(models.TakeBack, &models.Space{ID: place.SpaceID()}) {
			return false, tx.Actor().Refused(place.SpaceID(), 0)
		}
		return tx.RemoveReaction(post, signID)
	})
}

// change does one change to what a post was given, with its place locked.
func (f *Reactions) change(ctx context.Context, actor *models.Actor, postID, signID int64, verb string, change func(*models.Tx, models.Place, *models.Post) (bool, error)) error {
	actor = actor.Person()
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		_, place, err := tx.Post(ctx, actor, postID)
		if err != nil {
			return err
		}
		if place, err = tx.LockPlace(place.About()); err != nil {
			return err
		}
		post, _, err := tx.Post(ctx, actor, postID) // once more under the lock, under which it is removed
		if err == nil && post.RemovedAt != nil {
			err = fmt.Errorf("the post is removed: %w", models.ErrConflict)
		}
		if err != nil {
			return err
		}
		changed, err := change(tx, place, post)
		if err != nil || !changed {
			return err
		}
		return tx.Record(verb, post.In(place.SpaceID()), reacted{place.About(), signID})
	})
	if err != nil {
		return fmt.Errorf("%s %d: %w", verb, postID, err)
	}
	return nil
}

// choose changes the set, for who may.
func (f *Reactions) choose(ctx context.Context, actor *models.Actor, change func(*models.Tx) error) error {
	if !actor.Can(models.ChooseSigns, nil) {
		return fmt.Errorf("choose reactions: %w", models.ErrForbidden)
	}
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		return tx.Record(models.ReactionsChosen, models.System{}, nil)
	})
}

// morning is the hour from which on people are told of the day before.
const morning = 8

// peopleAtOnce is how many authors are looked for in one go.
const peopleAtOnce = 500

// appreciation tells authors what their posts were given yesterday, once a day and only where there was something.
func (f *Reactions) appreciation(ctx context.Context, _ *jobs.Run) (func(*models.Tx) error, error) {
	now := zoned(f.db.Now())
	if now.Hour() < morning {
		return nil, nil
	}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	from := today.AddDate(0, 0, -1)
	for last := int64(0); ; {
		people, err := f.db.AppreciatedPeople(ctx, from, today, today, last, peopleAtOnce)
		if err != nil {
			return nil, fmt.Errorf("whose posts were appreciated: %w", err)
		}
		for _, id := range people {
			if err := f.tell(ctx, id, from, today); err != nil {
				return nil, err
			}
			last = id
		}
		if len(people) < peopleAtOnce {
			return nil, nil
		}
	}
}

// tell tells one author, as far as they may still read what was appreciated.
func (f *Reactions) tell(ctx context.Context, id int64, from, today time.Time) error {
	actor, err := f.db.ActorByID(ctx, id)
	if err != nil {
		return fmt.Errorf("tell %d of appreciation: %w", id, err)
	}
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		return tx.TellOfAppreciation(from.Format(time.DateOnly), from, today, today)
	})
}
