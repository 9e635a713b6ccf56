package projects

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/projects"
)

// Routes adds the feature's pages.
func (f *Projects) Routes(g *echo.Group) {
	g.GET("/projects", f.list)
	g.GET("/ideas/:id/project", f.blank, web.RequireSignIn)
	g.POST("/ideas/:id/project", f.begin, web.RequireSignIn)
	g.GET("/projects/:id", f.show)
	g.GET("/projects/:id/edit", f.edit, web.RequireSignIn)
	g.POST("/projects/:id", f.save, web.RequireSignIn)
	g.GET("/projects/:id/thanks", f.thanks)
	g.POST("/projects/:id/thanks", f.announce, web.RequireSignIn)
	g.GET("/projects/:id/story", f.editStory, web.RequireSignIn)
	g.POST("/projects/:id/story", f.saveStory, web.RequireSignIn)
	g.POST("/projects/:id/start", f.start, web.RequireSignIn)
	g.POST("/projects/:id/completion", f.finish, web.RequireSignIn)
	g.POST("/projects/:id/stop", f.stop, web.RequireSignIn)
	g.POST("/projects/:id/resumption", f.resume, web.RequireSignIn)
	g.POST("/projects/:id/steps", f.addStep, web.RequireSignIn)
	g.GET("/projects/:id/steps/:step", f.editStep, web.RequireSignIn)
	g.POST("/projects/:id/steps/:step", f.saveStep, web.RequireSignIn)
	g.POST("/projects/:id/steps/:step/tick", f.tick, web.RequireSignIn)
	g.POST("/projects/:id/steps/:step/removal", f.removeStep, web.RequireSignIn)
	g.POST("/projects/:id/steps/:step/restoration", f.restoreStep, web.RequireSignIn)
	g.POST("/projects/:id/benefits", f.claim, web.RequireSignIn)
	g.POST("/projects/:id/benefits/:benefit/judgement", f.judge, web.RequireSignIn)
	g.POST("/projects/:id/benefits/:benefit/withdrawal", f.withdraw, web.RequireSignIn)
	g.POST("/projects/:id/benefits/:benefit/restoration", f.claimAgain, web.RequireSignIn)
	g.POST("/projects/:id/updates", f.report, web.RequireSignIn)
	g.POST("/projects/:id/updates/:update/removal", f.removeUpdate, web.RequireSignIn)
	g.POST("/projects/:id/updates/:update/restoration", f.restoreUpdate, web.RequireSignIn)
}

// Sizes of pages.
const (
	pageSize   = 20
	updatePage = 20
)

func (f *Projects) list(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.List{State: models.ProjectState(c.QueryParam("state")), Space: c.QueryParam("space"), Actor: actor}
	if view.State == "" {
		view.State = models.ProjectRunning
	}
	if !slices.Contains(models.ProjectStates(), view.State) {
		return models.Invalid{"state": "projects.state_invalid"}
	}
	before, err := web.Before(c)
	if err != nil {
		return err
	}
	query := models.ProjectQuery{State: view.State, Before: before, Limit: pageSize + 1}
	if view.Space != "" {
		i := slices.IndexFunc(actor.Spaces, func(s models.SpaceAccess) bool { return s.Slug == view.Space })
		if i < 0 {
			return models.ErrNotFound
		}
		query.SpaceID = actor.Spaces[i].ID
	}
	if text := c.QueryParam("campaign"); text != "" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return models.ErrNotFound
		}
		if view.Campaign, err = f.db.Campaign(ctx, actor, id); err != nil {
			return err
		}
		query.CampaignID = id
	}
	if view.Projects, err = f.db.Projects(ctx, actor, query); err != nil {
		return err
	}
	if view.First = before == 0; view.First && actor.OfTheCompany() {
		if view.Totals, err = f.db.BenefitTotals(ctx, actor, query.SpaceID, query.CampaignID); err != nil {
			return err
		}
	}
	if len(view.Projects) > pageSize {
		view.Projects, view.Next = view.Projects[:pageSize], view.Projects[pageSize-1].ID
	}
	page, err := f.web.Page(c, "projects", web.Locale(c).T("projects.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Index(page, view))
}

func (f *Projects) show(c echo.Context) error {
	view, err := f.found(c)
	if err != nil {
		return err
	}
	if path := view.Project.Path(); path != "/projects/"+c.Param("id") {
		if query := c.QueryString(); query != "" {
			path += "?" + query
		}
		return c.Redirect(http.StatusMovedPermanently, path)
	}
	if view.Project.Told {
		if err := f.read(c.Request().Context(), web.Actor(c), view.Project.IdeaID); err != nil && !models.Unavailable(err) { // the page can be read on a full disk too
			return err
		}
	}
	return f.render(c, http.StatusOK, view)
}

// read marks the actor's notices about the idea of a project as read.
func (f *Projects) read(ctx context.Context, actor *models.Actor, ideaID int64) error {
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		_, err := tx.ReadNotices(actor.ID, ideaID)
		return err
	})
}

