package imports

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/sheets"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/imports"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Routes adds the feature's pages.
func (f *Imports) Routes(g *echo.Group) {
	g.GET("/imports", f.list, web.RequireSignIn)
	g.POST("/imports", f.send, web.RequireSignIn)
	g.GET("/imports/new", f.blank, web.RequireSignIn)
	g.GET("/imports/:id", f.show, web.RequireSignIn)
	g.POST("/imports/:id", f.remap, web.RequireSignIn)
	g.GET("/imports/:id/problems", f.problems, web.RequireSignIn)
	g.POST("/imports/:id/run", f.act(f.Run), web.RequireSignIn)
	g.POST("/imports/:id/undo", f.act(f.Undo), web.RequireSignIn)
	g.POST("/imports/:id/removal", f.drop, web.RequireSignIn)
}

// shownImports is how many files a person finds again.
const shownImports = 30

func (f *Imports) list(c echo.Context) error {
	actor := web.Actor(c)
	own, err := f.web.DB.OwnImports(c.Request().Context(), actor, shownImports)
	if err != nil {
		return err
	}
	folders, err := f.web.DB.OwnArticleImports(c.Request().Context(), actor, 0, shownImports)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "imports", web.Locale(c).T("imports.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Index(page, own, folders, actor.RunsCampaigns()))
}

// Places of a file in its form: a space by its slug, a campaign by its number.
const (
	spacePlace    = "space:"
	campaignPlace = "campaign:"
)

// blank asks for a file, for the place that the address names.
func (f *Imports) blank(c echo.Context) error {
	view := views.New{What: string(models.DownloadIdeas)}
	if slug := c.QueryParam("space"); slug != "" {
		view.Place = spacePlace + slug
	}
	if id := c.QueryParam("campaign"); id != "" {
		view.Place = campaignPlace + id
	}
	if view.Place != "" {
		if _, err := f.target(c.Request().Context(), web.Actor(c), view.Place); err != nil {
			return err
		}
	}
	return f.form(c, http.StatusOK, view)
}

// target is the place of a form, where the actor may take something in.
func (f *Imports) target(ctx context.Context, actor *models.Actor, place string) (to Target, err error) {
	if text, ok := strings.CutPrefix(place, campaignPlace); ok {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id <= 0 {
			return to, models.ErrNotFound
		}
		campaign, err := f.web.DB.Campaign(ctx, actor, id)
		if err != nil {
			return to, err
		}
		if !actor.MayImport(campaign.SpaceID, campaign) {
			return to, models.ErrForbidden
		}
		return Target{SpaceID: campaign.SpaceID, CampaignID: campaign.ID}, nil
	}
	access := actor.AccessTo(strings.TrimPrefix(place, spacePlace))
	if access == nil {
		return to, models.ErrNotFound
	}
	return Target{SpaceID: access.ID}, actor.Refusal(models.RunCampaigns, &models.Space{ID: access.ID})
}

// form shows the form for a file, with the places that the actor may take something into: the spaces whose campaigns they run, and
// the campaign that they come from.
func (f *Imports) form(c echo.Context, status int, view views.New) error {
	actor := web.Actor(c)
	if text, ok := strings.CutPrefix(view.Place, campaignPlace); ok {
		id, _ := strconv.ParseInt(text, 10, 64) // target has read it
		campaign, err := f.web.DB.Campaign(c.Request().Context(), actor, id)
		if err != nil {
			return err
		}
		view.Places = append(view.Places, parts.Option{Value: view.Place, Label: web.Locale(c).T("imports.place.campaign", "title", campaign.Title)})
	}
	for i := range actor.Spaces {
		if space := &actor.Spaces[i]; actor.Can(models.RunCampaigns, &models.Space{ID: space.ID}) {
			view.Places = append(view.Places, parts.Option{Value: spacePlace + space.Slug, Label: space.Title})
		}
	}
	if len(view.Places) == 0 {
		return models.ErrForbidden
	}
	view.Most, view.Size = sheets.MaxRows, MaxUpload
	page, err := f.web.Page(c, "imports", web.Locale(c).T("imports.new"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Blank(page, view))
}

// send takes a file in.
func (f *Imports) send(c echo.Context) error {
	if web.Actor(c).External() {
		return models.ErrForbidden // before the first byte is read
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view := views.New{Place: c.FormValue("place"), What: c.FormValue("what")}
	to, err := f.target(c.Request().Context(), web.Actor(c), view.Place)
	if err != nil {
		return err
	}
	to.What, to.Lang = models.DownloadKind(view.What), web.Locale(c).Lang()
	run, err := f.receive(c, to)
	if errors.As(err, &view.Problems) {
		return f.form(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, views.Address(run.ID))
}

func (f *Imports) receive(c echo.Context, to Target) (*models.IdeaImport, error) {
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
	return f.Receive(c.Request().Context(), web.Actor(c), to, header.Filename, file)
}

// own is the run of an address.
func (f *Imports) ownRun(c echo.Context) (*models.IdeaImport, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	return f.web.DB.OwnImport(c.Request().Context(), web.Actor(c), id)
}

func (f *Imports) show(c echo.Context) error {
	run, err := f.ownRun(c)
	if err != nil {
		return err
	}
	return f.page(c, http.StatusOK, run, nil)
}

// shownProblems is how many mistakes the page shows; the file has more.
const shownProblems = 20

func (f *Imports) page(c echo.Context, status int, run *models.IdeaImport, problems models.Invalid) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.Show{Run: run, Space: *actor.Access(run.SpaceID), Problems: problems, ByAddress: actor.Can(models.ManagePeople, nil)}
	var err error
	if run.CampaignID != nil {
		if view.Campaign, err = f.web.DB.Campaign(ctx, actor, *run.CampaignID); err != nil {
			return err
		}
	}
	if view.Job, err = f.job(ctx, actor, run); err != nil {
		return err
	}
	switch {
	case run.ImportedAt != nil && run.UndoneAt == nil:
		view.Untouched, err = f.web.DB.Untouched(ctx, run)
	case run.ProblemCount > 0:
		view.Broken, err = f.web.DB.ImportProblems(ctx, run, 0, shownProblems)
	}
	if err != nil {
		return err
	}
	if err := describe(&view, run); err != nil {
		return err
	}
	page, err := f.web.Page(c, "imports", run.Name)
	if err != nil {
		return err
	}
	if view.Working() {
		page.Head = parts.Refresh()
	}
	return web.Render(c, status, views.Page(page, view))
}

// job is what works on a run, or has failed to, nil if there is nothing to say.
func (f *Imports) job(ctx context.Context, actor *models.Actor, run *models.IdeaImport) (latest *models.Job, err error) {
	for _, kind := range []string{checkJob, runJob, undoJob} {
		job, err := f.web.DB.OwnJob(ctx, actor, kind, strconv.FormatInt(run.ID, 10))
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

// describe fills in what is known of a file, and how it is mapped.
func describe(view *views.Show, run *models.IdeaImport) error {
	var found reading
	var to mapping
	if err := errors.Join(run.Into(run.Reading, &found), run.Into(run.Mapping, &to)); err != nil {
		return err
	}
	view.Format, view.Encoding, view.Separator, view.Profile, view.Authors = string(found.Format), found.Encoding, found.Separator, found.Profile, to.Authors
	if run.Counts != "" {
		view.Counts = &views.Counts{}
		if err := run.Into(run.Counts, view.Counts); err != nil {
			return err
		}
	}
	for i, name := range found.Columns {
		label := name
		if label == "" {
			label = strconv.Itoa(i + 1)
		}
		for _, row := range found.Sample {
			if i < len(row) && row[i] != "" {
				label += " — " + clip(row[i], 40)
				break
			}
		}
		view.Columns = append(view.Columns, parts.Option{Value: strconv.Itoa(i), Label: label})
	}
	for _, name := range fieldsFor(run) {
		field := views.Field{Name: name, Needed: slices.Contains(needed(run.What), name)}
		if at, mapped := to.Fields[name]; mapped {
			field.Column = strconv.Itoa(at)
		}
		view.Fields = append(view.Fields, field)
	}
	if _, mapped := to.Fields[fieldState]; mapped {
		view.States = statesOf(view.Counts, &to)
	}
	return nil
}

// statesOf are the states of a file with what they mean here: those that its sender has mapped, and those that a check has found since.
func statesOf(counts *views.Counts, to *mapping) (states []views.State) {
	for name, stage := range to.Stages {
		states = append(states, views.State{Name: name, Stage: stage})
	}
	if counts != nil {
		states = nil
		for _, name := range counts.States {
			stage := to.Stages[name]
			if stage == "" {
				stage = stageOf(name)
			}
			states = append(states, views.State{Name: name, Stage: stage})
		}
	}
	slices.SortFunc(states, func(a, b views.State) int { return strings.Compare(a.Name, b.Name) })
	return states
}

// remap stores which column holds what, and has the file checked.
func (f *Imports) remap(c echo.Context) error {
	run, err := f.ownRun(c)
	if err != nil {
		return err
	}
	to := mapping{Fields: map[string]int{}, Authors: c.FormValue("authors"), Stages: map[string]string{}}
	if to.Authors == "" {
		to.Authors = authorsNamed
	}
	for _, field := range fieldsFor(run) {
		if text := c.FormValue("field-" + field); text != "" {
			if to.Fields[field], err = strconv.Atoi(text); err != nil {
				to.Fields[field] = -1
			}
		}
	}
	for i := range maxStates {
		state := strings.ToValidUTF8(strings.ReplaceAll(c.FormValue("state-"+strconv.Itoa(i)), "\x00", ""), "")
		if stage := c.FormValue("stage-" + strconv.Itoa(i)); stage != "" && state != "" && len(state) <= maxState {
			to.Stages[state] = stage
		}
	}
	err = f.Map(c.Request().Context(), web.Actor(c), run.ID, to)
	if problems := (models.Invalid{}); errors.As(err, &problems) {
		if err := writeInto(map[*string]any{&run.Mapping: to}); err != nil {
			return err
		}
		return f.page(c, http.StatusUnprocessableEntity, run, problems)
	}
	if err != nil && !errors.Is(err, models.ErrConflict) { // what was asked for twice is done once
		return err
	}
	return web.Redirect(c, views.Address(run.ID))
}

// use is something that is done with a run.
type use func(ctx context.Context, actor *models.Actor, id int64) error

// act is the handler of something that is done with a run and shown on its page.
func (f *Imports) act(do use) echo.HandlerFunc {
	return func(c echo.Context) error {
		run, err := f.ownRun(c)
		if err != nil {
			return err
		}
		err = do(c.Request().Context(), web.Actor(c), run.ID)
		if problems := (models.Invalid{}); errors.As(err, &problems) {
			return f.page(c, http.StatusUnprocessableEntity, run, problems)
		}
		if err != nil && !errors.Is(err, models.ErrConflict) { // what was asked for twice is done once
			return err
		}
		return web.Redirect(c, views.Address(run.ID))
	}
}

func (f *Imports) drop(c echo.Context) error {
	run, err := f.ownRun(c)
	if err != nil {
		return err
	}
	if err := f.Drop(c.Request().Context(), web.Actor(c), run.ID); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("imports.toast.dropped")})
	return web.Redirect(c, "/imports")
}

// problems sends the rows that are broken, each with the reason.
func (f *Imports) problems(c echo.Context) error {
	run, err := f.ownRun(c)
	if err != nil {
		return err
	}
	ctx, l := c.Request().Context(), web.Locale(c)
	broken, err := f.web.DB.ImportProblems(ctx, run, 0, maxProblems)
	if err != nil {
		return err
	}
	if len(broken) == 0 || run.Key == "" {
		return models.ErrNotFound
	}
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "private, no-store")
	header.Set(echo.HeaderContentType, sheets.CSV.ContentType())
	header.Set(echo.HeaderContentDisposition, `attachment; filename="import-`+strconv.FormatInt(run.ID, 10)+`.csv"`)
	return f.writeProblems(ctx, c.Response(), run, broken, l)
}
