package knowledge

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/knowledge"
)

// perQueue is how many articles a page lists that want looking after.
const perQueue = 30

// trustForm shows who answers for an article and how far it is verified, to those who may change it.
func (f *Knowledge) trustForm(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	return f.trustPage(c, http.StatusOK, id, typedTrust{}, nil)
}

// typedTrust is what was typed into the forms, nil for what was not.
type typedTrust struct {
	owner  *string
	source *models.Article
}

// trustPage shows the forms again with what was typed where something in them was wrong.
func (f *Knowledge) trustPage(c echo.Context, status int, id int64, typed typedTrust, problems models.Invalid) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	article, err := f.db.Article(ctx, actor, id)
	if err != nil {
		return err
	}
	if err := actor.MayTrust(article); err != nil {
		return err
	}
	view := views.Trust{Article: article, Space: *actor.Access(article.SpaceID), Problems: problems}
	if view.Trust, err = f.trust(ctx, actor, article); err != nil {
		return err
	}
	if last := view.Trust.Verified; last != nil {
		view.TakesBack = last.VerifiedBy == actor.ID || actor.Can(models.ArrangeCollections, &models.Space{ID: article.SpaceID})
	}
	view.Source, view.SourceURL = article.Source, article.SourceURL
	if typed.source != nil {
		view.Source, view.SourceURL = typed.source.Source, typed.source.SourceURL
	}
	if typed.owner != nil {
		view.Owner = *typed.owner
	} else if view.Trust.OwnerID != 0 {
		owner, err := f.db.ActorByID(ctx, view.Trust.OwnerID)
		if err != nil {
			return err
		}
		view.Owner = owner.Email
	}
	if view.Groups, err = f.db.OwnerGroups(ctx, actor, article); err != nil {
		return err
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("knowledge.trust"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.TrustPage(page, view))
}

func (f *Knowledge) own(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	typed := c.FormValue("owner")
	article, err := f.give(c, id, typed)
	if problems := (models.Invalid{}); errors.As(err, &problems) {
		return f.trustPage(c, http.StatusUnprocessableEntity, id, typedTrust{owner: &typed}, problems)
	}
	if err != nil {
		return err
	}
	undo := ""
	if article.GivenBy != nil {
		undo = base(id) + "/owner/undo"
	}
	return f.done(c, article.Path(), "owner_saved", undo)
}

// give makes the group that a form names answer for an article, or the person.
func (f *Knowledge) give(c echo.Context, id int64, address string) (*models.Article, error) {
	ctx, actor, text := c.Request().Context(), web.Actor(c), c.FormValue("group")
	if text == "" {
		return f.Own(ctx, actor, id, address)
	}
	group, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		group = 0 // which is none
	}
	if group <= 0 {
		return nil, models.Invalid{"group": "knowledge.group_unknown"}
	}
	return f.GiveToGroup(ctx, actor, id, group)
}

