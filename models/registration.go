package models

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Registration is the wish of somebody whom nobody invited to be let into a space that is open to it. A letter proves their
// address; then those who run the space decide. Who has an account asks as themselves.
type Registration struct {
	ID           int64
	SpaceID      int64
	Email        string
	Token        string // of the letter; its hash
	Name         string
	Organisation string
	Message      string // why
	Locale       string
	UserID       *int64 // whose account it is about, if they have one
	State        RegistrationState
	Answer       string // why they were refused
	DecidedBy    *int64
	CreatedAt    time.Time
	ExpiresAt    time.Time // until when the address can be proven
	ProvenAt     *time.Time
	DecidedAt    *time.Time
}

func (r *Registration) subject() (string, int64, int64) { return "registration", r.ID, r.SpaceID }

// RegistrationState says what became of a registration.
type RegistrationState string

// States of a registration.
const (
	RegistrationUnproven RegistrationState = "unproven"
	RegistrationWaiting  RegistrationState = "waiting"
	RegistrationAccepted RegistrationState = "accepted"
	RegistrationRefused  RegistrationState = "refused"
)

// Bounds of registrations: how long the words are, and how many wait in one space. And of the letters, which anybody can
// have sent to an address that is not theirs: how many in an hour to one address, and about one space.
const (
	MaxRegistrationWords = 1000
	mostWaiting          = 500
	mostRegisterProofsTo = 3
	mostRegisterProofs   = 100
)

// Registers tells whether strangers may ask to be let into a space: as long as it lets people from outside in.
func (s *Space) Registers() bool {
	return s.RegistrationAt != nil && s.ArchivedAt == nil && s.Visibility.AdmitsExternals()
}

// registers is Registers of a row of spaces.
const registers = "s.registration_at IS NOT NULL AND s.archived_at IS NULL AND s.visibility IN ('public', 'external')"

// OpenRegistration finds a space that is open to registration. Whoever looks after it has decided that everybody may read its
// title and what it is about.
func (q Queries) OpenRegistration(ctx context.Context, slug string) (*Space, error) {
	space := &Space{}
	return space, q.one(ctx, space, "SELECT s.* FROM spaces s WHERE s.slug = ? AND "+registers, slug)
}

// MayRegister tells whether the actor may ask at an open registration: strangers, and people who have no role in the space.
func (a *Actor) MayRegister(space *Space) bool {
	access := a.Access(space.ID)
	return !a.Service && a.Role != RoleAuditor && (access == nil || access.Role == "")
}

// SetRegistration opens a space to registration, or closes it; changed is false if it was so.
func (tx *Tx) SetRegistration(space *Space, open bool) (changed bool, err error) {
	if open == (space.RegistrationAt != nil) {
		return false, nil
	}
	space.RegistrationAt = nil
	if open {
		space.RegistrationAt = &tx.now
	}
	_, err = tx.exec("UPDATE spaces SET registration_at = ? WHERE id = ?", space.RegistrationAt, space.ID)
	return true, err
}

