package accounts

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/jobs"
	"ruche/app/mail"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/accounts"
	"ruche/views/i18n"
)

// MagicLinks says who may sign in by a link that is sent to their e-mail address.
type MagicLinks string

// Who may. Whoever is bound to a provider has left it to the company who gets in: only LinksAll goes past it.
const (
	LinksOff       MagicLinks = "off"
	LinksExternals MagicLinks = "externals"
	LinksAll       MagicLinks = "all"
)

// ParseMagicLinks reads the setting. What is not set depends on whether the company has a provider.
func ParseMagicLinks(setting string, provider bool) (MagicLinks, error) {
	switch links := MagicLinks(setting); {
	case setting == "" && provider:
		return LinksExternals, nil
	case setting == "":
		return LinksAll, nil
	case links == LinksOff, links == LinksExternals, links == LinksAll:
		return links, nil
	}
	return "", fmt.Errorf("%q is none of off, externals and all", setting)
}

const (
	linkJob       = "sign-in link"
	magicLinkLife = 15 * time.Minute
	// mostOpenLinks bounds what can be sent to a person who asked for nothing.
	mostOpenLinks = 5
)

// sendsLinks tells whether the sign-in page offers to send links.
func (f *Accounts) sendsLinks() bool { return f.mail.On() && f.options.MagicLinks != LinksOff }

// linkRequest is what someone at the door asks for.
type linkRequest struct{ Email, Next, Locale string }

// askLink leaves the work to a job, whoever asks: how long the answer takes, and what it is, tells nothing about whether
// there is an account.
func (f *Accounts) askLink(ctx context.Context, r linkRequest) error {
	r.Email = models.NormalEmail(r.Email)
	if !models.ValidEmail(r.Email) {
		return models.Invalid{"email": "users.email_invalid"}
	}
	err := f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		return tx.AddJob(&models.Job{Kind: linkJob, Key: fmt.Sprintf("%x", sha256.Sum256([]byte(r.Email)))}, r)
	})
	if errors.Is(err, models.ErrConflict) {
		return nil // on its way
	}
	return err
}

// sendLink is the job: a link to whom one may be sent, a hint to those who come in through the company's provider,
// nothing to anyone else but those whose address opens a space by itself.
func (f *Accounts) sendLink(_ context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
	var r linkRequest
	if err := run.Args(&r); err != nil {
		return nil, err
	}
	return func(tx *models.Tx) error {
		user, err := tx.UserWithAccess(tx.Context(), r.Email)
		if errors.Is(err, models.ErrNotFound) {
			return f.strangers(tx, r.Email, r.Locale)
		}
		if err != nil {
			return err
		}
		if user.Locale != "" {
			r.Locale = user.Locale
		}
		may, err := f.mayGetLinks(tx, user)
		if err != nil {
			return err
		}
		if !may {
			return f.mail.Send(tx, f.providerLetter(user, r))
		}
		open, err := tx.OpenLinks(user.ID)
		if err != nil || open >= mostOpenLinks {
			return err
		}
		secret, err := tx.CreateLoginLink(user.ID, magicLinkLife)
		if err != nil {
			return err
		}
		if err := f.mail.Send(tx, f.linkLetter(user, r, secret)); err != nil {
			return err
		}
		return tx.Record(models.LinkCreated, user, map[string]string{"by": "mail"})
	}, nil
}

// mayGetLinks tells whether the company lets a person in by mail.
func (f *Accounts) mayGetLinks(tx *models.Tx, user *models.User) (bool, error) {
	identities, err := tx.Identities(tx.Context(), user.ID)
	if err != nil {
		return false, err
	}
	return f.lets(user.External(), identities), nil
}

// LetsIn tells whether somebody from outside, with an account or not, may come in by what is sent to their address, as
// they would by a sign-in link. Whose address belongs to a provider comes in through that, and the company's people
// by no letter that others have sent them.
func (f *Accounts) LetsIn(ctx context.Context, user *models.User) (bool, error) {
	if !f.sendsLinks() || !user.External() {
		return false, nil
	}
	if user.ID == 0 {
		return !f.Owns(user.Email), nil
	}
	identities, err := f.web.DB.Identities(ctx, user.ID)
	return f.lets(true, identities), err
}

