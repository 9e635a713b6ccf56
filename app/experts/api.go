package experts

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// API adds the feature's operations.
func (f *Experts) API(a *api.API) {
	read := api.Wants(models.ScopeRead)
	api.Register(a, huma.Operation{OperationID: "find-experts", Method: http.MethodGet, Path: "/experts", Summary: "Find who knows about something", Description: "By words or by a tag. Those come first of whom more is shown: accepted answers, articles and reviews that you can read, the recent ones counting more. Then come those who say so themselves.", Security: read}, f.apiFind)
	api.Register(a, huma.Operation{OperationID: "get-expert-choice", Method: http.MethodGet, Path: "/experts/choice", Summary: "How you are found and asked", Security: read}, f.apiChoice)
	api.Register(a, huma.Operation{OperationID: "set-expert-choice", Method: http.MethodPut, Path: "/experts/choice", Summary: "Say how you are found and asked"}, f.apiChoose)
	f.apiAsking(a)
	api.Register(a, huma.Operation{OperationID: "suggest-skills", Method: http.MethodGet, Path: "/skills", Summary: "Suggest terms for skills", Description: "The tags of what you have written lately and, for the company's people, what others declare.", Security: read}, f.apiSuggest)
	api.Register(a, huma.Operation{OperationID: "declare-skill", Method: http.MethodPost, Path: "/skills", Summary: "Say that you know something", Description: "A term that the house has is found whatever its case and accents.", DefaultStatus: http.StatusOK}, f.apiDeclare)
	api.Register(a, huma.Operation{OperationID: "drop-skill", Method: http.MethodDelete, Path: "/skills/{id}", Summary: "Take back that you know something", DefaultStatus: http.StatusNoContent}, f.apiDrop)
	api.Register(a, huma.Operation{OperationID: "rename-skill", Method: http.MethodPatch, Path: "/skills/{id}", Summary: "Give a term another name", Description: "You animate the community.", Security: api.Wants(models.ScopeManage)}, f.apiRename)
	api.Register(a, huma.Operation{OperationID: "merge-skill", Method: http.MethodPut, Path: "/skills/{id}/merge", Summary: "Make a term the same as another one", Description: "You animate the community.", Security: api.Wants(models.ScopeManage)}, f.apiMerge)
	api.Register(a, huma.Operation{OperationID: "list-skills-of-person", Method: http.MethodGet, Path: "/people/{id}/skills", Summary: "List what a person knows", Security: read}, f.apiOf)
	api.Register(a, huma.Operation{OperationID: "endorse-skill", Method: http.MethodPut, Path: "/people/{id}/skills/{skill}/endorsement", Summary: "Vouch for a skill of a person", DefaultStatus: http.StatusNoContent}, f.apiEndorse)
	api.Register(a, huma.Operation{OperationID: "unendorse-skill", Method: http.MethodDelete, Path: "/people/{id}/skills/{skill}/endorsement", Summary: "Take that back", DefaultStatus: http.StatusNoContent}, f.apiUnendorse)
}

type findRequest struct {
	Words string `query:"q" maxLength:"200"`
	Tag   string `query:"tag" maxLength:"60" doc:"Instead of words."`
}

type expertEvidence struct {
	Kind  string    `json:"kind" enum:"answer,article,review"`
	URL   string    `json:"url"`
	Title string    `json:"title"`
	At    time.Time `json:"at"`
}

type expertShown struct {
	Tag      string           `json:"tag"`
	Answers  int              `json:"answers"`
	Articles int              `json:"articles"`
	Reviews  int              `json:"reviews"`
	Evidence []expertEvidence `json:"evidence" doc:"The latest of it."`
}

type heldSkill struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	Endorsers int    `json:"endorsers" doc:"Of those whom you may know."`
	Endorsed  bool   `json:"endorsed" doc:"You vouch for it."`
}

type knowingPerson struct {
	ID       int64         `json:"id"`
	Name     string        `json:"name"`
	Shown    []expertShown `json:"shown"`
	Declared []heldSkill   `json:"declared"`
}

type findAnswer struct {
	Body struct {
		Experts []knowingPerson `json:"experts"`
	}
}

func shownBodies(f *Experts, all []models.Shown) []expertShown {
	bodies := []expertShown{}
	for _, s := range all {
		body := expertShown{s.Tag, s.Answers, s.Articles, s.Reviews, []expertEvidence{}}
		for _, e := range s.Evidence {
			body.Evidence = append(body.Evidence, expertEvidence{string(e.Kind), f.web.BaseURL.JoinPath(e.Path).String(), e.Title, e.At})
		}
		bodies = append(bodies, body)
	}
	return bodies
}

func skillBodies(all []models.HeldSkill) []heldSkill {
	bodies := []heldSkill{}
	for _, s := range all {
		bodies = append(bodies, heldSkill{s.ID, s.Name, s.Endorsers, s.Mine})
	}
	return bodies
}

