package models_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ruche/models"
)

// wholeRooms is a step that reads a table from end to end, where rows are as many as people.
var wholeRooms = regexp.MustCompile(`SCAN (?:[ugmsr]|users|groups|memberships|grants|group_members|entry_requests)\b.*|Seq Scan on (?:users|memberships|grants|group_members|groups|entry_requests)\b.*`)

// sortedRooms is a step that sorts everyone who is in something.
var sortedRooms = regexp.MustCompile(`USE TEMP B-TREE FOR ORDER BY.*`)

// crowd is how many people are in one group, and by it in one space.
const crowd = 3000

// TestPagesOfCrowdedRoomsReadNoMoreThanTheyShow asks for the members of a space and of a group in which everyone is, for those of small ones
// among many, and for what a directory looks up.
func TestPagesOfCrowdedRoomsReadNoMoreThanTheyShow(t *testing.T) {
	h := open(t)
	boss := h.user("boss", models.RoleManager)
	yard := h.space("yard", models.Company)
	h.member(yard, boss, models.SpaceManager)
	everyone, few := &models.Group{Kind: models.KindGroup, Name: "Everyone"}, &models.Group{Kind: models.KindGroup, Name: "Few"}
	h.tx(nil, func(tx *models.Tx) error { return h.fill(tx, yard, everyone, few) })
	asker := h.user("asker", models.RoleEmployee)
	h.tx(h.actor(asker), func(tx *models.Tx) error {
		quiet := &models.Space{Slug: "quiet", Title: "Quiet", Visibility: models.Company, Joining: models.JoinRequest}
		if err := tx.CreateSpace(quiet); err != nil {
			return err
		}
		_, err := tx.AskToJoin(yard, "Please")
		return err
	})
	if err := h.Analyze(t.Context()); err != nil {
		t.Fatal(err)
	}
	var statements []string
	h.Watch(func(statement string) { statements = append(statements, statement) })
	ctx, actor := t.Context(), h.actor(boss)
	first, err := h.Members(ctx, actor, models.MemberQuery{SpaceID: yard.ID, Limit: 50})
	if err != nil || len(first) != 50 {
		t.Fatalf("%d members, %v", len(first), err)
	}
	last := first[49]
	reads := map[string]func() error{}
	for what, read := range map[string]func() error{
		"members": func() error {
			_, err := h.Members(ctx, actor, models.MemberQuery{SpaceID: yard.ID, Limit: 50})
			return err
		},
		"more members": func() error {
			_, err := h.Members(ctx, actor, models.MemberQuery{SpaceID: yard.ID, AfterName: last.Name, AfterID: last.ID, Limit: 50})
			return err
		},
		"one member":        func() error { _, err := h.Member(ctx, actor, yard.ID, last.ID); return err },
		"reasons":           func() error { _, err := h.MemberReasons(ctx, actor, yard, first); return err },
		"requests":          func() error { _, err := h.EntryRequests(ctx, actor, yard, 0, 30); return err },
		"waiting":           func() error { _, err := h.CountRequests(ctx, actor, yard); return err },
		"managers":          func() error { _, err := h.Managers(ctx, actor, yard); return err },
		"groups of a space": func() error { _, err := h.SpaceGroups(ctx, actor, yard); return err },
		"spaces of a group": func() error { _, err := h.GroupSpaces(ctx, actor, everyone.ID); return err },
		"people of a group": func() error { _, err := h.GroupMembers(ctx, actor, everyone.ID, "", 0, 50); return err },
		"more of a group":   func() error { _, err := h.GroupMembers(ctx, actor, everyone.ID, last.Name, last.ID, 50); return err },
		"a small group":     func() error { _, err := h.GroupMembers(ctx, actor, few.ID, "", 0, 50); return err },
		"in a group":        func() error { _, err := h.InGroup(ctx, few.ID, boss.ID); return err },
		"person by name":    func() error { _, err := h.PersonMeant(ctx, actor, "Given7 Family7"); return err },
		"person by address": func() error { _, err := h.PersonMeant(ctx, actor, "p7@example.test"); return err },
		"directory user":    func() error { _, err := h.DirectoryUser(ctx, actor, last.ID); return err },
	} {
		reads[what] = read
	}
	for field, value := range map[string]string{"userName": "P7", "externalId": "key-7", "emails": "p7@example.test"} {
		reads["directory by "+field] = func() error {
			users, total, err := h.DirectoryUsers(ctx, actor, models.DirectoryQuery{Where: &models.Condition{Field: field, Op: models.Equal, Value: value}, Limit: 50})
			if err == nil && (total != 1 || len(users) != 1) {
				err = fmt.Errorf("%d of %d accounts are found", len(users), total)
			}
			return err
		}
	}
	reads["groups of a person"] = func() error {
		_, _, err := h.DirectoryGroups(ctx, actor, models.DirectoryQuery{Where: &models.Condition{Field: "members", Op: models.Equal, Value: last.ID}, Limit: 50})
		return err
	}
	for what, read := range reads {
		statements = nil
		if err := read(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for _, statement := range slices.Clone(statements) {
			plan, err := h.Plan(ctx, statement)
			if err != nil {
				t.Fatalf("%s: %v\n%s", what, err, statement)
			}
			step := wholeRooms.FindString(plan)
			if step == "" && h.Postgres() && what != "groups of a space" { // which counts their people, by their index
				step = tooMuch(true, plan)
			}
			if step == "" && strings.Contains(statement, "ORDER BY u.name") && what != "a small group" && what != "managers" {
				step = sortedRooms.FindString(plan)
			}
			if step != "" {
				t.Errorf("%s: %s\n%s\n%s", what, step, statement, plan)
			}
		}
	}
}

// fill makes the crowd, whom one group brings into the space, and twenty small groups that bring five people into other spaces.
func (h *house) fill(tx *models.Tx, yard *models.Space, everyone, few *models.Group) error {
	var people []int64
	for n := range crowd {
		name, key := fmt.Sprintf("p%d", n), fmt.Sprintf("key-%d", n)
		user := &models.User{Name: fmt.Sprintf("Given%d Family%d", n%100, n), Email: name + "@example.test", Role: models.RoleEmployee, UserName: &name, UserNameKey: &name, ExternalID: &key}
		if err := tx.CreateUser(user); err != nil {
			return err
		}
		people = append(people, user.ID)
	}
	groups := []*models.Group{everyone, few}
	for n := range 20 {
		groups = append(groups, &models.Group{Kind: models.KindGroup, Name: fmt.Sprintf("Group %d", n)})
	}
	for n, group := range groups {
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		members, space := people[n*5:n*5+5], &models.Space{Slug: fmt.Sprintf("space-%d", n), Title: fmt.Sprintf("Space %d", n), Visibility: models.Company}
		if n == 0 {
			members, space = people, yard
		} else if err := tx.CreateSpace(space); err != nil {
			return err
		}
		if err := tx.JoinGroup(group.ID, members...); err != nil {
			return err
		}
		if err := tx.SetSpaceGroup(space, group, models.SpaceMember); err != nil {
			return err
		}
	}
	return nil
}
