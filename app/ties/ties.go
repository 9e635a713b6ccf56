// Package ties says which threads and ideas belong together, on the pages of both: each side tells of the other to those who may read
// that. How a thread becomes an idea is the matter of app/ideas, whose form it takes.
package ties

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/search"
	"ruche/views/layout"
	views "ruche/views/ties"
)

// Ties is the feature.
type Ties struct {
	web   *web.Web
	db    *models.DB
	index *search.Index
}

// New returns the feature.
func New(w *web.Web, index *search.Index) *Ties { return &Ties{w, w.DB, index} }

// Routes adds the feature's pages.
func (f *Ties) Routes(g *echo.Group) {
	g.GET("/threads/:id/ideas", f.ofThread, web.RequireSignIn)
	g.POST("/threads/:id/ideas", f.fromThread, web.RequireSignIn)
	g.POST("/threads/:id/ideas/:idea/removal", f.parted, web.RequireSignIn)
	g.GET("/ideas/:id/threads", f.ofIdea, web.RequireSignIn)
	g.POST("/ideas/:id/threads", f.fromIdea, web.RequireSignIn)
}

// Tie says that an idea and a thread belong together, or with tied false that they do not.
func (f *Ties) Tie(ctx context.Context, actor *models.Actor, ideaID, threadID int64, tied bool) error {
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		idea, thread, err := tx.LockTie(ideaID, threadID)
		if err != nil {
			return err
		}
		if !actor.MayTie(idea, thread) {
			return models.ErrForbidden
		}
		change, verb, other := tx.Untie, models.IdeaUntied, models.ThreadUntied
		if tied {
			verb, other = models.IdeaTied, models.ThreadTied
			change = func(int64, int64) (bool, error) { return tx.Tie(idea, thread, false) }
		}
		changed, err := change(idea.ID, thread.ID)
		if err != nil || !changed {
			return err
		}
		return record(tx, verb, other, idea, thread)
	})
	if err != nil {
		return fmt.Errorf("tie idea %d and thread %d: %w", ideaID, threadID, err)
	}
	return nil
}

// record notes on both what has changed between them.
func record(tx *models.Tx, verb, other string, idea *models.Idea, thread *models.Thread) error {
	one, err := tx.EventOf(tx.Actor().ID, verb, idea, models.About{Thread: thread.ID})
	if err != nil {
		return err
	}
	two, err := tx.EventOf(tx.Actor().ID, other, thread, models.About{Idea: idea.ID})
	if err != nil {
		return err
	}
	return tx.RecordAll([]models.Event{one, two})
}

// Thread is what the page of a thread says of the ideas to which it is tied; nil for nothing.
func (f *Ties) Thread(c echo.Context, thread *models.Thread) (templ.Component, error) {
	actor := web.Actor(c)
	tied, err := f.db.TiedIdeas(c.Request().Context(), actor, thread.ID)
	if err != nil {
		return nil, err
	}
	view := views.Rail{Ideas: tied}
	if actor.MayTieThread(thread) {
		view.URL = models.About{Thread: thread.ID}.Path() + "/ideas"
	}
	if actor.MayTurn(thread) && actor.Contributes() && !slices.ContainsFunc(tied, func(t models.TiedIdea) bool { return t.Became }) {
		view.TurnURL = "/ideas/new?thread=" + strconv.FormatInt(thread.ID, 10)
	}
	if view.Articles, err = f.db.ArticlesFrom(c.Request().Context(), actor, models.About{Thread: thread.ID}); err != nil {
		return nil, err
	}
	if thread.State == models.Published && !actor.Masked() && actor.WritesArticles() {
		view.WriteURL = "/articles/new?thread=" + strconv.FormatInt(thread.ID, 10)
	}
	return rail(c, f.db, view), nil
}

