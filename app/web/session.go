package web

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"ruche/models"
	"ruche/views/layout"
)

// How often a session's expiry is moved: a write on every page would cost half of the page. visitLife is that of a
// session that is nobody's: an attempt to sign in that was given up.
const (
	touchEvery = 10 * time.Minute
	visitLife  = time.Hour
)

// SessionLimits are how long a session of someone with a role lives: unused, and in all. Theirs who look after the
// house and everyone in it is worth more to a thief, and ends sooner.
func SessionLimits(role models.Role) (idle, life time.Duration) {
	const day = 24 * time.Hour
	if role == models.RoleOwner || role == models.RoleManager {
		return 3 * day, 14 * day
	}
	return 14 * day, 30 * day
}

// Keys in a session.
const (
	userKey    = "user"
	startedKey = "started"
	seenKey    = "seen"
	untilKey   = "until"
	toastKey   = "toast"
)

// Cookies of a visitor's choices; a signed-in person's are in their account.
const (
	LocaleCookie = "locale"
	ThemeCookie  = "theme"
)

// deviceCookie is by what a browser is known again, so that its person can be told of one that is new.
const deviceCookie = "device"

// NewSessions returns the sessions of the house, kept in the database by the hash of their token.
func NewSessions(db *models.DB, secure bool) *scs.SessionManager {
	// Not scs.New: it starts a store in memory that nobody uses and nobody can stop.
	sessions := &scs.SessionManager{
		Lifetime: visitLife, Store: store{db}, Codec: codec{}, HashTokenInStore: true,
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

// Entry is someone's way in.
type Entry struct {
	User *models.User
	By   string // how, as the catalogue's "audit.by." has it: link, oidc …
	// What the identity provider calls them and their session there, if they come from one.
	Issuer, Subject, SID string
	IDToken              string    // by which they sign out there
	Until                time.Time // when the provider's session ends, if it says so: theirs here lasts no longer
	device, browser      string    // what it is called, and the secret it is known by
}

// SignedIn is what the event log keeps of a sign-in. It holds no address of a machine.
type SignedIn struct {
	By       string `json:"by"`
	Device   string `json:"device"`
	Stranger bool   `json:"stranger,omitempty"` // a browser that its person has not used before
}

// loaded remembers which session a request came with, and who came in by it. Storing the first again must not bring
// it back to life if it was ended meanwhile, by signing out everywhere for example; scs cannot tell the two apart.
type loaded struct {
	token string
	entry *Entry
}

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
	session := &models.Session{Token: token, UserID: int64(user), Data: data, ExpiresAt: expiry}
	request, ok := ctx.Value(loadedKey{}).(*loaded)
	if !ok {
		return errNoContext
	}
	return s.db.Tx(ctx, nil, func(tx *models.Tx) error {
		if request.token == token {
			return tx.UpdateSession(session)
		}
		return open(tx, session, request.entry)
	})
}

// open stores a new session. That someone came in by it is noted in the same transaction.
func open(tx *models.Tx, session *models.Session, entry *Entry) error {
	if entry == nil {
		return tx.CreateSession(session)
	}
	session.Device, session.Issuer, session.Subject, session.SID, session.IDToken = entry.device, entry.Issuer, entry.Subject, entry.SID, entry.IDToken
	if err := tx.CreateSession(session); err != nil {
		return err
	}
	if err := tx.SpendLoginLinks(entry.User.ID); err != nil {
		return err
	}
	stranger, err := tx.MeetDevice(entry.User.ID, entry.browser)
	if err != nil {
		return err
	}
	return tx.RecordBy(entry.User.ID, models.UserSignedIn, entry.User, SignedIn{By: entry.By, Device: entry.device, Stranger: stranger})
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
		// Browsers go by a clock of their own.
		w.Sessions.WriteSessionCookie(ctx, c.Response(), token, time.Now().Add(expiry.Sub(w.DB.Now()))) //check:allow clock how long is left, not when
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
		if user, _ := w.Sessions.Get(ctx, userKey).(float64); user != 0 {
			actor, err = w.DB.ActorByID(ctx, int64(user))
			if errors.Is(err, models.ErrNotFound) || err == nil && !w.alive(c, actor.Role) {
				actor, err = nil, w.SignOut(c)
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

// alive tells whether a session is within the limits of its person, and notes now and then that it is used. An
// open page that listens is no use: it would keep its session alive for ever.
func (w *Web) alive(c echo.Context, role models.Role) bool {
	ctx := c.Request().Context()
	idle, life := SessionLimits(role)
	now, end, seen := w.DB.Now(), w.sessionTime(ctx, startedKey).Add(life), w.sessionTime(ctx, seenKey)
	if w.Sessions.Exists(ctx, untilKey) {
		if until := w.sessionTime(ctx, untilKey); until.Before(end) {
			end = until
		}
	}
	if now.After(end) || now.After(seen.Add(idle)) {
		return false
	}
	if c.Path() == livePath || Refreshing(c) {
		return true
	}
	deadline := now.Add(idle)
	if deadline.After(end) {
		deadline = end
	}
	if now.Sub(seen) > touchEvery || deadline.Sub(w.Sessions.Deadline(ctx)).Abs() > touchEvery {
		w.Sessions.Put(ctx, seenKey, float64(now.Unix()))
		w.Sessions.SetDeadline(ctx, deadline)
	}
	return true
}

// livePath is where pages listen for what changes.
const livePath = "/live"

func (w *Web) sessionTime(ctx context.Context, key string) time.Time {
	seconds, _ := w.Sessions.Get(ctx, key).(float64)
	return time.Unix(int64(seconds), 0)
}

// SessionKey names the session that a request came with.
func SessionKey(c echo.Context) string {
	token := SessionToken(c)
	if token == "" {
		return ""
	}
	return models.SessionKey(token)
}

// SessionToken is the hash by which the session that a request came with is stored; empty if there is none.
func SessionToken(c echo.Context) string {
	request, ok := c.Request().Context().Value(loadedKey{}).(*loaded)
	if !ok {
		return ""
	}
	return request.token
}

// SignIn makes the session that of a person, and has it recorded. Its token is new, so that one set before is worth nothing.
func (w *Web) SignIn(c echo.Context, entry Entry) error {
	ctx := c.Request().Context()
	if before, _ := w.Sessions.Get(ctx, userKey).(float64); int64(before) != entry.User.ID {
		w.forgetCodes(c)
	}
	if err := w.Sessions.RenewToken(ctx); err != nil {
		return err
	}
	w.Sessions.Remove(ctx, viewKey)
	now := w.DB.Now()
	idle, _ := SessionLimits(entry.User.Role)
	w.Sessions.SetDeadline(ctx, now.Add(idle))
	w.Sessions.Put(ctx, userKey, float64(entry.User.ID))
	w.Sessions.Put(ctx, startedKey, float64(now.Unix()))
	w.Sessions.Put(ctx, seenKey, float64(now.Unix()))
	if !entry.Until.IsZero() {
		w.Sessions.Put(ctx, untilKey, float64(entry.Until.Unix()))
	}
	entry.device, entry.browser = Device(c.Request().UserAgent()), w.browser(c)
	request, ok := ctx.Value(loadedKey{}).(*loaded)
	if !ok {
		return errNoContext
	}
	request.entry = &entry
	return nil
}

// browserLife is how long a browser is known again: a year, in seconds.
const browserLife = 365 * 24 * 60 * 60

// browser is the secret that a browser is known by; one that has none gets it here.
func (w *Web) browser(c echo.Context) string {
	name := deviceCookie
	if w.Sessions.Cookie.Secure {
		name = "__Host-" + name
	}
	secret := rand.Text()
	if cookie, err := c.Cookie(name); err == nil && len(cookie.Value) == len(secret) {
		secret = cookie.Value
	}
	c.SetCookie(&http.Cookie{Name: name, Value: secret, Path: "/", MaxAge: browserLife, HttpOnly: true, Secure: w.Sessions.Cookie.Secure, SameSite: http.SameSiteLaxMode})
	return secret
}

// SignOut ends the session, and that the browser is the author of hidden ideas.
func (w *Web) SignOut(c echo.Context) error {
	w.forgetCodes(c)
	return w.Sessions.Destroy(c.Request().Context())
}

// Toast shows a short message on the next page, with an undo if action is not empty.
func (w *Web) Toast(c echo.Context, toast layout.Toast) {
	if Actor(c).Masked() { // the session would say whose idea it is
		toast.UndoAction = ""
	}
	raw, err := json.Marshal(toast)
	if err == nil {
		w.Sessions.Put(c.Request().Context(), toastKey, string(raw))
	}
}

// sentKey is where the session says which forms have been sent, for the browser to forget its drafts of them.
const sentKey = "sent"

// maxSent bounds what the session says, should nobody look at the pages that follow.
const maxSent = 8

// DraftSent lets the next page tell the browser that a form was sent, so that it forgets what it kept of it.
func (w *Web) DraftSent(c echo.Context, form string) {
	if Actor(c).Masked() { // who keeps no drafts, and the session would say whose idea it is
		return
	}
	ctx := c.Request().Context()
	forms := append(strings.Fields(w.Sessions.GetString(ctx, sentKey)), form)
	w.Sessions.Put(ctx, sentKey, strings.Join(forms[max(0, len(forms)-maxSent):], " "))
}

func (w *Web) popSent(c echo.Context) string {
	if !w.hasSession(c) || c.Request().Method != http.MethodGet || Refreshing(c) {
		return ""
	}
	return w.Sessions.PopString(c.Request().Context(), sentKey)
}

func (w *Web) popToast(c echo.Context) *layout.Toast {
	if !w.hasSession(c) || c.Request().Method != http.MethodGet || Refreshing(c) {
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
