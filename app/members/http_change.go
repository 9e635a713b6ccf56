package members

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/members"
)

func (f *Members) postRole(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	role := models.Role(c.FormValue("role"))
	at, err := f.SetRole(c.Request().Context(), web.Actor(c), id, role, c.FormValue("sure") == "1")
	return f.changed(c, at, "members.toast.role", views.Person{Role: string(role)}, err)
}

func (f *Members) postSuspension(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	said := "members.toast.back"
	suspended := c.FormValue("suspended") == "1"
	if suspended {
		said = "members.toast.suspended"
	}
	at, err := f.Suspend(c.Request().Context(), web.Actor(c), id, suspended)
	return f.changed(c, at, said, views.Person{}, err)
}

func (f *Members) postTerms(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	view := views.Person{TermsSent: true, Until: c.FormValue("until"), SponsorEmail: strings.TrimSpace(c.FormValue("sponsor"))}
	until, err := lastDay(c, view.Until)
	if err != nil {
		return f.changed(c, time.Time{}, "", view, err)
	}
	at, err := f.SetTerms(c.Request().Context(), web.Actor(c), id, until, view.SponsorEmail)
	return f.changed(c, at, "members.toast.terms", view, err)
}

// lastDay is the end of a day, as the reader's calendar has it; nil for none.
func lastDay(c echo.Context, text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	day, ok := web.Day(c, text)
	if !ok {
		return nil, models.Invalid{"until": "members.until_invalid"}
	}
	end := day.AddDate(0, 0, 1).UTC()
	return &end, nil
}

func (f *Members) postSignOut(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.EndSessions(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("members.toast.signed_out")})
	return web.Redirect(c, address(id))
}

func (f *Members) postUndo(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	micros, err := strconv.ParseInt(c.FormValue("at"), 10, 64)
	if err != nil {
		micros = 0 // when there was no change
	}
	err = f.Undo(c.Request().Context(), web.Actor(c), id, time.UnixMicro(micros).UTC())
	if err != nil {
		return f.changed(c, time.Time{}, "", views.Person{}, err)
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("members.toast.undone")})
	return web.Redirect(c, address(id))
}

// changed answers a form: with the page of the person and what has been done, if anything, or with the form and what is wrong in it.
func (f *Members) changed(c echo.Context, at time.Time, said string, view views.Person, err error) error {
	if err != nil {
		return f.refused(c, view, err)
	}
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	toast := layout.Toast{Text: web.Locale(c).T("members.toast.same")}
	if !at.IsZero() {
		toast = layout.Toast{Text: web.Locale(c).T(said), UndoAction: fmt.Sprintf("%s/undo?at=%d", address(id), at.UnixMicro())}
	}
	f.web.Toast(c, toast)
	return web.Redirect(c, address(id))
}

// refused answers with the form and what is wrong in it.
func (f *Members) refused(c echo.Context, view views.Person, err error) error {
	if errors.As(err, &view.Problems) {
		return f.person(c, http.StatusUnprocessableEntity, view)
	}
	return err
}

func address(id int64) string { return "/members/" + strconv.FormatInt(id, 10) }
