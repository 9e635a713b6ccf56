package polls

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/polls"
)

// section is the part of the house that the pages are in.
const section = "discussions"

// Routes adds the feature's pages.
func (f *Polls) Routes(g *echo.Group) {
	g.GET("/threads/:id/poll", f.show)
	g.POST("/threads/:id/poll", f.save, web.RequireSignIn)
	g.GET("/threads/:id/poll/edit", f.edit, web.RequireSignIn)
	g.POST("/threads/:id/poll/vote", f.vote, web.RequireSignIn)
	g.POST("/threads/:id/poll/vote/removal", f.takeBack, web.RequireSignIn)
	g.GET("/threads/:id/poll/votes", f.voters)
	g.POST("/threads/:id/poll/closing", f.moveClosing, web.RequireSignIn)
	g.POST("/threads/:id/poll/closure", f.close, web.RequireSignIn)
	g.POST("/threads/:id/poll/reopening", f.reopen, web.RequireSignIn)
	g.POST("/threads/:id/poll/objections/:vote", f.reply, web.RequireSignIn)
	g.GET("/threads/:id/poll/outcome", f.writeOutcome, web.RequireSignIn)
	g.POST("/threads/:id/poll/outcome", f.saveOutcome, web.RequireSignIn)
	g.GET("/threads/:id/poll/outcomes", f.outcomes)
}

// View is the poll of a thread as a person sees it; ErrNotFound if the thread asks nothing yet.
func (f *Polls) View(ctx context.Context, actor *models.Actor, threadID int64, zone *time.Location) (*views.View, error) {
	thread, poll, err := f.db.Poll(ctx, actor, threadID)
	if err != nil {
		return nil, err
	}
	now := f.db.Now()
	view := &views.View{Thread: thread, Poll: poll, SignedIn: actor.SignedIn(), MayTend: actor.MayTendPoll(thread), MayVote: actor.MayVoteIn(thread, poll, now) == nil}
	closes := poll.ClosesAt.In(zone)
	view.ClosesDay, view.ClosesTime = closes.Format(time.DateOnly), closes.Format(clock)
	var unaccepted *models.Unaccepted
	if errors.As(actor.Refusal(models.CastBallot, &models.Space{ID: thread.SpaceID}), &unaccepted) {
		view.Asked = unaccepted.Slug
	}
	if view.Own, err = f.db.OwnVote(ctx, actor, threadID); err != nil {
		return nil, err
	}
	if view.Own != nil {
		view.Marks, view.Reason = view.Own.Marks, view.Own.Reason
	}
	view.Shown = poll.Shows(view.Own != nil, now)
	if poll.Electorate != nil {
		view.Electorate = *poll.Electorate
	} else if view.Electorate, err = f.db.Electorate(ctx, thread.SpaceID); err != nil {
		return nil, err
	}
	view.Electorate = max(view.Electorate, poll.Voters)
	return view, f.follow(ctx, view)
}

// Card is the poll on the page of its thread, above the text once it is over; of a thread that asks nothing yet, the way to set it up.
func (f *Polls) Card(c echo.Context, thread *models.Thread) (card templ.Component, first bool, err error) {
	page := layout.Page{L: web.Locale(c), Now: f.db.Now()}
	view, err := f.View(c.Request().Context(), web.Actor(c), thread.ID, web.Zone(c))
	if errors.Is(err, models.ErrNotFound) {
		return views.Unset(page, thread, web.Actor(c).MayTendPoll(thread) && thread.ClosedAt == nil), false, nil
	}
	if err != nil {
		return nil, false, err
	}
	return views.Card(page, *view), !view.Poll.OpenAt(f.db.Now()), nil
}

// follow adds what a poll led to.
func (f *Polls) follow(ctx context.Context, view *views.View) (err error) {
	if view.Shown || view.MayTend {
		if view.Objections, err = f.db.Objections(ctx, view.Poll); err != nil {
			return err
		}
	}
	if !view.Poll.Settled() {
		return nil
	}
	outcomes, err := f.db.PollOutcomes(ctx, view.Thread.ID, 1)
	if err == nil && len(outcomes) > 0 {
		view.Outcome = &outcomes[0]
	}
	return err
}

// clock is how a time stands in a field.
const clock = "15:04"

func (f *Polls) found(c echo.Context) (*views.View, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	return f.View(c.Request().Context(), web.Actor(c), id, web.Zone(c))
}

func (f *Polls) show(c echo.Context) error {
	view, err := f.found(c)
	if err != nil {
		return err
	}
	return f.render(c, http.StatusOK, view)
}

func (f *Polls) render(c echo.Context, status int, view *views.View) error {
	page, err := f.web.Page(c, section, view.Poll.Question)
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Page(page, *view))
}

// done leads back to the poll with a word.
func (f *Polls) done(c echo.Context, id int64, key string) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(key)})
	return web.Redirect(c, fmt.Sprintf("/threads/%d#poll", id))
}

