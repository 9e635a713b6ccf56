package knowledge

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/knowledge"
)

// Bounds of one document: articles, and bytes of their texts as they are shown. What is longer is printed in parts.
const (
	mostPrinted      = 300
	mostPrintedBytes = 4 << 20
	printedBatch     = 50
)

// printArticle shows an article as a document on paper, with what stands under it where that is asked for.
func (f *Knowledge) printArticle(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	article, err := f.db.Article(ctx, actor, id)
	if err != nil {
		return err
	}
	if article.State != models.Published {
		return fmt.Errorf("article %d is withdrawn: %w", id, models.ErrNotFound)
	}
	collection, err := f.db.Collection(ctx, actor, article.CollectionID)
	if err != nil {
		return err
	}
	view := views.Print{Title: article.Title, Lang: article.Lang, Collection: collection, Back: article.Path()}
	top := models.ArticleNode{ID: article.ID, Title: article.Title, Lang: article.Lang, Parent: c.QueryParam("under") == "1"}
	return f.printed(c, view, []models.ArticleNode{top})
}

// printCollection shows a collection as a document on paper, in the order of its tree.
func (f *Knowledge) printCollection(c echo.Context) error {
	collection, err := f.collectionOf(c)
	if err != nil {
		return err
	}
	tops, err := f.db.ArticlesUnderThese(c.Request().Context(), web.Actor(c), collection.ID, nil, mostPrinted+1)
	if err != nil {
		return err
	}
	return f.printed(c, views.Print{Title: collection.Title, Collection: collection, Whole: true, Back: collection.Path()}, tops)
}

func (f *Knowledge) printed(c echo.Context, view views.Print, tops []models.ArticleNode) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	chapters, err := f.chapters(ctx, actor, view.Collection.ID, tops)
	if err != nil {
		return err
	}
	view.Space, view.Printed, view.Base, view.Most = *actor.Access(view.Collection.SpaceID), f.db.Now(), f.web.BaseURL.String(), mostPrinted
	if len(chapters) <= mostPrinted {
		if view.Long, err = f.filled(ctx, actor, chapters, view.Whole || len(chapters) > 1); err != nil {
			return err
		}
	}
	if view.Chapters = chapters; len(chapters) > mostPrinted || view.Long {
		view.Long, view.Chapters, view.Parts = true, nil, partsOf(chapters, view.Whole)
	}
	page, err := f.web.Page(c, "knowledge", view.Title)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.PrintPage(page, view))
}

// partsOf are those that a document which is too long is printed in: of a collection what is at its top, of an article what stands right
// under it.
func partsOf(chapters []views.Chapter, whole bool) (nodes []models.ArticleNode) {
	level := 2
	if whole {
		level = 1
	}
	for i := range chapters {
		if chapters[i].Level == level && len(nodes) < mostPrinted {
			nodes = append(nodes, chapters[i].Node)
		}
	}
	return nodes
}

// chapters are articles and all that stands under them, in the order of the tree; one more than a document takes where they are more.
func (f *Knowledge) chapters(ctx context.Context, actor *models.Actor, collectionID int64, tops []models.ArticleNode) (chapters []views.Chapter, err error) {
	under := map[int64][]models.ArticleNode{}
	count := len(tops)
	for level, depth := tops, 1; len(level) > 0 && depth < models.MostLevels && count <= mostPrinted; depth++ {
		var parents []int64
		for i := range level {
			if level[i].Parent {
				parents = append(parents, level[i].ID)
			}
		}
		if len(parents) == 0 {
			break
		}
		if level, err = f.db.ArticlesUnderThese(ctx, actor, collectionID, parents, mostPrinted+1); err != nil {
			return nil, err
		}
		for _, node := range level {
			under[node.ParentID] = append(under[node.ParentID], node)
		}
		count += len(level)
	}
	var lay func(nodes []models.ArticleNode, level int, number string)
	lay = func(nodes []models.ArticleNode, level int, number string) {
		for i := range nodes {
			own := number + strconv.Itoa(i+1)
			chapters = append(chapters, views.Chapter{Node: nodes[i], Level: level, Number: own})
			lay(under[nodes[i].ID], level+1, own+".")
		}
	}
	lay(tops, 1, "")
	return chapters, nil
}

// filled gives the chapters their texts, and tells whether they are too long for one document. Where chapters have headings of their own,
// those of their texts stand below them.
func (f *Knowledge) filled(ctx context.Context, actor *models.Actor, chapters []views.Chapter, headed bool) (long bool, err error) {
	there, levels := map[int64]bool{}, byte(0)
	if headed {
		levels = 1
	}
	for i := range chapters {
		there[chapters[i].Node.ID] = true
	}
	bytes := 0
	for some := range slices.Chunk(chapters, printedBatch) {
		ids := make([]int64, len(some))
		for i := range some {
			ids[i] = some[i].Node.ID
		}
		articles, err := f.db.PrintedArticles(ctx, actor, ids)
		if err != nil {
			return false, err
		}
		for i := range articles {
			article := &articles[i]
			if bytes += len(article.HTML); bytes > mostPrintedBytes && len(chapters) > 1 { // one can always be printed
				return true, nil
			}
			at := slices.Index(ids, article.ID)
			some[at].Article = article
			some[at].HTML = text.Bound(article.HTML, views.PlaceOf(article.ID), levels, func(href string) string { return f.onPaper(article.ID, href, there) })
		}
	}
	return false, nil
}

// printedArticle is the address of an article, with a place in it.
var printedArticle = regexp.MustCompile(`^/articles/([1-9][0-9]{0,17})(?:-[^/?#]*)?(?:#(.*))?$`)

// onPaper is what an address in an article is in a document: a place of the document where it leads to one, otherwise that of the house.
func (f *Knowledge) onPaper(from int64, href string, there map[int64]bool) string {
	local, base := href, f.web.BaseURL.String()
	if path, own := strings.CutPrefix(href, base); own && strings.HasPrefix(path, "/") {
		local = path
	}
	if place, own := strings.CutPrefix(local, "#"); own {
		return "#" + views.PlaceOf(from) + place
	}
	if !strings.HasPrefix(local, "/") || strings.HasPrefix(local, "//") {
		return href
	}
	if found := printedArticle.FindStringSubmatch(local); found != nil {
		id, _ := strconv.ParseInt(found[1], 10, 64) // 18 digits always fit
		if there[id] {
			return "#" + views.PlaceOf(id) + found[2]
		}
	}
	return base + local
}
