package web

import (
	"errors"
	"fmt"
	"io/fs"
	"mime/multipart"
	"net/http"

	"github.com/labstack/echo/v4"
)

// formMemory is how much of a form with files is held in memory; the rest waits on disk.
const formMemory = 1 << 20

// Forms reads the form of a request before its handler does, which then cannot mistake one that is too large or broken off
// for one with empty fields. The given routes, "POST /files" for example, read theirs when they know whose it is.
func Forms(own map[string]int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if _, later := own[route(c)]; !later && c.Request().Method == http.MethodPost {
				if err := ParseForm(c); err != nil {
					return err
				}
			}
			return next(c)
		}
	}
}

// ParseForm reads the whole form of a request, and gives the work on it its full time again.
func ParseForm(c echo.Context) error {
	err := c.Request().ParseForm() // ParseMultipartForm forgets what this says of a form that is not multipart
	if err == nil {
		err = c.Request().ParseMultipartForm(formMemory)
	}
	var known *echo.HTTPError
	var disk *fs.PathError
	switch {
	case err == nil, errors.Is(err, http.ErrNotMultipart):
		bodyArrived(c)
		return nil
	case errors.As(err, &known):
		return known
	case errors.Is(err, multipart.ErrMessageTooLarge):
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge).SetInternal(err)
	case errors.As(err, &disk): // a picture found no room to wait in
		return fmt.Errorf("read form: %w", err)
	}
	return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
}
