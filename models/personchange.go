package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Terms are how long someone from outside has access, and which employee answers for them.
type Terms struct {
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
	SponsorID *int64     `json:"sponsor,omitempty"`
}

// Terms are those of the person.
func (u *User) Terms() Terms { return Terms{u.ExpiresAt, u.SponsorID} }

// TermsChange is what the log says of a change of someone's terms.
type TermsChange struct {
	From Terms `json:"from"`
	To   Terms `json:"to"`
}

// Grant is a reason why someone is in a space.
type Grant struct {
	SpaceID   int64     `json:"space"`
	Source    string    `json:"source"`
	Role      SpaceRole `json:"role"`
	CreatedAt time.Time `json:"created_at"`
}

// RoleChange is what the log says of a change of someone's role in the house: enough to take it back.
type RoleChange struct {
	From Role `json:"from"`
	To   Role `json:"to"`
	// What ended because the person now is, or no longer is, someone from outside.
	Terms      *Terms  `json:"terms,omitempty"`
	Department string  `json:"department,omitempty"`
	Groups     []int64 `json:"groups,omitempty"`
	Grants     []Grant `json:"grants,omitempty"`
}

// Account finds somebody's account, for those who look after people.
func (q Queries) Account(ctx context.Context, actor *Actor, id int64) (*User, error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	user := &User{}
	return user, q.one(ctx, user, "SELECT u.* FROM users u WHERE u.id = ? AND "+account, id)
}

// LockAccount is Account for a change: until the transaction ends nobody else changes it.
func (tx *Tx) LockAccount(id int64) (*User, error) {
	if tx.postgres() {
		if _, err := tx.exec("SELECT 1 FROM users WHERE id = ? FOR NO KEY UPDATE", id); err != nil {
			return nil, err
		}
	}
	return tx.Account(tx.ctx, tx.actor, id)
}

// ChangeRole makes a person something else in the house, which keeps an owner, and each space somebody who runs it.
// Whoever becomes someone from outside leaves the groups, their unit and every space that outsiders may not be in;
// whoever no longer is one needs no sponsor.
func (tx *Tx) ChangeRole(user *User, role Role) (change *RoleChange, err error) {
	if !role.Valid() {
		return nil, Invalid{"role": "users.role_invalid"}
	}
	if user.Service && (role == RoleOwner || role == RoleExternal) { // the house belongs to people, and its programs are of the house
		return nil, Invalid{"role": "services.role_invalid"}
	}
	err = tx.keepPosts(user.ID, func() error {
		change, err = tx.changeRole(user, role)
		return err
	})
	return change, err
}

func (tx *Tx) changeRole(user *User, role Role) (*RoleChange, error) {
	change := &RoleChange{From: user.Role, To: role}
	if !slices.Contains(governed, role) {
		if err := tx.SpendLoginLinks(user.ID); err != nil {
			return nil, err
		}
	}
	switch {
	case role == RoleExternal && !user.External():
		if err := tx.sendOutside(user, change); err != nil {
			return nil, err
		}
	case user.External() && role != RoleExternal:
		terms := user.Terms()
		change.Terms = &terms
		if err := tx.SetTerms(user.ID, Terms{}); err != nil {
			return nil, err
		}
	}
	return change, tx.setRole(user, role)
}

// setRole stores a role; ErrConflict if the person has had another one meanwhile.
func (tx *Tx) setRole(user *User, role Role) error {
	changed, err := tx.exec("UPDATE users SET role = ?, changed_at = ? WHERE id = ? AND role = ?", role, tx.now, user.ID, user.Role)
	if err == nil && changed == 0 {
		return ErrConflict
	}
	user.Role = role
	return err
}

// sendOutside ends what only the company's own people have, and notes it.
func (tx *Tx) sendOutside(user *User, change *RoleChange) error {
	closed := "g.user_id = ? AND s.visibility NOT IN ('public', 'external')"
	err := tx.raw(tx.ctx, &change.Grants, "SELECT g.space_id, g.source, g.role, g.created_at FROM grants g JOIN spaces s ON s.id = g.space_id WHERE "+closed+" AND g.source NOT LIKE 'group:%' AND g.source <> '"+aroundSource+"' ORDER BY g.space_id, g.source", user.ID) // those go and come with what they are around
	if err == nil {
		err = tx.raw(tx.ctx, &change.Groups, "SELECT m.group_id FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.user_id = ? AND g.kind = 'group' ORDER BY m.group_id", user.ID)
	}
	if err != nil {
		return err
	}
	change.Department = user.Department
	for _, group := range change.Groups {
		if err := tx.LeaveGroup(group, user.ID); err != nil {
			return err
		}
	}
	if err := tx.SetDepartment(user.ID, ""); err != nil {
		return err
	}
	for _, grant := range change.Grants {
		if err := tx.ungrant(grant.SpaceID, user.ID, grant.Source); err != nil {
			return err
		}
	}
	return nil
}