// disown gives an article to whom it was before.
func (f *Knowledge) disown(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	article, err := f.TakeBackOwner(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.done(c, article.Path(), "owner_back", "")
}

// source says where what an article says comes from.
func (f *Knowledge) source(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	typed := &models.Article{Source: c.FormValue("source"), SourceURL: c.FormValue("source_url")}
	article, before, err := f.Source(c.Request().Context(), web.Actor(c), id, typed.Source, typed.SourceURL)
	if problems := (models.Invalid{}); errors.As(err, &problems) {
		return f.trustPage(c, http.StatusUnprocessableEntity, id, typedTrust{source: typed}, problems)
	}
	if err != nil {
		return err
	}
	undo := url.Values{"source": {before.Source}, "source_url": {before.SourceURL}}
	return f.done(c, article.Path(), "source_saved", base(id)+"/source?"+undo.Encode())
}

func (f *Knowledge) verify(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	version, _ := strconv.Atoi(c.FormValue("version")) // what is no number is no version that the article has
	months, _ := strconv.Atoi(c.FormValue("months"))
	article, err := f.Verify(c.Request().Context(), web.Actor(c), id, version, months, web.Zone(c))
	if problems := (models.Invalid{}); errors.As(err, &problems) {
		return f.trustPage(c, http.StatusUnprocessableEntity, id, typedTrust{}, problems)
	}
	if err != nil {
		return err
	}
	path := article.Path()
	if c.FormValue("from") == "queue" {
		path = listURL("/articles/trust", url.Values{"space": {c.FormValue("space")}})
	}
	return f.done(c, path, "verified", base(id)+"/verification/undo")
}

func (f *Knowledge) unverify(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	article, err := f.Unverify(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.done(c, article.Path(), "unverified", "")
}

// trustQueue lists the articles that want looking after: the reader's own, or those of a space whose collections they arrange. A reminder
// leads whoever has none of their own on to such a space.
func (f *Knowledge) trustQueue(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.TrustQueue{Space: c.QueryParam("space")}
	view.Show = views.ShowOf(c.QueryParam("show"), view.Space != "")
	query, key, err := trustQuery(actor, view.Space, view.Show, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	if view.Spaces, err = f.desks(ctx, actor); err != nil {
		return err
	}
	switch view.Show {
	case views.ShowUnlinked:
		err = f.unlinked(ctx, actor, query.SpaceID, key, &view)
	case views.ShowDead:
		err = f.dead(ctx, actor, query.SpaceID, key, &view)
	default:
		err = f.queued(ctx, actor, query, &view)
	}
	if err != nil {
		return err
	}
	if c.QueryParam("reminded") != "" && view.Space == "" && len(view.Articles) == 0 { // of what nobody answers for
		id, err := f.db.DueSpace(ctx, actor)
		if err != nil {
			return err
		}
		if id != 0 {
			return web.Redirect(c, listURL("/articles/trust", url.Values{"space": {deskSlug(actor.Access(id))}}))
		}
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("knowledge.queue"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.TrustQueuePage(page, view))
}

// queued fills the page with articles whose verification ends, that are doubted, or without an owner.
func (f *Knowledge) queued(ctx context.Context, actor *models.Actor, query models.TrustQuery, view *views.TrustQueue) (err error) {
	query.Limit = perQueue + 1
	if view.Articles, err = f.db.TrustQueue(ctx, actor, query); err != nil {
		return err
	}
	if len(view.Articles) > perQueue {
		view.Articles = view.Articles[:perQueue]
		view.Next = reportURL(view, trustKey(&view.Articles[perQueue-1]))
	}
	return nil
}

// trustQuery asks for the articles that want looking after for a reason, from a key on: the actor's own, or those of the space with a slug
// whose collections they arrange.
func trustQuery(actor *models.Actor, slug string, show views.Show, cursor string) (query models.TrustQuery, key *models.ArticleNode, err error) {
	query.Ownerless, query.Doubted = show == views.ShowOwnerless, show == views.ShowDoubted
	if slug != "" {
		access := deskNamed(actor, slug)
		if access == nil {
			return query, nil, models.ErrNotFound
		}
		if err := actor.Refusal(models.ArrangeCollections, &models.Space{ID: access.ID}); err != nil {
			return query, nil, err
		}
		query.SpaceID = access.ID
	}
	if key, err = levelKey(cursor); err != nil || key == nil {
		return query, nil, err
	}
	query.After = &models.TrustCard{ID: key.ID}
	if show == views.ShowDue {
		at, err := moment(key)
		if err != nil {
			return query, nil, err
		}
		query.After.VerifiedUntil = &at
	}
	return query, key, nil
}

// trustKey is where the page after an article begins.
func trustKey(last *models.TrustCard) string {
	var at int64
	if last.VerifiedUntil != nil {
		at = last.VerifiedUntil.UnixMicro()
	}
	return reportKey(at, last.ID)
}
