// Package web is the HTTP kernel that every feature stands on: who asks, sessions, forms, errors,
// rendering, live updates and limits. It holds no use case and no page of a feature.
package web

import (
	"bytes"
	"context"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/a-h/templ"
	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
)

// Web is what handlers share.
type Web struct {
	DB         *models.DB
	Sessions   *scs.SessionManager
	BaseURL    *url.URL
	Company    string      // the name of the house, in the header and titles
	Rebuilding func() bool // whether the search index is being built
	Live       *Live

	LinkPreviews bool // pages outside are asked for, and shown as cards under the texts that link to them

	attacks attacks
	outage  struct { // what was said of requests that were refused with 503
		said   atomic.Pointer[time.Time]
		unsaid atomic.Int64
	}
}

// Keys of what the middleware leaves in the echo.Context.
const (
	actorKey  = "ruche.actor"
	webKey    = "ruche.web"
	localeKey = "ruche.locale"
)

// Actor is who asks; never nil behind the Actors middleware.
func Actor(c echo.Context) *models.Actor {
	if actor, ok := c.Get(actorKey).(*models.Actor); ok {
		return actor
	}
	return &models.Actor{}
}

// SetActor says who asks, for those who find out in another way than by session.
func SetActor(c echo.Context, actor *models.Actor) { c.Set(actorKey, actor) }

// Locale is the language of the answer: chosen by the person, else by the browser.
func Locale(c echo.Context) *i18n.Locale {
	if locale, ok := c.Get(localeKey).(*i18n.Locale); ok {
		return locale
	}
	lang := Actor(c).Locale
	if lang == "" {
		if cookie, err := c.Cookie(LocaleCookie); err == nil && (cookie.Value == "fr" || cookie.Value == "en") {
			lang = cookie.Value
		} else {
			lang = i18n.Match(c.Request().Header.Get("Accept-Language"))
		}
	}
	locale := i18n.For(lang)
	c.Set(localeKey, locale)
	return locale
}

// RequestID is the number by which a person and the log speak of the same request.
func RequestID(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }

// Page is the frame of a page for whoever asks: one statement, for the unread notices.
func (w *Web) Page(c echo.Context, section, title string) (layout.Page, error) {
	page := w.plainPage(c, section, title)
	if actor := Actor(c).Person(); actor.SignedIn() {
		unread, err := w.DB.Unread(c.Request().Context(), actor)
		if err != nil {
			return page, err
		}
		page.Unread = unread
		if actor.EraseAt != nil {
			if page.EraseWaits, err = w.DB.ErasureWaits(c.Request().Context(), actor.ID); err != nil {
				return page, err
			}
		}
	}
	return page, nil
}

// plainPage is Page without any statement, for errors.
func (w *Web) plainPage(c echo.Context, section, title string) layout.Page {
	actor := Actor(c).Person()
	page := layout.Page{
		L: Locale(c), Company: w.Company, Title: title, Section: section,
		Path: c.Request().URL.RequestURI(), Theme: theme(c, actor), Now: w.DB.Now(),
		Animates: actor.Animates(), Decides: actor.RunsCampaigns(), Contributes: actor.Contributes(), WritesArticles: actor.WritesArticles(), ReadsAudit: actor.Can(models.ReadAudit, nil), ManagesSignIn: actor.Can(models.ManageSignIn, nil), Toast: w.popToast(c), Sent: w.popSent(c),
		Rebuilding: w.Rebuilding != nil && w.Rebuilding(),
	}
	page.View, page.MayView = w.viewBar(c), actor.MayView(models.View{})
	if actor.SignedIn() {
		page.EraseAt = actor.EraseAt
		page.Person = &layout.Person{ID: actor.ID, Name: actor.Name, Role: string(actor.Role), External: actor.External(), Picture: actor.Picture, Answers: actor.OfTheCompany()}
		for _, space := range actor.Spaces {
			if space.Role != "" && !space.Archived && len(page.Spaces) < maxSpaceLinks {
				page.Spaces = append(page.Spaces, layout.SpaceLink{ID: space.ID, Slug: space.Slug, Title: space.Title, External: space.Visibility == models.External})
			}
		}
	}
	return page
}

