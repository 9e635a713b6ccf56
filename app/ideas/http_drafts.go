package ideas

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
)

// saveDraft keeps what the browser's script sends while someone writes. A lost session is 401, so that the
// script can say so and keep the text on the device.
func (f *Ideas) saveDraft(c echo.Context) error {
	actor := web.Actor(c)
	if !actor.SignedIn() {
		return echo.NewHTTPError(http.StatusUnauthorized)
	}
	var draft struct {
		Fields models.Fields `json:"fields"`
	}
	err := json.NewDecoder(c.Request().Body).Decode(&draft)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge).SetInternal(err)
	}
	if err != nil || draft.Fields == nil {
		return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	if err := f.mayKeep(c, c.Param("*"), draft.Fields); err != nil {
		return err
	}
	at, err := f.SaveDraft(c.Request().Context(), actor, c.Param("*"), draft.Fields)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"saved_at": at.Format(time.RFC3339Nano)})
}

func (f *Ideas) dropDraft(c echo.Context) error {
	actor := web.Actor(c)
	if !actor.SignedIn() {
		return echo.NewHTTPError(http.StatusUnauthorized)
	}
	if err := f.DropDraft(c.Request().Context(), actor, c.Param("*")); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
