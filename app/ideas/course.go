package ideas

import (
	"context"
	"fmt"

	"ruche/models"
)

// Withdraw takes an idea out of sight of all but its author and the moderators.
func (f *Ideas) Withdraw(ctx context.Context, actor *models.Actor, id int64) (*models.Idea, error) {
	return f.setState(ctx, actor, id, models.Withdrawn, models.IdeaWithdrawn)
}

// Restore brings a withdrawn idea back. Authors may bring back what they withdrew themselves,
// moderators everything.
func (f *Ideas) Restore(ctx context.Context, actor *models.Actor, id int64) (*models.Idea, error) {
	return f.setState(ctx, actor, id, models.Published, models.IdeaRestored)
}

func (f *Ideas) setState(ctx context.Context, actor *models.Actor, id int64, state models.State, verb string) (idea *models.Idea, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if idea, err = tx.LockIdea(id); err != nil {
			return err
		}
		if !actor.MayWithdraw(idea) {
			return actor.Refused(idea.SpaceID, idea.AuthorID)
		}
		if idea.State == state {
			return nil
		}
		if state == models.Published {
			if may, err := mayRestore(ctx, tx.Queries, actor, idea); err != nil || !may {
				return refusal(err)
			}
		}
		if err := tx.SetState(idea, state); err != nil {
			return err
		}
		return tx.Record(verb, idea, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	f.changed(idea.SpaceID)
	return idea, nil
}

// mayRestore tells whether the actor may bring a withdrawn idea back.
func mayRestore(ctx context.Context, q models.Queries, actor *models.Actor, idea *models.Idea) (bool, error) {
	if actor.Can(models.Moderate, &models.Space{ID: idea.SpaceID}) {
		return true, nil
	}
	if !actor.MayWithdraw(idea) {
		return false, nil
	}
	by, err := q.WithdrawnBy(ctx, idea)
	return by == actor.ID, err
}

// refusal is err, or else ErrForbidden.
func refusal(err error) error {
	if err != nil {
		return err
	}
	return models.ErrForbidden
}

// SetStage says how far an idea has come.
func (f *Ideas) SetStage(ctx context.Context, actor *models.Actor, id int64, stage models.Stage) (idea *models.Idea, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if idea, err = tx.LockIdea(id); err != nil {
			return err
		}
		if err := actor.Refusal(models.StageIdea, &models.Space{ID: idea.SpaceID}); err != nil {
			return err
		}
		from := idea.Stage
		if from == stage {
			return nil
		}
		if err := tx.SetStage(idea, stage); err != nil {
			return err
		}
		return tx.Record(models.IdeaStaged, idea, staged{Stage: stage, From: from})
	})
	if err != nil {
		return nil, fmt.Errorf("stage idea %d: %w", id, err)
	}
	f.changed(idea.SpaceID)
	return idea, nil
}

// staged is the data of the event models.IdeaStaged.
type staged struct {
	Stage models.Stage `json:"stage"`
	From  models.Stage `json:"from,omitempty"`
}

// Support makes the actor support an idea; once more changes nothing.
func (f *Ideas) Support(ctx context.Context, actor *models.Actor, id int64) (*models.Idea, error) {
	return f.support(ctx, actor, id, supporting{models.IdeaSupported, models.SupportIdea, (*models.Tx).AddSupport})
}

// Unsupport takes the actor's support back; without one nothing changes.
func (f *Ideas) Unsupport(ctx context.Context, actor *models.Actor, id int64) (*models.Idea, error) {
	return f.support(ctx, actor, id, supporting{models.IdeaUnsupported, models.TakeBack, (*models.Tx).RemoveSupport})
}

// supporting is a change to someone's support, what is recorded of it, and the act that it is.
type supporting struct {
	verb   string
	act    models.Act
	change func(*models.Tx, *models.Idea, int64) (bool, error)
}

func (f *Ideas) support(ctx context.Context, actor *models.Actor, id int64, s supporting) (idea *models.Idea, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if idea, err = lockPublished(tx, id, s.act); err != nil {
			return err
		}
		changed, err := s.change(tx, idea, actor.ID)
		if err != nil || !changed {
			return err
		}
		return tx.Record(s.verb, idea, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", s.verb, id, err)
	}
	return idea, nil
}

// lockPublished locks an idea that is there to be read and in whose space the actor may do the act.
// A withdrawn one takes no part in anything: whoever still sees it gets ErrConflict, and so does who does what its
// campaign does not allow now.
func lockPublished(tx *models.Tx, id int64, act models.Act) (*models.Idea, error) {
	idea, err := tx.LockIdea(id)
	if err == nil {
		err = tx.Actor().Refusal(act, &models.Space{ID: idea.SpaceID})
	}
	switch {
	case err != nil:
		return nil, err
	case idea.State != models.Published:
		return nil, fmt.Errorf("idea %d is withdrawn: %w", id, models.ErrConflict)
	}
	return idea, tx.InStage(idea.CampaignID, act)
}

// Follow lets the actor hear of what happens to an idea.
func (f *Ideas) Follow(ctx context.Context, actor *models.Actor, id int64) (*models.Idea, error) {
	return f.follow(ctx, actor, id, (*models.Tx).Follow)
}

// Unfollow ends it.
func (f *Ideas) Unfollow(ctx context.Context, actor *models.Actor, id int64) (*models.Idea, error) {
	return f.follow(ctx, actor, id, (*models.Tx).Unfollow)
}

// follow records no event: whom someone follows is nobody else's matter.
func (f *Ideas) follow(ctx context.Context, actor *models.Actor, id int64, change func(*models.Tx, int64, int64) error) (*models.Idea, error) {
	idea, err := f.db.Idea(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if err := actor.Refusal(models.FollowIdea, &models.Space{ID: idea.SpaceID}); err != nil {
		return nil, fmt.Errorf("follow idea %d: %w", id, err)
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error { return change(tx, actor.ID, idea.ID) })
	if err != nil {
		return nil, fmt.Errorf("follow idea %d: %w", id, err)
	}
	return idea, nil
}
