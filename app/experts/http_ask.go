package experts

import (
	"errors"
	"math"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/experts"
	"ruche/views/layout"
)

// proposals is where somebody chooses whom they ask to answer a question.
func (f *Experts) proposals(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	return f.propose(c, id, http.StatusOK, nil)
}

func (f *Experts) propose(c echo.Context, id int64, status int, problems models.Invalid) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	thread, err := f.db.Thread(ctx, actor, id)
	if err != nil {
		return err
	}
	if refused := actor.AskingRefused(thread); errors.Is(refused, models.ErrConflict) { // an old link leads to what was answered
		return c.Redirect(http.StatusFound, thread.Path())
	} else if refused != nil {
		return refused
	}
	view := views.Asking{Actor: actor, Thread: thread, Problems: problems}
	if view.Asked, err = f.db.AskedIn(ctx, actor, thread); err != nil {
		return err
	}
	if view.Experts, err = f.db.ProposeExperts(ctx, actor, thread); err != nil {
		return err
	}
	page, err := f.web.Page(c, "experts", web.Locale(c).T("experts.ask_somebody"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.AskingPage(page, view))
}

// ask takes the button beside somebody.
func (f *Experts) ask(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	expert, err := strconv.ParseInt(c.FormValue("expert"), 10, 64)
	if err != nil || expert <= 0 || expert > math.MaxInt32 {
		return models.Invalid{"expert": "experts.cannot_ask"}
	}
	request, err := f.Ask(c.Request().Context(), web.Actor(c), id, expert)
	if problems, cannot := models.CannotAsk(err); cannot {
		return f.propose(c, id, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("experts.toast.asked"), UndoAction: views.RequestURL(request.ID) + "/withdrawal"})
	return web.Redirect(c, views.AskURL(id))
}

// asked lists what the reader is asked, and to those who animate the community how asking goes.
func (f *Experts) asked(c echo.Context) error {
	return f.requests(c, http.StatusOK, views.AskedOfMe{})
}

func (f *Experts) requests(c echo.Context, status int, view views.AskedOfMe) (err error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view.Actor = actor
	if view.Requests, err = f.db.AskedOfMe(ctx, actor); err != nil {
		return err
	}
	if actor.Can(models.ArrangeSkills, nil) {
		if view.Figures, err = f.db.ExpertFigures(ctx, actor); err != nil {
			return err
		}
	}
	page, err := f.web.Page(c, "experts", web.Locale(c).T("experts.asked"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.AskedPage(page, view))
}

func (f *Experts) decline(c echo.Context) error {
	id, err := web.ID(c, "request")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view := views.AskedOfMe{Edited: id, Word: c.FormValue("word")}
	_, err = f.Decline(c.Request().Context(), web.Actor(c), id, view.Word)
	if errors.As(err, &view.Problems) {
		return f.requests(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("experts.toast.declined")})
	return web.Redirect(c, "/experts/asked")
}

func (f *Experts) withdraw(c echo.Context) error {
	id, err := web.ID(c, "request")
	if err != nil {
		return err
	}
	request, err := f.Withdraw(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("experts.toast.withdrawn")})
	return web.Redirect(c, views.AskURL(request.ThreadID))
}
