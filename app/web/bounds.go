package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// BodyLimit refuses bodies of more than limit bytes. A route that takes long texts has a limit of its own, so that whoever wrote too much
// is told at the field and gets it back; one that takes pictures, "POST /files" for example, has a larger one for forms with files.
func BodyLimit(limit int64, texts, larger map[string]int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			request := c.Request()
			most := max(limit, texts[route(c)])
			if own, ok := larger[route(c)]; ok && strings.HasPrefix(request.Header.Get(echo.HeaderContentType), echo.MIMEMultipartForm) {
				most = own
			}
			if request.ContentLength > most {
				return echo.NewHTTPError(http.StatusRequestEntityTooLarge)
			}
			request.Body = body{http.MaxBytesReader(c.Response(), request.Body, most)}
			return next(c)
		}
	}
}

func route(c echo.Context) string { return c.Request().Method + " " + c.Path() }

// body says why it cannot be read as an error that FailureOf knows, whoever reads it.
type body struct{ io.ReadCloser }

func (b body) Read(buffer []byte) (int, error) {
	n, err := b.ReadCloser.Read(buffer)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		err = echo.NewHTTPError(http.StatusRequestEntityTooLarge).SetInternal(err)
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = echo.NewHTTPError(http.StatusRequestTimeout).SetInternal(err)
	}
	return n, err
}

// Timeout ends the work on a request that takes too long, and the wait for a body that arrives too slowly; a route that
// takes pictures has more patience with those. The event stream is meant to go on.
// Errors are answered here, while the request's context still lives: later it looks as if the client had gone.
func Timeout(limit time.Duration, patience map[string]time.Duration) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		work := Recover(next)
		return func(c echo.Context) error {
			if c.Path() == "/live" {
				return next(c)
			}
			start := time.Now()
			k := &clock{gone: c.Request().Context(), began: start, work: limit, body: max(limit, patience[route(c)])}
			defer k.stop()
			c.Set(clockKey, k)
			if c.Request().ContentLength != 0 {
				_ = http.NewResponseController(c.Response()).SetReadDeadline(start.Add(k.body)) // a test's recorder has no connection
			}
			ctx, cancel := context.WithTimeout(k.gone, limit)
			defer cancel()
			c.SetRequest(c.Request().WithContext(ctx))
			if err := work(c); err != nil {
				c.Error(err)
			}
			// net/http would do so for the request that it made, which is not the one that has the form.
			if form := c.Request().MultipartForm; form != nil {
				return form.RemoveAll()
			}
			return nil
		}
	}
}

const clockKey = "ruche.clock"

// clock is how long the work on a request may take, and its body to arrive.
type clock struct {
	gone       context.Context // ends when the client goes away
	began      time.Time
	work, body time.Duration
	stops      []func()
}

// restart gives the request a new time, whatever became of the one before.
func (k *clock) restart(c echo.Context, limit time.Duration) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), limit)
	unhook := context.AfterFunc(k.gone, cancel)
	k.stops = append(k.stops, cancel, func() { unhook() })
	c.SetRequest(c.Request().WithContext(ctx))
}

func (k *clock) stop() {
	for _, stop := range k.stops {
		stop()
	}
}

// AwaitBody gives a request the time that its body may take to arrive, for a handler that works on it meanwhile.
func AwaitBody(c echo.Context) {
	if k, ok := c.Get(clockKey).(*clock); ok {
		k.restart(c, k.body+k.work)
	}
}

// bodyArrived gives a request its full time again if its body took long, which is not the fault of the work.
func bodyArrived(c echo.Context) {
	if k, ok := c.Get(clockKey).(*clock); ok && time.Since(k.began) > time.Second {
		k.restart(c, k.work)
	}
}
