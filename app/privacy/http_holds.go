package privacy

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/privacy"
)

// holdsPage is how many holds a page shows.
const holdsPage = 30

func (f *Privacy) showHolds(c echo.Context) error {
	return f.renderHolds(c, http.StatusOK, views.Holds{Page: c.QueryParam("page")})
}

// renderHolds shows what is held, with what a form of the page was sent with and what is wrong with it.
func (f *Privacy) renderHolds(c echo.Context, status int, view views.Holds) error {
	actor := web.Actor(c)
	before, err := web.Before(c)
	if err != nil {
		return err
	}
	view.Ended, view.Later, view.MayHold = c.QueryParam("ended") == "1", before != 0, actor.Can(models.HoldData, nil)
	if view.Cards, err = f.web.DB.Holds(c.Request().Context(), actor, view.Ended, before, holdsPage+1); err != nil {
		return err
	}
	if len(view.Cards) > holdsPage {
		view.Cards = view.Cards[:holdsPage]
		view.Next = view.Cards[holdsPage-1].ID
	}
	page, err := f.web.Page(c, "holds", web.Locale(c).T("holds.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.ShowHolds(page, view))
}

func (f *Privacy) postHold(c echo.Context) error {
	hold := &models.Hold{Reason: c.FormValue("reason"), Reference: c.FormValue("reference")}
	if day, ok := web.Day(c, c.FormValue("dated")); ok {
		hold.Dated = day
	}
	err := f.Hold(c.Request().Context(), web.Actor(c), c.FormValue("page"), hold)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.renderHolds(c, http.StatusUnprocessableEntity, views.Holds{Page: c.FormValue("page"), Reason: c.FormValue("reason"), Reference: c.FormValue("reference"), Dated: c.FormValue("dated"), Problems: invalid})
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("holds.placed")})
	return web.Redirect(c, "/privacy/holds/"+strconv.FormatInt(hold.ID, 10))
}

func (f *Privacy) showHold(c echo.Context) error {
	return f.renderHold(c, http.StatusOK, "", nil)
}

func (f *Privacy) renderHold(c echo.Context, status int, reason string, problems models.Invalid) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	actor := web.Actor(c)
	card, err := f.web.DB.Hold(c.Request().Context(), actor, id)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "holds", web.Locale(c).T("holds.one", "id", strconv.FormatInt(id, 10)))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.ShowHold(page, views.Held{Card: card, Reason: reason, MayRelease: actor.Can(models.HoldData, nil) && card.InForce(), Problems: problems}))
}

func (f *Privacy) postRelease(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	err = f.Release(c.Request().Context(), web.Actor(c), id, c.FormValue("release_reason"))
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.renderHold(c, http.StatusUnprocessableEntity, c.FormValue("release_reason"), invalid)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("holds.released")})
	return web.Redirect(c, "/privacy/holds/"+strconv.FormatInt(id, 10))
}
