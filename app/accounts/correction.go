package accounts

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/accounts"
	"ruche/views/layout"
)

// AskCorrection asks those who look after people to correct what is said of the actor and not theirs to write: their department,
// which opens spaces, or what a directory says.
func (f *Accounts) AskCorrection(ctx context.Context, actor *models.Actor, wish string) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.AskCorrection(wish); err != nil {
			return err
		}
		return tx.Record(models.CorrectionAsked, &models.User{ID: actor.ID}, nil)
	})
}

func (f *Accounts) postCorrection(c echo.Context) error {
	wish := c.FormValue("wish")
	err := f.AskCorrection(c.Request().Context(), web.Actor(c), wish)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.renderAccount(c, http.StatusUnprocessableEntity, views.Account{Said: map[string]string{"wish": wish}, Problems: invalid})
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("corrections.asked")})
	return web.Redirect(c, "/account#correction")
}
