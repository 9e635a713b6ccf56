package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"
)

// Limits on one person, or on one address while nobody is signed in: how often a second, and how
// many at once. They stop a runaway script, not people.
const (
	readRate, readBurst     = 50, 500
	writeRate, writeBurst   = 20, 300
	signInRate, signInBurst = 0.5, 20
)

// Limit is a rate limit by person and address. Each process counts for itself.
type Limit struct{ reads, writes middleware.RateLimiterStore }

// NewLimit returns the limit of the pages and the API.
func NewLimit() *Limit { return &Limit{limiter(readRate, readBurst), limiter(writeRate, writeBurst)} }

func limiter(perSecond rate.Limit, burst int) middleware.RateLimiterStore {
	return middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{Rate: perSecond, Burst: burst, ExpiresIn: 5 * time.Minute})
}

// Middleware refuses with 429 what comes too often. It stands behind Actors.
func (l *Limit) Middleware(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		store := l.reads
		if method := c.Request().Method; method != http.MethodGet && method != http.MethodHead {
			store = l.writes
		}
		who := "a" + c.RealIP()
		if actor := Actor(c); actor.SignedIn() {
			who = "p" + strconv.FormatInt(actor.ID, 10)
		}
		return allow(c, store, who, next)
	}
}

// SignInLimit bounds the attempts to sign in from one address.
func SignInLimit() echo.MiddlewareFunc {
	store := limiter(signInRate, signInBurst)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error { return allow(c, store, c.RealIP(), next) }
	}
}

func allow(c echo.Context, store middleware.RateLimiterStore, who string, next echo.HandlerFunc) error {
	allowed, err := store.Allow(who)
	if err != nil {
		return err
	}
	if !allowed {
		return echo.NewHTTPError(http.StatusTooManyRequests)
	}
	return next(c)
}

// BodyLimit refuses bodies of more than limit bytes; a route with a larger one sets its own.
func BodyLimit(limit int64, larger map[string]int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			most := limit
			if own, ok := larger[c.Path()]; ok {
				most = own
			}
			request := c.Request()
			if request.ContentLength > most {
				return echo.NewHTTPError(http.StatusRequestEntityTooLarge)
			}
			request.Body = http.MaxBytesReader(c.Response(), request.Body, most)
			return next(c)
		}
	}
}

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

// contentPolicy allows what the house itself serves, and nothing inline.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"

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
