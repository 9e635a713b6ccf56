package demo

import (
	"context"
	"strings"
	"time"

	"ruche/app/text"
	"ruche/models"
)

// Project is how an idea is carried out, from its beginning to the day on which it is done and everyone is thanked.
type Project struct {
	By, Owner, Controller string
	Title, Goal           string
	Begun, Done, Thanked  Age
	Steps                 []Step
	News                  []News
	Benefits              []Benefit
	Before, After         string // Markdown
}

// Step is a milestone or, with somebody whose it is, a task.
type Step struct {
	Title, Of string
	Due, Done Age
}

// News is what the owner tells of a project.
type News struct {
	Ago  Age
	Text string
}

// Benefit is a line of what a project brings; one that came is validated once it is Judged.
type Benefit struct {
	Kind        models.BenefitKind
	Nature      models.BenefitNature
	Amount      int64
	Label       string
	On          Age
	Ago, Judged Age
}

// tellProject adds the project of an idea to the story.
func (f *filler) tellProject(i *Idea, tell func(Age, string, moving)) {
	p, project, steps := i.Project, &models.Project{}, make([]models.Step, len(i.Project.Steps))
	tell(p.Begun, "the project of "+i.Key, f.begins(i, project, steps))
	for n, step := range p.Steps {
		tell(step.Done, step.Title, f.asOwner(p.Owner, func(tx *models.Tx) error {
			if err := tx.Tick(&steps[n], true); err != nil {
				return err
			}
			return tx.Record(models.ProjectStepped, project, map[string]any{"step": steps[n].ID, "what": "done"})
		}))
	}
	for _, news := range p.News {
		tell(news.Ago, "news of "+i.Key, f.asOwner(p.Owner, func(tx *models.Tx) error { return report(tx, project, news.Text) }))
	}
	for _, b := range p.Benefits {
		benefit := &models.Benefit{}
		tell(b.Ago, "a benefit of "+i.Key, f.asOwner(p.Owner, func(tx *models.Tx) error {
			*benefit = models.Benefit{Kind: b.Kind, Nature: b.Nature, Amount: b.Amount, Label: b.Label, OnDay: f.day(b.On)}
			if err := tx.ClaimBenefit(project, benefit); err != nil {
				return err
			}
			return tx.Record(models.BenefitAdded, project, map[string]any{"benefit": benefit.ID})
		}))
		tell(b.Judged, "a benefit of "+i.Key+" is validated", f.asOwner(p.Controller, func(tx *models.Tx) error {
			if err := tx.JudgeBenefit(benefit, models.BenefitValidated, ""); err != nil {
				return err
			}
			return tx.Record(models.BenefitJudged, project, map[string]any{"benefit": benefit.ID, "state": benefit.State})
		}))
	}
	tell(p.Done, i.Key+" is done", f.asOwner(p.Owner, func(tx *models.Tx) error {
		project.StageBefore = models.Evaluated
		if err := tx.MoveProject(project, models.ProjectDone, ""); err != nil {
			return err
		}
		return tx.Record(models.ProjectFinished, project, nil)
	}))
	tell(p.Thanked, "everyone is thanked for "+i.Key, f.asOwner(p.Owner, func(tx *models.Tx) error { return thank(tx, project, p) }))
}

// asOwner runs a change of a project by somebody who has to do with it.
func (f *filler) asOwner(who string, change func(*models.Tx) error) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, who)
		if err != nil {
			return err
		}
		return db.Tx(ctx, actor, change)
	}
}

// day is the beginning of a day so long ago; an age below zero is one to come.
func (f *filler) day(ago Age) time.Time {
	return f.now.Add(-time.Duration(ago)).UTC().Truncate(24 * time.Hour)
}

// begins: whoever runs the space gives an idea to somebody who carries it out, with a plan.
func (f *filler) begins(i *Idea, project *models.Project, steps []models.Step) moving {
	p := i.Project
	return f.asOwner(p.By, func(tx *models.Tx) error {
		idea := f.ideas[i.Key]
		if !tx.Actor().MayBegin(idea.SpaceID, nil) {
			return models.ErrForbidden
		}
		rendered, err := text.Render(strings.TrimSpace(p.Goal), text.Body, nil)
		if err != nil {
			return err
		}
		*project = models.Project{
			IdeaID: idea.ID, SpaceID: idea.SpaceID, Title: p.Title, Goal: strings.TrimSpace(p.Goal), HTML: rendered.HTML, Lang: i.Lang, OwnerID: &f.users[p.Owner].ID,
			ControllerID: &f.users[p.Controller].ID, State: models.ProjectRunning,
		}
		if err := tx.CreateProject(project); err != nil {
			return err
		}
		for n, step := range p.Steps {
			due := f.day(step.Due)
			steps[n] = models.Step{Kind: models.Milestone, Title: step.Title, DueOn: &due}
			if step.Of != "" {
				steps[n].Kind, steps[n].AssigneeID = models.Task, &f.users[step.Of].ID
			}
			if err := tx.AddStep(project, &steps[n]); err != nil {
				return err
			}
		}
		if err := tx.Follow(*project.OwnerID, idea.ID); err != nil {
			return err
		}
		return tx.Record(models.ProjectBegun, project, map[string]int64{"idea": idea.ID})
	})
}

func report(tx *models.Tx, project *models.Project, body string) error {
	rendered, err := text.Render(strings.TrimSpace(body), text.Comment, nil)
	if err != nil {
		return err
	}
	update := &models.ProjectUpdate{Body: strings.TrimSpace(body), HTML: rendered.HTML, Lang: project.Lang}
	if err := tx.CreateUpdate(project, update); err != nil {
		return err
	}
	return tx.Record(models.ProjectReported, project, map[string]int64{"update": update.ID})
}

// thank: the owner tells what was before and what is there now, and then everyone who had a part in it.
func thank(tx *models.Tx, project *models.Project, p *Project) error {
	story := &models.Story{ProjectID: project.ID, Lang: project.Lang, BeforeText: strings.TrimSpace(p.Before), AfterText: strings.TrimSpace(p.After)}
	for _, side := range []struct {
		body string
		html *string
	}{{story.BeforeText, &story.BeforeHTML}, {story.AfterText, &story.AfterHTML}} {
		rendered, err := text.Render(side.body, text.Body, nil)
		if err != nil {
			return err
		}
		*side.html = rendered.HTML
	}
	if err := tx.SaveStory(story, 0); err != nil {
		return err
	}
	if err := tx.AnnounceThanks(project); err != nil {
		return err
	}
	return tx.Record(models.ThanksAnnounced, project, nil)
}
