package accounts

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	views "ruche/views/accounts"
)

// securityPage is how many entries of the log a page shows.
const securityPage = 30

// showSecurity is what happened around one's own account.
func (f *Accounts) showSecurity(c echo.Context) error {
	before, err := web.Before(c)
	if err != nil {
		return err
	}
	actor := web.Actor(c)
	events, err := f.web.DB.OwnSecurity(c.Request().Context(), actor, before, securityPage+1)
	if err != nil {
		return err
	}
	log := views.Log{ActorID: actor.ID, Later: before != 0}
	if len(events) > securityPage {
		events = events[:securityPage]
		log.Next = events[securityPage-1].ID
	}
	for i := range events {
		line := views.LogLine{Event: events[i]}
		if err := events[i].Decode(&line); err != nil {
			line = views.LogLine{Event: events[i]} // what others wrote differently is left out
		}
		log.Lines = append(log.Lines, line)
	}
	page, err := f.web.Page(c, "account", web.Locale(c).T("security.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Security(page, log))
}
