package invitations

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/invitations"
	"ruche/views/layout"
)

func (f *Invitations) registrationRoutes(g *echo.Group, limit []echo.MiddlewareFunc) {
	g.GET("/spaces/:slug/registrations", f.registrations, web.RequireSignIn)
	g.POST("/spaces/:slug/registrations", f.postRegistrations, web.RequireSignIn)
	g.POST("/spaces/:slug/registrations/:id/acceptance", f.postAdmission, web.RequireSignIn)
	g.POST("/spaces/:slug/registrations/:id/refusal", f.postRefusal, web.RequireSignIn)
	g.GET("/spaces/:slug/registration", f.showRegistration)
	g.GET("/registration", f.showProof, limit...)
	g.POST("/registration", f.postProof, limit...)
	g.GET("/registration/mail", f.registrationSent)
	g.GET("/registration/waiting", f.registrationWaits)
	if f.door.RateLimit {
		limit = []echo.MiddlewareFunc{web.MailLimit("email")}
	}
	g.POST("/spaces/:slug/registration", f.postRegistration, limit...)
}

// showRegistration is the open page of a space at which strangers ask to be let in.
func (f *Invitations) showRegistration(c echo.Context) error {
	space, err := f.registering(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	return f.registration(c, http.StatusOK, views.Registration{Space: space})
}

// shorter tells whether somebody has no need to ask: they are in, or have another way.
func shorter(actor *models.Actor, space *models.Space) bool {
	access := actor.Access(space.ID)
	return actor.SignedIn() && (access != nil && access.Role != "" || actor.Entrance(space) != models.JoinInvitation)
}

func (f *Invitations) registration(c echo.Context, status int, view views.Registration) (err error) {
	actor := web.Actor(c)
	if shorter(actor, view.Space) {
		return web.Redirect(c, "/spaces/"+view.Space.Slug)
	}
	if !actor.MayRegister(view.Space) {
		return models.ErrForbidden
	}
	if view.Self = actor.SignedIn(); view.Self {
		if view.Waits, err = f.web.DB.Registered(c.Request().Context(), actor, view.Space); err != nil {
			return err
		}
	}
	page, err := f.web.Page(c, "", web.Locale(c).T("registrations.title"))
	if err != nil {
		return err
	}
	page.Path = view.Path()
	return web.Render(c, status, views.Register(page, view))
}

func (f *Invitations) postRegistration(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	space, err := f.registering(ctx, c.Param("slug"))
	if err != nil {
		return err
	}
	view := views.Registration{Space: space, Name: c.FormValue("name"), Email: c.FormValue("email"), Organisation: c.FormValue("organisation"), Message: c.FormValue("message")}
	next := "/registration/mail"
	switch {
	case shorter(actor, space):
		return web.Redirect(c, "/spaces/"+space.Slug)
	case actor.SignedIn():
		next = view.Path()
		err = f.RegisterSelf(ctx, actor, space, view.Message)
	default:
		err = f.Register(ctx, space, &models.Registration{Name: view.Name, Email: view.Email, Organisation: view.Organisation, Message: view.Message, Locale: web.Locale(c).Lang()})
	}
	if errors.As(err, &view.Problems) {
		return f.registration(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, next)
}

// registrationSent says what happens now, in the same words to everyone.
func (f *Invitations) registrationSent(c echo.Context) error {
	page, err := f.web.Page(c, "", web.Locale(c).T("signin.sent.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.RegistrationSent(page))
}

// showProof asks before an address is proven: mail scanners open links, they press no button.
func (f *Invitations) showProof(c echo.Context) error {
	token := c.QueryParam("token")
	r, space, err := f.web.DB.UnprovenRegistration(c.Request().Context(), token)
	if errors.Is(err, models.ErrNotFound) {
		return f.spent(c)
	}
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "", web.Locale(c).T("registrations.confirm.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Confirm(page, views.Proof{Token: token, Registration: r, Space: space}))
}

func (f *Invitations) postProof(c echo.Context) error {
	err := f.Confirm(c.Request().Context(), c.FormValue("token"))
	if errors.Is(err, models.ErrNotFound) {
		return f.spent(c)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/registration/waiting")
}

// registrationWaits says what happens now, whoever asked: to whom an account belongs is for its owner alone.
func (f *Invitations) registrationWaits(c echo.Context) error {
	settings, err := f.web.DB.PrivacySettings(c.Request().Context())
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "", web.Locale(c).T("registrations.waits.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.RegistrationWaits(page, settings.Days[models.PeriodRegisters]))
}

func (f *Invitations) registrations(c echo.Context) error {
	space, err := f.linked(c)
	if err != nil {
		return err
	}
	if err := f.web.ReadSpace(c, space); err != nil {
		return err
	}
	return f.registrationList(c, http.StatusOK, views.Registrations{Space: space})
}

// registrationList shows who waits, and whether others may still ask.
func (f *Invitations) registrationList(c echo.Context, status int, list views.Registrations) error {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	after := int64(0)
	if text := c.QueryParam("after"); text != "" {
		var err error
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 {
			return models.Invalid{"after": "lists.cursor_invalid"}
		}
	}
	var err error
	if list.Cards, err = f.web.DB.Registrations(ctx, actor, list.Space, after, pageSize+1); err != nil {
		return err
	}
	if list.Later = after != 0; len(list.Cards) > pageSize {
		list.Cards = list.Cards[:pageSize]
		list.Next = list.Cards[pageSize-1].ID
	}
	list.MayAdmit, list.Usual = actor.Can(models.Invite, list.Space), views.Admission{
		Role: string(models.SpaceMember), Sponsor: actor.Email, Until: models.MonthsLater(l.In(f.web.DB.Now()), usualAccess).Format(time.DateOnly),
	}
	list.Door = f.web.BaseURL.String() + views.Registration{Space: list.Space}.Path()
	page, err := f.web.Page(c, "spaces", l.T("registrations.list"))
	if err != nil {
		return err
	}
	page.Path = list.URL()
	return web.Render(c, status, views.RegistrationList(page, list))
}

func (f *Invitations) postRegistrations(c echo.Context) error {
	space, err := f.linked(c)
	if err != nil {
		return err
	}
	list, open := views.Registrations{Space: space}, c.FormValue("open") == "1"
	err = f.OpenRegistration(c.Request().Context(), web.Actor(c), space, open)
	if errors.As(err, &list.Problems) {
		return f.registrationList(c, http.StatusUnprocessableEntity, list)
	}
	if err != nil {
		return err
	}
	return f.decided(c, list, map[bool]string{true: "registrations.opened", false: "registrations.closed"}[open], "")
}

// registered is the space and the number of the address.
func (f *Invitations) registered(c echo.Context) (*models.Space, int64, error) {
	space, err := f.linked(c)
	if err != nil {
		return nil, 0, err
	}
	id, err := web.ID(c, "id")
	return space, id, err
}

func (f *Invitations) postAdmission(c echo.Context) error {
	space, id, err := f.registered(c)
	if err != nil {
		return err
	}
	list := views.Registrations{Space: space, About: id, Sent: views.Admission{Role: c.FormValue("role"), Until: c.FormValue("until"), Sponsor: strings.TrimSpace(c.FormValue("sponsor"))}}
	in := Admission{Role: models.SpaceRole(list.Sent.Role), Sponsor: list.Sent.Sponsor}
	var r *models.Registration
	if in.Until, err = lastDay(c, list.Sent.Until); err == nil {
		r, err = f.Admit(c.Request().Context(), web.Actor(c), space, id, in)
	}
	if errors.As(err, &list.Problems) {
		return f.registrationList(c, http.StatusUnprocessableEntity, list)
	}
	if err != nil {
		return err
	}
	return f.decided(c, list, "registrations.accepted", r.Name)
}

func (f *Invitations) postRefusal(c echo.Context) error {
	space, id, err := f.registered(c)
	if err != nil {
		return err
	}
	list := views.Registrations{Space: space, About: id, Answer: c.FormValue("answer")}
	r, err := f.Refuse(c.Request().Context(), web.Actor(c), space, id, list.Answer)
	if errors.As(err, &list.Problems) {
		return f.registrationList(c, http.StatusUnprocessableEntity, list)
	}
	if err != nil {
		return err
	}
	return f.decided(c, list, "registrations.refused", r.Name)
}

func (f *Invitations) decided(c echo.Context, list views.Registrations, said, name string) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(said, "name", name)})
	return web.Redirect(c, list.URL())
}
