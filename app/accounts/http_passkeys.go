package accounts

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/accounts"
	"ruche/views/layout"
)

// challengeKey of the session is the secret of what this browser's device was asked last.
const challengeKey = "passkey"

// askToAdd tells the page's script what to ask the device.
func (f *Accounts) askToAdd(c echo.Context) error {
	options, secret, err := f.BeginPasskey(c.Request().Context(), web.Actor(c))
	if err != nil {
		return err
	}
	f.web.Sessions.Put(c.Request().Context(), challengeKey, secret)
	return c.JSON(http.StatusOK, options)
}

func (f *Accounts) askToEnter(c echo.Context) error {
	options, secret, err := f.askPasskey(c.Request().Context())
	if err != nil {
		return err
	}
	f.web.Sessions.Put(c.Request().Context(), challengeKey, secret)
	return c.JSON(http.StatusOK, options)
}

// answered is what the form brings back from the device.
func (f *Accounts) answered(c echo.Context) answer {
	return answer{f.web.Sessions.PopString(c.Request().Context(), challengeKey), c.FormValue("credential")}
}

func (f *Accounts) postPasskey(c echo.Context) error {
	name := c.FormValue("passkey_name")
	form := views.Account{PasskeyName: name}
	actor := *web.Actor(c)
	actor.Locale = web.Locale(c).Lang() // of the mail
	err := f.AddPasskey(c.Request().Context(), &actor, name, f.answered(c))
	var invalid models.Invalid
	switch l := web.Locale(c); {
	case errors.As(err, &invalid):
		form.PasskeyError = l.T(invalid["passkey_name"])
	case errors.Is(err, models.ErrConflict):
		form.PasskeyError = l.T("passkeys.known")
	case errors.Is(err, errPasskeyOld), errors.Is(err, errPasskeyInvalid):
		form.PasskeyError = l.T("passkeys.failed")
	case err != nil:
		return err
	default:
		f.web.Toast(c, layout.Toast{Text: l.T("passkeys.added")})
		return web.Redirect(c, "/account")
	}
	return f.renderAccount(c, http.StatusUnprocessableEntity, form)
}

func (f *Accounts) postPasskeyRemoval(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.RemovePasskey(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("passkeys.removed")})
	return web.Redirect(c, "/account")
}

// Why a passkey does not let someone in.
var (
	passkeyInvalid = refusal{http.StatusForbidden, "passkeys.invalid.title", "passkeys.invalid.text"}
	passkeyCopied  = refusal{http.StatusForbidden, "passkeys.copied.title", "passkeys.copied.text"}
	passkeyBound   = refusal{http.StatusForbidden, "passkeys.bound.title", "passkeys.bound.text"}
)

func (f *Accounts) usePasskey(c echo.Context) error {
	user, err := f.enterByPasskey(c.Request().Context(), f.answered(c))
	switch {
	case errors.Is(err, errPasskeyOld):
		return f.refuse(c, attemptUnknown)
	case errors.Is(err, errPasskeyInvalid):
		return f.refuse(c, passkeyInvalid)
	case errors.Is(err, errPasskeyBound):
		return f.refuse(c, passkeyBound)
	case errors.Is(err, errPasskeyCopied):
		slog.WarnContext(c.Request().Context(), "passkey refused because there may be a copy of it", "request", web.RequestID(c))
		return f.refuse(c, passkeyCopied)
	case err != nil:
		return err
	}
	if err := f.SignIn(c, user, web.Entry{By: "passkey"}); err != nil {
		return err
	}
	return web.Redirect(c, web.OwnPath(c.FormValue("next"), "/"))
}
