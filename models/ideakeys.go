package models

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// ideaKeys chooses the plan by what bounds the list: a person's own ideas and those they follow are
// few, and those with a label where it is rare; everything else walks the index of its order in each space.
func (q Queries) ideaKeys(ctx context.Context, scope *Actor, query IdeaQuery) (sql string, args []any, err error) {
	switch {
	case query.Mine:
		sql, args = q.fewIdeas(scope, query, "t.id "+q.few("SELECT id FROM ideas WHERE author_id = ? UNION SELECT idea_id FROM co_authors WHERE user_id = ? AND state = 'joined' UNION SELECT a.id FROM hidden_authors h JOIN ideas a ON a.author_id = h.mask_id WHERE h.user_id = ?"), scope.ID, scope.ID, scope.ID)
	case query.AuthorID != 0:
		sql, args = q.fewIdeas(scope, query, "t.id "+q.few("SELECT id FROM ideas WHERE author_id = ? UNION SELECT idea_id FROM co_authors WHERE user_id = ? AND state = 'joined'"), query.AuthorID, query.AuthorID)
	case query.Followed:
		sql, args = q.fewIdeas(scope, query, "t.id "+q.few("SELECT idea_id FROM follows WHERE user_id = ?"), scope.ID)
	case query.CampaignID != 0: // whose own indexes are the orders
		campaign := query.CampaignID
		query.CampaignID = 0
		sql, args = q.fewIdeas(scope, query, "t.campaign_id = ?", campaign)
	case len(query.labels()) > 0:
		return q.labelledIdeas(ctx, scope, query)
	default:
		sql, args = q.topIdeas(scope, query)
	}
	return sql, args, nil
}

// label is what ideas are found by that have it in a table beside them, with their space: a tag, or one of some places.
type label struct {
	table, column string
	values        []string
	drop          func(*IdeaQuery) // takes it from what narrows a list
}

// labels are those that the list is narrowed by.
func (query *IdeaQuery) labels() (labels []label) {
	if query.Tag != "" {
		labels = append(labels, label{"idea_tags", "tag", []string{query.Tag}, func(q *IdeaQuery) { q.Tag = "" }})
	}
	if query.Department != "" {
		labels = append(labels, label{"idea_places", "place", []string{placeDepartment + query.Department}, func(q *IdeaQuery) { q.Department = "" }})
	}
	if len(query.Places) > 0 {
		labels = append(labels, label{"idea_places", "place", query.Places, func(q *IdeaQuery) { q.Places = nil }})
	}
	return labels
}

// labelledIdeas finds the keys of the ideas with labels: they are sorted in the spaces where those with one of them are few, and met
// while walking the index where they are many. Walking everywhere would read whole spaces that lack it.
func (q Queries) labelledIdeas(ctx context.Context, scope *Actor, query IdeaQuery) (text string, args []any, err error) {
	var parts []string
	add := func(part string, more []any) { parts, args = append(parts, part), append(args, more...) }
	for _, l := range query.labels() {
		if len(scope.Spaces) == 0 {
			break
		}
		var rare *Actor
		if rare, scope, err = q.labelSpaces(ctx, scope, l); err != nil {
			return "", nil, err
		}
		if len(rare.Spaces) > 0 {
			add(q.rareIdeas(rare, query, l))
		}
	}
	if len(scope.Spaces) > 0 {
		add(q.topIdeas(scope, query))
	}
	if len(parts) == 1 {
		return parts[0], args, nil
	}
	return "SELECT id FROM (" + strings.Join(parts, ") a UNION ALL SELECT id FROM (") + ") a", args, nil
}

func (q Queries) rareIdeas(scope *Actor, query IdeaQuery, by label) (sql string, args []any) {
	seen, list := q.visible(scope, "g.space_id")
	seen = strings.TrimPrefix(seen, "+") // here the index by space is the one to use
	by.drop(&query)
	return q.fewIdeas(scope, query, "t.id "+q.few("SELECT g.idea_id FROM "+by.table+" g WHERE g."+by.column+" IN ? AND "+seen), by.values, list)
}

// rareTag is up to how many ideas of a space with one label are sorted. Finding each costs as much as
// twenty steps along an index.
const rareTag = 100

