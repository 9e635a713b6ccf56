package accounts

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"ruche/app/web"
	"ruche/models"
)

// attempt is one way to the provider and back. It stays on the server, in the session.
type attempt struct {
	Issuer   string    `json:"issuer"`
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"` // of PKCE
	Next     string    `json:"next"`
	At       time.Time `json:"at"`
}

const (
	attemptsKey = "oidc" // of the session
	maxAttempts = 5      // tabs on their way at once
	attemptLife = 15 * time.Minute
)

// The addresses of a provider: where the way to it begins, and below that where it sends people back to, which is
// registered there.
const (
	oidcPath     = "/sign-in/oidc"
	callbackPath = "callback"
)

// startOIDC sends someone to the provider.
func (f *Accounts) startOIDC(c echo.Context, p *provider) error {
	next := web.OwnPath(c.QueryParam("next"), "/")
	if web.Actor(c).SignedIn() {
		return web.Redirect(c, next)
	}
	m, err := p.metadata(c.Request().Context())
	if err != nil {
		return f.refuseOIDC(c, err)
	}
	a := attempt{Issuer: p.config.Issuer, State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Next: next, At: f.web.DB.Now()}
	attempts := append(f.attempts(c), a)
	f.saveAttempts(c, attempts[max(0, len(attempts)-maxAttempts):])
	ask := []oauth2.AuthCodeOption{oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier), oauth2.SetAuthURLParam("ui_locales", web.Locale(c).Lang())}
	if email := c.QueryParam("email"); models.ValidEmail(email) {
		ask = append(ask, oauth2.SetAuthURLParam("login_hint", email))
	}
	return web.Redirect(c, m.oauth.AuthCodeURL(a.State, ask...))
}

// finishOIDC is where the provider sends people back to. An attempt that began at another provider is none of its own.
func (f *Accounts) finishOIDC(c echo.Context, p *provider) error {
	ctx := c.Request().Context()
	a, ok := f.takeAttempt(c, c.QueryParam("state"))
	if !ok || a.Issuer != p.config.Issuer {
		return f.refuse(c, attemptUnknown)
	}
	m, err := p.metadata(ctx)
	if err != nil {
		return f.refuseOIDC(c, err)
	}
	if iss := c.QueryParam("iss"); iss != p.config.Issuer && (iss != "" || m.namesIss) {
		return f.refuseOIDC(c, fmt.Errorf("%w: the answer comes from another provider", errTokenInvalid))
	}
	if code := c.QueryParam("error"); code != "" {
		slog.InfoContext(ctx, "identity provider refused a sign-in", "code", knownCode(code))
		if code == "access_denied" {
			return f.refuse(c, providerDenied)
		}
		return f.refuse(c, providerFailed)
	}
	claims, err := p.identify(ctx, m, c.QueryParam("code"), a)
	if err != nil {
		return f.refuseOIDC(c, err)
	}
	user, err := f.enter(ctx, p, claims, web.Locale(c).T("accounts.unnamed"))
	if err != nil {
		return f.refuseOIDC(c, err)
	}
	if err := f.SignIn(c, user, web.Entry{
		By: "oidc", Issuer: claims.issuer, Subject: claims.subject, SID: claims.session, IDToken: claims.idToken, Until: claims.until,
	}); err != nil {
		return err
	}
	return web.Redirect(c, a.Next)
}

// refuseOIDC words an error of the way through the provider; one that is not about it goes on to web.HandleError.
func (f *Accounts) refuseOIDC(c echo.Context, err error) error {
	why := refusal{}
	switch {
	case errors.Is(err, errProviderDown):
		why = providerDown
		c.Response().Header().Set(echo.HeaderRetryAfter, "30")
	case errors.Is(err, errCodeRefused):
		why = attemptUnknown
	case errors.Is(err, errTokenInvalid):
		why = providerFailed
	case errors.Is(err, errLeft):
		return f.refuse(c, accountClosed)
	case errors.Is(err, errEmailTaken):
		return f.refuse(c, emailTaken)
	default:
		return err
	}
	slog.WarnContext(c.Request().Context(), "sign-in through the identity provider failed", "request", web.RequestID(c), "error", clipped(err))
	return f.refuse(c, why)
}

// clipped is an error as the log may have it: some quote the provider's whole answer.
func clipped(err error) string {
	const most = 300
	message := err.Error()
	return message[:min(len(message), most)]
}

// attempts are those that the session still has on their way.
func (f *Accounts) attempts(c echo.Context) (attempts []attempt) {
	raw := f.web.Sessions.GetString(c.Request().Context(), attemptsKey)
	if raw == "" || json.Unmarshal([]byte(raw), &attempts) != nil {
		return nil
	}
	return attempts
}

func (f *Accounts) saveAttempts(c echo.Context, attempts []attempt) {
	ctx := c.Request().Context()
	raw, err := json.Marshal(attempts)
	if err != nil || len(attempts) == 0 {
		f.web.Sessions.Remove(ctx, attemptsKey)
		return
	}
	f.web.Sessions.Put(ctx, attemptsKey, string(raw))
}

// takeAttempt finds the attempt that an answer belongs to. It serves once, and not for long.
func (f *Accounts) takeAttempt(c echo.Context, state string) (taken attempt, ok bool) {
	var left []attempt
	for _, a := range f.attempts(c) {
		if sameSecret(a.State, state) {
			taken, ok = a, f.web.DB.Now().Sub(a.At) < attemptLife
		} else {
			left = append(left, a)
		}
	}
	if taken.State != "" {
		f.saveAttempts(c, left)
	}
	return taken, ok
}

func sameSecret(a, b string) bool {
	return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// knownCode is an error code of OAuth as the log may have it; anything else a provider writes stays out.
func knownCode(code string) string {
	switch code {
	case "access_denied", "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope", "server_error",
		"temporarily_unavailable", "interaction_required", "login_required", "account_selection_required", "consent_required",
		"invalid_client", "invalid_grant", "unsupported_grant_type":
		return code
	}
	return "other"
}

// Why someone coming from the provider is not let in.
var (
	attemptUnknown = refusal{http.StatusBadRequest, "accounts.attempt_unknown.title", "accounts.attempt_unknown.text"}
	providerDown   = refusal{http.StatusServiceUnavailable, "accounts.provider_down.title", "accounts.provider_down.text"}
	providerFailed = refusal{http.StatusBadGateway, "accounts.provider_failed.title", "accounts.provider_failed.text"}
	providerDenied = refusal{http.StatusForbidden, "accounts.provider_denied.title", "accounts.provider_denied.text"}
	accountClosed  = refusal{http.StatusForbidden, "accounts.closed.title", "accounts.closed.text"}
	emailTaken     = refusal{http.StatusForbidden, "accounts.email_taken.title", "accounts.email_taken.text"}
)
