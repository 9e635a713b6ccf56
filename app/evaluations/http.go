package evaluations

import (
	"context"
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

// Routes adds the feature's pages.
func (f *Evaluations) Routes(g *echo.Group) {
	g.GET("/evaluations", f.desk, web.RequireSignIn)
	g.GET("/ideas/:id/evaluation", f.show, f.web.Masked, web.RequireSignIn)
	g.POST("/ideas/:id/evaluation", f.judge, web.RequireSignIn)
	g.POST("/ideas/:id/evaluation/conflict", f.decline, web.RequireSignIn)
	g.POST("/ideas/:id/evaluation/questions", f.said(models.AuthorQuestion, "evaluations.asked", f.Ask), web.RequireSignIn)
	g.POST("/ideas/:id/evaluation/answers", f.said(models.AuthorAnswer, "evaluations.answered", f.Answer), f.web.Masked, web.RequireSignIn)
	g.POST("/ideas/:id/evaluation/messages", f.said(models.EvaluatorMessage, "evaluations.said", f.Discuss), web.RequireSignIn)
	g.POST("/ideas/:id/evaluation/assignment", f.reassign, web.RequireSignIn)
	g.POST("/ideas/:id/evaluation/publication", f.publish, web.RequireSignIn)
	g.POST("/ideas/:id/evaluation/publication/removal", f.unpublish, web.RequireSignIn)
	g.GET("/campaigns/:id/evaluation", f.card, web.RequireSignIn)
	g.POST("/campaigns/:id/evaluation", f.saveCard, web.RequireSignIn)
	g.POST("/campaigns/:id/evaluators", f.appoint, web.RequireSignIn)
	g.POST("/campaigns/:id/evaluators/removal", f.dismiss, web.RequireSignIn)
	g.POST("/campaigns/:id/assignments", f.assignAll, web.RequireSignIn)
	g.GET("/campaigns/:id/graduation", f.showGraduations, web.RequireSignIn)
	g.POST("/campaigns/:id/graduation", f.saveGraduations, web.RequireSignIn)
	g.POST("/campaigns/:id/graduations", f.graduateChosen, web.RequireSignIn)
	g.GET("/campaigns/:id/ranking", f.ranking, web.RequireSignIn)
}

// Sizes of pages.
const (
	deskPage      = 30
	deskCampaigns = 20
	askedIdeas    = 10
)

// desk is what the reader has to evaluate, and what evaluators ask about their own ideas.
func (f *Evaluations) desk(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.Desk{State: models.EvaluationState(c.QueryParam("state"))}
	if view.State == "" {
		view.State = models.Assigned
	}
	if view.State != models.Assigned && view.State != models.Submitted {
		return models.Invalid{"state": "evaluations.state_invalid"}
	}
	after, err := web.Before(c)
	if err != nil {
		return err
	}
	if view.Campaigns, err = f.web.DB.DeskCampaigns(ctx, actor, deskCampaigns); err != nil {
		return err
	}
	if view.Asked, err = f.web.DB.AskedIdeas(ctx, actor, askedIdeas); err != nil {
		return err
	}
	if view.Rows, err = f.web.DB.Desk(ctx, actor, view.State, after, deskPage+1); err != nil {
		return err
	}
	view.Inner = after != 0
	if len(view.Rows) > deskPage {
		view.Rows, view.Next = view.Rows[:deskPage], view.Rows[deskPage-1].ID
	}
	page, err := f.web.Page(c, "evaluations", web.Locale(c).T("evaluations.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Index(page, view))
}

// found is what the reader has to do with the evaluation of the idea in the address.
func (f *Evaluations) found(c echo.Context) (view views.Show, err error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return view, err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	a, err := f.web.DB.Assessment(ctx, actor, id)
	if err != nil {
		return view, err
	}
	view = views.Show{Assessment: a, Due: a.Campaign.EvaluationDue(a.Card), Said: map[models.PostKind]string{}}
	var notNow *models.NotNow
	if errors.As(a.Campaign.EvaluatesAt(f.web.DB.Now()), &notNow) {
		view.NotNow = notNow.Key
	}
	if a.Own != nil {
		view.Note, view.Answers = a.Own.Note, a.Own.Given()
		if view.Next, err = f.web.DB.NextToEvaluate(ctx, actor, a.Own, false); err != nil {
			return view, err
		}
		if view.Previous, err = f.web.DB.NextToEvaluate(ctx, actor, a.Own, true); err != nil {
			return view, err
		}
		if view.Open, err = f.web.DB.OpenEvaluations(ctx, actor, a.Campaign.ID); err != nil {
			return view, err
		}
	}
	if view.Posts, err = f.web.DB.EvaluationPosts(ctx, a); err != nil {
		return view, err
	}
	if view.Form, err = f.web.DB.IdeaAnswers(ctx, actor, a.Idea, a.Idea.Version); err != nil {
		return view, err
	}
	if a.Card.Blind && a.Own != nil {
		view.Form = models.Unsigned(view.Form)
	}
	return view, f.scores(ctx, actor, &view)
}

// scores fills in what the evaluators say, for those who may read it.
func (f *Evaluations) scores(ctx context.Context, actor *models.Actor, view *views.Show) (err error) {
	a := view.Assessment
	if !a.SeesScores() {
		return nil
	}
	if view.Evaluations, err = f.web.DB.Evaluations(ctx, a); err != nil {
		return err
	}
	view.Spreads = models.SpreadByCriterion(a.Card, view.Evaluations)
	view.Result = models.ResultOf(view.Evaluations)
	if err := f.published(ctx, actor, view); err != nil {
		return err
	}
	if view.MayReassign = actor.MayRun(a.Campaign) || a.Leads; view.MayReassign {
		evaluators, err := f.web.DB.Evaluators(ctx, a.Campaign.ID)
		if err != nil {
			return err
		}
		view.Free, err = f.web.DB.FreeEvaluators(ctx, a.Idea, evaluators)
		return err
	}
	return nil
}

func (f *Evaluations) show(c echo.Context) error {
	view, err := f.found(c)
	if err != nil {
		return err
	}
	return f.render(c, http.StatusOK, view)
}

func (f *Evaluations) render(c echo.Context, status int, view views.Show) error {
	page, err := f.web.Page(c, "evaluations", web.Locale(c).T("evaluations.of", "title", view.Idea.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Page(page, view))
}

// refused shows the page of an idea again with what is wrong, and what was written; any other error is returned.
func (f *Evaluations) refused(c echo.Context, err error, kept func(*views.Show)) error {
	var invalid models.Invalid
	var notNow *models.NotNow
	if errors.As(err, &notNow) {
		invalid = models.Invalid{"evaluation": notNow.Key}
	} else if !errors.As(err, &invalid) {
		return err
	}
	view, err := f.found(c)
	if err != nil {
		return err
	}
	view.Problems = invalid
	kept(&view)
	return f.render(c, http.StatusUnprocessableEntity, view)
}

// notApplicable is what a form says of a criterion that does not apply.
const notApplicable = "na"

// written reads an evaluator's form. What is no number is a mistake at its field.
func written(c echo.Context, card *models.Scorecard) (words models.Judgement, problems models.Invalid) {
	words, problems = models.Judgement{Answers: models.Answers{}, Note: c.FormValue("note")}, models.Invalid{}
	words.Version, _ = strconv.Atoi(c.FormValue("version")) // anything else is no version
	for i := range card.Criteria {
		criterion := &card.Criteria[i]
		switch value := strings.TrimSpace(c.FormValue(criterion.Field())); value {
		case "":
		case notApplicable:
			words.Answers[criterion.ID] = nil
		default:
			score, err := strconv.Atoi(value)
			if err != nil {
				problems[criterion.Field()] = "evaluations.score_invalid"
			}
			words.Answers[criterion.ID] = &score
		}
	}
	return words, problems
}

// judge keeps or hands in an evaluation, and goes on to the next.
func (f *Evaluations) judge(c echo.Context) error {
	view, err := f.found(c)
	if err != nil {
		return err
	}
	words, problems := written(c, view.Card)
	do, ctx, actor := c.FormValue("do"), c.Request().Context(), web.Actor(c)
	switch {
	case len(problems) > 0:
		err = problems
	case do == "submit":
		err = f.Submit(ctx, actor, view.Idea.ID, words)
	default:
		err = f.Save(ctx, actor, view.Idea.ID, words)
	}
	if err != nil {
		return f.refused(c, err, func(view *views.Show) { view.Note, view.Answers = words.Note, words.Answers })
	}
	return f.onward(c, view, do)
}

// onward leads from an idea to where its evaluator goes on.
func (f *Evaluations) onward(c echo.Context, view views.Show, do string) error {
	path, toast := views.Path(view.Idea.ID), "evaluations.kept"
	switch {
	case do == "submit":
		toast = "evaluations.submitted"
		if view.Own.State == models.Assigned {
			path = views.Path(view.Next)
			if view.Next == 0 {
				path = "/evaluations"
			}
		}
	case do == "next" && view.Next != 0:
		path = views.Path(view.Next)
	case do == "previous" && view.Previous != 0:
		path = views.Path(view.Previous)
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	return web.Redirect(c, path)
}

func (f *Evaluations) decline(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.Decline(c.Request().Context(), web.Actor(c), id, c.FormValue("reason")); err != nil {
		return f.refused(c, err, func(view *views.Show) { view.Reason = c.FormValue("reason") })
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("evaluations.declined")})
	return web.Redirect(c, "/evaluations")
}

// said is the handler of one kind of post.
func (f *Evaluations) said(kind models.PostKind, toast string, say func(context.Context, *models.Actor, int64, string) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := web.ID(c, "id")
		if err != nil {
			return err
		}
		body := c.FormValue(string(kind))
		if err := say(c.Request().Context(), web.Actor(c), id, body); err != nil {
			return f.refused(c, err, func(view *views.Show) { view.Said[kind] = body })
		}
		f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
		return web.Redirect(c, views.Path(id))
	}
}

func (f *Evaluations) reassign(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	from, _ := strconv.ParseInt(c.FormValue("from"), 10, 64) // anything else is nobody
	to, _ := strconv.ParseInt(c.FormValue("to"), 10, 64)
	if err := f.Reassign(c.Request().Context(), web.Actor(c), id, from, to); err != nil {
		return f.refused(c, err, func(*views.Show) {})
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("evaluations.reassigned")})
	return web.Redirect(c, views.Path(id))
}
