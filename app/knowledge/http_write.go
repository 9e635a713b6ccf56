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

// newForm is the name of the form for a new article, whose draft is kept.
const newForm = "article/new"

// editForm is the name of the form for a new text of an article.
func editForm(id int64) string { return "article/" + strconv.FormatInt(id, 10) }

// collectionsOffered is how many collections are offered where none is named.
const collectionsOffered = 500

// optional reads a number that may be missing; anything else finds nothing.
func optional(value string) (int64, error) {
	if value == "" || value == "0" {
		return 0, nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 {
		return 0, models.ErrNotFound
	}
	return n, nil
}

// blank shows the form for a new article, with what was begun and kept.
func (f *Knowledge) blank(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.Write{Title: c.QueryParam("title")}
	from, err := origin(c.QueryParam)
	if err != nil {
		return err
	}
	if from != (models.About{}) {
		if err := f.beginFrom(ctx, actor, from, &view); err != nil {
			return err
		}
		return f.newPage(c, http.StatusOK, view, c.QueryParam("collection"), c.QueryParam("under"))
	}
	draft, err := f.db.Draft(ctx, actor.ID, newForm)
	if err != nil {
		return err
	}
	if draft != nil {
		view.Title, view.Body, view.Tags, view.Draft.SavedAt = cmp.Or(draft.Fields["title"], view.Title), draft.Fields["body"], draft.Fields["tags"], &draft.SavedAt
	}
	return f.newPage(c, http.StatusOK, view, c.QueryParam("collection"), c.QueryParam("under"))
}

// newPage shows the form for a new article in a collection, or under another article.
func (f *Knowledge) newPage(c echo.Context, status int, view views.Write, collection, under string) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view.Once, view.Person = cmp.Or(view.Once, writing.NewOnce()), actor.ID
	if view.From == (models.About{}) { // what is begun from a thread or an idea can be begun from there again
		view.Draft.Form = newForm
	}
	collectionID, err := optional(collection)
	if err != nil {
		return err
	}
	parentID, err := optional(under)
	if err != nil {
		return err
	}
	if parentID != 0 {
		if view.Parent, err = f.db.Article(ctx, actor, parentID); err != nil {
			return err
		}
		collectionID = view.Parent.CollectionID
	}
	if collectionID != 0 {
		if view.Collection, err = f.db.Collection(ctx, actor, collectionID); err != nil {
			return err
		}
		view.Space = *actor.Access(view.Collection.SpaceID)
		if err := actor.Refusal(models.WriteArticle, &models.Space{ID: view.Space.ID}); err != nil {
			return err
		}
		view.Reviewed = publishes(actor, view.Collection) != nil
	} else if !actor.WritesArticles() {
		return models.ErrForbidden
	} else if view.Shelves, err = f.writable(ctx, actor); err != nil {
		return err
	}
	if c.Request().Method == http.MethodGet {
		if err := f.begin(c, &view); err != nil {
			return err
		}
	}
	if len(arranged(actor)) > 0 {
		view.ShelveURL = "/collections/new"
	}
	return f.writePage(c, status, "knowledge.new", view)
}

// writable are the collections in which the actor may write, by space.
func (f *Knowledge) writable(ctx context.Context, actor *models.Actor) (open []views.Shelf, err error) {
	collections, _, err := f.db.Collections(ctx, actor, 0, nil, collectionsOffered)
	for _, shelf := range shelves(actor, collections) {
		if !actor.Can(models.WriteArticle, &models.Space{ID: shelf.Space.ID}) {
			continue
		}
		kept := shelf.Collections[:0]
		for _, collection := range shelf.Collections {
			if collection.ArchivedAt == nil {
				kept = append(kept, collection)
			}
		}
		if shelf.Collections = kept; len(kept) > 0 {
			open = append(open, shelf)
		}
	}
	return open, err
}

func (f *Knowledge) writePage(c echo.Context, status int, title string, view views.Write) error {
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T(title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Form(page, view))
}

