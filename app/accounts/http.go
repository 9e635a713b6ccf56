package accounts

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/accounts"
)

// Routes adds the pages of the feature.
func (f *Accounts) Routes(g *echo.Group) {
	var limit []echo.MiddlewareFunc
	if f.options.RateLimit {
		limit = append(limit, f.web.SignInLimit())
	}
	g.GET("/sign-in", f.show)
	g.GET("/sign-in/link", f.showLink, limit...)
	g.POST("/sign-in/link", f.useLink, limit...)
	if f.asksEmail() {
		bounded := []echo.MiddlewareFunc{f.leadToProvider}
		if f.options.RateLimit {
			bounded = append(bounded, web.MailLimit("email"))
		}
		g.GET("/sign-in/mail", f.showLinkRequest)
		g.POST("/sign-in/mail", f.postLinkRequest, bounded...)
	}
	if f.passkeys != nil {
		g.POST("/sign-in/passkey/challenge", f.askToEnter)
		g.POST("/sign-in/passkey", f.usePasskey, limit...)
	}
	for _, p := range f.providers {
		path := p.config.path()
		g.GET(path, func(c echo.Context) error { return f.startOIDC(c, p) }, limit...)
		g.GET(path+"/"+callbackPath, func(c echo.Context) error { return f.finishOIDC(c, p) }, limit...)
		g.POST(path+"/"+logoutPath, func(c echo.Context) error { return f.postLogout(c, p) }, limit...)
	}
	g.POST(leftPath, f.signOut)
	g.GET(leftPath, f.finishSignOut)
	g.POST("/preferences", f.prefer)

	account := g.Group("/account", web.RequireSignIn)
	account.GET("", f.showAccount)
	account.POST("", f.saveProfile)
	account.POST("/correction", f.postCorrection)
	account.POST("/picture", f.postPicture)
	account.POST("/picture/removal", f.postPictureRemoval)
	if f.passkeys != nil {
		account.POST("/passkeys/challenge", f.askToAdd)
		account.POST("/passkeys", f.postPasskey)
		account.POST("/passkeys/:id/removal", f.postPasskeyRemoval)
	}
	account.GET("/security", f.showSecurity)
	account.POST("/sessions/removal", f.postOthersEnd)
	account.POST("/sessions/:session/removal", f.postSessionEnd)
	account.POST("/tokens", f.postToken)
	f.serviceRoutes(g)
	account.POST("/tokens/:id/revocation", f.postRevocation)
}

func (f *Accounts) show(c echo.Context) error {
	next := web.OwnPath(c.QueryParam("next"), "/")
	if web.Actor(c).SignedIn() {
		return web.Redirect(c, next)
	}
	return f.renderDoor(c, http.StatusOK, views.Doors{Next: next, Left: c.QueryParam("left") != ""})
}

// renderDoor shows the sign-in page with the ways in that there are; what its form was sent with is given.
func (f *Accounts) renderDoor(c echo.Context, status int, doors views.Doors) error {
	page, err := f.web.Page(c, "", web.Locale(c).T("accounts.sign_in"))
	if err != nil {
		return err
	}
	if c.Request().Method != http.MethodGet {
		page.Path = "/sign-in" // whoever changes the language comes back to a page that can be shown
	}
	for _, p := range f.providers {
		doors.Providers = append(doors.Providers, views.Provider{Name: p.config.Name, URL: p.config.path(), Down: p.down()})
	}
	doors.Mail, doors.Domains = f.sendsLinks(), f.chooses()
	doors.GuestsOnly = len(f.providers) > 0 && f.options.MagicLinks == LinksExternals
	doors.Passkeys = f.passkeys != nil
	doors.Public = len(web.Actor(c).Spaces) > 0
	return web.Render(c, status, views.SignIn(page, doors))
}