// labelSpaces tells the spaces in which a label is rare, or absent, from those in which it is common.
func (q Queries) labelSpaces(ctx context.Context, scope *Actor, by label) (rare, common *Actor, err error) {
	spaces := "unnest(string_to_array(?, ',')::bigint[]) AS s(value)"
	if !q.postgres() {
		spaces = "json_each('[' || ? || ']') s"
	}
	rare, common = &Actor{ID: scope.ID, Role: scope.Role}, &Actor{ID: scope.ID, Role: scope.Role}
	err = q.each(ctx, func(rows *sql.Rows) error {
		var id int64
		var many bool
		err := rows.Scan(&id, &many)
		to := rare
		if many {
			to = common
		}
		if access := scope.Access(id); access != nil {
			to.Spaces = append(to.Spaces, *access)
		}
		return err
	}, fmt.Sprintf("SELECT s.value, EXISTS (SELECT 1 FROM %s g WHERE g.%s IN ? AND g.space_id = s.value LIMIT 1 OFFSET %d) FROM %s", by.table, by.column, rareTag, spaces), by.values, scope.spaceList())
	return rare, common, err
}

// few is the condition that an id is among the few that a query finds. PostgreSQL would rather join them
// with all the ideas that the other conditions leave.
func (q Queries) few(ids string) string {
	if q.postgres() {
		return "= ANY (ARRAY(" + ids + "))"
	}
	return "IN (" + ids + ")"
}

// fewIdeas finds the keys among the few ideas that the condition leaves.
func (q Queries) fewIdeas(scope *Actor, query IdeaQuery, condition string, arg ...any) (string, []any) {
	seen, list := q.visible(scope, "(t.space_id + 0)") // the sum is in no index, so that only the condition chooses one
	filter, args := query.filter("t")
	args = slices.Concat(arg, []any{list}, args)
	column := query.Sort.column()
	return fmt.Sprintf("SELECT t.id FROM ideas t WHERE %s AND %s AND t.state = 'published'%s ORDER BY t.%s DESC, t.id DESC LIMIT %d", condition, seen, filter, column, query.Limit), args
}

// topIdeas finds the keys by taking the first of each visible space from the index of the order: see tops.
func (q Queries) topIdeas(scope *Actor, query IdeaQuery) (string, []any) {
	return q.tops(scope, tops{table: "ideas", column: query.Sort.column(), floor: query.Sort.floor(), limit: query.Limit, filter: query.filter, bounds: query.bounds(len(scope.Spaces))})
}

// floor is less than any value of the column, of the column's type.
func (s Sort) floor() string {
	switch s.column() {
	case "hot":
		return "-1e300::float8"
	case "support_count":
		return "-1"
	}
	return "'-infinity'::timestamptz"
}

// bounds are the bounds to try: see boundsOf.
func (query IdeaQuery) bounds(visible int) []bound {
	return boundsOf(visible, query.Limit, len(query.labels()) > 0)
}

// filter is the part of the condition that the filters and the place in the list make, on the ideas of that name.
func (query IdeaQuery) filter(ideas string) (sql string, args []any) {
	if query.Sort == SortUnanswered {
		sql += " AND " + ideas + ".comment_count = 0"
	}
	if query.CampaignID != 0 {
		sql += " AND " + ideas + ".campaign_id = ?"
		args = append(args, query.CampaignID)
	}
	if query.Stage != "" {
		sql += " AND " + ideas + ".stage = ?"
		args = append(args, query.Stage)
	}
	for _, l := range query.labels() {
		sql += " AND EXISTS (SELECT 1 FROM " + l.table + " g WHERE g." + l.column + " IN ? AND g.idea_id = " + ideas + ".id LIMIT 1 OFFSET 0)" // without the OFFSET PostgreSQL reads all ideas of the label
		args = append(args, l.values)
	}
	unmuted, more := query.muted.ideas(ideas)
	sql, args = sql+unmuted, append(args, more...)
	if query.After != nil {
		sql += " AND (" + ideas + "." + query.Sort.column() + ", " + ideas + ".id) < (?, ?)"
		args = append(args, query.After.value(query.Sort), query.After.ID)
	}
	return sql, args
}
