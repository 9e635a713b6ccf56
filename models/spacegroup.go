package models

import (
	"fmt"
	"slices"
)

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
	users, err := tx.GroupMemberIDs(groupID)
	if err != nil {
		return fmt.Errorf("read group %d: %w", groupID, err)
	}
	return tx.settleMembers(spaceID, users)
}
