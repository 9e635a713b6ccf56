package spaces

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	"ruche/views/parts"
	views "ruche/views/spaces"
)

// Routes adds the feature's pages.
func (f *Spaces) Routes(g *echo.Group) {
	g.GET("/spaces", f.index)
	g.GET("/spaces/new", f.blank, web.RequireSignIn)
	g.POST("/spaces", f.create, web.RequireSignIn)
	g.GET("/spaces/unmanaged", f.unmanaged, web.RequireSignIn)
	g.POST("/spaces/unmanaged/:id", f.takeOver, web.RequireSignIn)
	g.GET("/spaces/:slug", f.show)
	g.GET("/spaces/:slug/settings", f.settings, web.RequireSignIn)
	g.POST("/spaces/:slug", f.update, web.RequireSignIn)
	g.POST("/spaces/:slug/archive", f.archive, web.RequireSignIn)
	g.POST("/spaces/:slug/reopening", f.reopen, web.RequireSignIn)
	g.POST("/spaces/:slug/membership", f.join, web.RequireSignIn)
	g.POST("/spaces/:slug/membership/removal", f.leave, web.RequireSignIn)
	g.POST("/spaces/:slug/membership/return", f.comeBack, web.RequireSignIn)
	g.GET("/spaces/:slug/requests", f.requests, web.RequireSignIn)
	g.POST("/spaces/:slug/requests", f.ask, web.RequireSignIn)
	g.POST("/spaces/:slug/requests/withdrawal", f.withdraw, web.RequireSignIn)
	g.POST("/spaces/:slug/requests/:id", f.decide, web.RequireSignIn)
	g.GET("/spaces/:slug/members", f.members, web.RequireSignIn)
	g.POST("/spaces/:slug/members", f.addMember, web.RequireSignIn)
	g.POST("/spaces/:slug/members/:id", f.changeRole, web.RequireSignIn)
	g.POST("/spaces/:slug/members/:id/removal", f.removeMember, web.RequireSignIn)
	g.GET("/spaces/:slug/members/:id/succession", f.succession, web.RequireSignIn)
	g.POST("/spaces/:slug/members/:id/succession", f.handOver, web.RequireSignIn)
	f.groupRoutes(g)
}

// shownListed bounds the restricted spaces that the list of spaces tells of.
const shownListed = 100

func (f *Spaces) index(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	cards, err := f.web.DB.Spaces(ctx, actor)
	if err != nil {
		return err
	}
	listed, err := f.web.DB.ListedSpaces(ctx, actor, shownListed)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("spaces.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Index(page, views.List{Cards: cards, Listed: listed, MayCreate: actor.Can(models.CreateSpace, nil)}))
}

// shownIdeas is how many ideas the page of a space shows; the list has the rest.
const shownIdeas = 8

func (f *Spaces) show(c echo.Context) error {
	space, inside, err := f.web.DB.KnownSpace(c.Request().Context(), web.Actor(c), c.Param("slug"))
	if err != nil {
		return err
	}
	return f.front(c, http.StatusOK, space, views.Home{Inside: inside})
}

// front shows the page of a space: what is in it to those who see that, and the way in to those who may take it.
func (f *Spaces) front(c echo.Context, status int, space *models.Space, home views.Home) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	home.Space, home.Actor, home.Entrance = space, actor, actor.Entrance(space)
	var err error
	if home.Inside {
		err = f.furnish(c, &home)
	} else {
		home.Managers, err = f.web.DB.Managers(ctx, actor, space)
	}
	if err == nil && home.Entrance == models.JoinRequest {
		home.Request, err = f.web.DB.OwnRequest(ctx, actor, space.ID)
	}
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "spaces", space.Title)
	if err != nil {
		return err
	}
	if home.Inside {
		page.Head = parts.FeedHead(space.Title, web.SpaceFeed(space.Slug))
	}
	return web.Render(c, status, views.Show(page, home))
}

