// Package projects shows how ideas are carried out: the list of projects, one with its milestones, tasks and news, and the forms
// in which they are written.
package projects

import (
	"net/url"
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// List is a page of projects in one state, newest first.
type List struct {
	State    models.ProjectState
	Space    string           // slug; empty for all
	Campaign *models.Campaign // nil for all
	Projects []models.ProjectCard
	Totals   []models.BenefitTotal // of all states; none for who is not of the company
	Actor    *models.Actor
	Next     int64 // id before which the next page begins, 0 at the end
	First    bool
}

func (v List) url(state models.ProjectState, before int64) string {
	values := url.Values{}
	if state != models.ProjectRunning {
		values.Set("state", string(state))
	}
	if v.Space != "" {
		values.Set("space", v.Space)
	}
	if v.Campaign != nil {
		values.Set("campaign", strconv.FormatInt(v.Campaign.ID, 10))
	}
	if before != 0 {
		values.Set("before", strconv.FormatInt(before, 10))
	}
	if len(values) == 0 {
		return "/projects"
	}
	return "/projects?" + values.Encode()
}

func (v List) tabs(p layout.Page) (tabs []parts.Tab) {
	for _, state := range models.ProjectStates() {
		tabs = append(tabs, parts.Tab{URL: v.url(state, 0), Label: p.L.T("projects.states." + string(state)), Count: -1, Active: state == v.State})
	}
	return tabs
}

func (v List) next() string {
	if v.Next == 0 {
		return ""
	}
	return v.url(v.State, v.Next)
}

func (v List) start() string {
	if v.First {
		return ""
	}
	return v.url(v.State, 0)
}

// space is the title of a project's space.
func (v List) space(id int64) string {
	if access := v.Actor.Access(id); access != nil {
		return access.Title
	}
	return ""
}

// Show is the page of a project.
type Show struct {
	Project     *models.ProjectPage
	Space       models.SpaceAccess
	Insider     bool // the reader is of the company: the others see neither tasks nor who controls
	MayLead     bool
	Now         time.Time
	Steps       []Step
	Updates     []models.UpdateCard
	Next        int64 // update before which the next page begins, 0 at the end
	First       bool
	Benefits    []models.BenefitCard // none for who is not of the company
	Elsewhere   []models.CountedElsewhere
	MayJudge    bool
	Reader      int64 // who reads
	StepForm    StepForm
	BenefitForm BenefitForm // of a claim that was not taken
	Refusing    int64       // benefit whose refusal was not taken
	Refusal     string
	Body        string // of an update that was not taken
	Reason      string // of a stop that was not taken
	Problems    models.Invalid
}

// Step is a milestone or a task, and whether the reader may say that it is done.
type Step struct {
	*models.StepCard
	Tick bool
}

// StepForm is what a form says of a step.
type StepForm struct {
	Kind                            models.StepKind
	Title, Assignee, Due, Milestone string
}

// anyKind is the form for whichever kind is chosen in it.
func (f StepForm) anyKind() StepForm {
	f.Kind = ""
	return f
}

func (v Show) base() string { return "/projects/" + strconv.FormatInt(v.Project.ID, 10) }

// milestones are those of the steps.
func (v Show) milestones() (milestones []Step) {
	for _, step := range v.Steps {
		if step.Kind == models.Milestone {
			milestones = append(milestones, step)
		}
	}
	return milestones
}

// tasks are those that lead to a milestone; with 0 those that lead to none which is there.
func (v Show) tasks(milestone int64) (tasks []Step) {
	there := map[int64]bool{}
	for _, step := range v.milestones() {
		there[step.ID] = true
	}
	for _, step := range v.Steps {
		leads := int64(0)
		if step.MilestoneID != nil && there[*step.MilestoneID] {
			leads = *step.MilestoneID
		}
		if step.Kind == models.Task && leads == milestone {
			tasks = append(tasks, step)
		}
	}
	return tasks
}

// late tells whether the day of something is over.
func late(l *i18n.Locale, due, done *time.Time, now time.Time) bool {
	return models.Overdue(due, done, now, l.In(now).Location())
}

func (v Show) next() string {
	if v.Next == 0 {
		return ""
	}
	return v.Project.Path() + "?before=" + strconv.FormatInt(v.Next, 10) + "#news"
}

func (v Show) start() string {
	if v.First {
		return ""
	}
	return v.Project.Path() + "#news"
}

func (v Show) problem(l *i18n.Locale, field string) string { return problem(l, v.Problems, field) }

func (v Show) errors(l *i18n.Locale) []parts.FieldError {
	return errors(l, v.Problems, "reason", "kind", "step_title", "milestone", "assignee", "step_due", "nature", "label", "benefit_kind", "amount", "on", "unit", "refusal", "body")
}

func problem(l *i18n.Locale, problems models.Invalid, field string) string {
	if key := problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

// errors lists the problems in the order of the fields.
func errors(l *i18n.Locale, problems models.Invalid, fields ...string) (errors []parts.FieldError) {
	for _, field := range fields {
		if text := problem(l, problems, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// stateColour is that of the pill of a state.
func stateColour(state models.ProjectState) string {
	switch state {
	case models.ProjectRunning:
		return "honey"
	case models.ProjectDone:
		return "green"
	}
	return ""
}

// progress says how many milestones are reached.
func progress(l *i18n.Locale, c *models.ProjectCard) string {
	return l.T("projects.progress", "reached", l.Number(c.Reached), "count", c.Milestones)
}

// Write is the form of a project, new or not.
type Write struct {
	Idea       *models.Idea        // of a new one
	Project    *models.ProjectPage // nil for a new one
	Title      string
	Goal       string
	Owner      string // address
	Controller string
	Starts     string // as the form has it
	Due        string
	Base       int
	Problems   models.Invalid
}

func (v Write) action() string {
	if v.Project == nil {
		return "/ideas/" + strconv.FormatInt(v.Idea.ID, 10) + "/project"
	}
	return "/projects/" + strconv.FormatInt(v.Project.ID, 10)
}

func (v Write) cancel() string {
	if v.Project == nil {
		return v.Idea.Path()
	}
	return v.Project.Path()
}

func (v Write) problem(l *i18n.Locale, field string) string { return problem(l, v.Problems, field) }

func (v Write) errors(l *i18n.Locale) []parts.FieldError {
	return errors(l, v.Problems, "title", "owner", "controller", "starts", "due", "goal")
}

// EditStep is the page on which a step is changed.
type EditStep struct {
	Project    *models.ProjectPage
	Step       *models.StepCard
	Form       StepForm
	Milestones []*models.StepCard // that a task may lead to
	Problems   models.Invalid
}

func (v EditStep) action() string {
	return "/projects/" + strconv.FormatInt(v.Project.ID, 10) + "/steps/" + strconv.FormatInt(v.Step.ID, 10)
}

// milestoneOptions are the milestones that a task can lead to, and none.
func milestoneOptions(l *i18n.Locale, milestones []*models.StepCard) []parts.Option {
	options := []parts.Option{{Label: l.T("projects.milestone_none")}}
	for _, milestone := range milestones {
		options = append(options, parts.Option{Value: strconv.FormatInt(milestone.ID, 10), Label: milestone.Title})
	}
	return options
}

func (v Show) milestoneCards() (cards []*models.StepCard) {
	for _, milestone := range v.milestones() {
		cards = append(cards, milestone.StepCard)
	}
	return cards
}

func (v Show) stepURL(s Step) string { return v.base() + "/steps/" + strconv.FormatInt(s.ID, 10) }

// tickValue is what a press on the box of a step asks for.
func tickValue(s Step) string {
	if s.DoneAt != nil {
		return "0"
	}
	return "1"
}

// ownerNote is what the owner does, for those who may know it.
func (v Show) ownerNote() string {
	if !v.Insider {
		return ""
	}
	return v.Project.OwnerJob
}
