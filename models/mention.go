package models

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// Callers are those of whom the house says how many people they may call at once by naming groups.
type Callers string

// Kinds of callers. Those who animate the community are bound by MaxCalled alone; people from outside know of no groups.
const (
	CallingEmployees Callers = "employees"
	CallingLeaders   Callers = "leaders" // moderators, and in their space its managers, moderators and experts
)

// MaxCalled bounds how many people one text can call.
const MaxCalled = 5000

// CallLimit is how many people somebody may call.
type CallLimit struct {
	Who    Callers
	People int
}

// usualCalls are the limits where the house has set none.
func usualCalls() []CallLimit { return []CallLimit{{CallingEmployees, 20}, {CallingLeaders, 100}} }

// CallLimits are the limits that hold.
func (q Queries) CallLimits(ctx context.Context) ([]CallLimit, error) {
	limits := usualCalls()
	var set []CallLimit
	if err := q.raw(ctx, &set, "SELECT who, people FROM mention_limits ORDER BY who LIMIT 10"); err != nil {
		return nil, err
	}
	for i := range limits {
		if at := slices.IndexFunc(set, func(s CallLimit) bool { return s.Who == limits[i].Who }); at >= 0 {
			limits[i].People = set[at].People
		}
	}
	return limits, nil
}

// SaveCallLimits stores the limits by the names of those they are for; a wrong one is a mistake at the field of that name.
func (tx *Tx) SaveCallLimits(values map[string]string) error {
	problems := Invalid{}
	limits := usualCalls()
	for i := range limits {
		n, err := strconv.Atoi(values[string(limits[i].Who)])
		if err != nil || n < 0 || n > MaxCalled {
			problems[string(limits[i].Who)] = "mentions.limit_invalid"
		}
		limits[i].People = n
	}
	if len(problems) > 0 {
		return problems
	}
	for _, limit := range limits {
		_, err := tx.exec(`INSERT INTO mention_limits (who, people, changed_at) VALUES (?, ?, ?)
			ON CONFLICT (who) DO UPDATE SET people = excluded.people, changed_at = excluded.changed_at`, limit.Who, limit.People, tx.now)
		if err != nil {
			return err
		}
	}
	return nil
}

// mayCall is how many people the actor may call in a space by naming groups.
func (q Queries) mayCall(ctx context.Context, actor *Actor, spaceID int64) (int, error) {
	switch {
	case !actor.OfTheCompany():
		return 0, nil
	case actor.Animates():
		return MaxCalled, nil
	}
	limits, err := q.CallLimits(ctx)
	if err != nil {
		return 0, err
	}
	who := CallingEmployees
	if access := actor.Access(spaceID); actor.Role == RoleModerator || access != nil && slices.Contains([]SpaceRole{SpaceManager, SpaceModerator, SpaceExpert}, access.Role) {
		who = CallingLeaders
	}
	return limits[slices.IndexFunc(limits, func(l CallLimit) bool { return l.Who == who })].People, nil
}

// knowsGroup is the condition that the actor may know that there is the group g, and name it.
func knowsGroup(actor *Actor) (condition string, args []any) {
	switch {
	case !actor.OfTheCompany():
		return "1 = 0", nil
	case actor.Can(ManagePeople, nil):
		return "1 = 1", nil
	}
	return "(g.open OR EXISTS (SELECT 1 FROM group_members k WHERE k.group_id = g.id AND k.user_id = ?))", []any{actor.ID}
}

// calledGroup is a group that a text may name, with how many people that calls, counted no further than MaxCalled.
const calledGroup = `SELECT g.*, (SELECT count(*) FROM (SELECT 1 FROM group_members m WHERE m.group_id = g.id LIMIT 5001) c) AS members FROM groups g WHERE g.deleted_at IS NULL AND `

// GroupsToName suggests groups that the actor may name in a space, or without one in the house.
func (q Queries) GroupsToName(ctx context.Context, actor *Actor, space *Space, prefix string, limit int) (cards []GroupCard, err error) {
	var spaceID int64
	if space != nil {
		spaceID = space.ID
	}
	most, err := q.mayCall(ctx, actor, spaceID)
	if err != nil || most == 0 {
		return nil, err
	}
	knows, args := knowsGroup(actor)
	pattern := likePrefix(nameKey(prefix))
	args = append(args, pattern, "% "+pattern, most, limit)
	return cards, q.raw(ctx, &cards, "SELECT * FROM ("+calledGroup+knows+` AND (g.name_key LIKE ? ESCAPE '\' OR g.name_key LIKE ? ESCAPE '\')) t
		WHERE members BETWEEN 1 AND ? ORDER BY name_key, id LIMIT ?`, args...)
}

