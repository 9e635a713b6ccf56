package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
)

// returnCookie begins the name of the cookie with which a browser remembers, until it is closed, the return code of an idea.
// The session would keep it beside the person.
const returnCookie = "return-"

// ReturnCode is the code of the author of an idea that the browser has shown, empty if it has not.
func ReturnCode(c echo.Context, ideaID int64) string {
	cookie, err := c.Cookie(returnCookie + strconv.FormatInt(ideaID, 10))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// Returned lets the browser act as the hidden author of an idea by its code, until it is closed; an empty code ends that.
func (w *Web) Returned(c echo.Context, ideaID int64, code string) {
	cookie := &http.Cookie{
		Name: returnCookie + strconv.FormatInt(ideaID, 10), Value: code, Path: "/",
		HttpOnly: true, Secure: w.Sessions.Cookie.Secure, SameSite: http.SameSiteStrictMode,
	}
	if code == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}

// forgetCodes ends that the browser acts as the author of ideas by their codes: whoever comes next is somebody else.
func (w *Web) forgetCodes(c echo.Context) {
	for _, cookie := range c.Cookies() {
		if id, found := strings.CutPrefix(cookie.Name, returnCookie); found {
			if idea, err := strconv.ParseInt(id, 10, 64); err == nil {
				w.Returned(c, idea, "")
			}
		}
	}
}

// Masked lets whoever hides as the author of the idea in the address act in the name of its mask.
func (w *Web) Masked(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := ID(c, "id")
		if err != nil {
			return next(c) // which says so
		}
		actor, err := w.DB.MaskFor(c.Request().Context(), Actor(c), id, ReturnCode(c, id))
		if err != nil {
			return err
		}
		SetActor(c, actor)
		return next(c)
	}
}

// MaskedIn lets whoever hides as the author of the thread in the address act in the name of its mask.
func (w *Web) MaskedIn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := ID(c, "id")
		if err != nil {
			return next(c) // which says so
		}
		actor, err := w.DB.MaskIn(c.Request().Context(), Actor(c), id)
		if err != nil {
			return err
		}
		SetActor(c, actor)
		return next(c)
	}
}

// NewReturnLimit bounds the return codes that can be tried from one address.
func NewReturnLimit() echo.MiddlewareFunc {
	tried := newBuckets(failureRate, failureBurst)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if wait := tried.take(address(c)); wait > 0 {
				return tooMany(c, wait)
			}
			return next(c)
		}
	}
}
