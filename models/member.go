package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Member is a person in a space's list of members.
type Member struct {
	ID           int64
	Name         string
	Email        string
	Role         Role
	Picture      int64
	Job          string
	Organisation string
	SpaceRole    SpaceRole
	Named        bool // in the space by themselves, and not only through a group
}

// MemberQuery says which members of a space to list: those after the given name and id.
type MemberQuery struct {
	SpaceID   int64
	Name      string // a beginning of one of their names; empty for everyone
	Role      SpaceRole
	Way       Way // how they came in; only those who run the space can ask
	AfterName string
	AfterID   int64
	Limit     int
}

// where is the condition that the membership m of the person u is asked for, wherever in the list.
func (ask *MemberQuery) where(actor *Actor) (where string, args []any) {
	where, args = "m.space_id = ?", []any{ask.SpaceID}
	if ask.Name != "" {
		pattern := likePrefix(nameKey(ask.Name))
		where, args = where+` AND (u.name_key LIKE ? ESCAPE '\' OR u.name_key LIKE ? ESCAPE '\')`, append(args, pattern, "% "+pattern)
	}
	if ask.Role != "" {
		where, args = where+" AND m.role = ?", append(args, ask.Role)
	}
	if ask.Way != "" && actor.Can(ManageSpace, &Space{ID: ask.SpaceID}) {
		condition, arg := ask.Way.condition()
		where, args = where+" AND "+condition, append(args, arg)
	}
	return where, args
}

// showsMembers tells whether the actor is shown who is in a space that they see. Externals and visitors who have no role
// there may read a public space, but are not shown who of the company is in it.
func (a *SpaceAccess) showsMembers(actor *Actor) bool {
	return a.Role != "" || !actor.External() && actor.SignedIn()
}

// Members lists a space's members by name, to those who are shown them.
func (q Queries) Members(ctx context.Context, actor *Actor, ask MemberQuery) (members []Member, err error) {
	access := actor.Access(ask.SpaceID)
	if access == nil {
		return nil, ErrNotFound
	}
	if !access.showsMembers(actor) {
		return nil, nil
	}
	from := "memberships m JOIN users u ON u.id = m.user_id WHERE TRUE"
	if ask.Name == "" && ask.Role == "" && ask.Way == "" {
		if from, err = q.byName(ctx, "memberships", "space_id", ask.SpaceID); err != nil {
			return nil, err
		}
	}
	where, args := ask.where(actor)
	return members, q.raw(ctx, &members, `SELECT u.id, u.name, u.email, `+standing+` AS role, coalesce(u.picture_id, 0) AS picture, u.job, u.organisation, m.role AS space_role,
		EXISTS (SELECT 1 FROM grants g WHERE g.space_id = m.space_id AND g.user_id = m.user_id AND `+personal+`) AS named
		FROM `+from+" AND "+where+" AND (u.name, u.id) > (?, ?) ORDER BY u.name, u.id LIMIT ?", append(args, ask.AfterName, ask.AfterID, ask.Limit)...)
}

// crowded is from how many people on a list by name is shorter to read along everyone's names than to sort who is in it.
const crowded = 1000

// byName joins a table of memberships m with their people u so that a page by name costs the same for many as for few.
// SQLite reads a cross join in its order; PostgreSQL chooses by itself, for which it must read whose members they are in the statement.
func (q Queries) byName(ctx context.Context, table, column string, id int64) (from string, err error) {
	if q.postgres() {
		return table + " m JOIN users u ON u.id = m.user_id AND m." + column + " = " + strconv.FormatInt(id, 10) + " WHERE TRUE", nil
	}
	var many bool
	err = q.raw(ctx, &many, "SELECT EXISTS (SELECT 1 FROM "+table+" WHERE "+column+" = ? LIMIT 1 OFFSET ?)", id, crowded)
	if many {
		return "users u CROSS JOIN " + table + " m WHERE m.user_id = u.id", err
	}
	return table + " m JOIN users u ON u.id = m.user_id WHERE TRUE", err
}

// CountMembers is how many members of a space are asked for on all pages of the list together.
func (q Queries) CountMembers(ctx context.Context, actor *Actor, ask MemberQuery) (n int, err error) {
	access := actor.Access(ask.SpaceID)
	if access == nil {
		return 0, ErrNotFound
	}
	if !access.showsMembers(actor) {
		return 0, nil
	}
	where, args := ask.where(actor)
	return n, q.raw(ctx, &n, "SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id WHERE "+where, args...)
}

