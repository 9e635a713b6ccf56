package knowledge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
)

// Tick marks one task of an article as done or not: a version like any other. It is the task that the actor was shown in the version base,
// wherever it stands by now; models.ErrConflict where others have taken it away or given it other words.
func (f *Knowledge) Tick(ctx context.Context, actor *models.Actor, id int64, base, number int, done bool) (*models.Article, error) {
	now, err := f.db.Article(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if err := actor.Refusal(models.WriteArticle, &models.Space{ID: now.SpaceID}); err != nil {
		return nil, err
	}
	shown, err := f.db.ArticleVersion(ctx, id, base)
	if errors.Is(err, models.ErrNotFound) && base < now.Version { // it is not kept any more
		return nil, fmt.Errorf("version %d of article %d, in which a task was ticked: %w", base, id, models.ErrConflict)
	}
	if err != nil {
		return nil, err
	}
	if _, ok := text.Tick(shown.Body, number, done); !ok {
		return nil, fmt.Errorf("task %d of article %d: %w", number, id, models.ErrNotFound)
	}
	number, ok := text.SameTask(shown.Body, number, now.Body)
	if !ok {
		return nil, fmt.Errorf("task of article %d: %w", id, models.ErrConflict)
	}
	body, _ := text.Tick(now.Body, number, done)
	article, _, err := f.revise(ctx, actor, EditArticle{ID: id, Base: now.Version, Title: now.Title, Body: body, Tags: now.Tags}, ticking)
	return article, err
}

// ticking is directly, except that what its author has begun to write in the form stays.
func ticking(tx *models.Tx, article *models.Article) (editorID int64, err error) {
	collection, err := tx.Collection(tx.Context(), tx.Actor(), article.CollectionID)
	if err != nil {
		return 0, err
	}
	if publishes(tx.Actor(), collection) != nil {
		return 0, models.ErrForbidden
	}
	return tx.Actor().ID, nil
}

// tick takes a click on the box of a task, "3-done" or "3-open", from the page of an article.
func (f *Knowledge) tick(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	article, err := f.db.Article(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if err := web.Actor(c).Refusal(models.WriteArticle, &models.Space{ID: article.SpaceID}); err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	said, state, _ := strings.Cut(c.FormValue("task"), "-")
	number, err := strconv.Atoi(said)
	base, wrong := strconv.Atoi(c.FormValue("base"))
	if err != nil || wrong != nil || int(int32(base)) != base || state != "done" && state != "open" {
		return models.Invalid{"task": "knowledge.task_invalid"}
	}
	after, err := f.Tick(c.Request().Context(), web.Actor(c), article.ID, base, number, state == "done")
	if errors.Is(err, models.ErrConflict) {
		return f.done(c, article.Path(), "task_conflict", "")
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, after.Path()+"#task-"+said)
}
