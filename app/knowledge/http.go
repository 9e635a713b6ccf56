package knowledge

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/knowledge"
	"ruche/views/layout"
)

// Routes adds the feature's pages.
func (f *Knowledge) Routes(g *echo.Group) {
	g.GET("/robots.txt", f.robots)
	g.GET("/sitemap.xml", f.sitemap)
	g.GET("/sitemaps/collections", f.mapCollections)
	g.GET("/sitemaps/articles/:number", f.mapArticles)
	g.GET("/knowledge", f.index)
	g.GET("/collections/new", f.newCollection, web.RequireSignIn)
	g.POST("/collections", f.createCollection, web.RequireSignIn)
	g.GET("/collections/:id", f.collection)
	g.GET("/collections/:id/edit", f.editCollection, web.RequireSignIn)
	g.POST("/collections/:id", f.saveCollection, web.RequireSignIn)
	g.POST("/collections/:id/step", f.stepCollection, web.RequireSignIn)
	g.POST("/collections/:id/archive", f.archiveCollection, web.RequireSignIn)
	g.GET("/collections/:id/print", f.printCollection)
	g.GET("/articles/:id/print", f.printArticle)
	g.GET("/collections/:id/trash", f.trash, web.RequireSignIn)
	f.restrictionRoutes(g)
	g.POST("/collections/:id/review", f.reviewCollection, web.RequireSignIn)
	f.draftRoutes(g)
	f.versionRoutes(g)
	f.passageRoutes(g)
	f.templateRoutes(g)
	g.GET("/articles/new", f.blank, web.RequireSignIn)
	g.GET("/articles", f.tagged)
	g.POST("/articles", f.write, web.RequireSignIn)
	g.GET("/articles/trash", f.spaceTrash, web.RequireSignIn)
	g.GET("/articles/trust", f.trustQueue, web.RequireSignIn)
	g.GET("/articles/mine", f.mine, web.RequireSignIn)
	g.POST("/articles/mine/reading", f.keepReading, web.RequireSignIn)
	g.POST("/articles/mine/reading/clear", f.forgetReading, web.RequireSignIn)
	g.GET("/articles/:id", f.show)
	g.POST("/articles/:id/star", f.star, web.RequireSignIn)
	g.GET("/articles/:id/trust", f.trustForm, web.RequireSignIn)
	g.POST("/articles/:id/owner", f.own, web.RequireSignIn)
	g.POST("/articles/:id/owner/undo", f.disown, web.RequireSignIn)
	g.POST("/articles/:id/source", f.source, web.RequireSignIn)
	g.POST("/articles/:id/verification", f.verify, web.RequireSignIn)
	g.POST("/articles/:id/verification/undo", f.unverify, web.RequireSignIn)
	g.POST("/articles/:id/tasks", f.tick, web.RequireSignIn)
	g.POST("/articles/:id/help", f.rate, web.RequireSignIn)
	g.GET("/articles/:id/doubts", f.doubts, web.RequireSignIn)
	g.POST("/articles/:id/doubts", f.doubt, web.RequireSignIn)
	g.POST("/articles/:id/doubts/:doubt/withdrawal", f.takeBack, web.RequireSignIn)
	g.POST("/articles/:id/doubts/:doubt/answer", f.answerDoubt, web.RequireSignIn)
	g.POST("/articles/:id/doubts/:doubt/answer/undo", f.reopenDoubt, web.RequireSignIn)
	g.GET("/articles/:id/edit", f.edit, web.RequireSignIn)
	g.POST("/articles/:id", f.save, web.RequireSignIn)
	g.GET("/articles/:id/place", f.place, web.RequireSignIn)
	g.POST("/articles/:id/place", f.move, web.RequireSignIn)
	g.POST("/articles/:id/step", f.step, web.RequireSignIn)
	g.POST("/articles/:id/withdrawal", f.withdraw, web.RequireSignIn)
	g.POST("/articles/:id/restoration", f.restore, web.RequireSignIn)
	g.GET("/articles/:id/links", f.linked)
}

// Sizes of pages: collections of the list of all, articles of a level, versions.
const (
	perIndex    = 60
	perLevel    = 100
	perHistory  = 30
	latestShown = 8
	trashShown  = 30
)

