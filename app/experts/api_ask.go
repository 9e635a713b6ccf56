package experts

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// apiAsking adds the operations about asking people to answer questions.
func (f *Experts) apiAsking(a *api.API) {
	read := api.Wants(models.ScopeRead)
	api.Register(a, huma.Operation{OperationID: "propose-experts", Method: http.MethodGet, Path: "/threads/{id}/experts", Summary: "Find whom to ask to answer a question", Description: "People who know about it and can be asked now, and whom you have asked.", Security: read}, f.apiPropose)
	api.Register(a, huma.Operation{OperationID: "ask-expert", Method: http.MethodPost, Path: "/threads/{id}/experts", Summary: "Ask somebody to answer a question", DefaultStatus: http.StatusCreated}, f.apiAsk)
	api.Register(a, huma.Operation{OperationID: "list-expert-requests", Method: http.MethodGet, Path: "/experts/requests", Summary: "List what you are asked to answer", Description: "A request lapses a week after it was made. Who writes in the thread has answered it.", Security: read}, f.apiAsked)
	api.Register(a, huma.Operation{OperationID: "decline-expert-request", Method: http.MethodPost, Path: "/experts/requests/{request}/refusal", Summary: "Say that you do not answer it", DefaultStatus: http.StatusOK}, f.apiDecline)
	api.Register(a, huma.Operation{OperationID: "withdraw-expert-request", Method: http.MethodDelete, Path: "/experts/requests/{request}", Summary: "Take back that you asked somebody", DefaultStatus: http.StatusNoContent}, f.apiWithdraw)
	api.Register(a, huma.Operation{OperationID: "get-expert-figures", Method: http.MethodGet, Path: "/experts/figures", Summary: "How asking goes", Description: "Of the requests of the last 90 days, without those that were taken back. You animate the community.", Security: read}, f.apiFigures)
}

type expertRequest struct {
	ID        int64      `json:"id"`
	Thread    int64      `json:"thread"`
	Expert    int64      `json:"expert" doc:"Id of who is asked."`
	Asker     int64      `json:"asker" doc:"Id of who asks."`
	State     string     `json:"state" enum:"open,answered,declined,withdrawn,lapsed"`
	Word      string     `json:"word" doc:"Of who declined; may be empty."`
	CreatedAt time.Time  `json:"created_at"`
	EndedAt   *time.Time `json:"ended_at"`
	LapsesAt  time.Time  `json:"lapses_at" doc:"Until when an answer is waited for."`
}

func (f *Experts) requestBody(r *models.ExpertRequest) expertRequest {
	return expertRequest{r.ID, r.ThreadID, r.ExpertID, r.AskerID, string(r.Now(f.db.Now())), r.Word, r.CreatedAt, r.EndedAt, r.Lapses()}
}

func (f *Experts) requestBodies(cards []models.ExpertRequestCard) []expertRequest {
	bodies := []expertRequest{}
	for i := range cards {
		bodies = append(bodies, f.requestBody(&cards[i].ExpertRequest))
	}
	return bodies
}

type proposalsAnswer struct {
	Body struct {
		Experts  []knowingPerson `json:"experts" doc:"Who can be asked now."`
		Requests []expertRequest `json:"requests" doc:"That you have made there."`
	}
}

// asker is the actor as they are in a thread: its hidden author is nobody there who could ask.
func (f *Experts) asker(ctx context.Context, actor *models.Actor, threadID int64) (*models.Actor, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	return f.db.MaskIn(ctx, actor, threadID)
}

func (f *Experts) apiPropose(ctx context.Context, actor *models.Actor, in *termPath) (*proposalsAnswer, error) {
	actor, err := f.asker(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	thread, err := f.db.Thread(ctx, actor, in.ID)
	if err == nil {
		err = actor.AskingRefused(thread)
	}
	if err != nil {
		return nil, err
	}
	asked, err := f.db.AskedIn(ctx, actor, thread)
	if err != nil {
		return nil, err
	}
	found, err := f.db.ProposeExperts(ctx, actor, thread)
	if err != nil {
		return nil, err
	}
	answer := &proposalsAnswer{}
	answer.Body.Experts, answer.Body.Requests = f.people(found), f.requestBodies(asked)
	return answer, nil
}

type askExpert struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Expert int64 `json:"expert" minimum:"1" maximum:"2147483647" doc:"Id of whom you ask."`
	}
}

type expertRequestAnswer struct{ Body expertRequest }

func (f *Experts) apiAsk(ctx context.Context, actor *models.Actor, in *askExpert) (*expertRequestAnswer, error) {
	actor, err := f.asker(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	request, err := f.Ask(ctx, actor, in.ID, in.Body.Expert)
	if err != nil {
		return nil, err
	}
	return &expertRequestAnswer{f.requestBody(request)}, nil
}

type expertRequestsAnswer struct {
	Body struct {
		Requests []expertRequest `json:"requests"`
	}
}

func (f *Experts) apiAsked(ctx context.Context, actor *models.Actor, _ *struct{}) (*expertRequestsAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	cards, err := f.db.AskedOfMe(ctx, actor)
	if err != nil {
		return nil, err
	}
	answer := &expertRequestsAnswer{}
	answer.Body.Requests = f.requestBodies(cards)
	return answer, nil
}

type requestPath struct {
	Request int64 `path:"request" minimum:"1"`
}

type declineRequest struct {
	Request int64 `path:"request" minimum:"1"`
	Body    struct {
		Word string `json:"word,omitempty" doc:"At most 300 characters; may be absent."`
	}
}

func (f *Experts) apiDecline(ctx context.Context, actor *models.Actor, in *declineRequest) (*expertRequestAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	request, err := f.Decline(ctx, actor, in.Request, in.Body.Word)
	if err != nil {
		return nil, err
	}
	return &expertRequestAnswer{f.requestBody(request)}, nil
}

func (f *Experts) apiWithdraw(ctx context.Context, actor *models.Actor, in *requestPath) (*struct{}, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	_, err := f.Withdraw(ctx, actor, in.Request)
	return nil, err
}

type expertFiguresAnswer struct {
	Body struct {
		Asked    int `json:"asked"`
		Answered int `json:"answered"`
		Declined int `json:"declined"`
		Lapsed   int `json:"lapsed"`
		Open     int `json:"open"`
		Median   int `json:"median_seconds" doc:"From the request to the answer; 0 where nothing was answered."`
	}
}

func (f *Experts) apiFigures(ctx context.Context, actor *models.Actor, _ *struct{}) (*expertFiguresAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	figures, err := f.db.ExpertFigures(ctx, actor)
	if err != nil {
		return nil, err
	}
	answer := &expertFiguresAnswer{}
	b := &answer.Body
	b.Asked, b.Answered, b.Declined, b.Lapsed, b.Open, b.Median = figures.Asked, figures.Answered, figures.Declined, figures.Lapsed, figures.Open, int(figures.Median.Seconds())
	return answer, nil
}