// Idea is what the page of an idea says of the threads to which it is tied; nil for nothing.
func (f *Ties) Idea(c echo.Context, idea *models.Idea) (templ.Component, error) {
	actor, ctx := web.Actor(c), c.Request().Context()
	tied, err := f.db.TiedThreads(ctx, actor, idea.ID)
	if err != nil {
		return nil, err
	}
	view := views.Rail{Threads: tied, OfIdea: true}
	if !actor.Masked() && actor.MayTieIdea(idea) { // whoever hides would be named in the log
		view.URL = models.About{Idea: idea.ID}.Path() + "/threads"
	}
	if view.Articles, err = f.db.ArticlesFrom(ctx, actor, models.About{Idea: idea.ID}); err != nil {
		return nil, err
	}
	if idea.State == models.Published && idea.Stage == models.Implemented && !actor.Masked() && actor.WritesArticles() {
		view.WriteURL = "/articles/new?idea=" + strconv.FormatInt(idea.ID, 10)
	}
	if len(tied) > 0 && tied[0].Became {
		if view.Writers, err = f.db.ThreadWriters(ctx, &models.Thread{ID: tied[0].ID}, shownWriters); err != nil {
			return nil, err
		}
		for i := range view.Writers {
			view.Writers[i].Picture = actor.Face(view.Writers[i].Picture)
		}
	}
	return rail(c, f.db, view), nil
}

// shownWriters is how many of those who wrote in a thread the idea names that it became.
const shownWriters = 12

func rail(c echo.Context, db *models.DB, view views.Rail) templ.Component {
	if view.Empty() {
		return nil
	}
	return views.RailPart(layout.Page{L: web.Locale(c), Now: db.Now()}, view)
}

// threadOf finds the thread that the address names, if the actor may tie it.
func (f *Ties) threadOf(c echo.Context) (*models.Thread, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	thread, err := f.db.Thread(c.Request().Context(), web.Actor(c), id)
	if err == nil && !web.Actor(c).MayTieThread(thread) {
		err = web.Actor(c).Refused(thread.SpaceID, thread.AuthorID)
	}
	return thread, err
}

// ideaOf finds the idea that the address names, if the actor may change it.
func (f *Ties) ideaOf(c echo.Context) (*models.Idea, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	idea, err := f.db.Idea(c.Request().Context(), web.Actor(c), id)
	if err == nil && !web.Actor(c).MayEdit(idea) { // a withdrawn one keeps its ties, and is given no others
		err = web.Actor(c).Refused(idea.SpaceID, idea.AuthorID)
	}
	return idea, err
}

func (f *Ties) ofThread(c echo.Context) error {
	thread, err := f.threadOf(c)
	if err != nil {
		return err
	}
	return f.threadPage(c, http.StatusOK, thread, views.Page{Value: c.QueryParam("idea")})
}

func (f *Ties) threadPage(c echo.Context, status int, thread *models.Thread, view views.Page) (err error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view.Path, view.Title, view.Action, view.Field = thread.Path(), thread.Title, models.About{Thread: thread.ID}.Path()+"/ideas", "idea"
	if view.Ideas, err = f.db.TiedIdeas(ctx, actor, thread.ID); err != nil {
		return err
	}
	if view.Near, err = f.near(ctx, actor, thread.Title, view.Ideas); err != nil {
		return err
	}
	return f.page(c, status, "ties.ideas", view)
}

func (f *Ties) ofIdea(c echo.Context) error {
	idea, err := f.ideaOf(c)
	if err != nil {
		return err
	}
	return f.ideaPage(c, http.StatusOK, idea, views.Page{Value: c.QueryParam("thread")})
}

func (f *Ties) ideaPage(c echo.Context, status int, idea *models.Idea, view views.Page) (err error) {
	view.Path, view.Title, view.Action, view.Field = idea.Path(), idea.Title, models.About{Idea: idea.ID}.Path()+"/threads", "thread"
	view.Idea = idea.ID
	if view.Threads, err = f.db.TiedThreads(c.Request().Context(), web.Actor(c), idea.ID); err != nil {
		return err
	}
	return f.page(c, status, "ties.threads", view)
}

