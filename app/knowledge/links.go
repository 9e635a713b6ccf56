package knowledge

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/knowledge"
)

// Of the texts that lead to an article: how many its page names, and how many a page of all of them.
const (
	linkedShown = 5
	perLinked   = 50
)

// linked lists the texts that lead to an article.
func (f *Knowledge) linked(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	before, err := web.Before(c)
	if err != nil {
		return err
	}
	article, err := f.db.Article(ctx, actor, id)
	if err != nil {
		return err
	}
	view := views.Linked{Article: article, Space: *actor.Access(article.SpaceID)}
	if view.From, err = f.db.LinkedFrom(ctx, actor, id, before, perLinked+1); err != nil {
		return err
	}
	if len(view.From) > perLinked {
		view.From = view.From[:perLinked]
		view.Next = base(id) + "/links?before=" + strconv.FormatInt(view.From[perLinked-1].ID, 10)
	}
	if before != 0 {
		view.Start = base(id) + "/links"
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("knowledge.linked"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.LinkedPage(page, view))
}

// linksAPI adds the texts that lead to articles.
func (f *Knowledge) linksAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-article-links", Method: http.MethodGet, Path: "/articles/{id}/links", Summary: "List the texts that link to an article", Description: "Of ideas and other articles, and posts; those written last first. What stands under the article itself is not among them."}, f.apiLinked)
}

type linkedItem struct {
	URL   string `json:"url"`
	Kind  string `json:"kind" enum:"idea,thread,article" doc:"What the text is of, or for a post what it stands under."`
	ID    int64  `json:"id" doc:"Of the idea, the thread or the article."`
	Post  *int64 `json:"post" doc:"Number of the post that has the link, null where the text itself has it."`
	Title string `json:"title"`
	Space string `json:"space" doc:"Slug."`
}

type linkedAnswer struct {
	Body struct {
		Items []linkedItem `json:"items"`
		Next  *int64       `json:"next" doc:"\"before\" of the next page, null on the last."`
	}
}

type listLinked struct {
	ArticlePath
	Before int64 `query:"before" minimum:"1" doc:"\"next\" of the page before."`
	Limit  int   `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

func (f *Knowledge) apiLinked(ctx context.Context, actor *models.Actor, in *listLinked) (*linkedAnswer, error) {
	article, err := f.db.Article(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	cards, err := f.db.LinkedFrom(ctx, actor, article.ID, in.Before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	answer := &linkedAnswer{}
	if len(cards) > in.Limit {
		cards = cards[:in.Limit]
		answer.Body.Next = &cards[in.Limit-1].ID
	}
	answer.Body.Items = make([]linkedItem, len(cards))
	for i := range cards {
		card := &cards[i]
		item := linkedItem{URL: f.web.BaseURL.String() + card.Path(), Kind: string(card.Kind), ID: card.About, Title: card.Title, Space: slugOf(actor, card.SpaceID)}
		if card.PostID != 0 {
			item.Post = &card.PostID
		}
		answer.Body.Items[i] = item
	}
	return answer, nil
}

// unlinked fills the page with the articles of its space to which nothing leads.
func (f *Knowledge) unlinked(ctx context.Context, actor *models.Actor, spaceID int64, key *models.ArticleNode, view *views.TrustQueue) error {
	var after int64
	if key != nil {
		after = key.ID
	}
	page, err := f.db.Unlinked(ctx, actor, spaceID, after, perQueue)
	if err != nil {
		return err
	}
	view.Articles = page.Articles
	if page.Next != 0 {
		view.Next = reportURL(view, reportKey(0, page.Next))
	}
	return nil
}

// dead fills the page with the links in articles of its space that lead to nothing.
func (f *Knowledge) dead(ctx context.Context, actor *models.Actor, spaceID int64, key *models.ArticleNode, view *views.TrustQueue) (err error) {
	next := ""
	if view.Dead, next, err = f.deadLinks(ctx, actor, spaceID, key, perQueue); err == nil && next != "" {
		view.Next = reportURL(view, next)
	}
	return err
}

// deadLinks lists the links in articles of a space that lead to nothing; next begins the page after it, empty at the end.
func (f *Knowledge) deadLinks(ctx context.Context, actor *models.Actor, spaceID int64, key *models.ArticleNode, limit int) (links []models.DeadLink, next string, err error) {
	var after *models.DeadLink
	if key != nil {
		after = &models.DeadLink{TrustCard: models.TrustCard{ID: key.Position}, Reference: key.ID}
	}
	if links, err = f.db.DeadLinks(ctx, actor, spaceID, after, limit+1); err == nil && len(links) > limit {
		links = links[:limit]
		next = reportKey(links[limit-1].ID, links[limit-1].Reference)
	}
	return links, next, err
}

// reportURL is the page of a list of what wants looking after that begins at a key.
func reportURL(view *views.TrustQueue, key string) string {
	return listURL("/articles/trust", url.Values{"space": {view.Space}, "show": {string(view.Show)}, "cursor": {key}})
}

// reportKey is a place in such a list, in its address.
func reportKey(position, id int64) string {
	return strconv.FormatInt(position, 10) + "." + strconv.FormatInt(id, 10)
}
