package projects

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/projects"
)

// thankedPage is how many of those who argued one page names.
const thankedPage = 60

// thanks shows what came of an idea, and thanks to whom. While it is not done there is nothing but the project.
func (f *Projects) thanks(c echo.Context) error {
	view := views.Thanks{Now: f.db.Now()}
	project, err := f.projectOf(c)
	if err != nil {
		return err
	}
	if project.State != models.ProjectDone {
		return web.Redirect(c, project.Path())
	}
	after := int64(0)
	if text := c.QueryParam("after"); text != "" {
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 {
			return models.Invalid{"after": "lists.cursor_invalid"}
		}
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	view.Project, view.Space, view.First = project, *actor.Access(project.SpaceID), after == 0
	view.MayLead = project.IdeaState == models.Published && actor.MayLead(&project.ProjectCard)
	if view.Thanks, err = f.db.Thanks(ctx, actor, &project.ProjectCard, after, thankedPage); err != nil {
		return err
	}
	if view.Story, err = f.db.Story(ctx, project.ID); err != nil {
		return err
	}
	if actor.OfTheCompany() {
		if view.Benefits, err = f.db.Benefits(ctx, actor, &project.Project); err != nil {
			return err
		}
	}
	view.ShowFaces(actor)
	if project.Told {
		if err := f.read(ctx, actor, project.IdeaID); err != nil && !models.Unavailable(err) {
			return err
		}
	}
	page, err := f.web.Page(c, "projects", web.Locale(c).T("projects.thanks.title_of", "title", project.Title))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.ThanksPage(page, view))
}

// projectOf is the project of the address, which the actor may read.
func (f *Projects) projectOf(c echo.Context) (*models.ProjectPage, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	return f.db.ProjectPage(c.Request().Context(), web.Actor(c), id)
}

func (f *Projects) editStory(c echo.Context) error {
	project, err := f.editable(c)
	if err != nil {
		return err
	}
	story, err := f.db.Story(c.Request().Context(), project.ID)
	if err != nil {
		return err
	}
	return f.storyForm(c, http.StatusOK, views.StoryForm{Project: project, Before: story.BeforeText, After: story.AfterText, Base: story.Version})
}

func (f *Projects) storyForm(c echo.Context, status int, view views.StoryForm) error {
	page, err := f.web.Page(c, "projects", web.Locale(c).T("projects.story.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.StoryPage(page, view))
}

func (f *Projects) saveStory(c echo.Context) error {
	project, err := f.editable(c)
	if err != nil {
		return err
	}
	view := views.StoryForm{Project: project, Before: c.FormValue("before"), After: c.FormValue("after")}
	view.Base, _ = strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	card, err := f.Tell(c.Request().Context(), web.Actor(c), project.ID, view.Base, Telling{view.Before, view.After})
	if errors.As(err, &view.Problems) {
		return f.storyForm(c, http.StatusUnprocessableEntity, view)
	}
	if errors.Is(err, models.ErrConflict) && project.IdeaState == models.Published {
		story, err := f.db.Story(c.Request().Context(), project.ID)
		if err != nil {
			return err
		}
		view.Base, view.Problems = story.Version, models.Invalid{"before": "projects.story.newer"}
		return f.storyForm(c, http.StatusConflict, view)
	}
	if err != nil {
		return err
	}
	return f.toThanks(c, card, "projects.story.saved")
}

func (f *Projects) announce(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	card, err := f.Announce(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.toThanks(c, card, "projects.thanks.told")
}

// toThanks leads to the page that thanks everyone, or to the project while it is not done, and says what was done.
func (f *Projects) toThanks(c echo.Context, card *models.ProjectCard, toast string) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	if card.State == models.ProjectDone {
		return web.Redirect(c, base(card.ID)+"/thanks")
	}
	return web.Redirect(c, card.Path())
}
