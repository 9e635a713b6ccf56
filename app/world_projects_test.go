package app_test

import (
	"strconv"
	"strings"

	"ruche/models"
)

// project is a new one, of a new idea of Aline's, which Sam carries and Lead controls; with a milestone, news, and a benefit
// as the route is about it.
func (w *world) project(visibility models.Visibility, pattern string) madeProject {
	w.t.Helper()
	controller, state := w.lead().user, models.ProjectRunning
	if strings.HasSuffix(pattern, "/thanks") {
		state = models.ProjectDone
	}
	made := &models.Project{SpaceID: w.space(visibility).ID, Title: "A project", OwnerID: &w.sam.ID, ControllerID: &controller.ID, State: state}
	milestone, news := &models.Step{Kind: models.Milestone, Title: "A milestone"}, &models.ProjectUpdate{Body: "News", HTML: "<p>News</p>"}
	benefit := &models.Benefit{Kind: models.BenefitHours, Nature: models.Forecast, Amount: 12, Label: "Hours", OnDay: w.site.DB.Now()}
	w.site.Tx(w.site.Actor(w.author), func(tx *models.Tx) error {
		idea := &models.Idea{SpaceID: made.SpaceID, AuthorID: w.author.ID, Title: "An idea to carry out", Body: "It", HTML: "<p>It</p>"}
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		made.IdeaID = idea.ID
		if state == models.ProjectDone {
			now := tx.Now()
			made.EndedAt = &now
		}
		if err := tx.CreateProject(made); err != nil {
			return err
		}
		if err := tx.AddStep(made, milestone); err != nil {
			return err
		}
		if err := tx.ClaimBenefit(made, benefit); err != nil {
			return err
		}
		if strings.HasSuffix(pattern, "/:benefit/restoration") {
			if err := tx.WithdrawBenefit(benefit, true); err != nil {
				return err
			}
		}
		return tx.CreateUpdate(made, news)
	})
	id := func(n int64) string { return strconv.FormatInt(n, 10) }
	return madeProject{id(made.ID), id(milestone.ID), id(news.ID), id(benefit.ID)}
}

// madeProject are the numbers of a project and of what it has.
type madeProject struct{ id, step, update, benefit string }
