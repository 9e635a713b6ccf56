package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// OpenInvitation finds the invitation that a secret still opens, and the spaces it leads to; ErrNotFound if there is
// none, whatever the reason: unknown, too old, taken back, used, of someone who has left, or for someone whose account
// has been closed.
func (q Queries) OpenInvitation(ctx context.Context, secret string) (*Invitation, []Space, error) {
	here, now := q.here()
	invitation := &Invitation{}
	err := q.one(ctx, invitation, `SELECT i.* FROM invitations i JOIN users u ON u.id = i.inviter_id
		WHERE i.token = ? AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > ? AND u.role <> 'external' AND `+here+`
		AND NOT EXISTS (SELECT 1 FROM users c WHERE c.email = i.email AND c.disabled_at IS NOT NULL)
		AND (i.link_id IS NULL OR EXISTS (SELECT 1 FROM invitation_links k WHERE k.id = i.link_id AND `+linkServes+"))", hash(secret), now, now, now)
	if err != nil {
		return nil, nil, err
	}
	spaces, err := q.invitedInto(ctx, invitation.ID)
	return invitation, spaces, err
}

// invites is the condition that u may let people from outside into the space s: Can(Invite) for whoever is not asking.
const invites = `s.archived_at IS NULL AND s.visibility IN ('public', 'external') AND (u.role IN ('owner', 'manager')
	OR u.role NOT IN ('external', 'auditor') AND EXISTS (SELECT 1 FROM memberships m WHERE m.space_id = s.id AND m.user_id = u.id AND m.role = 'manager'))`

// invitedInto is where an invitation leads: as long as whoever invites could do so again. ErrNotFound if nowhere.
func (q Queries) invitedInto(ctx context.Context, id int64) (spaces []Space, err error) {
	err = q.raw(ctx, &spaces, `SELECT s.* FROM spaces s JOIN invitation_spaces n ON n.space_id = s.id JOIN invitations i ON i.id = n.invitation_id
		JOIN users u ON u.id = i.inviter_id WHERE i.id = ? AND `+invites+" ORDER BY s.title, s.id", id)
	if err == nil && len(spaces) == 0 {
		err = ErrNotFound
	}
	return spaces, err
}

// UseInvitation spends an invitation and returns where it leads at this moment; ErrNotFound if it no longer serves,
// because somebody else was quicker for example.
func (tx *Tx) UseInvitation(invitation *Invitation) ([]Space, error) {
	changed, err := tx.exec("UPDATE invitations SET accepted_at = ? WHERE id = ? AND token = ? AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > ?", tx.now, invitation.ID, invitation.Token, tx.now)
	if err == nil && changed == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	invitation.AcceptedAt = &tx.now
	return tx.invitedInto(tx.ctx, invitation.ID)
}

// Welcomed is what an invitation did to the account of whoever accepted it.
type Welcomed struct {
	User  *User
	Made  bool         // they had none
	Terms *TermsChange // nil if those stayed as they were
}

// Welcome gives whoever accepted an invitation what it promises: an account if they have none, access until its day,
// somebody who answers for them, and a role in its spaces; whoever gains one takes a place of the link that they came by.
// Nobody loses anything by it. Of the company's own people it changes nothing but where they are members.
func (tx *Tx) Welcome(invitation *Invitation, spaces []Space, user *User) (*Welcomed, error) {
	sponsor, err := tx.answering(invitation.SponsorID, invitation.InviterID)
	if err != nil {
		return nil, err
	}
	if user.ID != 0 { // as they are now: another invitation, or their sponsor, may have changed their terms meanwhile
		if user, err = tx.lockUser(user); err != nil {
			return nil, err
		}
	}
	welcomed := &Welcomed{User: user, Made: user.ID == 0}
	switch {
	case welcomed.Made:
		user.Email, user.Role = invitation.Email, RoleExternal
		user.ExpiresAt, user.SponsorID = &invitation.AccessUntil, orNull(sponsor)
		err = tx.CreateUser(user)
	case user.External():
		welcomed.Terms, err = tx.prolong(user, invitation.AccessUntil, sponsor)
	}
	if err == nil {
		err = tx.seat(invitation, spaces, user)
	}
	if err != nil {
		return nil, err
	}
	invitation.UserID = &user.ID
	_, err = tx.exec("UPDATE invitations SET user_id = ? WHERE id = ?", user.ID, invitation.ID)
	return welcomed, err
}

