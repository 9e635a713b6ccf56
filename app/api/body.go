package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
)

// WholeBody reads a request's body before its operation does, so that one that is too large, too slow or
// broken off is the same problem as everywhere, and one that is not UTF-8 is not kept as something else. web.BodyLimit bounds it. A form
// with a file waits on disk instead.
func WholeBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		if request.ContentLength == 0 {
			return next(c)
		}
		if strings.HasPrefix(request.Header.Get(echo.HeaderContentType), echo.MIMEMultipartForm) {
			if err := web.ParseForm(c); err != nil {
				return err
			}
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
		if !utf8.Valid(raw) { // the decoder would put other letters in the place of those that it cannot read
			return web.SendProblem(c, web.Failure{Status: http.StatusBadRequest, Key: "errors.encoding"})
		}
		request.Body = io.NopCloser(bytes.NewReader(raw))
		return next(c)
	}
}
