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
	ByDirectory bool    // the directory says who is in it
	Open        bool    // everybody of the company may name it in a text
	Version     int     // counts its changes
	CreatedAt   time.Time
	ChangedAt   *time.Time // when it last changed; nil: not since it was made
	DeletedAt   *time.Time // it can be brought back for a day
}

func (g *Group) subject() (string, int64, int64) { return "group", g.ID, 0 }

// Validate tidies the group and says which fields are wrong.
func (g *Group) Validate() error {
	g.Name = Calm(strings.TrimSpace(g.Name))
	g.NameKey = nameKey(g.Name)
	if utf8.RuneCountInString(g.Name) > 200 || !readable(g.Name) {
		return Invalid{"name": "groups.name_invalid"}
	}
	return nil
}

// Handmade tells whether people say who is in the group; otherwise the directory does, or the department of each person.
func (g *Group) Handmade() bool { return g.Kind == KindGroup && !g.ByDirectory }

// Group finds a group, whoever may see it.
func (q Queries) Group(ctx context.Context, id int64) (*Group, error) {
	group := &Group{}
	return group, q.one(ctx, group, "SELECT * FROM groups WHERE id = ? AND deleted_at IS NULL", id)
}

// GroupNamed finds the group of a kind with a name, whatever its accents and capitals.
func (q Queries) GroupNamed(ctx context.Context, kind GroupKind, name string) (*Group, error) {
	group := &Group{}
	return group, q.one(ctx, group, "SELECT * FROM groups WHERE kind = ? AND name_key = ? AND deleted_at IS NULL", kind, nameKey(strings.TrimSpace(name)))
}

// CreateGroup adds a group; a taken name is a mistake at the field "name".
func (tx *Tx) CreateGroup(group *Group) error {
	if err := tx.checkGroup(group); err != nil {
		return err
	}
	group.CreatedAt, group.Version, group.Open = tx.now, 1, group.Kind == KindUnit // which stands beside the name of everybody in it
	return tx.create(group)
}

// SaveGroup stores the name of a group and what the directory calls it.
func (tx *Tx) SaveGroup(group *Group) error {
	if err := tx.checkGroup(group); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE groups SET name = ?, name_key = ?, external_ref = ?, by_directory = ? WHERE id = ?", group.Name, group.NameKey, group.ExternalRef, group.ByDirectory, group.ID)
	if err != nil {
		return err
	}
	return tx.groupChanged(group.ID)
}

func (tx *Tx) checkGroup(group *Group) error {
	if err := group.Validate(); err != nil {
		return err
	}
	switch other, err := tx.GroupNamed(tx.ctx, group.Kind, group.Name); {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	case other.ID != group.ID:
		return Invalid{"name": "groups.name_taken"}
	}
	return nil
}

func (tx *Tx) groupChanged(groupID int64) error {
	_, err := tx.exec("UPDATE groups SET version = version + 1, changed_at = ? WHERE id = ?", tx.now, groupID)
	return err
}

// JoinGroup makes people members of a group, with the roles that it has in spaces.
func (tx *Tx) JoinGroup(groupID int64, userIDs ...int64) error {
	for batch := range slices.Chunk(userIDs, settleBatch) {
		_, err := tx.exec("INSERT INTO group_members (group_id, user_id, created_at) SELECT ?, u.id, ? FROM users u WHERE u.id IN ? ON CONFLICT DO NOTHING", groupID, tx.now, batch)
		if err == nil {
			_, err = tx.exec(`INSERT INTO grants (space_id, user_id, source, role, created_at)
				SELECT s.space_id, m.user_id, ?, s.role, ? FROM space_groups s JOIN group_members m ON m.group_id = s.group_id WHERE s.group_id = ? AND m.user_id IN ?
				ON CONFLICT (space_id, user_id, source) DO UPDATE SET role = excluded.role`, groupSource(groupID), tx.now, groupID, batch)
		}
		if err != nil {
			return fmt.Errorf("join group %d: %w", groupID, err)
		}
	}
	return tx.settleSpaces(groupID, userIDs)
}

// LeaveGroup ends people's membership of a group and the roles that they had through it.
func (tx *Tx) LeaveGroup(groupID int64, userIDs ...int64) error {
	for batch := range slices.Chunk(userIDs, settleBatch) {
		_, err := tx.exec("DELETE FROM group_members WHERE group_id = ? AND user_id IN ?", groupID, batch)
		if err == nil {
			_, err = tx.exec("DELETE FROM grants WHERE source = ? AND user_id IN ?", groupSource(groupID), batch)
		}
		if err != nil {
			return fmt.Errorf("leave group %d: %w", groupID, err)
		}
	}
	return tx.settleSpaces(groupID, userIDs)
}