// written is what the form of an article says.
func written(c echo.Context) views.Write {
	view := views.Write{
		Title: c.FormValue("title"), Body: c.FormValue("body"), Tags: c.FormValue("tags"), Note: c.FormValue("note"), Once: c.FormValue("once"),
		Draft: parts.Draft{Returned: true},
	}
	view.Base, _ = strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	return view
}

// write takes a new article from its form.
func (f *Knowledge) write(c echo.Context) error {
	if err := web.ParseForm(c); err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	view, collection, parent := written(c), c.FormValue("collection"), c.FormValue("parent")
	again := func(status int) error { return f.newPage(c, status, view, collection, parent) }
	var err error
	if view.From, err = origin(c.FormValue); err != nil {
		return err
	}
	if view.From != (models.About{}) {
		if view.FromPlace, err = f.db.Place(ctx, actor, view.From); err != nil {
			return err
		}
	}
	in := NewArticle{Title: view.Title, Body: view.Body, Tags: []string{view.Tags}, Note: view.Note, From: view.From, Once: view.Once}
	if in.Collection, err = optional(collection); err != nil {
		return err
	}
	if in.Parent, err = optional(parent); err != nil {
		return err
	}
	if in.Collection == 0 {
		view.Problems = models.Invalid{"collection": "knowledge.collection_missing"}
		return again(http.StatusUnprocessableEntity)
	}
	if c.FormValue("preview") != "" {
		return f.preview(c, view, again, func(v views.Write) { view = v })
	}
	if c.FormValue("draft") != "" {
		draft, err := f.KeepNew(ctx, actor, in)
		if errors.As(err, &view.Problems) {
			return again(http.StatusUnprocessableEntity)
		}
		if err != nil {
			return err
		}
		return f.kept(c, newForm, draft)
	}
	article, err := f.Write(ctx, actor, in)
	if errors.As(err, &view.Problems) {
		return again(http.StatusUnprocessableEntity)
	}
	if errors.Is(err, models.ErrConflict) {
		answer, found := f.db.Answer(ctx, actor.ID, writing.OnceKey(view.Once))
		if found != nil {
			return err
		}
		view.Sent, view.Once = "/articles/"+url.PathEscape(answer.Result), writing.NewOnce()
		return again(http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return f.writing.Taken(c, newForm, "knowledge.toast.written", article.Path())
}

// preview shows a text as it would be published, or what keeps it from that.
func (f *Knowledge) preview(c echo.Context, view views.Write, again func(int) error, set func(views.Write)) error {
	made, _, err := f.compose(c.Request().Context(), web.Actor(c), view.Title, view.Body, []string{view.Tags}, view.Note)
	if errors.As(err, &view.Problems) {
		set(view)
		return again(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	view.Preview, view.Lang = made.HTML, made.Lang
	set(view)
	return again(http.StatusOK)
}

// articleToEdit finds the article that the address names, if the actor may write in it.
func (f *Knowledge) articleToEdit(c echo.Context) (*models.Article, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	article, err := f.db.Article(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return nil, err
	}
	return article, web.Actor(c).Refusal(models.WriteArticle, &models.Space{ID: article.SpaceID})
}

// edit shows the form for a new text of an article, with what was begun and kept.
func (f *Knowledge) edit(c echo.Context) error {
	article, err := f.articleToEdit(c)
	if err != nil {
		return err
	}
	view := views.Write{Article: article, Title: article.Title, Body: article.Body, Tags: strings.Join(article.Tags, ", "), Base: article.Version}
	draft, err := f.db.Draft(c.Request().Context(), web.Actor(c).ID, editForm(article.ID))
	if err != nil {
		return err
	}
	if draft != nil {
		view.Title, view.Body, view.Tags, view.Note = draft.Fields["title"], draft.Fields["body"], draft.Fields["tags"], draft.Fields["note"]
		if base, err := strconv.Atoi(draft.Fields["base"]); err == nil {
			view.Base = base
		}
		view.Draft.SavedAt = &draft.SavedAt
	}
	return f.editPage(c, http.StatusOK, view)
}

func (f *Knowledge) editPage(c echo.Context, status int, view views.Write) (err error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	at := f.web.Live.At() // before the rest is read, so that nothing is missed that happens meanwhile
	if view.Collection, err = f.db.Collection(ctx, actor, view.Article.CollectionID); err != nil {
		return err
	}
	latest, err := f.db.ArticleVersions(ctx, view.Article.ID, 0, 1)
	if err != nil {
		return err
	}
	if len(latest) > 0 {
		view.Latest = &latest[0]
	}
	view.Live = &parts.LiveRoom{Room: models.Room{Kind: "article", ID: view.Article.ID}, At: at, Writes: !actor.Unseen}
	view.Reviewed = publishes(actor, view.Collection) != nil
	view.Space, view.Draft.Form, view.Person = *actor.Access(view.Article.SpaceID), editForm(view.Article.ID), actor.ID
	return f.writePage(c, status, "knowledge.edit", view)
}

// save takes a new text of an article from its form.
func (f *Knowledge) save(c echo.Context) error {
	article, err := f.articleToEdit(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view := written(c)
	view.Article = article
	again := func(status int) error { return f.editPage(c, status, view) }
	if c.FormValue("preview") != "" {
		return f.preview(c, view, again, func(v views.Write) { view = v })
	}
	in := EditArticle{ID: article.ID, Base: view.Base, Title: view.Title, Body: view.Body, Tags: []string{view.Tags}, Note: view.Note}
	if c.FormValue("draft") != "" {
		draft, err := f.KeepChange(c.Request().Context(), web.Actor(c), in)
		if errors.As(err, &view.Problems) {
			return again(http.StatusUnprocessableEntity)
		}
		if err != nil {
			return err
		}
		return f.kept(c, editForm(article.ID), draft)
	}
	edited, merged, err := f.Edit(c.Request().Context(), web.Actor(c), in)
	if errors.As(err, &view.Problems) {
		return again(http.StatusUnprocessableEntity)
	}
	if errors.Is(err, models.ErrConflict) {
		return f.overtaken(c, view, err)
	}
	if err != nil {
		return err
	}
	toast := "knowledge.toast.edited"
	if merged {
		toast = "knowledge.toast.merged"
	}
	return f.writing.Taken(c, editForm(article.ID), toast, edited.Path())
}

// overtaken shows the form of an edit once more, with what others have saved meanwhile. What was written is in it; saving it again is
// then a decision. The conflict stands if there is another reason for it.
func (f *Knowledge) overtaken(c echo.Context, view views.Write, conflict error) error {
	ctx := c.Request().Context()
	now, err := f.db.Article(ctx, web.Actor(c), view.Article.ID)
	if err != nil {
		return err
	}
	if now.State != models.Published || now.Version == view.Base {
		return conflict
	}
	began, err := f.db.ArticleVersion(ctx, now.ID, view.Base)
	if errors.Is(err, models.ErrNotFound) {
		began, err = &models.ArticleVersion{Title: now.Title, Body: now.Body, Tags: now.Tags}, nil // nothing then stands out as changed
	}
	if err != nil {
		return err
	}
	cards, err := f.db.ArticleVersions(ctx, now.ID, now.Version+1, 1)
	if err != nil || len(cards) == 0 {
		return cmp.Or(err, conflict)
	}
	view.Article, view.Base = now, now.Version
	view.Conflict = &views.Conflict{Version: cards[0], Title: writing.Changes(text.Diff(began.Title, now.Title)), Body: writing.Changes(text.Diff(began.Body, now.Body)), Tags: writing.Changes(text.Diff(strings.Join(began.Tags, ", "), strings.Join(now.Tags, ", ")))}
	return f.editPage(c, http.StatusConflict, view)
}
