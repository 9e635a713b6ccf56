package proof_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// subject is what a request is about, by its place in the company's lists.
type subject struct {
	about about
	n     int
}

// subjects are all things of a kind.
func (h *house) subjects(kind about) (all []subject) {
	count := map[about]int{nothing: 1, somebodys: 1, aSpace: len(h.rooms), aCampaign: len(h.rooms), aDraft: len(h.rooms), aVote: len(h.rooms), aPoll: len(h.rooms), aRegistration: len(h.rooms), anAgreement: len(h.rooms), aPerson: len(h.people), aGroup: len(h.groups)}[kind]
	if kind == anIdea || kind == aComment || kind == anAnswer || kind == aRemoved || kind == aFile || kind == aProject || kind == aStep || kind == anUpdate || kind == aBenefit {
		count = len(h.ideas)
	}
	for n := range count {
		all = append(all, subject{kind, n})
	}
	return all
}

// exists tells whether there is such a thing for someone, as far as the route may tell them.
func (h *house) exists(p int, s subject, rule rule) bool {
	switch s.about {
	case aSpace:
		return h.sees(p, s.n) || rule.known && h.knowsOf(p, s.n)
	case aRegistration:
		return h.registers(s.n)
	case aCampaign, aVote, aPoll:
		return h.sees(p, s.n)
	case aDraft:
		return h.may(p, models.RunCampaigns, s.n)
	case anAgreement:
		return h.sees(p, s.n) && h.rooms[s.n].agreement
	case anIdea, aComment, aRemoved, aFile, aProject, aStep, anUpdate, aBenefit:
		return h.reads(p, s.n)
	case anAnswer, aListed:
		return h.lists(p, s.n)
	case aPerson:
		return h.knows(p, s.n)
	case somebodys:
		return p == s.n
	}
	return true
}

// none names things that nobody has ever made.
var none = strings.NewReplacer(":slug", "no-such-room", ":shift", "987654321", ":idea", "987654321", ":id", "987654321", ":other", "987654322", ":merge", "1", ":post", "987654321", ":person", "987654321", ":field", "987654321", ":vote", "987654321", ":amendment", "987654321", ":step", "987654321", ":update", "987654321", ":benefit", "987654321", ":number", "1", ":sign", "1", ":skill", "987654321", ":email", "nobody%40example.test", "/*", "/nothing")

// address fills in a route's parameters.
func (h *house) address(method, pattern string, s subject) string {
	pairs := []string{":number", "1", ":sign", "1", ":skill", "987654321", ":person", "987654321", "/*", "/nothing"}
	id := func(n int64) string { return fmt.Sprint(n) }
	switch s.about {
	case nothing:
		pairs = append(pairs, ":id", "987654321")
	case aSpace, aRegistration, anAgreement:
		pairs = append(pairs, ":slug", h.spaces[s.n].Slug, ":email", "nobody%40example.test", ":id", "987654321")
	case aCampaign:
		field := h.fields[s.n]
		if method == http.MethodDelete || strings.HasSuffix(pattern, "/removal") || strings.HasSuffix(pattern, "/restoration") {
			field = h.spares[s.n]
		}
		pairs = append(pairs, ":id", id(h.campaigns[s.n]), ":field", id(field))
	case aVote:
		pairs = append(pairs, ":id", id(h.votes[s.n]))
	case aPoll:
		pairs = append(pairs, ":id", id(h.polls[s.n]), ":vote", "987654321")
	case aDraft:
		pairs = append(pairs, ":id", id(h.drafts[s.n]))
	case anIdea, aListed:
		pairs = append(pairs, ":id", id(h.ideaIDs[s.n]), ":amendment", id(h.amendment[s.n]))
	case aProject, aStep, anUpdate, aBenefit:
		pairs = append(pairs, ":id", id(h.projects[s.n]), ":step", id(h.steps[s.n]), ":update", id(h.updates[s.n]), ":benefit", id(h.benefits[s.n]))
	case aComment, anAnswer:
		pairs = append(pairs, ":id", id(h.ideaIDs[s.n]), ":post", id(h.comment[s.n]))
	case aRemoved:
		pairs = append(pairs, ":id", id(h.ideaIDs[s.n]), ":post", id(h.removed[s.n]))
	case aFile:
		pairs = append(pairs, ":id", id(h.files[s.n]))
	case aPerson:
		pairs = append(pairs, ":id", id(h.users[s.n].ID), ":other", id(h.users[(s.n+1)%len(h.users)].ID), ":merge", "1")
	case aGroup:
		pairs = append(pairs, ":id", id(h.groups[s.n].ID), ":email", "nobody%40example.test")
	case somebodys:
		pairs = append(pairs, ":id", "1") // everyone has one token, the first person the first, and the first passkey
	}
	return strings.NewReplacer(append(pairs, ":field", "987654321")...).Replace(pattern) // the first of two counts
}

// answer is what a test compares: everything that the asker can tell one thing from another by.
type answer struct {
	status   int
	location string
	text     string
}

// ask sends one request as someone, by their session or, to the API, by their token.
func (h *house) ask(t *testing.T, p int, method, path string, rule rule) answer {
	t.Helper()
	client, header := h.clients[p], http.Header{}
	var content io.Reader
	if strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/scim/") {
		client = h.clients[visitor]
		if p != visitor {
			header.Set("Authorization", "Bearer "+h.bearer[p])
		}
		if rule.body != nil {
			raw, err := json.Marshal(rule.body)
			if err != nil {
				t.Fatal(err)
			}
			content = bytes.NewReader(raw)
			header.Set("Content-Type", "application/json")
		}
	} else if method != http.MethodGet {
		content = strings.NewReader(rule.form)
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	got := client.Do(method, path, content, header)
	return answer{got.StatusCode, got.Header.Get("Location"), anonymous(got)}
}

// anonymous is the text of an answer without the number of the request and the address that it was sent to.
func anonymous(got *apptest.Answer) string {
	text := strings.ReplaceAll(got.Text, got.Header.Get("X-Request-Id"), "NUMBER")
	path := got.Request.URL.RequestURI()
	for _, form := range []string{path, strings.ReplaceAll(path, "&", "&amp;"), strings.ReplaceAll(strings.ReplaceAll(path, "/", "%2F"), "?", "%3F")} {
		text = strings.ReplaceAll(text, form, "PATH")
	}
	return text
}

// refused tells whether someone was told that they may not: visitors are asked to sign in first, and people from outside
// to accept an agreement.
func (a answer) refused(p int) bool {
	if p == visitor {
		return a.status == http.StatusUnauthorized || a.status == http.StatusSeeOther && strings.HasPrefix(a.location, "/sign-in?next=")
	}
	return a.status == http.StatusForbidden || a.status == http.StatusSeeOther && strings.Contains(a.location, "/agreement?next=")
}

var words = regexp.MustCompile(`zq(room|campaign|draft|idea|removed)(\d+)`)

// leaks are the words in an answer of which someone may not know, or not by this route.
func (h *house) leaks(p int, a answer, rule rule) (found []string) {
	for _, match := range words.FindAllStringSubmatch(a.text+a.location, -1) {
		n, err := strconv.Atoi(match[2]) // of digits only
		if err != nil {
			continue
		}
		known := match[1] == "campaign" && h.sees(p, n) || match[1] == "draft" && h.may(p, models.RunCampaigns, n) || match[1] == "room" && (h.sees(p, n) || rule.known && h.knowsOf(p, n) || rule.about == aRegistration && h.registers(n)) || match[1] == "idea" && h.reads(p, n)
		if !known {
			found = append(found, match[0])
		}
	}
	return found
}
