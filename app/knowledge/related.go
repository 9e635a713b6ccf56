package knowledge

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/knowledge"
)

// How many articles the page of one names that are about the same, and how many a page of a tag lists.
const (
	relatedShown = 4
	perTag       = 40
)

// related finds a few articles that are about the same as one: whose titles are alike, as it was found a short while before, and then
// those that share a tag. Those that the page names already are not among them.
func (f *Knowledge) related(ctx context.Context, actor *models.Actor, view *views.Article) (err error) {
	article := &view.Article.Article
	refs, err := f.nearby.To(f.search, f.db.Now(), article.Title, actor.SpaceIDs(), "article")
	if err != nil { // the page is complete enough without
		slog.WarnContext(ctx, "similar articles not found", "error", err)
	}
	named := map[int64]bool{article.ID: true}
	for i := range view.Above {
		named[view.Above[i].ID] = true
	}
	for i := range view.Under {
		named[view.Under[i].ID] = true
	}
	for i := range view.Linked {
		if view.Linked[i].Kind == models.TargetArticle {
			named[view.Linked[i].About] = true
		}
	}
	var ids []int64
	for _, ref := range refs {
		if !named[ref.ID] && len(ids) < relatedShown {
			ids = append(ids, ref.ID)
		}
	}
	if view.Related, err = f.db.ArticleCards(ctx, actor, ids); err != nil {
		return err
	}
	slices.SortFunc(view.Related, func(a, b models.ArticleCard) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	if len(article.Tags) == 0 || len(view.Related) >= relatedShown {
		return nil
	}
	for i := range view.Related {
		named[view.Related[i].ID] = true
	}
	tagged, _, err := f.db.Articles(ctx, actor, models.ArticleQuery{Tags: article.Tags, Limit: 2*relatedShown + 1})
	for i := range tagged {
		if !named[tagged[i].ID] && len(view.Related) < relatedShown {
			view.Related = append(view.Related, tagged[i])
		}
	}
	return err
}

// tagged lists the articles that the reader sees, those written in last first: all, or those with a tag, of a space, with a label, that are
// verified or not, or for which the reader or somebody else answers.
func (f *Knowledge) tagged(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.Tagged{Tag: c.QueryParam("tag"), Space: c.QueryParam("space"), Label: c.QueryParam("label"), Trust: c.QueryParam("trust"), Spaces: actor.Spaces}
	query := models.ArticleQuery{Limit: perTag}
	tags, err := models.ParseTags(view.Tag)
	if err != nil || len(tags) > 1 {
		return models.ErrNotFound
	}
	if len(tags) == 1 {
		view.Tag, query.Tags = tags[0], tags
	}
	if slices.Contains(models.Confidentialities(), models.Confidentiality(view.Label)) {
		query.Label = models.Confidentiality(view.Label)
	}
	if slices.Contains(models.TrustFilters(), models.TrustFilter(view.Trust)) {
		query.Trust = models.TrustFilter(view.Trust)
	}
	if c.QueryParam("owner") != "" {
		if view.Owner, err = f.ownerNamed(c); err != nil {
			return err
		}
		query.OwnerID = view.Owner.ID
	}
	if query.After, err = models.ParseArticleKey(c.QueryParam("cursor")); err != nil {
		return err
	}
	if query.SpaceID, err = spaceNamed(actor, view.Space); err != nil {
		return err
	}
	articles, next, err := f.db.Articles(ctx, actor, query)
	if err != nil {
		return err
	}
	view.Articles = articles
	if query.After != nil {
		view.Start = view.URL("", "")
	}
	if next != nil {
		view.Next = view.URL("cursor", next.String())
	}
	title := web.Locale(c).T("knowledge.all_articles")
	if view.Tag != "" {
		title = web.Locale(c).T("knowledge.tagged", "tag", view.Tag)
	}
	page, err := f.web.Page(c, "knowledge", title)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.TaggedPage(page, view))
}

// ownerNamed is the person by whom a list is narrowed: by their number, whom the reader may know.
func (f *Knowledge) ownerNamed(c echo.Context) (*models.User, error) {
	id, err := strconv.ParseInt(c.QueryParam("owner"), 10, 32)
	if err != nil || id <= 0 {
		return nil, models.ErrNotFound
	}
	return f.db.Person(c.Request().Context(), web.Actor(c), id)
}
