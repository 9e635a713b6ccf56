package models

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ideaKeys chooses the plan by what bounds the list: a person's own ideas and those they follow are
// few, and those with a tag where it is rare; everything else walks the index of its order in each space.
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
	case query.Tag != "":
		return q.taggedIdeas(ctx, scope, query)
	default:
		sql, args = q.topIdeas(scope, query)
	}
	return sql, args, nil
}

// taggedIdeas finds the keys of a tag's ideas: they are sorted in the spaces where they are few, and met
// while walking the index where they are many. Walking everywhere would read whole spaces that lack the tag.
func (q Queries) taggedIdeas(ctx context.Context, scope *Actor, query IdeaQuery) (sql string, args []any, err error) {
	rare, common, err := q.tagSpaces(ctx, scope, query.Tag)
	if err != nil {
		return "", nil, err
	}
	if len(common.Spaces) == 0 {
		sql, args = q.rareIdeas(rare, query)
		return sql, args, nil
	}
	sql, args = q.topIdeas(common, query)
	if len(rare.Spaces) > 0 {
		others, more := q.rareIdeas(rare, query)
		sql, args = "SELECT id FROM ("+sql+") a UNION ALL SELECT id FROM ("+others+") b", append(args, more...)
	}
	return sql, args, nil
}

func (q Queries) rareIdeas(scope *Actor, query IdeaQuery) (sql string, args []any) {
	seen, list := q.visible(scope, "g.space_id")
	seen = strings.TrimPrefix(seen, "+") // here the index by space is the one to use
	tag := query.Tag
	query.Tag = ""
	sql, args = q.fewIdeas(scope, query, "t.id "+q.few("SELECT g.idea_id FROM idea_tags g WHERE g.tag = ? AND "+seen), tag)
	return sql, slices.Insert(args, 1, list)
}

// rareTag is up to how many ideas of a space with one tag are sorted. Finding each costs as much as
// twenty steps along an index.
const rareTag = 100

// tagSpaces tells the spaces in which a tag is rare, or absent, from those in which it is common.
func (q Queries) tagSpaces(ctx context.Context, scope *Actor, tag string) (rare, common *Actor, err error) {
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
	}, fmt.Sprintf("SELECT s.value, EXISTS (SELECT 1 FROM idea_tags g WHERE g.tag = ? AND g.space_id = s.value LIMIT 1 OFFSET %d) FROM %s", rareTag, spaces), tag, scope.spaceList())
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

// topIdeas finds the keys by taking the first of each visible space from the index of the order and
// merging them, reading nothing but the index. Asking for all spaces at once makes SQLite sort every row, or
// walk the whole index for someone whose spaces are nearly empty.
// The text is the same for nearly everyone, so it is parsed and planned once.
func (q Queries) topIdeas(scope *Actor, query IdeaQuery) (string, []any) {
	spaces, floor := "json_each('[' || ? || ']')", "-1e300" // which SQLite takes for less than any text too
	each, nth := "$ideas", "JOIN ideas c ON c.id = (SELECT f.id $nth)"
	if q.postgres() {
		// Without a limit of its own PostgreSQL cannot know how little it would read along the index of a space.
		each = "LATERAL (SELECT t.id, t.$column FROM $ideas ORDER BY t.$column DESC, t.id DESC LIMIT $limit) t"
		spaces, floor = "unnest(string_to_array(?, ',')::bigint[])", query.Sort.floor()
		nth = "CROSS JOIN LATERAL (SELECT f.$column, f.id $nth) c"
	}
	outer, filter := query.filter("t")
	inner, _ := query.filter("f")
	own := append([]any{scope.spaceList()}, filter...)
	bounds, args := "", own
	for _, b := range query.bounds(len(scope.Spaces)) {
		bounds += fmt.Sprintf(`SELECT last, id FROM (SELECT c.$column AS last, c.id FROM $spaces AS z(value) %s ORDER BY last DESC, c.id DESC LIMIT 1 OFFSET %d) b
			UNION ALL `, strings.ReplaceAll(nth, "$nth",
			fmt.Sprintf("FROM ideas f WHERE f.space_id = z.value AND f.state = 'published'$inner ORDER BY f.$column DESC, f.id DESC LIMIT 1 OFFSET %d", b.depth-1)), b.spaces-1)
		args = slices.Concat(args, own)
	}
	text := strings.ReplaceAll(`
		SELECT t.id FROM $spaces AS s(value) CROSS JOIN `+each+`
		ORDER BY t.$column DESC, t.id DESC LIMIT $limit`, "$ideas", `ideas t WHERE t.space_id = s.value AND t.state = 'published'$outer
			AND (t.$column, t.id) >= (`+bounds+`SELECT $floor, 0 LIMIT 1)`)
	if !q.postgres() {
		text = strings.ReplaceAll(text, "(value)", "") // the column's name already
	}
	return strings.NewReplacer("$column", query.Sort.column(), "$spaces", spaces, "$floor", floor, "$outer", outer, "$inner", inner,
		"$limit", strconv.Itoa(query.Limit)).Replace(text), args
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

// bound is where a list can stop: at the least of the keys that so many spaces have, when each is looked into to a depth.
type bound struct{ spaces, depth int }

// bounds are the bounds to try; the first that there is, is taken. A few spaces make a page together, and are looked into
// less deeply each. Where fewer have that many ideas, the page of one space bounds the page of all. Of a tag's ideas,
// which lie far apart, every space here has plenty.
func (query IdeaQuery) bounds(visible int) []bound {
	one, together := bound{spaces: 1, depth: query.Limit}, 3
	if query.Tag != "" {
		together = 8
	}
	if together = min(visible, together); together == 1 {
		return []bound{one}
	}
	return []bound{{spaces: together, depth: (query.Limit + together - 1) / together}, one}
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
	if query.Tag != "" {
		sql += " AND EXISTS (SELECT 1 FROM idea_tags g WHERE g.tag = ? AND g.idea_id = " + ideas + ".id LIMIT 1 OFFSET 0)" // without the OFFSET PostgreSQL reads all ideas of the tag
		args = append(args, query.Tag)
	}
	if query.After != nil {
		sql += " AND (" + ideas + "." + query.Sort.column() + ", " + ideas + ".id) < (?, ?)"
		args = append(args, query.After.value(query.Sort), query.After.ID)
	}
	return sql, args
}
