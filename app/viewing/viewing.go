// Package viewing lets those who run the house or a space look at it as somebody with another role would, and those who run a campaign
// look at it as all whom it concerns would, in any of its stages. Nobody sees
// more by it than they see as themselves, nothing can be changed meanwhile, and it stands in the log. Programs are not
// concerned: a token is whose it is.
package viewing

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/viewing"
)

// Viewing is the feature.
type Viewing struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *Viewing { return &Viewing{w} }

// Begin says in the log that the actor looks at the house in another way; a way that cannot be is a mistake at the
// field "role".
func (f *Viewing) Begin(ctx context.Context, actor *models.Actor, view models.View) error {
	if !actor.MayView(models.View{}) {
		return models.ErrForbidden
	}
	if !actor.MayView(view) {
		return models.Invalid{"role": "viewing.impossible"}
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		return tx.Record(models.ViewBegun, &models.User{ID: actor.ID}, view)
	})
}

// End says there that they look as themselves again.
func (f *Viewing) End(ctx context.Context, actor *models.Actor) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		return tx.Record(models.ViewEnded, &models.User{ID: actor.ID}, nil)
	})
}

// Routes adds the feature's pages.
func (f *Viewing) Routes(g *echo.Group) {
	g.GET("/view", f.choose, web.RequireSignIn)
	g.POST("/view", f.begin, web.RequireSignIn)
	g.POST("/view/end", f.end, web.RequireSignIn)
	g.GET("/campaigns/:id/preview", f.previewForm, web.RequireSignIn)
	g.POST("/campaigns/:id/preview", f.preview, web.RequireSignIn)
}

func (f *Viewing) choose(c echo.Context) error {
	form := views.Form{Space: c.QueryParam("space")}
	if form.Space != "" {
		form.Place = string(models.SpaceMember)
	}
	return f.form(c, http.StatusOK, form)
}

func (f *Viewing) form(c echo.Context, status int, form views.Form) error {
	actor := web.Actor(c)
	if web.Viewing(c) {
		return models.ErrViewing
	}
	if !actor.MayView(models.View{}) {
		return models.ErrForbidden
	}
	for _, role := range append([]models.Role{""}, models.Roles()...) {
		if actor.MayView(models.View{Role: role}) {
			form.Roles = append(form.Roles, role)
		}
	}
	for _, space := range actor.Spaces {
		if slices.ContainsFunc(form.Roles, func(role models.Role) bool {
			return actor.MayView(models.View{Role: role, Space: space.ID, SpaceRole: models.SpaceMember})
		}) {
			form.Spaces = append(form.Spaces, space)
		}
	}
	page, err := f.web.Page(c, "account", web.Locale(c).T("viewing.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Choose(page, form))
}

func (f *Viewing) begin(c echo.Context) error {
	actor := web.Actor(c)
	form := views.Form{Role: c.FormValue("role"), Space: c.FormValue("space"), Place: c.FormValue("place")}
	view, err := read(actor, form)
	if err == nil {
		err = f.Begin(c.Request().Context(), actor, view)
	}
	if errors.As(err, &form.Problems) {
		return f.form(c, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	if err := f.web.SetView(c, &view); err != nil {
		return err
	}
	if form.Space != "" {
		return web.Redirect(c, "/spaces/"+form.Space)
	}
	return web.Redirect(c, "/")
}

// read is the view that a form describes.
func read(actor *models.Actor, form views.Form) (view models.View, err error) {
	if form.Role == "" {
		return view, models.Invalid{"role": "viewing.role_missing"}
	}
	if form.Role != views.Visitor {
		view.Role = models.Role(form.Role)
	}
	if form.Space == "" {
		return view, nil
	}
	space := actor.AccessTo(form.Space)
	if space == nil {
		return view, models.Invalid{"space": "viewing.space_unknown"}
	}
	if view.Role != "" && form.Place != "" { // a visitor has no place anywhere
		view.Space, view.SpaceRole = space.ID, models.SpaceRole(form.Place)
	}
	return view, nil
}

func (f *Viewing) end(c echo.Context) error {
	place := "/"
	if view := f.web.View(c); view != nil {
		if view.Campaign != 0 { // to look at it as somebody else, or go on with it
			place = "/campaigns/" + strconv.FormatInt(view.Campaign, 10) + "/preview"
		}
		if err := f.End(c.Request().Context(), web.Actor(c)); err != nil {
			return err
		}
		if err := f.web.SetView(c, nil); err != nil {
			return err
		}
	}
	return web.Redirect(c, place)
}
