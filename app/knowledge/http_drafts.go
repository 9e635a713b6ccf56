package knowledge

import (
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

func (f *Knowledge) draftRoutes(g *echo.Group) {
	g.GET("/articles/drafts", f.drafts, web.RequireSignIn)
	g.GET("/articles/drafts/:id", f.showDraft, web.RequireSignIn)
	g.GET("/articles/drafts/:id/edit", f.editDraft, web.RequireSignIn)
	g.POST("/articles/drafts/:id", f.saveDraft, web.RequireSignIn)
	g.POST("/articles/drafts/:id/review", f.sendDraft, web.RequireSignIn)
	g.POST("/articles/drafts/:id/review/end", f.takeDraft, web.RequireSignIn)
	g.POST("/articles/drafts/:id/verdict", f.reviewDraft, web.RequireSignIn)
	g.POST("/articles/drafts/:id/publication", f.publishDraft, web.RequireSignIn)
	g.POST("/articles/drafts/:id/removal", f.dropDraft, web.RequireSignIn)
	g.POST("/articles/drafts/:id/restoration", f.dropDraft, web.RequireSignIn)
}

// kept answers a form that was kept as a draft.
func (f *Knowledge) kept(c echo.Context, form string, draft *models.ArticleDraft) error {
	return f.writing.Taken(c, form, "knowledge.toast.draft_kept", draft.Path())
}

// drafts lists what waits for the reader's review, what they have kept themselves, or what is sent in a space that they arrange.
func (f *Knowledge) drafts(c echo.Context) error {
	actor := web.Actor(c)
	view := views.Drafts{Space: c.QueryParam("space"), Mine: c.QueryParam("show") == "mine"}
	query := models.DraftQuery{Review: !view.Mine, Limit: perQueue + 1}
	if view.Space != "" {
		access := deskNamed(actor, view.Space)
		if access == nil {
			return models.ErrNotFound
		}
		if err := actor.Refusal(models.ArrangeCollections, &models.Space{ID: access.ID}); err != nil {
			return err
		}
		query.SpaceID = access.ID
	}
	var err error
	if view.Spaces, err = f.desks(c.Request().Context(), actor); err != nil {
		return err
	}
	if query.Before, err = web.Before(c); err != nil {
		return err
	}
	if view.Drafts, err = f.db.ArticleDrafts(c.Request().Context(), actor, query); err != nil {
		return err
	}
	if len(view.Drafts) > perQueue {
		view.Drafts = view.Drafts[:perQueue]
		values := url.Values{"space": {view.Space}, "show": slot(view.Mine, "mine"), "before": {strconv.FormatInt(view.Drafts[perQueue-1].ID, 10)}}
		view.Next = listURL("/articles/drafts", values)
	}
	for i := range view.Drafts {
		view.Drafts[i].AuthorPicture = actor.Face(view.Drafts[i].AuthorPicture)
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("review.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.DraftsPage(page, view))
}

// slot is a value of an address that is only there if it holds.
func slot(holds bool, value string) []string {
	if holds {
		return []string{value}
	}
	return nil
}

func (f *Knowledge) showDraft(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	return f.draftPage(c, http.StatusOK, id, views.Draft{})
}

// draftPage shows a draft with what is said of it; of one that is published the article.
func (f *Knowledge) draftPage(c echo.Context, status int, id int64, view views.Draft) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	draft, err := f.db.ArticleDraft(ctx, actor, id)
	if err != nil {
		return err
	}
	if draft.State == models.DraftPublished {
		article, err := f.db.Article(ctx, actor, *draft.ArticleID)
		if err != nil {
			return err
		}
		return web.Redirect(c, article.Path())
	}
	view.Draft, view.Space = draft, *actor.Access(draft.SpaceID)
	if view.Collection, err = f.db.Collection(ctx, actor, draft.CollectionID); err != nil {
		return err
	}
	if err := f.changesOf(ctx, actor, &view); err != nil {
		return err
	}
	if err := f.reviewsOf(ctx, actor, &view); err != nil {
		return err
	}
	if view.Passages, err = f.beside(ctx, actor, models.PassagePlace{Draft: draft}); err != nil {
		return err
	}
	author, err := f.db.DraftAuthor(ctx, draft)
	if err != nil {
		return err
	}
	view.Author = parts.Named{ID: draft.AuthorID, Name: author.Name, Role: author.Role, Picture: actor.Face(author.Picture)}
	page, err := f.web.Page(c, "knowledge", draft.Title)
	if err != nil {
		return err
	}
	return web.Render(c, status, views.DraftPage(page, view))
}

// changesOf finds what a draft changes in its article, and whether that has changed meanwhile.
func (f *Knowledge) changesOf(ctx context.Context, actor *models.Actor, view *views.Draft) (err error) {
	draft := view.Draft
	if draft.ArticleID == nil {
		return nil
	}
	if view.Article, err = f.db.Article(ctx, actor, *draft.ArticleID); err != nil {
		return err
	}
	began, err := f.db.ArticleVersion(ctx, view.Article.ID, draft.BaseVersion)
	if err != nil {
		return err
	}
	view.Title, view.Body = writing.Changes(text.Diff(began.Title, draft.Title)), writing.Changes(text.Diff(began.Body, draft.Body))
	view.Tags = writing.Changes(text.Diff(strings.Join(began.Tags, ", "), strings.Join(draft.Tags, ", ")))
	return nil
}

// reviewsOf finds who is asked to review a draft and could be, and what the actor may do with it.
func (f *Knowledge) reviewsOf(ctx context.Context, actor *models.Actor, view *views.Draft) (err error) {
	draft, space := view.Draft, &models.Space{ID: view.Draft.SpaceID}
	if view.Asked, view.Proposed, err = f.db.Reviewers(ctx, draft); err != nil {
		return err
	}
	reviews := make([]models.ArticleReview, len(view.Asked))
	open, mine := draft.State == models.DraftOpen, draft.AuthorID == actor.ID
	for i := range view.Asked {
		card := &view.Asked[i]
		card.Picture = actor.Face(card.Picture)
		reviews[i] = card.ArticleReview
		view.May.Review = view.May.Review || open && draft.SentAt != nil && card.ReviewerID == actor.ID && card.Able
	}
	for i := range view.Proposed {
		view.Proposed[i].Picture = actor.Face(view.Proposed[i].Picture)
	}
	view.May.Edit = open && mine && actor.Can(models.WriteArticle, space)
	view.May.Send = open && (view.May.Edit || draft.SentAt != nil && actor.Can(models.ArrangeCollections, space))
	view.May.TakeBack = view.May.Edit && draft.SentAt != nil
	view.May.Publish = open && (view.Article == nil || view.Article.State == models.Published) && actor.MayPublish(draft, view.Collection.Reviewed, reviews) == nil
	view.May.Drop, view.May.Restore = open && mine, mine && draft.State == models.DraftDropped
	return nil
}

// editDraft shows the form for another text of a draft, with what was begun and kept. Where what was saved of the article meanwhile does
// not go together with it, that stands above the form, and saving it is a decision.
func (f *Knowledge) editDraft(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	draft, err := f.draftToEdit(c)
	if err != nil {
		return err
	}
	view := views.Write{Kept: draft, Title: draft.Title, Body: draft.Body, Tags: strings.Join(draft.Tags, ", "), Note: draft.Note, Base: draft.Version}
	begun, err := f.db.Draft(ctx, actor.ID, keptForm(draft.ID))
	if err != nil {
		return err
	}
	if begun != nil {
		view.Title, view.Body, view.Tags, view.Note = begun.Fields["title"], begun.Fields["body"], begun.Fields["tags"], begun.Fields["note"]
		if base, err := strconv.Atoi(begun.Fields["base"]); err == nil {
			view.Base = base
		}
		view.Draft.SavedAt = &begun.SavedAt
	}
	if draft.ArticleID != nil {
		_, err := f.together(ctx, actor, EditArticle{ID: *draft.ArticleID, Base: draft.BaseVersion, Title: draft.Title, Body: draft.Body, Tags: draft.Tags})
		if err := f.apart(ctx, actor, &view, err); err != nil {
			return err
		}
	}
	return f.keptPage(c, http.StatusOK, view)
}

// apart puts above the form of a draft what others have saved of its article, if it conflicts with the draft.
func (f *Knowledge) apart(ctx context.Context, actor *models.Actor, view *views.Write, conflict error) error {
	draft := view.Kept
	if conflict != nil && !errors.Is(conflict, models.ErrConflict) {
		return conflict
	}
	now, err := f.db.Article(ctx, actor, *draft.ArticleID)
	if err != nil || conflict == nil || now.Version == draft.BaseVersion {
		return err
	}
	view.Onto = now.Version
	began, err := f.db.ArticleVersion(ctx, now.ID, draft.BaseVersion)
	if err != nil {
		return err
	}
	cards, err := f.db.ArticleVersions(ctx, now.ID, now.Version+1, 1)
	if err == nil && len(cards) > 0 {
		view.Conflict = &views.Conflict{Version: cards[0], Title: writing.Changes(text.Diff(began.Title, now.Title)), Body: writing.Changes(text.Diff(began.Body, now.Body)), Tags: writing.Changes(text.Diff(strings.Join(began.Tags, ", "), strings.Join(now.Tags, ", ")))}
	}
	return err
}

// draftToEdit finds the open draft that the address names, if it is the actor's.
func (f *Knowledge) draftToEdit(c echo.Context) (*models.ArticleDraft, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	draft, err := f.db.ArticleDraft(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return nil, err
	}
	if err := authors(web.Actor(c), draft); err != nil {
		return nil, err
	}
	if draft.State != models.DraftOpen {
		return nil, models.ErrConflict
	}
	return draft, nil
}

func (f *Knowledge) keptPage(c echo.Context, status int, view views.Write) (err error) {
	actor := web.Actor(c)
	if view.Collection, err = f.db.Collection(c.Request().Context(), actor, view.Kept.CollectionID); err != nil {
		return err
	}
	view.Space, view.Draft.Form, view.Person = *actor.Access(view.Kept.SpaceID), keptForm(view.Kept.ID), actor.ID
	return f.writePage(c, status, "review.edit", view)
}

// saveDraft takes another text of a draft from its form.
func (f *Knowledge) saveDraft(c echo.Context) error {
	draft, err := f.draftToEdit(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view := written(c)
	view.Kept = draft
	view.Onto, _ = strconv.Atoi(c.FormValue("onto")) // anything else is no version
	again := func(status int) error { return f.keptPage(c, status, view) }
	if c.FormValue("preview") != "" {
		return f.preview(c, view, again, func(v views.Write) { view = v })
	}
	in := EditArticle{ID: draft.ID, Base: view.Base, Title: view.Title, Body: view.Body, Tags: []string{view.Tags}, Note: view.Note}
	saved, err := f.EditDraft(c.Request().Context(), web.Actor(c), in, view.Onto)
	if errors.As(err, &view.Problems) {
		return again(http.StatusUnprocessableEntity)
	}
	if errors.Is(err, models.ErrConflict) && draft.Version != view.Base { // in another window
		view.Overtaken = &views.Conflict{Title: writing.Changes(text.Diff(view.Title, draft.Title)), Body: writing.Changes(text.Diff(view.Body, draft.Body)), Tags: writing.Changes(text.Diff(view.Tags, strings.Join(draft.Tags, ", ")))}
		view.Base = draft.Version
		return again(http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return f.kept(c, keptForm(draft.ID), saved)
}

func (f *Knowledge) sendDraft(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	var people []int64
	for _, value := range c.Request().PostForm["reviewer"] {
		person, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return models.Invalid{"reviewers": "review.reviewer_unknown"}
		}
		people = append(people, person)
	}
	view := views.Draft{Reviewers: c.FormValue("reviewers")}
	_, err = f.Send(c.Request().Context(), web.Actor(c), id, people, view.Reviewers)
	if errors.As(err, &view.Problems) {
		return f.draftPage(c, http.StatusUnprocessableEntity, id, view)
	}
	if err != nil {
		return err
	}
	return f.done(c, models.ArticleDraftPath(id), "draft_sent", "")
}

func (f *Knowledge) takeDraft(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	draft, err := f.EndReview(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.done(c, draft.Path(), "draft_taken", "")
}

func (f *Knowledge) reviewDraft(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	version, _ := strconv.Atoi(c.FormValue("version")) // what is no number is no version that the draft has
	view := views.Draft{Word: c.FormValue("word")}
	_, err = f.Review(c.Request().Context(), web.Actor(c), id, version, models.Verdict(c.FormValue("verdict")), view.Word)
	if errors.As(err, &view.Problems) {
		return f.draftPage(c, http.StatusUnprocessableEntity, id, view)
	}
	if err != nil {
		return err
	}
	return f.done(c, models.ArticleDraftPath(id), "draft_reviewed", "")
}

// publishDraft publishes a draft. Where it does not go together with what was saved of the article meanwhile, its page says so.
func (f *Knowledge) publishDraft(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	version, _ := strconv.Atoi(c.FormValue("version"))
	article, merged, err := f.Publish(ctx, actor, id, version)
	view := views.Draft{}
	if errors.As(err, &view.Problems) {
		return f.draftPage(c, http.StatusUnprocessableEntity, id, view)
	}
	if errors.Is(err, models.ErrConflict) {
		view.Conflict = true
		return f.draftPage(c, http.StatusConflict, id, view)
	}
	if err != nil {
		return err
	}
	toast := "written"
	if merged {
		toast = "merged"
	}
	return f.done(c, article.Path(), toast, "")
}

// dropDraft throws a draft away, or brings it back.
func (f *Knowledge) dropDraft(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	dropped := strings.HasSuffix(c.Path(), "/removal")
	draft, err := f.Drop(c.Request().Context(), web.Actor(c), id, dropped)
	if err != nil {
		return err
	}
	if dropped {
		return f.done(c, "/articles/drafts?show=mine", "draft_dropped", draft.Path()+"/restoration")
	}
	return f.done(c, draft.Path(), "draft_restored", "")
}
