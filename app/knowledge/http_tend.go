package knowledge

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/knowledge"
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
	if to.Before, err = optional(c.FormValue("before")); err != nil {
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
	path := moved.Path()
	if shown, err := optional(c.FormValue("shown")); err == nil && shown != 0 { // whoever drags one in the tree goes on reading another
		if article, err := f.db.Article(c.Request().Context(), web.Actor(c), shown); err == nil {
			path = article.Path()
			undo.Set("shown", strconv.FormatInt(shown, 10))
		}
	}
	return f.done(c, path, "moved", base(article.ID)+"/place?"+undo.Encode())
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