// CalledGroups are those of the named groups whose people a text of the actor calls in a space. A name of which the actor may not know
// is a name like any other; where there are more people than they may call, that is a mistake at the field "body".
func (q Queries) CalledGroups(ctx context.Context, actor *Actor, spaceID int64, named []int64) (called Calling, err error) {
	if len(named) == 0 {
		return called, nil
	}
	most, err := q.mayCall(ctx, actor, spaceID)
	if err != nil {
		return called, err
	}
	knows, args := knowsGroup(actor.Person())
	var cards []GroupCard
	if err := q.raw(ctx, &cards, calledGroup+knows+" AND g.id IN ? ORDER BY g.id", append(args, named)...); err != nil {
		return called, err
	}
	people := 0
	for i := range cards {
		if actor.Masked() && !cards[i].Open { // it would tell who is behind the mask: somebody in the group
			return Calling{}, Invalid{"body": "mentions.masked"}
		}
		people += cards[i].Members
		called.Groups = append(called.Groups, cards[i].ID)
	}
	if people > most {
		return Calling{}, Invalid{"body": "mentions.too_large"}
	}
	return called, nil
}

// Calling is what the event about a text says of the groups whose people it calls. It is decided when the text is written.
type Calling struct {
	Groups []int64 `json:"groups,omitempty"`
}

// Said is the data of an event that says nothing else: none where nobody is called.
func (c Calling) Said() any {
	if len(c.Groups) == 0 {
		return nil
	}
	return c
}

// OpenGroup says whether everybody of the company may name a group.
func (tx *Tx) OpenGroup(group *Group, open bool) error {
	group.Open = open
	if _, err := tx.exec("UPDATE groups SET open = ? WHERE id = ?", open, group.ID); err != nil {
		return err
	}
	return tx.groupChanged(group.ID)
}

// reached are the people who can be told of what is in a space, for a condition on the person u.
var reached = `FROM users u JOIN spaces s ON s.id = ? LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = u.id
	WHERE ` + sees + " AND u.import_ref IS NULL AND NOT u.service AND "

// NotifyGroups tells the people of the groups who see a space, each once, except those who have been told and whoever did it. It returns
// all who have been told then.
func (tx *Tx) NotifyGroups(notice Notice, scene Scene, groups, told []int64) ([]int64, error) {
	var members []struct{ UserID, GroupID int64 }
	here, now := tx.here()
	err := tx.raw(tx.ctx, &members, `SELECT u.id AS user_id, (SELECT min(n.group_id) FROM group_members n WHERE n.user_id = u.id AND n.group_id IN ?) AS group_id `+reached+here+`
		AND u.id IN (SELECT n.user_id FROM group_members n JOIN groups g ON g.id = n.group_id WHERE g.id IN ? AND g.deleted_at IS NULL) AND u.id <> `+behind("?")+`
		ORDER BY u.id LIMIT ?`, groups, scene.SpaceID, now, groups, notice.ActorID, notice.ActorID, MaxCalled)
	if err != nil {
		return told, err
	}
	through := make(map[int64]int64, len(members))
	people := make([]int64, 0, len(members))
	for _, member := range members {
		through[member.UserID] = member.GroupID
		people = append(people, member.UserID)
	}
	for _, id := range told {
		delete(through, id)
	}
	if people, err = tx.Hearing(scene, people); err != nil {
		return told, err
	}
	people = slices.DeleteFunc(people, func(id int64) bool { return through[id] == 0 })
	for batch := range slices.Chunk(people, recordBatch) {
		rows, args := make([]string, len(batch)), make([]any, 0, 10*len(batch))
		for i, id := range batch {
			rows[i] = "(?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)"
			args = append(args, id, notice.Kind, notice.ActorID, orNil(notice.IdeaID), orNil(notice.ThreadID), orNil(notice.ArticleID), orNil(notice.GatheringID), notice.PostID, through[id], notice.CreatedAt)
		}
		if _, err := tx.exec("INSERT INTO notices (user_id, kind, actor_id, idea_id, thread_id, article_id, gathering_id, post_id, group_id, count, created_at) VALUES "+strings.Join(rows, ", "), args...); err != nil {
			return told, err
		}
	}
	return append(told, people...), nil
}

// Seeing keeps those of the people who see a space.
func (tx *Tx) Seeing(spaceID int64, people []int64) (seeing []int64, err error) {
	if len(people) == 0 {
		return nil, nil
	}
	here, now := tx.here()
	return seeing, tx.raw(tx.ctx, &seeing, "SELECT u.id "+reached+here+" AND u.id IN ? ORDER BY u.id", spaceID, now, people)
}
