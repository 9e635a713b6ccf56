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

// erasureForm gathers what the page says would be lost.
func (f *Privacy) erasureForm(c echo.Context, userID int64) (form views.Erasure, err error) {
	ctx := c.Request().Context()
	settings, err := f.web.DB.PrivacySettings(ctx)
	if err != nil {
		return form, err
	}
	form.Rule = settings.Contributions
	if form.Pending, err = f.web.DB.ErasureOf(ctx, userID); err != nil {
		return form, err
	}
	if form.Pending != nil {
		if form.Waits, err = f.web.DB.ErasureWaits(ctx, userID); err != nil {
			return form, err
		}
	}
	form.Lost, err = f.web.DB.Contributed(ctx, userID)
	return form, err
}

func (f *Privacy) postErasure(c echo.Context) error {
	err := f.AskErasure(c.Request().Context(), web.Actor(c), models.Rule(c.FormValue("contributions")))
	var invalid models.Invalid
	switch {
	case errors.As(err, &invalid):
		return f.renderData(c, http.StatusUnprocessableEntity, views.Data{Erasure: views.Erasure{Error: f.mistake(c, invalid)}})
	case errors.Is(err, models.ErrConflict):
		return web.Redirect(c, "/account/data")
	case err != nil:
		return err
	}
	if err := f.web.SignOut(c); err != nil {
		return err
	}
	return web.Redirect(c, "/sign-in?left=1")
}

// mistake is why an erasure is refused.
func (f *Privacy) mistake(c echo.Context, invalid models.Invalid) string {
	for _, key := range invalid {
		return web.Locale(c).T(key)
	}
	return ""
}

func (f *Privacy) postTakeBack(c echo.Context) error {
	err := f.TakeBack(c.Request().Context(), web.Actor(c))
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("privacy.erasure.kept")})
	return web.Redirect(c, "/account/data")
}

func (f *Privacy) showPersonErasure(c echo.Context) error {
	return f.renderPersonErasure(c, http.StatusOK, "")
}

func (f *Privacy) renderPersonErasure(c echo.Context, status int, mistake string) error {
	actor := web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	person, err := f.web.DB.Person(c.Request().Context(), actor, id)
	if err != nil {
		return err
	}
	if !actor.Can(models.ErasePeople, nil) {
		return models.ErrForbidden
	}
	form, err := f.erasureForm(c, person.ID)
	if err != nil {
		return err
	}
	form.Error, form.Person = mistake, person
	page, err := f.web.Page(c, "people", web.Locale(c).T("privacy.erase.title", "name", person.Name))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.ErasePerson(page, form))
}

func (f *Privacy) postPersonErasure(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	person, err := f.web.DB.Person(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	err = f.EraseNow(c.Request().Context(), web.Actor(c), person.ID, models.Rule(c.FormValue("contributions")))
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.renderPersonErasure(c, http.StatusUnprocessableEntity, f.mistake(c, invalid))
	}
	if err != nil {
		return err
	}
	told := "privacy.erase.begun"
	waits, err := f.web.DB.ErasureWaits(c.Request().Context(), person.ID)
	if err != nil {
		return err
	}
	if waits {
		told = "privacy.erase.waits"
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(told)})
	return web.Redirect(c, "/people/"+strconv.FormatInt(person.ID, 10))
}

func (f *Privacy) showSettings(c echo.Context) error {
	return f.renderSettings(c, http.StatusOK, nil, nil)
}

// renderSettings shows what is kept for how long; what was sent and what is wrong with it is given.
func (f *Privacy) renderSettings(c echo.Context, status int, sent, mistakes map[string]string) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	if !actor.Can(models.ErasePeople, nil) {
		return models.ErrForbidden
	}
	settings, err := f.web.DB.PrivacySettings(ctx)
	if err != nil {
		return err
	}
	view := views.Settings{Settings: settings, Sent: sent, Mistakes: mistakes}
	if view.Runs, err = f.web.DB.RetentionRuns(ctx); err != nil {
		return err
	}
	if view.Would, err = f.web.DB.WouldRemove(ctx, settings); err != nil {
		return err
	}
	page, err := f.web.Page(c, "privacy-settings", web.Locale(c).T("privacy.settings"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.ShowSettings(page, view))
}

func (f *Privacy) postSettings(c echo.Context) error {
	sent := map[string]string{"contributions": c.FormValue("contributions")}
	for _, period := range models.Periods() {
		sent[string(period.Kind)] = c.FormValue(string(period.Kind))
	}
	err := f.SaveSettings(c.Request().Context(), web.Actor(c), sent)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.renderSettings(c, http.StatusUnprocessableEntity, sent, invalid)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("privacy.settings.saved")})
	return web.Redirect(c, "/privacy/settings")
}
