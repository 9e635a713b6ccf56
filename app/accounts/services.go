package accounts

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/accounts"
	"ruche/views/layout"
)

// OpenService opens an account for a program, for which an employee answers. Nobody comes in as it: it has tokens.
func (f *Accounts) OpenService(ctx context.Context, actor *models.Actor, service *models.User, sponsor string) error {
	if !actor.Can(models.ManageSignIn, nil) {
		return models.ErrForbidden
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.CreateService(service, sponsor); err != nil {
			return err
		}
		return tx.Record(models.UserCreated, service, map[string]string{"by": "service"})
	})
}

// CreateServiceToken makes a token for a program, as CreateToken does for a person.
func (f *Accounts) CreateServiceToken(ctx context.Context, actor *models.Actor, id int64, token *models.Token, days int) (secret string, err error) {
	token.UserID = id
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		service, err := tx.Service(ctx, actor, id)
		if err != nil {
			return err
		}
		if service.DisabledAt != nil {
			return fmt.Errorf("token for program %d, which is suspended: %w", id, models.ErrConflict)
		}
		secret, err = createToken(tx, token, days)
		return err
	})
	return secret, err
}

// RevokeServiceToken ends a token of a program.
func (f *Accounts) RevokeServiceToken(ctx context.Context, actor *models.Actor, id, token int64) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if _, err := tx.Service(ctx, actor, id); err != nil {
			return err
		}
		if err := tx.RevokeToken(id, token); err != nil {
			return err
		}
		return tx.Record(models.TokenRevoked, &models.Token{ID: token}, nil)
	})
}

// SuspendService ends what a program may do at once, with its tokens, or lets it have new ones again.
func (f *Accounts) SuspendService(ctx context.Context, actor *models.Actor, id int64, suspended bool) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		service, err := tx.Service(ctx, actor, id)
		if err != nil || suspended == (service.DisabledAt != nil) {
			return err
		}
		change, verb := tx.Enable, models.UserEnabled
		if suspended {
			change, verb = tx.Disable, models.UserDisabled
		}
		if err := change(id); err != nil {
			return err
		}
		return tx.Record(verb, &service.User, nil)
	})
}

func (f *Accounts) serviceRoutes(g *echo.Group) {
	services := g.Group("/services", web.RequireSignIn)
	services.GET("", f.listServices)
	services.POST("", f.postService)
	services.GET("/:id", f.showService)
	services.POST("/:id/tokens", f.postServiceToken)
	services.POST("/:id/tokens/:token/revocation", f.postServiceRevocation)
	services.POST("/:id/suspension", f.postServiceSuspension)
}

func (f *Accounts) listServices(c echo.Context) error {
	return f.renderServices(c, http.StatusOK, views.Services{})
}

func (f *Accounts) renderServices(c echo.Context, status int, view views.Services) (err error) {
	if view.Services, err = f.web.DB.Services(c.Request().Context(), web.Actor(c)); err != nil {
		return err
	}
	page, err := f.web.Page(c, "services", web.Locale(c).T("services.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.ShowServices(page, view))
}

func (f *Accounts) postService(c echo.Context) error {
	view := views.Services{Name: c.FormValue("name"), Purpose: c.FormValue("purpose"), Sponsor: c.FormValue("sponsor")}
	service := &models.User{Name: view.Name, Job: view.Purpose}
	err := f.OpenService(c.Request().Context(), web.Actor(c), service, view.Sponsor)
	if errors.As(err, &view.Problems) {
		return f.renderServices(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, views.ServiceAddress(service.ID))
}

func (f *Accounts) showService(c echo.Context) error {
	return f.renderService(c, http.StatusOK, views.Service{})
}

func (f *Accounts) renderService(c echo.Context, status int, view views.Service) error {
	ctx := c.Request().Context()
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if view.Card, err = f.web.DB.Service(ctx, web.Actor(c), id); err != nil {
		return err
	}
	if view.Tokens, err = f.web.DB.Tokens(ctx, id); err != nil {
		return err
	}
	page, err := f.web.Page(c, "services", view.Card.Name)
	if err != nil {
		return err
	}
	if view.Secret != "" { // shown once, so that it stays in no cache
		c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	}
	page.Path = views.ServiceAddress(id)
	return web.Render(c, status, views.ShowService(page, view))
}

func (f *Accounts) postServiceToken(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	token, days, form := askedToken(c)
	secret, err := f.CreateServiceToken(c.Request().Context(), web.Actor(c), id, token, days)
	if errors.As(err, &form.Errors) {
		return f.renderService(c, http.StatusUnprocessableEntity, views.Service{NewToken: form})
	}
	if err != nil {
		return err
	}
	return f.renderService(c, http.StatusOK, views.Service{Secret: secret})
}

func (f *Accounts) postServiceRevocation(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	token, err := web.ID(c, "token")
	if err != nil {
		return err
	}
	if err := f.RevokeServiceToken(c.Request().Context(), web.Actor(c), id, token); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("tokens.revoked")})
	return web.Redirect(c, views.ServiceAddress(id))
}

func (f *Accounts) postServiceSuspension(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	suspended := c.FormValue("suspended") == "1"
	if err := f.SuspendService(c.Request().Context(), web.Actor(c), id, suspended); err != nil {
		return err
	}
	said := "members.toast.back"
	if suspended {
		said = "members.toast.suspended"
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(said)})
	return web.Redirect(c, views.ServiceAddress(id))
}
