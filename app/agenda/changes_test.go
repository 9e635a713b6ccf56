package agenda_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ruche/app/agenda"
	"ruche/app/apptest"
	"ruche/models"
)

func TestWhoGetsAPlaceDoesNotLearnWhoGaveItUp(t *testing.T) {
	h := open(t)
	h.plan(h.mona, "square", "Fair", "2026-12-03", "capacity", "1")
	h.answers(h.bob, "1", "yes").Status(http.StatusSeeOther)
	h.answers(h.karen, "1", "yes").Status(http.StatusSeeOther)
	h.answers(h.bob, "1", "no").Status(http.StatusSeeOther)
	h.Settle()
	h.As(h.karen).Get("/notifications").See("There is a place for you").NotSee("Bob")
}

func TestNobodyAdvancesInWhatIsCancelledUntilItTakesPlaceAfterAll(t *testing.T) {
	h := open(t)
	h.plan(h.alice, "ateliers", "Tour", "2026-12-03", "capacity", "1")
	h.answers(h.bob, "1", "yes").Status(http.StatusSeeOther)
	h.answers(h.mona, "1", "yes").Status(http.StatusSeeOther)
	alice := h.As(h.alice)
	alice.Post("/events/1/cancellation", apptest.Form{"reason": "Rain."}).Status(http.StatusSeeOther)
	alice.Post("/events/1", form("", "Tour", "2026-12-04", "base", "1", "capacity", "5")).Status(http.StatusSeeOther)
	h.Settle()
	h.As(h.mona).Get("/notifications").NotSee("There is a place for you").NotSee("changes when or where")
	alice.Post("/events/1/resumption", nil).Status(http.StatusSeeOther)
	h.Settle()
	h.As(h.mona).Get("/notifications").See("There is a place for you")
}

func TestNobodyIsRemindedOfWhatHasBegun(t *testing.T) {
	h := open(t)
	h.plan(h.alice, "ateliers", "Tour", "2026-12-03")
	h.answers(h.bob, "1", "yes").Status(http.StatusSeeOther)
	h.now = time.Date(2026, 12, 7, 9, 0, 0, 0, time.UTC)
	remind, err := agenda.Look().Work(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	h.Tx(nil, remind)
	h.Settle()
	h.As(h.bob).Get("/notifications").NotSee("is near")
}

// line is a line of the calendar file of the first event.
func line(t *testing.T, reader *apptest.Client, name string) string {
	t.Helper()
	lines := strings.Split(reader.Get("/events/1/calendar.ics").Text, "\r\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, name+":") })
	if i < 0 {
		t.Fatalf("no %s in %q", name, lines)
	}
	return strings.TrimPrefix(lines[i], name+":")
}

func TestCalendarsCountEveryChange(t *testing.T) {
	h := open(t)
	h.plan(h.alice, "ateliers", "Tour", "2026-12-03")
	alice := h.As(h.alice)
	said := line(t, alice, "SEQUENCE") + " " + line(t, alice, "DTSTAMP")
	for _, change := range []func(){
		func() {
			alice.Post("/events/1/cancellation", apptest.Form{"reason": "Rain."}).Status(http.StatusSeeOther)
		},
		func() { alice.Post("/events/1/resumption", nil).Status(http.StatusSeeOther) },
		func() {
			alice.Post("/events/1", form("", "Another tour", "2026-12-03", "base", "1")).Status(http.StatusSeeOther)
		},
	} {
		h.now = h.now.Add(time.Minute)
		change()
		before := said
		said = line(t, alice, "SEQUENCE") + " " + line(t, alice, "DTSTAMP")
		n, _ := strconv.Atoi(strings.Fields(said)[0])
		if m, _ := strconv.Atoi(strings.Fields(before)[0]); n <= m || strings.Fields(said)[1] <= strings.Fields(before)[1] {
			t.Errorf("after %q it says %q", before, said)
		}
	}
}

func TestTheHourThatComesTwiceStaysTheOneThatWasMeant(t *testing.T) {
	h := open(t)
	header := http.Header{"Authorization": {"Bearer " + h.Token(h.alice, models.ScopeWrite)}, "Content-Type": {"application/json"}}
	alice := h.As(h.alice)
	for n, begins := range []string{"2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"} {
		base := strconv.Itoa(1 + 2*n)
		if n == 0 {
			h.Visitor().Do("POST", "/api/v1/events", strings.NewReader(`{"space":"ateliers","title":"Night","starts_at":"`+begins+`","ends_at":"2027-10-31T04:00:00Z"}`), header).Status(http.StatusCreated)
		} else {
			h.Visitor().Do("PATCH", "/api/v1/events/1", strings.NewReader(`{"starts_at":"`+begins+`"}`), http.Header{"Authorization": header["Authorization"], "Content-Type": header["Content-Type"], "If-Match": {`"2"`}}).Status(http.StatusOK)
		}
		f := form("", "Night shift "+base, "2027-10-31", "base", base, "place", "")
		f["starts_time"], f["ends_time"] = "02:30", "05:00"
		alice.Post("/events/1", f).Status(http.StatusSeeOther)
		if got, want := line(t, alice, "DTSTART"), strings.NewReplacer("-", "", ":", "").Replace(begins); got != want {
			t.Errorf("it begins at %s, not %s", got, want)
		}
	}
}

func TestAFormSentAgainWithOtherPlacesIsNotTheSame(t *testing.T) {
	h := open(t)
	alice, once := h.As(h.alice), "0123456789abcdef0123456789abcdef"
	alice.Post("/events", form("ateliers", "Tour", "2026-12-03", "once", once, "capacity", "5")).Status(http.StatusSeeOther)
	alice.Post("/events", form("ateliers", "Tour", "2026-12-03", "once", once, "capacity", "5")).Status(http.StatusSeeOther)
	alice.Post("/events", form("ateliers", "Tour", "2026-12-03", "once", once, "capacity", "50")).Status(http.StatusConflict)
}
