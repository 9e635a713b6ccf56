package projects

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// partsAPI adds the operations about what a project consists of.
func (f *Projects) partsAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "add-project-step", Method: http.MethodPost, Path: "/projects/{id}/steps", Summary: "Add a milestone or a task to a project", DefaultStatus: http.StatusCreated}, f.apiAddStep)
	api.Register(a, huma.Operation{OperationID: "edit-project-step", Method: http.MethodPatch, Path: "/projects/{id}/steps/{step}", Summary: "Change a milestone or a task, or say that it is done", Description: "Fields that are absent stay as they are. Whose task it is may change \"done\" alone."}, f.apiEditStep)
	api.Register(a, huma.Operation{OperationID: "remove-project-step", Method: http.MethodDelete, Path: "/projects/{id}/steps/{step}", Summary: "Take a milestone or a task out of a project", DefaultStatus: http.StatusNoContent}, f.apiRemoveStep)
	api.Register(a, huma.Operation{OperationID: "claim-benefit", Method: http.MethodPost, Path: "/projects/{id}/benefits", Summary: "Claim what a project brings", Description: "It counts once the controller has validated it; what is expected counts until then, too.", DefaultStatus: http.StatusCreated}, f.apiClaim)
	api.Register(a, huma.Operation{OperationID: "judge-benefit", Method: http.MethodPut, Path: "/projects/{id}/benefits/{benefit}/judgement", Summary: "Say for the controller whether a claim holds"}, f.apiJudge)
	api.Register(a, huma.Operation{OperationID: "withdraw-benefit", Method: http.MethodDelete, Path: "/projects/{id}/benefits/{benefit}", Summary: "Take a claim back", DefaultStatus: http.StatusNoContent}, f.apiWithdraw)
}

// renamed gives mistakes the names that their fields have for programs.
func renamed(err error, names map[string]string) error {
	var invalid models.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	out := models.Invalid{}
	for field, key := range invalid {
		if name := names[field]; name != "" {
			field = name
		}
		out[field] = key
	}
	return out
}

type addStep struct {
	ProjectPath
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Kind      string     `json:"kind" doc:"milestone or task."`
		Title     string     `json:"title"`
		Milestone int64      `json:"milestone,omitempty" minimum:"0" doc:"That a task leads to."`
		Assignee  string     `json:"assignee,omitempty" doc:"E-mail address of whose task it is."`
		DueOn     *time.Time `json:"due_on,omitempty"`
	}
}

func (f *Projects) apiAddStep(ctx context.Context, actor *models.Actor, in *addStep) (*madeAnswer, error) {
	problems := models.Invalid{}
	step := NewStep{Kind: models.StepKind(in.Body.Kind), Title: in.Body.Title, Milestone: in.Body.Milestone, Assignee: in.Body.Assignee, DueOn: dayOf(in.Body.DueOn, "due_on", problems)}
	if len(problems) > 0 {
		return nil, problems
	}
	step.Once = newOnce(in.Key, in.ID, "step", step.Kind, step.Title, step.Milestone, step.Assignee, in.Body.DueOn)
	id, err := f.doOnce(ctx, actor, step.Once, func() (int64, error) {
		made, err := f.AddStep(ctx, actor, in.ID, step)
		if err != nil {
			return 0, err
		}
		return made.ID, nil
	})
	if err != nil {
		return nil, err
	}
	return f.madeAt(in.ID, id, "step"), nil
}

// StepPath is the step that an operation is about; exported, since huma fills in no other embedded struct.
type StepPath struct {
	ProjectPath
	Step int64 `path:"step" minimum:"1"`
}

type editStep struct {
	StepPath
	Body struct {
		Title     *string    `json:"title,omitempty"`
		Milestone *int64     `json:"milestone,omitempty" minimum:"0" doc:"That a task leads to; 0 for none."`
		Assignee  *string    `json:"assignee,omitempty" doc:"E-mail address of whose task it is, or empty."`
		DueOn     *time.Time `json:"due_on,omitempty"`
		Done      *bool      `json:"done,omitempty"`
	}
}

func (f *Projects) apiEditStep(ctx context.Context, actor *models.Actor, in *editStep) (*projectAnswer, error) {
	b := &in.Body
	if b.Title != nil || b.Milestone != nil || b.Assignee != nil || b.DueOn != nil {
		if err := f.rewriteStep(ctx, actor, in); err != nil {
			return nil, err
		}
	}
	if b.Done != nil {
		if _, err := f.Tick(ctx, actor, in.ID, in.Step, *b.Done); err != nil {
			return nil, err
		}
	}
	return f.apiGet(ctx, actor, &in.ProjectPath)
}

