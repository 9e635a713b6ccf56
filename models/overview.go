package models

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// SpaceFacts is what a list of ideas says about a space beside it: how many ideas stand at each
// stage, the tags of the newest ones, and the campaigns that ideas answer, newest first.
type SpaceFacts struct {
	Stages    map[Stage]int
	Tags      map[string]int
	Campaigns []CampaignName
	// Departments are those of the authors, of enough people each. They are for the house's own people.
	Departments map[string]int
}

// newestTagged bounds the ideas of a space whose tags are counted, so that it costs the same at any size.
const newestTagged = 100

// SpaceFacts counts stages and tags in those of the given spaces that the actor may see. It reads an index
// entry for each idea: callers keep the answer for a while and share it, since it is the same for everyone.
func (q Queries) SpaceFacts(ctx context.Context, actor *Actor, spaceIDs []int64) (map[int64]*SpaceFacts, error) {
	scope := &Actor{ID: actor.ID, Role: actor.Role}
	facts := make(map[int64]*SpaceFacts, len(spaceIDs))
	for _, id := range spaceIDs {
		if access := actor.Access(id); access != nil {
			scope.Spaces = append(scope.Spaces, *access)
			facts[id] = &SpaceFacts{Stages: map[Stage]int{}, Tags: map[string]int{}, Departments: map[string]int{}}
		}
	}
	if len(facts) == 0 {
		return facts, nil
	}
	var rows []struct {
		SpaceID int64
		Stage   Stage
		Tag     string
		N       int
	}
	stages, tags := q.factQueries()
	if err := q.raw(ctx, &rows, stages+" UNION ALL "+tags, scope.spaceList(), scope.spaceList()); err != nil {
		return nil, fmt.Errorf("facts of %d spaces: %w", len(facts), err)
	}
	for _, row := range rows {
		if row.Stage != "" && row.N > 0 {
			facts[row.SpaceID].Stages[row.Stage] = row.N
		} else if row.Tag != "" {
			facts[row.SpaceID].Tags[row.Tag] = row.N
		}
	}
	if err := q.countDepartments(ctx, scope, facts); err != nil {
		return nil, err
	}
	campaigns, err := q.answeredCampaigns(ctx, scope)
	for _, campaign := range campaigns {
		facts[campaign.SpaceID].Campaigns = append(facts[campaign.SpaceID].Campaigns, campaign)
	}
	return facts, err
}

// countDepartments counts the ideas of each department.
func (q Queries) countDepartments(ctx context.Context, scope *Actor, facts map[int64]*SpaceFacts) error {
	spaces := "json_each('[' || ? || ']') s"
	if q.postgres() {
		spaces = "unnest(string_to_array(?, ',')::bigint[]) AS s(value)"
	}
	var rows []struct {
		SpaceID int64
		Name    string
		N       int
	}
	err := q.raw(ctx, &rows, "SELECT s.value AS space_id, substr(p.place, ?) AS name, count(*) AS n FROM "+spaces+` JOIN idea_places p ON p.space_id = s.value AND p.place > ? AND p.place < ?
		GROUP BY s.value, p.place`, len(placeDepartment)+1, scope.spaceList(), placeDepartment, placeDepartment+wordEnd)
	if err != nil {
		return fmt.Errorf("count ideas of departments: %w", err)
	}
	names := make([]string, len(rows))
	for i := range rows {
		names[i] = rows[i].Name
	}
	slices.Sort(names)
	large, err := q.largeDepartments(ctx, slices.Compact(names))
	for _, row := range rows {
		if slices.Contains(large, row.Name) {
			facts[row.SpaceID].Departments[row.Name] = row.N
		}
	}
	return err
}

// factQueries walk the indexes of each space in turn, for the reasons that topIdeas gives.
func (q Queries) factQueries() (stages, tags string) {
	spaces, newest := "json_each('[' || ? || ']') s", "JOIN ideas k ON k.id IN (%s)"
	if q.postgres() {
		spaces, newest = "unnest(string_to_array(?, ',')::bigint[]) AS s(value)", "CROSS JOIN LATERAL (%s) k"
	}
	newest = fmt.Sprintf(newest, fmt.Sprintf("SELECT id FROM ideas WHERE space_id = s.value AND state = 'published' ORDER BY published_at DESC, id DESC LIMIT %d", newestTagged))
	var all []string
	for _, stage := range Stages() {
		all = append(all, "SELECT '"+string(stage)+"' AS stage")
	}
	// A count for each stage reads that stage's part of an index; GROUP BY would read and sort the rows.
	stages = "SELECT s.value AS space_id, v.stage, '' AS tag, (SELECT count(*) FROM ideas i WHERE i.space_id = s.value AND i.stage = v.stage AND i.state = 'published') AS n FROM " +
		spaces + " CROSS JOIN (" + strings.Join(all, " UNION ALL ") + ") v"
	tags = "SELECT s.value AS space_id, '' AS stage, t.tag, count(*) AS n FROM " + spaces + " " + newest +
		" JOIN idea_tags t ON t.idea_id = k.id GROUP BY s.value, t.tag"
	return stages, tags
}
