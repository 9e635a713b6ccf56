package evaluations

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/evaluations"
	"ruche/views/layout"
)

// setting is how the ideas of the campaign in the address are evaluated, for those who run it.
func (f *Evaluations) setting(c echo.Context) (view views.Setting, err error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return view, err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	if view.Campaign, err = f.web.DB.Campaign(ctx, actor, id); err != nil {
		return view, err
	}
	if !actor.MayRun(view.Campaign) {
		return view, actor.Refused(view.Campaign.SpaceID, 0)
	}
	if view.Card, err = f.web.DB.Scorecard(ctx, id); err != nil {
		return view, err
	}
	if view.Evaluators, err = f.web.DB.Evaluators(ctx, id); err != nil {
		return view, err
	}
	view.Progress, err = f.web.DB.EvaluationProgress(ctx, view.Card)
	view.Fields = views.FieldsOf(view.Card, web.Locale(c))
	return view, err
}

func (f *Evaluations) card(c echo.Context) error {
	view, err := f.setting(c)
	if err != nil {
		return err
	}
	return f.settings(c, http.StatusOK, view)
}

func (f *Evaluations) settings(c echo.Context, status int, view views.Setting) error {
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("campaigns.settings_of", "title", view.Campaign.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Settings(page, view))
}

// number reads a number of a form; one that is none is too small for every field.
func number(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < -1 || n > 100000 {
		return -1
	}
	return n
}

// writtenCard reads the form of a scorecard. A criterion without a name is none.
func writtenCard(c echo.Context) (fields views.Fields, card *models.Scorecard, problems models.Invalid) {
	problems = models.Invalid{}
	fields = views.Fields{PerIdea: c.FormValue("per_idea"), Minimum: c.FormValue("minimum"), Expected: c.FormValue("expected"), Minutes: c.FormValue("minutes"), Hours: c.FormValue("hours"), Blind: c.FormValue("blind") == "1", Due: strings.TrimSpace(c.FormValue("due"))}
	card = &models.Scorecard{PerIdea: number(fields.PerIdea), Minimum: number(fields.Minimum), Expected: number(cmp.Or(fields.Expected, "0")), Minutes: number(cmp.Or(fields.Minutes, "20")), Hours: number(cmp.Or(fields.Hours, "0")), Blind: fields.Blind, Version: number(c.FormValue("base"))}
	if fields.Due != "" {
		day, ok := web.Day(c, fields.Due)
		if !ok {
			problems["due"] = "campaigns.date_invalid"
		}
		end := day.AddDate(0, 0, 1).UTC()
		card.DueAt = &end
	}
	for i := range models.MaxCriteria {
		field := views.ReadCriterion(i, c.FormValue)
		fields.Criteria = append(fields.Criteria, field)
		if field.Empty() {
			continue
		}
		card.Criteria = append(card.Criteria, models.Criterion{
			ID: field.ID, Position: i, NameEN: field.NameEN, NameFR: field.NameFR, HelpEN: field.HelpEN, HelpFR: field.HelpFR, StepsEN: field.StepsEN, StepsFR: field.StepsFR,
			Lowest: number(cmp.Or(field.Lowest, "0")), Highest: number(field.Highest), Weight: number(cmp.Or(field.Weight, "1")), Inverted: field.Inverted, Axis: models.Axis(field.Axis),
		})
	}
	return fields, card, problems
}

func (f *Evaluations) saveCard(c echo.Context) error {
	view, err := f.setting(c)
	if err != nil {
		return err
	}
	fields, card, problems := writtenCard(c)
	if len(problems) > 0 {
		err = problems
	} else {
		err = f.Set(c.Request().Context(), web.Actor(c), view.Campaign.ID, card)
	}
	switch {
	case errors.As(err, &view.Problems):
		view.Fields = fields
		return f.settings(c, http.StatusUnprocessableEntity, view)
	case errors.Is(err, models.ErrConflict):
		view.Fields, view.Problems = fields, models.Invalid{"criteria": "evaluations.overtaken"}
		return f.settings(c, http.StatusConflict, view)
	case err != nil:
		return err
	}
	return f.set(c, view, "evaluations.saved")
}

// set leads back to the settings and says what is done.
func (f *Evaluations) set(c echo.Context, view views.Setting, toast string) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	return web.Redirect(c, view.Path())
}

func (f *Evaluations) appoint(c echo.Context) error {
	view, err := f.setting(c)
	if err != nil {
		return err
	}
	view.Email, view.Tags, view.Leads = c.FormValue("email"), c.FormValue("tags"), c.FormValue("leads") == "1"
	tags, err := models.ParseTags(view.Tags)
	if err == nil {
		err = f.Appoint(c.Request().Context(), web.Actor(c), view.Campaign.ID, view.Email, models.Evaluator{Leads: view.Leads, Tags: tags})
	}
	if errors.As(err, &view.Problems) {
		return f.settings(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	return f.set(c, view, "evaluations.appointed")
}

func (f *Evaluations) dismiss(c echo.Context) error {
	view, err := f.setting(c)
	if err != nil {
		return err
	}
	person, _ := strconv.ParseInt(c.FormValue("person"), 10, 64) // anything else is nobody
	if err := f.Dismiss(c.Request().Context(), web.Actor(c), view.Campaign.ID, person); err != nil {
		return err
	}
	return f.set(c, view, "evaluations.dismissed")
}

func (f *Evaluations) assignAll(c echo.Context) error {
	view, err := f.setting(c)
	if err != nil {
		return err
	}
	err = f.Assign(c.Request().Context(), web.Actor(c), view.Campaign.ID)
	if errors.As(err, &view.Problems) {
		return f.settings(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	return f.set(c, view, "evaluations.assigned")
}

// What the ranking asks about the weights unless the address says otherwise, and how many ideas a page has.
const (
	rankPage    = 50
	usualTop    = 5
	usualChange = 20
)

func (f *Evaluations) ranking(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	after, err := models.ParseRankKey(c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	view := views.Ranking{Ask: models.Weighing{Top: number(cmp.Or(c.QueryParam("top"), strconv.Itoa(usualTop))), Percent: number(cmp.Or(c.QueryParam("percent"), strconv.Itoa(usualChange)))}, Inner: after != nil}
	if view.Ask.Top < 1 || view.Ask.Top > rankPage || view.Ask.Percent < 1 || view.Ask.Percent > 100 {
		return models.Invalid{"top": "evaluations.weighing_invalid"}
	}
	if view.Campaign, err = f.web.DB.Campaign(ctx, actor, id); err != nil {
		return err
	}
	if view.Card, err = f.web.DB.Scorecard(ctx, id); err != nil {
		return err
	}
	view.MayRun = actor.MayRun(view.Campaign)
	var first *models.EvaluateFirst
	switch view.Ideas, view.Next, err = f.web.DB.Ranking(ctx, actor, view.Campaign, after, rankPage); {
	case errors.As(err, &first):
		view.First = first.Open
	case err != nil:
		return err
	default:
		if view.Reckoning, err = f.web.DB.Reckon(ctx, actor, view.Card, view.Ask); err != nil {
			return err
		}
	}
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("evaluations.ranking_of", "title", view.Campaign.Title))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Rank(page, view))
}
