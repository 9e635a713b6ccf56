package spaces

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// SpaceGroupPath is a group's role in a space; exported, since huma fills in no other embedded struct.
type SpaceGroupPath struct {
	Slug string `path:"slug"`
	ID   int64  `path:"id" doc:"Number of a group."`
}

type setGroup struct {
	SpaceGroupPath
	Body struct {
		Role string `json:"role" doc:"moderator, expert, member or reader."`
	}
}

type spaceGroupBody struct {
	ID      int64  `json:"id"`
	Kind    string `json:"kind" enum:"group,unit"`
	Name    string `json:"name"`
	Role    string `json:"role"`
	Members int    `json:"members,omitempty"`
}

type spaceGroupAnswer struct{ Body spaceGroupBody }

type listSpaceGroups struct {
	Slug string `path:"slug"`
}

type spaceGroupsAnswer struct {
	Body struct {
		Items []spaceGroupBody `json:"items"`
	}
}

// groupsAPI adds the operations about the groups of a space.
func (f *Spaces) groupsAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-space-groups", Method: http.MethodGet, Path: "/spaces/{slug}/groups", Summary: "List the groups that have a role in a space"}, f.apiGroups)
	api.Register(a, huma.Operation{OperationID: "set-space-group", Method: http.MethodPut, Path: "/spaces/{slug}/groups/{id}", Summary: "Give a group a role in a space", Security: api.Wants(models.ScopeManage)}, f.apiSetGroup)
	api.Register(a, huma.Operation{OperationID: "remove-space-group", Method: http.MethodDelete, Path: "/spaces/{slug}/groups/{id}", Summary: "End a group's role in a space", Security: api.Wants(models.ScopeManage), DefaultStatus: http.StatusNoContent}, f.apiEndGroup)
}

func (f *Spaces) apiGroups(ctx context.Context, actor *models.Actor, in *listSpaceGroups) (*spaceGroupsAnswer, error) {
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	groups, err := f.web.DB.SpaceGroups(ctx, actor, space)
	if err != nil {
		return nil, err
	}
	answer := &spaceGroupsAnswer{}
	answer.Body.Items = make([]spaceGroupBody, len(groups))
	for i, g := range groups {
		answer.Body.Items[i] = spaceGroupBody{g.ID, string(g.Kind), g.Name, string(g.Role), g.Members}
	}
	return answer, nil
}

func (f *Spaces) apiSetGroup(ctx context.Context, actor *models.Actor, in *setGroup) (*spaceGroupAnswer, error) {
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	group, err := f.SetGroup(ctx, actor, space, in.ID, models.SpaceRole(in.Body.Role))
	if err != nil {
		return nil, err
	}
	return &spaceGroupAnswer{spaceGroupBody{ID: group.ID, Kind: string(group.Kind), Name: group.Name, Role: in.Body.Role}}, nil
}

func (f *Spaces) apiEndGroup(ctx context.Context, actor *models.Actor, in *SpaceGroupPath) (*api.Done, error) {
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	err = f.EndGroup(ctx, actor, space, in.ID)
	if errors.Is(err, models.ErrNotFound) {
		err = nil // ending what has ended is done
	}
	return &api.Done{}, err
}
