package accounts

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/accounts"
	"ruche/views/layout"
)

func (f *Accounts) showAccount(c echo.Context) error {
	return f.renderAccount(c, http.StatusOK, views.Account{})
}

// renderAccount shows the page; what the form in it was sent with, and what is wrong with it, is given.
func (f *Accounts) renderAccount(c echo.Context, status int, account views.Account) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	page, err := f.web.Page(c, "account", web.Locale(c).T("accounts.account"))
	if err != nil {
		return err
	}
	identities, err := f.web.DB.Identities(ctx, actor.ID)
	if err != nil {
		return err
	}
	if account.Tokens, err = f.web.DB.Tokens(ctx, actor.ID); err != nil {
		return err
	}
	if account.Sessions, err = f.web.DB.Sessions(ctx, actor.ID); err != nil {
		return err
	}
	if account.OffersPasskeys = f.mayUsePasskeys(identities); account.OffersPasskeys {
		if account.Passkeys, err = f.web.DB.Passkeys(ctx, actor.ID); err != nil {
			return err
		}
		account.LastWay = len(account.Passkeys) == 1 && len(identities) == 0 && !f.getsLinks(actor, identities)
	}
	account.Here = web.SessionKey(c)
	account.Idle, account.Life = web.SessionLimits(actor.Role)
	account.Actor, account.GivesEmail = actor, mayGiveEmail(actor)
	for _, identity := range identities {
		account.Identities = append(account.Identities, f.providerName(identity.Issuer))
	}
	if account.Person, err = f.web.DB.UserByID(ctx, actor.ID); err != nil {
		return err
	}
	if account.Files, err = f.web.DB.FilesOfPerson(ctx, actor.ID); err != nil {
		return err
	}
	if account.Asked, err = f.web.DB.CorrectionOf(ctx, actor, actor.ID); err != nil {
		return err
	}
	if account.Owners, err = f.owners(ctx, f.web.DB.Queries, account.Person); err != nil {
		return err
	}
	return web.Render(c, status, views.Show(page, account))
}

// providerName is how people know a provider: by the name on its button, else by where its page is.
func (f *Accounts) providerName(issuer string) string {
	for _, p := range f.providers {
		if p.config.Issuer == issuer && p.config.Name != "" {
			return p.config.Name
		}
	}
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" {
		return issuer
	}
	return u.Host
}

func (f *Accounts) saveProfile(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	correction := Correction{}
	for field := range form {
		correction[field] = form.Get(field)
	}
	err = f.Correct(c.Request().Context(), web.Actor(c), correction)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.renderAccount(c, http.StatusUnprocessableEntity, views.Account{Said: correction, Problems: invalid})
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("accounts.saved")})
	return web.Redirect(c, "/account")
}

// postSessionEnd ends a session from another one; ending one's own is signing out.
func (f *Accounts) postSessionEnd(c echo.Context) error {
	key := c.Param("session")
	if key == web.SessionKey(c) {
		return f.signOut(c)
	}
	if err := f.EndSession(c.Request().Context(), web.Actor(c), key); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("sessions.ended")})
	return web.Redirect(c, "/account#sessions")
}

func (f *Accounts) postOthersEnd(c echo.Context) error {
	if err := f.EndOtherSessions(c.Request().Context(), web.Actor(c), web.SessionKey(c)); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("sessions.others_ended")})
	return web.Redirect(c, "/account#sessions")
}

// postToken answers with the page itself: the secret is shown now and kept nowhere.
func (f *Accounts) postToken(c echo.Context) error {
	token, days, form := askedToken(c)
	secret, err := f.CreateToken(c.Request().Context(), web.Actor(c), token, days)
	if errors.As(err, &form.Errors) {
		return f.renderAccount(c, http.StatusUnprocessableEntity, views.Account{NewToken: form})
	}
	if err != nil {
		return err
	}
	return f.renderAccount(c, http.StatusOK, views.Account{Secret: secret})
}

// askedToken reads the form for a new token; what is no number of days is none.
func askedToken(c echo.Context) (token *models.Token, days int, form views.TokenForm) {
	token = &models.Token{Name: c.FormValue("token_name"), Scope: models.Scope(cmp.Or(c.FormValue("scope"), string(models.ScopeRead)))}
	days, err := strconv.Atoi(cmp.Or(c.FormValue("days"), strconv.Itoa(models.TokenDays)))
	if err != nil {
		days = 0
	}
	return token, days, views.TokenForm{Name: token.Name, Scope: string(token.Scope), Days: c.FormValue("days")}
}

func (f *Accounts) postRevocation(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.RevokeToken(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("tokens.revoked")})
	return web.Redirect(c, "/account")
}
