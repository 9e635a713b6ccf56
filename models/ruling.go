package models

import (
	"errors"
	"slices"
)

// ruleSource is the source of the grants that the rules of sign-in make.
const ruleSource = "rule"

// Ruling is what the rules of sign-in changed for a person.
type Ruling struct {
	Role   Role                `json:"role,omitempty"` // the one they have now, if it is another
	Joined []int64             `json:"joined,omitempty"`
	Left   []int64             `json:"left,omitempty"`
	Spaces map[int64]SpaceRole `json:"spaces,omitempty"` // the role that a rule gives there now, empty if none any more
}

// Changed tells whether anything is different now.
func (r *Ruling) Changed() bool {
	return r.Role != "" || len(r.Joined)+len(r.Left)+len(r.Spaces) > 0
}

// SettleRules gives a person what the rules give for what is said of them, and takes back what rules gave before. What
// somebody gave by hand stays.
func (tx *Tx) SettleRules(user *User, said []Identified) (*Ruling, error) {
	rules, err := tx.rules(tx.ctx)
	if err != nil {
		return nil, err
	}
	gifts, ruling := Give(rules, said), &Ruling{}
	if err := tx.settleRole(user, &gifts, ruling); err != nil {
		return nil, err
	}
	if err := tx.settleRuledGroups(user, gifts.Groups, ruling); err != nil {
		return nil, err
	}
	return ruling, tx.settleRuledSpaces(user, gifts.Spaces, ruling)
}

func (tx *Tx) settleRole(user *User, gifts *Gifts, ruling *Ruling) error {
	role, ruled := gifts.RoleAfter(user)
	if role == user.Role && ruled == user.RuleRole {
		return nil
	}
	if role != user.Role {
		ruling.Role = role
	}
	user.Role, user.RuleRole = role, ruled
	_, err := tx.exec("UPDATE users SET role = ?, rule_role = ?, changed_at = ? WHERE id = ?", role, ruled, tx.now, user.ID)
	return err
}

// settleRuledGroups notes which groups people are in by a rule alone; the others are left as they are.
func (tx *Tx) settleRuledGroups(user *User, given []GroupGift, ruling *Ruling) error {
	var before []int64
	if err := tx.raw(tx.ctx, &before, "SELECT group_id FROM rule_members WHERE user_id = ? ORDER BY group_id", user.ID); err != nil {
		return err
	}
	wanted := make([]int64, 0, len(given))
	for _, g := range given {
		joined, err := tx.joinByRule(user.ID, g.GroupID)
		if err != nil {
			return err
		}
		if joined {
			ruling.Joined = append(ruling.Joined, g.GroupID)
		}
		wanted = append(wanted, g.GroupID)
	}
	for _, group := range before {
		if slices.Contains(wanted, group) {
			continue
		}
		if _, err := tx.exec("DELETE FROM rule_members WHERE user_id = ? AND group_id = ?", user.ID, group); err != nil {
			return err
		}
		if err := tx.LeaveGroup(group, user.ID); err != nil {
			return err
		}
		ruling.Left = append(ruling.Left, group)
	}
	return nil
}

// joinByRule puts a person into a group, unless they are in it or nobody can be put there.
func (tx *Tx) joinByRule(userID, groupID int64) (joined bool, err error) {
	switch group, err := tx.Group(tx.ctx, groupID); {
	case errors.Is(err, ErrNotFound):
		return false, nil
	case err != nil:
		return false, err
	case group.Kind != KindGroup || group.ByDirectory || group.DeletedAt != nil:
		return false, nil
	}
	var member bool
	if err := tx.raw(tx.ctx, &member, "SELECT EXISTS (SELECT 1 FROM group_members WHERE group_id = ? AND user_id = ?)", groupID, userID); err != nil || member {
		return false, err
	}
	if _, err := tx.exec("INSERT INTO rule_members (user_id, group_id) VALUES (?, ?) ON CONFLICT DO NOTHING", userID, groupID); err != nil {
		return false, err
	}
	return true, tx.JoinGroup(groupID, userID)
}

// settleRuledSpaces lets the roles count that rules give in spaces. An external is let into no space where externals may not be.
func (tx *Tx) settleRuledSpaces(user *User, given []SpaceGift, ruling *Ruling) error {
	var before []Membership
	if err := tx.raw(tx.ctx, &before, "SELECT space_id, user_id, role FROM grants WHERE user_id = ? AND source = ? ORDER BY space_id", user.ID, ruleSource); err != nil {
		return err
	}
	held := make(map[int64]SpaceRole, len(before)) // and not given again yet
	for _, m := range before {
		held[m.SpaceID] = m.Role
	}
	ruling.Spaces = map[int64]SpaceRole{}
	for _, g := range given {
		if user.External() {
			var open bool
			if err := tx.raw(tx.ctx, &open, "SELECT EXISTS (SELECT 1 FROM spaces WHERE id = ? AND visibility IN ('public', 'external'))", g.SpaceID); err != nil {
				return err
			}
			if !open {
				continue
			}
		}
		if held[g.SpaceID] != g.Role {
			if err := tx.grant(g.SpaceID, user.ID, ruleSource, g.Role); err != nil {
				return err
			}
			ruling.Spaces[g.SpaceID] = g.Role
		}
		delete(held, g.SpaceID)
	}
	for _, m := range before {
		if held[m.SpaceID] == "" {
			continue
		}
		if err := tx.ungrant(m.SpaceID, user.ID, ruleSource); err != nil {
			return err
		}
		ruling.Spaces[m.SpaceID] = ""
	}
	return nil
}
