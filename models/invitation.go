package models

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Invitation asks somebody from outside into spaces, by a letter to their address. Whoever has the letter has the
// mailbox; of its link only the hash is stored.
type Invitation struct {
	ID          int64
	Email       string
	Token       string
	Role        SpaceRole
	Message     string // of who invites
	Locale      string // of the letter
	InviterID   int64
	SponsorID   int64     // who is to answer for them
	UserID      *int64    // who accepted
	LinkID      *int64    // by which somebody asked for it, to prove their address
	AccessUntil time.Time // when their access ends
	CreatedAt   time.Time
	SentAt      time.Time
	ExpiresAt   time.Time // when the link ends
	AcceptedAt  *time.Time
	RevokedAt   *time.Time
}

func (i *Invitation) subject() (string, int64, int64) { return "invitation", i.ID, 0 }

// InvitationState says what became of an invitation.
type InvitationState string

// States of an invitation.
const (
	InvitationPending   InvitationState = "pending"
	InvitationIsTaken   InvitationState = "accepted"
	InvitationLapsed    InvitationState = "expired"
	InvitationWithdrawn InvitationState = "revoked"
)

// InvitationStates lists them.
func InvitationStates() []InvitationState {
	return []InvitationState{InvitationPending, InvitationIsTaken, InvitationLapsed, InvitationWithdrawn}
}

// State is that of the invitation at a time.
func (i *Invitation) State(now time.Time) InvitationState {
	switch {
	case i.AcceptedAt != nil:
		return InvitationIsTaken
	case i.RevokedAt != nil:
		return InvitationWithdrawn
	case !i.ExpiresAt.After(now):
		return InvitationLapsed
	}
	return InvitationPending
}

// Bounds of invitations: how long a link serves, how long somebody may be given access at once, how many are invited by
// one form and by one person in a day, and how long the word of who invites may be.
const (
	InvitationLife     = 14 * day
	MaxAccess          = 2 * 365 * day
	MaxInvited         = 50
	mostInvitedDaily   = 300
	MaxInvitationWords = 1000
	// resendAfter keeps a button that is pressed again from filling a mailbox.
	resendAfter = 10 * time.Minute
)

// InvitedRoles lists the roles that people are invited with. Who leads a space is named by hand.
func InvitedRoles() []SpaceRole { return []SpaceRole{SpaceExpert, SpaceMember, SpaceReader} }

// Inviting are the actor's spaces whose invitations they look after: those that they run, whatever has become of them.
func (a *Actor) Inviting() []SpaceAccess {
	return slices.DeleteFunc(slices.Clone(a.Spaces), func(s SpaceAccess) bool { return !a.KeepsInvitations(&Space{ID: s.ID}) })
}

// KeepsInvitations tells whether the actor looks after the invitations into a space.
func (a *Actor) KeepsInvitations(space *Space) bool {
	return !a.External() && a.Can(ManageSpace, space)
}

// InvitesTo are the spaces that the actor may invite people to.
func (a *Actor) InvitesTo() []SpaceAccess {
	return slices.DeleteFunc(slices.Clone(a.Spaces), func(s SpaceAccess) bool { return !a.Can(Invite, &Space{ID: s.ID}) })
}

