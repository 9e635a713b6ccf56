package app_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"

	"ruche/models"
)

// To take over what the house answers now, after looking at each difference:
//
//	go test ./app -run TestEveryRouteAnswersEveryKindOfPersonAsTheTableSays -update
var update = flag.Bool("update", false, "write testdata/routes.golden anew")

const golden = "testdata/routes.golden"

// TestEveryRouteAnswersEveryKindOfPersonAsTheTableSays asks for every route of the house as a visitor, an
// external member of the external space, an employee, a moderator of another space, the manager of the
// spaces, a community manager and an owner. What they ask for is Aline's: an idea, a comment, a picture in a space
// of each visibility. A route that the table does not know fails.
func TestEveryRouteAnswersEveryKindOfPersonAsTheTableSays(t *testing.T) {
	w := newWorld(t)
	got := w.table()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(filepath.FromSlash(golden))
	if err != nil {
		t.Fatal(err)
	}
	want := rows(string(raw))
	have := rows(got)
	for route, answers := range have {
		switch before, known := want[route]; {
		case !known:
			t.Errorf("%s has no row in %s; it answers %s", route, golden, answers)
		case before != answers:
			t.Errorf("%s answers\n\t%s, the table says\n\t%s", route, answers, before)
		}
	}
	for route := range want {
		if _, still := have[route]; !still {
			t.Errorf("%s is in %s and not in the house", route, golden)
		}
	}
}

// rows reads a table: what stands before the answers, and the answers.
func rows(table string) map[string]string {
	out := map[string]string{}
	for _, line := range strings.Split(table, "\n")[1:] {
		fields := strings.Fields(line)
		if first := slices.IndexFunc(fields, func(field string) bool { _, err := strconv.Atoi(field); return err == nil }); first > 0 {
			out[strings.Join(fields[:first], " ")] = strings.Join(fields[first:], " ")
		}
	}
	return out
}

// table asks for everything as everyone.
func (w *world) table() string {
	w.t.Helper()
	out := &strings.Builder{}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "route\tabout")
	for _, p := range w.cast {
		fmt.Fprint(table, "\t", p.name)
	}
	fmt.Fprintln(table)
	for _, route := range w.routes() {
		method, pattern, _ := strings.Cut(route, " ")
		for _, about := range subjects(pattern) {
			fmt.Fprint(table, route, "\t", about)
			for _, p := range w.cast {
				fmt.Fprint(table, "\t", w.ask(p, method, pattern, about))
			}
			fmt.Fprintln(table)
		}
	}
	if err := table.Flush(); err != nil {
		w.t.Fatal(err)
	}
	return out.String()
}

// routes are those of the house, without the style sheets.
func (w *world) routes() (routes []string) {
	for _, route := range w.site.Echo.Routes() {
		catchAll := (route.Path == "/*" || route.Path == "/scim/v2/*") && route.Method != http.MethodGet
		if !catchAll && route.Path != "/static/*" && route.Method != "echo_route_not_found" {
			routes = append(routes, route.Method+" "+route.Path)
		}
	}
	slices.SortFunc(routes, func(a, b string) int {
		methodA, pathA, _ := strings.Cut(a, " ")
		methodB, pathB, _ := strings.Cut(b, " ")
		return strings.Compare(pathA+" "+methodA, pathB+" "+methodB)
	})
	return routes
}

// subjects are what a route is asked about: each kind of space where it is about one.
func subjects(pattern string) []string {
	switch {
	case strings.Contains(pattern, "/ideas/:id"), strings.Contains(pattern, "/threads/:id"), aboutArticles(pattern), aboutEvents(pattern), pattern == "/events", pattern == "/api/v1/events", pattern == "/agenda", pattern == "/agenda.ics", aboutTemplates(pattern), pattern == "/templates", pattern == "/api/v1/templates", pattern == "/api/v1/threads", pattern == "/api/v1/collections", pattern == "/api/v1/articles", pattern == "/api/v1/articles/drafts", strings.HasPrefix(pattern, "/shifts/"), strings.HasPrefix(pattern, "/api/v1/posts/"), strings.Contains(pattern, "/spaces/:slug"), strings.Contains(pattern, "/files/:id"), strings.Contains(pattern, "/posts/:post/reactions"), pattern == "/links/:id/picture",
		strings.HasPrefix(pattern, "/live/"), pattern == "/ideas", pattern == "/imports", pattern == "/api/v1/ideas", pattern == "/people/suggestions", pattern == "/drafts/*", pattern == "/invitations", strings.Contains(pattern, "/invitations/:id"),
		strings.Contains(pattern, "/projects/:id"), pattern == "/api/v1/projects", strings.Contains(pattern, "/campaigns/:id"), pattern == "/campaigns", pattern == "/api/v1/campaigns", pattern == "/follows", strings.HasSuffix(pattern, "/follows/:kind/:target"):
		out := []string{}
		for _, visibility := range models.Visibilities() {
			out = append(out, string(visibility))
		}
		return out
	case pattern == "/people/:id", pattern == "/people/:id/skills/:skill", pattern == "/people/:id/erasure":
		return []string{"author", "stranger"}
	}
	return []string{"-"}
}

// ask sends one player's request and returns the status of the answer.
func (w *world) ask(p *player, method, pattern, about string) int {
	w.t.Helper()
	visibility := models.Visibility(about)
	r := w.request(p, method, pattern, about)
	if r.prepare != nil {
		r.prepare(w)
	}
	status := w.status(p, method, r)
	if r.undo != nil {
		r.undo(w)
	}
	if r.spoils {
		w.furnish(visibility)
	}
	if pattern == "/sign-out" && p.user != nil {
		p.client = w.site.As(p.user)
	}
	return status
}
