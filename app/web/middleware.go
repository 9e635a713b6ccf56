package web

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"
)

// Log writes a line for each failed or slow request, without anything personal in it.
func Log(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		if taken := time.Since(start); taken > slowRequest && c.Path() != "/live" {
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

// Timeout ends the work on a request that takes too long. The event stream is meant to go on.
// Errors are answered here, while the request's context still lives: later it looks as if the client had gone.
func Timeout(limit time.Duration) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		work := Recover(next)
		return func(c echo.Context) error {
			if c.Path() == "/live" {
				return next(c)
			}
			ctx, cancel := context.WithTimeout(c.Request().Context(), limit)
			defer cancel()
			c.SetRequest(c.Request().WithContext(ctx))
			if err := work(c); err != nil {
				c.Error(err)
			}
			return nil
		}
	}
}