// settleSpaces makes people's memberships anew in every space where a group has a role.
func (tx *Tx) settleSpaces(groupID int64, userIDs []int64) error {
	if len(userIDs) == 0 {
		return nil
	}
	var spaces []int64
	if err := tx.raw(tx.ctx, &spaces, "SELECT space_id FROM space_groups WHERE group_id = ? ORDER BY space_id", groupID); err != nil {
		return err
	}
	for _, space := range spaces {
		if err := tx.settleMembers(space, userIDs); err != nil {
			return err
		}
	}
	return tx.groupChanged(groupID)
}

// GroupChange is what the log says of a change of a group.
type GroupChange struct {
	By     string  `json:"by,omitempty"`
	Joined []int64 `json:"joined,omitempty"`
	Left   []int64 `json:"left,omitempty"`
	Many   int     `json:"many,omitempty"` // how many came and went, where they are too many to name
}

// maxNamed is how many people the log names of a change.
const maxNamed = 200

// NewGroupChange names those who joined and left a group, unless they are very many.
func NewGroupChange(by string, joined, left []int64) GroupChange {
	if many := len(joined) + len(left); many > maxNamed {
		return GroupChange{By: by, Many: many}
	}
	return GroupChange{By: by, Joined: joined, Left: left}
}

// groupKept is how long a group that was deleted can be brought back.
const groupKept = 24 * time.Hour

// DeleteGroup ends a group and the roles that its people had through it. RestoreGroup brings it back.
func (tx *Tx) DeleteGroup(group *Group) error {
	members, err := tx.GroupMemberIDs(group.ID)
	if err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM grants WHERE source = ?", groupSource(group.ID)); err != nil {
		return err
	}
	// The name and the directory's key are free for another one.
	_, err = tx.exec("UPDATE groups SET deleted_at = ?, name_key = ?, external_ref = NULL WHERE id = ?", tx.now, fmt.Sprintf("%s (%d)", group.NameKey, group.ID), group.ID)
	if err != nil {
		return err
	}
	return tx.settleSpaces(group.ID, members)
}

// RestoreGroup brings a group back that was deleted less than a day ago, with its people and their roles;
// a name that is taken meanwhile is a mistake at the field "name".
func (tx *Tx) RestoreGroup(id int64) (*Group, error) {
	group := &Group{}
	if err := tx.one(tx.ctx, group, "SELECT * FROM groups WHERE id = ? AND deleted_at > ?", id, tx.now.Add(-groupKept)); err != nil {
		return nil, err
	}
	group.DeletedAt = nil
	if err := tx.checkGroup(group); err != nil {
		return nil, err
	}
	if _, err := tx.exec("UPDATE groups SET deleted_at = NULL, name_key = ? WHERE id = ?", group.NameKey, group.ID); err != nil {
		return nil, err
	}
	members, err := tx.GroupMemberIDs(group.ID)
	if err != nil {
		return nil, err
	}
	return group, tx.JoinGroup(group.ID, members...)
}

// GroupMemberIDs are the people in a group, in order.
func (tx *Tx) GroupMemberIDs(groupID int64) (ids []int64, err error) {
	return ids, tx.raw(tx.ctx, &ids, "SELECT user_id FROM group_members WHERE group_id = ? ORDER BY user_id", groupID)
}

// ChosenGroups lists the groups that people of the house look after, by name.
func (q Queries) ChosenGroups(ctx context.Context, limit int) (groups []Group, err error) {
	return groups, q.raw(ctx, &groups, "SELECT * FROM groups WHERE kind = 'group' AND NOT by_directory AND deleted_at IS NULL ORDER BY name_key, id LIMIT ?", limit)
}

// sweepGroups removes the groups that can no longer be brought back.
func (tx *Tx) sweepGroups() error {
	gone := "(SELECT id FROM groups WHERE deleted_at < ?)"
	for _, statement := range []string{"UPDATE articles SET owner_group_id = NULL WHERE owner_group_id IN " + gone, "UPDATE articles SET owner_group_before = NULL WHERE owner_group_before IN " + gone, "DELETE FROM space_groups WHERE group_id IN " + gone, "DELETE FROM campaign_groups WHERE group_id IN " + gone, "DELETE FROM group_members WHERE group_id IN " + gone, "DELETE FROM groups WHERE deleted_at < ?"} {
		if _, err := tx.exec(statement, tx.now.Add(-groupKept)); err != nil {
			return err
		}
	}
	return nil
}
