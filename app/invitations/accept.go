package invitations

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"ruche/models"
)

// entrance is an invitation that somebody holds, and how it lets them in.
type entrance struct {
	invitation *models.Invitation
	spaces     []models.Space
	user       *models.User // who has the address, nil if nobody does yet
	lets       bool         // by itself; otherwise they have to come in as they always do
}

// open finds what a secret still opens; ErrNotFound if nothing, whatever the reason.
func (f *Invitations) open(ctx context.Context, secret string) (*entrance, error) {
	invitation, spaces, err := f.web.DB.OpenInvitation(ctx, secret)
	if err != nil {
		return nil, fmt.Errorf("open invitation: %w", err)
	}
	e := &entrance{invitation: invitation, spaces: spaces}
	if e.user, err = f.web.DB.InvitedUser(ctx, invitation); err != nil {
		return nil, err
	}
	who := e.user
	if who == nil {
		who = &models.User{Email: invitation.Email, Role: models.RoleExternal}
	}
	e.lets, err = f.door.LetsIn(ctx, who)
	return e, err
}

// isFor tells whether the actor is whom it is addressed to.
func (e *entrance) isFor(actor *models.Actor) bool { return e.user != nil && e.user.ID == actor.ID }

// Newcomer is what somebody without an account says of themselves.
type Newcomer struct{ Name, Organisation, Locale string }

// Accept spends an invitation and returns who is a member by it.
func (f *Invitations) Accept(ctx context.Context, actor *models.Actor, e *entrance, newcomer Newcomer) (user *models.User, err error) {
	if actor.SignedIn() && !e.isFor(actor) || !actor.SignedIn() && !e.lets {
		return nil, fmt.Errorf("accept invitation %d: %w", e.invitation.ID, models.ErrForbidden)
	}
	if user = e.user; user == nil {
		if user, err = newcomer.user(); err != nil {
			return nil, err
		}
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if e.spaces, err = tx.UseInvitation(e.invitation); err != nil {
			return err
		}
		welcomed, err := tx.Welcome(e.invitation, e.spaces, user)
		if err != nil {
			return err
		}
		user = welcomed.User
		if err := note(tx, user.ID, welcomed, "invitation"); err != nil {
			return err
		}
		return tx.RecordBy(user.ID, models.InvitationAccepted, e.invitation, map[string]any{"user": user.ID, "spaces": ids(e.spaces), "new": e.user == nil})
	})
	var invalid models.Invalid
	if errors.As(err, &invalid) && invalid["email"] != "" {
		return nil, fmt.Errorf("accept invitation %d: %w", e.invitation.ID, models.ErrConflict) // by another one at the same moment
	}
	return user, err
}

// note records what became of an account, each change as it is recorded wherever else it is made, so that it can be taken back
// there, and no other is taken back over it.
func note(tx *models.Tx, by int64, welcomed *models.Welcomed, way string) error {
	if welcomed.Made {
		return tx.RecordBy(by, models.UserCreated, welcomed.User, map[string]string{"by": way})
	}
	if welcomed.Terms != nil {
		return tx.RecordBy(by, models.UserTermsSet, welcomed.User, *welcomed.Terms)
	}
	return nil
}

// user is the account that is made for them.
func (n Newcomer) user() (*models.User, error) {
	if strings.TrimSpace(n.Name) == "" {
		return nil, models.Invalid{"name": "members.name_needed"}
	}
	return &models.User{Name: n.Name, Organisation: n.Organisation, Locale: n.Locale}, nil
}
