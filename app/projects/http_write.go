package projects

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/projects"
)

func (f *Projects) blank(c echo.Context) error {
	idea, known, err := f.ideaOf(c)
	if err != nil {
		return err
	}
	if known != nil {
		return web.Redirect(c, known.Path())
	}
	return f.form(c, http.StatusOK, views.Write{Idea: idea, Title: idea.Title, Owner: web.Actor(c).Email})
}

// ideaOf is the idea of the address, for which the actor may begin a project, with the one that it has, if any.
func (f *Projects) ideaOf(c echo.Context) (*models.Idea, *models.ProjectCard, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, nil, err
	}
	idea, err := f.mayBegin(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return nil, nil, err
	}
	known, err := f.db.ProjectOf(c.Request().Context(), id)
	return idea, known, err
}

func (f *Projects) form(c echo.Context, status int, view views.Write) error {
	title := web.Locale(c).T("projects.new")
	if view.Project != nil {
		title = web.Locale(c).T("projects.edit_of", "title", view.Project.Title)
	}
	page, err := f.web.Page(c, "projects", title)
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Form(page, view))
}

// written reads the form of a project. A date that is none is a mistake at its field.
func written(c echo.Context) (view views.Write, draft Draft) {
	view = views.Write{
		Title: c.FormValue("title"), Goal: c.FormValue("goal"), Owner: strings.TrimSpace(c.FormValue("owner")), Controller: strings.TrimSpace(c.FormValue("controller")),
		Starts: strings.TrimSpace(c.FormValue("starts")), Due: strings.TrimSpace(c.FormValue("due")), Problems: models.Invalid{},
	}
	view.Base, _ = strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	draft = Draft{Title: view.Title, Goal: view.Goal, Owner: view.Owner, Controller: view.Controller}
	draft.StartsOn = day(c, view.Starts, "starts", view.Problems)
	draft.DueOn = day(c, view.Due, "due", view.Problems)
	return view, draft
}

// day is a day as a form has it, from its beginning where the house is; nil if it is empty. One that is none is a problem of the field.
func day(c echo.Context, text, field string, problems models.Invalid) *time.Time {
	if text == "" {
		return nil
	}
	begins, ok := web.Day(c, text)
	if !ok {
		problems[field] = "projects.date_invalid"
		return nil
	}
	begins = begins.UTC()
	return &begins
}

