package polls

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
	"ruche/views/layout"
	views "ruche/views/polls"
)

// usualDays is how long a poll is open that says nothing else.
const usualDays = 7

// Rows of dates in a form: how many at first, and how many more one gets at once.
const (
	firstDates = 4
	moreDates  = 4
)

// asked is the thread of the address, as far as the actor may say what it asks, and what it asks already.
func (f *Polls) asked(c echo.Context) (*models.Thread, *models.ThreadPoll, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, nil, err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	thread, poll, err := f.db.Poll(ctx, actor, id)
	if errors.Is(err, models.ErrNotFound) {
		thread, err = f.db.Thread(ctx, actor, id)
		if err == nil && thread.Kind != models.Poll {
			err = models.ErrNotFound
		}
	}
	if err != nil {
		return nil, nil, err
	}
	return thread, poll, mayTend(actor, thread)
}

func (f *Polls) edit(c echo.Context) error {
	thread, poll, err := f.asked(c)
	if err != nil {
		return err
	}
	form := views.Form{Thread: thread, Results: models.ResultsVoted, Question: thread.Title}
	closes := f.db.Now().In(web.Zone(c)).AddDate(0, 0, usualDays)
	form.ClosesDay, form.ClosesTime = closes.Format(time.DateOnly), "18:00"
	if poll != nil {
		if poll.Frozen || poll.ClosedAt != nil {
			return web.Redirect(c, views.URL(thread.ID))
		}
		fill(&form, poll, web.Zone(c))
	}
	if kinds, chosen := c.QueryParams()["kind"]; chosen {
		form.Kind = models.PollKind(kinds[0])
		if !slices.Contains(models.PollKinds(), form.Kind) {
			form.Kind = ""
		}
	}
	if form.Kind == models.DateFinding {
		form.Dates = append(form.Dates, make([]views.Dated, max(0, firstDates-len(form.Dates)))...)
	}
	return f.renderForm(c, http.StatusOK, form)
}

// fill shows in a form what a thread asks.
func fill(form *views.Form, poll *models.ThreadPoll, zone *time.Location) {
	form.Base, form.Kind, form.Question, form.Anonymous, form.Results = poll.Version, poll.Kind, poll.Question, poll.Anonymous, poll.Results
	closes := poll.ClosesAt.In(zone)
	form.ClosesDay, form.ClosesTime = closes.Format(time.DateOnly), closes.Format(clock)
	form.Least, form.Most, form.Quorum, form.QuorumPercent = figure(poll.Least), figure(poll.Most), figure(poll.Quorum), poll.QuorumPercent
	if poll.Kind != models.DateFinding {
		form.Options = views.Lines(poll.Options)
		return
	}
	for _, option := range poll.Options {
		if option.StartsAt != nil {
			at := option.StartsAt.In(zone)
			form.Dates = append(form.Dates, views.Dated{Day: at.Format(time.DateOnly), Time: at.Format(clock)})
		} else {
			form.Dates = append(form.Dates, views.Dated{Day: option.Day})
		}
	}
}

