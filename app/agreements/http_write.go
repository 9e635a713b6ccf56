package agreements

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/agreements"
	"ruche/views/layout"
	"ruche/views/parts"
)

// edit shows the form for the next version, with the text of the newest one or, in a space that never had an agreement,
// with the sections that one usually has. What was begun and kept comes first.
func (f *Agreements) edit(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	space, err := f.written(c)
	if err != nil {
		return err
	}
	view := views.Write{Space: space}
	newest, err := f.web.DB.AgreementVersion(ctx, space, 0)
	switch {
	case errors.Is(err, models.ErrNotFound):
		view.Body = sections(web.Locale(c))
	case err != nil:
		return err
	default:
		view.Body, view.Base = newest.Body, newest.Version
	}
	draft, err := f.web.DB.Draft(ctx, actor.ID, draftForm(space))
	if err != nil {
		return err
	}
	if draft != nil {
		view.Body, view.Draft.SavedAt = draft.Fields["body"], &draft.SavedAt
		if base, err := strconv.Atoi(draft.Fields["base"]); err == nil && base != view.Base {
			view.Problems = models.Invalid{"body": "agreements.overtaken"} // what was begun must not replace unseen what came since
		}
	}
	return f.form(c, http.StatusOK, view)
}

// written is the space of the address, if the actor may write its agreement.
func (f *Agreements) written(c echo.Context) (*models.Space, error) {
	space, err := f.space(c)
	if err == nil {
		err = mayWrite(web.Actor(c), space)
	}
	return space, err
}

func (f *Agreements) form(c echo.Context, status int, view views.Write) (err error) {
	view.Person = web.Actor(c).ID
	view.Draft.Form = draftForm(view.Space)
	if view.Outsiders, err = f.web.DB.Outsiders(c.Request().Context(), view.Space); err != nil {
		return err
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("agreements.write_of", "space", view.Space.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Form(page, view))
}

// publish shows a text as it would be published; from there it is published as it was shown.
func (f *Agreements) publish(c echo.Context) error {
	space, err := f.written(c)
	if err != nil {
		return err
	}
	view := views.Write{Space: space, Body: c.FormValue("body"), Draft: parts.Draft{Returned: true}}
	view.Base, _ = strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	if c.FormValue("publish") == "" {
		return f.preview(c, view)
	}
	agreement, err := f.Publish(c.Request().Context(), web.Actor(c), Draft{Space: space, Body: view.Body, Base: view.Base})
	if errors.As(err, &view.Problems) {
		return f.form(c, http.StatusUnprocessableEntity, view)
	}
	if errors.Is(err, models.ErrConflict) {
		return f.overtaken(c, view)
	}
	if err != nil {
		return err
	}
	f.web.DraftSent(c, draftForm(space))
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("agreements.published", "number", agreement.Version)})
	return web.Redirect(c, "/spaces/"+space.Slug+"/agreement")
}

func (f *Agreements) preview(c echo.Context, view views.Write) error {
	agreement, err := compose(view.Body)
	if errors.As(err, &view.Problems) {
		return f.form(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	view.Body, view.Preview = agreement.Body, agreement.HTML
	return f.form(c, http.StatusOK, view)
}

// overtaken shows a text again whose base is no longer the newest version. Publishing it then is a decision.
func (f *Agreements) overtaken(c echo.Context, view views.Write) error {
	newest, err := f.web.DB.AgreementVersion(c.Request().Context(), view.Space, 0)
	if err != nil {
		return err
	}
	view.Base, view.Problems = newest.Version, models.Invalid{"body": "agreements.overtaken"}
	return f.form(c, http.StatusConflict, view)
}
