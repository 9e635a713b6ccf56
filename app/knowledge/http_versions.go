package knowledge

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	views "ruche/views/knowledge"
	"ruche/views/parts"
)

// versionRoutes adds the pages of the texts that an article has had.
func (f *Knowledge) versionRoutes(g *echo.Group) {
	g.GET("/articles/:id/blame", f.showBlame)
	g.GET("/articles/:id/versions", f.versions)
	g.GET("/articles/:id/versions/:number", f.version)
	g.POST("/articles/:id/versions/:number", f.toVersion, web.RequireSignIn)
	g.POST("/articles/:id/versions/:number/name", f.nameVersion, web.RequireSignIn)
	g.POST("/articles/:id/versions/:number/name/removal", f.unnameVersion, web.RequireSignIn)
}

// versions lists the texts that an article has had, all or those with a name. With two of them it leads to what changed between them.
func (f *Knowledge) versions(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	article, err := f.db.Article(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	view := views.Versions{Article: article, Named: c.QueryParam("named") == "1", From: c.QueryParam("from"), To: c.QueryParam("to")}
	if view.From != "" || view.To != "" {
		from, to, err := f.two(c.Request().Context(), article, view.From, view.To)
		if errors.As(err, &view.Problems) {
			return f.versionsPage(c, http.StatusUnprocessableEntity, view)
		}
		if err != nil {
			return err
		}
		return web.Redirect(c, versionPath(id, to)+"?since="+strconv.Itoa(from))
	}
	return f.versionsPage(c, http.StatusOK, view)
}

// two are the numbers of two versions that a person calls by name or number, the older first; an empty one is the text as it is now.
func (f *Knowledge) two(ctx context.Context, article *models.Article, one, other string) (from, to int, err error) {
	problems := models.Invalid{}
	number := func(field, called string) int {
		if strings.TrimSpace(called) == "" {
			return article.Version
		}
		n, err := f.db.VersionCalled(ctx, article.ID, called)
		if err != nil {
			problems[field] = "versions.unknown"
		}
		return n
	}
	from, to = number("from", one), number("to", other)
	if len(problems) == 0 && from == to {
		problems["to"] = "versions.same"
	}
	if len(problems) > 0 {
		return 0, 0, problems
	}
	return min(from, to), max(from, to), nil
}

func (f *Knowledge) versionsPage(c echo.Context, status int, view views.Versions) (err error) {
	ctx, actor, id := c.Request().Context(), web.Actor(c), view.Article.ID
	view.Space = *actor.Access(view.Article.SpaceID)
	before, err := web.BeforeNumber(c)
	if err != nil {
		return err
	}
	list := f.db.ArticleVersions
	if view.Named {
		list = f.db.NamedArticleVersions
	}
	if view.Versions, err = list(ctx, id, before, perHistory+1); err != nil {
		return err
	}
	if view.Names, err = f.db.VersionNames(ctx, id); err != nil {
		return err
	}
	if len(view.Versions) > perHistory {
		view.Versions = view.Versions[:perHistory]
		view.Next = listURL(base(id)+"/versions", url.Values{"named": slot(view.Named, "1"), "before": {strconv.Itoa(view.Versions[perHistory-1].Number)}})
	}
	for i := range view.Versions {
		view.Versions[i].EditorPicture = actor.Face(view.Versions[i].EditorPicture)
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("knowledge.versions"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.VersionsPage(page, view))
}

// version shows one text of an article and what it changed: of the one before it, or with "since" of an older one.
func (f *Knowledge) version(c echo.Context) error {
	article, n, err := f.versionOf(c)
	if err != nil {
		return err
	}
	return f.versionPage(c, http.StatusOK, article, n, views.Version{})
}

// versionPage shows a version with what was typed for its name, where something in that was wrong.
func (f *Knowledge) versionPage(c echo.Context, status int, article *models.Article, n int, view views.Version) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	version, err := f.db.ArticleVersion(ctx, article.ID, n)
	if err != nil {
		return err
	}
	cards, err := f.db.ArticleVersions(ctx, article.ID, n+1, 1)
	if err != nil || len(cards) == 0 {
		return err
	}
	before, err := f.db.VersionBefore(ctx, article.ID, n)
	if err != nil {
		return err
	}
	view.Article, view.Space, view.Version, view.Since = article, *actor.Access(article.SpaceID), version, before
	view.Name, view.NameNote, view.MayName = cards[0].Name, cards[0].NameNote, mayName(actor, article) == nil
	view.Editor = parts.Named{ID: cards[0].EditorID, Name: cards[0].EditorName, Role: cards[0].EditorRole, Picture: actor.Face(cards[0].EditorPicture)}
	view.Restore = view.MayName
	if view.Problems == nil {
		view.TypedName, view.TypedNote = view.Name, view.NameNote
	}
	if view.Restore {
		collection, err := f.db.Collection(ctx, actor, article.CollectionID)
		if err != nil {
			return err
		}
		view.Restore = publishes(actor, collection) == nil
	}
	if since := c.QueryParam("since"); since != "" {
		if view.Since, err = strconv.Atoi(since); err != nil || view.Since < 1 || view.Since >= n {
			return models.ErrNotFound
		}
	}
	if called, err := f.db.VersionName(ctx, article.ID, view.Since); err != nil {
		return err
	} else if called != nil {
		view.SinceName = called.Name
	}
	from := &models.ArticleVersion{Title: version.Title, Body: version.Body, Tags: version.Tags}
	if view.Since != 0 {
		if from, err = f.db.ArticleVersion(ctx, article.ID, view.Since); err != nil {
			return err
		}
	}
	view.Title, view.Body = writing.Changes(text.Diff(from.Title, version.Title)), writing.Changes(text.Diff(from.Body, version.Body))
	view.Tags = writing.Changes(text.Diff(strings.Join(from.Tags, ", "), strings.Join(version.Tags, ", ")))
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("knowledge.version", "number", n))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.VersionPage(page, view))
}

