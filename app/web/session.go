package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"ruche/models"
	"ruche/views/layout"
)

// How long a session lives: unused for idleLife, or in all sessionLife. touchEvery is how often its
// expiry is moved: a write on every page would cost half of the page.
const (
	sessionLife = 30 * 24 * time.Hour
	idleLife    = 14 * 24 * time.Hour
	touchEvery  = 10 * time.Minute
	visitLife   = time.Hour // of a session that is nobody's: an attempt to sign in that was given up
)

// Keys in a session.
const (
	userKey    = "user"
	startedKey = "started"
	toastKey   = "toast"
)

// Cookies of a visitor's choices; a signed-in person's are in their account.
const (
	LocaleCookie = "locale"
	ThemeCookie  = "theme"
)

// NewSessions returns the sessions of the house, kept in the database by the hash of their token.
func NewSessions(db *models.DB, secure bool) *scs.SessionManager {
	// Not scs.New: it starts a store in memory that nobody uses and nobody can stop.
	sessions := &scs.SessionManager{
		Lifetime: idleLife, Store: store{db}, Codec: codec{}, HashTokenInStore: true,
		Cookie: scs.SessionCookie{Name: "session", HttpOnly: true, Path: "/", Persist: true, SameSite: http.SameSiteLaxMode, Secure: secure},
	}
	if secure {
		sessions.Cookie.Name = "__Host-session" // browsers take it from this host over TLS alone
	}
	return sessions
}

// codec keeps sessions as JSON, so that the store can read whose they are. Numbers come back as float64.
type codec struct{}

type stored struct {
	Deadline time.Time      `json:"deadline"`
	Values   map[string]any `json:"values"`
}

func (codec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	return json.Marshal(stored{deadline, values})
}

func (codec) Decode(data []byte) (time.Time, map[string]any, error) {
	var s stored
	err := json.Unmarshal(data, &s)
	return s.Deadline, s.Values, err
}

// store is the scs.CtxStore over the database.
type store struct{ db *models.DB }

// loaded remembers which session a request came with. Storing that one again must not bring it back to
// life if it was ended meanwhile, by signing out everywhere for example; scs cannot tell the two apart.
type loaded struct{ token string }

type loadedKey struct{}

func (s store) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	data, found, err := s.db.Session(ctx, token)
	if request, ok := ctx.Value(loadedKey{}).(*loaded); ok && found {
		request.token = token
	}
	return data, found, err
}

func (s store) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, values, err := codec{}.Decode(data)
	if err != nil {
		return err
	}
	user, _ := values[userKey].(float64)
	return s.db.Tx(ctx, nil, func(tx *models.Tx) error {
		if request, ok := ctx.Value(loadedKey{}).(*loaded); ok && request.token == token {
			return tx.UpdateSession(token, int64(user), data, expiry)
		}
		return tx.SaveSession(token, int64(user), data, expiry)
	})
}

func (s store) DeleteCtx(ctx context.Context, token string) error {
	return s.db.Tx(ctx, nil, func(tx *models.Tx) error { return tx.EndSession(token) })
}

var errNoContext = errors.New("sessions want a context")

func (store) Find(string) ([]byte, bool, error)      { return nil, false, errNoContext }
func (store) Commit(string, []byte, time.Time) error { return errNoContext }
func (store) Delete(string) error                    { return errNoContext }

// WithSession loads the session before a handler and stores it, if it changed, before the answer's
// first byte.
func (w *Web) WithSession(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		token := ""
		if cookie, err := c.Cookie(w.Sessions.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := w.Sessions.Load(context.WithValue(c.Request().Context(), loadedKey{}, &loaded{}), token)
		if err != nil {
			return err
		}
		c.SetRequest(c.Request().WithContext(ctx))
		c.Response().Before(func() { w.commit(c, ctx) })
		return next(c)
	}
}

