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
		limit = append(limit, web.SignInLimit())
	}
	g.GET("/sign-in/link", f.showLink, limit...)
	g.POST("/sign-in/link", f.useLink, limit...)
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
		return f.refuse(c, linkSpent)
	}
	if err != nil {
		return err
	}
	if err := f.web.SignIn(c, user.ID); err != nil {
		return err
	}
	return web.Redirect(c, web.OwnPath(c.FormValue("next"), "/"))
}

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
	return web.Render(c, why.status, views.Refused(page, l.T(why.title), l.T(why.text)))
}