// showLink asks before the link is used up: mail scanners open links, they press no button.
func (f *Accounts) showLink(c echo.Context) error {
	token := c.QueryParam("token")
	user, err := f.web.DB.LoginLinkUser(c.Request().Context(), token)
	if errors.Is(err, models.ErrNotFound) {
		return f.refuse(c, linkSpent)
	}
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "", web.Locale(c).T("accounts.sign_in"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Link(page, views.LinkForm{Token: token, Next: web.OwnPath(c.QueryParam("next"), ""), ID: user.ID, Name: user.Name}))
}

func (f *Accounts) useLink(c echo.Context) error {
	user, err := f.spendLink(c.Request().Context(), c.FormValue("token"))
	if errors.Is(err, models.ErrNotFound) {
		if err := f.noteSpent(c.Request().Context(), c.FormValue("token")); err != nil {
			return err
		}
		return f.refuse(c, linkSpent)
	}
	if err != nil {
		return err
	}
	if err := f.SignIn(c, user, web.Entry{By: "link"}); err != nil {
		return err
	}
	return web.Redirect(c, web.OwnPath(c.FormValue("next"), "/"))
}

// SignIn opens the session. What the visitor chose at the door becomes the choice of someone who has made none.
func (f *Accounts) SignIn(c echo.Context, user *models.User, entry web.Entry) error {
	actor := &models.Actor{ID: user.ID, Locale: chosen(c, web.LocaleCookie, user.Locale), Theme: chosen(c, web.ThemeCookie, user.Theme)}
	if actor.Locale != user.Locale || actor.Theme != user.Theme {
		if err := f.savePreferences(c.Request().Context(), actor); err != nil {
			return err
		}
	}
	entry.User = user
	return f.web.SignIn(c, entry)
}

// chosen is a person's choice, else that of their browser.
func chosen(c echo.Context, name, own string) string {
	cookie, err := c.Cookie(name)
	if own != "" || err != nil || !preference(name, cookie.Value) {
		return own
	}
	return cookie.Value
}

// prefer keeps a choice in the browser, for the pages before the door, and in the account of a person.
func (f *Accounts) prefer(c echo.Context) error {
	name, value := c.FormValue("name"), c.FormValue("value")
	if !preference(name, value) {
		return models.Invalid{"value": "accounts.preference_invalid"}
	}
	actor := *web.Actor(c)
	if name == presencePreference {
		return f.preferPresence(c, value == unseen)
	}
	if name == web.LocaleCookie {
		actor.Locale = value
	} else {
		actor.Theme = value
	}
	if actor.SignedIn() {
		if err := f.savePreferences(c.Request().Context(), &actor); err != nil {
			return err
		}
	}
	c.SetCookie(&http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: preferenceLife, HttpOnly: true, Secure: f.web.Sessions.Cookie.Secure, SameSite: http.SameSiteLaxMode,
	})
	return web.Redirect(c, web.OwnPath(c.FormValue("back"), "/"))
}

// preferPresence keeps whether others learn when the person reads and writes. Pages that are open go by it at once.
func (f *Accounts) preferPresence(c echo.Context, unseen bool) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	if !actor.SignedIn() {
		return models.ErrForbidden
	}
	if err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error { return tx.SetUnseen(actor.ID, unseen) }); err != nil {
		return err
	}
	f.web.Live.RenewEverywhere(ctx, actor.ID)
	return web.Redirect(c, web.OwnPath(c.FormValue("back"), "/"))
}

// preferenceLife is how long a browser keeps a choice: a year, in seconds.
const preferenceLife = 365 * 24 * 60 * 60

// refusal is why someone was not let in, and what they can do about it.
type refusal struct {
	status      int
	title, text string // keys of the catalogue
}

var linkSpent = refusal{http.StatusGone, "accounts.link_spent.title", "accounts.link_spent.text"}

func (f *Accounts) refuse(c echo.Context, why refusal) error {
	l := web.Locale(c)
	page, err := f.web.Page(c, "", l.T(why.title))
	if err != nil {
		return err
	}
	page.Path = "/sign-in" // what led here is spent
	return web.Render(c, why.status, views.Refused(page, l.T(why.title), l.T(why.text)))
}