// validate tidies what goes with an invitation and says what is wrong with it.
func (i *Invitation) validate(now time.Time) error {
	i.Message = strings.TrimSpace(strings.ReplaceAll(i.Message, "\r\n", "\n"))
	problems := Invalid{}
	if !slices.Contains(InvitedRoles(), i.Role) {
		problems["role"] = "invitations.role_invalid"
	}
	if utf8.RuneCountInString(i.Message) > MaxInvitationWords || i.Message != "" && !readable(i.Message) {
		problems["message"] = "invitations.message_invalid"
	}
	if !i.AccessUntil.After(now) || i.AccessUntil.After(now.Add(MaxAccess+day)) {
		problems["until"] = "invitations.until_invalid"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// Invite stores an invitation of the actor's into spaces and returns the secret of its link.
func (tx *Tx) Invite(invitation *Invitation, spaces []int64) (secret string, err error) {
	if err := invitation.validate(tx.now); err != nil {
		return "", err
	}
	secret = newSecret()
	invitation.Token, invitation.InviterID, invitation.CreatedAt = hash(secret), tx.actorID(), tx.now
	invitation.send(tx.now)
	if err := tx.create(invitation); err != nil {
		return "", err
	}
	for _, space := range spaces {
		if _, err := tx.exec("INSERT INTO invitation_spaces (invitation_id, space_id) VALUES (?, ?)", invitation.ID, space); err != nil {
			return "", err
		}
	}
	return secret, nil
}

// send begins the time in which the link serves. It does not outlast the access that it gives.
func (i *Invitation) send(now time.Time) {
	i.AccessUntil = i.AccessUntil.UTC()
	i.SentAt, i.ExpiresAt, i.RevokedAt = now, now.Add(InvitationLife), nil
	if i.AccessUntil.Before(i.ExpiresAt) {
		i.ExpiresAt = i.AccessUntil
	}
}

// InvitedLately tells whether the actor has invited so many people today that another n are too many. Until the transaction
// ends they invite nobody else, so that two forms at once do not both find room.
func (tx *Tx) InvitedLately(n int) (tooMany bool, err error) {
	if _, err := tx.lockUser(&User{ID: tx.actorID()}); err != nil {
		return false, err
	}
	var sent int
	err = tx.raw(tx.ctx, &sent, "SELECT count(*) FROM invitations WHERE inviter_id = ? AND created_at > ? AND link_id IS NULL", tx.actorID(), tx.now.Add(-day))
	return sent+n > mostInvitedDaily, err
}

// AlreadyInvited are those of the addresses with an invitation into one of the spaces that is still open.
func (tx *Tx) AlreadyInvited(emails []string, spaces []int64) (again []string, err error) {
	return again, tx.raw(tx.ctx, &again, `SELECT DISTINCT i.email FROM invitations i JOIN invitation_spaces s ON s.invitation_id = i.id
		WHERE i.email IN ? AND s.space_id IN ? AND i.link_id IS NULL AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > ? ORDER BY i.email`, emails, spaces, tx.now)
}

// InvitedJustNow are those of the addresses that a letter went to a moment ago which has been taken back since: it is not
// followed by another one at once.
func (tx *Tx) InvitedJustNow(emails []string) (again []string, err error) {
	return again, tx.raw(tx.ctx, &again, "SELECT DISTINCT email FROM invitations WHERE email IN ? AND sent_at > ? AND link_id IS NULL AND accepted_at IS NULL AND revoked_at IS NOT NULL ORDER BY email", emails, tx.now.Add(-resendAfter))
}

// InvitationCard is an invitation as the list shows it, with those of its spaces that the reader may see.
type InvitationCard struct {
	Invitation
	InviterName string
	SponsorName string
	Spaces      []SpaceAccess `gorm:"-"`
	Others      bool          `gorm:"-"` // it is into spaces of others, too
}

// InvitationQuery says which invitations to list: of one space with its id, in one state, before an id.
type InvitationQuery struct {
	SpaceID int64
	State   InvitationState
	IDs     []int64 // only these
	Before  int64
	Limit   int
}

// Invitations lists those into the spaces that the actor runs, newest first.
func (q Queries) Invitations(ctx context.Context, actor *Actor, ask InvitationQuery) (cards []InvitationCard, err error) {
	own := &Actor{ID: actor.ID, Role: actor.Role, Spaces: actor.Inviting()}
	if len(own.Spaces) == 0 {
		return nil, ErrForbidden
	}
	where, list := q.visible(own, "n.space_id")
	args := []any{list}
	if ask.SpaceID != 0 {
		where, args = where+" AND n.space_id = ?", append(args, ask.SpaceID)
	}
	args = append(args, beforeID(ask.Before))
	state := ""
	if ask.IDs != nil {
		state, args = " AND i.id IN ?", append(args, ask.IDs)
	}
	switch ask.State {
	case InvitationIsTaken:
		state += " AND i.accepted_at IS NOT NULL"
	case InvitationWithdrawn:
		state += " AND i.accepted_at IS NULL AND i.revoked_at IS NOT NULL"
	case InvitationPending:
		state, args = state+" AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > ?", append(args, q.present())
	case InvitationLapsed:
		state, args = state+" AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at <= ?", append(args, q.present())
	}
	err = q.raw(ctx, &cards, `SELECT i.*, v.name AS inviter_name, a.name AS sponsor_name FROM invitations i
		JOIN users v ON v.id = i.inviter_id JOIN users a ON a.id = i.sponsor_id
		WHERE i.id IN (SELECT n.invitation_id FROM invitation_spaces n WHERE `+where+") AND i.id < ? AND (i.link_id IS NULL OR i.accepted_at IS NOT NULL)"+state+" ORDER BY i.id DESC LIMIT ?", append(args, ask.Limit)...)
	if err != nil {
		return nil, err
	}
	return cards, q.placeInvitations(ctx, own, cards)
}

// placeInvitations adds the spaces that invitations lead to.
func (q Queries) placeInvitations(ctx context.Context, own *Actor, cards []InvitationCard) error {
	if len(cards) == 0 {
		return nil
	}
	ids, at := make([]int64, len(cards)), map[int64]int{}
	for i := range cards {
		ids[i], at[cards[i].ID] = cards[i].ID, i
	}
	var rows []struct{ InvitationID, SpaceID int64 }
	if err := q.raw(ctx, &rows, "SELECT n.invitation_id, n.space_id FROM invitation_spaces n JOIN spaces s ON s.id = n.space_id WHERE n.invitation_id IN ? ORDER BY s.title, s.id", ids); err != nil {
		return err
	}
	for _, row := range rows {
		card := &cards[at[row.InvitationID]]
		if access := own.Access(row.SpaceID); access != nil {
			card.Spaces = append(card.Spaces, *access)
		} else {
			card.Others = true
		}
	}
	return nil
}

// LockInvitation finds an invitation into a space that the actor runs, for a change: until the transaction ends nobody
// else changes it.
func (tx *Tx) LockInvitation(id int64) (*InvitationCard, error) {
	own := &Actor{ID: tx.actorID(), Role: tx.actor.Role, Spaces: tx.actor.Inviting()}
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
	}
	where, list := tx.visible(own, "n.space_id")
	cards := []InvitationCard{{}}
	err := tx.one(tx.ctx, &cards[0].Invitation, "SELECT i.* FROM invitations i WHERE i.id = ? AND i.link_id IS NULL AND EXISTS (SELECT 1 FROM invitation_spaces n WHERE n.invitation_id = i.id AND "+where+")"+lock, id, list)
	if err != nil {
		return nil, err
	}
	return &cards[0], tx.placeInvitations(tx.ctx, own, cards)
}

// SendAgain gives an invitation that nobody has accepted a new link, whose secret it returns, and ends the old one. It is
// the actor's from then on, who answers for whoever comes if nobody else can.
// What was sent a moment ago is not sent again: ErrConflict.
func (tx *Tx) SendAgain(invitation *Invitation) (secret string, err error) {
	if invitation.AcceptedAt != nil || !ValidEmail(invitation.Email) || !invitation.AccessUntil.After(tx.now) || tx.now.Sub(invitation.SentAt) < resendAfter {
		return "", fmt.Errorf("send invitation %d again: %w", invitation.ID, ErrConflict)
	}
	secret = newSecret()
	invitation.Token, invitation.InviterID = hash(secret), tx.actorID()
	if invitation.SponsorID, err = tx.answering(invitation.SponsorID, tx.actorID()); err != nil {
		return "", err
	}
	invitation.send(tx.now)
	_, err = tx.exec("UPDATE invitations SET token = ?, inviter_id = ?, sponsor_id = ?, sent_at = ?, expires_at = ?, revoked_at = NULL WHERE id = ?",
		invitation.Token, invitation.InviterID, invitation.SponsorID, invitation.SentAt, invitation.ExpiresAt, invitation.ID)
	return secret, err
}

// Revoke takes an invitation back, as far as it leads to the actor's own spaces; ErrConflict if it has been accepted.
func (tx *Tx) Revoke(card *InvitationCard) error {
	if card.AcceptedAt != nil {
		return fmt.Errorf("revoke invitation %d: %w", card.ID, ErrConflict)
	}
	if !card.Others {
		card.RevokedAt = &tx.now
		_, err := tx.exec("UPDATE invitations SET revoked_at = ? WHERE id = ?", tx.now, card.ID)
		return err
	}
	for _, space := range card.Spaces {
		if _, err := tx.exec("DELETE FROM invitation_spaces WHERE invitation_id = ? AND space_id = ?", card.ID, space.ID); err != nil {
			return err
		}
	}
	return nil
}
