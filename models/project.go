package models

import (
	"slices"
	"strconv"
	"time"
)

// Project carries an idea out. An idea has one at most, so that nothing that comes of it is counted twice.
type Project struct {
	ID           int64
	IdeaID       int64
	SpaceID      int64 // that of the idea
	Title        string
	Goal         string // Markdown
	HTML         string `gorm:"column:html"`
	Lang         string
	OwnerID      *int64 // who carries it; nil once they were erased
	ControllerID *int64 // who validates its benefits, never the owner
	State        ProjectState
	Reason       string // why it was stopped
	StageBefore  Stage  // of the idea, when the project was finished
	StartsOn     *time.Time
	DueOn        *time.Time
	EndedAt      *time.Time // when it was finished or stopped
	Version      int
	CreatedAt    time.Time
}

// ProjectState says how far a project has come.
type ProjectState string

// States of projects.
const (
	ProjectPlanned ProjectState = "planned"
	ProjectRunning ProjectState = "running"
	ProjectDone    ProjectState = "done"
	ProjectStopped ProjectState = "stopped"
)

// ProjectStates lists them, those first that one looks for most.
func ProjectStates() []ProjectState {
	return []ProjectState{ProjectRunning, ProjectPlanned, ProjectDone, ProjectStopped}
}

// Limits of the texts of a project, in characters, and of what it consists of.
const (
	MaxProjectTitle = 160
	maxReason       = 300
	maxSteps        = 200
)

// follows tells from which states a project comes to another one.
func (s ProjectState) follows() []ProjectState {
	switch s {
	case ProjectRunning: // a finished one is taken up again where it was finished too early
		return []ProjectState{ProjectPlanned, ProjectStopped, ProjectDone}
	case ProjectDone, ProjectStopped:
		return []ProjectState{ProjectPlanned, ProjectRunning}
	}
	return nil
}

// CanBecome tells whether a project can come to a state from where it is.
func (p *Project) CanBecome(state ProjectState) bool {
	return slices.Contains(state.follows(), p.State)
}

// Ended tells whether nothing more is expected of a project.
func (p *Project) Ended() bool { return p.State == ProjectDone || p.State == ProjectStopped }

// Validate tidies a project and says which fields are wrong.
func (p *Project) Validate() error {
	problems := Invalid{}
	if p.Title = oneLine(p.Title); !fits(p.Title, MaxProjectTitle) {
		problems["title"] = "projects.title_invalid"
	}
	if p.OwnerID == nil {
		problems["owner"] = "projects.owner_missing"
	}
	if p.OwnerID != nil && p.ControllerID != nil && *p.OwnerID == *p.ControllerID {
		problems["controller"] = "projects.controller_is_owner"
	}
	if p.StartsOn != nil && p.DueOn != nil && p.DueOn.Before(*p.StartsOn) {
		problems["due"] = "projects.due_early"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// Path is the address of a project's page.
func (p *Project) Path() string { return numbered("/projects/", p.ID, p.Title) }

// ThanksPath is the address of the page that thanks everyone for it, once it is done.
func (p *Project) ThanksPath() string { return "/projects/" + strconv.FormatInt(p.ID, 10) + "/thanks" }

func (p *Project) subject() (string, int64, int64) { return "project", p.ID, p.SpaceID }

// Step is a milestone or a task of a project.
type Step struct {
	ID          int64
	ProjectID   int64
	Kind        StepKind
	MilestoneID *int64 // that a task leads to
	Title       string
	AssigneeID  *int64 // of a task
	DueOn       *time.Time
	DoneAt      *time.Time
	RemovedAt   *time.Time
	CreatedAt   time.Time
}

// TableName is where steps are kept.
func (Step) TableName() string { return "project_steps" }

// StepKind tells milestones from tasks.
type StepKind string

// Kinds of steps.
const (
	Milestone StepKind = "milestone"
	Task      StepKind = "task"
)

// Validate tidies a step and says which fields are wrong.
func (s *Step) Validate() error {
	problems := Invalid{}
	if s.Title = oneLine(s.Title); !fits(s.Title, MaxProjectTitle) {
		problems["title"] = "projects.step_title_invalid"
	}
	switch s.Kind {
	case Task:
	case Milestone:
		s.MilestoneID, s.AssigneeID = nil, nil
	default:
		problems["kind"] = "projects.step_kind_invalid"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// ProjectUpdate tells how a project is coming along. A removed one stays without its text.
type ProjectUpdate struct {
	ID        int64
	ProjectID int64
	AuthorID  int64
	Body      string // Markdown
	HTML      string `gorm:"column:html"`
	Lang      string
	CreatedAt time.Time
	RemovedAt *time.Time
}

// MayBegin tells whether the actor may begin a project for an idea of a space, whose campaign a person runs, if any: those of
// the company who run the one or the other.
func (a *Actor) MayBegin(spaceID int64, campaignManager *int64) bool {
	return a.MayRun(&Campaign{SpaceID: spaceID, ManagerID: campaignManager})
}

// MayLead tells whether the actor may change a project: its owner, and whoever may begin one.
func (a *Actor) MayLead(p *ProjectCard) bool {
	return a.MayBegin(p.SpaceID, p.CampaignManagerID) || a.takesOn(p.SpaceID, p.OwnerID)
}

// MayTick tells whether the actor may say that a step is done: who may change the project, and whose task it is.
func (a *Actor) MayTick(p *ProjectCard, s *Step) bool {
	return a.MayLead(p) || a.takesOn(p.SpaceID, s.AssigneeID)
}

// takesOn tells whether something in a space is the actor's to do: they are of the company and still take part there.
func (a *Actor) takesOn(spaceID int64, person *int64) bool {
	return person != nil && *person == a.ID && a.OfTheCompany() && a.Can(PostComment, &Space{ID: spaceID})
}
