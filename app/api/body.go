package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"
)

// WholeBody reads a request's body before its operation does, so that one that is too large, too slow or
// broken off is the same problem as everywhere. web.BodyLimit bounds it.
func WholeBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		if request.ContentLength == 0 {
			return next(c)
		}
		raw, err := io.ReadAll(request.Body)
		var known *echo.HTTPError
		if errors.As(err, &known) {
			return known
		}
		if err != nil {
			return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
		}
		request.Body = io.NopCloser(bytes.NewReader(raw))
		return next(c)
	}
}
