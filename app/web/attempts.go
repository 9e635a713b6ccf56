package web

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/models"
)

// Ways in that somebody may try to force.
const (
	BySignIn = "sign_in"
	ByToken  = "token"
)

// attacks tells the owners that failed attempts are being held up: once in a while, since each attempt must not become a
// line of the log, and without saying from where.
type attacks struct {
	mu   sync.Mutex
	told map[string]time.Time
}

// attackQuiet is how long nothing more is said of the same way.
const attackQuiet = 10 * time.Minute

func (w *Web) attacked(c echo.Context, way string) {
	now := w.DB.Now()
	w.attacks.mu.Lock()
	last, said := w.attacks.told[way]
	if w.attacks.told == nil {
		w.attacks.told = map[string]time.Time{}
	}
	if quiet := said && now.Sub(last) < attackQuiet; quiet {
		w.attacks.mu.Unlock()
		return
	}
	w.attacks.told[way] = now
	w.attacks.mu.Unlock()
	ctx := c.Request().Context()
	err := w.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		return tx.Record(models.Attacked, models.System{}, map[string]string{"way": way})
	})
	if err != nil {
		slog.WarnContext(ctx, "failed attempts were not noted", "request", RequestID(c), "error", err)
	}
}

// SignInLimit bounds the attempts to sign in from one address that fail. Those that succeed are not counted: on Monday
// morning a whole company comes in through one address.
func (w *Web) SignInLimit() echo.MiddlewareFunc {
	failures := newBuckets(failureRate, failureBurst)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			who := address(c)
			if wait := failures.wait(who); wait > 0 {
				w.attacked(c, BySignIn)
				return tooMany(c, wait)
			}
			err := next(c)
			if err != nil || c.Response().Status >= http.StatusBadRequest {
				failures.take(who)
			}
			return err
		}
	}
}

// prefixLength is how much of a token's secret counts as its beginning: what people see of it.
const prefixLength = 12

// TokenLimit bounds the attempts with tokens that do not serve: from one address, whatever it sends next, and with one
// beginning of a secret, from however many addresses; one that serves passes all the same, or an attacker could
// keep its program out. What it wraps says with ErrNoToken that a token is none.
func (w *Web) TokenLimit(find echo.MiddlewareFunc) echo.MiddlewareFunc {
	addresses, beginnings := newBuckets(failureRate, failureBurst), newBuckets(failureRate, failureBurst)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		found := find(next)
		return func(c echo.Context) error {
			who := address(c)
			if wait := addresses.wait(who); wait > 0 && c.Request().Header.Get(echo.HeaderAuthorization) != "" {
				w.attacked(c, ByToken)
				return tooMany(c, wait)
			}
			err := found(c)
			if !errors.Is(err, ErrNoToken) {
				return err
			}
			addresses.take(who)
			if wait := beginnings.take(beginning(c)); wait > 0 {
				w.attacked(c, ByToken)
				return tooMany(c, wait)
			}
			return err
		}
	}
}

// beginning is that of the secret that a request came with.
func beginning(c echo.Context) string {
	_, secret, _ := strings.Cut(c.Request().Header.Get(echo.HeaderAuthorization), " ")
	return secret[:min(prefixLength, len(secret))]
}
