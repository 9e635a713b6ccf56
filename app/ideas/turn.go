package ideas

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/ideas"
	"ruche/views/layout"
)

// turned is the thread that a form turns into an idea, nil for none.
func (f *Ideas) turned(ctx context.Context, actor *models.Actor, id string) (*models.Thread, error) {
	if id == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("thread %q: %w", id, models.ErrNotFound)
	}
	return f.mayTurn(ctx, actor, n)
}

func (f *Ideas) mayTurn(ctx context.Context, actor *models.Actor, id int64) (*models.Thread, error) {
	thread, err := f.db.Thread(ctx, actor, id)
	if err == nil && !actor.MayTurn(thread) {
		err = fmt.Errorf("turn thread %d into an idea: %w", id, actor.Refused(thread.SpaceID, thread.AuthorID))
	}
	return thread, err
}

// turning shows the form for the idea that a thread becomes, which begins as the thread does.
func (f *Ideas) turning(c echo.Context, thread *models.Thread) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	opening, err := f.db.ThreadPosts(ctx, thread, 1, 1)
	if err != nil {
		return err
	}
	view := views.Write{Turned: thread, Title: thread.Title, Tags: strings.Join(thread.Tags, ", "), MayClose: actor.MayTend(thread)}
	if len(opening) > 0 && opening[0].Number == 1 && opening[0].RemovedAt == nil {
		view.Body = opening[0].Body
	}
	if actor.CanOnceAccepted(models.PostIdea, &models.Space{ID: thread.SpaceID}) {
		view.Space = actor.Access(thread.SpaceID).Slug
	}
	if view.Campaign, err = f.answered(ctx, actor, c.QueryParam("campaign")); err != nil {
		return err
	}
	return f.newPage(c, http.StatusOK, view)
}

// turnable gives an idea that a thread becomes the author of the thread, who stays hidden if they were. Somebody who is named there
// cannot hide here.
func (f *Ideas) turnable(ctx context.Context, actor *models.Actor, in NewIdea, campaign *models.Campaign, idea *models.Idea) error {
	if in.Thread == 0 {
		return nil
	}
	thread, err := f.mayTurn(ctx, actor, in.Thread)
	if err != nil {
		return err
	}
	if campaign != nil && campaign.Anonymity != models.Named {
		return models.Invalid{"thread": "ties.turn_named"}
	}
	idea.AuthorID, idea.Anonymity = thread.AuthorID, thread.Anonymity
	return nil
}

// turn says of a new idea which thread has become it.
func (in NewIdea) turn(tx *models.Tx, idea *models.Idea) error {
	if in.Thread == 0 {
		return nil
	}
	thread, err := tx.LockThread(in.Thread)
	if err != nil {
		return err
	}
	if !tx.Actor().MayTurn(thread) || idea.AuthorID != thread.AuthorID {
		return models.ErrForbidden
	}
	if err := tx.Turn(idea, thread); err != nil {
		return err
	}
	if in.Close && tx.Actor().MayTend(thread) && thread.ClosedAt == nil {
		if err := tx.Close(thread, true, ""); err != nil {
			return err
		}
		if err := tx.Record(models.ThreadClosed, thread, nil); err != nil {
			return err
		}
	}
	return tx.Record(models.ThreadTurned, thread, models.About{Idea: idea.ID})
}

// turnedInto answers the form that has turned a thread into an idea.
func (f *Ideas) turnedInto(c echo.Context, idea *models.Idea) error {
	toast := layout.Toast{Text: web.Locale(c).T("ties.toast.turned")}
	if web.Actor(c).MayWithdraw(idea) {
		toast.UndoAction = base(idea.ID) + "/withdrawal"
	}
	f.web.Toast(c, toast)
	return web.Redirect(c, idea.Path())
}