func (f *Experts) apiFind(ctx context.Context, actor *models.Actor, in *findRequest) (*findAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	tag, err := models.ParseTag(in.Tag)
	if err != nil {
		return nil, err
	}
	if tag == "" && in.Words == "" || !storable(in.Words) {
		return nil, models.Invalid{"q": "experts.words_missing"}
	}
	words := in.Words
	if tag != "" {
		words = ""
	}
	found, err := f.db.WhoKnows(ctx, actor, words, []string{tag})
	if err != nil {
		return nil, err
	}
	answer := &findAnswer{}
	answer.Body.Experts = f.people(found)
	return answer, nil
}

func (f *Experts) people(found []models.Expert) []knowingPerson {
	bodies := []knowingPerson{}
	for i := range found {
		bodies = append(bodies, knowingPerson{found[i].ID, found[i].Name, shownBodies(f, found[i].Shown), skillBodies(found[i].Declared)})
	}
	return bodies
}

type choiceAnswer struct {
	Body struct {
		Shown     bool       `json:"shown" doc:"What you know is shown from what you have done."`
		Weekly    *int       `json:"weekly" required:"false" doc:"How often in a week you are asked; null as the house has it, 0 never."`
		AwayUntil *time.Time `json:"away_until" required:"false" doc:"Until when nobody asks you, or null."`
	}
}

func (f *Experts) apiChoice(ctx context.Context, actor *models.Actor, _ *struct{}) (*choiceAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	choice, err := f.db.ExpertChoice(ctx, actor)
	if err != nil {
		return nil, err
	}
	answer := &choiceAnswer{}
	answer.Body.Shown, answer.Body.Weekly, answer.Body.AwayUntil = !choice.Hidden, choice.Weekly, choice.AwayUntil
	return answer, nil
}

func (f *Experts) apiChoose(ctx context.Context, actor *models.Actor, in *choiceAnswer) (*choiceAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	if err := f.Choose(ctx, actor, models.ExpertChoice{Hidden: !in.Body.Shown, Weekly: in.Body.Weekly, AwayUntil: in.Body.AwayUntil}); err != nil {
		return nil, err
	}
	return in, nil
}

type suggestRequest struct {
	Beginning string `query:"beginning" maxLength:"60"`
}

type suggestAnswer struct {
	Body struct {
		Names []string `json:"names"`
	}
}

func (f *Experts) apiSuggest(ctx context.Context, actor *models.Actor, in *suggestRequest) (*suggestAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	names, err := f.db.SuggestSkills(ctx, actor, in.Beginning, termsOffered)
	if err != nil {
		return nil, err
	}
	answer := &suggestAnswer{}
	answer.Body.Names = append([]string{}, names...)
	return answer, nil
}

type declareRequest struct {
	Body struct {
		Name string `json:"name"`
	}
}

type skillTerm struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type termAnswer struct{ Body skillTerm }

func (f *Experts) apiDeclare(ctx context.Context, actor *models.Actor, in *declareRequest) (*termAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	skill, err := f.Declare(ctx, actor, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return &termAnswer{skillTerm{skill.ID, skill.Name}}, nil
}

type termPath struct {
	ID int64 `path:"id" minimum:"1"`
}

func (f *Experts) apiDrop(ctx context.Context, actor *models.Actor, in *termPath) (*struct{}, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	_, _, err := f.Drop(ctx, actor, in.ID)
	return nil, err
}

type renameRequest struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Name string `json:"name"`
	}
}

func (f *Experts) apiRename(ctx context.Context, actor *models.Actor, in *renameRequest) (*termAnswer, error) {
	skill, err := f.Rename(ctx, actor, in.ID, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return &termAnswer{skillTerm{skill.ID, skill.Name}}, nil
}

func (f *Experts) apiMerge(ctx context.Context, actor *models.Actor, in *renameRequest) (*termAnswer, error) {
	skill, err := f.Merge(ctx, actor, in.ID, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return &termAnswer{skillTerm{skill.ID, skill.Name}}, nil
}

type knowsAnswer struct {
	Body struct {
		Skills []heldSkill   `json:"skills"`
		Shown  []expertShown `json:"shown"`
	}
}

func (f *Experts) apiOf(ctx context.Context, actor *models.Actor, in *termPath) (*knowsAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	person, err := f.db.Person(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	skills, err := f.db.SkillsOf(ctx, actor, person.ID)
	if err != nil {
		return nil, err
	}
	shown, err := f.db.ShownBy(ctx, actor, person.ID)
	if err != nil {
		return nil, err
	}
	answer := &knowsAnswer{}
	answer.Body.Skills, answer.Body.Shown = skillBodies(skills), shownBodies(f, shown)
	return answer, nil
}

type endorseRequest struct {
	ID    int64 `path:"id" minimum:"1"`
	Skill int64 `path:"skill" minimum:"1"`
}

func (f *Experts) apiEndorse(ctx context.Context, actor *models.Actor, in *endorseRequest) (*struct{}, error) {
	_, err := f.Endorse(ctx, actor, in.ID, in.Skill, true)
	return nil, err
}

func (f *Experts) apiUnendorse(ctx context.Context, actor *models.Actor, in *endorseRequest) (*struct{}, error) {
	_, err := f.Endorse(ctx, actor, in.ID, in.Skill, false)
	return nil, err
}
