package agenda_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/agenda"
	"ruche/app/apptest"
	"ruche/models"
)

// house has a space of the company, one that few may see and one with a customer; mona leads them. It is a Monday morning.
type house struct {
	*apptest.Site
	now                           time.Time
	alice, bob, mona, rita, karen *models.User
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{now: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)}
	h.Site = apptest.Start(t, func(_ *app.Config, more *app.Options) { more.Clock = func() time.Time { return h.now } })
	h.alice, h.bob, h.mona = h.Person("Alice", models.RoleEmployee), h.Person("Bob", models.RoleEmployee), h.Person("Mona", models.RoleEmployee)
	h.rita, h.karen = h.Person("Rita", models.RoleAuditor), h.Person("Karen", models.RoleExternal)
	h.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager})
	h.Space("closed", models.Restricted, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager})
	h.Space("partners", models.External, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager, h.karen: models.SpaceMember})
	h.Space("square", models.Public, nil)
	return h
}

// form is that of an evening in the zone of the house.
func form(space, title, day string, more ...string) apptest.Form {
	form := apptest.Form{"space": space, "title": title, "starts_day": day, "starts_time": "17:00", "ends_day": day, "ends_time": "18:30", "place": "Atelier 4"}
	for i := 0; i+1 < len(more); i += 2 {
		form[more[i]] = more[i+1]
	}
	return form
}

func (h *house) plan(by *models.User, space, title, day string, more ...string) string {
	to := h.As(by).Post("/events", form(space, title, day, more...)).Status(http.StatusSeeOther).Header.Get("Location")
	id, _, _ := strings.Cut(strings.TrimPrefix(to, "/events/"), "-")
	return id
}

func (h *house) answers(who *models.User, id, answer string) *apptest.Answer {
	return h.As(who).Post("/events/"+id+"/attendance", apptest.Form{"answer": answer})
}

func TestAnEventIsPlannedListedAndSeenWhereItsSpaceIs(t *testing.T) {
	h := open(t)
	h.plan(h.alice, "ateliers", "Fête du four", "2026-12-01", "body", "Bring *flour* <b>.")
	h.plan(h.mona, "closed", "Falcon", "2026-12-02")
	h.plan(h.karen, "partners", "Dinner", "2027-01-05")
	h.plan(h.alice, "ateliers", "Now", "2026-11-30", "starts_time", "09:30")
	h.plan(h.alice, "square", "Open day", "2026-12-20")
	bob := h.As(h.bob)
	bob.Get("/agenda").See("Today", "Now", "This week", "Fête du four", "17:00–18:30", "Atelier 4", "December 2026", "Open day").NotSee("Falcon", "Dinner")
	bob.Get("/agenda?space=ateliers").See("Fête du four").NotSee("Open day")
	bob.Get("/agenda?space=closed").Status(404)
	bob.Get("/agenda?cursor=x").Status(422)
	bob.Get("/events/1").Status(301)
	bob.Get("/events/1-fete-du-four").See("<em>flour</em>", "&lt;b&gt;", "Europe/Paris", "Alice", "Do you come?").NotSee("/events/1/edit")
	bob.Get("/events/2").Status(404)
	bob.Get("/events/2/posts/1").Status(404)
	h.As(h.karen).Get("/agenda").See("Dinner", "Open day", "January 2027").NotSee("Fête", "Falcon")
	h.As(h.karen).Get("/events/1").Status(404)
	h.Visitor().Get("/agenda").See("Open day").NotSee("Fête", "Dinner", "Plan an event")
	h.Visitor().Get("/events/5-open-day").Status(200).NotSee("Do you come?")
	h.As(h.rita).Get("/events/new").Status(403)
	h.As(h.rita).Post("/events", form("square", "x", "2026-12-01")).Status(403)
	h.answers(h.rita, "5", "yes").Status(403)
	h.answers(h.bob, "2", "yes").Status(404)
	h.now = h.now.AddDate(0, 0, 3)
	bob.Get("/agenda").NotSee("Now", "Fête")
	bob.Get("/agenda?past=1").See("Now", "Fête").NotSee("Open day")
}

func TestTheAgendaIsPagedByKey(t *testing.T) {
	h := open(t)
	for i := range 45 {
		h.plan(h.alice, "ateliers", fmt.Sprintf("Round %02d.", i), "2026-12-10", "starts_time", fmt.Sprintf("10:%02d", i))
	}
	page := h.As(h.bob).Get("/agenda").See("Round 00.", "Round 39.").NotSee("Round 40.")
	_, rest, _ := strings.Cut(page.Text, `/agenda?cursor=`)
	cursor, _, _ := strings.Cut(rest, `"`)
	h.As(h.bob).Get("/agenda?cursor="+cursor).See("Round 40.", "Round 44.").NotSee("Round 39.")
}

