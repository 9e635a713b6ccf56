package glossary

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/glossary"
	"ruche/views/layout"
)

// Routes adds the feature's pages.
func (f *Glossary) Routes(g *echo.Group) {
	g.GET("/glossary", f.index)
	g.POST("/glossary", f.define, web.RequireSignIn)
	g.GET("/glossary/new", f.blank, web.RequireSignIn)
	g.GET("/glossary/table", f.table, web.RequireSignIn)
	g.GET("/glossary/:id", f.show)
	g.GET("/glossary/:id/edit", f.edit, web.RequireSignIn)
	g.POST("/glossary/:id", f.save, web.RequireSignIn)
	g.POST("/glossary/:id/withdrawal", f.withdraw, web.RequireSignIn)
	g.POST("/glossary/:id/restoration", f.restore, web.RequireSignIn)
	g.POST("/glossary/:id/versions/:number", f.toVersion, web.RequireSignIn)
}

// Sizes of pages: terms, and versions of one.
const (
	perPage       = 60
	versionsShown = 20
)

func (f *Glossary) index(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	space, err := spaceOf(actor, c.QueryParam("space"))
	if err != nil {
		return err
	}
	view := views.Index{Space: c.QueryParam("space"), Spaces: actor.Spaces, From: c.QueryParam("from"), Writes: len(written(actor)) > 0, SignedIn: actor.SignedIn()}
	after, err := models.ParseTermKey(c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	if after == nil {
		if after = models.TermsFrom(view.From); after != nil {
			if view.Asked, err = f.db.TermsAsked(ctx, actor, view.From, 3); err != nil {
				return err
			}
		}
	}
	var next *models.TermKey
	if view.Terms, next, err = f.db.Terms(ctx, actor, space, after, perPage); err != nil {
		return err
	}
	if after != nil {
		view.Start = view.URL("", "")
	}
	if next != nil {
		view.Next = view.URL("cursor", next.String())
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("glossary.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.IndexPage(page, view))
}

// spaceOf is the id of the space with a slug, 0 without one.
func spaceOf(actor *models.Actor, slug string) (int64, error) {
	if slug == "" {
		return 0, nil
	}
	access := actor.AccessTo(slug)
	if access == nil {
		return 0, models.ErrNotFound
	}
	return access.ID, nil
}

// written are the spaces in whose glossary the actor writes.
func written(actor *models.Actor) (spaces []models.SpaceAccess) {
	for _, space := range actor.Spaces {
		if actor.Can(models.WriteArticle, &models.Space{ID: space.ID}) {
			spaces = append(spaces, space)
		}
	}
	return spaces
}

func (f *Glossary) show(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	term, err := f.term(c)
	if err != nil {
		return err
	}
	if path := term.Path(); path != "/glossary/"+c.Param("id") {
		return c.Redirect(http.StatusMovedPermanently, path)
	}
	view := views.Show{Term: term, Space: *actor.Access(term.SpaceID), Writes: actor.Can(models.WriteArticle, &models.Space{ID: term.SpaceID})}
	if term.ArticleID != nil {
		if view.Article, err = f.db.Article(ctx, actor, *term.ArticleID); err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
	}
	if view.Versions, err = f.db.TermVersions(ctx, term.ID, versionsShown); err != nil {
		return err
	}
	for i := range view.Versions {
		view.Versions[i].Picture = actor.Face(view.Versions[i].Picture)
	}
	page, err := f.web.Page(c, "knowledge", term.Word)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.ShowPage(page, view))
}

// term finds the term that the address names.
func (f *Glossary) term(c echo.Context) (*models.Term, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	return f.db.Term(c.Request().Context(), web.Actor(c), id)
}

func (f *Glossary) blank(c echo.Context) error {
	return f.form(c, http.StatusOK, views.Form{Space: c.QueryParam("space"), Word: c.QueryParam("word")})
}

func (f *Glossary) form(c echo.Context, status int, view views.Form) error {
	actor := web.Actor(c)
	title := "glossary.new"
	if view.Term == nil {
		if view.Spaces = written(actor); len(view.Spaces) == 0 {
			return models.ErrForbidden
		}
	} else {
		title = "glossary.edit"
		view.Spreads = view.Term.Everywhere || actor.Can(models.ArrangeCollections, &models.Space{ID: view.Term.SpaceID})
	}
	for i := range view.Spaces {
		view.Spreads = view.Spreads || actor.Can(models.ArrangeCollections, &models.Space{ID: view.Spaces[i].ID})
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T(title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.FormPage(page, view))
}

// filled reads the form.
func filled(c echo.Context) (view views.Form, entry Entry) {
	view = views.Form{Space: c.FormValue("space"), Word: c.FormValue("word"), Also: c.FormValue("also"), Lang: c.FormValue("lang"), Definition: c.FormValue("definition"), Article: c.FormValue("article"), Everywhere: c.FormValue("everywhere") == "1"}
	return view, Entry{Word: view.Word, Also: view.Also, Lang: view.Lang, Definition: view.Definition, Article: view.Article, Everywhere: view.Everywhere}
}

func (f *Glossary) define(c echo.Context) error {
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view, entry := filled(c)
	term, err := f.Define(c.Request().Context(), web.Actor(c), view.Space, entry, "")
	if errors.As(err, &view.Problems) {
		return f.form(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	return f.done(c, term, "defined", term.Path(), address(term.ID)+"/withdrawal")
}

func (f *Glossary) edit(c echo.Context) error {
	term, err := f.term(c)
	if err != nil {
		return err
	}
	if err := web.Actor(c).Refusal(models.WriteArticle, &models.Space{ID: term.SpaceID}); err != nil {
		return err
	}
	view := views.Form{Term: term, Base: term.Version, Word: term.Word, Also: term.Also.String(), Lang: term.Lang, Definition: term.Definition, Everywhere: term.Everywhere}
	if term.ArticleID != nil {
		view.Article = "/articles/" + strconv.FormatInt(*term.ArticleID, 10)
	}
	return f.form(c, http.StatusOK, view)
}

func (f *Glossary) save(c echo.Context) error {
	term, err := f.term(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view, entry := filled(c)
	view.Term = term
	if view.Base, err = strconv.Atoi(c.FormValue("base")); err != nil {
		return models.Invalid{"base": "glossary.base_invalid"}
	}
	edited, err := f.Edit(c.Request().Context(), web.Actor(c), term.ID, view.Base, entry)
	switch {
	case errors.Is(err, models.ErrConflict) && term.State == models.Published:
		view.Theirs, view.Base = term, term.Version
		return f.form(c, http.StatusConflict, view)
	case errors.As(err, &view.Problems):
		return f.form(c, http.StatusUnprocessableEntity, view)
	case err != nil:
		return err
	case edited.Version == term.Version:
		return web.Redirect(c, edited.Path())
	}
	return f.done(c, edited, "edited", edited.Path(), address(edited.ID)+"/versions/"+strconv.Itoa(edited.Version-1))
}

func (f *Glossary) withdraw(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	term, err := f.Withdraw(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.done(c, term, "withdrawn", "/glossary", address(id)+"/restoration")
}

func (f *Glossary) restore(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	term, err := f.Restore(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.done(c, term, "restored", term.Path(), "")
}

// toVersion says of a term again what was said of it before.
func (f *Glossary) toVersion(c echo.Context) error {
	term, err := f.term(c)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(c.Param("number"))
	if err != nil || number < 1 || number > 1<<30 {
		return models.ErrNotFound
	}
	edited, err := f.ToVersion(c.Request().Context(), web.Actor(c), term.ID, number)
	if err != nil {
		return err
	}
	return f.done(c, edited, "edited", edited.Path(), address(term.ID)+"/versions/"+strconv.Itoa(term.Version))
}

// done answers a form about a term: the page says what was done, and offers to take it back where undo is not empty.
func (f *Glossary) done(c echo.Context, term *models.Term, toast, path, undo string) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("glossary.toast."+toast, "word", term.Word), UndoAction: undo})
	return web.Redirect(c, path)
}

func address(id int64) string { return "/glossary/" + strconv.FormatInt(id, 10) }
