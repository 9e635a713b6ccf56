package models

import (
	"context"
	"fmt"
	"time"
)

// ProjectCard is a project with what lists show of it, and with what decides who may change it.
type ProjectCard struct {
	Project
	IdeaTitle         string
	IdeaLang          string
	IdeaState         State
	MergedIntoID      *int64 // the idea that the idea goes on in
	CampaignID        *int64
	CampaignManagerID *int64 // of the campaign of the idea
	OwnerName         string
	OwnerRole         Role
	Milestones        int
	Reached           int // of the milestones
}

// ProjectPage is a project with what its page shows.
type ProjectPage struct {
	ProjectCard
	Campaign        string // its title
	OwnerJob        string
	OwnerEmail      string
	OwnerPicture    int64
	ControllerName  string
	ControllerRole  Role
	ControllerJob   string
	ControllerEmail string
	ControllerHere  bool // they can still come in
	Told            bool // the actor has unread notices about the idea
}

const projectCard = `p.*, i.title AS idea_title, i.lang AS idea_lang, i.state AS idea_state, i.merged_into_id, i.campaign_id, c.manager_id AS campaign_manager_id, coalesce(u.name, '') AS owner_name, CASE WHEN u.id IS NULL THEN '' ELSE ` + standing + ` END AS owner_role,
	(SELECT count(*) FROM project_steps m WHERE m.project_id = p.id AND m.kind = 'milestone' AND m.removed_at IS NULL) AS milestones,
	(SELECT count(*) FROM project_steps m WHERE m.project_id = p.id AND m.kind = 'milestone' AND m.removed_at IS NULL AND m.done_at IS NOT NULL) AS reached`

const projectJoins = ` FROM projects p JOIN ideas i ON i.id = p.idea_id LEFT JOIN campaigns c ON c.id = i.campaign_id LEFT JOIN users u ON u.id = p.owner_id `

// ProjectPage finds the project of an idea that the actor may read.
func (q Queries) ProjectPage(ctx context.Context, actor *Actor, id int64) (*ProjectPage, error) {
	condition, args := q.readableIdea(actor)
	page := &ProjectPage{}
	err := q.one(ctx, page, "SELECT "+projectCard+`, i.campaign, coalesce(u.job, '') AS owner_job, coalesce(u.email, '') AS owner_email, coalesce(u.picture_id, 0) AS owner_picture,
		coalesce(k.name, '') AS controller_name, coalesce(k.role, '') AS controller_role, coalesce(k.job, '') AS controller_job, coalesce(k.email, '') AS controller_email,
		k.id IS NOT NULL AND k.disabled_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?) AND k.role NOT IN ('external', 'auditor') AS controller_here,
		EXISTS (SELECT 1 FROM notices n WHERE n.user_id = ? AND n.idea_id = i.id AND n.read_at IS NULL) AS told`+
		projectJoins+"LEFT JOIN users k ON k.id = p.controller_id WHERE p.id = ? AND "+condition, append([]any{q.present(), actor.ID, id}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("project page %d: %w", id, err)
	}
	return page, nil
}

// ProjectOf is the project of an idea, which the caller has loaded as one that the actor may read; nil if it has none.
func (q Queries) ProjectOf(ctx context.Context, ideaID int64) (*ProjectCard, error) {
	var cards []ProjectCard
	err := q.raw(ctx, &cards, "SELECT "+projectCard+projectJoins+"WHERE p.idea_id = ?", ideaID)
	if err != nil || len(cards) == 0 {
		return nil, err
	}
	return &cards[0], nil
}

// LockProject finds the project of an idea that the actor may read, inside a change: nobody else changes it until the transaction ends.
func (tx *Tx) LockProject(id int64) (*ProjectCard, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE OF p"
	}
	condition, args := tx.readableIdea(tx.actor)
	card := &ProjectCard{}
	if err := tx.one(tx.ctx, card, "SELECT "+projectCard+projectJoins+"WHERE p.id = ? AND "+condition+lock, append([]any{id}, args...)...); err != nil {
		return nil, fmt.Errorf("project %d: %w", id, err)
	}
	return card, nil
}

