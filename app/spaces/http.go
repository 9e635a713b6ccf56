package spaces

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/spaces"
)

// Routes adds the feature's pages.
func (f *Spaces) Routes(g *echo.Group) {
	g.GET("/spaces", f.index)
	g.GET("/spaces/new", f.blank, web.RequireSignIn)
	g.POST("/spaces", f.create, web.RequireSignIn)
	g.GET("/spaces/:slug", f.show)
	g.GET("/spaces/:slug/settings", f.settings, web.RequireSignIn)
	g.POST("/spaces/:slug", f.update, web.RequireSignIn)
	g.GET("/spaces/:slug/members", f.members, web.RequireSignIn)
	g.POST("/spaces/:slug/members", f.addMember, web.RequireSignIn)
	g.POST("/spaces/:slug/members/removal", f.removeMember, web.RequireSignIn)
	f.groupRoutes(g)
}

func (f *Spaces) index(c echo.Context) error {
	actor := web.Actor(c)
	cards, err := f.web.DB.Spaces(c.Request().Context(), actor)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("spaces.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Index(page, cards, actor.Can(models.CreateSpace, nil)))
}

// shownIdeas is how many ideas the page of a space shows; the list has the rest.
const shownIdeas = 8

func (f *Spaces) show(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	space, err := f.web.DB.SpaceBySlug(ctx, actor, c.Param("slug"))
	if err != nil {
		return err
	}
	ideas, _, err := f.web.DB.Ideas(ctx, actor, models.IdeaQuery{Sort: models.SortTrending, SpaceID: space.ID, Limit: shownIdeas})
	if err != nil {
		return err
	}
	home := views.Home{Space: space, Ideas: ideas, Actor: actor, MayManage: actor.Can(models.ManageSpace, space), MayPost: actor.Can(models.PostIdea, space)}
	if actor.SignedIn() {
		if home.Members, err = f.web.DB.Members(ctx, actor, space.ID, "", 0, views.ShownMembers); err != nil {
			return err
		}
	}
	page, err := f.web.Page(c, "spaces", space.Title)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Show(page, home))
}

func (f *Spaces) blank(c echo.Context) error {
	if !web.Actor(c).Can(models.CreateSpace, nil) {
		return models.ErrForbidden
	}
	return f.form(c, http.StatusOK, &models.Space{Visibility: models.Company}, nil)
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
	fill(c, space)
	err = f.Edit(c.Request().Context(), web.Actor(c), space)
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
}

func (f *Spaces) form(c echo.Context, status int, space *models.Space, problems models.Invalid) error {
	title := "spaces.new"
	if space.ID != 0 {
		title = "spaces.settings"
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T(title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Form(page, space, problems))
}

// managed is the space of the address, if the actor manages it.
func (f *Spaces) managed(c echo.Context) (*models.Space, error) {
	space, err := f.web.DB.SpaceBySlug(c.Request().Context(), web.Actor(c), c.Param("slug"))
	if err == nil && !web.Actor(c).Can(models.ManageSpace, space) {
		err = models.ErrForbidden
	}
	return space, err
}

func (f *Spaces) members(c echo.Context) error {
	space, err := f.web.DB.SpaceBySlug(c.Request().Context(), web.Actor(c), c.Param("slug"))
	if err != nil {
		return err
	}
	return f.memberList(c, http.StatusOK, space, nil)
}

const membersPage = 50

func (f *Spaces) memberList(c echo.Context, status int, space *models.Space, problems models.Invalid) error {
	actor := web.Actor(c)
	after, afterID, err := views.ParseMemberKey(c.QueryParam("after"))
	if err != nil {
		return err
	}
	members, err := f.web.DB.Members(c.Request().Context(), actor, space.ID, after, afterID, membersPage+1)
	if err != nil {
		return err
	}
	list := views.MemberList{Space: space, Members: members, MayManage: actor.Can(models.ManageSpace, space), First: afterID == 0, Email: c.FormValue("email"), Role: c.FormValue("role"), Problems: problems}
	if len(members) > membersPage {
		list.Members = members[:membersPage]
		list.Next = views.MemberKey(&list.Members[membersPage-1])
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("spaces.members_of", "space", space.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Members(page, list))
}

func (f *Spaces) addMember(c echo.Context) error {
	space, err := f.managed(c)
	if err != nil {
		return err
	}
	user, err := f.SetMember(c.Request().Context(), web.Actor(c), space, c.FormValue("email"), models.SpaceRole(c.FormValue("role")))
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.memberList(c, http.StatusUnprocessableEntity, space, invalid)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.member_added", "name", user.Name)})
	return web.Redirect(c, "/spaces/"+space.Slug+"/members")
}

func (f *Spaces) removeMember(c echo.Context) error {
	space, err := f.managed(c)
	if err != nil {
		return err
	}
	err = f.RemoveMember(c.Request().Context(), web.Actor(c), space, c.FormValue("email"))
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.memberList(c, http.StatusUnprocessableEntity, space, invalid)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.member_removed")})
	if web.Actor(c).Email == models.NormalEmail(c.FormValue("email")) {
		return web.Redirect(c, "/spaces") // who leaves may not see the list any more
	}
	return web.Redirect(c, "/spaces/"+space.Slug+"/members")
}
