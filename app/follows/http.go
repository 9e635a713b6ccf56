package follows

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/follows"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Routes adds the feature's pages.
func (f *Follows) Routes(g *echo.Group) {
	g.GET("/follows", f.index, web.RequireSignIn)
	g.POST("/follows", f.set, web.RequireSignIn)
}

func (f *Follows) index(c echo.Context) error {
	kind := models.FollowedSpace
	if asked := c.QueryParam("kind"); asked != "" {
		kind = models.Followed(asked)
	}
	before, err := web.Before(c)
	if err != nil {
		return err
	}
	cards, next, err := f.List(c.Request().Context(), web.Actor(c), kind, before)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "account", web.Locale(c).T("follows.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Index(page, views.List{Kind: kind, Cards: cards, Next: next, First: before == 0, Spaces: web.Actor(c).Spaces}))
}

// set takes the menu beside what is followed, and its undo.
func (f *Follows) set(c echo.Context) error {
	if err := web.ParseForm(c); err != nil {
		return err
	}
	kind, target, level := models.Followed(c.FormValue("kind")), c.FormValue("target"), models.FollowLevel(c.FormValue("level"))
	back := web.OwnPath(c.FormValue("back"), "/follows?kind="+string(kind))
	before, err := f.Set(c.Request().Context(), web.Actor(c), kind, target, level)
	if err != nil {
		return err
	}
	if before != level {
		undo := parts.Following{Kind: kind, Target: target, Back: back}.URL(before)
		said := level
		if said == "" {
			said = "none"
		}
		f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("follows.toast." + string(said)), UndoAction: undo})
	}
	return web.Redirect(c, back)
}