// again shows the poll with what was sent and why it could not be taken; where that is no mistake of the sender's, the error.
func (f *Polls) again(c echo.Context, field string, fill func(*views.View), err error) error {
	var problems models.Invalid
	var notNow *models.NotNow
	status := http.StatusUnprocessableEntity
	switch {
	case errors.As(err, &problems):
	case errors.As(err, &notNow):
		status, problems = http.StatusConflict, models.Invalid{field: notNow.Key}
	case errors.Is(err, models.ErrConflict):
		status, problems = http.StatusConflict, models.Invalid{field: "polls.overtaken"}
	default:
		return err
	}
	view, failed := f.found(c)
	if failed != nil {
		return failed
	}
	view.Problems = problems
	fill(view)
	return f.render(c, status, view)
}

func (f *Polls) vote(c echo.Context) error {
	view, err := f.found(c)
	if err != nil {
		return err
	}
	base, err := strconv.Atoi(c.FormValue("base"))
	if err != nil || base < 0 {
		base = 0
	}
	marks, reason := written(c, view.Poll), c.FormValue("reason")
	if err := f.Vote(c.Request().Context(), web.Actor(c), view.Thread.ID, base, marks, reason); err != nil {
		return f.again(c, "vote", func(v *views.View) { v.Marks, v.Reason = marks, reason }, err)
	}
	return f.done(c, view.Thread.ID, "polls.voted_done")
}

// written reads the marks of a vote from its form. What is no number becomes a mark that no poll knows.
func written(c echo.Context, poll *models.ThreadPoll) models.Marks {
	const unknown = -1
	marks := make(models.Marks, max(1, len(poll.Options)))
	form, _ := c.FormParams() // which was read before
	if poll.Kind == models.SingleChoice || poll.Kind == models.MultipleChoice {
		for _, text := range form["choose"] {
			option, err := strconv.Atoi(text)
			if err != nil || option < 0 || option >= len(marks) {
				return models.Marks{unknown}
			}
			marks[option] = 1
		}
		return marks
	}
	for i := range marks {
		text := strings.TrimSpace(c.FormValue("mark_" + strconv.Itoa(i)))
		mark, err := strconv.Atoi(text)
		switch {
		case err == nil:
			marks[i] = mark
		case text != "":
			marks[i] = unknown
		}
	}
	return marks
}

func (f *Polls) takeBack(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.TakeBack(c.Request().Context(), web.Actor(c), id); err != nil {
		return f.again(c, "vote", func(*views.View) {}, err)
	}
	return f.done(c, id, "polls.taken_back")
}

// votersShown is how many voters a page lists.
const votersShown = 50

func (f *Polls) voters(c echo.Context) error {
	view, err := f.found(c)
	if err != nil {
		return err
	}
	before, err := web.Before(c)
	if err != nil {
		return err
	}
	if view.Poll.Anonymous {
		return models.ErrNotFound // there is no such list
	}
	rows, err := f.db.PollVoters(c.Request().Context(), view.Poll, before, votersShown+1)
	if err != nil {
		return err
	}
	page := views.Voters{View: *view, Rows: rows}
	if len(rows) > votersShown {
		page.Rows = rows[:votersShown]
		page.Next = views.URL(view.Thread.ID) + "/votes?before=" + strconv.FormatInt(page.Rows[votersShown-1].ID, 10)
	}
	layout, err := f.web.Page(c, section, web.Locale(c).T("polls.who_title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.VotersPage(layout, page))
}

func (f *Polls) moveClosing(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	day, hour := c.FormValue("closes_day"), c.FormValue("closes_time")
	if err := f.MoveClosing(c.Request().Context(), web.Actor(c), id, moment(c, day, hour)); err != nil {
		return f.again(c, "closes", func(v *views.View) { v.ClosesDay, v.ClosesTime = day, hour }, err)
	}
	return f.done(c, id, "polls.moved")
}

func (f *Polls) reopen(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	day, hour := c.FormValue("closes_day"), c.FormValue("closes_time")
	if err := f.Reopen(c.Request().Context(), web.Actor(c), id, moment(c, day, hour)); err != nil {
		return f.again(c, "closes", func(v *views.View) { v.ClosesDay, v.ClosesTime = day, hour }, err)
	}
	return f.done(c, id, "polls.reopened")
}

// moment is a day and a time of the reader's zone; the zero time for what is none.
func moment(c echo.Context, day, hour string) time.Time {
	if _, ok := web.Day(c, day); !ok {
		return time.Time{}
	}
	at, err := time.ParseInLocation(time.DateOnly+" "+clock, day+" "+hour, web.Zone(c))
	if err != nil {
		return time.Time{}
	}
	return at
}

func (f *Polls) close(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.Close(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	return f.done(c, id, "polls.closed_done")
}

func (f *Polls) reply(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	vote, err := web.ID(c, "vote")
	if err != nil {
		return err
	}
	field := "reply_" + strconv.FormatInt(vote, 10)
	reply := c.FormValue(field)
	if err := f.AnswerObjection(c.Request().Context(), web.Actor(c), id, vote, reply); err != nil {
		return f.again(c, field, func(v *views.View) { v.Replies = map[int64]string{vote: reply} }, err)
	}
	return f.done(c, id, "polls.replied")
}
