package follows

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// API adds the feature's operations.
func (f *Follows) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-follows", Method: http.MethodGet, Path: "/follows", Summary: "List what you follow", Description: "Of one kind: spaces, topics, tags, people, threads, articles or events, the latest first. What you can no longer see is left out and has no effect.", Security: api.Wants(models.ScopeRead)}, f.apiList)
	api.Register(a, huma.Operation{OperationID: "set-follow", Method: http.MethodPut, Path: "/follows/{kind}/{target}", Summary: "Say how closely you follow something", Description: "The nearest of what you have said holds: of a thread or an article, of the person who writes, of the topic, of a tag, of the space. Who mutes a person hears nothing that they write."}, f.apiSet)
	api.Register(a, huma.Operation{OperationID: "delete-follow", Method: http.MethodDelete, Path: "/follows/{kind}/{target}", Summary: "Say nothing of something any more", Description: "What is wider holds then. Where you had said nothing, nothing changes.", DefaultStatus: http.StatusNoContent}, f.apiRemove)
}

type listRequest struct {
	Kind   string `query:"kind" required:"true" enum:"space,topic,tag,person,thread,article,event"`
	Before int64  `query:"before" minimum:"0" doc:"The \"next\" of the page before."`
}

type followBody struct {
	Kind   string `json:"kind" enum:"space,topic,tag,person,thread,article,event"`
	Target string `json:"target" doc:"The number of a space, topic, person, thread, article or event; a tag is itself."`
	Name   string `json:"name"`
	Level  string `json:"level" enum:"watch,follow,normal,mute"`
}

type listAnswer struct {
	Body struct {
		Follows []followBody `json:"follows"`
		Next    int64        `json:"next" doc:"What to send as before for the next page; 0 at the end."`
	}
}

func (f *Follows) apiList(ctx context.Context, actor *models.Actor, in *listRequest) (*listAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	cards, next, err := f.List(ctx, actor, models.Followed(in.Kind), in.Before)
	if err != nil {
		return nil, err
	}
	answer := &listAnswer{}
	answer.Body.Follows, answer.Body.Next = []followBody{}, next
	for i := range cards {
		answer.Body.Follows = append(answer.Body.Follows, followBody{in.Kind, cards[i].Address(), cards[i].Name, string(cards[i].Level)})
	}
	return answer, nil
}

// FollowPath is what an operation is about; exported, since huma fills in no other embedded struct.
type FollowPath struct {
	Kind   string `path:"kind" enum:"space,topic,tag,person,thread,article,event"`
	Target string `path:"target" maxLength:"200" doc:"The slug or the number of a space; the number of a topic, person, thread, article or event; a tag is itself."`
}

type setRequest struct {
	FollowPath
	Body struct {
		Level string `json:"level" enum:"watch,follow,normal,mute"`
	}
}

type setAnswer struct {
	Body struct {
		Level  string `json:"level" enum:"watch,follow,normal,mute"`
		Before string `json:"before" doc:"What you had said; empty for nothing."`
	}
}

func (f *Follows) apiSet(ctx context.Context, actor *models.Actor, in *setRequest) (*setAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	before, err := f.Set(ctx, actor, models.Followed(in.Kind), in.Target, models.FollowLevel(in.Body.Level))
	if err != nil {
		return nil, err
	}
	answer := &setAnswer{}
	answer.Body.Level, answer.Body.Before = in.Body.Level, string(before)
	return answer, nil
}

func (f *Follows) apiRemove(ctx context.Context, actor *models.Actor, in *FollowPath) (*struct{}, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	_, err := f.Set(ctx, actor, models.Followed(in.Kind), in.Target, "")
	return nil, err
}
