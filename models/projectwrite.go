package models

import "fmt"

// CreateProject begins a project; ErrConflict if its idea has one.
func (tx *Tx) CreateProject(project *Project) error {
	if err := project.Validate(); err != nil {
		return err
	}
	if project.State == "" {
		project.State = ProjectPlanned
	}
	project.Version, project.CreatedAt = 1, tx.now
	return tx.create(project)
}

// SaveProject stores what a locked project says. base is the version that the editor started from; ErrConflict if someone
// else has saved since.
func (tx *Tx) SaveProject(project *Project, base int) error {
	if err := project.Validate(); err != nil {
		return err
	}
	if base != project.Version {
		return fmt.Errorf("save project %d from version %d: %w", project.ID, base, ErrConflict)
	}
	project.Version++
	_, err := tx.exec("UPDATE projects SET title = ?, goal = ?, html = ?, lang = ?, owner_id = ?, controller_id = ?, starts_on = ?, due_on = ?, version = ? WHERE id = ?",
		project.Title, project.Goal, project.HTML, project.Lang, project.OwnerID, project.ControllerID, project.StartsOn, project.DueOn, project.Version, project.ID)
	return err
}

// MoveProject brings a locked project to a state; a reason is for one that is stopped. ErrConflict if it does not get there
// from where it is.
func (tx *Tx) MoveProject(project *Project, state ProjectState, reason string) error {
	if !project.CanBecome(state) {
		return fmt.Errorf("project %d from %s to %s: %w", project.ID, project.State, state, ErrConflict)
	}
	reason = oneLine(reason)
	if state == ProjectStopped && !fits(reason, maxReason) {
		return Invalid{"reason": "projects.reason_invalid"}
	}
	project.State, project.Reason, project.EndedAt = state, reason, nil
	if project.Ended() {
		project.EndedAt = &tx.now
	}
	_, err := tx.exec("UPDATE projects SET state = ?, reason = ?, ended_at = ?, stage_before = ? WHERE id = ?", state, reason, project.EndedAt, project.StageBefore, project.ID)
	return err
}

// AddStep adds a milestone or a task to a locked project.
func (tx *Tx) AddStep(project *Project, step *Step) error {
	if err := tx.checkStep(project, step); err != nil {
		return err
	}
	var steps int
	if err := tx.raw(tx.ctx, &steps, "SELECT count(*) FROM project_steps WHERE project_id = ? AND removed_at IS NULL", project.ID); err != nil {
		return err
	}
	if steps >= maxSteps {
		return Invalid{"title": "projects.steps_full"}
	}
	step.ProjectID, step.CreatedAt = project.ID, tx.now
	return tx.create(step)
}

// SaveStep stores what a step of a locked project says.
func (tx *Tx) SaveStep(project *Project, step *Step) error {
	if err := tx.checkStep(project, step); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE project_steps SET title = ?, milestone_id = ?, assignee_id = ?, due_on = ? WHERE id = ?", step.Title, step.MilestoneID, step.AssigneeID, step.DueOn, step.ID)
	return err
}

// checkStep makes sure of a step, and that the milestone it leads to is one of its project.
func (tx *Tx) checkStep(project *Project, step *Step) error {
	if err := step.Validate(); err != nil {
		return err
	}
	if step.MilestoneID == nil {
		return nil
	}
	milestone, err := tx.Step(tx.ctx, project, *step.MilestoneID)
	if err != nil || milestone.Kind != Milestone || milestone.RemovedAt != nil {
		return Invalid{"milestone": "projects.milestone_unknown"}
	}
	return nil
}

// Tick says that a step is done, or that it is not.
func (tx *Tx) Tick(step *Step, done bool) error {
	step.DoneAt = nil
	if done {
		step.DoneAt = &tx.now
	}
	_, err := tx.exec("UPDATE project_steps SET done_at = ? WHERE id = ?", step.DoneAt, step.ID)
	return err
}

// RemoveStep takes a step out of a project, or brings it back. The tasks of a milestone that is taken out lead to none meanwhile.
func (tx *Tx) RemoveStep(step *Step, removed bool) error {
	step.RemovedAt = nil
	if removed {
		step.RemovedAt = &tx.now
	}
	_, err := tx.exec("UPDATE project_steps SET removed_at = ? WHERE id = ?", step.RemovedAt, step.ID)
	return err
}

// CreateUpdate tells how a project is coming along. The caller has validated the text and rendered HTML.
func (tx *Tx) CreateUpdate(project *Project, update *ProjectUpdate) error {
	update.ProjectID, update.AuthorID, update.CreatedAt = project.ID, tx.actorID(), tx.now
	return tx.create(update)
}

// Update finds an update of a project, removed or not.
func (tx *Tx) Update(project *Project, id int64) (*ProjectUpdate, error) {
	update := &ProjectUpdate{}
	if err := tx.one(tx.ctx, update, "SELECT * FROM project_updates WHERE project_id = ? AND id = ?", project.ID, id); err != nil {
		return nil, fmt.Errorf("update %d of project %d: %w", id, project.ID, err)
	}
	return update, nil
}

// IdeaOfProject loads the idea that a project carries out for a reader, whoever may see it; ErrNotFound if it is withdrawn.
func (tx *Tx) IdeaOfProject(id int64) (*Idea, error) {
	idea := &Idea{}
	return idea, tx.one(tx.ctx, idea, "SELECT i.* FROM ideas i JOIN projects p ON p.idea_id = i.id WHERE p.id = ? AND i.state = 'published'", id)
}

// RemoveUpdate takes an update out of sight, or brings it back; one whose text was erased stays away.
func (tx *Tx) RemoveUpdate(update *ProjectUpdate, removed bool) error {
	update.RemovedAt = nil
	if removed {
		update.RemovedAt = &tx.now
	}
	_, err := tx.exec("UPDATE project_updates SET removed_at = ? WHERE id = ? AND body <> ''", update.RemovedAt, update.ID)
	return err
}
