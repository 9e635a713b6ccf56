package proof_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ruche/models"
)

// TestMain asks for few companies: each is asked thousands of questions. -rapid.checks=50 looks longer.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "4"); err != nil {
		panic(err)
	}
	if err := flag.Set("rapid.nofailfile", "true"); err != nil {
		panic(err)
	}
	flag.Parse()
	os.Exit(m.Run())
}

// TestNoRouteTellsWhatThePolicyHides asks every route of the house about everything as everyone.
func TestNoRouteTellsWhatThePolicyHides(t *testing.T) {
	rapid.Check(t, func(draw *rapid.T) {
		h := moveIn(t, drawCompany(draw))
		report := func(format string, args ...any) { draw.Errorf(format, args...) }
		h.holdPolicy(t, report)
		h.holdLists(t, report)
		for _, route := range h.routes() {
			rule, known := rules[route]
			if !known {
				report("%s has no rule: say in rules_test.go who may ask for it", route)
				continue
			}
			h.holdRoute(t, route, rule, report)
		}
	})
}

// TestEveryRuleIsOfARoute finds rules whose route has gone.
func TestEveryRuleIsOfARoute(t *testing.T) {
	h := moveIn(t, &company{people: []models.Role{models.RoleOwner}})
	for route := range rules {
		if !slices.Contains(h.routes(), route) {
			t.Errorf("%s is in the rules and not in the house", route)
		}
	}
}

// routes are those of the house, without the style sheets.
func (h *house) routes() (routes []string) {
	for _, route := range h.site.Echo.Routes() {
		catchAll := (route.Path == "/*" || route.Path == "/scim/v2/*") && route.Method != http.MethodGet
		if !catchAll && route.Path != "/static/*" && route.Method != "echo_route_not_found" {
			routes = append(routes, route.Method+" "+route.Path)
		}
	}
	slices.Sort(routes)
	return routes
}

// holdRoute asks one route about everything as everyone. What is hidden answers exactly as what was never there;
// what is refused is refused and changes nothing; what is allowed is answered; and no answer holds a hidden word.
// Allowed changes are not made: they are the matter of the features' own tests, and of the route table.
func (h *house) holdRoute(t *testing.T, route string, rule rule, report func(string, ...any)) {
	t.Helper()
	method, pattern, _ := strings.Cut(route, " ")
	for _, p := range h.everyone() {
		before := h.lastEvent(t)
		for _, s := range h.subjects(rule.about) {
			if s.about == anAnswer && h.reads(p, s.n) && !h.lists(p, s.n) {
				continue // who reads a withdrawn idea knows of it: whether they hear "gone" or "not you" is the same to them
			}
			exists := h.exists(p, s, rule)
			allowed := exists && (rule.allowed == nil || rule.allowed(h.company, p, s.n))
			if allowed && (method != http.MethodGet || rule.stream) {
				continue
			}
			got := h.ask(t, p, method, h.address(method, pattern+rule.query, s), rule)
			where := fmt.Sprintf("%s about %s %d as %s", route, s.about, s.n, h.name(p))
			for _, word := range h.leaks(p, got, rule) {
				report("%s tells of %s", where, word)
			}
			switch {
			case rule.allowed == nil:
			case !exists:
				if never := h.ask(t, p, method, none.Replace(pattern+rule.query), rule); !got.like(never) {
					report("%s answers %d to what is hidden and %d to what never was\n%s", where, got.status, never.status, difference(got, never))
				}
			case !allowed && !got.refused(p):
				report("%s answers %d, want a refusal\n%.300s", where, got.status, got.text)
			case allowed && (got.status >= http.StatusBadRequest || got.refused(p)):
				report("%s answers %d to someone who may\n%.300s", where, got.status, got.text)
			}
		}
		if after := h.lastEvent(t); after != before {
			report("%s was refused to %s and something happened: event %d", route, h.name(p), after)
		}
	}
}

// like tells whether someone could not tell two answers apart. Addresses of what they asked for are as they asked.
func (a answer) like(b answer) bool {
	leads := func(location string) string { before, _, _ := strings.Cut(location, "?next="); return before }
	return a.status == b.status && leads(a.location) == leads(b.location) && a.text == b.text
}

func difference(a, b answer) string {
	at := 0
	for at < len(a.text) && at < len(b.text) && a.text[at] == b.text[at] {
		at++
	}
	from := max(0, at-60)
	return fmt.Sprintf("…%.200s\n…%.200s", a.text[min(from, len(a.text)):], b.text[min(from, len(b.text)):])
}

