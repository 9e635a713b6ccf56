package decisions

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/decisions"
	"ruche/views/i18n"
	"ruche/views/layout"
)

// Routes adds the feature's pages.
func (f *Decisions) Routes(g *echo.Group) {
	g.GET("/answers", f.due, web.RequireSignIn)
	g.GET("/answers/stalled", f.stalled, web.RequireSignIn)
	g.GET("/answers/prepared", f.prepared, web.RequireSignIn)
	g.POST("/answers/publications", f.publications, web.RequireSignIn)
	g.GET("/answers/templates", f.templates, web.RequireSignIn)
	g.POST("/answers/templates", f.saveTemplates, web.RequireSignIn)
	g.GET("/ideas/:id/answer", f.form, web.RequireSignIn)
	g.POST("/ideas/:id/answer", f.save, web.RequireSignIn)
	g.GET("/ideas/:id/answers", f.history)
	g.GET("/campaigns/:id/figures", f.figures)
}

// form is where an idea is answered: with what is being prepared, with the answer that is to be corrected, or blank.
func (f *Decisions) form(c echo.Context) error {
	view, err := f.blank(c)
	if err != nil {
		return err
	}
	answer := view.Prepared
	if answer == nil && view.Held != nil {
		answer = &view.Held.Decision
	}
	if answer != nil {
		view.Choice, view.Body, view.Conditions, view.ReopenTag, view.ReopenCampaign = views.Choice(answer.Kind, answer.ReasonCode), answer.Body, answer.Conditions, answer.ReopenTag, answer.ReopenCampaign
		if answer.ReopenOn != nil {
			view.ReopenOn = web.Locale(c).In(*answer.ReopenOn).Format(time.DateOnly)
		}
	} else if kind, lang := models.DecisionKind(c.QueryParam("begin")), c.QueryParam("in"); len(kind.Reasons()) > 0 && slices.Contains(i18n.Languages[:], lang) {
		view.Choice = views.Choice(kind, "other")
		if view.Body, err = f.template(c, kind, lang); err != nil {
			return err
		}
	}
	return f.write(c, http.StatusOK, view)
}

// blank is the form of the idea in the address, for somebody who may answer it.
func (f *Decisions) blank(c echo.Context) (view views.Form, err error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return view, err
	}
	ctx := c.Request().Context()
	idea, err := f.answerable(ctx, web.Actor(c), id)
	if err != nil {
		return view, err
	}
	view = views.Form{Idea: idea, Due: idea.Due()}
	if view.Held, err = f.web.DB.Decision(ctx, &idea.Idea); err != nil {
		return view, err
	}
	if view.Prepared, err = f.web.DB.Prepared(ctx, id); err != nil {
		return view, err
	}
	if view.Held != nil {
		view.Base.Answer = view.Held.ID
	}
	if view.Prepared != nil {
		view.Base.Version = view.Prepared.Version
	}
	return view, nil
}

func (f *Decisions) write(c echo.Context, status int, view views.Form) error {
	page, err := f.web.Page(c, "answers", web.Locale(c).T("decisions.form", "title", view.Idea.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Write(page, view))
}

// written reads the form of an answer. A date that is none is a mistake at its field.
func written(c echo.Context, view *views.Form) (in Answer, problems models.Invalid) {
	view.Choice, view.Body, view.Conditions = c.FormValue("decision"), c.FormValue("body"), c.FormValue("conditions")
	view.ReopenOn, view.ReopenTag, view.ReopenCampaign = strings.TrimSpace(c.FormValue("reopen_on")), c.FormValue("reopen_tag"), c.FormValue("reopen_campaign") == "1"
	kind, reason, _ := strings.Cut(view.Choice, ".")
	in = Answer{
		Idea: view.Idea.ID, Kind: models.DecisionKind(kind), Reason: reason, Body: view.Body, Conditions: view.Conditions, ReopenTag: view.ReopenTag, ReopenCampaign: view.ReopenCampaign,
		Publish: c.FormValue("publish") == "1",
	}
	in.Base.Answer, _ = strconv.ParseInt(c.FormValue("answer"), 10, 64) // anything else is no answer, and a conflict
	in.Base.Version, _ = strconv.Atoi(c.FormValue("version"))
	problems = models.Invalid{}
	if view.ReopenOn != "" {
		day, ok := web.Day(c, view.ReopenOn)
		if !ok {
			problems["reopen_on"] = "decisions.date_invalid"
			return in, problems
		}
		on := day.UTC()
		in.ReopenOn = &on
	}
	return in, problems
}

func (f *Decisions) save(c echo.Context) error {
	view, err := f.blank(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	in, problems := written(c, &view)
	if view.Problems = problems; len(problems) > 0 {
		return f.write(c, http.StatusUnprocessableEntity, view)
	}
	idea, err := f.Answer(c.Request().Context(), web.Actor(c), in)
	switch {
	case errors.As(err, &view.Problems):
		view.Base = in.Base
		return f.write(c, http.StatusUnprocessableEntity, view)
	case errors.Is(err, models.ErrConflict):
		return f.overtaken(c, view)
	case err != nil:
		return err
	}
	toast, next := "decisions.saved", models.AnswerPath(idea.ID)
	if in.Publish {
		toast, next = "decisions.published", idea.Path()
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	return web.Redirect(c, next)
}

// overtaken shows the form again to whom somebody else was quicker, with what the other has written beside it: whoever
// sends it once more has seen that.
func (f *Decisions) overtaken(c echo.Context, sent views.Form) error {
	view, err := f.blank(c)
	if err != nil {
		return err
	}
	view.Choice, view.Body, view.Conditions, view.ReopenOn, view.ReopenTag, view.ReopenCampaign = sent.Choice, sent.Body, sent.Conditions, sent.ReopenOn, sent.ReopenTag, sent.ReopenCampaign
	view.Overtaken = true
	return f.write(c, http.StatusConflict, view)
}

func (f *Decisions) history(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	idea, err := f.web.DB.Idea(ctx, actor, id)
	if err != nil {
		return err
	}
	view := views.History{Idea: idea}
	if view.Answers, err = f.web.DB.Decisions(ctx, idea); err != nil {
		return err
	}
	page, err := f.web.Page(c, "ideas", web.Locale(c).T("decisions.history", "title", idea.Title))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Answers(page, view))
}
