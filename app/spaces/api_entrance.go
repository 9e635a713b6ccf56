package spaces

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// entryRequestBody is someone's wish to become a member.
type entryRequestBody struct {
	ID        int64      `json:"id"`
	State     string     `json:"state" enum:"open,approved,declined,withdrawn"`
	Message   string     `json:"message" doc:"Why, in the words of who asks."`
	Answer    string     `json:"answer" doc:"A word with the decision."`
	CreatedAt time.Time  `json:"created_at"`
	DecidedAt *time.Time `json:"decided_at"`
}

func requestOf(r *models.EntryRequest) *entryRequestBody {
	return &entryRequestBody{r.ID, string(r.State), r.Message, r.Answer, r.CreatedAt, r.DecidedAt}
}

// waitingRequestBody is a request as those who decide see it.
type waitingRequestBody struct {
	entryRequestBody
	Person someoneBody `json:"person"`
}

type someoneBody struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	External bool   `json:"external"`
}

type listEntryRequests struct {
	SpacePath
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type entryRequestsAnswer struct {
	Body struct {
		Items []waitingRequestBody `json:"items"`
		Next  *string              `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

type askToJoin struct {
	SpacePath
	Body struct {
		Message string `json:"message,omitempty" doc:"Why you would like to be part of it, up to 500 characters."`
	}
}

type decideRequest struct {
	SpacePath
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Decision string `json:"decision" doc:"approve or decline."`
		Answer   string `json:"answer,omitempty" doc:"A word for who asked."`
	}
}

type decidedRequestAnswer struct {
	Body struct {
		ID    int64  `json:"id"`
		State string `json:"state" enum:"approved,declined"`
	}
}

// entranceAPI adds the operations by which people come into a space and leave it.
func (f *Spaces) entranceAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "join-space", Method: http.MethodPut, Path: "/spaces/{slug}/membership", Summary: "Join a space that is open to you"}, f.apiJoin)
	api.Register(a, huma.Operation{OperationID: "leave-space", Method: http.MethodDelete, Path: "/spaces/{slug}/membership", Summary: "Leave a space", DefaultStatus: http.StatusNoContent}, f.apiLeave)
	api.Register(a, huma.Operation{OperationID: "ask-to-join", Method: http.MethodPost, Path: "/spaces/{slug}/requests", Summary: "Ask to be let into a space", DefaultStatus: http.StatusCreated}, f.apiAsk)
	api.Register(a, huma.Operation{OperationID: "withdraw-request", Method: http.MethodDelete, Path: "/spaces/{slug}/request", Summary: "Take your own request back", DefaultStatus: http.StatusNoContent}, f.apiWithdraw)
	api.Register(a, huma.Operation{OperationID: "list-requests", Method: http.MethodGet, Path: "/spaces/{slug}/requests", Summary: "List who asks to be let into a space", Description: "Only open requests, oldest first."}, f.apiRequests)
	api.Register(a, huma.Operation{OperationID: "decide-request", Method: http.MethodPut, Path: "/spaces/{slug}/requests/{id}/decision", Summary: "Let somebody in who asked, or decline", Security: api.Wants(models.ScopeManage)}, f.apiDecide)
}

func (f *Spaces) apiJoin(ctx context.Context, actor *models.Actor, in *SpacePath) (*spaceAnswer, error) {
	space, _, err := f.web.DB.KnownSpace(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	if err := f.Join(ctx, actor, space); err != nil {
		return nil, err
	}
	return f.changed(ctx, actor, in.Slug)
}

func (f *Spaces) apiLeave(ctx context.Context, actor *models.Actor, in *SpacePath) (*api.Done, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	err = f.Leave(ctx, actor, space)
	if errors.Is(err, models.ErrNotFound) {
		err = nil // who is in it no longer has left
	}
	return &api.Done{}, err
}

func (f *Spaces) apiAsk(ctx context.Context, actor *models.Actor, in *askToJoin) (*api.Created[*entryRequestBody], error) {
	space, _, err := f.web.DB.KnownSpace(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	request, err := f.Ask(ctx, actor, space, in.Body.Message)
	if err != nil {
		return nil, err
	}
	return &api.Created[*entryRequestBody]{Location: f.body(space, "").URL, Body: requestOf(request)}, nil
}

func (f *Spaces) apiWithdraw(ctx context.Context, actor *models.Actor, in *SpacePath) (*api.Done, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	space, _, err := f.web.DB.KnownSpace(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	return &api.Done{}, f.Withdraw(ctx, actor, space)
}

func (f *Spaces) apiRequests(ctx context.Context, actor *models.Actor, in *listEntryRequests) (*entryRequestsAnswer, error) {
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	after := int64(0)
	if in.Cursor != "" {
		if after, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || after < 0 {
			return nil, models.Invalid{"cursor": "lists.cursor_invalid"}
		}
	}
	cards, err := f.web.DB.EntryRequests(ctx, actor, space, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	answer := &entryRequestsAnswer{}
	answer.Body.Items = []waitingRequestBody{}
	if len(cards) > in.Limit {
		cards = cards[:in.Limit]
		next := strconv.FormatInt(cards[in.Limit-1].ID, 10)
		answer.Body.Next = &next
	}
	for i := range cards {
		c := &cards[i]
		answer.Body.Items = append(answer.Body.Items, waitingRequestBody{*requestOf(&c.EntryRequest), someoneBody{c.UserID, c.Name, c.Role == models.RoleExternal}})
	}
	return answer, nil
}

func (f *Spaces) apiDecide(ctx context.Context, actor *models.Actor, in *decideRequest) (*decidedRequestAnswer, error) {
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	decision := Decision{Approve: in.Body.Decision == "approve", Words: in.Body.Answer}
	if !decision.Approve && in.Body.Decision != "decline" && actor.Can(models.ManageSpace, space) {
		return nil, models.Invalid{"decision": "spaces.decision_missing"}
	}
	if _, err := f.Decide(ctx, actor, space, in.ID, decision); err != nil {
		return nil, err
	}
	answer := &decidedRequestAnswer{}
	answer.Body.ID, answer.Body.State = in.ID, string(models.RequestDeclined)
	if decision.Approve {
		answer.Body.State = string(models.RequestApproved)
	}
	return answer, nil
}