func (w *Web) commit(c echo.Context, ctx context.Context) {
	switch w.Sessions.Status(ctx) {
	case scs.Modified:
		if w.Sessions.Get(ctx, userKey) == nil {
			w.Sessions.SetDeadline(ctx, w.DB.Now().Add(visitLife))
		}
		token, expiry, err := w.Sessions.Commit(ctx)
		if err != nil {
			w.uncommitted(c, err)
			return
		}
		w.Sessions.WriteSessionCookie(ctx, c.Response(), token, expiry)
	case scs.Destroyed:
		w.Sessions.WriteSessionCookie(ctx, c.Response(), "", time.Time{})
	}
}

// uncommitted deals with a session that could not be stored. While someone only reads, it holds nothing that is worth
// refusing the page: that a message was shown, that they were here. Otherwise the answer is no longer what it says.
func (w *Web) uncommitted(c echo.Context, err error) {
	w.complain(c, http.StatusServiceUnavailable, fmt.Errorf("store session: %w", err))
	if c.Request().Method == http.MethodGet && Actor(c).SignedIn() {
		return
	}
	c.Response().Status = http.StatusServiceUnavailable
	c.Response().Header().Set(echo.HeaderRetryAfter, retryAfter)
}

// Actors finds out who asks. A session whose person has left ends here.
func (w *Web) Actors(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		var actor *models.Actor
		var err error
		if user, _ := w.Sessions.Get(ctx, userKey).(float64); user != 0 && w.alive(ctx) {
			actor, err = w.DB.ActorByID(ctx, int64(user))
			if errors.Is(err, models.ErrNotFound) {
				actor, err = nil, w.Sessions.Destroy(ctx)
			}
		}
		if err == nil && actor == nil {
			actor, err = w.DB.Visitor(ctx)
		}
		if err != nil {
			return err
		}
		if actor, err = w.viewed(c, actor); err != nil {
			return err
		}
		c.Set(actorKey, actor)
		return next(c)
	}
}

// alive tells whether a session is younger than sessionLife, and moves its idle expiry now and then.
func (w *Web) alive(ctx context.Context) bool {
	started, _ := w.Sessions.Get(ctx, startedKey).(float64)
	now := w.DB.Now()
	end := time.Unix(int64(started), 0).Add(sessionLife)
	if now.After(end) {
		return false
	}
	deadline := now.Add(idleLife)
	if deadline.After(end) {
		deadline = end
	}
	if deadline.Sub(w.Sessions.Deadline(ctx)) > touchEvery {
		w.Sessions.SetDeadline(ctx, deadline)
	}
	return true
}

// SignIn makes the session that of a person. Its token is new, so that one set before is worth nothing.
func (w *Web) SignIn(c echo.Context, userID int64) error {
	ctx := c.Request().Context()
	if err := w.Sessions.RenewToken(ctx); err != nil {
		return err
	}
	w.Sessions.Remove(ctx, viewKey)
	w.Sessions.Put(ctx, userKey, float64(userID))
	w.Sessions.Put(ctx, startedKey, float64(w.DB.Now().Unix()))
	return nil
}

// SignOut ends the session.
func (w *Web) SignOut(c echo.Context) error { return w.Sessions.Destroy(c.Request().Context()) }

// Toast shows a short message on the next page, with an undo if action is not empty.
func (w *Web) Toast(c echo.Context, toast layout.Toast) {
	raw, err := json.Marshal(toast)
	if err == nil {
		w.Sessions.Put(c.Request().Context(), toastKey, string(raw))
	}
}

func (w *Web) popToast(c echo.Context) *layout.Toast {
	if !w.hasSession(c) || c.Request().Method != http.MethodGet {
		return nil
	}
	raw := w.Sessions.PopString(c.Request().Context(), toastKey)
	toast := &layout.Toast{}
	if raw == "" || json.Unmarshal([]byte(raw), toast) != nil {
		return nil
	}
	return toast
}

// hasSession tells whether WithSession has run: an error before it must not look for a session.
func (w *Web) hasSession(c echo.Context) bool { return c.Get(actorKey) != nil }

// RequireSignIn sends visitors to the sign-in page, and back afterwards.
func RequireSignIn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !Actor(c).SignedIn() {
			return models.ErrForbidden
		}
		return next(c)
	}
}
