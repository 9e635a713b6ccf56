package signinrules

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/signinrules"
)

const home = "/sign-in-rules"

// Routes adds the pages of the feature.
func (f *SignInRules) Routes(g *echo.Group) {
	rules := g.Group(home, web.RequireSignIn, mayManage)
	rules.GET("", f.index)
	rules.POST("", f.create)
	rules.POST("/trial", f.try)
	rules.GET("/:id", f.show)
	rules.POST("/:id", f.update)
	rules.POST("/:id/position", f.move)
	rules.POST("/:id/removal", f.remove)
	rules.POST("/:id/restoration", f.restore)
}

// mayManage lets nobody else know whether there is a rule.
func mayManage(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !web.Actor(c).Can(models.ManageSignIn, nil) {
			return models.ErrForbidden
		}
		return next(c)
	}
}

func (f *SignInRules) index(c echo.Context) error {
	return f.render(c, http.StatusOK, views.Rulebook{})
}

// render shows the rules with what a form of the page was sent with, and what came of it.
func (f *SignInRules) render(c echo.Context, status int, book views.Rulebook) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	var err error
	if book.Rules == nil {
		if book.Rules, err = f.web.DB.SignInRules(ctx, actor); err != nil {
			return err
		}
	}
	if book.Places, err = f.places(c); err != nil {
		return err
	}
	page, err := f.web.Page(c, "sign-in-rules", web.Locale(c).T("rules.title"))
	if err != nil {
		return err
	}
	if c.Request().Method != http.MethodGet {
		page.Path = home
	}
	return web.Render(c, status, views.Index(page, book))
}

// places are what rules can lead to, with the names to show.
func (f *SignInRules) places(c echo.Context) (places views.Places, err error) {
	actor := web.Actor(c)
	for _, p := range f.providers {
		places.Providers = append(places.Providers, views.Provider(p))
	}
	for _, access := range actor.Spaces {
		manages := actor.Can(models.ManageSpace, &models.Space{ID: access.ID})
		places.Spaces = append(places.Spaces, views.Space{ID: access.ID, Title: access.Title, Manages: manages})
	}
	places.Groups, err = f.web.DB.ChosenGroups(c.Request().Context(), views.MaxGroups)
	return places, err
}

func (f *SignInRules) create(c echo.Context) error {
	rule := read(c)
	err := f.Create(c.Request().Context(), web.Actor(c), rule)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.render(c, http.StatusUnprocessableEntity, views.Rulebook{New: *rule, Problems: invalid})
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("rules.created")})
	return web.Redirect(c, home)
}

// read takes a rule from its form. What is no number leads nowhere, and is refused as such.
func read(c echo.Context) *models.SignInRule {
	return &models.SignInRule{
		Issuer: c.FormValue("issuer"), Claim: c.FormValue("claim"), Value: c.FormValue("value"), Role: models.Role(c.FormValue("role")),
		GroupID: number(c.FormValue("group")), SpaceID: number(c.FormValue("space")), SpaceRole: models.SpaceRole(c.FormValue("space_role")),
	}
}

func number(text string) *int64 {
	if text == "" {
		return nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		id = -1
	}
	return &id
}

func (f *SignInRules) show(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	rule, err := f.web.DB.SignInRule(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.form(c, http.StatusOK, rule, nil)
}

func (f *SignInRules) form(c echo.Context, status int, rule *models.SignInRule, problems models.Invalid) error {
	places, err := f.places(c)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "sign-in-rules", web.Locale(c).T("rules.edit"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Edit(page, *rule, places, problems))
}

func (f *SignInRules) update(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	rule := read(c)
	rule.ID = id
	err = f.Edit(c.Request().Context(), web.Actor(c), rule)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.form(c, http.StatusUnprocessableEntity, rule, invalid)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("rules.saved")})
	return web.Redirect(c, home)
}

func (f *SignInRules) move(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.Move(c.Request().Context(), web.Actor(c), id, c.FormValue("direction") == "up"); err != nil {
		return err
	}
	return web.Redirect(c, home)
}

func (f *SignInRules) remove(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.Delete(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("rules.deleted"), UndoAction: home + "/" + strconv.FormatInt(id, 10) + "/restoration"})
	return web.Redirect(c, home)
}

func (f *SignInRules) restore(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.Restore(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	return web.Redirect(c, home)
}

// try answers with the page itself: what was asked may be personal, and belongs in no address.
func (f *SignInRules) try(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	rules, err := f.web.DB.SignInRules(ctx, actor)
	if err != nil {
		return err
	}
	book := views.Rulebook{Rules: rules, Bench: views.Bench{Person: c.FormValue("person"), Issuer: c.FormValue("try_issuer"), Claims: c.FormValue("claims")}}
	trial, err := f.Try(ctx, actor, rules, question{Person: book.Bench.Person, Issuer: book.Bench.Issuer, Claims: book.Bench.Claims})
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		book.Problems = invalid
		return f.render(c, http.StatusUnprocessableEntity, book)
	}
	if err != nil {
		return err
	}
	book.Bench.Result = &views.Result{Person: trial.Person, Said: trial.Said, Gifts: trial.Gifts, Role: trial.Role, ByHand: trial.ByHand}
	return f.render(c, http.StatusOK, book)
}
