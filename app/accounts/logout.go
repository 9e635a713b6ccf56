package accounts

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/accounts"
)

const (
	leftPath   = "/sign-out" // where providers send people back to who have signed out of them, too
	leavingKey = "leaving"   // of the session: the state of such a way
	logoutPath = "logout"    // below the provider's address: where it tells of those who have signed out

	maxIDToken     = 8 << 10  // one that is longer is not kept, and the provider asks who signs out
	maxLogoutToken = 16 << 10 // longer ones are not looked at
	logoutFresh    = 10 * time.Minute
)

// signOut ends the session here. Whoever came through a provider goes on to sign out there, too: by a link, and by itself,
// since what answers a form may not redirect to another site.
func (f *Accounts) signOut(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	exit := ""
	state := rand.Text()
	if actor.SignedIn() {
		var err error
		if exit, err = f.exit(c, state); err != nil {
			return err
		}
		if err := f.leave(ctx, actor, c.FormValue("everywhere") == "1"); err != nil {
			return err
		}
	}
	if err := f.web.SignOut(c); err != nil {
		return err
	}
	if exit == "" {
		return web.Redirect(c, "/sign-in?left=1")
	}
	f.web.Sessions.Put(ctx, leavingKey, state)
	web.SetActor(c, &models.Actor{Locale: web.Locale(c).Lang()})
	page, err := f.web.Page(c, "", web.Locale(c).T("signin.leaving.title"))
	if err != nil {
		return err
	}
	page.Path = "/sign-in"
	c.Response().Header().Set("Refresh", "0; url="+exit)
	return web.Render(c, http.StatusOK, views.Leaving(page, exit))
}

// exit is where whoever signs out here signs out of the provider that they came through; empty if they came through none, or
// it does not answer or has no such place: people can always leave.
func (f *Accounts) exit(c echo.Context, state string) (string, error) {
	ctx := c.Request().Context()
	issuer, idToken, err := f.web.DB.SessionOrigin(ctx, web.SessionToken(c))
	if err != nil {
		return "", err
	}
	for _, p := range f.providers {
		if p.config.Issuer != issuer {
			continue
		}
		m, err := p.metadata(ctx)
		if err != nil {
			slog.WarnContext(ctx, "somebody signs out of the house alone, the identity provider does not answer", "request", web.RequestID(c), "error", clipped(err))
			return "", nil
		}
		return p.exit(m, idToken, state, f.web.BaseURL.JoinPath(leftPath).String()), nil
	}
	return "", nil
}

// exit is the address of RP-initiated logout.
func (p *provider) exit(m *metadata, idToken, state, back string) string {
	place, err := url.Parse(m.endSession)
	if err != nil || place.Host == "" || place.Scheme != "https" && place.Scheme != "http" {
		return ""
	}
	values := place.Query()
	values.Set("client_id", p.config.ClientID)
	values.Set("post_logout_redirect_uri", back)
	values.Set("state", state)
	if idToken != "" {
		values.Set("id_token_hint", idToken)
	}
	place.RawQuery = values.Encode()
	return place.String()
}

// finishSignOut is where the provider sends people back to. Whom nobody sent there has not left.
func (f *Accounts) finishSignOut(c echo.Context) error {
	if state := f.web.Sessions.PopString(c.Request().Context(), leavingKey); sameSecret(state, c.QueryParam("state")) {
		return web.Redirect(c, "/sign-in?left=1")
	}
	return web.Redirect(c, "/sign-in")
}

// postLogout is where a provider tells that somebody has signed out of it: back-channel logout.
func (f *Accounts) postLogout(c echo.Context, p *provider) error {
	ctx := c.Request().Context()
	err := f.endAtProvider(ctx, p, c.Request().PostFormValue("logout_token"))
	switch {
	case errors.Is(err, errTokenInvalid):
		slog.WarnContext(ctx, "sign-out by the identity provider refused", "request", web.RequestID(c), "error", clipped(err))
		return c.JSON(http.StatusBadRequest, map[string]string{"error": "invalid_request"})
	case errors.Is(err, errProviderDown):
		slog.WarnContext(ctx, "sign-out by the identity provider could not be verified", "request", web.RequestID(c), "error", clipped(err))
		return echo.NewHTTPError(http.StatusServiceUnavailable)
	case err != nil:
		return err
	}
	return c.NoContent(http.StatusOK)
}

// signedToken is the form of a JWT that is signed.
var signedToken = regexp.MustCompile(`^[\w-]+\.[\w-]+\.[\w-]+$`)

// endAtProvider ends the sessions that a logout token names, here and in every process, with what they listen to.
func (f *Accounts) endAtProvider(ctx context.Context, p *provider, raw string) error {
	if !signedToken.MatchString(raw) {
		return fmt.Errorf("%w: no signed token", errTokenInvalid) // which needs no provider to be known
	}
	m, err := p.metadata(ctx)
	if err != nil {
		return err
	}
	token, err := p.verifyLogout(ctx, m, raw)
	if err != nil {
		return fmt.Errorf("%w: %w", errTokenInvalid, err)
	}
	err = f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		if err := tx.ClaimLogout(token.Issuer, token.TokenID, tx.Now().Add(2*logoutFresh)); err != nil {
			return err
		}
		ended, err := tx.EndSessionsAtProvider(token.Issuer, token.Subject, token.SessionID)
		if err != nil {
			return err
		}
		for _, user := range ended {
			if err := tx.RecordBy(user, models.UserSignedOut, &models.User{ID: user}, map[string]string{"by": "provider"}); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, models.ErrConflict) {
		return fmt.Errorf("%w: it has served before", errTokenInvalid)
	}
	return err
}

// verifyLogout checks a logout token as OpenID Connect Back-Channel Logout 1.0 wants it.
func (p *provider) verifyLogout(ctx context.Context, m *metadata, raw string) (*oidc.LogoutToken, error) {
	if len(raw) > maxLogoutToken {
		return nil, errors.New("it is too long")
	}
	now := p.now()
	verifier := m.Verifier(&oidc.Config{ClientID: p.config.ClientID, Now: func() time.Time { return now.Add(-clockLeeway) }})
	token, err := verifier.VerifyLogout(p.context(ctx), raw)
	if err != nil {
		return nil, err
	}
	var more struct {
		Events map[string]json.RawMessage `json:"events"`
	}
	var event map[string]any
	if err := token.Claims(&more); err != nil {
		return nil, err
	}
	switch err := json.Unmarshal(more.Events["http://schemas.openid.net/event/backchannel-logout"], &event); {
	case err != nil || event == nil:
		return nil, errors.New("its event is no object")
	case token.IssuedAt.After(now.Add(clockLeeway)):
		return nil, errors.New("issued in the future")
	case now.Sub(token.IssuedAt) > logoutFresh+clockLeeway:
		return nil, errors.New("issued long ago")
	case len(token.TokenID) > 255 || len(token.Subject) > 255 || len(token.SessionID) > 255:
		return nil, errors.New("a name in it is too long")
	}
	return token, nil
}
