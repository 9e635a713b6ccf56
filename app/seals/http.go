package seals

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/seals"
)

// Routes adds the feature's pages.
func (f *Seals) Routes(g *echo.Group) {
	g.GET("/seals", f.mine, web.RequireSignIn)
	g.POST("/seals/keys", f.makeKey, web.RequireSignIn)
	g.GET("/seals/openings/:id", f.opening, web.RequireSignIn)
	g.POST("/seals/openings/:id", f.goOn, web.RequireSignIn)
	g.GET("/ideas/:id/seal", f.seal, web.RequireSignIn)
	g.POST("/ideas/:id/seal", f.ask, web.RequireSignIn)
	g.GET("/campaigns/:id/seals", f.keepers, web.RequireSignIn)
	g.POST("/campaigns/:id/seals", f.name, web.RequireSignIn)
}

// Bounds of what the page of one's seals lists.
const (
	listedCampaigns = 50
	listedKeys      = 10
)

func (f *Seals) mine(c echo.Context) error { return f.minePage(c, http.StatusOK, nil) }

func (f *Seals) minePage(c echo.Context, status int, problems models.Invalid) (err error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.Mine{Problems: problems}
	if view.Keeps, err = f.db.MayKeepSeals(ctx, actor); err != nil {
		return err
	}
	if view.Keeps {
		if view.Keys, err = f.db.SealKeys(ctx, actor, listedKeys); err != nil {
			return err
		}
		if view.Campaigns, err = f.db.KeepsSealsOf(ctx, actor, listedCampaigns); err != nil {
			return err
		}
		if view.Openings, err = f.db.SealOpenings(ctx, actor); err != nil {
			return err
		}
	}
	if view.Told, err = f.db.ToldOpenings(ctx, actor); err != nil {
		return err
	}
	page, err := f.web.Page(c, "seals", web.Locale(c).T("seals.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Index(page, view))
}

func (f *Seals) makeKey(c echo.Context) error {
	err := f.MakeKey(c.Request().Context(), web.Actor(c), c.FormValue("passphrase"), c.FormValue("again"))
	if problems := (models.Invalid{}); errors.As(err, &problems) {
		return f.minePage(c, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("seals.toast.key")})
	return web.Redirect(c, "/seals")
}

func (f *Seals) seal(c echo.Context) error { return f.askPage(c, http.StatusOK, views.Ask{}) }

func (f *Seals) askPage(c echo.Context, status int, view views.Ask) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var place int
	if view.Seal, place, err = f.Seal(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	view.Other = view.Seal.Holders[1-place]
	page, err := f.web.Page(c, "seals", web.Locale(c).T("seals.ask"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.AskForm(page, view))
}

func (f *Seals) ask(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	view := views.Ask{Reason: c.FormValue("reason")}
	opening, err := f.Ask(c.Request().Context(), web.Actor(c), id, view.Reason, c.FormValue("passphrase"))
	if errors.As(err, &view.Problems) {
		return f.askPage(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("seals.toast.asked")})
	return web.Redirect(c, "/seals/openings/"+strconv.FormatInt(opening.ID, 10))
}

func (f *Seals) opening(c echo.Context) error {
	return f.openingPage(c, http.StatusOK, views.Opening{})
}

// openingPage shows an opening; what is found stands on this answer alone, and nobody keeps a copy of it.
func (f *Seals) openingPage(c echo.Context, status int, view views.Opening) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	actor := web.Actor(c)
	if view.Card, err = f.Opening(c.Request().Context(), actor, id); err != nil {
		return err
	}
	view.Asker = view.Card.AskerID == actor.ID
	page, err := f.web.Page(c, "seals", view.Card.Title)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "private, no-store")
	return web.Render(c, status, views.OpeningPage(page, view))
}

// goOn does with an opening what the form says. What tells a name answers with the page itself, at its own address.
func (f *Seals) goOn(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, actor, view := c.Request().Context(), web.Actor(c), views.Opening{}
	done := ""
	switch c.FormValue("do") {
	case "agree":
		view.Author, err = f.Agree(ctx, actor, id, c.FormValue("passphrase"))
	case "look":
		view.Author, err = f.Look(ctx, actor, id, c.FormValue("passphrase"))
	case "take_back":
		done, err = "seals.toast.taken_back", f.TakeBack(ctx, actor, id)
	case "decline":
		done, err = "seals.toast.declined", f.Decline(ctx, actor, id)
	default:
		return fmt.Errorf("do %q with opening %d: %w", c.FormValue("do"), id, models.ErrNotFound)
	}
	switch {
	case errors.As(err, &view.Problems):
		return f.openingPage(c, http.StatusUnprocessableEntity, view)
	case errors.Is(err, models.ErrConflict):
		view.Late = true
		return f.openingPage(c, http.StatusConflict, view)
	case err != nil:
		return err
	case done == "":
		return f.openingPage(c, http.StatusOK, view)
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(done)})
	return web.Redirect(c, "/seals")
}

// runs is the campaign of the address, if the actor may run it.
func (f *Seals) runs(c echo.Context) (*models.Campaign, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	actor := web.Actor(c)
	campaign, err := f.db.Campaign(c.Request().Context(), actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.MayRun(campaign) {
		return nil, actor.Refused(campaign.SpaceID, 0)
	}
	return campaign, nil
}

func (f *Seals) keepers(c echo.Context) error {
	campaign, err := f.runs(c)
	if err != nil {
		return err
	}
	return f.keepersPage(c, http.StatusOK, views.Keepers{Campaign: campaign})
}

func (f *Seals) keepersPage(c echo.Context, status int, view views.Keepers) (err error) {
	if view.Now, err = f.db.SealKeepers(c.Request().Context(), view.Campaign.ID); err != nil {
		return err
	}
	if view.Problems == nil {
		for i := range view.Now {
			view.Named[i] = views.Named{Email: view.Now[i].Email, Role: view.Now[i].Role}
		}
	}
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("campaigns.settings_of", "title", view.Campaign.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.KeepersForm(page, view))
}

func (f *Seals) name(c echo.Context) error {
	campaign, err := f.runs(c)
	if err != nil {
		return err
	}
	view := views.Keepers{Campaign: campaign}
	var named [2]Named
	for i := range named {
		place := strconv.Itoa(i + 1)
		named[i] = Named{Email: strings.TrimSpace(c.FormValue("keeper_" + place)), Role: c.FormValue("role_" + place)}
		view.Named[i] = views.Named(named[i])
	}
	err = f.Name(c.Request().Context(), web.Actor(c), campaign.ID, named)
	if errors.As(err, &view.Problems) {
		return f.keepersPage(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("campaigns.saved")})
	return web.Redirect(c, campaign.SettingsPath("seals"))
}
