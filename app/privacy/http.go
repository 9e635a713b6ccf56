package privacy

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/privacy"
)

// Routes adds the pages of the feature.
func (f *Privacy) Routes(g *echo.Group) {
	g.GET("/privacy", f.showRegister, web.RequireSignIn)
	data := g.Group("/account/data", web.RequireSignIn)
	data.GET("", f.showData)
	data.POST("/exports", f.postCopy)
	data.GET("/exports/:id", f.download)
	data.POST("/erasure", f.postErasure)
	data.POST("/erasure/withdrawal", f.postTakeBack)
	g.GET("/privacy/settings", f.showSettings, web.RequireSignIn)
	g.POST("/privacy/settings", f.postSettings, web.RequireSignIn)
	g.GET("/privacy/holds", f.showHolds, web.RequireSignIn)
	g.POST("/privacy/holds", f.postHold, web.RequireSignIn)
	g.GET("/privacy/holds/:id", f.showHold, web.RequireSignIn)
	g.POST("/privacy/holds/:id/release", f.postRelease, web.RequireSignIn)
	g.GET("/people/:id/erasure", f.showPersonErasure, web.RequireSignIn)
	g.POST("/people/:id/erasure", f.postPersonErasure, web.RequireSignIn)
}

// showRegister is for every member: whoever is in the house may know what it knows.
func (f *Privacy) showRegister(c echo.Context) error {
	settings, err := f.web.DB.PrivacySettings(c.Request().Context())
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "privacy", web.Locale(c).T("privacy.register"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Register(page, settings, web.Actor(c).Can(models.ErasePeople, nil)))
}