// TakeBackRole gives a person the role that they had before a change, with what ended by it. It keeps what ChangeRole keeps,
// and ends what it would end: it is a change like another.
func (tx *Tx) TakeBackRole(user *User, change *RoleChange) (back *RoleChange, err error) {
	if user.Role != change.To {
		return nil, ErrConflict
	}
	err = tx.keepPosts(user.ID, func() error {
		if back, err = tx.changeRole(user, change.From); err != nil {
			return err
		}
		return tx.giveBack(user, change)
	})
	return back, err
}

// giveBack gives a person what a change of their role ended.
func (tx *Tx) giveBack(user *User, change *RoleChange) error {
	if change.Terms != nil {
		if err := tx.SetTerms(user.ID, *change.Terms); err != nil {
			return err
		}
	}
	if change.Department != "" {
		if err := tx.SetDepartment(user.ID, change.Department); err != nil {
			return err
		}
	}
	for _, id := range change.Groups {
		switch _, err := tx.Group(tx.ctx, id); {
		case errors.Is(err, ErrNotFound): // deleted meanwhile
		case err != nil:
			return err
		default:
			if err := tx.JoinGroup(id, user.ID); err != nil {
				return err
			}
		}
	}
	for _, grant := range change.Grants {
		if err := tx.regrant(user.ID, grant); err != nil {
			return err
		}
	}
	return nil
}

// regrant brings a reason to be in a space back as it was.
func (tx *Tx) regrant(userID int64, grant Grant) error {
	_, err := tx.exec("INSERT INTO grants (space_id, user_id, source, role, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (space_id, user_id, source) DO NOTHING",
		grant.SpaceID, userID, grant.Source, grant.Role, grant.CreatedAt.UTC())
	if err != nil {
		return err
	}
	return tx.settleMembers(grant.SpaceID, []int64{userID})
}

// SetTerms stores how long a person has access and who answers for them. That nobody did is forgotten when somebody else is named.
func (tx *Tx) SetTerms(userID int64, terms Terms) error {
	if terms.ExpiresAt != nil {
		until := terms.ExpiresAt.UTC()
		terms.ExpiresAt = &until
	}
	_, err := tx.exec(`UPDATE users SET expires_at = ?, sponsor_id = ?, changed_at = ?, unanswered_at = CASE WHEN coalesce(sponsor_id, 0) = coalesce(?, 0) THEN unanswered_at END
		WHERE id = ?`, terms.ExpiresAt, terms.SponsorID, tx.now, terms.SponsorID, userID)
	return err
}

// PersonVerbs are the changes of an account that can be taken back.
func PersonVerbs() []string {
	return []string{UserRoleChanged, UserTermsSet, UserDisabled, UserEnabled}
}

// changeKept is how long a change of an account can be taken back.
const changeKept = 24 * time.Hour

// PersonChange finds the change of an account that was made at a time; ErrNotFound if there was none or it is too old,
// ErrConflict if another one has followed.
func (tx *Tx) PersonChange(userID int64, at time.Time) (*Event, error) {
	if at.Before(tx.now.Add(-changeKept)) {
		return nil, ErrNotFound
	}
	var events []Event
	err := tx.raw(tx.ctx, &events, "SELECT * FROM events WHERE subject = 'user' AND subject_id = ? AND verb IN ? ORDER BY id DESC LIMIT 20", userID, PersonVerbs())
	if err != nil {
		return nil, err
	}
	switch found := slices.IndexFunc(events, func(e Event) bool { return e.At.Equal(at) }); found {
	case -1:
		return nil, ErrNotFound
	case 0:
		return &events[0], nil
	}
	return nil, fmt.Errorf("change of account %d: %w", userID, ErrConflict)
}

// Reason says why someone has a role in a space.
type Reason struct {
	SpaceID    int64
	SpaceSlug  string
	SpaceTitle string
	Role       SpaceRole
	Source     string
	GroupName  string // of a group that brings the role
}

// Reasons lists why a person is in the spaces that the actor may see, by space.
func (q Queries) Reasons(ctx context.Context, actor *Actor, userID int64, limit int) (reasons []Reason, err error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	visible, list := q.visible(actor, "g.space_id")
	return reasons, q.raw(ctx, &reasons, `SELECT g.space_id, s.slug AS space_slug, s.title AS space_title, g.role, g.source, coalesce(c.name, '') AS group_name
		FROM grants g JOIN spaces s ON s.id = g.space_id
		LEFT JOIN groups c ON c.id = CASE WHEN g.source LIKE 'group:%' THEN CAST(substr(g.source, 7) AS BIGINT) END
		WHERE g.user_id = ? AND s.within_id IS NULL AND `+visible+" ORDER BY s.title, g.space_id, g.source LIMIT ?", userID, list, limit)
}