// maxSpaceLinks bounds "my spaces" in the navigation; the list of spaces has them all, and those that are archived.
const maxSpaceLinks = 12

func theme(c echo.Context, actor *models.Actor) string {
	if actor.SignedIn() {
		return actor.Theme
	}
	if cookie, err := c.Cookie(ThemeCookie); err == nil && (cookie.Value == "light" || cookie.Value == "dark") {
		return cookie.Value
	}
	return ""
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render answers with a page. It is rendered whole before the first byte is sent, so that an error
// on the way still becomes an error page.
func Render(c echo.Context, status int, page templ.Component) error {
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	buffer.Reset()
	if err := page.Render(c.Request().Context(), buffer); err != nil {
		return err
	}
	return c.HTMLBlob(status, buffer.Bytes())
}

// Redirect answers a form with the page to look at next.
func Redirect(c echo.Context, path string) error { return c.Redirect(http.StatusSeeOther, path) }

// OwnPath returns path if it leads into this house, and fallback otherwise. It is the gate of every
// "next" parameter, so that a link cannot send people elsewhere.
func OwnPath(path, fallback string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\t\r\n\x00") || strings.HasPrefix(u.Path, "//") {
		return fallback
	}
	return path
}

// ID reads a record's id from a path segment such as "12-a-title"; ErrNotFound if there is none.
func ID(c echo.Context, name string) (int64, error) {
	digits, _, _ := strings.Cut(c.Param(name), "-")
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || id <= 0 {
		return 0, models.ErrNotFound
	}
	return id, nil
}

// LinkURL is the address of a one-time link, which its page asks about before it is used up.
func LinkURL(base, secret string) string {
	return base + "/sign-in/link?token=" + url.QueryEscape(secret)
}

// Before reads the id before which a page of a list begins, from its newest on: 0 where the address names none.
func Before(c echo.Context) (int64, error) {
	text := c.QueryParam("before")
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return 0, models.Invalid{"before": "lists.cursor_invalid"}
	}
	return id, nil
}

// BeforeNumber is Before for what is counted from one, such as versions.
func BeforeNumber(c echo.Context) (int, error) {
	number, err := Before(c)
	return int(min(number, math.MaxInt32)), err
}

// Zone is the time zone in which the days of forms begin.
func Zone(c echo.Context) *time.Location { return Locale(c).In(time.Time{}).Location() }

// Day is the beginning of a day as a form has it; not ok for what is none, and for a year in which nobody means it.
func Day(c echo.Context, text string) (day time.Time, ok bool) {
	day, err := time.ParseInLocation(time.DateOnly, text, Zone(c))
	return day, err == nil && day.Year() >= 2000 && day.Year() <= 2200
}

// Shown tells whether somebody is shown the page that is asked for: not where a browser fetches one that nobody may ever look
// at, or brings an open one up to date, nor where only its head is asked for.
func Shown(c echo.Context) bool {
	r := c.Request()
	return r.Context().Value(headOnly{}) == nil && (!Refreshing(c) || r.Header.Get(liveHeader) == "seen") && !strings.Contains(r.Header.Get("Sec-Purpose")+r.Header.Get("X-Sec-Purpose"), "prefetch")
}

// headOnly marks the context of a request for the head of a page.
type headOnly struct{}

// HeadAsGet is a request for the head of a page as one for the page.
func HeadAsGet(r *http.Request) *http.Request {
	get := r.WithContext(context.WithValue(r.Context(), headOnly{}, true))
	get.Method = http.MethodGet
	return get
}

// Refreshing tells whether an open page asks anew for what it shows because something changed: nobody has turned to it.
func Refreshing(c echo.Context) bool { return c.Request().Header.Get(liveHeader) != "" }

// liveHeader says that an open page asks: "seen" when what a refresh brought has been in the window of its reader.
const liveHeader = "Ruche-Live"

// InPlace tells whether a script sent the form and will bring the page up to date itself.
func InPlace(c echo.Context) bool { return c.Request().Header.Get("Ruche-In-Place") != "" }