func TestWhatIsNoEventIsSaidAtItsField(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	for name, c := range map[string]struct {
		words string
		form  []string
	}{
		"end before start":  {"end after it begins", []string{"ends_time", "16:00"}},
		"ten years":         {"31 days at most", []string{"ends_day", "2036-12-01"}},
		"year 99999":        {"between 2000 and 2200", []string{"starts_day", "99999-12-01"}},
		"year 9999":         {"between 2000 and 2200", []string{"ends_day", "9999-12-01"}},
		"over":              {"over already", []string{"starts_day", "2026-11-01", "ends_day", "2026-11-01"}},
		"no such time":      {"clocks are put forward", []string{"starts_day", "2027-03-28", "starts_time", "02:30", "ends_day", "2027-03-28"}},
		"no time":           {"a time such as", []string{"starts_time", "25:00"}},
		"long title":        {`id="title"`, []string{"title", strings.Repeat("a", 10_000)}},
		"no title":          {`id="title"`, []string{"title", " "}},
		"no places":         {"from 1 to 100,000", []string{"capacity", "0"}},
		"too many places":   {"from 1 to 100,000", []string{"capacity", "1099511627776"}},
		"places in letters": {"from 1 to 100,000", []string{"capacity", "many"}},
		"long place":        {"at most 200 characters", []string{"place", strings.Repeat("a", 201)}},
		"script":            {"begins with https", []string{"url", "javascript:alert(1)"}},
		"huge text":         {`id="body-error"`, []string{"body", strings.Repeat("a", 1_000_000)}},
	} {
		alice.Post("/events", form("ateliers", "Talk", "2026-12-01", c.form...)).Status(422).See("field-error", c.words)
		if t.Failed() {
			t.Fatal(name)
		}
	}
	alice.Post("/events", form("", "Talk", "2026-12-01")).Status(422)
	alice.Post("/events", form("closed", "Talk", "2026-12-01")).Status(404)
	twice := form("ateliers", "Talk", "2026-12-01", "once", strings.Repeat("P", 26))
	for range 2 {
		alice.Post("/events", twice).Status(303)
	}
	if body := alice.Get("/agenda").Text; strings.Count(body, ">Talk<") != 1 {
		t.Error("a form sent twice made two events")
	}
}

func TestTimesAreThoseOfTheClockOnBothSidesOfAChangeOfClocks(t *testing.T) {
	h := open(t)
	h.plan(h.alice, "ateliers", "Night shift", "2027-03-27", "starts_time", "23:00", "ends_day", "2027-03-28", "ends_time", "05:00")
	g, err := h.DB.Gathering(t.Context(), h.Actor(h.alice), 1)
	if err != nil || g.EndsAt.Sub(g.StartsAt) != 5*time.Hour {
		t.Errorf("the night is %v long: %v", g.EndsAt.Sub(g.StartsAt), err)
	}
	h.As(h.alice).Get("/events/1/edit").See(`value="23:00"`, `value="05:00"`)
}

func TestPlacesGoToThoseWhoWaitLongest(t *testing.T) {
	h := open(t)
	h.plan(h.alice, "ateliers", "Tour", "2026-12-03", "capacity", "1")
	h.answers(h.bob, "1", "yes").Status(303)
	h.now = h.now.Add(time.Minute)
	h.answers(h.mona, "1", "yes").Status(303)
	h.now = h.now.Add(time.Minute)
	h.answers(h.alice, "1", "yes").Status(303)
	h.As(h.mona).Get("/events/1-tour").See("1 person comes", "2 people wait", "You are on the waiting list", "1, taken")
	h.answers(h.bob, "1", "maybe").Status(303)
	h.Settle()
	h.As(h.mona).Get("/notifications").See("There is a place for you at “Tour”: 3 December 2026, 17:00")
	h.As(h.alice).Get("/notifications").NotSee("There is a place")
	h.As(h.mona).Get("/events/1-tour").See("1 person comes", "1 person waits", "1 person may come").NotSee("You are on")
	h.As(h.alice).Post("/events/1", form("", "Tour", "2026-12-03", "base", "1", "capacity", "2")).Status(303)
	h.As(h.alice).Get("/events/1-tour").See("2 people come").NotSee("waits for a place")
	h.answers(h.mona, "1", "").Status(303)
	h.As(h.bob).Get("/events/1-tour").See("1 person comes", "1 of 2 left")
	h.answers(h.bob, "1", "perhaps").Status(422)
	if err := h.DB.Recount(t.Context(), func(wrong models.Miscount) error { t.Errorf("counted wrongly: %+v", wrong); return nil }); err != nil {
		t.Error(err)
	}
}

