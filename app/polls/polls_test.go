package polls_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/app/polls"
	"ruche/models"
	"ruche/models/modelstest"
)

// house is one with a thread of Mona's that is a poll, in a space that Lena leads.
type house struct {
	*apptest.Site
	t                        *testing.T
	now                      time.Time
	address                  string
	lena, mona, paul, sophie *models.User
	space                    *models.Space
}

const poll = "/threads/1/poll"

func open(t *testing.T, visibility models.Visibility) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)}
	h.Site = apptest.Start(t, func(config *app.Config, options *app.Options) {
		options.Clock = func() time.Time { return h.now }
		h.address = config.DatabaseURL
	})
	h.lena, h.mona, h.paul, h.sophie = h.Person("Lena", models.RoleEmployee), h.Person("Mona", models.RoleEmployee), h.Person("Paul", models.RoleEmployee), h.Person("Sophie", models.RoleEmployee)
	h.space = h.Space("plant", visibility, map[*models.User]models.SpaceRole{h.lena: models.SpaceManager, h.mona: models.SpaceMember, h.paul: models.SpaceMember})
	modelstest.Exec(t, h.address, fmt.Sprintf("INSERT INTO threads (space_id, kind, title, author_id, created_at, active_at) VALUES (%d, 'poll', 'Where to', %d, '2026-12-03 08:00:00', '2026-12-03 08:00:00')", h.space.ID, h.mona.ID))
	return h
}

func form(pairs ...string) apptest.Form {
	form := apptest.Form{"base": "0", "question": "Where do we meet?", "options": "Lyon\nLille\nNice", "closes_day": "2026-12-10", "closes_time": "18:00", "results": "voted", "anonymous": "0"}
	for i := 0; i < len(pairs); i += 2 {
		form[pairs[i]] = pairs[i+1]
	}
	return form
}

// ask sets the poll up.
func (h *house) ask(kind string, pairs ...string) {
	h.t.Helper()
	h.As(h.mona).Post(poll, form(append([]string{"kind", kind}, pairs...)...)).Status(http.StatusSeeOther)
}

