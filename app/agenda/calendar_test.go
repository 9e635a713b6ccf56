package agenda_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestACalendarHasTheTimesOfEachSeasonAndNoLinesOfItsWritersMaking(t *testing.T) {
	h := open(t)
	h.plan(h.alice, "ateliers", "Tour; hall, \\n BEGIN:VEVENT", "2026-12-03", "place", "Hall\r\nATTENDEE:mailto:x@y.z")
	h.plan(h.alice, "ateliers", "Picnic", "2027-07-01")
	h.plan(h.mona, "closed", "Falcon", "2026-12-03")
	h.answers(h.bob, "1", "yes").Status(303)
	h.answers(h.bob, "2", "maybe").Status(303)
	bob := h.As(h.bob)
	winter := bob.Get("/events/1/calendar.ics").Status(200).See("DTSTART:20261203T160000Z", "DTEND:20261203T173000Z", `SUMMARY:Tour\; hall\, \\n BEGIN:VEVENT`, "STATUS:CONFIRMED").Text
	if strings.Count(winter, "\nBEGIN:VEVENT") != 1 || strings.Contains(winter, "\nATTENDEE") || strings.Contains(strings.ReplaceAll(winter, "\r\n", ""), "\n") {
		t.Errorf("its lines are not its own:\n%s", winter)
	}
	bob.Get("/events/2/calendar.ics").See("DTSTART:20270701T150000Z")
	bob.Get("/events/3/calendar.ics").Status(404)
	h.As(h.karen).Get("/events/1/calendar.ics").Status(404)
	bob.Get("/agenda.ics").See("Tour", "Picnic", "STATUS:TENTATIVE").NotSee("Falcon")
	bob.Get("/agenda.ics?space=ateliers").See("Tour", "Picnic")
	bob.Get("/agenda.ics?space=closed").Status(404)
	h.Visitor().Get("/agenda.ics").Status(303)
	h.Visitor().Get("/agenda.ics?space=square").Status(200).NotSee("Tour")
	h.Visitor().Get("/agenda.ics?token=guess").Status(404)

	_, rest, _ := strings.Cut(bob.Post("/account/feeds", nil).Status(200).See("/agenda.ics?token=").Text, "?token=")
	token, _, _ := strings.Cut(rest, "<")
	h.Visitor().Get("/agenda.ics?token="+token).Status(200).See("Tour", "Picnic").NotSee("Falcon")
	h.As(h.alice).Post("/events/1/cancellation", apptest.Form{"reason": "Rain, again."}).Status(303)
	h.Visitor().Get("/agenda.ics?token="+token).See("STATUS:CANCELLED", `DESCRIPTION:Rain\, again.`, "SEQUENCE:2")
}

func TestProgramsPlanChangeAndAttendEvents(t *testing.T) {
	h := open(t)
	call := func(token, method, path, body string, headers ...string) *apptest.Answer {
		header := http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}}
		for i := 0; i+1 < len(headers); i += 2 {
			header.Set(headers[i], headers[i+1])
		}
		return h.Visitor().Do(method, "/api/v1/events"+path, strings.NewReader(body), header)
	}
	alice, bob, karen := h.Token(h.alice, models.ScopeWrite), h.Token(h.bob, models.ScopeWrite), h.Token(h.karen, models.ScopeWrite)
	plan := `{"space":"ateliers","title":"Tour","starts_at":"2026-12-03T17:00:00+01:00","ends_at":"2026-12-03T17:30:00Z","capacity":1}`
	for range 2 {
		call(alice, "POST", "", plan, "Idempotency-Key", "k1").Status(201).See(`"starts_at":"2026-12-03T16:00:00Z"`)
	}
	call(alice, "POST", "", strings.Replace(plan, "2026-12-03T17:30", "2036-12-03T17:30", 1)).Status(422)
	call(alice, "POST", "", strings.Replace(plan, `"capacity":1`, `"capacity":1099511627776`, 1)).Status(422)
	call(alice, "POST", "", strings.Replace(plan, `"capacity":1`, `"capacity":0`, 1)).Status(422)
	call(karen, "POST", "", plan).Status(404)
	call(bob, "PUT", "/1/attendance", `{"answer":"yes"}`).Status(200).See(`"answer":"yes"`, `"coming":1`)
	call(alice, "PUT", "/1/attendance", `{"answer":"yes"}`).Status(200).See(`"waits":true`, `"waiting":1`)
	call(bob, "DELETE", "/1/attendance", "").Status(200).See(`"answer":""`, `"coming":1`, `"waiting":0`)
	call(karen, "PUT", "/1/attendance", `{"answer":"yes"}`).Status(404)
	var got struct{ Items []struct{ ID int64 } }
	if err := json.Unmarshal([]byte(call(bob, "GET", "", "").Status(200).Text), &got); err != nil || len(got.Items) != 1 {
		t.Errorf("listed %+v, %v", got, err)
	}
	call(bob, "PATCH", "/1", `{"title":"Mine"}`).Status(403)
	tag := call(alice, "GET", "/1", "").Status(200).Header.Get("ETag")
	call(alice, "PATCH", "/1", `{"title":"Grand tour","capacity":0}`, "If-Match", tag).Status(200).See("Grand tour", `"capacity":null`)
	call(alice, "PATCH", "/1", `{"title":"Again"}`, "If-Match", tag).Status(412)
	call(bob, "POST", "/1/posts", `{"body":"Parking?"}`).Status(201).See(`"event":1`)
	call(karen, "GET", "/1/posts", "").Status(404)
	call(alice, "PUT", "/1/cancellation", `{"reason":"Rain."}`).Status(200).See("Rain.")
	call(bob, "PUT", "/1/attendance", `{"answer":"yes"}`).Status(409)
	call(bob, "DELETE", "/1/cancellation", "").Status(403)
	call(alice, "DELETE", "/1/cancellation", "").Status(200).See(`"cancelled_at":null`)
}
