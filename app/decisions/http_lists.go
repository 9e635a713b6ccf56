package decisions

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/decisions"
	"ruche/views/i18n"
	"ruche/views/layout"
)

// pageSize is how many ideas or answers a page lists.
const pageSize = 30

// deciding lets those in who decide about something.
func (f *Decisions) deciding(c echo.Context) error {
	decides, err := f.web.DB.Decides(c.Request().Context(), web.Actor(c))
	if err == nil && !decides {
		err = models.ErrForbidden
	}
	return err
}

func (f *Decisions) due(c echo.Context) error {
	if err := f.deciding(c); err != nil {
		return err
	}
	after, err := models.ParseDueKey(c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	view := views.Due{Inner: after != nil, Templates: web.Actor(c).Animates()}
	var next *models.DueKey
	if view.Ideas, next, err = f.web.DB.DueAnswers(c.Request().Context(), web.Actor(c), after, pageSize); err != nil {
		return err
	}
	if next != nil {
		view.Next = "/answers?cursor=" + next.String()
	}
	page, err := f.web.Page(c, "answers", web.Locale(c).T("decisions.due"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.DueList(page, view))
}

func (f *Decisions) stalled(c echo.Context) error {
	if err := f.deciding(c); err != nil {
		return err
	}
	after, err := models.ParseDueKey(c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	view := views.Stalled{Inner: after != nil, Templates: web.Actor(c).Animates()}
	var next *models.DueKey
	if view.Ideas, next, err = f.web.DB.StalledIdeas(c.Request().Context(), web.Actor(c), after, pageSize); err != nil {
		return err
	}
	if next != nil {
		view.Next = "/answers/stalled?cursor=" + next.String()
	}
	page, err := f.web.Page(c, "answers", web.Locale(c).T("decisions.due"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.StalledList(page, view))
}

func (f *Decisions) prepared(c echo.Context) error {
	if err := f.deciding(c); err != nil {
		return err
	}
	after, err := web.Before(c)
	if err != nil {
		return err
	}
	return f.preparedPage(c, http.StatusOK, views.Prepared{After: after})
}

func (f *Decisions) preparedPage(c echo.Context, status int, view views.Prepared) (err error) {
	view.Templates = web.Actor(c).Animates()
	if view.Answers, err = f.web.DB.PreparedAnswers(c.Request().Context(), web.Actor(c), view.After, pageSize+1); err != nil {
		return err
	}
	if len(view.Answers) > pageSize {
		view.Answers, view.Next = view.Answers[:pageSize], view.Answers[pageSize-1].ID
	}
	page, err := f.web.Page(c, "answers", web.Locale(c).T("decisions.due"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.PreparedList(page, view))
}

// publications publishes the answers that were ticked, each named by its idea and version.
func (f *Decisions) publications(c echo.Context) error {
	if err := web.ParseForm(c); err != nil {
		return err
	}
	var chosen []Chosen
	for _, value := range c.Request().Form["answer"] {
		idea, version, _ := strings.Cut(value, ".")
		one := Chosen{}
		var errs [2]error
		one.Idea, errs[0] = strconv.ParseInt(idea, 10, 64)
		one.Version, errs[1] = strconv.Atoi(version)
		if errors.Join(errs[:]...) != nil || one.Idea <= 0 {
			return f.refused(c, http.StatusUnprocessableEntity, models.Invalid{"answer": "decisions.batch_invalid"})
		}
		chosen = append(chosen, one)
	}
	err := f.Publish(c.Request().Context(), web.Actor(c), chosen)
	if invalid := (models.Invalid{}); errors.As(err, &invalid) {
		return f.refused(c, http.StatusUnprocessableEntity, models.Invalid{"answer": first(invalid)})
	}
	if errors.Is(err, models.ErrConflict) {
		return f.refused(c, http.StatusConflict, models.Invalid{"answer": "decisions.batch_overtaken"})
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("decisions.published_many", "count", len(chosen))})
	return web.Redirect(c, "/answers/prepared")
}

// first is what is wrong with the answer that could not be published.
func first(invalid models.Invalid) string {
	for _, field := range []string{"answer", "kind"} {
		if key := invalid[field]; key != "" {
			return key
		}
	}
	return "decisions.batch_past" // the one thing that changes by itself
}

func (f *Decisions) refused(c echo.Context, status int, problems models.Invalid) error {
	if err := f.deciding(c); err != nil {
		return err
	}
	return f.preparedPage(c, status, views.Prepared{Problems: problems})
}

// template is how the house begins an answer: as it has written itself, or as Ruche proposes.
func (f *Decisions) template(c echo.Context, kind models.DecisionKind, lang string) (string, error) {
	own, err := f.web.DB.AnswerTemplates(c.Request().Context())
	if err != nil {
		return "", err
	}
	for _, t := range own {
		if t.Kind == kind && t.Lang == lang {
			return t.Body, nil
		}
	}
	return i18n.For(lang).T("decisions.template." + string(kind)), nil
}

func (f *Decisions) templates(c echo.Context) error {
	if !web.Actor(c).Animates() {
		return models.ErrForbidden
	}
	view := views.Templates{Bodies: map[string]string{}}
	for _, kind := range models.DecisionKinds() {
		for _, lang := range i18n.Languages {
			body, err := f.template(c, kind, lang)
			if err != nil {
				return err
			}
			view.Bodies[field(kind, lang)] = body
		}
	}
	return f.templatesPage(c, http.StatusOK, view)
}

func (f *Decisions) templatesPage(c echo.Context, status int, view views.Templates) error {
	page, err := f.web.Page(c, "answers", web.Locale(c).T("decisions.templates"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.TemplateForm(page, view))
}

func (f *Decisions) saveTemplates(c echo.Context) error {
	view := views.Templates{Bodies: map[string]string{}, Problems: models.Invalid{}}
	var templates []models.AnswerTemplate
	for _, kind := range models.DecisionKinds() {
		for _, lang := range i18n.Languages {
			body := strings.TrimSpace(strings.ReplaceAll(c.FormValue(field(kind, lang)), "\r\n", "\n"))
			view.Bodies[field(kind, lang)] = body
			if body == i18n.For(lang).T("decisions.template."+string(kind)) {
				body = "" // unchanged: a better proposal of a later version is taken
			}
			templates = append(templates, models.AnswerTemplate{Kind: kind, Lang: lang, Body: body})
		}
	}
	err := f.SaveTemplates(c.Request().Context(), web.Actor(c), templates)
	if errors.As(err, &view.Problems) {
		return f.templatesPage(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("decisions.templates_saved")})
	return web.Redirect(c, "/answers/templates")
}

// figures shows how far the ideas of a campaign have come, and how long its answers take.
func (f *Decisions) figures(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.Figures{}
	if view.Campaign, err = f.web.DB.Campaign(ctx, actor, id); err != nil {
		return err
	}
	if view.Funnel, err = f.web.DB.Funnel(ctx, id); err != nil {
		return err
	}
	if view.Times, err = f.web.DB.AnswerTimes(ctx, view.Campaign); err != nil {
		return err
	}
	if view.Late, err = f.web.DB.LateAnswers(ctx, view.Campaign); err != nil {
		return err
	}
	if view.Stalled, view.Stage, err = f.web.DB.Stalled(ctx, view.Campaign); err != nil {
		return err
	}
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("decisions.figures", "title", view.Campaign.Title))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.FigurePage(page, view))
}
