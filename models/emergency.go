package models

import (
	"context"
	"errors"
	"time"
)

// Emergency is a way in for an owner that somebody with access to the machine has opened.
type Emergency struct {
	At     time.Time
	UserID int64
	Name   string // of the owner it was opened for
}

// MakeOwner returns the account with an e-mail address as that of an owner: promoted, or made under the given name, if it
// was not. An account that is closed or somebody's from outside stays what it is.
func (tx *Tx) MakeOwner(email, name string) (owner *User, before Role, err error) {
	owner, err = tx.UserByEmail(tx.ctx, email)
	if errors.Is(err, ErrNotFound) {
		owner = &User{Email: email, Name: name, Role: RoleOwner}
		return owner, "", tx.CreateUser(owner)
	}
	if err != nil {
		return nil, "", err
	}
	if _, err := tx.UserWithAccess(tx.ctx, email); errors.Is(err, ErrNotFound) {
		return nil, "", Invalid{"email": "signin.emergency.closed"}
	} else if err != nil {
		return nil, "", err
	}
	if owner.External() {
		return nil, "", Invalid{"email": "signin.emergency.external"}
	}
	before, owner.Role = owner.Role, RoleOwner
	_, err = tx.exec("UPDATE users SET role = ? WHERE id = ?", owner.Role, owner.ID)
	return owner, before, err
}

// mostOwners bounds the owners who are told something by mail.
const mostOwners = 200

// Owners are those who answer for the house, as far as they have access and an address.
func (q Queries) Owners(ctx context.Context) (owners []User, err error) {
	here, now := q.here()
	return owners, q.raw(ctx, &owners, "SELECT u.* FROM users u WHERE u.role = 'owner' AND u.email <> '' AND "+here+" ORDER BY u.id LIMIT ?", now, mostOwners)
}

// LastEmergency is the newest emergency access since a time, for owners alone; nil if there was none.
func (q Queries) LastEmergency(ctx context.Context, actor *Actor, since time.Time) (*Emergency, error) {
	if actor.Role != RoleOwner {
		return nil, nil
	}
	var found []Emergency
	err := q.raw(ctx, &found, `SELECT e.at, u.id AS user_id, u.name FROM events e JOIN users u ON u.id = e.subject_id
		WHERE e.verb = 'owner.link_created' AND e.at > ? ORDER BY e.id DESC LIMIT 1`, since.UTC())
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}