// ProjectQuery says which projects to list.
type ProjectQuery struct {
	State      ProjectState
	SpaceID    int64 // 0: all
	CampaignID int64 // 0: all
	Before     int64 // id; 0 for the start
	Limit      int
}

// Projects lists the projects of ideas that the actor may read, newest first.
func (q Queries) Projects(ctx context.Context, actor *Actor, query ProjectQuery) (cards []ProjectCard, err error) {
	scope := actor
	if query.SpaceID != 0 {
		scope = actor.within(query.SpaceID)
	}
	condition, args := q.readableIdea(scope)
	if query.CampaignID != 0 {
		condition, args = condition+" AND i.campaign_id = ?", append(args, query.CampaignID)
	}
	args = append(append([]any{query.State, beforeID(query.Before)}, args...), query.Limit)
	return cards, q.raw(ctx, &cards, "SELECT "+projectCard+projectJoins+"WHERE p.state = ? AND p.id < ? AND "+condition+" ORDER BY p.id DESC LIMIT ?", args...)
}

// StepCard is a step with whose it is.
type StepCard struct {
	Step
	AssigneeName  string
	AssigneeRole  Role
	AssigneeEmail string
}

const stepCards = `SELECT s.*, coalesce(u.name, '') AS assignee_name, CASE WHEN u.id IS NULL THEN '' ELSE ` + standing + ` END AS assignee_role, coalesce(u.email, '') AS assignee_email
	FROM project_steps s LEFT JOIN users u ON u.id = s.assignee_id WHERE s.project_id = ? AND `

// Steps lists what a project consists of, in the order of the days. The caller has loaded it as one that the actor may read;
// who is not of the company sees the milestones alone, since tasks say who works on what.
func (q Queries) Steps(ctx context.Context, actor *Actor, project *Project) (steps []StepCard, err error) {
	condition := "s.removed_at IS NULL"
	if !actor.OfTheCompany() {
		condition += " AND s.kind = 'milestone'"
	}
	return steps, q.raw(ctx, &steps, stepCards+condition+" ORDER BY s.due_on IS NULL, s.due_on, s.id LIMIT ?", project.ID, maxSteps)
}

// Step finds a step of a project, removed or not.
func (q Queries) Step(ctx context.Context, project *Project, id int64) (*StepCard, error) {
	step := &StepCard{}
	if err := q.one(ctx, step, stepCards+"s.id = ?", project.ID, id); err != nil {
		return nil, fmt.Errorf("step %d of project %d: %w", id, project.ID, err)
	}
	return step, nil
}

// UpdateCard is an update with who wrote it.
type UpdateCard struct {
	ProjectUpdate
	AuthorName    string
	AuthorRole    Role
	AuthorPicture int64
}

// Updates lists what was told of a project, newest first. The caller has loaded it as one that the actor may read.
func (q Queries) Updates(ctx context.Context, project *Project, before int64, limit int) (cards []UpdateCard, err error) {
	return cards, q.raw(ctx, &cards, `SELECT w.*, u.name AS author_name, `+standing+` AS author_role, coalesce(u.picture_id, 0) AS author_picture
		FROM project_updates w JOIN users u ON u.id = w.author_id
		WHERE w.project_id = ? AND w.removed_at IS NULL AND w.id < ? ORDER BY w.id DESC LIMIT ?`, project.ID, beforeID(before), limit)
}

// Overdue tells whether the day of something that is not done is over, as the reader's clock has it.
func Overdue(due, done *time.Time, now time.Time, zone *time.Location) bool {
	return due != nil && done == nil && !now.Before(due.In(zone).AddDate(0, 0, 1))
}