func (f *Knowledge) index(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	after, err := models.ParseCollectionKey(c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	view := views.Index{Space: c.QueryParam("space"), Spaces: actor.Spaces, Tends: actor.WritesArticles()}
	var spaceID int64
	values := url.Values{}
	if view.Space != "" {
		access := actor.AccessTo(view.Space)
		if access == nil {
			return models.ErrNotFound
		}
		spaceID = access.ID
		values.Set("space", view.Space)
	}
	collections, next, err := f.db.Collections(ctx, actor, spaceID, after, perIndex)
	if err != nil {
		return err
	}
	view.Shelves = shelves(actor, collections)
	if after != nil {
		view.Start = listURL("/knowledge", values)
	}
	if next != nil {
		values.Set("cursor", next.String())
		view.Next = listURL("/knowledge", values)
	}
	if view.Latest, err = f.db.LatestArticles(ctx, actor, spaceID, latestShown); err != nil {
		return err
	}
	if err := f.atHand(ctx, actor, &view); err != nil {
		return err
	}
	if spaces := arranged(actor); len(spaces) > 0 && (spaceID == 0 || actor.Can(models.ArrangeCollections, &models.Space{ID: spaceID})) {
		view.NewURL = listURL("/collections/new", url.Values{"space": slices.Compact([]string{view.Space})})
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("knowledge.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.IndexPage(page, view))
}

// listURL is an address with what is given of its values.
func listURL(path string, values url.Values) string {
	for name, given := range values {
		if len(given) == 0 || given[0] == "" {
			values.Del(name)
		}
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// shelves gathers collections by the spaces that they are in, or that are around them.
func shelves(actor *models.Actor, collections []models.Collection) (shelves []views.Shelf) {
	for _, c := range collections {
		access := actor.Access(c.SpaceID)
		at := slices.IndexFunc(shelves, func(s views.Shelf) bool { return s.Space.Slug == access.Slug })
		if at < 0 {
			at, shelves = len(shelves), append(shelves, views.Shelf{Space: *access})
			shelves[at].Space.ID = cmp.Or(access.Within, access.ID)
		}
		shelves[at].Collections = append(shelves[at].Collections, c)
		shelves[at].Restricted = append(shelves[at].Restricted, access.Restricted())
	}
	return shelves
}

// arranged are the spaces whose collections the actor arranges.
func arranged(actor *models.Actor) (spaces []models.SpaceAccess) {
	for i := range actor.Spaces {
		if actor.Can(models.ArrangeCollections, &models.Space{ID: actor.Spaces[i].ID}) {
			spaces = append(spaces, actor.Spaces[i])
		}
	}
	return spaces
}

func rights(actor *models.Actor, spaceID int64) views.Rights {
	space := &models.Space{ID: spaceID}
	return views.Rights{Write: actor.Can(models.WriteArticle, space), Arrange: actor.Can(models.ArrangeCollections, space), Moderate: actor.Can(models.Moderate, space)}
}

// levelKey reads where a page of a level begins: the position and the id of the last article of the page before, as in "12345.67".
func levelKey(text string) (*models.ArticleNode, error) {
	if text == "" {
		return nil, nil
	}
	position, id, _ := strings.Cut(text, ".")
	node := &models.ArticleNode{}
	var err, wrong error
	node.Position, err = strconv.ParseInt(position, 10, 64)
	node.ID, wrong = strconv.ParseInt(id, 10, 64)
	if err != nil || wrong != nil {
		return nil, models.Invalid{"cursor": "lists.cursor_invalid"}
	}
	return node, nil
}

// moment is the time for which the position of a key stands. Nothing here is from before the years 2000 to 2200, or after, and databases
// do not know every time that a number can stand for.
func moment(key *models.ArticleNode) (time.Time, error) {
	at := time.UnixMicro(key.Position).UTC()
	if at.Year() < 2000 || at.Year() > 2200 {
		return at, models.Invalid{"cursor": "lists.cursor_invalid"}
	}
	return at, nil
}

// level finds a page of the articles right under another one, or with 0 at the top; next begins the page after it, empty at the end.
func (f *Knowledge) level(c echo.Context, collectionID, parentID int64) (nodes []models.ArticleNode, next string, err error) {
	after, err := levelKey(c.QueryParam("cursor"))
	if err != nil {
		return nil, "", err
	}
	nodes, err = f.db.ArticlesUnder(c.Request().Context(), collectionID, parentID, after, perLevel+1)
	if err == nil && len(nodes) > perLevel {
		nodes = nodes[:perLevel]
		last := &nodes[perLevel-1]
		next = strconv.FormatInt(last.Position, 10) + "." + strconv.FormatInt(last.ID, 10)
	}
	return nodes, next, err
}

// collectionOf finds the collection that the address names.
func (f *Knowledge) collectionOf(c echo.Context) (*models.Collection, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	return f.db.Collection(c.Request().Context(), web.Actor(c), id)
}

func (f *Knowledge) collection(c echo.Context) error {
	actor := web.Actor(c)
	collection, err := f.collectionOf(c)
	if err != nil {
		return err
	}
	if moved := elsewhere(c, "/collections/"+c.Param("id"), collection.Path()); moved != "" {
		return c.Redirect(http.StatusMovedPermanently, moved)
	}
	view := views.Collection{Collection: collection, Space: *actor.Access(collection.SpaceID), Rights: rights(actor, collection.SpaceID)}
	next := ""
	if view.Articles, next, err = f.level(c, collection.ID, 0); err != nil {
		return err
	}
	if next != "" {
		view.Next = collection.Path() + "?cursor=" + next
	}
	if c.QueryParam("cursor") != "" {
		view.Start = collection.Path()
	}
	page, err := f.web.Page(c, "knowledge", collection.Title)
	if err != nil {
		return err
	}
	page.Description = cmp.Or(collection.Description, collection.Title)
	if view.Space.Open() {
		address := listURL(collection.Path(), url.Values{"cursor": {c.QueryParam("cursor")}})
		page.Head = views.PublicHead(page, f.web.BaseURL.String()+address, "website")
	}
	return web.Render(c, http.StatusOK, views.CollectionPage(page, view))
}

// elsewhere is where a page is that was asked for at another address, empty at its own.
func elsewhere(c echo.Context, asked, path string) string {
	if asked == path {
		return ""
	}
	if query := c.QueryString(); query != "" {
		path += "?" + query
	}
	return path
}

func (f *Knowledge) show(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	at := f.web.Live.At() // before the rest is read, so that nothing is missed that happens meanwhile
	detail, err := f.db.ArticleDetail(ctx, actor, id)
	if err != nil {
		return err
	}
	if moved := elsewhere(c, "/articles/"+c.Param("id"), detail.Path()); moved != "" {
		return c.Redirect(http.StatusMovedPermanently, moved)
	}
	if err := f.read(ctx, actor, detail); err != nil {
		return err
	}
	view, err := f.present(ctx, actor, detail)
	if err != nil {
		return err
	}
	if err := f.related(ctx, actor, &view); err != nil {
		return err
	}
	if view.Reading, err = f.db.ArticleReading(ctx, actor, id); err != nil {
		return err
	}
	if err := f.noted(c, &detail.Article, view.Reading); err != nil {
		return err
	}
	if view.Talk, err = f.talk(c, detail, at); err != nil {
		return err
	}
	page, err := f.web.Page(c, "knowledge", detail.Title)
	if err != nil {
		return err
	}
	page.Description = cmp.Or(detail.Summary, detail.Title)
	if view.Space.Open() {
		page.Head = views.PublicHead(page, f.web.BaseURL.String()+detail.Path(), "article")
	}
	return web.Render(c, http.StatusOK, views.ArticlePage(page, view))
}

// done answers a form about an article: the page says what was done, and offers to take it back where undo is not empty.
func (f *Knowledge) done(c echo.Context, path, toast, undo string) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("knowledge.toast." + toast), UndoAction: undo})
	return web.Redirect(c, path)
}

func base(id int64) string { return "/articles/" + strconv.FormatInt(id, 10) }

func shelf(id int64) string { return "/collections/" + strconv.FormatInt(id, 10) }

// up reads whether a form wants something up or down.
func up(c echo.Context) (bool, error) {
	switch c.FormValue("to") {
	case "up":
		return true, nil
	case "down":
		return false, nil
	}
	return false, models.Invalid{"to": "knowledge.step_invalid"}
}
