package models

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// tops is a list of what is published in a table, by a column in whose order each space has an index, or each of what else it is found by.
type tops struct {
	table, column string
	by            string // the column it is found by; the space if empty
	floor         string // less than any value of the column, of the column's type
	limit         int
	filter        func(name string) (sql string, args []any) // what narrows the list, on rows of that name
	bounds        []bound
}

// bound is where a list can stop: at the least of the keys that so many spaces have, when each is looked into to a depth.
type bound struct{ spaces, depth int }

// boundsOf are the bounds to try; the first that there is, is taken. A few spaces make a page together, and are looked into
// less deeply each. Where fewer have that many ideas, the page of one space bounds the page of all. Of a label's ideas,
// which lie far apart, every space here has plenty.
func boundsOf(visible, limit int, labelled bool) []bound {
	one, together := bound{spaces: 1, depth: limit}, 3
	if labelled {
		together = 8
	}
	if together = min(visible, together); together == 1 {
		return []bound{one}
	}
	return []bound{{spaces: together, depth: (limit + together - 1) / together}, one}
}

// tops finds the keys by taking the first of each visible space from the index of the order and
// merging them, reading nothing but the index. Asking for all spaces at once makes SQLite sort every row, or
// walk the whole index for someone whose spaces are nearly empty.
// The text is the same for nearly everyone, so it is parsed and planned once.
func (q Queries) tops(scope *Actor, list tops) (string, []any) {
	return q.topsOf(scope.spaceList(), list)
}

// topsOf is tops with what it is found by as one text, as spaceList writes it.
func (q Queries) topsOf(ids string, list tops) (string, []any) {
	spaces, floor := "json_each('[' || ? || ']')", "-1e300" // which SQLite takes for less than any text too
	each, nth := "$rows", "JOIN $table c ON c.id = (SELECT f.id $nth)"
	if q.postgres() {
		// Without a limit of its own PostgreSQL cannot know how little it would read along the index of a space.
		each = "LATERAL (SELECT t.id, t.$column FROM $rows ORDER BY t.$column DESC, t.id DESC LIMIT $limit) t"
		spaces, floor = "unnest(string_to_array(?, ',')::bigint[])", list.floor
		nth = "CROSS JOIN LATERAL (SELECT f.$column, f.id $nth) c"
	}
	outer, filter := list.filter("t")
	inner, _ := list.filter("f")
	own := append([]any{ids}, filter...)
	bounds, args := "", own
	for _, b := range list.bounds {
		bounds += fmt.Sprintf(`SELECT last, id FROM (SELECT c.$column AS last, c.id FROM $spaces AS z(value) %s ORDER BY last DESC, c.id DESC LIMIT 1 OFFSET %d) b
			UNION ALL `, strings.ReplaceAll(nth, "$nth",
			fmt.Sprintf("FROM $table f WHERE f.$by = z.value AND f.state = 'published'$inner ORDER BY f.$column DESC, f.id DESC LIMIT 1 OFFSET %d", b.depth-1)), b.spaces-1)
		args = slices.Concat(args, own)
	}
	text := strings.ReplaceAll(`
		SELECT t.id FROM $spaces AS s(value) CROSS JOIN `+each+`
		ORDER BY t.$column DESC, t.id DESC LIMIT $limit`, "$rows", `$table t WHERE t.$by = s.value AND t.state = 'published'$outer
			AND (t.$column, t.id) >= (`+bounds+`SELECT $floor, 0 LIMIT 1)`)
	if !q.postgres() {
		text = strings.ReplaceAll(text, "(value)", "") // the column's name already
	}
	return strings.NewReplacer("$table", list.table, "$by", cmp.Or(list.by, "space_id"), "$column", list.column, "$spaces", spaces, "$floor", floor, "$outer", outer, "$inner", inner,
		"$limit", strconv.Itoa(list.limit)).Replace(text), args
}
