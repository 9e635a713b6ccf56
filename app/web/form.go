package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"
)

// formMemory is how much of a form with files is held in memory; the rest waits on disk.
const formMemory = 1 << 20

// ParseForm reads the whole form of a request. Without it, one that is too large or broken off looks
// like one with empty fields.
func ParseForm(c echo.Context) error {
	err := c.Request().ParseForm() // ParseMultipartForm forgets what this says of a form that is not multipart
	if err == nil {
		err = c.Request().ParseMultipartForm(formMemory)
	}
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil, errors.Is(err, http.ErrNotMultipart):
		return nil
	case errors.As(err, &tooLarge):
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge).SetInternal(err)
	}
	return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
}
