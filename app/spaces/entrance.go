package spaces

import (
	"context"
	"fmt"

	"ruche/models"
)

// Join makes the actor a member of a space that is open to them; once more changes nothing.
func (f *Spaces) Join(ctx context.Context, actor *models.Actor, space *models.Space) error {
	if access := actor.Access(space.ID); access != nil && access.Role != "" {
		return nil
	}
	if err := actor.Refusal(models.JoinSpace, space); err != nil {
		return fmt.Errorf("join space %d: %w", space.ID, err)
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.SetMember(space, self(actor), models.SpaceMember); err != nil {
			return err
		}
		return tx.Record(models.MemberJoined, space, nil)
	})
}

func self(actor *models.Actor) *models.User { return &models.User{ID: actor.ID, Role: actor.Role} }

// Leave ends the actor's membership of a space. For ten minutes they can return.
func (f *Spaces) Leave(ctx context.Context, actor *models.Actor, space *models.Space) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		role, err := tx.LeaveSpace(space)
		if err != nil {
			return err
		}
		return tx.Record(models.MemberLeft, space, map[string]any{"role": role})
	})
}

// Return brings the actor back into a space that they have just left, with the role that they had.
func (f *Spaces) Return(ctx context.Context, actor *models.Actor, slug string) (space *models.Space, err error) {
	if !actor.SignedIn() {
		return nil, models.ErrForbidden
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		var role models.SpaceRole
		if space, role, err = tx.Left(slug); err != nil {
			return err
		}
		if err := tx.SetMember(space, self(actor), role); err != nil {
			return err
		}
		return tx.Record(models.MemberReturned, space, nil)
	})
	return space, err
}

// Ask asks those who run a space to let the actor in.
func (f *Spaces) Ask(ctx context.Context, actor *models.Actor, space *models.Space, message string) (request *models.EntryRequest, err error) {
	if err := actor.Refusal(models.AskToJoin, space); err != nil {
		return nil, fmt.Errorf("ask to join space %d: %w", space.ID, err)
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if request, err = tx.AskToJoin(space, message); err != nil {
			return err
		}
		return tx.Record(models.RequestMade, request, nil)
	})
	return request, err
}

// Withdraw takes the actor's own request back, if it is still open.
func (f *Spaces) Withdraw(ctx context.Context, actor *models.Actor, space *models.Space) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		own, err := tx.OwnRequest(ctx, actor, space.ID)
		if err != nil {
			return err
		}
		if own == nil || own.State == models.RequestWithdrawn {
			return nil // what is taken back is taken back
		}
		request, _, err := tx.OpenRequest(space, own.ID)
		if err != nil {
			return err
		}
		if err := tx.CloseRequest(request, models.RequestWithdrawn, ""); err != nil {
			return err
		}
		return tx.Record(models.RequestTaken, request, nil)
	})
}

// Decision is the answer to a request, with a word for who asked.
type Decision struct {
	Approve bool
	Words   string
}

// Decide answers an open request; ErrConflict if somebody has been quicker.
func (f *Spaces) Decide(ctx context.Context, actor *models.Actor, space *models.Space, id int64, decision Decision) (user *models.User, err error) {
	if !actor.Can(models.ManageSpace, space) {
		return nil, fmt.Errorf("requests of space %d: %w", space.ID, models.ErrForbidden)
	}
	if space.ArchivedAt != nil {
		return nil, fmt.Errorf("requests of space %d: %w", space.ID, models.ErrArchived)
	}
	state, verb := models.RequestDeclined, models.RequestRefused
	if decision.Approve {
		state, verb = models.RequestApproved, models.RequestGranted
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		var request *models.EntryRequest
		if request, user, err = tx.OpenRequest(space, id); err != nil {
			return err
		}
		if err := tx.CloseRequest(request, state, decision.Words); err != nil {
			return err
		}
		if decision.Approve {
			if err := tx.SetMember(space, user, models.SpaceMember); err != nil {
				return err
			}
		}
		return tx.Record(verb, request, map[string]any{"user": user.ID})
	})
	return user, err
}
