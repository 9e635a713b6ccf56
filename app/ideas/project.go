package ideas

import (
	"context"

	"ruche/models"
	views "ruche/views/ideas"
)

// project is the block of an idea's page about the project that carries it out: with the one there is, or the way to begin one.
func (f *Ideas) project(ctx context.Context, actor *models.Actor, idea *models.Idea) (view views.Project, err error) {
	if view.Card, err = f.db.ProjectOf(ctx, idea.ID); err != nil || view.Card != nil {
		return view, err
	}
	if idea.State == models.Published && actor.Can(models.StageIdea, &models.Space{ID: idea.SpaceID}) && actor.MayBegin(idea.SpaceID, nil) {
		view.BeginURL = base(idea.ID) + "/project"
	}
	return view, nil
}
