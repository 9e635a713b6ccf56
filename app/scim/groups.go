package scim

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	filter "github.com/scim2/filter-parser/v2"

	"ruche/models"
)

// team is what a directory says of a group.
type team struct {
	name, externalID string
	members          []int64
}

// readTeam reads a whole group.
func readTeam(a attributes) (*team, error) {
	r := &reader{}
	t := &team{name: r.text(a, "displayName"), externalID: r.text(a, "externalId")}
	if r.err != nil {
		return nil, r.err
	}
	if t.name == "" {
		return nil, invalidValue("displayName is missing")
	}
	var err error
	t.members, err = memberIDs(get(a, "members"))
	return t, err
}

// maxMembers bounds the members that one request names; larger groups come in several.
const maxMembers = 20_000

// memberIDs reads a list of members.
func memberIDs(value any) (ids []int64, err error) {
	r := &reader{}
	items := r.items(attributes{"members": value}, "members")
	if len(items) > maxMembers {
		return nil, &refusal{http.StatusRequestEntityTooLarge, "tooMany", "name at most 20,000 members at once"}
	}
	for _, item := range items {
		id, parseErr := strconv.ParseInt(r.text(item, "value"), 10, 64)
		if kind := r.text(item, "type"); parseErr != nil || kind != "" && !strings.EqualFold(kind, "User") {
			return nil, invalidValue("a member is named by the id of an account; groups hold no groups")
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids), r.err
}

// createGroup makes a group that the directory looks after.
func (f *SCIM) createGroup(ctx context.Context, actor *models.Actor, t *team) (*models.Group, error) {
	group := &models.Group{Kind: models.KindGroup, Name: t.name, ByDirectory: true}
	if t.externalID != "" {
		group.ExternalRef = &t.externalID
	}
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := checkMembers(tx, t.members); err != nil {
			return err
		}
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		if err := tx.JoinGroup(group.ID, t.members...); err != nil {
			return err
		}
		return tx.Record(models.GroupCreated, group, models.NewGroupChange(by, t.members, nil))
	})
	if err != nil {
		return nil, fmt.Errorf("create group from the directory: %w", err)
	}
	return f.web.DB.Group(ctx, group.ID)
}

// checkMembers refuses people whom the directory does not know.
func checkMembers(tx *models.Tx, ids []int64) error {
	known, err := tx.KnownToDirectory(ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, found := slices.BinarySearch(known, id); !found {
			return invalidValue("there is no account " + strconv.FormatInt(id, 10))
		}
	}
	return nil
}

// changeGroup brings a group up to date. Who comes or goes has or loses its roles in spaces with it.
func (f *SCIM) changeGroup(ctx context.Context, actor *models.Actor, id int64, match func(string) error, apply func(*teamChange) error) (*models.Group, error) {
	var group *models.Group
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) (err error) {
		if group, err = tx.LockDirectoryGroup(id); err != nil {
			return err
		}
		if err := match(groupVersion(group)); err != nil {
			return err
		}
		current, err := tx.GroupMemberIDs(id)
		if err != nil {
			return err
		}
		c := &teamChange{name: group.Name, externalID: group.ExternalRef, before: current, now: slices.Clone(current)}
		if err := apply(c); err != nil {
			return err
		}
		return c.save(tx, group)
	})
	if err != nil {
		return nil, fmt.Errorf("change group %d from the directory: %w", id, err)
	}
	return f.web.DB.Group(ctx, id)
}

// teamChange is what is to become of a group.
type teamChange struct {
	name        string
	externalID  *string
	before, now []int64 // its members, in order
}

func (c *teamChange) save(tx *models.Tx, group *models.Group) error {
	joined, left := without(c.now, c.before), without(c.before, c.now)
	if err := checkMembers(tx, joined); err != nil {
		return err
	}
	same := c.name == group.Name && group.ByDirectory && (c.externalID == nil) == (group.ExternalRef == nil) && (c.externalID == nil || *c.externalID == *group.ExternalRef)
	if !same {
		group.Name, group.ExternalRef, group.ByDirectory = c.name, c.externalID, true
		if err := tx.SaveGroup(group); err != nil {
			return err
		}
	}
	if len(joined) > 0 {
		if err := tx.JoinGroup(group.ID, joined...); err != nil {
			return err
		}
	}
	if len(left) > 0 {
		if err := tx.LeaveGroup(group.ID, left...); err != nil {
			return err
		}
	}
	if same && len(joined)+len(left) == 0 {
		return nil // it was so already
	}
	return tx.Record(models.GroupEdited, group, models.NewGroupChange(by, joined, left))
}

// without are those of a that are not in b; both are in order.
func without(a, b []int64) (rest []int64) {
	for _, id := range a {
		if _, found := slices.BinarySearch(b, id); !found {
			rest = append(rest, id)
		}
	}
	return rest
}

