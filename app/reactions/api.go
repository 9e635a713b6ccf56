package reactions

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/app/posts"
	"ruche/models"
)

// API adds what programs do with reactions.
func (f *Reactions) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-reaction-signs", Method: http.MethodGet, Path: "/reactions", Summary: "List the signs that posts can be given", Description: "As the company has chosen them, in its order. Those that were taken out of the set stay where they were given.", Security: api.Wants(models.ScopeRead)}, f.apiSigns)
	api.Register(a, huma.Operation{OperationID: "list-reactions", Method: http.MethodGet, Path: "/posts/{post}/reactions", Summary: "List who gave a post signs", Description: "Newest first. Who has left, and whom you may not know, has no name.", Security: api.Wants(models.ScopeRead)}, f.apiReactors)
	api.Register(a, huma.Operation{OperationID: "react", Method: http.MethodPut, Path: "/posts/{post}/reactions/{sign}", Summary: "Give a post a sign", Description: "Once is enough. Nobody gives one to what they have said themselves.", DefaultStatus: http.StatusOK}, f.apiGive)
	api.Register(a, huma.Operation{OperationID: "take-reaction-back", Method: http.MethodDelete, Path: "/posts/{post}/reactions/{sign}", Summary: "Take your sign back from a post", DefaultStatus: http.StatusOK}, f.apiTake)
}

type signBody struct {
	ID     int64  `json:"id"`
	Emoji  string `json:"emoji"`
	NameEN string `json:"name_en"`
	NameFR string `json:"name_fr"`
	Given  bool   `json:"in_set" doc:"Whether it can be given now."`
}

type signsAnswer struct {
	Body struct {
		Items []signBody `json:"items"`
	}
}

func (f *Reactions) apiSigns(ctx context.Context, _ *models.Actor, _ *struct{}) (*signsAnswer, error) {
	signs, err := f.db.ReactionSigns(ctx)
	answer := &signsAnswer{}
	answer.Body.Items = make([]signBody, len(signs))
	for i := range signs {
		s := &signs[i]
		answer.Body.Items[i] = signBody{s.ID, s.Emoji, s.NameEN, s.NameFR, s.InSet()}
	}
	return answer, err
}

type listReactors struct {
	Post   int64  `path:"post" minimum:"1"`
	Sign   int64  `query:"sign" minimum:"1" doc:"Only those who gave this sign."`
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type reactorBody struct {
	Sign   int64       `json:"sign"`
	Person *api.Author `json:"person" doc:"Null for who has left, and whom you may not know."`
	At     time.Time   `json:"at"`
}

type reactorsAnswer struct {
	Body struct {
		Counts []posts.ReactionBody `json:"counts"`
		Items  []reactorBody        `json:"items"`
		Next   *string              `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Reactions) apiReactors(ctx context.Context, actor *models.Actor, in *listReactors) (*reactorsAnswer, error) {
	before := int64(0)
	if in.Cursor != "" {
		var err error
		if before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || before <= 0 {
			return nil, models.Invalid{"cursor": "lists.cursor_invalid"}
		}
	}
	_, look, err := f.look(ctx, actor, in.Post)
	if err != nil {
		return nil, err
	}
	people, err := f.db.Reactors(ctx, actor, in.Post, in.Sign, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	answer := &reactorsAnswer{}
	answer.Body.Counts, answer.Body.Items = posts.ReactionBodies(look.Given, in.Post), []reactorBody{}
	for i := range people {
		p := &people[i]
		if i == in.Limit {
			next := strconv.FormatInt(people[i-1].ID, 10)
			answer.Body.Next = &next
			break
		}
		body := reactorBody{Sign: p.SignID, At: p.CreatedAt}
		if p.UserID != 0 {
			body.Person = api.AuthorOf(p.UserID, p.Name, p.Role)
		}
		answer.Body.Items = append(answer.Body.Items, body)
	}
	return answer, nil
}

type reactionPath struct {
	Post int64 `path:"post" minimum:"1"`
	Sign int64 `path:"sign" minimum:"1"`
}

type countsAnswer struct {
	Body struct {
		Counts []posts.ReactionBody `json:"counts"`
	}
}

func (f *Reactions) apiGive(ctx context.Context, actor *models.Actor, in *reactionPath) (*countsAnswer, error) {
	return f.apiChange(ctx, actor, in, f.Give)
}

func (f *Reactions) apiTake(ctx context.Context, actor *models.Actor, in *reactionPath) (*countsAnswer, error) {
	return f.apiChange(ctx, actor, in, f.Take)
}

func (f *Reactions) apiChange(ctx context.Context, actor *models.Actor, in *reactionPath, change func(context.Context, *models.Actor, int64, int64) error) (*countsAnswer, error) {
	if err := change(ctx, actor, in.Post, in.Sign); err != nil {
		return nil, err
	}
	given, err := f.db.Reactions(ctx, actor, []int64{in.Post})
	if err != nil {
		return nil, err
	}
	answer := &countsAnswer{}
	answer.Body.Counts = posts.ReactionBodies(given, in.Post)
	return answer, nil
}
