package agenda

import (
	"net/http"
	"strconv"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
)

// calendarRoutes adds the agenda as programs for calendars read it.
func (f *Agenda) calendarRoutes(g *echo.Group) {
	g.GET("/agenda.ics", f.feed)
	g.GET("/events/:id/calendar.ics", f.file)
}

// What a calendar holds of what is over, and how much in all.
const (
	keptInCalendar = 90 * 24 * time.Hour
	mostInCalendar = 300
)

// feed is what somebody comes to, or with a space what comes in that, for whoever the address says, or else for whoever is signed in. Nothing
// goes where it was asked with the token: no cache that others share keeps the answer, and no page hears of the address.
func (f *Agenda) feed(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	header := c.Response().Header()
	header.Set(echo.HeaderReferrerPolicy, "no-referrer")
	header.Set("X-Robots-Tag", "noindex")
	if secret := c.QueryParam("token"); secret != "" {
		var err error
		if actor, err = f.db.FeedReader(ctx, secret); err != nil {
			return err
		}
	}
	var cards []models.GatheringCard
	var err error
	if slug := c.QueryParam("space"); slug != "" {
		access := actor.AccessTo(slug)
		if access == nil {
			return models.ErrNotFound
		}
		cards, _, err = f.db.Gatherings(ctx, actor, models.GatheringQuery{SpaceID: access.ID, Limit: mostInCalendar})
	} else if !actor.SignedIn() {
		return models.ErrForbidden
	} else {
		cards, err = f.db.OwnGatherings(ctx, actor, f.db.Now().Add(-keptInCalendar), mostInCalendar)
	}
	if err != nil {
		return err
	}
	calendar := f.calendar(c)
	for i := range cards {
		f.enter(calendar, &cards[i].Gathering, cards[i].Answer == models.MayCome || cards[i].Waiting)
	}
	return send(c, calendar, "agenda")
}

// file is one gathering, to be taken into a calendar.
func (f *Agenda) file(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	gathering, err := f.db.Gathering(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	calendar := f.calendar(c)
	f.enter(calendar, gathering, false)
	return send(c, calendar, "event-"+strconv.FormatInt(id, 10))
}

func (f *Agenda) calendar(c echo.Context) *ics.Calendar {
	calendar := ics.NewCalendarFor("Ruche")
	calendar.SetMethod(ics.MethodPublish)
	calendar.SetXWRCalName(web.Locale(c).T("agenda.title"))
	return calendar
}

// enter puts a gathering into a calendar. Its times are moments of no zone, so that each program shows them as its own clock does.
func (f *Agenda) enter(calendar *ics.Calendar, g *models.Gathering, unsure bool) {
	event := calendar.AddEvent("event-" + strconv.FormatInt(g.ID, 10) + "@" + f.web.BaseURL.Hostname())
	event.SetDtStampTime(g.ChangedAt)
	event.SetModifiedAt(g.ChangedAt)
	event.SetSequence(g.Sequence)
	event.SetStartAt(g.StartsAt)
	event.SetEndAt(g.EndsAt)
	event.SetSummary(g.Title)
	event.SetURL(f.web.BaseURL.String() + g.Path())
	if g.Place != "" {
		event.SetLocation(g.Place)
	} else if g.URL != "" {
		event.SetLocation(g.URL)
	}
	words := g.Summary
	if g.CancelledAt != nil {
		words = g.Reason
	}
	if words != "" {
		event.SetDescription(words)
	}
	switch {
	case g.CancelledAt != nil:
		event.SetStatus(ics.ObjectStatusCancelled)
	case unsure:
		event.SetStatus(ics.ObjectStatusTentative)
	default:
		event.SetStatus(ics.ObjectStatusConfirmed)
	}
}

// send answers with a calendar.
func send(c echo.Context, calendar *ics.Calendar, name string) error {
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "private, no-cache")
	header.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`.ics"`)
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", []byte(calendar.Serialize(ics.WithNewLineWindows)))
}