func figure(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (f *Polls) renderForm(c echo.Context, status int, form views.Form) error {
	var err error
	if form.Electorate, err = f.db.Electorate(c.Request().Context(), form.Thread.SpaceID); err != nil {
		return err
	}
	page, err := f.web.Page(c, section, web.Locale(c).T("polls.ask_title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.FormPage(page, form))
}

func (f *Polls) save(c echo.Context) error {
	thread, _, err := f.asked(c)
	if err != nil {
		return err
	}
	form, poll, problems := readForm(c)
	form.Thread = thread
	if c.FormValue("more") != "" {
		form.Dates = append(form.Dates, make([]views.Dated, min(moreDates, models.MaxPollOptions-len(form.Dates)))...)
		return f.renderForm(c, http.StatusUnprocessableEntity, form)
	}
	if len(problems) > 0 {
		form.Problems = problems
		return f.renderForm(c, http.StatusUnprocessableEntity, form)
	}
	err = f.Save(c.Request().Context(), web.Actor(c), thread.ID, form.Base, poll)
	var notNow *models.NotNow
	switch {
	case err == nil:
		f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("polls.saved")})
		return web.Redirect(c, thread.Path()+"#poll")
	case errors.As(err, &form.Problems):
		return f.renderForm(c, http.StatusUnprocessableEntity, form)
	case errors.As(err, &notNow):
		form.Problems = models.Invalid{"question": notNow.Key}
		return f.renderForm(c, http.StatusConflict, form)
	case errors.Is(err, models.ErrConflict):
		form.Overtaken = true
		return f.renderForm(c, http.StatusConflict, form)
	}
	return err
}

// readForm reads what somebody asks, and which of its fields hold no number or day.
func readForm(c echo.Context) (form views.Form, poll *models.ThreadPoll, problems models.Invalid) {
	problems = models.Invalid{}
	form = views.Form{
		Kind: models.PollKind(c.FormValue("kind")), Question: c.FormValue("question"), Options: c.FormValue("options"), Least: c.FormValue("least"), Most: c.FormValue("most"),
		Anonymous: c.FormValue("anonymous") == "1", Results: models.ShowResults(c.FormValue("results")),
		Quorum: c.FormValue("quorum"), QuorumPercent: c.FormValue("quorum_unit") == "percent", ClosesDay: c.FormValue("closes_day"), ClosesTime: c.FormValue("closes_time"),
	}
	if base, err := strconv.Atoi(c.FormValue("base")); err == nil {
		form.Base = base
	}
	number := func(field, text string) int {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if strings.TrimSpace(text) != "" && err != nil {
			problems[field] = "polls." + field + "_invalid"
		}
		return n
	}
	poll = &models.ThreadPoll{Kind: form.Kind, Question: form.Question, Anonymous: form.Anonymous, Results: form.Results, QuorumPercent: form.QuorumPercent,
		Least: number("least", form.Least), Most: number("most", form.Most), Quorum: number("quorum", form.Quorum), ClosesAt: moment(c, form.ClosesDay, form.ClosesTime)}
	if form.Kind == models.DateFinding {
		poll.Options = readDates(c, &form, problems)
		return form, poll, problems
	}
	for _, line := range strings.Split(strings.ReplaceAll(form.Options, "\r", ""), "\n") {
		if strings.TrimSpace(line) != "" && len(poll.Options) <= models.MaxPollOptions { // one more, which says that there are too many
			poll.Options = append(poll.Options, models.PollOption{Label: line})
		}
	}
	return form, poll, problems
}

func readDates(c echo.Context, form *views.Form, problems models.Invalid) (options []models.PollOption) {
	values, _ := c.FormParams() // which was read before
	for i := range models.MaxPollOptions {
		name := strconv.Itoa(i)
		if _, there := values["day_"+name]; !there {
			break
		}
		dated := views.Dated{Day: c.FormValue("day_" + name), Time: c.FormValue("time_" + name)}
		form.Dates = append(form.Dates, dated)
		if dated == (views.Dated{}) {
			continue
		}
		option := models.PollOption{Day: dated.Day}
		if dated.Time != "" {
			at := moment(c, dated.Day, dated.Time)
			option = models.PollOption{StartsAt: &at}
		}
		if _, ok := web.Day(c, dated.Day); !ok || option.StartsAt != nil && option.StartsAt.IsZero() {
			problems["options"] = "polls.option_no_date"
		}
		options = append(options, option)
	}
	return options
}

func (f *Polls) writeOutcome(c echo.Context) error {
	view, err := f.found(c)
	if err != nil {
		return err
	}
	if err := mayTend(web.Actor(c), view.Thread); err != nil {
		return err
	}
	if view.Poll.OpenAt(f.db.Now()) {
		return web.Redirect(c, views.URL(view.Thread.ID))
	}
	form := views.OutcomeForm{View: *view, Base: view.Poll.Outcomes}
	if view.Outcome != nil {
		form.Body = view.Outcome.Body
		if at := view.Outcome.ReviewAt; at != nil && at.After(f.db.Now()) {
			form.Review = at.In(web.Zone(c)).Format(time.DateOnly)
		}
	}
	return f.renderOutcome(c, http.StatusOK, form)
}

func (f *Polls) renderOutcome(c echo.Context, status int, form views.OutcomeForm) error {
	page, err := f.web.Page(c, section, web.Locale(c).T("polls.outcome_title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.OutcomePage(page, form))
}

func (f *Polls) saveOutcome(c echo.Context) error {
	view, err := f.found(c)
	if err != nil {
		return err
	}
	form := views.OutcomeForm{View: *view, Body: c.FormValue("body"), Review: c.FormValue("review")}
	if form.Base, err = strconv.Atoi(c.FormValue("base")); err != nil {
		form.Base = 0
	}
	var review *time.Time
	if form.Review != "" {
		day, ok := web.Day(c, form.Review)
		if !ok {
			day = time.Time{} // which is over
		}
		review = &day
	}
	err = f.WriteOutcome(c.Request().Context(), web.Actor(c), view.Thread.ID, form.Base, form.Body, review)
	var notNow *models.NotNow
	switch {
	case err == nil:
		f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("polls.outcome_saved")})
		return web.Redirect(c, view.Thread.Path()+"#poll")
	case errors.As(err, &form.Problems):
		return f.renderOutcome(c, http.StatusUnprocessableEntity, form)
	case errors.As(err, &notNow):
		form.Problems = models.Invalid{"body": notNow.Key}
		return f.renderOutcome(c, http.StatusConflict, form)
	case errors.Is(err, models.ErrConflict):
		form.Overtaken, form.Base = true, view.Poll.Outcomes
		return f.renderOutcome(c, http.StatusConflict, form)
	}
	return err
}

// outcomesShown is how many of the outcomes that were written are listed: all there can be.
const outcomesShown = models.MaxOutcomes

func (f *Polls) outcomes(c echo.Context) error {
	view, err := f.found(c)
	if err != nil {
		return err
	}
	list, err := f.db.PollOutcomes(c.Request().Context(), view.Thread.ID, outcomesShown)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, section, web.Locale(c).T("polls.outcomes_title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.OutcomesPage(page, views.Outcomes{View: *view, List: list}))
}
