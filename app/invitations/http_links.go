package invitations

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"

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
	if err == nil && !actor.KeepsInvitations(space) {
		err = models.ErrForbidden
	}
	return space, err
}

func (f *Invitations) links(c echo.Context) error {
	space, err := f.linked(c)
	if err != nil {
		return err
	}
	return f.linkList(c, http.StatusOK, views.Links{Space: space, Role: string(models.SpaceMember), Places: "20", Days: "14", Sponsor: web.Actor(c).Email})
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
	list.MayMake, list.Door = web.Actor(c).Can(models.Invite, list.Space), f.web.BaseURL.String()+"/join"
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
	list := views.Links{
		Space: space, ByDomain: c.FormValue("kind") == views.ByDomain, Role: c.FormValue("role"), Places: strings.TrimSpace(c.FormValue("places")), Days: strings.TrimSpace(c.FormValue("days")),
		Domains: c.FormValue("domains"), Until: c.FormValue("until"), Sponsor: strings.TrimSpace(c.FormValue("sponsor")),
	}
	in := NewLink{ByDomain: list.ByDomain, Role: models.SpaceRole(list.Role), Domains: list.Domains, Sponsor: list.Sponsor}
	in.Days, _ = strconv.Atoi(list.Days) // what is no number is none of those allowed
	if in.Places, err = strconv.Atoi(list.Places); err != nil && list.Places != "" {
		in.Places = -1
	}
	var secret string
	if in.Until, err = lastDay(c, list.Until); err == nil {
		_, secret, err = f.MakeLink(c.Request().Context(), web.Actor(c), space, in)
	}
	if errors.As(err, &list.Problems) {
		return f.linkList(c, http.StatusUnprocessableEntity, list)
	}
	if err != nil {
		return err
	}
	if in.ByDomain {
		f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("links.domain_made")})
		return web.Redirect(c, list.URL())
	}
	return f.linkList(c, http.StatusOK, views.Links{Space: space, Role: list.Role, Places: list.Places, Days: list.Days, Sponsor: list.Sponsor, Made: f.joinURL(secret)})
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

// join asks whoever holds a link for their address, and whoever holds none for one that may let them in by itself.
func (f *Invitations) join(c echo.Context, status int, view views.Join) (err error) {
	if view.Token != "" {
		_, view.Space, err = f.web.DB.OpenLink(c.Request().Context(), view.Token)
	} else if offered, lost := f.offered(c.Request().Context()); lost != nil || !offered {
		err = cmp.Or(lost, models.ErrNotFound)
	}
	if errors.Is(err, models.ErrNotFound) {
		return f.spent(c)
	}
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "", web.Locale(c).T("links.join.title"))
	if err != nil {
		return err
	}
	page.Path = view.Path()
	return web.Render(c, status, views.JoinPage(page, view))
}

func (f *Invitations) postJoin(c echo.Context) error {
	view := views.Join{Token: c.FormValue("token"), Email: c.FormValue("email")}
	var err error
	if view.Token == "" {
		err = f.AskByDomain(c.Request().Context(), view.Email, web.Locale(c).Lang())
	} else {
		err = f.Ask(c.Request().Context(), view.Token, view.Email, web.Locale(c).Lang())
	}
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
