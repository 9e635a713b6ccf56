package writing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
)

// Routes adds where the browser's script keeps what is being written.
func (w *Writing) Routes(g *echo.Group) {
	g.PUT("/drafts/*", w.saveDraft)
	g.DELETE("/drafts/*", w.dropDraft)
}

// SaveDraft keeps what the actor has written in a form and not sent yet, and returns when it was saved.
func (w *Writing) SaveDraft(ctx context.Context, actor *models.Actor, form string, fields models.Fields) (at time.Time, err error) {
	err = w.db.Tx(ctx, actor, func(tx *models.Tx) error {
		at = tx.Now()
		return tx.SaveDraft(actor.ID, form, fields)
	})
	if err != nil {
		return at, fmt.Errorf("save draft: %w", err)
	}
	return at, nil
}

// DropDraft throws a draft away; without one nothing happens.
func (w *Writing) DropDraft(ctx context.Context, actor *models.Actor, form string) error {
	err := w.db.Tx(ctx, actor, func(tx *models.Tx) error { return tx.DropDraft(actor.ID, form) })
	if err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return nil
}

// Taken answers a form that was sent: its draft is gone, and the next page says so.
func (w *Writing) Taken(c echo.Context, form, toast, path string) error {
	w.web.DraftSent(c, form)
	w.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	return web.Redirect(c, path)
}

// saveDraft keeps what the browser's script sends while someone writes. A lost session is 401, so that the
// script can say so and keep the text on the device.
func (w *Writing) saveDraft(c echo.Context) error {
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
	form := c.Param("*")
	if guard := w.guards[form]; guard != nil {
		if err := guard(c, draft.Fields); err != nil {
			return err
		}
	}
	at, err := w.SaveDraft(c.Request().Context(), actor, form, draft.Fields)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"saved_at": at.Format(time.RFC3339Nano)})
}

func (w *Writing) dropDraft(c echo.Context) error {
	actor := web.Actor(c)
	if !actor.SignedIn() {
		return echo.NewHTTPError(http.StatusUnauthorized)
	}
	if err := w.DropDraft(c.Request().Context(), actor, c.Param("*")); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