// Member finds one member of a space whose members the actor is shown.
func (q Queries) Member(ctx context.Context, actor *Actor, spaceID, userID int64) (*Member, error) {
	access := actor.Access(spaceID)
	if access == nil || !access.showsMembers(actor) {
		return nil, ErrNotFound
	}
	member := &Member{}
	return member, q.one(ctx, member, `SELECT u.id, u.name, u.email, u.role, u.job, u.organisation, m.role AS space_role,
		EXISTS (SELECT 1 FROM grants g WHERE g.space_id = m.space_id AND g.user_id = m.user_id AND `+personal+`) AS named
		FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.space_id = ? AND m.user_id = ?`, spaceID, userID)
}

// shownManagers bounds the names that stand for a space.
const shownManagers = 8

// Managers are those who run a space that the actor sees or may know of, by name.
func (q Queries) Managers(ctx context.Context, actor *Actor, space *Space) (managers []Member, err error) {
	if actor.Access(space.ID) == nil && !actor.knowsOf(space) {
		return nil, ErrNotFound
	}
	runs, now := q.runs()
	return managers, q.raw(ctx, &managers, `SELECT u.id, u.name, u.role, coalesce(u.picture_id, 0) AS picture, u.job, u.organisation, m.role AS space_role
		FROM memberships m JOIN users u ON u.id = m.user_id JOIN spaces s ON s.id = m.space_id
		WHERE m.space_id = ? AND `+runs+" ORDER BY u.name, u.id LIMIT ?", space.ID, now, shownManagers)
}

// SetMember gives a person a role in a space, and answers what they may have asked. Externals are let into public
// and external spaces only, and a space never loses its last manager.
func (tx *Tx) SetMember(space *Space, user *User, role SpaceRole) error {
	return tx.setMember(space, user, role, func() error { return tx.regive(space.ID, user.ID, role) })
}

func (tx *Tx) setMember(space *Space, user *User, role SpaceRole, grant func() error) error {
	if !slices.Contains(SpaceRoles(), role) {
		return Invalid{"role": "spaces.role_invalid"}
	}
	if user.External() && !space.Visibility.AdmitsExternals() {
		return Invalid{"email": "spaces.no_externals"}
	}
	if err := tx.letIn(space.ID, user.ID); err != nil {
		return err
	}
	if role == SpaceManager {
		return grant()
	}
	return tx.keepManagers([]int64{space.ID}, Invalid{"role": "spaces.last_manager"}, grant)
}

// RemoveMember ends a person's membership; ErrNotFound if they had none. What they have through a group, they keep.
func (tx *Tx) RemoveMember(space *Space, userID int64) error {
	return tx.keepManagers([]int64{space.ID}, Invalid{"role": "spaces.last_manager"}, func() error {
		if err := tx.ungivePersonal(space.ID, userID); err != nil {
			return err
		}
		return tx.settleMembers(space.ID, []int64{userID})
	})
}

// LeaveSpace ends the actor's own membership and returns the role that they had been given. Whoever is in the
// space only through a group cannot leave it alone: the problem stands at the field "role".
func (tx *Tx) LeaveSpace(space *Space) (role SpaceRole, err error) {
	var given string
	err = tx.one(tx.ctx, &given, "SELECT g.role FROM grants g WHERE g.space_id = ? AND g.user_id = ? AND "+personal+" ORDER BY "+widest+" LIMIT 1", space.ID, tx.actorID())
	if errors.Is(err, ErrNotFound) {
		var through bool
		err = tx.raw(tx.ctx, &through, "SELECT EXISTS (SELECT 1 FROM grants WHERE space_id = ? AND user_id = ?)", space.ID, tx.actorID())
		if err == nil && through {
			return "", Invalid{"role": "spaces.through_group"}
		}
		if err == nil {
			err = ErrNotFound
		}
	}
	if err != nil {
		return "", err
	}
	return SpaceRole(given), tx.RemoveMember(space, tx.actorID())
}

// undoTime is how long whoever has left a space can think better of it.
const undoTime = 10 * time.Minute

// Left finds the space that the actor has just left and the role that they had in it; ErrNotFound if they did not
// leave it by themselves, not lately, or are in it again.
func (tx *Tx) Left(slug string) (*Space, SpaceRole, error) {
	event := &Event{}
	err := tx.one(tx.ctx, event, `SELECT e.* FROM events e JOIN spaces s ON s.id = e.space_id
		WHERE e.actor_id = ? AND e.verb = ? AND e.at > ? AND s.slug = ?
		AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.space_id = e.space_id AND m.user_id = e.actor_id)
		ORDER BY e.id DESC LIMIT 1`, tx.actorID(), MemberLeft, tx.now.Add(-undoTime), slug)
	if err != nil {
		return nil, "", err
	}
	var data struct {
		Role SpaceRole `json:"role"`
	}
	if err := event.Decode(&data); err != nil {
		return nil, "", fmt.Errorf("read event %d: %w", event.ID, err)
	}
	space := &Space{}
	return space, data.Role, tx.one(tx.ctx, space, "SELECT * FROM spaces WHERE id = ?", event.SpaceID)
}
