package program

import (
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Rows opens the installation's database for questions that no page answers.
func (p *Program) Rows() *sql.DB {
	p.t.Helper()
	if p.rows != nil {
		return p.rows
	}
	driver, dsn := "pgx", p.Database()
	if path, ok := strings.CutPrefix(dsn, "sqlite://"); ok {
		driver, dsn = "sqlite", "file:"+path+"?_pragma=busy_timeout(10000)"
	}
	rows, err := sql.Open(driver, dsn)
	if err != nil {
		p.t.Fatal(err)
	}
	rows.SetMaxIdleConns(1)
	p.t.Cleanup(func() { _ = rows.Close() })
	p.rows = rows
	return rows
}

// Count is the number that a query answers.
func Count(t testing.TB, rows *sql.DB, query string) (n int) {
	t.Helper()
	if err := rows.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// contradictions are queries that count what must not be: counters that differ from their rows, things
// that happened without their event or with two.
var contradictions = map[string]string{
	"support counts differ from the supports": "SELECT count(*) FROM ideas i WHERE i.support_count <> i.imported_supports + (SELECT count(*) FROM supports s WHERE s.idea_id = i.id)",
	"comment counts differ from the comments": "SELECT count(*) FROM ideas i WHERE i.comment_count <> (SELECT count(*) FROM comments c WHERE c.idea_id = i.id AND c.removed_at IS NULL)",
	"ideas have not one event of their own":   "SELECT count(*) FROM ideas i WHERE 1 <> (SELECT count(*) FROM events e WHERE e.verb = 'idea.posted' AND e.subject_id = i.id)",
	"comments have not one event":             "SELECT count(*) FROM comments c WHERE 1 <> (SELECT count(*) FROM events e WHERE e.verb = 'comment.posted' AND e.subject_id = c.id)",
	"events tell of ideas that do not exist":  "SELECT count(*) FROM events e WHERE e.verb = 'idea.posted' AND NOT EXISTS (SELECT 1 FROM ideas i WHERE i.id = e.subject_id)",
	"supports have no event":                  "SELECT count(*) FROM ideas i WHERE (SELECT count(*) FROM supports s WHERE s.idea_id = i.id) <> (SELECT count(*) FROM events e WHERE e.verb = 'idea.supported' AND e.subject_id = i.id)",
	"titles are there twice":                  "SELECT count(*) FROM (SELECT title FROM ideas GROUP BY title HAVING count(*) > 1) twice",
}

// Consistent fails the test where the database contradicts itself or an acknowledged idea is missing.
func (p *Program) Consistent(load *Load) {
	p.t.Helper()
	rows := p.Rows()
	for what, query := range contradictions {
		if n := Count(p.t, rows, query); n > 0 {
			p.t.Errorf("%d times %s", n, what)
		}
	}
	stored := map[string]int64{}
	found, err := rows.Query("SELECT title, id FROM ideas")
	if err != nil {
		p.t.Fatal(err)
	}
	defer found.Close()
	for found.Next() {
		var title string
		var id int64
		if err := found.Scan(&title, &id); err != nil {
			p.t.Fatal(err)
		}
		stored[title] = id
	}
	if err := found.Err(); err != nil {
		p.t.Fatal(err)
	}
	for title, id := range load.Kept() {
		if stored[title] != id {
			p.t.Errorf("idea %d %q was acknowledged and is not there (that title has id %d)", id, title, stored[title])
		}
	}
}

// Findable waits until searching for the load's word finds every acknowledged idea, and every idea that
// the database has, and returns how long that took.
func (p *Program) Findable(load *Load, limit time.Duration) time.Duration {
	p.t.Helper()
	want := Count(p.t, p.Rows(), fmt.Sprintf("SELECT count(*) FROM ideas WHERE title LIKE '%s %%'", load.word))
	took := p.Until(limit, fmt.Sprintf("search finds %d ideas", want), func() bool {
		answer, err := load.client.JSON("GET", "/search?type=idea&limit=1&q="+load.word, nil)
		var found struct{ Total int }
		return err == nil && answer.Decode(&found) == nil && found.Total == want
	})
	hits := map[string]bool{}
	for cursor, more := "", true; more; more = cursor != "" {
		answer, err := load.client.JSON("GET", "/search?type=idea&limit=50&q="+load.word+"&cursor="+url.QueryEscape(cursor), nil)
		if err != nil {
			p.t.Fatal(err)
		}
		var found struct {
			Hits []struct{ Title string }
			Next string
		}
		if err := answer.Decode(&found); err != nil {
			p.t.Fatalf("search: %v: %.500s", err, answer.Text)
		}
		for _, hit := range found.Hits {
			hits[hit.Title] = true
		}
		cursor = found.Next
	}
	for title := range load.Kept() {
		if !hits[title] {
			p.t.Errorf("%q was acknowledged and is not found", title)
		}
	}
	return took
}
