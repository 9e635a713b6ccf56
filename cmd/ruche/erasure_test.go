package main_test

import (
	"database/sql"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"ruche/app/apptest/program"
	"ruche/models"
)

// manyIdeas is more than one transaction of an erasure removes, several times over.
const manyIdeas = 600

// TestAnErasureThatIsKilledGoesOnByItself kills the server while it removes what a former member has written.
func TestAnErasureThatIsKilledGoesOnByItself(t *testing.T) {
	p, olga := company(t, nil)
	p.Must("user", "create", "zenobie@example.test", "--name", "Zénobie Quatremère")
	load := program.NewLoad(p.Token("zenobie@example.test"), "workshop", "ephemeral")
	load.Start(8)
	p.Until(2*time.Minute, "much is written", func() bool { return len(load.Kept()) >= manyIdeas })
	load.Stop()
	rows := p.Rows()
	her := strconv.Itoa(program.Count(t, rows, "SELECT id FROM users WHERE email = 'zenobie@example.test'"))
	left := func() int {
		return program.Count(t, rows, "SELECT count(*) FROM ideas WHERE title <> '–'")
	}
	unfinished := func() bool {
		return program.Count(t, rows, "SELECT count(*) FROM erasures WHERE finished_at IS NULL") > 0
	}

	boss := p.SignIn("olga@example.test")
	settings := url.Values{"contributions": {"choose"}}
	for _, period := range models.Periods() {
		settings.Set(string(period.Kind), strconv.Itoa(period.Usual))
	}
	send(t, boss, "/privacy/settings", settings)
	all, cut := left(), 0
	send(t, boss, "/people/"+her+"/erasure", url.Values{"contributions": {"remove"}})
	for range 3 {
		for before := left(); left() == before && unfinished(); { // a batch has gone
		}
		p.Kill()
		if unfinished() {
			cut++
			whole(t, rows)
		}
		// The minute is over after which a job is taken up again whose worker has stopped to exist.
		if _, err := rows.Exec("UPDATE jobs SET due_at = created_at WHERE kind = 'erasure'"); err != nil {
			t.Fatal(err)
		}
		p.Start()
	}
	took := p.Until(time.Minute, "the erasure is done", func() bool { return !unfinished() })
	if cut == 0 {
		t.Error("no kill hit the erasure while it was under way")
	}
	if left() != 0 {
		t.Errorf("%d of %d ideas are left", left(), all)
	}
	if n := program.Count(t, rows, "SELECT count(*) FROM users WHERE email LIKE 'zenobie%' OR name LIKE '%Quatrem%' OR name_key LIKE '%quatrem%'"); n > 0 {
		t.Errorf("%d accounts have the name still", n)
	}
	p.Until(time.Minute, "the index has forgotten them", func() bool {
		answer, err := olga.JSON(http.MethodGet, "/search?q=ephemeral", nil)
		var found struct{ Total int }
		return err == nil && answer.Decode(&found) == nil && answer.Status == http.StatusOK && found.Total == 0
	})
	t.Logf("%d ideas, %d of 3 kills hit the erasure, done %s after the last", all, cut, took.Round(time.Millisecond))
}

// send has someone send a form that is answered by another page.
func send(t *testing.T, client *program.Client, path string, form url.Values) {
	t.Helper()
	if answer, err := client.Form(path, form); err != nil || answer.Status != http.StatusSeeOther {
		t.Fatalf("%s: %v %+v", path, err, answer)
	}
}

// whole fails the test where an erasure has left something half done: each idea is there as it was or gone with all that
// hung on it, and the name goes before anything else.
func whole(t *testing.T, rows *sql.DB) {
	t.Helper()
	for what, query := range map[string]string{
		"ideas are half gone":                  "SELECT count(*) FROM ideas WHERE (title = '–') <> (body = '') OR (title = '–') <> (state = 'withdrawn')",
		"ideas that are gone have versions":    "SELECT count(*) FROM idea_versions v JOIN ideas i ON i.id = v.idea_id WHERE i.title = '–'",
		"ideas that are gone have tags":        "SELECT count(*) FROM idea_tags g JOIN ideas i ON i.id = g.idea_id WHERE i.title = '–'",
		"ideas went before the name had gone":  "SELECT count(*) FROM ideas WHERE title = '–' AND EXISTS (SELECT 1 FROM users WHERE name LIKE '%Quatrem%' OR email LIKE 'zenobie%')",
		"erasures have begun without a job":    "SELECT count(*) FROM erasures WHERE finished_at IS NULL AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'erasure' AND state = 'waiting')",
		"ideas are withdrawn without an event": "SELECT count(*) FROM ideas i WHERE i.title = '–' AND 1 <> (SELECT count(*) FROM events e WHERE e.verb = 'idea.withdrawn' AND e.subject_id = i.id)",
	} {
		if n := program.Count(t, rows, query); n > 0 {
			t.Errorf("%d times %s", n, what)
		}
	}
}
