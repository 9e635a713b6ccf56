package spaces

import (
	"context"
	"errors"
	"fmt"

	"ruche/models"
)

// SetMember gives the person with an address a role in a space.
func (f *Spaces) SetMember(ctx context.Context, actor *models.Actor, space *models.Space, email string, role models.SpaceRole) (*models.User, error) {
	user, err := f.addressed(ctx, actor, space, email)
	if err != nil {
		return nil, err
	}
	return user, f.setMember(ctx, actor, space, user, role)
}

// SetRole gives a person whom the list of members shows a role in a space. Who was removed a moment ago is
// brought back by it.
func (f *Spaces) SetRole(ctx context.Context, actor *models.Actor, space *models.Space, userID int64, role models.SpaceRole) (*models.User, error) {
	user, err := f.person(ctx, actor, space, userID)
	if err != nil {
		return nil, err
	}
	if user.DisabledAt != nil {
		return nil, models.Invalid{"role": "spaces.member_left"}
	}
	return user, f.setMember(ctx, actor, space, user, role)
}

func (f *Spaces) setMember(ctx context.Context, actor *models.Actor, space *models.Space, user *models.User, role models.SpaceRole) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.SetMember(space, user, role); err != nil {
			return err
		}
		return tx.Record(models.MemberAdded, space, map[string]any{"user": user.ID, "role": role})
	})
}

// RemoveMember ends the membership of the person with an address.
func (f *Spaces) RemoveMember(ctx context.Context, actor *models.Actor, space *models.Space, email string) error {
	user, err := f.addressed(ctx, actor, space, email)
	if err != nil {
		return err
	}
	return f.Remove(ctx, actor, space, user)
}

// Remove ends a person's membership of a space.
func (f *Spaces) Remove(ctx context.Context, actor *models.Actor, space *models.Space, user *models.User) error {
	if !actor.Can(models.ManageSpace, space) {
		return fmt.Errorf("members of space %d: %w", space.ID, models.ErrForbidden)
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.RemoveMember(space, user.ID); err != nil {
			return err
		}
		return tx.Record(models.MemberRemoved, space, map[string]any{"user": user.ID})
	})
}

// HandOver makes another member the manager of a space in the place of the actor, who stays a member.
func (f *Spaces) HandOver(ctx context.Context, actor *models.Actor, space *models.Space, userID int64) (*models.Member, error) {
	if !handsOver(actor, space) || userID == actor.ID {
		return nil, fmt.Errorf("hand over space %d: %w", space.ID, models.ErrForbidden)
	}
	var heir *models.Member
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) (err error) {
		if heir, err = tx.Member(ctx, actor, space.ID, userID); err != nil {
			return err
		}
		if err := tx.SetMember(space, &models.User{ID: heir.ID, Role: heir.Role}, models.SpaceManager); err != nil {
			return err
		}
		if err := tx.SetMember(space, &models.User{ID: actor.ID, Role: actor.Role}, models.SpaceMember); err != nil {
			return err
		}
		if err := tx.NotifySpace(models.SpaceNotice{UserID: heir.ID, Kind: models.NoticeNamed, SpaceID: space.ID}); err != nil {
			return err
		}
		return tx.Record(models.SpaceHandedOver, space, map[string]any{"user": heir.ID})
	})
	return heir, err
}

// handsOver tells whether a space is the actor's to hand over: as its manager, not as someone who looks after all.
func handsOver(actor *models.Actor, space *models.Space) bool {
	access := actor.Access(space.ID)
	return access != nil && access.Role == models.SpaceManager && actor.Can(models.ManageSpace, space)
}

// addressed finds whom a manager of the space means by an address. An external manager only finds people they may know.
func (f *Spaces) addressed(ctx context.Context, actor *models.Actor, space *models.Space, email string) (*models.User, error) {
	if !actor.Can(models.ManageSpace, space) {
		return nil, fmt.Errorf("members of space %d: %w", space.ID, models.ErrForbidden)
	}
	user, err := f.web.DB.UserByEmail(ctx, email)
	if err == nil {
		user, err = f.person(ctx, actor, space, user.ID)
	}
	if errors.Is(err, models.ErrNotFound) || err == nil && user.DisabledAt != nil {
		return nil, models.Invalid{"email": "spaces.member_unknown"}
	}
	return user, err
}

// person finds someone whom a manager of the space may know.
func (f *Spaces) person(ctx context.Context, actor *models.Actor, space *models.Space, userID int64) (*models.User, error) {
	if !actor.Can(models.ManageSpace, space) {
		return nil, fmt.Errorf("members of space %d: %w", space.ID, models.ErrForbidden)
	}
	return f.web.DB.Person(ctx, actor, userID)
}