// found is the project of the address with what its page shows.
func (f *Projects) found(c echo.Context) (view views.Show, err error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return view, err
	}
	before, err := web.Before(c)
	if err != nil {
		return view, err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	page, err := f.db.ProjectPage(ctx, actor, id)
	if err != nil {
		return view, err
	}
	page.OwnerPicture = actor.Face(page.OwnerPicture)
	view = views.Show{Project: page, Space: *actor.Access(page.SpaceID), Insider: actor.OfTheCompany(), Now: f.db.Now(), First: before == 0}
	view.MayLead = page.IdeaState == models.Published && actor.MayLead(&page.ProjectCard)
	steps, err := f.db.Steps(ctx, actor, &page.Project)
	if err != nil {
		return view, err
	}
	for i := range steps {
		view.Steps = append(view.Steps, views.Step{StepCard: &steps[i], Tick: page.IdeaState == models.Published && actor.MayTick(&page.ProjectCard, &steps[i].Step)})
	}
	if view.Insider {
		view.MayJudge = page.IdeaState == models.Published && actor.MayJudge(&page.ProjectCard)
		view.Reader = actor.ID
		if view.Benefits, err = f.db.Benefits(ctx, actor, &page.Project); err != nil {
			return view, err
		}
		if view.Elsewhere, err = f.db.CountedElsewhere(ctx, &page.ProjectCard); err != nil {
			return view, err
		}
	}
	if view.Updates, err = f.db.Updates(ctx, &page.Project, before, updatePage+1); err != nil {
		return view, err
	}
	if len(view.Updates) > updatePage {
		view.Updates, view.Next = view.Updates[:updatePage], view.Updates[updatePage-1].ID
	}
	for i := range view.Updates {
		view.Updates[i].AuthorPicture = actor.Face(view.Updates[i].AuthorPicture)
	}
	return view, nil
}

func (f *Projects) render(c echo.Context, status int, view views.Show) error {
	page, err := f.web.Page(c, "projects", view.Project.Title)
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Page(page, view))
}

func (f *Projects) start(c echo.Context) error { return f.moved(c, "projects.started", "", f.Start) }

func (f *Projects) resume(c echo.Context) error { return f.moved(c, "projects.resumed", "", f.Resume) }

func (f *Projects) finish(c echo.Context) error {
	return f.moved(c, "projects.finished", "/resumption", f.Finish)
}

func (f *Projects) stop(c echo.Context) error {
	return f.moved(c, "projects.was_stopped", "", func(ctx context.Context, actor *models.Actor, id int64) (*models.ProjectCard, error) {
		return f.Stop(ctx, actor, id, c.FormValue("reason"))
	})
}

// moved does something to a project and says so; what is wrong is shown on its page. undo is where it can be taken back.
func (f *Projects) moved(c echo.Context, toast, undo string, do func(context.Context, *models.Actor, int64) (*models.ProjectCard, error)) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	card, err := do(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return f.wrong(c, err, func(view *views.Show) { view.Reason = c.FormValue("reason") })
	}
	return f.done(c, card, toast, undo)
}

// done leads back to a project and says what was done.
func (f *Projects) done(c echo.Context, card *models.ProjectCard, toast, undo string) error {
	said := layout.Toast{Text: web.Locale(c).T(toast)}
	if undo != "" {
		said.UndoAction = base(card.ID) + undo
	}
	f.web.Toast(c, said)
	return web.Redirect(c, card.Path())
}

// wrong shows a project's page with what was wrong in one of its forms, which keep fills in again; other errors stay what they are.
func (f *Projects) wrong(c echo.Context, err error, keep func(*views.Show)) error {
	var invalid models.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	view, err := f.found(c)
	if err != nil {
		return err
	}
	view.Problems = invalid
	keep(&view)
	return f.render(c, http.StatusUnprocessableEntity, view)
}

// base is the address that a project's forms post below.
func base(id int64) string { return "/projects/" + strconv.FormatInt(id, 10) }
