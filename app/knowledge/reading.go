package knowledge

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/knowledge"
)

// Of the articles that somebody keeps at hand: how many a page lists, and how many of them, and of those read last, the front page names.
const (
	perStarred  = 50
	readShown   = 30
	atHandShown = 6
)

// noted notes that a page of an article was looked at, for the reader alone.
func (f *Knowledge) noted(c echo.Context, article *models.Article, reading models.ArticleReading) error {
	person := web.Actor(c).Person()
	if !person.Remembers() || !web.Shown(c) || reading.Unkept || article.State != models.Published || reading.Fresh(f.db.Now()) {
		return nil
	}
	err := f.db.Tx(c.Request().Context(), person, func(tx *models.Tx) error { return tx.ReadArticle(article.ID) })
	if models.Unavailable(err) { // the page can be read on a full disk too
		return nil
	}
	return err
}

// mine lists what the reader keeps at hand, and what they have read last.
func (f *Knowledge) mine(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	key, err := levelKey(c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	view := views.Mine{}
	var after *models.KeptArticle
	if key != nil {
		at, err := moment(key)
		if err != nil {
			return err
		}
		after, view.Start = &models.KeptArticle{ArticleCard: models.ArticleCard{ID: key.ID}, At: at}, "/articles/mine"
	}
	if view.Starred, err = f.db.StarredArticles(ctx, actor, after, perStarred+1); err != nil {
		return err
	}
	if len(view.Starred) > perStarred {
		view.Starred = view.Starred[:perStarred]
		last := &view.Starred[perStarred-1]
		view.Next = listURL("/articles/mine", url.Values{"cursor": {strconv.FormatInt(last.At.UnixMicro(), 10) + "." + strconv.FormatInt(last.ID, 10)}})
	}
	if view.Kept, err = f.db.ReadingKept(ctx, actor); err != nil {
		return err
	}
	if view.Read, err = f.db.ArticlesRead(ctx, actor, readShown); err != nil {
		return err
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("knowledge.mine"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.MinePage(page, view))
}

// atHand fills the front page with what the reader keeps at hand and has read last.
func (f *Knowledge) atHand(ctx context.Context, actor *models.Actor, view *views.Index) (err error) {
	if !actor.SignedIn() {
		return nil
	}
	view.SignedIn = true
	if view.Starred, err = f.db.StarredArticles(ctx, actor, nil, atHandShown); err != nil {
		return err
	}
	view.Read, err = f.db.ArticlesRead(ctx, actor, atHandShown)
	return err
}

// Star keeps an article at hand for the actor.
func (f *Knowledge) Star(ctx context.Context, actor *models.Actor, id int64) (*models.Article, error) {
	article, err := f.db.Article(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.SignedIn() {
		return nil, models.ErrForbidden
	}
	return article, f.db.Tx(ctx, actor.Person(), func(tx *models.Tx) error { return tx.StarArticle(id) })
}

// Unstar keeps an article at hand for the actor no longer. What they may not read any more they can let go too: it is nil then.
func (f *Knowledge) Unstar(ctx context.Context, actor *models.Actor, id int64) (*models.Article, error) {
	article, unread := f.db.Article(ctx, actor, id)
	if unread != nil && !errors.Is(unread, models.ErrNotFound) {
		return nil, unread
	}
	if !actor.SignedIn() {
		return nil, cmp.Or(unread, models.ErrForbidden)
	}
	return article, f.db.Tx(ctx, actor.Person(), func(tx *models.Tx) error {
		was, err := tx.UnstarArticle(id)
		if err == nil && !was {
			return unread
		}
		return err
	})
}

func (f *Knowledge) star(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	starred, err := chosen(c, "starred")
	if err != nil {
		return err
	}
	change := f.Unstar
	if starred {
		change = f.Star
	}
	article, err := change(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if article == nil {
		return web.Redirect(c, "/articles/mine")
	}
	return web.Redirect(c, article.Path())
}

// chosen reads whether a form says yes or no.
func chosen(c echo.Context, field string) (bool, error) {
	switch c.FormValue(field) {
	case "1":
		return true, nil
	case "0":
		return false, nil
	}
	return false, models.Invalid{field: "knowledge.choice_invalid"}
}

// keepReading says whether what the reader reads is noted.
func (f *Knowledge) keepReading(c echo.Context) error {
	if err := web.ParseForm(c); err != nil {
		return err
	}
	kept, err := chosen(c, "kept")
	if err != nil {
		return err
	}
	err = f.db.Tx(c.Request().Context(), web.Actor(c).Person(), func(tx *models.Tx) error { return tx.KeepReads(kept) })
	if err != nil {
		return err
	}
	toast := "reading_unkept"
	if kept {
		toast = "reading_kept"
	}
	return f.done(c, "/articles/mine", toast, "")
}

// forgetReading forgets what the reader has read.
func (f *Knowledge) forgetReading(c echo.Context) error {
	err := f.db.Tx(c.Request().Context(), web.Actor(c).Person(), func(tx *models.Tx) error { return tx.ForgetReads() })
	if err != nil {
		return err
	}
	return f.done(c, "/articles/mine", "reading_forgotten", "")
}

// readingAPI adds the articles that somebody keeps at hand.
func (f *Knowledge) readingAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-starred-articles", Method: http.MethodGet, Path: "/articles/starred", Summary: "List the articles you keep at hand", Description: "Those that were starred last first.", Security: api.Wants(models.ScopeRead)}, f.apiStarred)
	api.Register(a, huma.Operation{OperationID: "list-read-articles", Method: http.MethodGet, Path: "/articles/read", Summary: "List the articles you have read last", Description: "The last one first; you alone see them. Empty where you have said that what you read is not noted.", Security: api.Wants(models.ScopeRead)}, f.apiRead)
	api.Register(a, huma.Operation{OperationID: "forget-read-articles", Method: http.MethodDelete, Path: "/articles/read", Summary: "Forget which articles you have read", DefaultStatus: http.StatusNoContent}, func(ctx context.Context, actor *models.Actor, _ *struct{}) (*struct{}, error) {
		if !actor.SignedIn() {
			return nil, models.ErrForbidden
		}
		return nil, f.db.Tx(ctx, actor.Person(), func(tx *models.Tx) error { return tx.ForgetReads() })
	})
	api.Register(a, huma.Operation{OperationID: "star-article", Method: http.MethodPut, Path: "/articles/{id}/star", Summary: "Keep an article at hand", Description: "For you alone.", DefaultStatus: http.StatusNoContent}, func(ctx context.Context, actor *models.Actor, in *ArticlePath) (*struct{}, error) {
		_, err := f.Star(ctx, actor, in.ID)
		return nil, err
	})
	api.Register(a, huma.Operation{OperationID: "unstar-article", Method: http.MethodDelete, Path: "/articles/{id}/star", Summary: "Keep an article at hand no longer", DefaultStatus: http.StatusNoContent}, func(ctx context.Context, actor *models.Actor, in *ArticlePath) (*struct{}, error) {
		_, err := f.Unstar(ctx, actor, in.ID)
		return nil, err
	})
}

type starredItem struct {
	ID         int64     `json:"id"`
	URL        string    `json:"url"`
	Space      string    `json:"space" doc:"Slug."`
	Collection int64     `json:"collection"`
	Title      string    `json:"title"`
	StarredAt  time.Time `json:"starred_at"`
}

type starredAnswer struct {
	Body struct {
		Items []starredItem `json:"items"`
		Next  *string       `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

type listStarred struct {
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

func (f *Knowledge) apiStarred(ctx context.Context, actor *models.Actor, in *listStarred) (*starredAnswer, error) {
	if !actor.SignedIn() {
		return nil, models.ErrForbidden
	}
	key, err := models.ParseArticleKey(in.Cursor)
	if err != nil {
		return nil, err
	}
	var after *models.KeptArticle
	if key != nil {
		after = &models.KeptArticle{ArticleCard: models.ArticleCard{ID: key.ID}, At: key.Edited}
	}
	kept, err := f.db.StarredArticles(ctx, actor, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	answer := &starredAnswer{}
	if len(kept) > in.Limit {
		kept = kept[:in.Limit]
		next := (&models.ArticleKey{Edited: kept[in.Limit-1].At, ID: kept[in.Limit-1].ID}).String()
		answer.Body.Next = &next
	}
	answer.Body.Items = make([]starredItem, len(kept))
	for i := range kept {
		k := &kept[i]
		answer.Body.Items[i] = starredItem{k.ID, f.web.BaseURL.String() + k.Path(), slugOf(actor, k.SpaceID), k.CollectionID, k.Title, k.At}
	}
	return answer, nil
}

type readItem struct {
	ID         int64     `json:"id"`
	URL        string    `json:"url"`
	Space      string    `json:"space" doc:"Slug."`
	Collection int64     `json:"collection"`
	Title      string    `json:"title"`
	ReadAt     time.Time `json:"read_at"`
}

type readAnswer struct {
	Body struct {
		Items []readItem `json:"items"`
	}
}

func (f *Knowledge) apiRead(ctx context.Context, actor *models.Actor, _ *struct{}) (*readAnswer, error) {
	if !actor.SignedIn() {
		return nil, models.ErrForbidden
	}
	read, err := f.db.ArticlesRead(ctx, actor, readShown)
	if err != nil {
		return nil, err
	}
	answer := &readAnswer{}
	answer.Body.Items = make([]readItem, len(read))
	for i := range read {
		r := &read[i]
		answer.Body.Items[i] = readItem{r.ID, f.web.BaseURL.String() + r.Path(), slugOf(actor, r.SpaceID), r.CollectionID, r.Title, r.At}
	}
	return answer, nil
}