// choose votes with boxes; apptest.Form has one value a name.
func (h *house) choose(user *models.User, base int, options ...int) *apptest.Answer {
	h.t.Helper()
	body := fmt.Sprintf("base=%d", base)
	for _, option := range options {
		body += fmt.Sprintf("&choose=%d", option)
	}
	return h.As(user).Do(http.MethodPost, poll+"/vote", strings.NewReader(body), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

func (h *house) round() {
	h.t.Helper()
	if err := h.Jobs.Plan(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	if err := h.Jobs.RunDue(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func TestAPollFromItsQuestionToItsOutcome(t *testing.T) {
	h := open(t, models.Company)
	mona, paul, lena := h.As(h.mona), h.As(h.paul), h.As(h.lena)
	paul.Get(poll).Status(404)
	paul.Get(poll + "/edit").Status(403)
	mona.Get(poll+"/edit").Status(200).See("Ranked choice", "Consent round")
	mona.Get(poll+"/edit?kind=single").Status(200).See("One on each line", "people may take part")
	mona.Post(poll, form("kind", "single", "options", "Lyon", "closes_day", "2027-13-01")).Status(422).See("At least two options", "on which day")
	h.ask("single", "quorum", "2")

	paul.Get(poll).Status(200).See("Where do we meet?", "Open until 10 December 2026, 18:00", "Results are seen once one has voted", "Quorum: 2 votes").NotSee("Close now", "comes first")
	h.choose(h.paul, 0).Status(422).See("Choose something before you vote")
	h.choose(h.paul, 0, 1).Status(http.StatusSeeOther)
	h.choose(h.paul, 0, 1).Status(http.StatusSeeOther)                                // sent twice
	h.choose(h.paul, 0, 2).Status(409).See("You have voted elsewhere", "value=\"2\"") // from another tab
	paul.Get(poll).See("“Lille” comes first", "1 person voted", "1 more is needed", "Change my vote")
	h.choose(h.paul, 1, 0).Status(http.StatusSeeOther)
	mona.Get(poll).NotSee("comes first")
	mona.Get(poll+"/votes").Status(200).See("Paul", "not shown to you yet").NotSee("Lyon")
	paul.Get(poll+"/votes").Status(200).See("Paul", "Lyon")

	mona.Post(poll, form("kind", "single", "base", "1", "options", "Rome\nBern")).Status(409).See("Somebody has voted")
	mona.Get(poll + "/edit").Status(http.StatusSeeOther)
	paul.Post(poll+"/closing", apptest.Form{"closes_day": "2026-12-05", "closes_time": "09:00"}).Status(403)
	mona.Post(poll+"/closing", apptest.Form{"closes_day": "2026-12-01", "closes_time": "09:00"}).Status(422).See("at least five minutes")
	mona.Post(poll+"/closing", apptest.Form{"closes_day": "2026-12-05", "closes_time": "09:00"}).Status(http.StatusSeeOther)
	paul.Get(poll).See("Open until 5 December 2026, 9:00")
	mona.Get(poll + "/outcome").Status(http.StatusSeeOther) // too early
	mona.Post(poll+"/outcome", apptest.Form{"base": "0", "body": "We meet in Lyon."}).Status(409).See("still open")

	h.now = time.Date(2026, 12, 5, 9, 0, 0, 0, time.UTC) // the clock has ended it; nothing has noted it
	h.choose(h.sophie, 0, 1).Status(409).See("Your vote was not counted")
	h.round()
	h.round()
	h.choose(h.paul, 2, 1).Status(409)
	paul.Get(poll).See("Closed on 5 December 2026", "Waiting for an outcome", "“Lyon” comes first").NotSee("Write the outcome")
	paul.Post(poll+"/outcome", apptest.Form{"body": ""}).Status(403)
	mona.Post(poll+"/outcome", apptest.Form{"base": "0", "body": " ", "review": "2026-12-01"}).Status(422)
	mona.Post(poll+"/outcome", apptest.Form{"base": "0", "body": "We meet in **Lyon**.", "review": "2027-02-01"}).Status(http.StatusSeeOther)
	lena.Post(poll+"/outcome", apptest.Form{"base": "0", "body": "We meet in Lille."}).Status(409).See("Somebody else has written", "<strong>Lyon</strong>")
	lena.Post(poll+"/outcome", apptest.Form{"base": "1", "body": "We meet in Lille."}).Status(http.StatusSeeOther)
	paul.Get(poll).See("Written by Lena", "2 versions").NotSee("Waiting for an outcome")
	paul.Get(poll+"/outcomes").Status(200).See("<strong>Lyon</strong>", "To be looked at again on 1 February 2027")
	paul.Get("/notifications").See("“Where to” has an outcome")
}

func TestAPollIsOpenedAgain(t *testing.T) {
	h := open(t, models.Company)
	h.ask("single", "results", "always")
	mona, paul := h.As(h.mona), h.As(h.paul)
	later := apptest.Form{"closes_day": "2026-12-06", "closes_time": "09:00"}
	mona.Post(poll+"/reopening", later).Status(409).See("still open")
	h.choose(h.paul, 0, 1).Status(http.StatusSeeOther)
	mona.Post(poll+"/closure", nil).Status(http.StatusSeeOther)
	mona.Post(poll+"/outcome", apptest.Form{"base": "0", "body": "We meet in **Lille**.", "review": "2026-12-07"}).Status(http.StatusSeeOther)
	paul.Get(poll).See("<strong>Lille</strong>").NotSee("Open again")
	paul.Post(poll+"/reopening", later).Status(403)
	mona.Post(poll+"/reopening", apptest.Form{"closes_day": "2026-12-01", "closes_time": "09:00"}).Status(422).See("at least five minutes")
	mona.Post(poll+"/reopening", later).Status(http.StatusSeeOther)
	mona.Post(poll+"/reopening", later).Status(http.StatusSeeOther) // sent twice
	h.Settle()
	paul.Get(poll).See("Open until 6 December 2026", "what it had led to before", "1 person voted").NotSee("<strong>Lille</strong>", "Waiting")
	paul.Get(poll + "/outcomes").See("<strong>Lille</strong>")
	h.choose(h.paul, 1, 0).Status(http.StatusSeeOther)
	h.choose(h.lena, 0, 0).Status(http.StatusSeeOther)
	h.now = time.Date(2026, 12, 6, 9, 0, 0, 0, time.UTC)
	h.round()
	paul.Get(poll).See("Waiting for an outcome", "“Lyon” comes first", "2 people voted")
	h.now = h.now.AddDate(0, 0, 4)
	h.round()
	mona.Get("/notifications").See("Where to") // the author is reminded of the outcome of this round, and nobody of the review of the other
	mona.Post(poll+"/outcome", apptest.Form{"base": "0", "body": "Lyon."}).Status(409)
	mona.Post(poll+"/outcome", apptest.Form{"base": "1", "body": "We meet in **Lyon**."}).Status(http.StatusSeeOther)
	paul.Get(poll).See("<strong>Lyon</strong>", "2 versions").NotSee("Waiting")
}

func TestAnAnonymousPollStaysClosed(t *testing.T) {
	h := open(t, models.Company)
	h.ask("single", "anonymous", "1")
	mona := h.As(h.mona)
	mona.Post(poll+"/closure", nil).Status(http.StatusSeeOther)
	mona.Get(poll).See("stays closed").NotSee("Open again")
	mona.Post(poll+"/reopening", apptest.Form{"closes_day": "2026-12-20", "closes_time": "09:00"}).Status(409).See("stays closed")
}

func TestWhoDoesNotSeeTheThreadLearnsNothing(t *testing.T) {
	h := open(t, models.Restricted)
	h.ask("single")
	guest := h.Person("Gus", models.RoleExternal)
	for _, user := range []*models.User{h.sophie, guest} {
		h.As(user).Get(poll).Status(404).NotSee("Where do we meet")
		for _, path := range []string{"/votes", "/outcomes", "/outcome", "/edit"} {
			h.As(user).Get(poll + path).Status(404)
		}
		for _, path := range []string{"", "/vote", "/vote/removal", "/closing", "/closure", "/outcome", "/objections/1"} {
			h.As(user).Post(poll+path, form("kind", "single")).Status(404)
		}
	}
	h.choose(h.paul, 0, 1).Status(http.StatusSeeOther)
	h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(h.space, h.paul, models.SpaceReader) })
	h.choose(h.paul, 1, 0).Status(403)
	h.As(h.paul).Get(poll).Status(200).See("not vote in it")
	h.As(h.mona).Get(poll).See("1 person voted") // it stays counted
}

// TestAWithdrawnPollIsReadByWhoLooksAfterItAndByNobodyElse takes a thread out of sight while its poll runs, and lets that end meanwhile.
func TestAWithdrawnPollIsReadByWhoLooksAfterItAndByNobodyElse(t *testing.T) {
	h := open(t, models.Company)
	h.ask("single")
	h.choose(h.paul, 0, 1).Status(http.StatusSeeOther)
	h.As(h.mona).Post("/threads/1/withdrawal", nil).Status(http.StatusSeeOther)
	h.Settle()
	for _, client := range []*apptest.Client{h.As(h.paul), h.As(h.sophie)} {
		for _, path := range []string{"", "/votes", "/outcomes"} {
			client.Get(poll+path).Status(404).NotSee("Where do we meet", "Lille")
		}
		client.Post(poll+"/vote", form("kind", "single")).Status(404)
		client.Post(poll+"/vote/removal", nil).Status(404)
		client.Get("/discussions").Status(200).NotSee("Where to")
	}
	h.As(h.mona).Get("/threads/1-where-to").Status(200).See("withdrawn")
	for _, user := range []*models.User{h.mona, h.lena} { // who may see it votes no more than those who may not
		h.As(user).Get(poll).Status(200).See("Where do we meet?").NotSee(`action="/threads/1/poll/vote"`)
		h.choose(user, 0, 0).Status(409)
	}
	token := h.Token(h.paul, models.ScopeWrite)
	header := http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}}
	h.Visitor().Do(http.MethodGet, "/api/v1"+poll, nil, header).Status(404)
	h.Visitor().Do(http.MethodPut, "/api/v1"+poll+"/vote", strings.NewReader(`{"marks":[1,0,0]}`), header).Status(404)

	h.now = h.now.AddDate(0, 0, 8) // its end
	h.round()
	h.Settle()
	h.As(h.paul).Get("/notifications").Status(200).NotSee("Where")
	h.As(h.paul).Get(poll).Status(404)
	h.As(h.mona).Post("/threads/1/restoration", nil).Status(http.StatusSeeOther)
	h.As(h.paul).Get(poll).Status(200).See("Where do we meet?", "Lille")
	h.choose(h.sophie, 0, 0).Status(409)
}

func TestNobodyVotesWhereNothingIsWritten(t *testing.T) {
	h := open(t, models.Company)
	h.ask("single")
	modelstest.Exec(t, h.address, "UPDATE threads SET closed_at = '2026-12-03 09:00:00' WHERE id = 1")
	h.choose(h.paul, 0, 1).Status(409).See("thread is closed")
	modelstest.Exec(t, h.address, "UPDATE threads SET closed_at = NULL WHERE id = 1")
	h.As(h.lena).Post("/spaces/plant/archive", nil).Status(http.StatusSeeOther)
	h.choose(h.paul, 0, 1).Status(403)
	h.As(h.mona).Post(poll+"/closure", nil).Status(403)
}

func TestVotesAtOnceByOnePersonCountOnce(t *testing.T) {
	h := open(t, models.Company)
	h.ask("single", "results", "always")
	f, actor := polls.New(h.Web, h.Jobs), h.Actor(h.paul)
	var group sync.WaitGroup
	results := make([]error, 40)
	for n := range results {
		group.Go(func() {
			marks := models.Marks{0, 0, 0}
			marks[n%3] = 1
			results[n] = f.Vote(t.Context(), actor, 1, 0, marks, "")
		})
	}
	group.Wait()
	for _, err := range results {
		if err != nil && !errors.Is(err, models.ErrConflict) {
			t.Error(err)
		}
	}
	_, p, err := h.DB.Poll(t.Context(), actor, 1)
	if err != nil || p.Voters != 1 || p.Tally.Count(0, 1)+p.Tally.Count(1, 1)+p.Tally.Count(2, 1) != 1 {
		t.Errorf("%+v: %v", p, err)
	}
}

func TestAnAnonymousPollNamesNobody(t *testing.T) {
	h := open(t, models.Company)
	h.ask("multiple", "least", "1", "most", "2", "anonymous", "1", "results", "always")
	voters := []*models.User{h.paul, h.lena, h.mona, h.sophie}
	for _, user := range voters {
		h.choose(user, 0, 1, 2).Status(http.StatusSeeOther)
	}
	h.As(h.paul).Get(poll).See("once 5 people have voted", "You have voted").NotSee("comes first", "Who has voted")
	h.As(h.paul).Get(poll + "/votes").Status(404)
	h.choose(h.Person("Quentin", models.RoleEmployee), 0, 1).Status(http.StatusSeeOther)
	h.As(h.mona).Get(poll).See("“Lille” comes first", "5 people voted")
	h.As(h.mona).Post(poll+"/closure", nil).Status(http.StatusSeeOther)
	h.As(h.mona).Get(poll).See("Waiting for an outcome", "5 votes")
	rows := modelstest.Rows(t, h.address)
	if len(rows["poll_votes"]) > 0 {
		t.Errorf("votes are left: %v", rows["poll_votes"])
	}
	for _, event := range rows["events"] {
		if strings.Contains(event, models.PollVoted) && strings.Contains(event, fmt.Sprintf("actor_id=%d", h.paul.ID)) {
			t.Errorf("the log names who voted: %s", event)
		}
	}
}

func TestAConsentRoundAnswersItsObjections(t *testing.T) {
	h := open(t, models.Company)
	h.ask("consent", "question", "We close at four on Fridays.", "results", "always")
	paul, mona := h.As(h.paul), h.As(h.mona)
	paul.Post(poll+"/vote", apptest.Form{"base": "0", "mark_0": "3"}).Status(422).See("Say why you object")
	paul.Post(poll+"/vote", apptest.Form{"base": "0", "mark_0": "3", "reason": "The late shift <b>needs</b> us."}).Status(http.StatusSeeOther)
	paul.Get(poll).See("1 person objects", "&lt;b&gt;needs", "Not answered yet").NotSee("Answer to the objection")
	mona.Post(poll+"/closure", nil).Status(http.StatusSeeOther)
	mona.Post(poll+"/outcome", apptest.Form{"base": "0", "body": "It goes ahead."}).Status(409).See("Answer every objection first")
	paul.Post(poll+"/objections/1", apptest.Form{"reply_1": "Then so be it."}).Status(403)
	mona.Post(poll+"/objections/1", apptest.Form{"reply_1": ""}).Status(422)
	mona.Post(poll+"/objections/2", apptest.Form{"reply_2": "Nobody's."}).Status(404)
	mona.Post(poll+"/objections/1", apptest.Form{"reply_1": "One of us stays."}).Status(http.StatusSeeOther)
	mona.Post(poll+"/outcome", apptest.Form{"base": "0", "body": "It goes ahead."}).Status(http.StatusSeeOther)
	paul.Get(poll).See("One of us stays.", "It goes ahead.")
}

func TestDatesAndRanksAreReadInWords(t *testing.T) {
	h := open(t, models.Company)
	mona, paul := h.As(h.mona), h.As(h.paul)
	dates := form("kind", "dates", "results", "always", "day_0", "2026-12-15", "time_0", "14:30", "day_1", "2026-12-16", "time_1", "", "day_2", "", "time_2", "")
	dates["more"] = "1"
	mona.Post(poll, dates).Status(422).See(`name="day_6"`, `value="14:30"`)
	delete(dates, "more")
	mona.Post(poll, dates).Status(http.StatusSeeOther)
	paul.Get(poll).See("Tuesday, 15 December 2026, 14:30", "Wednesday, 16 December 2026<", "If need be")
	paul.Post(poll+"/vote", apptest.Form{"base": "0", "mark_0": "1", "mark_1": "2"}).Status(http.StatusSeeOther)
	paul.Get(poll).See("“Wednesday, 16 December 2026” comes first")
	paul.Post(poll+"/vote/removal", nil).Status(http.StatusSeeOther)
	paul.Get(poll).See("0 people voted", "Nobody has voted yet")
}

func TestReadingAPollCostsTheSameWithTenThousandVotes(t *testing.T) {
	h := open(t, models.Company)
	h.ask("ranked", "results", "always")
	h.As(h.paul).Post(poll+"/vote", apptest.Form{"base": "0", "mark_0": "1", "mark_1": "2"}).Status(http.StatusSeeOther)
	cost := func(path string) uint64 {
		h.As(h.paul).Get(path).Status(200)
		before := h.DB.Statements()
		h.As(h.paul).Get(path).Status(200)
		return h.DB.Statements() - before
	}
	page, list := cost(poll), cost(poll+"/votes")
	modelstest.Exec(t, h.address, `INSERT INTO poll_votes (thread_id, marks, voted_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) SELECT 1, '[1,2,3]', '2026-12-03 09:00:00' FROM n`)
	modelstest.Exec(t, h.address, `UPDATE polls SET voters = 10000, tally = '{"counts":[[0,10000],[0,0,10000],[1,0,0,9999]],"above":[[0,10000,10000],[0,0,10000],[0,0,0]]}'`)
	h.As(h.paul).Get(poll).See("10,000 people voted", "“Lyon” comes first")
	h.As(h.paul).Get(poll+"/votes").See("Former member", "?before=")
	if now := cost(poll); now != page {
		t.Errorf("the poll costs %d statements, %d with one vote", now, page)
	}
	if now := cost(poll + "/votes"); now != list {
		t.Errorf("the voters cost %d statements, %d with one", now, list)
	}
}

func TestProgramsVoteForTheirPerson(t *testing.T) {
	h := open(t, models.Company)
	h.ask("ranked", "results", "always")
	send := func(user *models.User, method, path, body string) *apptest.Answer {
		return h.Visitor().Do(method, "/api/v1"+path, strings.NewReader(body), http.Header{"Authorization": {"Bearer " + h.Token(user, models.ScopeWrite)}, "Content-Type": {"application/json"}})
	}
	send(h.paul, http.MethodPut, poll+"/vote", `{"marks":[2,1,0]}`).Status(200).See(`"voters":1`, `"places":[{"option":1,"place":1`)
	send(h.paul, http.MethodPut, poll+"/vote", `{"marks":[2,1]}`).Status(422)
	send(h.paul, http.MethodPost, poll+"/closure", "").Status(403)
	send(h.mona, http.MethodPost, poll+"/closure", "").Status(200).See(`"state":"closed"`)
	send(h.paul, http.MethodPut, poll+"/vote", `{"marks":[1,2,3]}`).Status(409)
	send(h.paul, http.MethodPut, poll+"/outcome", `{"body":"Lille."}`).Status(403)
	send(h.mona, http.MethodPut, poll+"/outcome", `{"body":"Lille."}`).Status(200).See(`"body":"Lille."`)
	send(h.Person("Gus", models.RoleExternal), http.MethodGet, poll, "").Status(404)
}