// furnish finds what is in a space.
func (f *Spaces) furnish(c echo.Context, home *views.Home) (err error) {
	ctx, actor, space := c.Request().Context(), home.Actor, home.Space
	home.MayManage, home.MayPost = actor.Can(models.ManageSpace, space), actor.CanOnceAccepted(models.PostIdea, space)
	if home.Ideas, _, err = f.web.DB.Ideas(ctx, actor, models.IdeaQuery{Sort: models.SortTrending, SpaceID: space.ID, Limit: shownIdeas}); err != nil {
		return err
	}
	if !actor.SignedIn() {
		return nil
	}
	if home.Level, err = f.web.DB.LevelOf(ctx, actor, models.Followable{SpaceID: space.ID}); err != nil {
		return err
	}
	if home.Members, err = f.web.DB.Members(ctx, actor, models.MemberQuery{SpaceID: space.ID, Limit: views.ShownMembers}); err != nil {
		return err
	}
	if home.Waiting, err = f.web.DB.CountRequests(ctx, actor, space); err != nil {
		return err
	}
	if home.Registered, err = f.web.DB.CountRegistrations(ctx, actor, space); err != nil {
		return err
	}
	return f.web.ReadSpace(c, space)
}

func (f *Spaces) blank(c echo.Context) error {
	if !web.Actor(c).Can(models.CreateSpace, nil) {
		return models.ErrForbidden
	}
	return f.form(c, http.StatusOK, &models.Space{Visibility: models.Company, Joining: models.JoinOpen}, nil)
}

func (f *Spaces) create(c echo.Context) error {
	space := &models.Space{Slug: c.FormValue("slug")}
	fill(c, space)
	if space.Slug == "" {
		space.Slug = models.Slug(space.Title)
	}
	err := f.Create(c.Request().Context(), web.Actor(c), space, "")
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.form(c, http.StatusUnprocessableEntity, space, invalid)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/spaces/"+space.Slug+"/members")
}

func (f *Spaces) settings(c echo.Context) error {
	space, err := f.managed(c)
	if err != nil {
		return err
	}
	return f.form(c, http.StatusOK, space, nil)
}

func (f *Spaces) update(c echo.Context) error {
	space, err := f.managed(c)
	if err != nil {
		return err
	}
	err = f.Edit(c.Request().Context(), web.Actor(c), space, func(now *models.Space) error { fill(c, now); return nil })
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.form(c, http.StatusUnprocessableEntity, space, invalid)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.saved")})
	return web.Redirect(c, "/spaces/"+space.Slug)
}

func fill(c echo.Context, space *models.Space) {
	space.Title, space.Description = c.FormValue("title"), c.FormValue("description")
	space.Visibility = models.Visibility(c.FormValue("visibility"))
	if joining := c.FormValue("joining"); joining != "" { // the form always says
		space.Joining, space.Listed = models.Joining(joining), c.FormValue("listed") != ""
		space.Nameless, space.OutsidersAsk = c.FormValue("nameless") != "", c.FormValue("outsiders_ask") != ""
	}
}

func (f *Spaces) form(c echo.Context, status int, space *models.Space, problems models.Invalid) error {
	title, use := "spaces.new", models.FileUse{}
	if space.ID != 0 {
		var err error
		if use, err = f.web.DB.FilesOfSpace(c.Request().Context(), space.ID); err != nil {
			return err
		}
		title = "spaces.settings"
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T(title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Form(page, space, use, problems))
}

// managed is the space of the address, if the actor manages it.
func (f *Spaces) managed(c echo.Context) (*models.Space, error) {
	space, err := f.web.DB.SpaceBySlug(c.Request().Context(), web.Actor(c), c.Param("slug"))
	if err == nil && !web.Actor(c).Can(models.ManageSpace, space) {
		err = models.ErrForbidden
	}
	return space, err
}

func (f *Spaces) archive(c echo.Context) error {
	space, err := f.managed(c)
	if err != nil {
		return err
	}
	if err := f.Archive(c.Request().Context(), web.Actor(c), space); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.archived"), UndoAction: "/spaces/" + space.Slug + "/reopening"})
	return web.Redirect(c, "/spaces/"+space.Slug)
}

func (f *Spaces) reopen(c echo.Context) error {
	space, err := f.managed(c)
	if err != nil {
		return err
	}
	if err := f.Reopen(c.Request().Context(), web.Actor(c), space); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.reopened")})
	return web.Redirect(c, "/spaces/"+space.Slug)
}
