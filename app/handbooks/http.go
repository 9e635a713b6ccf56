package handbooks

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/handbooks"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Routes adds the feature's pages.
func (f *Desk) Routes(g *echo.Group) {
	g.GET("/collections/:id/imports", f.blank, web.RequireSignIn)
	g.POST("/collections/:id/imports", f.send, web.RequireSignIn)
	g.GET("/collections/:id/imports/:run", f.show, web.RequireSignIn)
	g.POST("/collections/:id/imports/:run/run", f.act(f.Run), web.RequireSignIn)
	g.POST("/collections/:id/imports/:run/undo", f.act(f.Undo), web.RequireSignIn)
	g.POST("/collections/:id/imports/:run/removal", f.drop, web.RequireSignIn)
}

// shownRuns is how many of their runs a person finds again.
const shownRuns = 30

// collection is that of the address, if the actor may take articles into it.
func (f *Desk) collection(c echo.Context) (*models.Collection, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	collection, err := f.db.Collection(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return nil, err
	}
	return collection, web.Actor(c).MayImportArticles(collection)
}

func (f *Desk) blank(c echo.Context) error {
	collection, err := f.collection(c)
	if err != nil {
		return err
	}
	return f.form(c, http.StatusOK, collection, nil)
}

func (f *Desk) form(c echo.Context, status int, collection *models.Collection, problems models.Invalid) error {
	actor := web.Actor(c)
	own, err := f.db.OwnArticleImports(c.Request().Context(), actor, collection.ID, shownRuns)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("handbooks.import"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.BlankPage(page, views.Blank{Collection: collection, Space: *actor.Access(collection.SpaceID), Own: own, Formats: Formats, Word: ReadsWord(), Format: c.FormValue("format"), Size: MaxUpload, Problems: problems}))
}

func (f *Desk) send(c echo.Context) error {
	collection, err := f.collection(c) // before the first byte is read
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	run, err := f.receive(c, collection.ID)
	if problems := (models.Invalid{}); errors.As(err, &problems) {
		return f.form(c, http.StatusUnprocessableEntity, collection, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, run.Path())
}

func (f *Desk) receive(c echo.Context, collectionID int64) (*models.ArticleImport, error) {
	header, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, models.Invalid{"file": "imports.file_missing"}
	}
	if err != nil {
		return nil, err
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return f.Receive(c.Request().Context(), web.Actor(c), Upload{collectionID, header.Filename, c.FormValue("format"), file})
}

// numbers are those of the address: of the collection and of the run.
func numbers(c echo.Context) (collection, run int64, err error) {
	if collection, err = web.ID(c, "id"); err == nil {
		run, err = web.ID(c, "run")
	}
	return collection, run, err
}

func (f *Desk) show(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	collectionID, id, err := numbers(c)
	if err != nil {
		return err
	}
	run, err := f.db.OwnArticleImport(ctx, actor, collectionID, id)
	if err != nil {
		return err
	}
	view := views.Show{Run: run, Space: *actor.Access(run.SpaceID)}
	if view.Collection, err = f.db.Collection(ctx, actor, collectionID); err != nil {
		return err
	}
	if view.Job, err = f.latest(ctx, actor, run); err != nil {
		return err
	}
	report, err := ParseReport(run.Report)
	if err != nil {
		return err
	}
	if report != nil {
		view.Report, view.Kept = report.view(), titles(report.Kept)
	}
	if run.ImportedAt != nil && run.UndoneAt == nil {
		if view.Untouched, view.Kept, err = f.wouldUndo(ctx, run); err != nil {
			return err
		}
	}
	page, err := f.web.Page(c, "knowledge", run.Name)
	if err != nil {
		return err
	}
	if view.Working() {
		page.Head = parts.Refresh()
	}
	return web.Render(c, http.StatusOK, views.Page(page, view))
}

// wouldUndo is what an undo of a run would take out of sight, and what it would leave.
func (f *Desk) wouldUndo(ctx context.Context, run *models.ArticleImport) (untouched int, kept []views.Title, err error) {
	articles, err := f.db.RunArticles(ctx, run)
	for _, one := range articles {
		if !one.Changed {
			untouched++
		} else if len(kept) < mostTitles {
			kept = append(kept, views.Title{ID: one.ID, Title: one.Title})
		}
	}
	return untouched, kept, err
}

func (r *Report) view() *views.Report {
	view := &views.Report{Format: r.Format, Articles: r.Articles, Folders: r.Folders, Levels: r.Levels, Links: r.Links, Files: r.Files, People: r.People, Bytes: r.Bytes,
		MoreProblems: r.Count - len(r.Problems), MoreNotes: r.MoreNotes, Titles: titles(r.Titles), MoreTitles: r.Articles - len(r.Titles)}
	for _, one := range r.Problems {
		view.Problems = append(view.Problems, views.Finding(one))
	}
	for _, one := range r.Notes {
		view.Notes = append(view.Notes, views.Finding(one))
	}
	return view
}

// Words says what a finding means.
func (f Finding) Words(l *i18n.Locale) string { return views.Finding(f).Words(l) }

func titles(from []Title) (to []views.Title) {
	for _, one := range from {
		to = append(to, views.Title(one))
	}
	return to
}

// latest is the job that works on a run, or has failed to, nil if there is nothing to say.
func (f *Desk) latest(ctx context.Context, actor *models.Actor, run *models.ArticleImport) (latest *models.Job, err error) {
	for _, kind := range []string{checkJob, runJob, undoJob} {
		job, err := f.db.OwnJob(ctx, actor, kind, strconv.FormatInt(run.ID, 10))
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if latest == nil || job.ID > latest.ID {
			latest = job
		}
	}
	return latest, nil
}

// act is the handler of something that is done with a run and shown on its page.
func (f *Desk) act(do func(ctx context.Context, actor *models.Actor, collection, run int64) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		collection, run, err := numbers(c)
		if err != nil {
			return err
		}
		err = do(c.Request().Context(), web.Actor(c), collection, run)
		if err != nil && !errors.Is(err, models.ErrConflict) { // what was asked for twice is done once
			return err
		}
		return web.Redirect(c, (&models.ArticleImport{ID: run, CollectionID: collection}).Path())
	}
}

func (f *Desk) drop(c echo.Context) error {
	collection, run, err := numbers(c)
	if err != nil {
		return err
	}
	if err := f.Drop(c.Request().Context(), web.Actor(c), collection, run); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("imports.toast.dropped")})
	return web.Redirect(c, "/collections/"+strconv.FormatInt(collection, 10)+"/imports")
}
