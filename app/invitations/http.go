package invitations

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/invitations"
	"ruche/views/layout"
)

// Routes adds the feature's pages.
func (f *Invitations) Routes(g *echo.Group) {
	invitations := g.Group("/invitations", web.RequireSignIn)
	invitations.GET("", f.list)
	invitations.POST("", f.postNew)
	invitations.GET("/new", f.showNew)
	invitations.POST("/:id/letter", f.postLetter)
	invitations.POST("/:id/revocation", f.postRevocation)
	var limit []echo.MiddlewareFunc
	if f.door.RateLimit {
		limit = append(limit, f.web.SignInLimit())
	}
	f.guestRoutes(g)
	f.linkRoutes(g, limit)
	f.registrationRoutes(g, limit)
	g.GET("/invitation", f.show, limit...)
	g.POST("/invitation", f.accept, limit...)
}

// pageSize is how many invitations a page of the list shows.
const pageSize = 30

func (f *Invitations) list(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	list := views.List{Space: c.QueryParam("space"), State: models.InvitationState(c.QueryParam("state")), MayInvite: len(actor.InvitesTo()) > 0}
	query := models.InvitationQuery{State: list.State, Limit: pageSize + 1}
	if list.State != "" && !slices.Contains(models.InvitationStates(), list.State) {
		return models.Invalid{"state": "invitations.state_invalid"}
	}
	if list.Space != "" {
		space, err := f.web.DB.SpaceBySlug(ctx, actor, list.Space)
		if err != nil {
			return err
		}
		query.SpaceID, list.Title = space.ID, space.Title
	}
	var err error
	if query.Before, err = web.Before(c); err != nil {
		return err
	}
	if list.Cards, err = f.web.DB.Invitations(ctx, actor, query); err != nil {
		return err
	}
	if list.Later = query.Before != 0; len(list.Cards) > pageSize {
		list.Cards = list.Cards[:pageSize]
		list.Next = list.Cards[pageSize-1].ID
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("invitations.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Index(page, list))
}

func (f *Invitations) showNew(c echo.Context) error {
	actor := web.Actor(c)
	if len(actor.Inviting()) == 0 {
		return models.ErrForbidden
	}
	l := web.Locale(c)
	form := views.Form{Role: string(models.SpaceMember), Locale: l.Lang(), Sponsor: actor.Email, Spaces: c.QueryParams()["space"]}
	form.Until = models.MonthsLater(l.In(f.web.DB.Now()), usualAccess).Format(time.DateOnly)
	if spaces := actor.InvitesTo(); len(spaces) == 1 {
		form.Spaces = []string{spaces[0].Slug}
	}
	return f.form(c, http.StatusOK, form)
}

func (f *Invitations) form(c echo.Context, status int, form views.Form) error {
	var err error
	if form.Mail, err = f.offered(c.Request().Context()); err != nil {
		return err
	}
	form.Offered = web.Actor(c).InvitesTo()
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("invitations.new.title"))
	if err != nil {
		return err
	}
	page.Path = "/invitations/new"
	return web.Render(c, status, views.New(page, form))
}

func (f *Invitations) postNew(c echo.Context) error {
	form := views.Form{
		Addresses: c.FormValue("addresses"), Role: c.FormValue("role"), Message: c.FormValue("message"), Locale: c.FormValue("locale"),
		Until: c.FormValue("until"), Sponsor: strings.TrimSpace(c.FormValue("sponsor")), Spaces: c.Request().PostForm["space"],
	}
	until, err := lastDay(c, form.Until)
	var sent []models.Invitation
	if err == nil {
		sent, err = f.Invite(c.Request().Context(), web.Actor(c), Call{
			Addresses: form.Addresses, Spaces: slices.Clone(form.Spaces), Role: models.SpaceRole(form.Role), Message: form.Message, Locale: form.Locale, Until: until, Sponsor: form.Sponsor,
		})
	}
	if errors.As(err, &form.Problems) {
		var wrong *Wrong
		if errors.As(err, &wrong) {
			form.Wrong = wrong.Addresses
		}
		return f.form(c, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("invitations.sent", "count", len(sent))})
	return web.Redirect(c, "/invitations")
}

// lastDay is the end of a day, as the reader's calendar has it; the zero time for none.
func lastDay(c echo.Context, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, ok := web.Day(c, text)
	if !ok {
		return time.Time{}, models.Invalid{"until": "members.until_invalid"}
	}
	return day.AddDate(0, 0, 1).UTC(), nil
}

func (f *Invitations) postLetter(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if _, err := f.SendAgain(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	return f.done(c, "invitations.sent_again")
}

func (f *Invitations) postRevocation(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if _, err := f.Revoke(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	return f.done(c, "invitations.revoked")
}

func (f *Invitations) done(c echo.Context, said string) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(said)})
	return web.Redirect(c, "/invitations")
}

// show asks before the invitation is accepted: mail scanners open links, they press no button.
func (f *Invitations) show(c echo.Context) error {
	token := c.QueryParam("token")
	e, err := f.open(c.Request().Context(), token)
	if errors.Is(err, models.ErrNotFound) {
		return f.spent(c)
	}
	if err != nil {
		return err
	}
	return f.ask(c, http.StatusOK, e, views.Acceptance{Token: token})
}

// ask shows an invitation to whoever holds it.
func (f *Invitations) ask(c echo.Context, status int, e *entrance, view views.Acceptance) error {
	actor := web.Actor(c)
	inviter, err := f.web.DB.UserByID(c.Request().Context(), e.invitation.InviterID)
	if err != nil {
		return err
	}
	view.Invitation, view.Spaces, view.Inviter = e.invitation, e.spaces, inviter
	switch {
	case actor.SignedIn() && !e.isFor(actor):
		view.Stranger = cmp.Or(actor.Name, actor.Email)
	case actor.SignedIn():
		view.Known = true
	case !e.lets:
		view.SignIn = true
	default:
		view.Known = e.user != nil
	}
	page, err := f.web.Page(c, "", web.Locale(c).T("invitations.accept.title"))
	if err != nil {
		return err
	}
	page.Path = view.Path()
	return web.Render(c, status, views.Accept(page, view))
}

func (f *Invitations) accept(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.Acceptance{Token: c.FormValue("token"), Name: c.FormValue("name"), Organisation: c.FormValue("organisation")}
	e, err := f.open(ctx, view.Token)
	var user *models.User
	if err == nil {
		user, err = f.Accept(ctx, actor, e, Newcomer{Name: view.Name, Organisation: view.Organisation, Locale: web.Locale(c).Lang()})
	}
	if errors.As(err, &view.Problems) {
		return f.ask(c, http.StatusUnprocessableEntity, e, view)
	}
	if errors.Is(err, models.ErrNotFound) {
		return f.spent(c)
	}
	if err != nil {
		return err
	}
	if !actor.SignedIn() {
		if err := f.door.SignIn(c, user, web.Entry{By: "invitation"}); err != nil {
			return err
		}
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("invitations.welcome")})
	return web.Redirect(c, "/spaces/"+e.spaces[0].Slug)
}

// spent says, in the same words whatever the reason, that an invitation does not serve.
func (f *Invitations) spent(c echo.Context) error {
	page, err := f.web.Page(c, "", web.Locale(c).T("invitations.spent.title"))
	if err != nil {
		return err
	}
	page.Path = "/sign-in"
	return web.Render(c, http.StatusGone, views.Spent(page))
}
