package invitations

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/invitations"
	"ruche/views/layout"
)

// lastMoment is a time within the last day of an access, to name that day by.
func lastMoment(e *models.Ending) time.Time { return e.ExpiresAt.Add(-time.Second) }

func (f *Invitations) guestRoutes(g *echo.Group) {
	guests := g.Group("/guests", web.RequireSignIn)
	guests.GET("", f.guests)
	guests.POST("/:id/extension", f.postExtension)
	guests.POST("/:id/sponsor", f.postSponsor)
}

func (f *Invitations) guests(c echo.Context) error {
	return f.guestList(c, http.StatusOK, views.Guests{Unanswered: c.QueryParam("list") == views.Unanswered})
}

// guestList shows the people whom the reader answers for, or those whom nobody does.
func (f *Invitations) guestList(c echo.Context, status int, list views.Guests) error {
	actor := web.Actor(c)
	after, err := models.ParsePersonKey(c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	list.Guests, list.Next, err = f.web.DB.Guests(c.Request().Context(), actor, models.GuestQuery{Unanswered: list.Unanswered, After: after, Limit: pageSize})
	if err != nil {
		return err
	}
	list.Later, list.Manages = after != nil, actor.Can(models.ManagePeople, nil)
	page, err := f.web.Page(c, "people", web.Locale(c).T("guests.title"))
	if err != nil {
		return err
	}
	if c.Request().Method != http.MethodGet {
		page.Path = list.Address("")
	}
	return web.Render(c, status, views.GuestList(page, list))
}

func (f *Invitations) postExtension(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var known time.Time
	if micro, err := strconv.ParseInt(c.FormValue("known"), 10, 64); err == nil {
		known = time.UnixMicro(micro)
	}
	user, err := f.Prolong(c.Request().Context(), web.Actor(c), id, known)
	if err != nil {
		return err
	}
	l := web.Locale(c)
	f.web.Toast(c, layout.Toast{Text: l.T("guests.prolonged", "name", user.Name, "date", l.Date(user.ExpiresAt.Add(-time.Second)))})
	return web.Redirect(c, views.Guests{Unanswered: c.FormValue("list") == views.Unanswered}.Address(""))
}

func (f *Invitations) postSponsor(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	list := views.Guests{Unanswered: c.FormValue("list") == views.Unanswered, About: id, Sponsor: strings.TrimSpace(c.FormValue("sponsor"))}
	user, err := f.Entrust(c.Request().Context(), web.Actor(c), id, list.Sponsor)
	if errors.As(err, &list.Problems) {
		return f.guestList(c, http.StatusUnprocessableEntity, list)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("guests.entrusted", "name", user.Name)})
	return web.Redirect(c, list.Address(""))
}