// seat gives a person the role of an invitation in those of its spaces where they have none as wide.
func (tx *Tx) seat(invitation *Invitation, spaces []Space, user *User) error {
	actor, err := tx.ActorByID(tx.ctx, user.ID)
	if err != nil {
		return err
	}
	gains := false
	for i := range spaces {
		access := actor.Access(spaces[i].ID)
		if access != nil && access.Role != "" && slices.Index(SpaceRoles(), access.Role) <= slices.Index(SpaceRoles(), invitation.Role) {
			continue
		}
		gains = true
		err := tx.setMember(&spaces[i], user, invitation.Role, func() error {
			return tx.grant(spaces[i].ID, user.ID, invitationSource(invitation.ID), invitation.Role)
		})
		if err != nil {
			return err
		}
	}
	if !gains || invitation.LinkID == nil {
		return nil
	}
	var before bool // who was removed from the space does not come back by the same link
	err = tx.raw(tx.ctx, &before, "SELECT EXISTS (SELECT 1 FROM invitations WHERE link_id = ? AND user_id = ? AND accepted_at IS NOT NULL AND id <> ?)", *invitation.LinkID, user.ID, invitation.ID)
	if err == nil && before {
		return fmt.Errorf("come back by link %d: %w", *invitation.LinkID, ErrNotFound)
	}
	if err != nil {
		return err
	}
	return tx.takePlace(*invitation.LinkID)
}

// prolong lets an external's access last until a day, if it would end before. Who answers for them still does.
func (tx *Tx) prolong(user *User, until time.Time, sponsor int64) (*TermsChange, error) {
	change := &TermsChange{From: user.Terms()}
	terms := change.From
	if terms.ExpiresAt != nil && terms.ExpiresAt.Before(until) {
		terms.ExpiresAt = &until
	}
	current := int64(0)
	if terms.SponsorID != nil {
		current = *terms.SponsorID
	}
	answers, err := tx.answering(current, sponsor)
	if err != nil {
		return nil, err
	}
	terms.SponsorID = orNull(answers)
	if terms.ExpiresAt == change.From.ExpiresAt && answers == current {
		return nil, nil
	}
	user.ExpiresAt, user.SponsorID, change.To = terms.ExpiresAt, terms.SponsorID, terms
	return change, tx.SetTerms(user.ID, terms)
}

// lockUser reads a person anew; until the transaction ends nobody else changes them.
func (tx *Tx) lockUser(user *User) (*User, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR NO KEY UPDATE"
	}
	err := tx.one(tx.ctx, user, "SELECT * FROM users WHERE id = ?"+lock, user.ID)
	return user, err
}

// answering is the first of some people who can answer for someone, and have access.
func (tx *Tx) answering(ids ...int64) (int64, error) {
	for _, id := range ids {
		var found bool
		if err := tx.raw(tx.ctx, &found, "SELECT EXISTS (SELECT 1 FROM users s WHERE s.id = ? AND "+answers+")", id, tx.now); err != nil {
			return 0, err
		}
		if found {
			return id, nil
		}
	}
	return 0, nil
}

// InvitedUser finds the account with the address of an invitation, nil if there is none.
func (q Queries) InvitedUser(ctx context.Context, invitation *Invitation) (*User, error) {
	user, err := q.UserByEmail(ctx, invitation.Email)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return user, err
}
