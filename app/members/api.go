package members

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
	views "ruche/views/members"
)

// personBody is an account as the API shows it to those who look after people.
type personBody struct {
	ID           int64      `json:"id"`
	Name         string     `json:"name"`
	Email        string     `json:"email"`
	Role         string     `json:"role" enum:"owner,manager,moderator,hr,auditor,employee,external"`
	Job          string     `json:"job"`
	Department   string     `json:"department"`
	Organisation string     `json:"organisation"`
	Suspended    bool       `json:"suspended"`
	ExpiresAt    *time.Time `json:"expires_at,omitempty" doc:"When their access ends by itself."`
	SeenAt       *time.Time `json:"seen_at,omitempty" doc:"When they last came back to the home page."`
	URL          string     `json:"url"`
}

func (f *Members) url(id int64) string { return fmt.Sprintf("%s/members/%d", f.web.BaseURL, id) }

type listPeople struct {
	Q          string `query:"q" maxLength:"200" doc:"Beginnings of words of names and addresses."`
	Role       string `query:"role" doc:"A role in the house, or internal: everyone who is not external."`
	Department string `query:"department"`
	State      string `query:"state" doc:"suspended, expired, unsponsored, never (signed in) or service (of a program)."`
	Limit      int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
	Cursor     string `query:"cursor"`
}

type peopleAnswer struct {
	Body struct {
		Items []personBody `json:"items"`
		Next  *string      `json:"next" doc:"The cursor of the next page, null at the end."`
	}
}

// PersonPath is the account that an operation is about; exported, since huma fills in no other embedded struct.
type PersonPath struct {
	ID int64 `path:"id"`
}

type changePerson struct {
	PersonPath
	Body struct {
		Role      *string `json:"role,omitempty" doc:"What they are in the house from now on."`
		Sure      bool    `json:"sure,omitempty" doc:"Needed to make someone external, or an external one of the company's own."`
		Suspended *bool   `json:"suspended,omitempty" doc:"Whether their access is ended, at once."`
	}
}

type personAnswer struct{ Body personBody }

// API adds the feature's operations.
func (f *Members) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-people", Method: http.MethodGet, Path: "/people", Summary: "List everyone who has an account", Security: api.Wants(models.ScopeManage)}, f.apiList)
	api.Register(a, huma.Operation{OperationID: "change-person", Method: http.MethodPatch, Path: "/people/{id}", Summary: "Change someone's role, suspend them or bring them back", Security: api.Wants(models.ScopeManage)}, f.apiChange)
}

func (f *Members) apiList(ctx context.Context, actor *models.Actor, in *listPeople) (*peopleAnswer, error) {
	query, err := queryOf(views.Filter{Words: in.Q, Role: in.Role, Department: in.Department, State: in.State}, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	people, next, err := f.web.DB.People(ctx, actor, query)
	if err != nil {
		return nil, err
	}
	answer := &peopleAnswer{}
	answer.Body.Items = make([]personBody, len(people))
	for i, p := range people {
		answer.Body.Items[i] = personBody{p.ID, p.Name, p.Email, string(p.Role), p.Job, p.Department, p.Organisation, p.DisabledAt != nil, p.ExpiresAt, p.SeenAt, f.url(p.ID)}
	}
	if next != nil {
		cursor := next.String()
		answer.Body.Next = &cursor
	}
	return answer, nil
}

func (f *Members) apiChange(ctx context.Context, actor *models.Actor, in *changePerson) (*personAnswer, error) {
	if in.Body.Role != nil {
		if _, err := f.SetRole(ctx, actor, in.ID, models.Role(*in.Body.Role), in.Body.Sure); err != nil {
			return nil, err
		}
	}
	if in.Body.Suspended != nil {
		if _, err := f.Suspend(ctx, actor, in.ID, *in.Body.Suspended); err != nil {
			return nil, err
		}
	}
	u, err := f.web.DB.Account(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return &personAnswer{personBody{u.ID, u.Name, u.Email, string(u.Role), u.Job, u.Department, u.Organisation, u.DisabledAt != nil, u.ExpiresAt, u.SeenAt, f.url(u.ID)}}, nil
}