// versionOf finds the article that the address names, and the number of the version that it names.
func (f *Knowledge) versionOf(c echo.Context) (*models.Article, int, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, 0, err
	}
	n, err := strconv.Atoi(c.Param("number"))
	if err != nil || n < 1 || n > 1<<30 {
		return nil, 0, models.ErrNotFound
	}
	article, err := f.db.Article(c.Request().Context(), web.Actor(c), id)
	return article, n, err
}

// toVersion makes a former text the article's text again.
func (f *Knowledge) toVersion(c echo.Context) error {
	article, n, err := f.versionOf(c)
	if err != nil {
		return err
	}
	before := article.Version
	made, err := f.ToVersion(c.Request().Context(), web.Actor(c), article.ID, n, web.Locale(c).T("knowledge.version_note", "number", n))
	if err != nil {
		return err
	}
	return f.done(c, made.Path(), "made_current", versionPath(article.ID, before))
}

// versionPath is the address of a version of an article.
func versionPath(id int64, number int) string {
	return base(id) + "/versions/" + strconv.Itoa(number)
}

// nameVersion gives a version a name.
func (f *Knowledge) nameVersion(c echo.Context) error {
	article, n, err := f.versionOf(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view := views.Version{TypedName: c.FormValue("name"), TypedNote: c.FormValue("note")}
	before, err := f.NameVersion(c.Request().Context(), web.Actor(c), article.ID, n, view.TypedName, view.TypedNote)
	if errors.As(err, &view.Problems) {
		return f.versionPage(c, http.StatusUnprocessableEntity, article, n, view)
	}
	if err != nil {
		return err
	}
	return f.done(c, versionPath(article.ID, n), "version_named", cmp.Or(nameAgain(article.ID, before), versionPath(article.ID, n)+"/name/removal"))
}

// unnameVersion takes the name of a version away.
func (f *Knowledge) unnameVersion(c echo.Context) error {
	article, n, err := f.versionOf(c)
	if err != nil {
		return err
	}
	before, err := f.UnnameVersion(c.Request().Context(), web.Actor(c), article.ID, n)
	if err != nil {
		return err
	}
	return f.done(c, versionPath(article.ID, n), "version_unnamed", nameAgain(article.ID, before))
}

// nameAgain is the address that gives a version the name again that it had, empty for none.
func nameAgain(id int64, before *models.VersionName) string {
	if before == nil {
		return ""
	}
	return versionPath(id, before.Number) + "/name?" + url.Values{"name": {before.Name}, "note": {before.Note}}.Encode()
}
