package projects

import (
	"context"
	"fmt"
	"time"

	"ruche/app/text"
	"ruche/models"
)

// NewStep is what someone writes of a milestone or a task. Assignee is an address, which may be empty.
type NewStep struct {
	Kind      models.StepKind
	Title     string
	Milestone int64 // that a task leads to; 0 for none
	Assignee  string
	DueOn     *time.Time
	Once      Once
}

// AddStep adds a milestone or a task to a project.
func (f *Projects) AddStep(ctx context.Context, actor *models.Actor, id int64, in NewStep) (step *models.Step, err error) {
	card, err := f.mayLead(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	step = &models.Step{Kind: in.Kind}
	people, err := f.assignee(ctx, card.SpaceID, in)
	if err != nil {
		return nil, err
	}
	_, err = f.change(ctx, actor, id, models.ProjectStepped, func(tx *models.Tx, card *models.ProjectCard) (any, error) {
		in.fill(step, people)
		if err := tx.AddStep(&card.Project, step); err != nil {
			return nil, err
		}
		return stepped{step.ID, "added"}, in.Once.claim(tx, step.ID)
	})
	return step, err
}

// EditStep changes a milestone or a task; which of the two it is stays.
func (f *Projects) EditStep(ctx context.Context, actor *models.Actor, id, stepID int64, in NewStep) (*models.ProjectCard, error) {
	card, err := f.mayLead(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	people, err := f.assignee(ctx, card.SpaceID, in)
	if err != nil {
		return nil, err
	}
	return f.change(ctx, actor, id, models.ProjectStepped, func(tx *models.Tx, card *models.ProjectCard) (any, error) {
		step, err := present(tx, card, stepID)
		if err != nil {
			return nil, err
		}
		in.fill(&step.Step, people)
		return stepped{step.ID, "edited"}, tx.SaveStep(&card.Project, &step.Step)
	})
}

// Tick says that a step is done, or that it is not; once more changes nothing.
func (f *Projects) Tick(ctx context.Context, actor *models.Actor, id, stepID int64, done bool) (card *models.ProjectCard, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if card, err = tx.LockProject(id); err != nil {
			return err
		}
		step, err := present(tx, card, stepID)
		if err != nil {
			return err
		}
		if !actor.MayTick(card, &step.Step) {
			return actor.Refused(card.SpaceID, 0)
		}
		if err := rests(card); err != nil {
			return err
		}
		if done == (step.DoneAt != nil) {
			return nil
		}
		if err := tx.Tick(&step.Step, done); err != nil {
			return err
		}
		what := "done"
		if !done {
			what = "undone"
		}
		return tx.Record(models.ProjectStepped, card, stepped{step.ID, what})
	})
	if err != nil {
		return nil, fmt.Errorf("tick step %d of project %d: %w", stepID, id, err)
	}
	return card, nil
}

// RemoveStep takes a step out of a project.
func (f *Projects) RemoveStep(ctx context.Context, actor *models.Actor, id, stepID int64) (*models.ProjectCard, error) {
	return f.setRemoved(ctx, actor, id, stepID, true)
}

// RestoreStep brings it back.
func (f *Projects) RestoreStep(ctx context.Context, actor *models.Actor, id, stepID int64) (*models.ProjectCard, error) {
	return f.setRemoved(ctx, actor, id, stepID, false)
}

func (f *Projects) setRemoved(ctx context.Context, actor *models.Actor, id, stepID int64, removed bool) (*models.ProjectCard, error) {
	return f.change(ctx, actor, id, models.ProjectStepped, func(tx *models.Tx, card *models.ProjectCard) (any, error) {
		step, err := tx.Step(ctx, &card.Project, stepID)
		if err != nil {
			return nil, err
		}
		what := "restored"
		if removed {
			what = "removed"
		}
		return stepped{step.ID, what}, tx.RemoveStep(&step.Step, removed)
	})
}

// present finds a step that was not removed.
func present(tx *models.Tx, card *models.ProjectCard, id int64) (*models.StepCard, error) {
	step, err := tx.Step(tx.Context(), &card.Project, id)
	if err == nil && step.RemovedAt != nil {
		err = fmt.Errorf("step %d is removed: %w", id, models.ErrNotFound)
	}
	return step, err
}

// stepped is the data of the event models.ProjectStepped.
type stepped struct {
	Step int64  `json:"step"`
	What string `json:"what"`
}

// assignee is who is to do a task.
func (f *Projects) assignee(ctx context.Context, spaceID int64, in NewStep) (*int64, error) {
	if in.Assignee == "" {
		return nil, nil
	}
	people, err := f.people(ctx, spaceID, map[string]string{"assignee": in.Assignee})
	if err == nil && people["assignee"] == nil {
		err = models.Invalid{"assignee": "projects.person_unknown"}
	}
	return people["assignee"], err
}

func (in *NewStep) fill(step *models.Step, assignee *int64) {
	step.Title, step.DueOn, step.AssigneeID, step.MilestoneID = in.Title, in.DueOn, assignee, nil
	if in.Milestone != 0 {
		step.MilestoneID = &in.Milestone
	}
}

// Report tells those who follow the idea how its project is coming along.
func (f *Projects) Report(ctx context.Context, actor *models.Actor, id int64, body string, once Once) (*models.ProjectUpdate, error) {
	if _, err := f.mayLead(ctx, actor, id); err != nil {
		return nil, err
	}
	written, err := write(body, text.Comment, "")
	if err == nil && written.markdown == "" {
		err = text.Blank
	}
	if err != nil {
		return nil, models.Invalid{"body": err.Error()}
	}
	update := &models.ProjectUpdate{Body: written.markdown, HTML: written.html, Lang: written.lang}
	_, err = f.change(ctx, actor, id, models.ProjectReported, func(tx *models.Tx, card *models.ProjectCard) (any, error) {
		if err := tx.CreateUpdate(&card.Project, update); err != nil {
			return nil, err
		}
		return told{update.ID}, once.claim(tx, update.ID)
	})
	return update, err
}

// told is the data of the events about updates.
type told struct {
	Update int64 `json:"update"`
}

// RemoveUpdate takes an update out of sight.
func (f *Projects) RemoveUpdate(ctx context.Context, actor *models.Actor, id, updateID int64) (*models.ProjectCard, error) {
	return f.setUpdate(ctx, actor, id, updateID, true)
}

// RestoreUpdate brings it back.
func (f *Projects) RestoreUpdate(ctx context.Context, actor *models.Actor, id, updateID int64) (*models.ProjectCard, error) {
	return f.setUpdate(ctx, actor, id, updateID, false)
}

func (f *Projects) setUpdate(ctx context.Context, actor *models.Actor, id, updateID int64, removed bool) (*models.ProjectCard, error) {
	verb := models.UpdateRestored
	if removed {
		verb = models.UpdateRemoved
	}
	return f.change(ctx, actor, id, verb, func(tx *models.Tx, card *models.ProjectCard) (any, error) {
		update, err := tx.Update(&card.Project, updateID)
		if err != nil {
			return nil, err
		}
		return told{update.ID}, tx.RemoveUpdate(update, removed)
	})
}
