package invitations

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/invitations"
	"ruche/views/layout"
)

func (f *Invitations) linkRoutes(g *echo.Group, limit []echo.MiddlewareFunc) {
	g.GET("/spaces/:slug/links", f.links, web.RequireSignIn)
	g.POST("/spaces/:slug/links", f.postLink, web.RequireSignIn)
	g.POST("/spaces/:slug/links/:id/revocation", f.postLinkEnd, web.RequireSignIn)
	g.GET("/join", f.showJoin, limit...)
	if f.door.RateLimit {
		limit = append(limit, web.MailLimit("email"))
	}
	g.POST("/join", f.postJoin, limit...)
	g.GET("/join/mail", f.joinSent)
}

// linked is the space of the address, if the actor looks after its invitations.
func (f *Invitations) linked(c echo.Context) (*models.Space, error) {
	actor := web.Actor(c)
	space, err := f.web.DB.SpaceBySlug(c.Request().Context(), actor, c.Param("slug"))
	if err == nil && (!actor.Can(models.ManageSpace, space) || actor.External()) {
		err = models.ErrForbidden
	}
	return space, err
}

func (f *Invitations) links(c echo.Context) error {
	space, err := f.linked(c)
	if err != nil {
		return err
	}
	return f.linkList(c, http.StatusOK, views.Links{Space: space, Role: string(models.SpaceMember), Places: "20", Days: "14"})
}

func (f *Invitations) linkList(c echo.Context, status int, list views.Links) error {
	before, err := web.Before(c)
	if err != nil {
		return err
	}
	if list.Cards, err = f.web.DB.InvitationLinks(c.Request().Context(), list.Space, before, pageSize+1); err != nil {
		return err
	}
	if list.Later = before != 0; len(list.Cards) > pageSize {
		list.Cards = list.Cards[:pageSize]
		list.Next = list.Cards[pageSize-1].ID
	}
	list.MayMake = web.Actor(c).Can(models.Invite, list.Space)
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("links.title"))
	if err != nil {
		return err
	}
	page.Path = list.URL()
	return web.Render(c, status, views.LinkList(page, list))
}

func (f *Invitations) postLink(c echo.Context) error {
	space, err := f.linked(c)
	if err != nil {
		return err
	}
	list := views.Links{Space: space, Role: c.FormValue("role"), Places: c.FormValue("places"), Days: c.FormValue("days"), Domains: c.FormValue("domains"), Until: c.FormValue("until")}
	link := &models.InvitationLink{Role: models.SpaceRole(list.Role), Domains: list.Domains}
	link.Places, _ = strconv.Atoi(list.Places) // what is no number is none of those allowed
	days, _ := strconv.Atoi(list.Days)
	var secret string
	if link.AccessUntil, err = lastDay(c, list.Until); err == nil {
		secret, err = f.MakeLink(c.Request().Context(), web.Actor(c), link, space, min(days, 10*models.MaxLinkDays))
	}
	if errors.As(err, &list.Problems) {
		return f.linkList(c, http.StatusUnprocessableEntity, list)
	}
	if err != nil {
		return err
	}
	return f.linkList(c, http.StatusOK, views.Links{Space: space, Role: list.Role, Places: list.Places, Days: list.Days, Made: f.joinURL(secret)})
}

func (f *Invitations) postLinkEnd(c echo.Context) error {
	space, err := f.linked(c)
	if err != nil {
		return err
	}
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.EndLink(c.Request().Context(), web.Actor(c), space, id); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("links.ended")})
	return web.Redirect(c, views.Links{Space: space}.URL())
}

func (f *Invitations) showJoin(c echo.Context) error {
	return f.join(c, http.StatusOK, views.Join{Token: c.QueryParam("token")})
}

// join asks whoever holds a link for their address.
func (f *Invitations) join(c echo.Context, status int, view views.Join) error {
	link, space, err := f.web.DB.OpenLink(c.Request().Context(), view.Token)
	if errors.Is(err, models.ErrNotFound) {
		return f.spent(c)
	}
	if err != nil {
		return err
	}
	view.Link, view.Space = link, space
	page, err := f.web.Page(c, "", web.Locale(c).T("links.join.title"))
	if err != nil {
		return err
	}
	page.Path = view.Path()
	return web.Render(c, status, views.JoinPage(page, view))
}

func (f *Invitations) postJoin(c echo.Context) error {
	view := views.Join{Token: c.FormValue("token"), Email: c.FormValue("email")}
	err := f.Ask(c.Request().Context(), view.Token, view.Email, web.Locale(c).Lang())
	if errors.As(err, &view.Problems) {
		return f.join(c, http.StatusUnprocessableEntity, view)
	}
	if errors.Is(err, models.ErrNotFound) {
		return f.spent(c)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/join/mail")
}

// joinSent says what happens now, in the same words to everyone.
func (f *Invitations) joinSent(c echo.Context) error {
	page, err := f.web.Page(c, "", web.Locale(c).T("signin.sent.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.JoinSent(page))
}
