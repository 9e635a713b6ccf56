package models

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Way is how somebody has come into a space.
type Way string

// Ways into a space. A person is in it as long as one of them is left.
const (
	WayNamed      Way = named // by hand: they came in by themselves, or somebody of the space let them in
	WayInvitation Way = "invitation"
	WayGroup      Way = "group"
	WayRule       Way = ruleSource
)

// Ways lists them as a reader thinks of them.
func Ways() []Way { return []Way{WayNamed, WayInvitation, WayGroup, WayRule} }

// MemberReason is one of those for which somebody is in a space, and the role that it gives them.
type MemberReason struct {
	Way   Way
	Role  SpaceRole
	Group *Group // that brings them, where the reader may know of it
	By    string // who invited them, as long as that is known
}

// condition is that the membership m has a reason of this way.
func (w Way) condition() (condition string, arg any) {
	has := "EXISTS (SELECT 1 FROM grants g WHERE g.space_id = m.space_id AND g.user_id = m.user_id AND g.source "
	if w == WayGroup || w == WayInvitation {
		return has + "LIKE ?)", string(w) + ":%"
	}
	return has + "= ?)", w
}

// MemberReasons tell those who run a space why each of the given members is in it. Who comes from outside learns that a group
// brings somebody, and not which.
func (q Queries) MemberReasons(ctx context.Context, actor *Actor, space *Space, members []Member) (map[int64][]MemberReason, error) {
	if !actor.Can(ManageSpace, space) {
		return nil, ErrForbidden
	}
	ids := make([]int64, len(members))
	for i := range members {
		ids[i] = members[i].ID
	}
	var grants []struct {
		UserID int64
		Source string
		Role   SpaceRole
		ByName string
	}
	err := q.raw(ctx, &grants, `SELECT g.user_id, g.source, g.role, coalesce(v.name, '') AS by_name FROM grants g
		LEFT JOIN invitations i ON i.id = CASE WHEN g.source LIKE 'invitation:%' THEN CAST(substr(g.source, 12) AS BIGINT) END LEFT JOIN users v ON v.id = i.inviter_id
		WHERE g.space_id = ? AND g.user_id IN ? ORDER BY g.user_id, g.created_at, g.source`, space.ID, ids)
	if err != nil {
		return nil, err
	}
	groups, err := q.admitted(ctx, actor, space)
	if err != nil {
		return nil, err
	}
	reasons := make(map[int64][]MemberReason, len(members))
	for _, g := range grants {
		way, number, _ := strings.Cut(g.Source, ":")
		reason := MemberReason{Way: Way(way), Role: g.Role, By: g.ByName}
		if reason.Way == WayGroup {
			id, err := strconv.ParseInt(number, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("read grant of person %d in space %d: %w", g.UserID, space.ID, err)
			}
			reason.Group = groups[id]
		}
		reasons[g.UserID] = append(reasons[g.UserID], reason)
	}
	return reasons, nil
}

// admitted are the groups with a role in a space, by number, as far as the actor may know of them.
func (q Queries) admitted(ctx context.Context, actor *Actor, space *Space) (map[int64]*Group, error) {
	if !actor.Can(AdmitGroup, space) {
		return nil, nil
	}
	var found []Group
	if err := q.raw(ctx, &found, "SELECT g.* FROM space_groups s JOIN groups g ON g.id = s.group_id WHERE s.space_id = ?", space.ID); err != nil {
		return nil, err
	}
	groups := make(map[int64]*Group, len(found))
	for i := range found {
		groups[found[i].ID] = &found[i]
	}
	return groups, nil
}
