package knowledge

import (
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

// place shows a level of a collection to which an article can be moved.
func (f *Knowledge) place(c echo.Context) error {
	article, err := f.articleToEdit(c)
	if err != nil {
		return err
	}
	in, err := optional(c.QueryParam("in"))
	if err != nil {
		return err
	}
	under, err := optional(c.QueryParam("under"))
	if err != nil {
		return err
	}
	if in == 0 {
		in = article.CollectionID
	}
	return f.placePage(c, http.StatusOK, views.Place{Article: article}, in, under)
}

func (f *Knowledge) placePage(c echo.Context, status int, view views.Place, in, under int64) (err error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	if view.Collection, err = f.db.Collection(ctx, actor, in); err != nil {
		return err
	}
	view.Space = *actor.Access(view.Collection.SpaceID)
	if view.Shelves, err = f.writable(ctx, actor); err != nil {
		return err
	}
	if under != 0 {
		parent, err := f.db.Article(ctx, actor, under)
		if err != nil {
			return err
		}
		if parent.CollectionID != in {
			return models.ErrNotFound
		}
		if view.Above, err = f.db.ArticlesAbove(ctx, parent); err != nil {
			return err
		}
		view.Above = append(view.Above, models.ArticleNode{ID: parent.ID, Title: parent.Title, Lang: parent.Lang})
	}
	next := ""
	if view.Level, next, err = f.level(c, in, under); err != nil {
		return err
	}
	if next != "" {
		view.Next = base(view.Article.ID) + "/place?" + url.Values{"in": {strconv.FormatInt(in, 10)}, "under": {strconv.FormatInt(under, 10)}, "cursor": {next}}.Encode()
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("knowledge.move"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.PlacePage(page, view))
}

func (f *Knowledge) move(c echo.Context) error {
	article, err := f.articleToEdit(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	to := models.ArticlePlace{}
	if to.Collection, err = optional(c.FormValue("collection")); err != nil {
		return err
	}
	if to.Parent, err = optional(c.FormValue("parent")); err != nil {
		return err
	}
	if after := c.FormValue("after"); after == "last" {
		to.Last = true
	} else if to.After, err = optional(after); err != nil {
		return err
	}
	if to.Collection == 0 {
		to.Collection = article.CollectionID
	}
	moved, from, err := f.Move(c.Request().Context(), web.Actor(c), article.ID, to)
	view := views.Place{Article: article}
	if errors.As(err, &view.Problems) {
		return f.placePage(c, http.StatusUnprocessableEntity, view, article.CollectionID, 0)
	}
	if err != nil {
		return err
	}
	undo := url.Values{"collection": {strconv.FormatInt(from.Collection, 10)}, "parent": {strconv.FormatInt(from.Parent, 10)}, "after": {strconv.FormatInt(from.After, 10)}}
	return f.done(c, moved.Path(), "moved", base(article.ID)+"/place?"+undo.Encode())
}

func (f *Knowledge) step(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	upwards, err := up(c)
	if err != nil {
		return err
	}
	article, err := f.Step(c.Request().Context(), web.Actor(c), id, upwards)
	if err != nil {
		return err
	}
	return web.Redirect(c, article.Path())
}

func (f *Knowledge) withdraw(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	article, err := f.Withdraw(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.done(c, article.Path(), "withdrawn", base(id)+"/restoration")
}

// versions lists the texts that an article has had.
func (f *Knowledge) versions(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	before, err := web.BeforeNumber(c)
	if err != nil {
		return err
	}
	article, err := f.db.Article(ctx, actor, id)
	if err != nil {
		return err
	}
	view := views.Versions{Article: article, Space: *actor.Access(article.SpaceID)}
	if view.Versions, err = f.db.ArticleVersions(ctx, id, before, perHistory+1); err != nil {
		return err
	}
	if len(view.Versions) > perHistory {
		view.Versions = view.Versions[:perHistory]
		view.Next = base(id) + "/versions?before=" + strconv.Itoa(view.Versions[perHistory-1].Number)
	}
	for i := range view.Versions {
		view.Versions[i].EditorPicture = actor.Face(view.Versions[i].EditorPicture)
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("knowledge.versions"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.VersionsPage(page, view))
}

// version shows one text of an article and what it changed: of the one before it, or with "since" of an older one.
func (f *Knowledge) version(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	article, n, err := f.versionOf(c)
	if err != nil {
		return err
	}
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
	view := views.Version{
		Article: article, Space: *actor.Access(article.SpaceID), Version: version, Since: before, Restore: actor.Can(models.WriteArticle, &models.Space{ID: article.SpaceID}) && article.State == models.Published,
		Editor: parts.Named{ID: cards[0].EditorID, Name: cards[0].EditorName, Role: cards[0].EditorRole, Picture: actor.Face(cards[0].EditorPicture)},
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
	return web.Render(c, http.StatusOK, views.VersionPage(page, view))
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
	return f.done(c, made.Path(), "made_current", base(article.ID)+"/versions/"+strconv.Itoa(before))
}
