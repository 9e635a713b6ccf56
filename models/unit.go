package models

import (
	"errors"
	"strings"
)

// SetDepartment stores the unit of the organisation that a person belongs to, and moves them there; the unit is
// made when its first person comes, and has one spelling. An empty name takes them out.
func (tx *Tx) SetDepartment(userID int64, name string) error {
	name = strings.TrimSpace(name)
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
		to, name = unit.ID, unit.Name
	}
	_, err := tx.exec("UPDATE users SET department = ?, changed_at = ? WHERE id = ?", name, tx.now, userID)
	if err == nil {
		err = tx.placeIdeas("i.author_id = ?", userID)
	}
	if err != nil {
		return err
	}
	var units []int64
	err = tx.raw(tx.ctx, &units, "SELECT m.group_id FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.user_id = ? AND g.kind = 'unit' ORDER BY m.group_id", userID)
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
