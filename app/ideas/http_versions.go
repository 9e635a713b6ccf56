package ideas

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	views "ruche/views/ideas"
	"ruche/views/parts"
)

func (f *Ideas) versions(c echo.Context) error {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	before, err := web.BeforeNumber(c)
	if err != nil {
		return err
	}
	idea, cards, err := f.Versions(ctx, actor, id, before)
	if err != nil {
		return err
	}
	next := ""
	if len(cards) == versionPage && cards[len(cards)-1].Number > 1 {
		next = base(id) + "/versions?before=" + strconv.Itoa(cards[len(cards)-1].Number)
	}
	page, err := f.web.Page(c, "ideas", l.T("ideas.versions"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Versions(page, idea, *actor.Access(idea.SpaceID), cards, next))
}

func (f *Ideas) version(c echo.Context) error {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(c.Param("number"), 10, 32)
	if err != nil || number <= 0 {
		return models.ErrNotFound
	}
	idea, diff, err := f.Diff(ctx, actor, id, int(number))
	if err != nil {
		return err
	}
	cards, err := f.db.Versions(ctx, idea, int(number)+1, 1)
	if err != nil {
		return err
	}
	view := views.Version{Idea: idea, Space: *actor.Access(idea.SpaceID), Version: diff.Version, Title: writing.Changes(diff.Title), Summary: writing.Changes(diff.Summary), Body: writing.Changes(diff.Body), Tags: writing.Changes(diff.Tags), Answers: answerChanges(l, diff, false)}
	for _, card := range cards {
		view.Editor = parts.Named{ID: card.EditorID, Name: card.EditorName, Role: card.EditorRole}
	}
	page, err := f.web.Page(c, "ideas", l.T("ideas.version_title", "number", int(number)))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.VersionPage(page, view))
}
