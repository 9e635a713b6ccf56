package ideas

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

func (f *Ideas) mergesAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "get-merge", Method: http.MethodGet, Path: "/ideas/{id}/merge", Summary: "See in which idea one goes on, and which go on in it",
		Description: "A merge that waits for an author is shown to the authors and to those who decide."}, f.apiMerge)
	api.Register(a, huma.Operation{OperationID: "merge-idea", Method: http.MethodPut, Path: "/ideas/{id}/merge", Summary: "Let an idea go on in another one",
		Description: "Nothing moves. The authors are asked; it happens when one agrees, or after seven days without an answer. Whoever supports both counts once."}, f.apiPutMerge)
	api.Register(a, huma.Operation{OperationID: "answer-merge", Method: http.MethodPut, Path: "/ideas/{id}/merge/answer", Summary: "Agree to the merge of an idea of yours, or refuse it", DefaultStatus: http.StatusNoContent}, f.apiAnswerMerge)
	api.Register(a, huma.Operation{OperationID: "unmerge-idea", Method: http.MethodDelete, Path: "/ideas/{id}/merge", Summary: "Take the merge of an idea back", DefaultStatus: http.StatusNoContent}, f.apiUnmerge)
}

type named struct {
	ID    int64  `json:"id"`
	URL   string `json:"url"`
	Title string `json:"title"`
}

type mergeBody struct {
	State    string     `json:"state" enum:",waiting,merged" doc:"Empty: the idea goes its own way."`
	Into     *named     `json:"into" doc:"In which idea it goes on, or null."`
	Reason   string     `json:"reason"`
	Due      *time.Time `json:"due_at" doc:"When a merge that waits happens by itself, or null."`
	Merged   *time.Time `json:"merged_at"`
	Supports int        `json:"supports" doc:"Of everybody once who supports the idea or one that goes on in it."`
	Origins  []named    `json:"origins" doc:"The ideas that go on in this one."`
}

type mergeAnswer struct {
	Body mergeBody
}

func (f *Ideas) apiMerge(ctx context.Context, actor *models.Actor, in *IdeaPath) (*mergeAnswer, error) {
	actor, err := f.db.MaskFor(ctx, actor, in.ID, "")
	if err != nil {
		return nil, err
	}
	idea, err := f.db.Answering(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	joined, err := f.joined(ctx, actor, idea, true)
	if err != nil {
		return nil, err
	}
	body := mergeBody{Supports: idea.SupportCount, Origins: []named{}}
	if shown := mergeOf(actor, idea, joined); shown != nil {
		body.State, body.Reason, body.Merged = string(shown.Card.State), shown.Card.Reason, shown.Card.MergedAt
		if shown.Card.State == models.MergeWaiting {
			body.Due = &shown.Card.DueAt
		}
		if shown.Into != nil {
			body.Into = &named{shown.Into.ID, f.web.BaseURL.String() + shown.Into.Path(), shown.Into.Title}
		}
	}
	for i := range joined.Origins {
		origin := &joined.Origins[i]
		body.Origins = append(body.Origins, named{origin.ID, f.web.BaseURL.String() + origin.Path(), origin.Title})
	}
	return &mergeAnswer{body}, nil
}

type putMerge struct {
	IdeaPath
	Body struct {
		Into   int64  `json:"into" doc:"The number of an idea of the same space."`
		Reason string `json:"reason" doc:"Why, for everybody who reads the idea, in 500 characters at most."`
	}
}

func (f *Ideas) apiPutMerge(ctx context.Context, actor *models.Actor, in *putMerge) (*mergeAnswer, error) {
	if _, err := f.Merge(ctx, actor, Merging{Idea: in.ID, Into: in.Body.Into, Reason: in.Body.Reason}); err != nil {
		return nil, err
	}
	return f.apiMerge(ctx, actor, &in.IdeaPath)
}

type answerMergeIn struct {
	IdeaPath
	Body struct {
		Into   int64  `json:"into,omitempty" doc:"The idea that it is to go on in as you have read: if that is another one by now, the answer is 409."`
		Answer string `json:"answer" enum:"agree,refuse"`
	}
}

func (f *Ideas) apiAnswerMerge(ctx context.Context, actor *models.Actor, in *answerMergeIn) (*api.Done, error) {
	actor, err := f.db.MaskFor(ctx, actor, in.ID, "")
	if err != nil {
		return nil, err
	}
	_, err = f.AnswerMerge(ctx, actor, MergeReply{Idea: in.ID, Into: in.Body.Into, Agrees: in.Body.Answer == "agree"})
	return &api.Done{}, err
}

func (f *Ideas) apiUnmerge(ctx context.Context, actor *models.Actor, in *IdeaPath) (*api.Done, error) {
	actor, err := f.db.MaskFor(ctx, actor, in.ID, "")
	if err != nil {
		return nil, err
	}
	_, err = f.Unmerge(ctx, actor, in.ID)
	return &api.Done{}, err
}
