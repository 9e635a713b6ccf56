package decisions

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// API adds the feature's operations.
func (f *Decisions) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "get-decision", Method: http.MethodGet, Path: "/ideas/{id}/decision", Summary: "Read the official answer to an idea", Description: "Not found if it has none yet. What is being prepared is not shown."}, f.apiGet)
	api.Register(a, huma.Operation{OperationID: "decide-idea", Method: http.MethodPut, Path: "/ideas/{id}/decision", Summary: "Answer an idea officially", Description: "Publishes an answer, or corrects the one that was given: \"replaces\" is the id of that one, and anything else is a conflict. So is an answer that somebody is preparing."}, f.apiPut)
}

// IdeaPath is the idea that an operation is about; exported, since huma fills in no other embedded struct.
type IdeaPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type decisionBody struct {
	ID         int64      `json:"id"`
	Kind       string     `json:"kind" enum:"selected,deferred,declined,out_of_scope"`
	Reason     string     `json:"reason" doc:"Code."`
	Body       string     `json:"body" doc:"Markdown."`
	HTML       string     `json:"html" doc:"The same, rendered and safe."`
	Conditions string     `json:"conditions" doc:"What would change the answer."`
	Until      *time.Time `json:"until" doc:"When the idea comes back by itself, or null."`
	Author     string     `json:"author"`
	Published  time.Time  `json:"published_at"`
	Reopened   *time.Time `json:"reopened_at" doc:"When the idea came back to those who decide, or null."`
	URL        string     `json:"url"`
}

type decisionAnswer struct {
	Body decisionBody
}

type putDecision struct {
	IdeaPath
	Body struct {
		Kind       string     `json:"kind" doc:"selected, deferred, declined or out_of_scope."`
		Reason     string     `json:"reason" doc:"Code of the reason, one of those of the kind."`
		Body       string     `json:"body" doc:"Markdown."`
		Conditions string     `json:"conditions,omitempty" doc:"What would change the answer."`
		Until      *time.Time `json:"until,omitempty" doc:"When the idea comes back by itself; wanted with deferred."`
		Tag        string     `json:"reopen_tag,omitempty" doc:"A new idea with this tag brings it back."`
		Campaign   bool       `json:"reopen_campaign,omitempty" doc:"A new campaign in the space brings it back."`
		Replaces   int64      `json:"replaces,omitempty" doc:"The answer that this one corrects."`
	}
}

func (f *Decisions) apiGet(ctx context.Context, actor *models.Actor, in *IdeaPath) (*decisionAnswer, error) {
	idea, err := f.web.DB.Idea(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	card, err := f.web.DB.Decision(ctx, idea)
	if err != nil {
		return nil, err
	}
	if card == nil {
		return nil, fmt.Errorf("answer to idea %d: %w", in.ID, models.ErrNotFound)
	}
	return &decisionAnswer{decisionBody{
		ID: card.ID, Kind: string(card.Kind), Reason: card.ReasonCode, Body: card.Body, HTML: card.HTML, Conditions: card.Conditions, Until: card.ReopenOn,
		Author: card.AuthorName, Published: *card.PublishedAt, Reopened: card.ReopenedAt, URL: f.web.BaseURL.String() + idea.Path(),
	}}, nil
}

func (f *Decisions) apiPut(ctx context.Context, actor *models.Actor, in *putDecision) (*decisionAnswer, error) {
	answer := Answer{
		Idea: in.ID, Kind: models.DecisionKind(in.Body.Kind), Reason: in.Body.Reason, Body: in.Body.Body, Conditions: in.Body.Conditions, ReopenOn: in.Body.Until,
		ReopenTag: in.Body.Tag, ReopenCampaign: in.Body.Campaign, Base: models.AnswerBase{Answer: in.Body.Replaces}, Publish: true,
	}
	if until := in.Body.Until; until != nil {
		if until.Year() < 2000 || until.Year() > 2200 {
			return nil, models.Invalid{"until": "decisions.date_invalid"}
		}
		utc := until.UTC()
		answer.ReopenOn = &utc
	}
	if _, err := f.Answer(ctx, actor, answer); err != nil {
		return nil, err
	}
	return f.apiGet(ctx, actor, &in.IdeaPath)
}
