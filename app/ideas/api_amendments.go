package ideas

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

func (f *Ideas) amendmentsAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-amendments", Method: http.MethodGet, Path: "/ideas/{id}/amendments", Summary: "List the changes proposed to an idea",
		Description: "Newest first. Those that were rejected or taken back are listed for whoever proposed them and for those who may edit the idea."}, f.apiAmendments)
	api.Register(a, huma.Operation{OperationID: "propose-amendment", Method: http.MethodPost, Path: "/ideas/{id}/amendments", Summary: "Propose another text for an idea", DefaultStatus: http.StatusCreated}, f.apiAmend)
	api.Register(a, huma.Operation{OperationID: "decide-amendment", Method: http.MethodPut, Path: "/ideas/{id}/amendments/{amendment}/decision", Summary: "Accept or reject a proposed change", DefaultStatus: http.StatusNoContent}, f.apiDecide)
	api.Register(a, huma.Operation{OperationID: "promote-amendment", Method: http.MethodPost, Path: "/ideas/{id}/amendments/{amendment}/idea", Summary: "Make a change of yours that was rejected an idea of its own", DefaultStatus: http.StatusCreated}, f.apiPromote)
	api.Register(a, huma.Operation{OperationID: "withdraw-amendment", Method: http.MethodDelete, Path: "/ideas/{id}/amendments/{amendment}", Summary: "Take a proposed change back", DefaultStatus: http.StatusNoContent}, f.apiWithdrawAmendment)
}

type amendmentBody struct {
	ID      int64      `json:"id"`
	URL     string     `json:"url"`
	Author  api.Author `json:"author"`
	Base    int        `json:"base" doc:"The version of the idea that it started from."`
	Title   string     `json:"title"`
	Summary string     `json:"summary" doc:"Empty: that of the idea stays."`
	Body    string     `json:"body" doc:"Markdown."`
	Reason  string     `json:"reason"`
	State   string     `json:"state" enum:"open,accepted,rejected,withdrawn"`
	Answer  string     `json:"answer,omitempty" doc:"Why it was rejected."`
	Version int        `json:"version,omitempty" doc:"The version that it has become."`
	Created time.Time  `json:"created_at"`
}

func (f *Ideas) amendmentOf(c *models.AmendmentCard) amendmentBody {
	return amendmentBody{c.ID, f.web.BaseURL.String() + c.Path(), api.Author{ID: c.AuthorID, Name: c.AuthorName, External: c.AuthorRole == models.RoleExternal}, c.Base, c.Title, c.Summary, c.Body, c.Reason, string(c.State), c.Answer, c.Version, c.CreatedAt}
}

type amendmentsIn struct {
	IdeaPath
	Before int `query:"before" minimum:"0" maximum:"2147483647" doc:"The id of the last one of the page before."`
}

type amendmentsAnswer struct {
	Body struct {
		Items []amendmentBody `json:"items"`
	}
}

func (f *Ideas) apiAmendments(ctx context.Context, actor *models.Actor, in *amendmentsIn) (*amendmentsAnswer, error) {
	actor, err := f.db.MaskFor(ctx, actor, in.ID, "")
	if err != nil {
		return nil, err
	}
	idea, err := f.db.Idea(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	cards, err := f.db.Amendments(ctx, actor, idea, in.Before, amendmentPage)
	answer := &amendmentsAnswer{}
	answer.Body.Items = []amendmentBody{}
	for i := range cards {
		answer.Body.Items = append(answer.Body.Items, f.amendmentOf(&cards[i]))
	}
	return answer, err
}

type amendIn struct {
	IdeaPath
	Body struct {
		Base  int    `json:"base" minimum:"1" maximum:"2147483647" doc:"The version of the idea that the text started from."`
		Title string `json:"title"`

		Summary string `json:"summary,omitempty" doc:"One line of 300 characters at most; absent, that of the idea stays."`

		Body   string `json:"body" doc:"Markdown."`
		Reason string `json:"reason" doc:"Why, in 500 characters at most."`
	}
}

type amendmentAnswer struct {
	Body struct {
		ID  int64  `json:"id"`
		URL string `json:"url"`
	}
}

func (f *Ideas) apiAmend(ctx context.Context, actor *models.Actor, in *amendIn) (*amendmentAnswer, error) {
	amendment, err := f.Amend(ctx, actor, Proposal{Idea: in.ID, Base: in.Body.Base, Title: in.Body.Title, Summary: in.Body.Summary, Body: in.Body.Body, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	answer := &amendmentAnswer{}
	answer.Body.ID, answer.Body.URL = amendment.ID, f.web.BaseURL.String()+amendment.Path()
	return answer, nil
}

// AmendmentPath names an amendment in the address.
type AmendmentPath struct {
	IdeaPath
	Amendment int64 `path:"amendment" minimum:"1"`
}

type decideIn struct {
	AmendmentPath
	Body struct {
		Decision string `json:"decision" enum:"accept,reject"`
		Seen     int    `json:"seen,omitempty" minimum:"0" maximum:"2147483647" doc:"To accept: the version of the idea that you have read."`
		Word     string `json:"word,omitempty" doc:"To reject: why, in 500 characters at most."`
	}
}

func (f *Ideas) apiDecide(ctx context.Context, actor *models.Actor, in *decideIn) (*api.Done, error) {
	actor, err := f.db.MaskFor(ctx, actor, in.ID, "")
	if err != nil {
		return nil, err
	}
	_, err = f.DecideAmendment(ctx, actor, Verdict{Idea: in.ID, Amendment: in.Amendment, Accepts: in.Body.Decision == "accept", Seen: in.Body.Seen, Word: in.Body.Word})
	return &api.Done{}, err
}

func (f *Ideas) apiPromote(ctx context.Context, actor *models.Actor, in *AmendmentPath) (*amendmentAnswer, error) {
	idea, err := f.PromoteAmendment(ctx, actor, in.ID, in.Amendment)
	if err != nil {
		return nil, err
	}
	answer := &amendmentAnswer{}
	answer.Body.ID, answer.Body.URL = idea.ID, f.web.BaseURL.String()+idea.Path()
	return answer, nil
}

func (f *Ideas) apiWithdrawAmendment(ctx context.Context, actor *models.Actor, in *AmendmentPath) (*api.Done, error) {
	_, err := f.WithdrawAmendment(ctx, actor, in.ID, in.Amendment)
	return &api.Done{}, err
}
