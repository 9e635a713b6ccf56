//go:build peers

package postgresql_test

import (
	"errors"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest/peers"
	"ruche/app/apptest/program"
)

// bounded is how long an answer may take while the database is away: the time of a request, and some for a busy machine.
const bounded = 14 * time.Second

// outage is a way for the database to go away and come back.
type outage struct {
	name      string
	away      func(*peers.Postgres) error
	back      func(*testing.T, *peers.Postgres) error
	condition int // of answers refused before it comes back
}

func start(t *testing.T, postgres *peers.Postgres) error { return postgres.Start(t.Context()) }

// TestADatabaseThatGoesAwayIsWaitedFor takes the database away under load, in three ways: shut down, crashed, hanging.
func TestADatabaseThatGoesAwayIsWaitedFor(t *testing.T) {
	postgres := durable(t)
	p, olga := company(t, postgres.URL(""))
	browser := p.SignIn("emile@example.test")
	load := program.NewLoad(olga, "workshop", "outlasting")
	load.Start(4) // the usual amount of work, to know what is at rest afterwards
	p.Until(time.Minute, "ideas are being posted", func() bool { return len(load.Kept()) >= 40 })
	load.Stop()
	calm := settled(t, p)
	for _, o := range []outage{
		{"shut down", (*peers.Postgres).Stop, start, 60},
		{"crashed", (*peers.Postgres).Kill, start, 60},
		{"hanging", (*peers.Postgres).Suspend, func(_ *testing.T, postgres *peers.Postgres) error { return postgres.Resume() }, 16},
	} {
		before, refusedBefore := len(load.Kept()), refused(load)
		load.Start(16)
		p.Until(time.Minute, "ideas are being posted", func() bool { return len(load.Kept()) > before+40 })
		if err := o.away(postgres); err != nil {
			t.Fatal(err)
		}
		p.Until(time.Minute, "requests are refused", func() bool { return refused(load) >= refusedBefore+o.condition })
		while(t, p, browser)
		p.Until(time.Minute, "/readyz says no", func() bool { return p.Status("/readyz") == http.StatusServiceUnavailable })
		if status := p.Status("/livez"); status != http.StatusOK {
			t.Errorf("%s: /livez answers %d", o.name, status)
		}
		if err := o.back(t, postgres); err != nil {
			t.Fatal(err)
		}
		acknowledged := len(load.Kept())
		again := p.Until(5*time.Second, "an idea is posted again", func() bool { return len(load.Kept()) > acknowledged })
		p.Until(5*time.Second, "/readyz says yes", func() bool { return p.Status("/readyz") == http.StatusOK })
		p.Until(5*time.Second, "pages are there", func() bool { answer, err := browser.Get("/"); return err == nil && answer.Status == http.StatusOK })
		load.Stop()
		sent, err := load.Repeat()
		if err != nil {
			t.Error(err)
		}
		p.Consistent(load)
		found := p.Findable(load, 5*time.Second)
		slowest := load.Slowest()
		if slowest > bounded {
			t.Errorf("%s: an answer took %s", o.name, slowest)
		}
		t.Logf("%s: answers %v, slowest %s; %d ideas kept, %d sent again; back after %s, found after %s", o.name, load.Statuses(), slowest.Round(time.Millisecond), len(load.Kept()), sent, again.Round(time.Millisecond), found.Round(time.Millisecond))
	}
	for _, strange := range load.Strange() {
		t.Errorf("answer under load: %s", strange)
	}
	if n := load.Statuses()[0]; n > 0 {
		t.Errorf("%d requests got no answer", n)
	}
	resting(t, p, calm)
	quiet(t, p)
}

// durable is a cluster that keeps what it acknowledged through a crash, as production's does.
func durable(t *testing.T) *peers.Postgres {
	t.Helper()
	postgres, err := peers.StartPostgres(t.Context(), peers.Durable)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(postgres.Resume(), postgres.Close()); err != nil {
			t.Error(err)
		}
	})
	return postgres
}

func refused(load *program.Load) int { return load.Statuses()[http.StatusServiceUnavailable] }

// while asks for a page and for something of the API, as people do who know nothing of the outage.
func while(t *testing.T, p *program.Program, browser *program.Client) {
	t.Helper()
	for path, kind := range map[string]string{"/": "text/html; charset=UTF-8", "/ideas": "text/html; charset=UTF-8", "/search?q=idea": "text/html; charset=UTF-8", "/api/v1/ideas": "application/problem+json"} {
		answer, err := browser.Get(path)
		switch {
		case err != nil:
			t.Errorf("%s: %v", path, err)
		case answer.Status != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" || answer.Header.Get("Content-Type") != kind || answer.Took > bounded:
			t.Errorf("%s: status %d, Retry-After %q, %s after %s", path, answer.Status, answer.Header.Get("Retry-After"), answer.Header.Get("Content-Type"), answer.Took)
		case strings.HasPrefix(kind, "text/html") && !strings.Contains(answer.Text, "</html>"):
			t.Errorf("%s: the page is not whole", path)
		}
	}
	if answer, err := browser.Get("/static/app.css"); err == nil && answer.Status >= 500 {
		t.Errorf("style sheets answer %d", answer.Status)
	}
}

// settled are the goroutines once nothing is being asked for.
func settled(t *testing.T, p *program.Program) int {
	t.Helper()
	last := -1
	p.Until(time.Minute, "the goroutines come to rest", func() bool {
		n := goroutines(t, p)
		calm := n == last
		last = n
		return calm
	})
	return last
}

var gauge = regexp.MustCompile(`(?m)^go_goroutines (\d+)$`)

func goroutines(t *testing.T, p *program.Program) int {
	t.Helper()
	visitor := p.Visitor()
	answer, err := visitor.Get("/metrics")
	if err != nil {
		t.Fatal(err)
	}
	match := gauge.FindStringSubmatch(answer.Text)
	if match == nil {
		t.Fatalf("no goroutines in /metrics:\n%.500s", answer.Text)
	}
	n, err := strconv.Atoi(match[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// resting waits until the server has as many goroutines as before; those of the connections that the test's
// clients keep open are allowed for.
func resting(t *testing.T, p *program.Program, calm int) {
	t.Helper()
	const kept = 2 * 24
	last := 0
	p.Until(time.Minute, "the goroutines are back to base", func() bool {
		last = goroutines(t, p)
		return last <= calm+calm/10+kept
	})
	connections := program.Count(t, p.Rows(), "SELECT count(*) FROM pg_stat_activity WHERE application_name = '' AND backend_type = 'client backend' AND pid <> pg_backend_pid()")
	if connections > 18 {
		t.Errorf("%d connections to the database are open, the pool has 16", connections)
	}
	t.Logf("goroutines: %d before, %d after; connections: %d", calm, last, connections)
}

// quiet fails the test if the log tells of the outages more than a few times.
func quiet(t *testing.T, p *program.Program) {
	t.Helper()
	lines := map[string]int{}
	for line := range strings.Lines(p.Log()) {
		if match := message.FindStringSubmatch(line); match != nil {
			lines[match[1]]++
		}
	}
	for _, line := range slices.Sorted(maps.Keys(lines)) {
		if lines[line] > 30 {
			t.Errorf("the log says %d times %q", lines[line], line)
		}
	}
	t.Logf("log: %v", lines)
}

var message = regexp.MustCompile(`"msg":"([^"]*)"`)
