package models

import (
	"context"
	"errors"
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
	var spaces []Space
	err = q.raw(ctx, &spaces, `SELECT s.* FROM spaces s JOIN invitation_spaces n ON n.space_id = s.id
		WHERE n.invitation_id = ? AND s.archived_at IS NULL AND s.visibility IN ('public', 'external') ORDER BY s.title, s.id`, invitation.ID)
	if err == nil && len(spaces) == 0 {
		err = ErrNotFound
	}
	return invitation, spaces, err
}

// UseInvitation spends an invitation; ErrNotFound if it no longer serves, because somebody else was quicker for example.
func (tx *Tx) UseInvitation(invitation *Invitation) error {
	changed, err := tx.exec("UPDATE invitations SET accepted_at = ? WHERE id = ? AND token = ? AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > ?", tx.now, invitation.ID, invitation.Token, tx.now)
	if err == nil && changed == 0 {
		return ErrNotFound
	}
	if err == nil && invitation.LinkID != nil {
		err = tx.takePlace(*invitation.LinkID)
	}
	invitation.AcceptedAt = &tx.now
	return err
}

// Welcome gives whoever accepted an invitation what it promises: an account if they have none, access until its day,
// somebody who answers for them, and a role in its spaces. Nobody loses anything by it. Of the company's own people it
// changes nothing but where they are members.
func (tx *Tx) Welcome(invitation *Invitation, spaces []Space, user *User) error {
	sponsor, err := tx.answering(invitation.SponsorID, invitation.InviterID)
	if err != nil {
		return err
	}
	switch {
	case user.ID == 0:
		user.Email, user.Role = invitation.Email, RoleExternal
		user.ExpiresAt, user.SponsorID = &invitation.AccessUntil, orNull(sponsor)
		err = tx.CreateUser(user)
	case user.External():
		err = tx.prolong(user, invitation.AccessUntil, sponsor)
	}
	if err != nil {
		return err
	}
	actor, err := tx.ActorByID(tx.ctx, user.ID)
	if err != nil {
		return err
	}
	for i := range spaces {
		access := actor.Access(spaces[i].ID)
		if access != nil && access.Role != "" && slices.Index(SpaceRoles(), access.Role) <= slices.Index(SpaceRoles(), invitation.Role) {
			continue
		}
		if err := tx.SetMember(&spaces[i], user, invitation.Role); err != nil {
			return err
		}
	}
	invitation.UserID = &user.ID
	_, err = tx.exec("UPDATE invitations SET user_id = ? WHERE id = ?", user.ID, invitation.ID)
	return err
}

// prolong lets an external's access last until a day, if it would end before. Who answers for them still does.
func (tx *Tx) prolong(user *User, until time.Time, sponsor int64) error {
	terms := user.Terms()
	if terms.ExpiresAt != nil && terms.ExpiresAt.Before(until) {
		terms.ExpiresAt = &until
	}
	current := int64(0)
	if terms.SponsorID != nil {
		current = *terms.SponsorID
	}
	answers, err := tx.answering(current, sponsor)
	if err != nil {
		return err
	}
	terms.SponsorID = orNull(answers)
	user.ExpiresAt, user.SponsorID = terms.ExpiresAt, terms.SponsorID
	return tx.SetTerms(user.ID, terms)
}

// answering is the first of some people who can answer for someone: who has access, and is of the company.
func (tx *Tx) answering(ids ...int64) (int64, error) {
	here, now := tx.here()
	for _, id := range ids {
		var found bool
		if err := tx.raw(tx.ctx, &found, "SELECT EXISTS (SELECT 1 FROM users u WHERE u.id = ? AND u.role <> 'external' AND NOT u.service AND "+here+")", id, now); err != nil {
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
