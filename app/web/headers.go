package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// SameOrigin refuses changes that another site's page asks a browser for.
func SameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		if err := protection.Check(c.Request()); err != nil {
			return echo.NewHTTPError(http.StatusForbidden).SetInternal(err)
		}
		return next(c)
	}
}

// contentPolicy allows what the house itself serves, and nothing inline. The one page that can stand in a frame is the sandbox in which
// diagrams are drawn: all others forbid it.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'; manifest-src 'self'"

// Headers sets the security headers of every answer.
func Headers(secure bool) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			header := c.Response().Header()
			header.Set(echo.HeaderContentSecurityPolicy, contentPolicy)
			header.Set(echo.HeaderXContentTypeOptions, "nosniff")
			header.Set(echo.HeaderReferrerPolicy, "same-origin")
			header.Set("Cross-Origin-Opener-Policy", "same-origin")
			header.Set("Cross-Origin-Resource-Policy", "same-origin")
			header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
			if secure {
				header.Set(echo.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains")
			}
			if !strings.HasPrefix(c.Request().URL.Path, "/static/") {
				header.Set(echo.HeaderCacheControl, "no-store") // nothing private is left behind the back button
			}
			return next(c)
		}
	}
}
