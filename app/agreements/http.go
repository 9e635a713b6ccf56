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
)

// Routes adds the feature's pages.
func (f *Agreements) Routes(g *echo.Group) {
	g.GET("/spaces/:slug/agreement", f.show)
	g.POST("/spaces/:slug/agreement", f.publish, web.RequireSignIn)
	g.GET("/spaces/:slug/agreement/edit", f.edit, web.RequireSignIn)
	g.POST("/spaces/:slug/agreement/acceptance", f.accept, web.RequireSignIn)
	g.POST("/spaces/:slug/agreement/withdrawal", f.withdraw, web.RequireSignIn)
	g.GET("/spaces/:slug/agreement/versions", f.versions)
	g.GET("/spaces/:slug/agreement/versions/:number", f.version)
}

func (f *Agreements) show(c echo.Context) error {
	space, err := f.space(c)
	if err != nil {
		return err
	}
	return f.page(c, http.StatusOK, views.Show{Space: space, Next: web.OwnPath(c.QueryParam("next"), "")})
}

// space is the one of the address.
func (f *Agreements) space(c echo.Context) (*models.Space, error) {
	return f.web.DB.SpaceBySlug(c.Request().Context(), web.Actor(c), c.Param("slug"))
}

// page shows the agreement that holds, and asks those to accept it who have to.
func (f *Agreements) page(c echo.Context, status int, view views.Show) (err error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view.MayManage, view.External, view.Asked = actor.Can(models.WriteAgreement, view.Space), actor.External(), actor.Asked(view.Space.ID)
	if view.Agreement, err = f.web.DB.Agreement(ctx, view.Space); err != nil {
		return err
	}
	if view.Agreement != nil && actor.External() {
		if view.AcceptedAt, err = f.web.DB.AcceptedAt(ctx, actor, view.Agreement); err != nil {
			return err
		}
	}
	if view.MayManage {
		if view.Outsiders, err = f.web.DB.Outsiders(ctx, view.Space); err != nil {
			return err
		}
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("agreements.of", "space", view.Space.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Page(page, view))
}

func (f *Agreements) accept(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	space, err := f.space(c)
	if err != nil {
		return err
	}
	view := views.Show{Space: space, Next: web.OwnPath(c.FormValue("next"), "")}
	version, _ := strconv.Atoi(c.FormValue("version")) // anything else is no version, and a conflict
	if c.FormValue("accept") == "" && actor.Asked(space.ID) {
		view.Problems = models.Invalid{"accept": "agreements.accept_missing"}
		return f.page(c, http.StatusUnprocessableEntity, view)
	}
	err = f.Accept(ctx, actor, space, version)
	if errors.As(err, &view.Problems) {
		return f.page(c, http.StatusUnprocessableEntity, view)
	}
	if errors.Is(err, models.ErrConflict) {
		view.Problems = models.Invalid{"accept": "agreements.newer"}
		return f.page(c, http.StatusConflict, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("agreements.accepted")})
	if view.Next == "" {
		return web.Redirect(c, "/spaces/"+space.Slug)
	}
	return web.Redirect(c, view.Next)
}

func (f *Agreements) withdraw(c echo.Context) error {
	space, err := f.space(c)
	if err != nil {
		return err
	}
	if err := f.Withdraw(c.Request().Context(), web.Actor(c), space); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("agreements.withdrawn")})
	return web.Redirect(c, "/spaces/"+space.Slug+"/agreement")
}

// versionPage is how many versions a list shows.
const versionPage = 50

func (f *Agreements) versions(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	space, err := f.space(c)
	if err != nil {
		return err
	}
	before, err := web.BeforeNumber(c)
	if err != nil {
		return err
	}
	cards, err := f.web.DB.AgreementCards(ctx, actor, space, before, versionPage+1)
	if err != nil {
		return err
	}
	list := views.List{Space: space, Versions: cards, MayManage: actor.Can(models.WriteAgreement, space), First: before == 0}
	if len(cards) > versionPage {
		list.Versions, list.Next = cards[:versionPage], cards[versionPage-1].Version
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("agreements.versions_of", "space", space.Title))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Versions(page, list))
}

func (f *Agreements) version(c echo.Context) error {
	space, err := f.space(c)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(c.Param("number"))
	if err != nil || number <= 0 || number > 1<<30 {
		return models.ErrNotFound
	}
	agreement, err := f.web.DB.AgreementVersion(c.Request().Context(), space, number)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("agreements.version_of", "number", number, "space", space.Title))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Version(page, space, agreement))
}
