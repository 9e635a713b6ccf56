package models

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// RegistrationCard is a registration as those who decide see it.
type RegistrationCard struct {
	Registration
	Role Role // of the account that it is about
}

// Registrations lists those that wait in a space, oldest first, after the given id, for those who look after its invitations.
func (q Queries) Registrations(ctx context.Context, actor *Actor, space *Space, after int64, limit int) (cards []RegistrationCard, err error) {
	if !actor.KeepsInvitations(space) {
		return nil, ErrForbidden
	}
	return cards, q.raw(ctx, &cards, `SELECT r.*, coalesce(u.role, '') AS role FROM registrations r LEFT JOIN users u ON u.id = r.user_id
		WHERE r.space_id = ? AND r.state = 'waiting' AND r.id > ? ORDER BY r.id LIMIT ?`, space.ID, after, limit)
}

// CountRegistrations is how many wait in a space for a decision of the actor's, none where they decide nothing.
func (q Queries) CountRegistrations(ctx context.Context, actor *Actor, space *Space) (n int, err error) {
	if !actor.KeepsInvitations(space) {
		return 0, nil
	}
	return n, q.raw(ctx, &n, "SELECT count(*) FROM registrations WHERE space_id = ? AND state = 'waiting'", space.ID)
}

// LockRegistration finds a registration of a space that is still to be decided; ErrConflict if it has been. Until the
// transaction ends nobody else decides it.
func (tx *Tx) LockRegistration(space *Space, id int64) (*Registration, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
	}
	r := &Registration{}
	if err := tx.one(tx.ctx, r, "SELECT * FROM registrations WHERE id = ? AND space_id = ? AND state <> 'unproven'"+lock, id, space.ID); err != nil {
		return nil, err
	}
	if r.State != RegistrationWaiting {
		return nil, fmt.Errorf("registration %d is %s: %w", id, r.State, ErrConflict)
	}
	return r, nil
}

// AcceptRegistration lets somebody in who asked, as an invitation of the actor's does that is accepted as it is made.
func (tx *Tx) AcceptRegistration(space *Space, r *Registration, invitation *Invitation) (*Welcomed, error) {
	invitation.Email, invitation.Locale = r.Email, r.Locale
	if _, err := tx.Invite(invitation, []int64{space.ID}); err != nil {
		return nil, err
	}
	if _, err := tx.exec("UPDATE invitations SET accepted_at = ? WHERE id = ?", tx.now, invitation.ID); err != nil {
		return nil, err
	}
	user, err := tx.registrant(r)
	if err != nil {
		return nil, err
	}
	welcomed, err := tx.Welcome(invitation, []Space{*space}, user)
	if err != nil {
		return nil, err
	}
	r.UserID = &welcomed.User.ID
	return welcomed, tx.closeRegistration(r, RegistrationAccepted)
}

// registrant is who is let in: the account that they asked with or have got meanwhile, or a new one.
func (tx *Tx) registrant(r *Registration) (user *User, err error) {
	if r.UserID != nil {
		user, err = tx.RecordedUser(*r.UserID)
	} else {
		user, err = tx.UserByEmail(tx.ctx, r.Email)
	}
	switch {
	case errors.Is(err, ErrNotFound):
		return &User{Name: r.Name, Organisation: r.Organisation, Locale: r.Locale}, nil
	case err == nil && (user.DisabledAt != nil || user.Service || user.Role == RoleAuditor):
		return nil, Invalid{"registration": "registrations.closed_account"}
	}
	return user, err
}

// RefuseRegistration refuses somebody, with the reason.
func (tx *Tx) RefuseRegistration(r *Registration, answer string) error {
	r.Answer = strings.TrimSpace(strings.ReplaceAll(answer, "\r\n", "\n"))
	if utf8.RuneCountInString(r.Answer) > MaxRequestWords || !readable(r.Answer) {
		return Invalid{"answer": "registrations.answer_invalid"}
	}
	return tx.closeRegistration(r, RegistrationRefused)
}

// closeRegistration stores a decision, and tells whoever has an account.
func (tx *Tx) closeRegistration(r *Registration, state RegistrationState) error {
	r.State, r.DecidedBy, r.DecidedAt = state, orNull(tx.actorID()), &tx.now
	_, err := tx.exec("UPDATE registrations SET state = ?, answer = ?, decided_by = ?, decided_at = ?, user_id = ? WHERE id = ?", r.State, r.Answer, r.DecidedBy, tx.now, r.UserID, r.ID)
	if err != nil || r.UserID == nil {
		return err
	}
	kind := NoticeApproved
	if state == RegistrationRefused {
		kind = NoticeDeclined
	}
	return tx.NotifySpace(SpaceNotice{UserID: *r.UserID, Kind: kind, SpaceID: r.SpaceID})
}

// tellRegistered tells those of the company who run a space that somebody waits there, once until they look. Where none of them
// does, those are told who look after the community.
func (tx *Tx) tellRegistered(space *Space) error {
	runs, now := tx.runs()
	tell := `INSERT INTO space_notices (user_id, kind, space_id, created_at) SELECT u.id, 'asked', ?, ? FROM users u
		WHERE NOT EXISTS (SELECT 1 FROM space_notices n WHERE n.user_id = u.id AND n.space_id = ? AND n.kind = 'asked' AND n.actor_id IS NULL AND n.read_at IS NULL) AND `
	managers := "SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id JOIN spaces s ON s.id = m.space_id WHERE m.space_id = ? AND u.role <> 'external' AND " + runs
	if _, err := tx.exec(tell+"u.id IN ("+managers+")", space.ID, tx.now, space.ID, space.ID, now); err != nil {
		return err
	}
	here, _ := tx.here()
	_, err := tx.exec(tell+"u.role IN ('owner', 'manager') AND u.import_ref IS NULL AND "+here+" AND NOT EXISTS ("+managers+")", space.ID, tx.now, space.ID, now, space.ID, now)
	return err
}
