package knowledge

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/knowledge"
)

// trash lists what was taken out of a collection.
func (f *Knowledge) trash(c echo.Context) error {
	actor := web.Actor(c)
	collection, err := f.collectionOf(c)
	if err != nil {
		return err
	}
	if !actor.Can(models.Moderate, &models.Space{ID: collection.SpaceID}) {
		return models.ErrForbidden
	}
	return f.trashPage(c, views.Trash{Collection: collection, Space: *actor.Access(collection.SpaceID)})
}

// spaceTrash lists what was taken out of the collections of a space, as far as the reader may bring it back.
func (f *Knowledge) spaceTrash(c echo.Context) error {
	actor := web.Actor(c)
	space, err := trashSpace(actor, c.QueryParam("space"))
	if err != nil {
		return err
	}
	return f.trashPage(c, views.Trash{Spaces: actor.Spaces, Space: space})
}

// trashSpace is the space with a slug, or without one the first that the reader moderates, else the first that they see, if any.
func trashSpace(actor *models.Actor, slug string) (space models.SpaceAccess, err error) {
	if slug != "" {
		found := actor.AccessTo(slug)
		if found == nil {
			return space, models.ErrNotFound
		}
		return *found, nil
	}
	for i := range actor.Spaces {
		if actor.Can(models.Moderate, &models.Space{ID: actor.Spaces[i].ID}) {
			return actor.Spaces[i], nil
		}
	}
	if len(actor.Spaces) > 0 {
		return actor.Spaces[0], nil
	}
	return space, nil
}

func (f *Knowledge) trashPage(c echo.Context, view views.Trash) (err error) {
	address := "/articles/trash?space=" + view.Space.Slug + "&"
	query := models.TrashQuery{SpaceID: view.Space.ID}
	if view.Collection != nil {
		address, query.CollectionID = view.Collection.Path()+"/trash?", view.Collection.ID
	}
	next := ""
	if view.Articles, view.Kept, next, err = f.trashed(c.Request().Context(), web.Actor(c), query, c.QueryParam("cursor"), trashShown); err != nil {
		return err
	}
	if next != "" {
		view.Next = address + "cursor=" + next
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("knowledge.trash"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.TrashPage(page, view))
}

// trashed is a page of the trash after a key, with how long each stays there and the key of the next page, empty at the end.
func (f *Knowledge) trashed(ctx context.Context, actor *models.Actor, query models.TrashQuery, cursor string, limit int) (cards []models.TrashCard, kept time.Duration, next string, err error) {
	key, err := levelKey(cursor)
	if err != nil {
		return nil, 0, "", err
	}
	if key != nil {
		at, err := moment(key)
		if err != nil {
			return nil, 0, "", err
		}
		query.After = &models.TrashKey{At: at, ID: key.ID}
	}
	settings, err := f.db.PrivacySettings(ctx)
	if err != nil {
		return nil, 0, "", err
	}
	query.Limit = limit + 1
	if cards, err = f.db.Trash(ctx, actor, query); err != nil {
		return nil, 0, "", err
	}
	if len(cards) > limit {
		cards = cards[:limit]
		last := &cards[limit-1]
		next = strconv.FormatInt(last.WithdrawnAt.UnixMicro(), 10) + "." + strconv.FormatInt(last.ID, 10)
	}
	return cards, time.Duration(settings.Days[models.PeriodTrash]) * 24 * time.Hour, next, nil
}

func (f *Knowledge) restore(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	before, err := f.db.Article(ctx, actor, id)
	if err != nil {
		return err
	}
	article, err := f.Restore(ctx, actor, id)
	if err != nil {
		return err
	}
	twin, err := f.db.HasTwin(ctx, article)
	if err != nil {
		return err
	}
	switch {
	case before.ParentID != nil && article.ParentID == nil:
		return f.done(c, article.Path(), "restored_top", "")
	case twin:
		return f.done(c, article.Path(), "restored_twin", "")
	}
	return f.done(c, article.Path(), "restored", "")
}

// trashAPI adds the operations of the trash.
func (f *Knowledge) trashAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-withdrawn-articles", Method: http.MethodGet, Path: "/articles/trash", Summary: "List the withdrawn articles of a space", Security: api.Wants(models.ScopeRead),
		Description: "The latest first: to moderators all of them, to others those that they withdrew themselves. Each is removed for good at its time."}, f.apiTrash)
}

type trashInput struct {
	Space  string `query:"space" doc:"Slug of a space; without it the first that you moderate, or else see."`
	Cursor string `query:"cursor" doc:"What the page before says is next."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

// trashItem is a withdrawn article as programs see it.
type trashItem struct {
	ID          int64       `json:"id"`
	URL         string      `json:"url"`
	Title       string      `json:"title"`
	Lang        string      `json:"lang"`
	Collection  int64       `json:"collection"`
	Along       int         `json:"along" doc:"How many articles that stood under it went with it."`
	WithdrawnBy *api.Author `json:"withdrawn_by"`
	WithdrawnAt time.Time   `json:"withdrawn_at"`
	RemovedAt   time.Time   `json:"removed_at" doc:"When it is removed for good, at the earliest."`
}

type trashAnswer struct {
	Body struct {
		Items []trashItem `json:"items"`
		Next  *string     `json:"next" doc:"Null at the end."`
	}
}

func (f *Knowledge) apiTrash(ctx context.Context, actor *models.Actor, in *trashInput) (*trashAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	space, err := trashSpace(actor, in.Space)
	if err != nil {
		return nil, err
	}
	cards, kept, next, err := f.trashed(ctx, actor, models.TrashQuery{SpaceID: space.ID}, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	answer := &trashAnswer{}
	answer.Body.Items = make([]trashItem, len(cards))
	for i := range cards {
		c := &cards[i]
		item := trashItem{ID: c.ID, URL: f.web.BaseURL.String() + c.Path(), Title: c.Title, Lang: c.Lang, Collection: c.CollectionID, Along: c.Along, WithdrawnAt: *c.WithdrawnAt, RemovedAt: c.WithdrawnAt.Add(kept)}
		if c.WithdrawnBy != nil {
			item.WithdrawnBy = &api.Author{ID: *c.WithdrawnBy, Name: c.RemoverName}
		}
		answer.Body.Items[i] = item
	}
	if next != "" {
		answer.Body.Next = &next
	}
	return answer, nil
}
