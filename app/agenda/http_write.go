package agenda

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	views "ruche/views/agenda"
	"ruche/views/parts"
)

// blank shows the form for a new gathering, with what was begun and kept.
func (f *Agenda) blank(c echo.Context) error {
	actor := web.Actor(c)
	view := views.Form{Fields: views.Fields{Space: c.QueryParam("space")}}
	draft, err := f.db.Draft(c.Request().Context(), actor.ID, newForm)
	if err != nil {
		return err
	}
	if draft != nil {
		view.Fields = views.FieldsOf(draft.Fields)
		view.Space, view.Draft.SavedAt = cmp.Or(c.QueryParam("space"), view.Space), &draft.SavedAt
	} else { // the next whole hour, a day from now
		at := f.db.Now().In(web.Zone(c)).Add(25 * time.Hour).Truncate(time.Hour)
		view.SetTimes(at, at.Add(time.Hour))
	}
	return f.form(c, http.StatusOK, view)
}

func (f *Agenda) form(c echo.Context, status int, view views.Form) error {
	actor, title := web.Actor(c), "agenda.new"
	view.Person, view.Zone = actor.ID, web.Zone(c).String()
	if view.Gathering == nil {
		if view.Spaces = planned(actor); len(view.Spaces) == 0 {
			return fmt.Errorf("plan a gathering anywhere: %w", models.ErrForbidden)
		}
		view.Once, view.Draft.Form = cmp.Or(view.Once, writing.NewOnce()), newForm
	} else {
		title = "agenda.edit"
	}
	page, err := f.web.Page(c, "agenda", web.Locale(c).T(title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.FormPage(page, view))
}

// filled reads the form of a new gathering, or of one as it is now.
func filled(c echo.Context, now *models.Gathering) (view views.Form, plan Plan) {
	f := views.Fields{}
	for name, field := range f.Names() {
		*field = c.FormValue(name)
	}
	view = views.Form{Fields: f, Once: c.FormValue("once"), Draft: parts.Draft{Returned: true}}
	plan = Plan{Title: f.Title, Body: f.Body, Place: f.Place, URL: f.URL, Problems: models.Invalid{}}
	problem := ""
	if plan.StartsAt, problem = moment(c, f.StartsDay, f.StartsTime, now.StartsAt); problem != "" {
		plan.Problems["starts"] = problem
	}
	if plan.EndsAt, problem = moment(c, f.EndsDay, f.EndsTime, now.EndsAt); problem != "" {
		plan.Problems["ends"] = problem
	}
	if text := strings.TrimSpace(f.Capacity); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			n = -1
		}
		plan.Capacity = &n
	}
	return view, plan
}

// announce takes a new gathering from its form.
func (f *Agenda) announce(c echo.Context) error {
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view, plan := filled(c, &models.Gathering{})
	gathering, err := f.Announce(c.Request().Context(), web.Actor(c), view.Space, plan, view.Once)
	if errors.As(err, &view.Problems) {
		return f.form(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return f.writing.AgreeFirst(c, err, writing.Kept{Name: newForm, Fields: view.Kept(), Place: "/events/new", Again: func(agreement string) error {
			view.AgreementURL = agreement
			return f.form(c, http.StatusUnprocessableEntity, view)
		}})
	}
	return f.writing.Taken(c, newForm, "agenda.toast.planned", gathering.Path())
}

func (f *Agenda) edit(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	gathering, err := f.tended(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	view := views.Form{Gathering: gathering, Base: gathering.Version, Fields: views.Fields{Title: gathering.Title, Body: gathering.Body, Place: gathering.Place, URL: gathering.URL}}
	if gathering.Capacity != nil {
		view.Capacity = strconv.Itoa(*gathering.Capacity)
	}
	view.SetTimes(gathering.StartsAt.In(web.Zone(c)), gathering.EndsAt.In(web.Zone(c)))
	return f.form(c, http.StatusOK, view)
}

func (f *Agenda) save(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	gathering, err := f.tended(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view, plan := filled(c, gathering)
	view.Gathering = gathering
	view.Base, _ = strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	edited, err := f.Edit(c.Request().Context(), web.Actor(c), id, view.Base, plan)
	switch {
	case errors.Is(err, models.ErrConflict):
		view.Theirs, view.Base = gathering, gathering.Version
		return f.form(c, http.StatusConflict, view)
	case errors.As(err, &view.Problems):
		return f.form(c, http.StatusUnprocessableEntity, view)
	case err != nil:
		return err
	case edited.Version == gathering.Version:
		return web.Redirect(c, edited.Path())
	}
	return f.done(c, edited, "edited", undoOf(edited))
}