func (f *Ties) page(c echo.Context, status int, title string, view views.Page) error {
	page, err := f.web.Page(c, "discussions", web.Locale(c).T(title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.TiesPage(page, view))
}

// near are ideas that resemble a title, to choose from. They are a help, and may be missing.
func (f *Ties) near(ctx context.Context, actor *models.Actor, title string, tied []models.TiedIdea) ([]models.IdeaCard, error) {
	if f.index.Status().Rebuilding {
		return nil, nil
	}
	found, err := f.index.SimilarRefs(title, actor.SpaceIDs())
	if err != nil {
		slog.WarnContext(ctx, "similar ideas not found", "error", err)
		return nil, nil
	}
	var ids []int64
	for _, ref := range found {
		if !slices.ContainsFunc(tied, func(t models.TiedIdea) bool { return t.ID == ref.ID }) {
			ids = append(ids, ref.ID)
		}
	}
	return f.db.IdeaCards(ctx, actor, ids)
}

// named is the number in the address of an idea or a thread, with or without the house before it, or by itself.
var named = regexp.MustCompile(`^(?:.*/(ideas|threads)/|#)?([0-9]{1,18})(?:[-?#/].*)?$`)

// numberIn reads what a field names.
func numberIn(kind, value string) (int64, error) {
	found := named.FindStringSubmatch(strings.TrimSpace(value))
	if found == nil || found[1] != "" && found[1] != kind {
		return 0, models.Invalid{"tie": "ties.unknown." + kind}
	}
	return strconv.ParseInt(found[2], 10, 64)
}

func (f *Ties) fromThread(c echo.Context) error {
	thread, err := f.threadOf(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	value := c.FormValue("idea")
	id, err := numberIn("ideas", value)
	if err == nil {
		err = missing("ideas", f.Tie(c.Request().Context(), web.Actor(c), id, thread.ID, true))
	}
	view := views.Page{Value: value}
	if errors.As(err, &view.Problems) {
		return f.threadPage(c, http.StatusUnprocessableEntity, thread, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("ties.toast.tied"), UndoAction: views.Removal(thread.ID, id)})
	return web.Redirect(c, thread.Path())
}

func (f *Ties) fromIdea(c echo.Context) error {
	idea, err := f.ideaOf(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	value := c.FormValue("thread")
	id, err := numberIn("threads", value)
	if err == nil {
		var thread *models.Thread
		if thread, err = f.db.MergedThread(c.Request().Context(), web.Actor(c), id); err == nil {
			id = thread.ID
			err = f.Tie(c.Request().Context(), web.Actor(c), idea.ID, id, true)
		}
		err = missing("threads", err)
	}
	view := views.Page{Value: value}
	if errors.As(err, &view.Problems) {
		return f.ideaPage(c, http.StatusUnprocessableEntity, idea, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("ties.toast.tied"), UndoAction: views.Removal(id, idea.ID)})
	return web.Redirect(c, idea.Path())
}

// missing says at the field that there is nothing that it names.
func missing(kind string, err error) error {
	if errors.Is(err, models.ErrNotFound) {
		return models.Invalid{"tie": "ties.unknown." + kind}
	}
	return err
}

// parted takes back that a thread and an idea belong together, on the side from which it was asked.
func (f *Ties) parted(c echo.Context) error {
	thread, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	idea, err := web.ID(c, "idea")
	if err != nil {
		return err
	}
	if err := f.Tie(c.Request().Context(), web.Actor(c), idea, thread, false); err != nil {
		return err
	}
	undo, next := models.About{Thread: thread}.Path()+"/ideas?idea="+strconv.FormatInt(idea, 10), models.About{Thread: thread}.Path()
	if c.QueryParam("from") == "idea" {
		undo, next = models.About{Idea: idea}.Path()+"/threads?thread="+strconv.FormatInt(thread, 10), models.About{Idea: idea}.Path()
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("ties.toast.parted"), UndoAction: undo})
	return web.Redirect(c, next)
}
