package web

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"
)

// proxyNumber is what a reverse proxy may call a request, so that its log and ours speak of the same one.
var proxyNumber = regexp.MustCompile(`^[0-9A-Za-z_.:-]{8,64}$`)

// Number gives each request its number, by which a person and the log speak of it.
func Number(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		number := c.Request().Header.Get(echo.HeaderXRequestID)
		if !proxyNumber.MatchString(number) {
			number = rand.Text()[:16]
		}
		c.Response().Header().Set(echo.HeaderXRequestID, number)
		return next(c)
	}
}

// Log writes a line for each failed or slow request, without anything personal in it.
func Log(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		told := c.Path() == "/live" || c.Response().Status == http.StatusServiceUnavailable // as an outage, once
		if taken := time.Since(start); taken > slowRequest && !told {
			slog.WarnContext(c.Request().Context(), "slow request", "request", RequestID(c), "method", c.Request().Method, "route", c.Path(), "status", c.Response().Status, "took", taken)
		}
		return nil
	}
}

// slowRequest is what an operator should hear of.
const slowRequest = 2 * time.Second

// Recover turns a panic into an error, so that one request cannot end the process.
func Recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if cause := recover(); cause != nil {
				err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
			}
		}()
		return next(c)
	}
}