func (r *Registration) validate() error {
	r.Name, r.Organisation = strings.TrimSpace(r.Name), strings.TrimSpace(r.Organisation)
	r.Message = strings.TrimSpace(strings.ReplaceAll(r.Message, "\r\n", "\n"))
	problems := Invalid{}
	if utf8.RuneCountInString(r.Name) > 200 || !readable(r.Name) {
		problems["name"] = "registrations.name_invalid"
	}
	if r.UserID == nil && (utf8.RuneCountInString(r.Organisation) > 200 || !readable(r.Organisation)) {
		problems["organisation"] = "registrations.organisation_invalid"
	}
	if utf8.RuneCountInString(r.Message) > MaxRegistrationWords || !readable(r.Message) {
		problems["message"] = "registrations.message_invalid"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// Register stores the wish of a stranger and returns the secret of the letter that proves their address; the secret is empty
// if letters enough are on their way to it, or about this space. Whether the address has an account makes no difference.
func (tx *Tx) Register(space *Space, r *Registration) (secret string, err error) {
	if err := r.validate(); err != nil {
		return "", err
	}
	if err := tx.holdRegistration(space); err != nil {
		return "", err
	}
	var sent struct{ Here, About int }
	hour := tx.now.Add(-ProofLife)
	err = tx.one(tx.ctx, &sent, `SELECT (SELECT count(*) FROM registrations WHERE email = ? AND created_at > ?) AS here,
		(SELECT count(*) FROM registrations WHERE space_id = ? AND created_at > ?) AS about`, r.Email, hour, space.ID, hour)
	if err != nil || sent.Here >= mostRegisterProofsTo || sent.About >= mostRegisterProofs {
		return "", err
	}
	secret = newSecret()
	r.SpaceID, r.Token, r.State, r.CreatedAt, r.ExpiresAt = space.ID, hash(secret), RegistrationUnproven, tx.now, tx.now.Add(ProofLife)
	return secret, tx.create(r)
}

// holdRegistration keeps others from asking at a space until the transaction ends; it refuses when too many wait, or if the space is
// no longer open to it.
func (tx *Tx) holdRegistration(space *Space) error {
	if err := tx.lockSpace(space.ID); err != nil {
		return err
	}
	if _, err := tx.OpenRegistration(tx.ctx, space.Slug); err != nil {
		return err
	}
	var waiting int
	err := tx.raw(tx.ctx, &waiting, "SELECT count(*) FROM registrations WHERE space_id = ? AND state = 'waiting'", space.ID)
	if err == nil && waiting >= mostWaiting {
		return Invalid{"message": "registrations.full"}
	}
	return err
}

// RegisterSelf stores the wish of the actor, whom their account proves; ErrConflict if they wait already.
func (tx *Tx) RegisterSelf(space *Space, r *Registration) error {
	r.Email, r.Name, r.UserID = tx.actor.Email, tx.actor.Name, orNull(tx.actorID())
	if err := r.validate(); err != nil {
		return err
	}
	if err := tx.holdRegistration(space); err != nil {
		return err
	}
	waits, err := tx.Registered(tx.ctx, tx.actor, space)
	if err != nil {
		return err
	}
	if waits != nil {
		return fmt.Errorf("register at space %d: %w", space.ID, ErrConflict)
	}
	r.SpaceID, r.Token, r.State, r.CreatedAt, r.ExpiresAt, r.ProvenAt = space.ID, hash(newSecret()), RegistrationWaiting, tx.now, tx.now, &tx.now
	if err := tx.create(r); err != nil {
		return err
	}
	return tx.tellRegistered(space)
}

// Registered is the actor's own registration that waits at a space, nil if there is none.
func (q Queries) Registered(ctx context.Context, actor *Actor, space *Space) (*Registration, error) {
	r := &Registration{}
	err := q.one(ctx, r, "SELECT * FROM registrations WHERE user_id = ? AND space_id = ? AND state = 'waiting' ORDER BY id LIMIT 1", actor.ID, space.ID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return r, err
}

// UnprovenRegistration finds the registration whose address a secret proves, and its space; ErrNotFound if it proves none, whatever
// the reason.
func (q Queries) UnprovenRegistration(ctx context.Context, secret string) (*Registration, *Space, error) {
	r, space := &Registration{}, &Space{}
	err := q.one(ctx, r, `SELECT r.* FROM registrations r WHERE r.token = ? AND r.state = 'unproven' AND r.expires_at > ?
		AND NOT EXISTS (SELECT 1 FROM users c WHERE c.email = r.email AND c.disabled_at IS NOT NULL)`, hash(secret), q.present())
	if err != nil {
		return nil, nil, err
	}
	return r, space, q.one(ctx, space, "SELECT s.* FROM spaces s WHERE s.id = ? AND "+registers, r.SpaceID)
}

// ProveRegistration lets a registration wait for those who decide, and tells them. Of somebody who waits already the first
// one stays, and first is false. Who has an account is known by it from then on.
func (tx *Tx) ProveRegistration(space *Space, r *Registration) (first bool, err error) {
	if err := tx.holdRegistration(space); err != nil {
		return false, err
	}
	user, err := tx.UserByEmail(tx.ctx, r.Email)
	switch {
	case errors.Is(err, ErrNotFound):
	case err != nil:
		return false, err
	default:
		r.UserID, r.Name, r.Organisation = &user.ID, user.Name, user.Organisation
	}
	var waits bool
	err = tx.raw(tx.ctx, &waits, `SELECT EXISTS (SELECT 1 FROM registrations WHERE space_id = ? AND state = 'waiting' AND (email = ? OR user_id = ?))
		OR EXISTS (SELECT 1 FROM memberships WHERE space_id = ? AND user_id = ?)`, space.ID, r.Email, r.UserID, space.ID, r.UserID)
	if err != nil {
		return false, err
	}
	if waits {
		changed, err := tx.exec("DELETE FROM registrations WHERE id = ? AND state = 'unproven'", r.ID)
		return false, missed(changed, err)
	}
	r.State, r.ProvenAt = RegistrationWaiting, &tx.now
	changed, err := tx.exec("UPDATE registrations SET state = ?, proven_at = ?, user_id = ?, name = ?, organisation = ? WHERE id = ? AND state = 'unproven'", r.State, tx.now, r.UserID, r.Name, r.Organisation, r.ID)
	if err := missed(changed, err); err != nil {
		return false, err
	}
	return true, tx.tellRegistered(space)
}

// missed is ErrNotFound for a change that found nothing to change.
func missed(changed int64, err error) error {
	if err == nil && changed == 0 {
		return ErrNotFound
	}
	return err
}

// sweepProofs forgets the addresses that nobody has proven.
func (tx *Tx) sweepProofs() error {
	if _, err := tx.exec("DELETE FROM registrations WHERE state = 'unproven' AND expires_at <= ?", tx.now); err != nil {
		return err
	}
	_, err := tx.exec("DELETE FROM invitations WHERE link_id IS NOT NULL AND accepted_at IS NULL AND sent_at <= ? AND expires_at <= ?", tx.now.Add(-ProofLife), tx.now)
	return err
}