// rewriteStep changes what a program says of a step, and leaves the rest of it.
func (f *Projects) rewriteStep(ctx context.Context, actor *models.Actor, in *editStep) error {
	project, err := f.mayLead(ctx, actor, in.ID)
	if err != nil {
		return err
	}
	step, err := f.db.Step(ctx, &project.Project, in.Step)
	if err != nil {
		return err
	}
	b, problems := &in.Body, models.Invalid{}
	change := NewStep{Title: step.Title, Assignee: step.AssigneeEmail, DueOn: step.DueOn}
	if step.MilestoneID != nil {
		change.Milestone = *step.MilestoneID
	}
	if b.Title != nil {
		change.Title = *b.Title
	}
	if b.Milestone != nil {
		change.Milestone = *b.Milestone
	}
	if b.Assignee != nil {
		change.Assignee = *b.Assignee
	}
	if b.DueOn != nil {
		change.DueOn = dayOf(b.DueOn, "due_on", problems)
	}
	if len(problems) > 0 {
		return problems
	}
	_, err = f.EditStep(ctx, actor, in.ID, in.Step, change)
	return err
}

func (f *Projects) apiRemoveStep(ctx context.Context, actor *models.Actor, in *StepPath) (*api.Done, error) {
	_, err := f.RemoveStep(ctx, actor, in.ID, in.Step)
	return &api.Done{}, err
}

type claimBenefit struct {
	ProjectPath
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Kind   string    `json:"kind" doc:"euros, hours, co2, safety, quality, customer or other."`
		Unit   string    `json:"unit,omitempty" doc:"In words, of a kind that has none of its own."`
		Nature string    `json:"nature" doc:"forecast or actual."`
		Amount int64     `json:"amount" doc:"In whole units; one below zero corrects what was claimed before."`
		Label  string    `json:"label"`
		On     time.Time `json:"on"`
	}
}

func (f *Projects) apiClaim(ctx context.Context, actor *models.Actor, in *claimBenefit) (*madeAnswer, error) {
	b, problems := &in.Body, models.Invalid{}
	on := dayOf(&b.On, "on", problems)
	if len(problems) > 0 {
		return nil, problems
	}
	once := newOnce(in.Key, in.ID, "benefit", b.Kind, b.Unit, b.Nature, b.Amount, b.Label, on)
	id, err := f.doOnce(ctx, actor, once, func() (int64, error) {
		benefit := &models.Benefit{Kind: models.BenefitKind(b.Kind), Unit: b.Unit, Nature: models.BenefitNature(b.Nature), Amount: b.Amount, Label: b.Label, OnDay: *on}
		_, err := f.Claim(ctx, actor, in.ID, benefit, once)
		return benefit.ID, renamed(err, map[string]string{"benefit_kind": "kind"})
	})
	if err != nil {
		return nil, err
	}
	return f.madeAt(in.ID, id, "benefit"), nil
}

// BenefitPath is the claim that an operation is about; exported, since huma fills in no other embedded struct.
type BenefitPath struct {
	ProjectPath
	Benefit int64 `path:"benefit" minimum:"1"`
}

type judgeBenefit struct {
	BenefitPath
	Body struct {
		State  string `json:"state" doc:"validated, refused, or claimed to take a judgement back."`
		Reason string `json:"reason,omitempty" doc:"Why it is refused, up to 300 characters."`
	}
}

func (f *Projects) apiJudge(ctx context.Context, actor *models.Actor, in *judgeBenefit) (*projectAnswer, error) {
	state := models.BenefitState(in.Body.State)
	if state != models.BenefitValidated && state != models.BenefitRefused && state != models.BenefitClaimed {
		return nil, models.Invalid{"state": "projects.benefit.answer_invalid"}
	}
	if _, err := f.Judge(ctx, actor, in.ID, in.Benefit, state, in.Body.Reason); err != nil {
		return nil, renamed(err, map[string]string{"refusal": "reason"})
	}
	return f.apiGet(ctx, actor, &in.ProjectPath)
}

func (f *Projects) apiWithdraw(ctx context.Context, actor *models.Actor, in *BenefitPath) (*api.Done, error) {
	_, err := f.Withdraw(ctx, actor, in.ID, in.Benefit)
	return &api.Done{}, err
}
