// Package admin holds the pages of those who answer for the installation: for now the audit log. What is
// about one space is the matter of spaces.
package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	views "ruche/views/admin"
)

// Admin is the feature.
type Admin struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *Admin { return &Admin{web: w} }

// Routes adds the pages of the feature.
func (f *Admin) Routes(g *echo.Group) {
	g.GET("/audit", f.audit, web.RequireSignIn)
}

// pageSize is how many entries a page shows.
const pageSize = 50

func (f *Admin) audit(c echo.Context) error {
	actor, verb := web.Actor(c), c.QueryParam("verb")
	before, err := web.Before(c)
	if err != nil {
		return err
	}
	entries, err := f.web.DB.Audit(c.Request().Context(), actor, verb, before, pageSize+1)
	if err != nil {
		return err
	}
	log := views.Log{Actor: actor, Verb: verb, Entries: entries, Later: before != 0}
	if len(entries) > pageSize {
		log.Entries = entries[:pageSize]
		log.Next = entries[pageSize-1].ID
	}
	page, err := f.web.Page(c, "audit", web.Locale(c).T("audit.title"))
	if err != nil {
		return err
	}
	page.Wide = true
	return web.Render(c, http.StatusOK, views.Audit(page, log))
}