func (h *house) lastEvent(t *testing.T) int64 {
	t.Helper()
	id, err := h.site.DB.LastEventID(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// holdPolicy compares the policy's own answers with the model's.
func (h *house) holdPolicy(t *testing.T, report func(string, ...any)) {
	t.Helper()
	for _, p := range h.everyone() {
		actor, err := h.site.DB.Visitor(t.Context())
		if p != visitor {
			actor, err = h.site.DB.ActorByID(t.Context(), h.users[p].ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		for r, space := range h.spaces {
			if sees := actor.Access(space.ID) != nil; sees != h.sees(p, r) {
				report("%s sees %s room %d: %v, by the model %v", h.name(p), space.Visibility, r, sees, h.sees(p, r))
			}
			for _, act := range []models.Act{models.PostIdea, models.SupportIdea, models.PostComment, models.TakeBack, models.FollowIdea, models.Moderate, models.StageIdea, models.ManageSpace} {
				if may := actor.Can(act, space); may != h.may(p, act, r) {
					report("%s may %s in %s room %d: %v, by the model %v", h.name(p), act, space.Visibility, r, may, !may)
				}
			}
		}
	}
}

// holdLists looks for wrongful refusals too: lists, counts and search hold all that someone may see.
func (h *house) holdLists(t *testing.T, report func(string, ...any)) {
	t.Helper()
	for _, p := range h.everyone() {
		var want []int64
		perRoom := map[string]int{}
		for i := range h.ideas {
			if h.lists(p, i) {
				want = append(want, h.ideaIDs[i])
				perRoom[h.spaces[h.ideas[i].room].Slug] += 2 // the idea and its comment
			}
		}
		for _, sort := range []string{"trending", "newest", "supported", "active"} {
			if got := h.listed(t, p, "/api/v1/ideas?limit=2&sort="+sort); !slices.Equal(got, want) {
				report("%s is listed %v by %s, want %v", h.name(p), got, sort, want)
			}
		}
		var found struct {
			Total  int
			Facets map[string][]struct {
				Value string
				Count int
			}
		}
		h.read(t, p, "/api/v1/search?limit=50&q=zqall", &found)
		if found.Total != 2*len(want) {
			report("%s finds %d, want %d", h.name(p), found.Total, 2*len(want))
		}
		counted := map[string]int{}
		for _, facet := range found.Facets["space"] {
			counted[facet.Value] = facet.Count
		}
		if fmt.Sprint(counted) != fmt.Sprint(perRoom) {
			report("%s is told that %v are found where, want %v", h.name(p), counted, perRoom)
		}
		h.holdRooms(t, p, report)
	}
}

func (h *house) holdRooms(t *testing.T, p int, report func(string, ...any)) {
	t.Helper()
	var spaces struct{ Items []struct{ Slug string } }
	h.read(t, p, "/api/v1/spaces", &spaces)
	page := h.ask(t, p, http.MethodGet, "/spaces", rule{})
	for r, space := range h.spaces {
		listed := slices.ContainsFunc(spaces.Items, func(item struct{ Slug string }) bool { return item.Slug == space.Slug })
		if shown := strings.Contains(page.text, roomWord(r)); listed != h.sees(p, r) || shown != (h.sees(p, r) || h.knowsOf(p, r)) {
			report("%s: room %d is listed: %v, shown: %v, want %v, or known %v", h.name(p), r, listed, shown, h.sees(p, r), h.knowsOf(p, r))
		}
	}
	for i := range h.ideas {
		answer := h.ask(t, p, http.MethodGet, "/search/suggestions?q="+ideaWord(i), rule{})
		if suggested := strings.Contains(answer.text, "Idea "+ideaWord(i)); suggested != h.lists(p, i) {
			report("%s is suggested idea %d: %v, want %v", h.name(p), i, suggested, h.lists(p, i))
		}
	}
}

// listed turns all pages of a list and returns the ids, sorted.
func (h *house) listed(t *testing.T, p int, path string) (ids []int64) {
	t.Helper()
	for cursor := ""; ; {
		var page struct {
			Items []struct{ ID int64 }
			Next  *string
		}
		h.read(t, p, path+"&cursor="+url.QueryEscape(cursor), &page)
		for _, item := range page.Items {
			ids = append(ids, item.ID)
		}
		if page.Next == nil || *page.Next == "" {
			slices.Sort(ids)
			return ids
		}
		cursor = *page.Next
	}
}

func (h *house) read(t *testing.T, p int, path string, into any) {
	t.Helper()
	got := h.ask(t, p, http.MethodGet, path, rule{})
	if got.status != http.StatusOK {
		t.Fatalf("GET %s as %s: %d %.300s", path, h.name(p), got.status, got.text)
	}
	if err := json.Unmarshal([]byte(got.text), into); err != nil {
		t.Fatal(err)
	}
}
