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
	"support counts differ from the supports": "SELECT count(*) FROM ideas i WHERE i.origins = 0 AND i.support_count <> i.imported_supports + (SELECT count(*) FROM supports s WHERE s.idea_id = i.id)",
	"comment counts differ from the comments": "SELECT count(*) FROM ideas i WHERE i.comment_count <> (SELECT count(*) FROM posts c WHERE c.idea_id = i.id AND c.removed_at IS NULL)",
	"ideas have not one event of their own":   "SELECT count(*) FROM ideas i WHERE 1 <> (SELECT count(*) FROM events e WHERE e.verb = 'idea.posted' AND e.subject_id = i.id)",
	"post counts of articles differ":          "SELECT count(*) FROM articles a WHERE a.comment_count <> (SELECT count(*) FROM posts c WHERE c.article_id = a.id AND c.removed_at IS NULL)",
	"posts have not one event":                "SELECT count(*) FROM posts c WHERE c.number <> 1 AND 1 <> (SELECT count(*) FROM events e WHERE e.verb = 'post.posted' AND e.subject_id = c.id)",
	"threads have not one event":              "SELECT count(*) FROM threads t WHERE 1 <> (SELECT count(*) FROM events e WHERE e.verb = 'thread.begun' AND e.subject_id = t.id)",
	"post counts differ from the posts":       "SELECT count(*) FROM threads t WHERE t.post_count <> (SELECT count(*) FROM posts c WHERE c.thread_id = t.id AND c.removed_at IS NULL)",
	"last numbers differ from the posts":      "SELECT count(*) FROM threads t WHERE t.last_number <> (SELECT coalesce(max(c.number), 0) FROM posts c WHERE c.thread_id = t.id)",
	"counts of people differ from the people": "SELECT count(*) FROM threads t WHERE t.people_count <> (SELECT count(*) FROM thread_people p WHERE p.thread_id = t.id AND p.wrote_at IS NOT NULL)",
	"people who ask the same are miscounted":  "SELECT count(*) FROM threads t WHERE t.same_count <> (SELECT count(*) FROM thread_people p WHERE p.thread_id = t.id AND p.same_at IS NOT NULL)",
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

// Findable waits until searching for the load's word finds every acknowledged idea, and as many ideas as
// the database has, and returns how long that took.
func (p *Program) Findable(load *Load, limit time.Duration) time.Duration {
	p.t.Helper()
	want := Count(p.t, p.Rows(), fmt.Sprintf("SELECT count(*) FROM ideas WHERE title LIKE '%s %%'", load.word))
	return p.Until(limit, fmt.Sprintf("search finds %d ideas, the acknowledged ones among them", want), func() bool {
		total, titles, err := load.found()
		if err != nil || total != want {
			return false
		}
		for title := range load.Kept() {
			if !titles[title] {
				return false // or it changed places while the pages were turned: ranks move as other texts come in
			}
		}
		return true
	})
}

// found searches for the load's word, page by page.
func (l *Load) found() (total int, titles map[string]bool, err error) {
	titles = map[string]bool{}
	for cursor, more := "", true; more; more = cursor != "" {
		answer, err := l.client.JSON("GET", "/search?type=idea&limit=50&q="+l.word+"&cursor="+url.QueryEscape(cursor), nil)
		if err != nil {
			return 0, nil, err
		}
		var page struct {
			Total int
			Hits  []struct{ Title string }
			Next  string
		}
		if err := answer.Decode(&page); err != nil {
			return 0, nil, err
		}
		for _, hit := range page.Hits {
			titles[hit.Title] = true
		}
		cursor, total = page.Next, page.Total
	}
	return total, titles, nil
}