func TestTwoWhoTakeTheLastPlaceAtOnceDoNotShareIt(t *testing.T) {
	h := open(t)
	h.plan(h.alice, "ateliers", "Tour", "2026-12-03", "capacity", "1")
	var both sync.WaitGroup
	for _, who := range []*models.User{h.bob, h.mona} {
		client := h.As(who)
		both.Go(func() { client.Post("/events/1/attendance", apptest.Form{"answer": "yes"}).Status(303) })
	}
	both.Wait()
	h.As(h.alice).Get("/events/1-tour").See("1 person comes", "1 person waits")
}

func TestACancelledEventStaysToBeReadAndTellsThoseWhoCome(t *testing.T) {
	h := open(t)
	h.plan(h.alice, "ateliers", "Tour", "2026-12-03")
	h.answers(h.bob, "1", "yes").Status(303)
	alice, bob := h.As(h.alice), h.As(h.bob)
	bob.Get("/events/1/cancellation").Status(403)
	bob.Post("/events/1/cancellation", apptest.Form{"reason": "no"}).Status(403)
	bob.Post("/events/1", form("", "Mine", "2026-12-03", "base", "1")).Status(403)
	alice.Post("/events/1/cancellation", apptest.Form{"reason": " "}).Status(422).See("Say in at most 300 characters")
	alice.Post("/events/1/cancellation", apptest.Form{"reason": "The oven is <b>broken</b>."}).Status(303)
	alice.Post("/events/1/cancellation", apptest.Form{"reason": "Again."}).Status(409)
	h.Settle()
	bob.Get("/notifications").See("Alice cancels “Tour”")
	bob.Get("/agenda").See("Tour", "Cancelled")
	bob.Get("/events/1-tour").See("does not take place", "&lt;b&gt;broken").NotSee("Do you come?")
	h.answers(h.mona, "1", "yes").Status(409)
	alice.Post("/events/1/resumption", nil).Status(303)
	alice.Post("/events/1/resumption", nil).Status(409)
	h.Settle()
	bob.Get("/notifications").See("“Tour” takes place after all")
	h.now = h.now.AddDate(0, 0, 10)
	h.answers(h.mona, "1", "yes").Status(409)
	alice.Post("/events/1/cancellation", apptest.Form{"reason": "Late."}).Status(409)
}

func TestThoseWhoComeHearOfAnotherTimeAndTheDayBefore(t *testing.T) {
	h := open(t)
	h.plan(h.alice, "ateliers", "Tour", "2026-12-03")
	h.answers(h.bob, "1", "maybe").Status(303)
	h.answers(h.mona, "1", "no").Status(303)
	alice := h.As(h.alice)
	alice.Post("/events/1", form("", "Grand tour", "2026-12-03", "base", "1")).Status(303)
	alice.Post("/events/1", form("", "Grand tour", "2026-12-04", "base", "1")).Status(409).See("changed this event meanwhile")
	h.Settle()
	h.As(h.bob).Get("/notifications").NotSee("Grand tour")
	alice.Post("/events/1", form("", "Grand tour", "2026-12-04", "base", "2", "place", "Hall <2>")).Status(303)
	h.Settle()
	h.As(h.bob).Get("/notifications").See("Alice changes when or where “Grand tour” takes place: 4 December 2026, 17:00")
	h.As(h.mona).Get("/notifications").NotSee("Grand tour")
	alice.Get("/events/1-grand-tour").See("Hall &lt;2&gt;", "Version 3", "Version 1")
	alice.Post("/events/1/versions/2", nil).Status(303)
	alice.Get("/events/1-grand-tour").See("3 December 2026", "Version 4")
	alice.Post("/events/1/versions/9", nil).Status(404)
	h.As(h.bob).Post("/events/1/versions/1", nil).Status(403)

	h.now = time.Date(2026, 12, 2, 17, 0, 0, 0, time.UTC)
	for range 2 {
		remind, err := agenda.Look().Work(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		h.Tx(nil, remind)
		h.Settle()
	}
	h.As(h.bob).Get("/notifications").See("“Grand tour” is near: 3 December 2026, 17:00")
	h.As(h.mona).Get("/notifications").NotSee("is near")
}
