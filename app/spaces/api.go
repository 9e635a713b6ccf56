package spaces

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// spaceBody is a space as the API shows it.
type spaceBody struct {
	Slug        string `json:"slug" doc:"Its place in addresses."`
	Title       string `json:"title"`
	Description string `json:"description"`
	Visibility  string `json:"visibility" enum:"public,external,company,restricted" doc:"Who can read it."`
	Role        string `json:"role,omitempty" doc:"Your own role in it, if any."`
	URL         string `json:"url"`
}

func (f *Spaces) body(space *models.Space, role models.SpaceRole) spaceBody {
	return spaceBody{space.Slug, space.Title, space.Description, string(space.Visibility), string(role), f.web.BaseURL.String() + "/spaces/" + space.Slug}
}

type spacesAnswer struct {
	Body struct {
		Items []spaceBody `json:"items"`
	}
}

type createSpace struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Slug        string `json:"slug" doc:"Small letters, digits and hyphens."`
		Title       string `json:"title"`
		Description string `json:"description,omitempty"`
		Visibility  string `json:"visibility" doc:"public, external, company or restricted."`
		Joining     string `json:"joining,omitempty" doc:"open, request or invitation; what is usual for the visibility if absent."`
		Listed      bool   `json:"listed,omitempty" doc:"Whether the company's people may know of a restricted space."`
	}
}

// MemberPath is the membership that an operation is about; exported, since huma fills in no other embedded struct.
type MemberPath struct {
	Slug  string `path:"slug"`
	Email string `path:"email" doc:"E-mail address of an account."`
}

type setMember struct {
	MemberPath
	Body struct {
		Role string `json:"role" doc:"manager, moderator, expert, member or reader."`
	}
}

type memberAnswer struct {
	Body struct {
		Email string `json:"email"`
		Name  string `json:"name"`
		Role  string `json:"role"`
	}
}

// API adds the feature's operations.
func (f *Spaces) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-spaces", Method: http.MethodGet, Path: "/spaces", Summary: "List the spaces you can see"}, f.apiList)
	api.Register(a, huma.Operation{OperationID: "create-space", Method: http.MethodPost, Path: "/spaces", Summary: "Create a space", Security: api.Wants(models.ScopeManage), DefaultStatus: http.StatusCreated}, f.apiCreate)
	api.Register(a, huma.Operation{OperationID: "set-member", Method: http.MethodPut, Path: "/spaces/{slug}/members/{email}", Summary: "Give a person a role in a space", Security: api.Wants(models.ScopeManage)}, f.apiSetMember)
	api.Register(a, huma.Operation{OperationID: "remove-member", Method: http.MethodDelete, Path: "/spaces/{slug}/members/{email}", Summary: "End a person's membership of a space", Security: api.Wants(models.ScopeManage), DefaultStatus: http.StatusNoContent}, f.apiRemoveMember)
	f.settingsAPI(a)
	f.membersAPI(a)
	f.entranceAPI(a)
	f.groupsAPI(a)
}

func (f *Spaces) apiList(ctx context.Context, actor *models.Actor, _ *struct{}) (*spacesAnswer, error) {
	cards, err := f.web.DB.Spaces(ctx, actor)
	if err != nil {
		return nil, err
	}
	answer := &spacesAnswer{}
	answer.Body.Items = make([]spaceBody, len(cards))
	for i := range cards {
		answer.Body.Items[i] = f.body(&cards[i].Space, cards[i].Role)
	}
	return answer, nil
}

func (f *Spaces) apiCreate(ctx context.Context, actor *models.Actor, in *createSpace) (*api.Created[spaceBody], error) {
	space := &models.Space{Slug: in.Body.Slug, Title: in.Body.Title, Description: in.Body.Description, Visibility: models.Visibility(in.Body.Visibility), Joining: models.Joining(in.Body.Joining), Listed: in.Body.Listed}
	if err := f.Create(ctx, actor, space, in.Key); err != nil {
		return nil, err
	}
	body := f.body(space, models.SpaceManager)
	return &api.Created[spaceBody]{Location: body.URL, Body: body}, nil
}

func (f *Spaces) apiSetMember(ctx context.Context, actor *models.Actor, in *setMember) (*memberAnswer, error) {
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	user, err := f.SetMember(ctx, actor, space, in.Email, models.SpaceRole(in.Body.Role))
	if err != nil {
		return nil, err
	}
	answer := &memberAnswer{}
	answer.Body.Email, answer.Body.Name, answer.Body.Role = user.Email, user.Name, in.Body.Role
	return answer, nil
}

func (f *Spaces) apiRemoveMember(ctx context.Context, actor *models.Actor, in *MemberPath) (*api.Done, error) {
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	err = f.RemoveMember(ctx, actor, space, in.Email)
	if errors.Is(err, models.ErrNotFound) {
		err = nil // ending what has ended is done
	}
	return &api.Done{}, err
}
