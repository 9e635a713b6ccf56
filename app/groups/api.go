package groups

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
	views "ruche/views/groups"
)

// groupBody is a group as the API shows it.
type groupBody struct {
	ID       int64  `json:"id"`
	Kind     string `json:"kind" enum:"group,unit" doc:"A unit's people are those whose department it is."`
	Name     string `json:"name"`
	Handmade bool   `json:"handmade" doc:"People say who is in it; otherwise the directory or each person's department does."`
	Members  int    `json:"members"`
	URL      string `json:"url"`
}

func (f *Groups) body(g *models.Group, members int) groupBody {
	return groupBody{g.ID, string(g.Kind), g.Name, g.Handmade(), members, f.web.BaseURL.String() + "/groups/" + strconv.FormatInt(g.ID, 10)}
}

type listGroups struct {
	Kind   string `query:"kind" doc:"group or unit; both without it."`
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type groupsAnswer struct {
	Body struct {
		Items []groupBody `json:"items"`
		Next  *string     `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

type createGroup struct {
	Body struct {
		Name string `json:"name"`
	}
}

// GroupPath is the group that an operation is about; exported, since huma fills in no other embedded struct.
type GroupPath struct {
	ID int64 `path:"id"`
}

type listMembers struct {
	GroupPath
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type memberBody struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

type membersAnswer struct {
	Body struct {
		Items []memberBody `json:"items"`
		Next  *string      `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

type memberPath struct {
	GroupPath
	Email string `path:"email" doc:"E-mail address of someone in the company."`
}

type memberAnswer struct{ Body memberBody }

// API adds the feature's operations.
func (f *Groups) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-groups", Method: http.MethodGet, Path: "/groups", Summary: "List the groups and units"}, f.apiList)
	api.Register(a, huma.Operation{OperationID: "create-group", Method: http.MethodPost, Path: "/groups", Summary: "Create a group", DefaultStatus: http.StatusCreated}, f.apiCreate)
	api.Register(a, huma.Operation{OperationID: "list-group-members", Method: http.MethodGet, Path: "/groups/{id}/members", Summary: "List who is in a group"}, f.apiMembers)
	api.Register(a, huma.Operation{OperationID: "add-group-member", Method: http.MethodPut, Path: "/groups/{id}/members/{email}", Summary: "Let a person join a group"}, f.apiAdd)
	api.Register(a, huma.Operation{OperationID: "remove-group-member", Method: http.MethodDelete, Path: "/groups/{id}/members/{email}", Summary: "Let a person leave a group", DefaultStatus: http.StatusNoContent}, f.apiRemove)
}

func (f *Groups) apiList(ctx context.Context, actor *models.Actor, in *listGroups) (*groupsAnswer, error) {
	after, afterID, err := cursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	cards, err := f.web.DB.Groups(ctx, actor, models.GroupQuery{Kind: models.GroupKind(in.Kind), After: after, AfterID: afterID, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	answer := &groupsAnswer{}
	answer.Body.Items = []groupBody{}
	if len(cards) > in.Limit {
		cards = cards[:in.Limit]
		next := views.Key(cards[in.Limit-1].NameKey, cards[in.Limit-1].ID)
		answer.Body.Next = &next
	}
	for i := range cards {
		answer.Body.Items = append(answer.Body.Items, f.body(&cards[i].Group, cards[i].Members))
	}
	return answer, nil
}

// cursor reads where a page begins; the mistake is at the field that the API calls so.
func cursor(key string) (name string, id int64, err error) {
	if name, id, err = views.ParseKey(key); err != nil {
		err = models.Invalid{"cursor": "lists.cursor_invalid"}
	}
	return name, id, err
}

func (f *Groups) apiCreate(ctx context.Context, actor *models.Actor, in *createGroup) (*api.Created[groupBody], error) {
	group, err := f.Create(ctx, actor, in.Body.Name)
	if err != nil {
		return nil, err
	}
	body := f.body(group, 0)
	return &api.Created[groupBody]{Location: body.URL, Body: body}, nil
}

func (f *Groups) apiMembers(ctx context.Context, actor *models.Actor, in *listMembers) (*membersAnswer, error) {
	after, afterID, err := cursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	if _, err := f.web.DB.KnownGroup(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	members, err := f.web.DB.GroupMembers(ctx, actor, in.ID, after, afterID, in.Limit+1)
	if err != nil {
		return nil, err
	}
	answer := &membersAnswer{}
	answer.Body.Items = []memberBody{}
	if len(members) > in.Limit {
		members = members[:in.Limit]
		next := views.Key(members[in.Limit-1].Name, members[in.Limit-1].ID)
		answer.Body.Next = &next
	}
	for _, m := range members {
		answer.Body.Items = append(answer.Body.Items, memberBody{m.ID, m.Name, m.Email})
	}
	return answer, nil
}

func (f *Groups) apiAdd(ctx context.Context, actor *models.Actor, in *memberPath) (*memberAnswer, error) {
	user, err := f.Add(ctx, actor, in.ID, in.Email)
	if err != nil {
		return nil, err
	}
	return &memberAnswer{memberBody{user.ID, user.Name, user.Email}}, nil
}

func (f *Groups) apiRemove(ctx context.Context, actor *models.Actor, in *memberPath) (*api.Done, error) {
	if _, err := f.web.DB.KnownGroup(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	user, err := f.web.DB.UserByEmail(ctx, in.Email)
	if err != nil {
		return nil, err
	}
	return &api.Done{}, f.Remove(ctx, actor, in.ID, user.ID)
}
