package privacy

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/parts"
	views "ruche/views/privacy"
)

func (f *Privacy) showData(c echo.Context) error {
	return f.renderData(c, http.StatusOK, views.Data{})
}

// renderData shows what a person can ask about their own data, and what was wrong with what they asked.
func (f *Privacy) renderData(c echo.Context, status int, data views.Data) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	export, err := f.web.DB.LatestExport(ctx, actor)
	if err != nil {
		return err
	}
	if export != nil {
		data.Ready = export.Ready(f.web.DB.Now())
		data.Export = export
	}
	running, err := f.web.DB.OwnJobs(ctx, actor, exportJob, 1)
	if err != nil {
		return err
	}
	if len(running) > 0 && (export == nil || export.ReadyAt == nil) {
		data.Job = &running[0]
	}
	mistake := data.Erasure.Error
	if data.Erasure, err = f.erasureForm(c, actor.ID); err != nil {
		return err
	}
	data.Erasure.Error = mistake
	identities, err := f.web.DB.Identities(ctx, actor.ID)
	if err != nil {
		return err
	}
	for _, identity := range identities {
		data.Directories = append(data.Directories, identity.Issuer)
	}
	page, err := f.web.Page(c, "account", web.Locale(c).T("privacy.data"))
	if err != nil {
		return err
	}
	if data.Working() {
		page.Head = parts.Refresh()
	}
	return web.Render(c, status, views.ShowData(page, data))
}

func (f *Privacy) postCopy(c echo.Context) error {
	err := f.AskForCopy(c.Request().Context(), web.Actor(c), web.Locale(c).Lang())
	var invalid models.Invalid
	switch {
	case errors.As(err, &invalid):
		return f.renderData(c, http.StatusUnprocessableEntity, views.Data{ExportError: web.Locale(c).T(invalid["export"])})
	case err != nil && !errors.Is(err, models.ErrConflict): // one that is being made is what was asked for
		return err
	}
	return web.Redirect(c, "/account/data")
}

// download sends a copy to the one person it is about.
func (f *Privacy) download(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	object, size, err := f.OpenCopy(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	defer object.Close()
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "private, no-store")
	header.Set(echo.HeaderContentDisposition, `attachment; filename="ruche-`+f.web.DB.Now().Format("2006-01-02")+`.zip"`)
	header.Set(echo.HeaderContentLength, strconv.FormatInt(size, 10))
	return c.Stream(http.StatusOK, "application/zip", object)
}
