package accounts

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

type meAnswer struct {
	Body struct {
		ID     int64  `json:"id"`
		Name   string `json:"name"`
		Email  string `json:"email"`
		Role   string `json:"role" enum:"owner,manager,moderator,hr,auditor,employee,external"`
		Locale string `json:"locale" doc:"fr, en, or empty: not chosen."`
		URL    string `json:"url"`
	}
}

// API adds the feature's operation.
func (f *Accounts) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "get-me", Method: http.MethodGet, Path: "/me", Summary: "Who you are"}, f.apiMe)
}

func (f *Accounts) apiMe(_ context.Context, actor *models.Actor, _ *struct{}) (*meAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	answer := &meAnswer{}
	answer.Body.ID, answer.Body.Name, answer.Body.Email = actor.ID, actor.Name, actor.Email
	answer.Body.Role, answer.Body.Locale = string(actor.Role), actor.Locale
	answer.Body.URL = fmt.Sprintf("%s/people/%d", f.web.BaseURL, actor.ID)
	return answer, nil
}
