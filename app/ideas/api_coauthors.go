package ideas

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

func (f *Ideas) coAuthorsAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-coauthors", Method: http.MethodGet, Path: "/ideas/{id}/coauthors", Summary: "List who signs an idea beside its author",
		Description: "Whoever may ask others also sees who was asked and who declined."}, f.apiCoAuthors)
	api.Register(a, huma.Operation{OperationID: "ask-coauthor", Method: http.MethodPost, Path: "/ideas/{id}/coauthors", Summary: "Ask a person to sign an idea with you", DefaultStatus: http.StatusNoContent}, f.apiAskCoAuthor)
	api.Register(a, huma.Operation{OperationID: "answer-coauthor", Method: http.MethodPut, Path: "/ideas/{id}/coauthors/answer", Summary: "Say whether you sign an idea that you were asked to sign", DefaultStatus: http.StatusNoContent}, f.apiAnswerCoAuthor)
	api.Register(a, huma.Operation{OperationID: "remove-coauthor", Method: http.MethodDelete, Path: "/ideas/{id}/coauthors/{person}", Summary: "Take a person's name from an idea, or your own", DefaultStatus: http.StatusNoContent}, f.apiRemoveCoAuthor)
}

type coAuthorBody struct {
	api.Author
	State    string     `json:"state" enum:"asked,joined,declined"`
	Answered *time.Time `json:"answered_at"`
}

type coAuthorsAnswer struct {
	Body struct {
		Items []coAuthorBody `json:"items"`
	}
}

func (f *Ideas) apiCoAuthors(ctx context.Context, actor *models.Actor, in *IdeaPath) (*coAuthorsAnswer, error) {
	view, err := f.coAuthorsView(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	answer := &coAuthorsAnswer{}
	answer.Body.Items = []coAuthorBody{}
	for _, c := range append(view.Signed, view.Asked...) {
		answer.Body.Items = append(answer.Body.Items, coAuthorBody{api.Author{ID: c.UserID, Name: c.Name, External: c.Role == models.RoleExternal}, string(c.State), c.AnsweredAt})
	}
	return answer, nil
}

type askCoAuthor struct {
	IdeaPath
	Body struct {
		Person  int64  `json:"person" minimum:"1" doc:"Number of somebody who may contribute to the idea's space."`
		Message string `json:"message,omitempty" doc:"A word with the question."`
	}
}

func (f *Ideas) apiAskCoAuthor(ctx context.Context, actor *models.Actor, in *askCoAuthor) (*api.Done, error) {
	_, err := f.AskCoAuthor(ctx, actor, Question{Idea: in.ID, Person: in.Body.Person, Message: in.Body.Message})
	return &api.Done{}, err
}

type answerCoAuthor struct {
	IdeaPath
	Body struct {
		Answer string `json:"answer" enum:"join,decline"`
	}
}

func (f *Ideas) apiAnswerCoAuthor(ctx context.Context, actor *models.Actor, in *answerCoAuthor) (*api.Done, error) {
	_, err := f.AnswerCoAuthor(ctx, actor, in.ID, in.Body.Answer == "join")
	return &api.Done{}, err
}

type removeCoAuthor struct {
	IdeaPath
	Person int64 `path:"person" minimum:"1"`
}

func (f *Ideas) apiRemoveCoAuthor(ctx context.Context, actor *models.Actor, in *removeCoAuthor) (*api.Done, error) {
	var err error
	if in.Person == actor.ID {
		_, err = f.LeaveCoAuthors(ctx, actor, in.ID)
	} else {
		_, err = f.RemoveCoAuthor(ctx, actor, in.ID, in.Person)
	}
	return &api.Done{}, err
}
