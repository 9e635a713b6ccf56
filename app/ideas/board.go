package ideas

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/ideas"
	"ruche/views/parts"
)

// columnSize is how many ideas a board shows of each stage.
const columnSize = 6

// Column is a stage with the first of the ideas that stand there.
type Column struct {
	Stage models.Stage
	Listed
}

// Board returns the ideas that List would, stage by stage: those stages that have any, in their order; nowhere as Listed has it.
func (f *Ideas) Board(ctx context.Context, actor *models.Actor, in Listing) (columns []Column, space *models.SpaceAccess, nowhere bool, err error) {
	stages := models.Stages()
	if in.Stage != "" {
		stages = []models.Stage{in.Stage}
	}
	in.Limit, in.Cursor = columnSize, ""
	query, space, err := f.narrowed(ctx, actor, in)
	if err != nil {
		return nil, nil, false, err
	}
	for _, stage := range stages {
		query.Stage = stage
		listed, err := f.page(ctx, actor, query, space)
		if err != nil {
			return nil, nil, false, err
		}
		if len(listed.Ideas) > 0 {
			columns = append(columns, Column{stage, *listed})
		}
	}
	return columns, space, query.Nowhere, nil
}

func (f *Ideas) board(c echo.Context, filter views.Filter, in Listing) error {
	actor := web.Actor(c)
	columns, space, nowhere, err := f.Board(c.Request().Context(), actor, in)
	if err != nil {
		return err
	}
	view := views.List{Filter: filter, Title: web.Locale(c).T("ideas.title"), Spaces: actor.Spaces, NewURL: newURL(actor, space), Person: actor.SignedIn(), Inside: actor.Insider(), Nowhere: nowhere}
	if err := f.around(c, &view, space); err != nil {
		return err
	}
	var cards []models.IdeaCard
	var vote *models.Fair
	for _, column := range columns {
		cards, vote = append(cards, column.Ideas...), column.Vote
		shown := views.Column{Stage: column.Stage, Rows: parts.Rows(actor, column.Ideas), More: column.Next != ""}
		if filter.Whole() { // what else narrows a list is not counted
			shown.Count = view.Stages[column.Stage]
		}
		view.Columns = append(view.Columns, shown)
	}
	view.Voting = vote != nil
	if err := f.expose(c, vote, cards...); err != nil {
		return err
	}
	page, err := f.web.Page(c, "ideas", view.Title)
	if err != nil {
		return err
	}
	page.Wide = true
	return web.Render(c, http.StatusOK, views.Index(page, view))
}