// lets is the setting: whom of those outside and inside the company, with these identities, links are sent to.
func (f *Accounts) lets(external bool, identities []models.Identity) bool {
	switch f.options.MagicLinks {
	case LinksAll:
		return true
	case LinksExternals:
		return external && len(identities) == 0
	}
	return false
}

// getsLinks tells whether the actor can have a link sent to them.
func (f *Accounts) getsLinks(actor *models.Actor, identities []models.Identity) bool {
	return f.mail.On() && actor.Email != "" && f.lets(actor.External(), identities)
}

func (f *Accounts) linkLetter(user *models.User, r linkRequest, secret string) mail.Message {
	l, company := i18n.For(r.Locale), f.web.Company
	address := web.LinkURL(f.mail.House(), secret)
	if r.Next != "" {
		address += "&next=" + url.QueryEscape(r.Next)
	}
	return mail.Message{
		To: user.Email, Locale: r.Locale, Subject: l.T("signin.mail.subject", "company", company),
		Paragraphs: []string{l.T("signin.mail.text", "company", company)}, Action: &mail.Action{Label: l.T("accounts.sign_in"), URL: address},
		Notes: []string{l.T("signin.mail.once"), l.T("signin.mail.not_you")}, Until: f.web.DB.Now().Add(magicLinkLife),
	}
}

func (f *Accounts) providerLetter(user *models.User, r linkRequest) mail.Message {
	l, company := i18n.For(r.Locale), f.web.Company
	return mail.Message{
		To: user.Email, Locale: r.Locale, Subject: l.T("signin.mail.subject", "company", company),
		Paragraphs: []string{l.T("signin.mail.provider")}, Action: &mail.Action{Label: l.T("accounts.again"), URL: f.mail.House() + "/sign-in"},
		Notes: []string{l.T("signin.mail.not_you")}, Until: f.web.DB.Now().Add(magicLinkLife),
	}
}

// asksEmail tells whether the sign-in page has a field for an e-mail address.
func (f *Accounts) asksEmail() bool { return f.sendsLinks() || f.chooses() }

// chooses tells whether an e-mail address may lead to a provider.
func (f *Accounts) chooses() bool {
	return slices.ContainsFunc(f.providers, func(p *provider) bool { return len(p.config.Domains) > 0 })
}

// leadToProvider takes people with a company's address to its provider; everyone else goes on. The page leads there by a
// link, and by itself: what answers a form may not redirect to another site.
func (f *Accounts) leadToProvider(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		email := models.NormalEmail(c.FormValue("email"))
		i := slices.IndexFunc(f.providers, func(p *provider) bool { return p.config.signsIn(email) })
		if i < 0 || !models.ValidEmail(email) {
			return next(c)
		}
		page, err := f.web.Page(c, "", web.Locale(c).T("accounts.sign_in"))
		if err != nil {
			return err
		}
		page.Path = "/sign-in"
		way := views.Way{Name: f.providers[i].config.Name, URL: f.providers[i].config.path() + "?" + url.Values{
			"next": {web.OwnPath(c.FormValue("next"), "/")}, "email": {email},
		}.Encode()}
		c.Response().Header().Set("Refresh", "0; url="+way.URL)
		return web.Render(c, http.StatusOK, views.Lead(page, way))
	}
}

func (f *Accounts) postLinkRequest(c echo.Context) error {
	email, next := c.FormValue("email"), web.OwnPath(c.FormValue("next"), "")
	if !f.sendsLinks() {
		return f.renderDoor(c, http.StatusUnprocessableEntity, views.Doors{Next: next, Email: email, EmailError: web.Locale(c).T("signin.mail.nowhere")})
	}
	err := f.askLink(c.Request().Context(), linkRequest{Email: email, Next: next, Locale: web.Locale(c).Lang()})
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.renderDoor(c, http.StatusUnprocessableEntity, views.Doors{Next: next, Email: email, EmailError: web.Locale(c).T(invalid["email"])})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/sign-in/mail")
}

// showLinkRequest says what happens now, in the same words to everyone.
func (f *Accounts) showLinkRequest(c echo.Context) error {
	page, err := f.web.Page(c, "", web.Locale(c).T("signin.sent.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Sent(page))
}