func (f *Projects) begin(c echo.Context) error {
	idea, known, err := f.ideaOf(c)
	if err != nil {
		return err
	}
	if known != nil {
		f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("projects.known")})
		return web.Redirect(c, known.Path())
	}
	view, draft := written(c)
	view.Idea = idea
	if len(view.Problems) > 0 {
		return f.form(c, http.StatusUnprocessableEntity, view)
	}
	project, fresh, err := f.Begin(c.Request().Context(), web.Actor(c), idea.ID, draft)
	if errors.As(err, &view.Problems) {
		return f.form(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	toast := "projects.begun"
	if !fresh {
		toast = "projects.known"
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	return web.Redirect(c, project.Path())
}

// editable is the project of the address, if the actor may change it.
func (f *Projects) editable(c echo.Context) (*models.ProjectPage, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	return f.mayLead(c.Request().Context(), web.Actor(c), id)
}

func (f *Projects) edit(c echo.Context) error {
	project, err := f.editable(c)
	if err != nil {
		return err
	}
	return f.form(c, http.StatusOK, views.Write{
		Project: project, Title: project.Title, Goal: project.Goal, Owner: project.OwnerEmail, Controller: project.ControllerEmail,
		Starts: dateOnly(c, project.StartsOn), Due: dateOnly(c, project.DueOn), Base: project.Version,
	})
}

// dateOnly is a day as a form has it.
func dateOnly(c echo.Context, day *time.Time) string {
	if day == nil {
		return ""
	}
	return web.Locale(c).In(*day).Format(time.DateOnly)
}

func (f *Projects) save(c echo.Context) error {
	project, err := f.editable(c)
	if err != nil {
		return err
	}
	view, draft := written(c)
	view.Project = project
	if len(view.Problems) > 0 {
		return f.form(c, http.StatusUnprocessableEntity, view)
	}
	saved, err := f.Edit(c.Request().Context(), web.Actor(c), project.ID, view.Base, draft)
	switch {
	case errors.As(err, &view.Problems):
		return f.form(c, http.StatusUnprocessableEntity, view)
	case errors.Is(err, models.ErrConflict) && project.IdeaState == models.Published:
		view.Base, view.Problems = project.Version, models.Invalid{"title": "projects.overtaken"}
		return f.form(c, http.StatusConflict, view)
	case err != nil:
		return err
	}
	return f.done(c, saved, "projects.saved", "")
}

// stepForm reads the form of a step.
func stepForm(c echo.Context) (view views.StepForm, step NewStep, problems models.Invalid) {
	problems = models.Invalid{}
	view = views.StepForm{
		Kind: models.StepKind(c.FormValue("kind")), Title: c.FormValue("step_title"), Assignee: strings.TrimSpace(c.FormValue("assignee")),
		Due: strings.TrimSpace(c.FormValue("step_due")), Milestone: c.FormValue("milestone"),
	}
	step = NewStep{Kind: view.Kind, Title: view.Title, Assignee: view.Assignee, DueOn: day(c, view.Due, "step_due", problems)}
	if view.Milestone != "" {
		id, err := strconv.ParseInt(view.Milestone, 10, 64)
		if err != nil || id <= 0 {
			problems["milestone"] = "projects.milestone_unknown"
		}
		step.Milestone = id
	}
	return view, step, problems
}

// atFields gives the mistakes in a step the names that their fields have beside those of the project.
func atFields(err error) error {
	var invalid models.Invalid
	if errors.As(err, &invalid) && invalid["title"] != "" {
		renamed := models.Invalid{"step_title": invalid["title"]}
		for field, key := range invalid {
			if field != "title" {
				renamed[field] = key
			}
		}
		return renamed
	}
	return err
}

func (f *Projects) addStep(c echo.Context) error {
	project, err := f.editable(c)
	if err != nil {
		return err
	}
	view, step, problems := stepForm(c)
	if len(problems) == 0 {
		_, err = f.AddStep(c.Request().Context(), web.Actor(c), project.ID, step)
	} else {
		err = problems
	}
	if err != nil {
		return f.wrong(c, atFields(err), func(show *views.Show) { show.StepForm = view })
	}
	return f.done(c, &project.ProjectCard, "projects.step_added."+string(step.Kind), "")
}

// stepOf is the step of the address, in a project that the actor may change.
func (f *Projects) stepOf(c echo.Context) (*models.ProjectPage, *models.StepCard, error) {
	project, err := f.editable(c)
	if err != nil {
		return nil, nil, err
	}
	id, err := web.ID(c, "step")
	if err != nil {
		return nil, nil, err
	}
	step, err := f.db.Step(c.Request().Context(), &project.Project, id)
	if err == nil && step.RemovedAt != nil {
		err = models.ErrNotFound
	}
	return project, step, err
}

func (f *Projects) editStep(c echo.Context) error {
	project, step, err := f.stepOf(c)
	if err != nil {
		return err
	}
	view := views.StepForm{Kind: step.Kind, Title: step.Title, Assignee: step.AssigneeEmail, Due: dateOnly(c, step.DueOn)}
	if step.MilestoneID != nil {
		view.Milestone = strconv.FormatInt(*step.MilestoneID, 10)
	}
	return f.stepPage(c, http.StatusOK, views.EditStep{Project: project, Step: step, Form: view})
}

func (f *Projects) stepPage(c echo.Context, status int, view views.EditStep) error {
	steps, err := f.db.Steps(c.Request().Context(), web.Actor(c), &view.Project.Project)
	if err != nil {
		return err
	}
	for i := range steps {
		if steps[i].Kind == models.Milestone {
			view.Milestones = append(view.Milestones, &steps[i])
		}
	}
	page, err := f.web.Page(c, "projects", web.Locale(c).T("projects.step_edit."+string(view.Step.Kind)))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.StepPage(page, view))
}

func (f *Projects) saveStep(c echo.Context) error {
	project, step, err := f.stepOf(c)
	if err != nil {
		return err
	}
	view, in, problems := stepForm(c)
	view.Kind = step.Kind
	err = problems
	var card *models.ProjectCard
	if len(problems) == 0 {
		card, err = f.EditStep(c.Request().Context(), web.Actor(c), project.ID, step.ID, in)
	}
	if invalid := (models.Invalid{}); errors.As(atFields(err), &invalid) {
		return f.stepPage(c, http.StatusUnprocessableEntity, views.EditStep{Project: project, Step: step, Form: view, Problems: invalid})
	}
	if err != nil {
		return err
	}
	return f.done(c, card, "projects.step_saved", "")
}

// partOf reads which part of which project an address is about.
func partOf(c echo.Context, name string) (id, part int64, err error) {
	if id, err = web.ID(c, "id"); err != nil {
		return 0, 0, err
	}
	part, err = web.ID(c, name)
	return id, part, err
}

func (f *Projects) tick(c echo.Context) error {
	id, step, err := partOf(c, "step")
	if err != nil {
		return err
	}
	done := c.FormValue("done")
	if done != "0" && done != "1" {
		return models.Invalid{"done": "projects.done_invalid"}
	}
	card, err := f.Tick(c.Request().Context(), web.Actor(c), id, step, done == "1")
	if err != nil {
		return err
	}
	return web.Redirect(c, card.Path()+"#step-"+strconv.FormatInt(step, 10))
}

func (f *Projects) removeStep(c echo.Context) error {
	id, step, err := partOf(c, "step")
	if err != nil {
		return err
	}
	card, err := f.RemoveStep(c.Request().Context(), web.Actor(c), id, step)
	if err != nil {
		return err
	}
	return f.done(c, card, "projects.step_removed", "/steps/"+strconv.FormatInt(step, 10)+"/restoration")
}

func (f *Projects) restoreStep(c echo.Context) error {
	id, step, err := partOf(c, "step")
	if err != nil {
		return err
	}
	card, err := f.RestoreStep(c.Request().Context(), web.Actor(c), id, step)
	if err != nil {
		return err
	}
	return f.done(c, card, "projects.step_restored", "")
}

func (f *Projects) report(c echo.Context) error {
	project, err := f.editable(c)
	if err != nil {
		return err
	}
	body := c.FormValue("body")
	if _, err := f.Report(c.Request().Context(), web.Actor(c), project.ID, body, Once{}); err != nil {
		return f.wrong(c, err, func(view *views.Show) { view.Body = body })
	}
	return f.done(c, &project.ProjectCard, "projects.reported", "")
}

func (f *Projects) removeUpdate(c echo.Context) error {
	id, update, err := partOf(c, "update")
	if err != nil {
		return err
	}
	card, err := f.RemoveUpdate(c.Request().Context(), web.Actor(c), id, update)
	if err != nil {
		return err
	}
	return f.done(c, card, "projects.update_removed", "/updates/"+strconv.FormatInt(update, 10)+"/restoration")
}

func (f *Projects) restoreUpdate(c echo.Context) error {
	id, update, err := partOf(c, "update")
	if err != nil {
		return err
	}
	card, err := f.RestoreUpdate(c.Request().Context(), web.Actor(c), id, update)
	if err != nil {
		return err
	}
	return f.done(c, card, "projects.update_restored", "")
}
