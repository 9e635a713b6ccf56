package models

import (
	"context"
	"errors"
	"strings"
)

// GroupCard is a group as a list shows it.
type GroupCard struct {
	Group
	Members int
}

// GroupQuery asks for a page of the groups.
type GroupQuery struct {
	Kind    GroupKind // empty: both kinds
	After   string    // name key of the last one of the page before
	AfterID int64
	Limit   int
}

// mayKnowGroups tells who may see groups and who is in them: those who look after people.
func mayKnowGroups(actor *Actor) error {
	if !actor.Can(ManagePeople, nil) {
		return ErrForbidden
	}
	return nil
}

// Groups lists the groups and units by name.
func (q Queries) Groups(ctx context.Context, actor *Actor, query GroupQuery) (cards []GroupCard, err error) {
	if err := mayKnowGroups(actor); err != nil {
		return nil, err
	}
	return cards, q.raw(ctx, &cards, `SELECT g.*, (SELECT count(*) FROM group_members m WHERE m.group_id = g.id) AS members FROM groups g
		WHERE g.deleted_at IS NULL AND (? = '' OR g.kind = ?) AND (g.name_key, g.id) > (?, ?) ORDER BY g.name_key, g.id LIMIT ?`,
		query.Kind, query.Kind, query.After, query.AfterID, query.Limit)
}

// KnownGroup finds a group that the actor may look at.
func (q Queries) KnownGroup(ctx context.Context, actor *Actor, id int64) (*Group, error) {
	if err := mayKnowGroups(actor); err != nil {
		return nil, err
	}
	return q.Group(ctx, id)
}

// GroupMember is someone in a group.
type GroupMember struct {
	ID    int64
	Name  string
	Email string
	Role  Role
	Job   string

	Picture int64
}

// GroupMembers lists who is in a group by name, after the given name and id.
func (q Queries) GroupMembers(ctx context.Context, actor *Actor, groupID int64, afterName string, afterID int64, limit int) (members []GroupMember, err error) {
	if err := mayKnowGroups(actor); err != nil {
		return nil, err
	}
	from, err := q.byName(ctx, "group_members", "group_id", groupID)
	if err != nil {
		return nil, err
	}
	return members, q.raw(ctx, &members, "SELECT u.id, u.name, u.email, "+standing+" AS role, coalesce(u.picture_id, 0) AS picture, u.job FROM "+from+`
		AND m.group_id = ? AND (u.name, u.id) > (?, ?) ORDER BY u.name, u.id LIMIT ?`, groupID, afterName, afterID, limit)
}

// GroupSpace is a space in which a group has a role.
type GroupSpace struct {
	ID    int64
	Slug  string
	Title string
	Role  SpaceRole
}

// GroupSpaces are the spaces in which a group has a role, as far as the actor may see them.
func (q Queries) GroupSpaces(ctx context.Context, actor *Actor, groupID int64) (spaces []GroupSpace, err error) {
	if err := mayKnowGroups(actor); err != nil {
		return nil, err
	}
	condition, list := q.visible(actor, "s.id")
	return spaces, q.raw(ctx, &spaces, `SELECT s.id, s.slug, s.title, g.role FROM space_groups g JOIN spaces s ON s.id = g.space_id
		WHERE g.group_id = ? AND s.within_id IS NULL AND `+condition+" ORDER BY s.title, s.id", groupID, list)
}

// PersonMeant finds whom a name or an e-mail address means among the company's own people; a mistake at the field "person"
// where it is nobody, or several.
func (q Queries) PersonMeant(ctx context.Context, actor *Actor, text string) (*User, error) {
	if err := mayKnowGroups(actor); err != nil {
		return nil, err
	}
	column, value := "u.name_key", nameKey(oneLine(text))
	if strings.Contains(text, "@") {
		column, value = "u.email <> '' AND u.email", NormalEmail(text)
	}
	if value == "" || !readable(value) {
		return nil, Invalid{"person": "groups.person_unknown"}
	}
	here, now := q.here()
	var found []User
	err := q.raw(ctx, &found, "SELECT u.* FROM users u WHERE "+column+" = ? AND "+inDirectory+" AND "+here+" ORDER BY u.id LIMIT 2", value, now)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, Invalid{"person": "groups.person_unknown"}
	case len(found) > 1:
		return nil, Invalid{"person": "groups.person_unclear"}
	}
	return &found[0], nil
}

// SpaceGroup is a group that has a role in a space.
type SpaceGroup struct {
	GroupCard
	Role SpaceRole
}

// SpaceGroups are the groups that have a role in a space, for those who may give them one.
func (q Queries) SpaceGroups(ctx context.Context, actor *Actor, space *Space) (groups []SpaceGroup, err error) {
	if !actor.Can(AdmitGroup, space) {
		return nil, ErrForbidden
	}
	return groups, q.raw(ctx, &groups, `SELECT g.*, s.role, (SELECT count(*) FROM group_members m WHERE m.group_id = g.id) AS members
		FROM space_groups s JOIN groups g ON g.id = s.group_id WHERE s.space_id = ? AND g.deleted_at IS NULL ORDER BY g.name_key, g.id`, space.ID)
}

// maxGroupChoices bounds the groups that a form offers.
const maxGroupChoices = 500

// GroupChoices are the groups that have no role in a space yet.
func (q Queries) GroupChoices(ctx context.Context, actor *Actor, space *Space) (groups []Group, err error) {
	if !actor.Can(AdmitGroup, space) {
		return nil, ErrForbidden
	}
	return groups, q.raw(ctx, &groups, `SELECT g.* FROM groups g WHERE g.deleted_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM space_groups s WHERE s.group_id = g.id AND s.space_id = ?) ORDER BY g.name_key, g.id LIMIT ?`, space.ID, maxGroupChoices)
}

// InGroup tells whether someone is in a group.
func (q Queries) InGroup(ctx context.Context, groupID, userID int64) (bool, error) {
	var found int64
	err := q.one(ctx, &found, "SELECT user_id FROM group_members WHERE group_id = ? AND user_id = ?", groupID, userID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
