package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// GroupKind tells groups that somebody looks after from units of the organisation.
type GroupKind string

// Kinds of groups. A unit's members are those whose department it is.
const (
	KindGroup GroupKind = "group"
	KindUnit  GroupKind = "unit"
)

// Group is an audience: people who are given roles in spaces together.
type Group struct {
	ID          int64
	Kind        GroupKind
	Name        string
	NameKey     string  // the name in lower case without accents; one group of a kind has it
	ExternalRef *string // the directory's name for it
	CreatedAt   time.Time
}

func (g *Group) subject() (string, int64, int64) { return "group", g.ID, 0 }

// Validate tidies the group and says which fields are wrong.
func (g *Group) Validate() error {
	g.Name = strings.TrimSpace(g.Name)
	g.NameKey = nameKey(g.Name)
	if utf8.RuneCountInString(g.Name) > 200 || !readable(g.Name) {
		return Invalid{"name": "groups.name_invalid"}
	}
	return nil
}

// Group finds a group.
func (q Queries) Group(ctx context.Context, id int64) (*Group, error) {
	group := &Group{}
	return group, q.one(ctx, group, "SELECT * FROM groups WHERE id = ?", id)
}

// GroupNamed finds the group of a kind with a name, whatever its accents and capitals.
func (q Queries) GroupNamed(ctx context.Context, kind GroupKind, name string) (*Group, error) {
	group := &Group{}
	return group, q.one(ctx, group, "SELECT * FROM groups WHERE kind = ? AND name_key = ?", kind, nameKey(strings.TrimSpace(name)))
}

// CreateGroup adds a group; a taken name is a mistake at the field "name".
func (tx *Tx) CreateGroup(group *Group) error {
	if err := group.Validate(); err != nil {
		return err
	}
	switch _, err := tx.GroupNamed(tx.ctx, group.Kind, group.Name); {
	case err == nil:
		return Invalid{"name": "groups.name_taken"}
	case !errors.Is(err, ErrNotFound):
		return err
	}
	group.CreatedAt = tx.now
	return tx.create(group)
}

// JoinGroup makes a person a member of a group, with the roles that it has in spaces.
func (tx *Tx) JoinGroup(groupID, userID int64) error {
	_, err := tx.exec("INSERT INTO group_members (group_id, user_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", groupID, userID, tx.now)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO grants (space_id, user_id, source, role, created_at) SELECT s.space_id, ?, ?, s.role, ? FROM space_groups s WHERE s.group_id = ?
		ON CONFLICT (space_id, user_id, source) DO UPDATE SET role = excluded.role`, userID, groupSource(groupID), tx.now, groupID)
	if err != nil {
		return err
	}
	return tx.settleSpaces(groupID, userID)
}

// LeaveGroup ends a person's membership of a group and the roles that they had through it.
func (tx *Tx) LeaveGroup(groupID, userID int64) error {
	if _, err := tx.exec("DELETE FROM group_members WHERE group_id = ? AND user_id = ?", groupID, userID); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM grants WHERE source = ? AND user_id = ?", groupSource(groupID), userID); err != nil {
		return err
	}
	return tx.settleSpaces(groupID, userID)
}

// settleSpaces makes a person's memberships anew in every space where a group has a role.
func (tx *Tx) settleSpaces(groupID, userID int64) error {
	var spaces []int64
	if err := tx.raw(tx.ctx, &spaces, "SELECT space_id FROM space_groups WHERE group_id = ? ORDER BY space_id", groupID); err != nil {
		return err
	}
	for _, space := range spaces {
		if err := tx.settleMembers(space, []int64{userID}); err != nil {
			return err
		}
	}
	return nil
}

// SetSpaceGroup gives everyone of a group, now and later, a role in a space. A manager is always a person who was named.
func (tx *Tx) SetSpaceGroup(space *Space, group *Group, role SpaceRole) error {
	if role == SpaceManager || !slices.Contains(SpaceRoles(), role) {
		return Invalid{"role": "spaces.group_role_invalid"}
	}
	_, err := tx.exec(`INSERT INTO space_groups (space_id, group_id, role, created_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (space_id, group_id) DO UPDATE SET role = excluded.role`, space.ID, group.ID, role, tx.now)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO grants (space_id, user_id, source, role, created_at) SELECT ?, m.user_id, ?, ?, ? FROM group_members m WHERE m.group_id = ?
		ON CONFLICT (space_id, user_id, source) DO UPDATE SET role = excluded.role`, space.ID, groupSource(group.ID), role, tx.now, group.ID)
	if err != nil {
		return err
	}
	return tx.settleGroup(space.ID, group.ID)
}

// RemoveSpaceGroup ends a group's role in a space; ErrNotFound if it had none.
func (tx *Tx) RemoveSpaceGroup(space *Space, groupID int64) error {
	changed, err := tx.exec("DELETE FROM space_groups WHERE space_id = ? AND group_id = ?", space.ID, groupID)
	if err != nil {
		return err
	}
	if changed == 0 {
		return ErrNotFound
	}
	if _, err := tx.exec("DELETE FROM grants WHERE space_id = ? AND source = ?", space.ID, groupSource(groupID)); err != nil {
		return err
	}
	return tx.settleGroup(space.ID, groupID)
}

// settleGroup makes the memberships of a group's people in a space anew.
func (tx *Tx) settleGroup(spaceID, groupID int64) error {
	var users []int64
	if err := tx.raw(tx.ctx, &users, "SELECT user_id FROM group_members WHERE group_id = ? ORDER BY user_id", groupID); err != nil {
		return fmt.Errorf("read group %d: %w", groupID, err)
	}
	return tx.settleMembers(spaceID, users)
}

// SetDepartment stores the unit of the organisation that a person belongs to, and moves them there; the unit is
// made when its first person comes. An empty name takes them out.
func (tx *Tx) SetDepartment(userID int64, name string) error {
	name = strings.TrimSpace(name)
	if _, err := tx.exec("UPDATE users SET department = ? WHERE id = ?", name, userID); err != nil {
		return err
	}
	var to int64
	if name != "" {
		unit, err := tx.GroupNamed(tx.ctx, KindUnit, name)
		if errors.Is(err, ErrNotFound) {
			unit = &Group{Kind: KindUnit, Name: name}
			err = tx.CreateGroup(unit)
		}
		if err != nil {
			return err
		}
		to = unit.ID
	}
	var units []int64
	err := tx.raw(tx.ctx, &units, "SELECT m.group_id FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.user_id = ? AND g.kind = 'unit' ORDER BY m.group_id", userID)
	if err != nil {
		return err
	}
	for _, unit := range units {
		if unit == to {
			return nil
		}
		if err := tx.LeaveGroup(unit, userID); err != nil {
			return err
		}
	}
	if to == 0 {
		return nil
	}
	return tx.JoinGroup(to, userID)
}