// replace makes the group what a whole resource says.
func (c *teamChange) replace(t *team) {
	c.name, c.now, c.externalID = t.name, t.members, nil
	if t.externalID != "" {
		c.externalID = &t.externalID
	}
}

// patch carries out a step.
func (c *teamChange) patch(step operation) error {
	if step.Path == "" {
		parts, ok := step.Value.(attributes)
		if !ok {
			return invalidValue("without a path the value is an object")
		}
		for name, value := range parts {
			if slices.ContainsFunc([]string{"id", "meta", "schemas"}, func(own string) bool { return strings.EqualFold(own, name) }) {
				continue // what comes along with a whole resource
			}
			if err := c.patch(operation{step.Op, name, value}); err != nil {
				return err
			}
		}
		return nil
	}
	at, err := parsePlace(step.Path)
	if err != nil {
		return err
	}
	if at.schema != "" && !strings.EqualFold(at.schema, groupSchema) {
		return invalidPath(step.Path)
	}
	name := strings.ToLower(at.name)
	text, isText := step.Value.(string)
	switch {
	case name == "members":
		return c.patchMembers(at, step)
	case name == "id" || name == "meta":
		return readOnly(at.name)
	case name != "displayname" && name != "externalid" || at.filter != nil || at.sub != "":
		return invalidPath(step.Path)
	case step.Op == "remove" && name == "displayname":
		return &refusal{http.StatusBadRequest, "mutability", "displayName always has a value"}
	case step.Op == "remove":
		c.externalID = nil
	case !isText || strings.TrimSpace(text) == "":
		return invalidValue(at.name + " is a text")
	case name == "displayname":
		c.name = strings.TrimSpace(text)
	default:
		c.externalID = &text
	}
	return nil
}

// patchMembers lets people join or leave. Which of them leave is said in the path, or by some directories in the value.
func (c *teamChange) patchMembers(at place, step operation) error {
	if at.sub != "" && !strings.EqualFold(at.sub, "value") {
		return invalidPath(step.Path)
	}
	if at.filter != nil {
		id, err := memberOf(at.filter)
		if err != nil {
			return err
		}
		if step.Op != "remove" {
			return &refusal{http.StatusBadRequest, "mutability", "members come and go; they are not changed"}
		}
		c.now = without(c.now, []int64{id})
		return nil
	}
	if step.Op == "remove" && step.Value == nil {
		c.now = nil
		return nil
	}
	ids, err := memberIDs(step.Value)
	if err != nil {
		return err
	}
	switch step.Op {
	case "remove":
		c.now = without(c.now, ids)
	case "replace":
		c.now = ids
	default:
		c.now = append(slices.Clone(c.now), ids...)
		slices.Sort(c.now)
		c.now = slices.Compact(c.now)
	}
	return nil
}

// memberOf reads whom members[value eq "12"] means.
func memberOf(e filter.Expression) (int64, error) {
	one, ok := e.(*filter.AttributeExpression)
	if ok && one.Operator == filter.EQ && strings.EqualFold(one.AttributePath.AttributeName, "value") {
		text, _ := compared(one).(string)
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			id = 0 // nobody
		}
		return id, nil
	}
	return 0, invalidFilter(`members are chosen by members[value eq "12"]`)
}

// removeGroup ends a group.
func (f *SCIM) removeGroup(ctx context.Context, actor *models.Actor, id int64, match func(string) error) error {
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		group, err := tx.LockDirectoryGroup(id)
		if err != nil {
			return err
		}
		if err := match(groupVersion(group)); err != nil {
			return err
		}
		if err := tx.DeleteGroup(group); err != nil {
			return err
		}
		return tx.Record(models.GroupDeleted, group, models.NewGroupChange(by, nil, nil))
	})
	if err != nil {
		return fmt.Errorf("remove group %d from the directory: %w", id, err)
	}
	return nil
}

func groupVersion(g *models.Group) string { return fmt.Sprintf(`W/"%d"`, g.Version) }

// groupBody is a group as SCIM shows it; members is nil where they were not asked for.
func (f *SCIM) groupBody(g *models.Group, members []models.DirectoryMember, withMembers bool) attributes {
	id := strconv.FormatInt(g.ID, 10)
	changed := g.CreatedAt
	if g.ChangedAt != nil {
		changed = *g.ChangedAt
	}
	body := attributes{
		"schemas": []string{groupSchema}, "id": id, "displayName": g.Name,
		"meta": f.recordMeta("Group", "/Groups/"+id, g.CreatedAt, changed, groupVersion(g)),
	}
	if g.ExternalRef != nil {
		body["externalId"] = *g.ExternalRef
	}
	if withMembers {
		list := make([]any, len(members))
		for i, m := range members {
			value := strconv.FormatInt(m.UserID, 10)
			list[i] = attributes{"value": value, "display": m.Name, "type": "User", "$ref": f.address("/Users/" + value)}
		}
		body["members"] = list
	}
	return body
}
