package spaces

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
	views "ruche/views/spaces"
)

type listSeats struct {
	SpacePath
	Name   string `query:"name" maxLength:"100" doc:"A beginning of one of their names."`
	Role   string `query:"role" doc:"manager, moderator, expert, member or reader."`
	Way    string `query:"way" doc:"named, invitation, group or rule: how they came in. For those who run the space."`
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

// seatBody is a person's place in a space.
type seatBody struct {
	someoneBody
	Role    string       `json:"role" doc:"The widest that they have."`
	Reasons []reasonBody `json:"reasons,omitempty" doc:"Why they are in it, for those who run the space."`
}

type reasonBody struct {
	Way   string `json:"way" enum:"named,invitation,group,rule"`
	Role  string `json:"role"`
	Group int64  `json:"group,omitempty" doc:"Number of the group that brings them, where you may know of it."`
}

type seatsAnswer struct {
	Body struct {
		Items []seatBody `json:"items"`
		Total int        `json:"total" doc:"On all pages together."`
		Next  *string    `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

type handOver struct {
	SpacePath
	Body struct {
		Person int64 `json:"person" doc:"Number of another member."`
	}
}

type successionAnswer struct {
	Body struct {
		Manager someoneBody `json:"manager" doc:"Who runs the space now."`
	}
}

// membersAPI adds the operations about who is in a space.
func (f *Spaces) membersAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-members", Method: http.MethodGet, Path: "/spaces/{slug}/members", Summary: "List the members of a space"}, f.apiMembers)
	api.Register(a, huma.Operation{OperationID: "hand-over-space", Method: http.MethodPost, Path: "/spaces/{slug}/succession", Summary: "Make another member the manager in your place", Description: "You stay a member. Only the new manager can give it back.", Security: api.Wants(models.ScopeManage), DefaultStatus: http.StatusOK}, f.apiHandOver)
}

func (f *Spaces) apiMembers(ctx context.Context, actor *models.Actor, in *listSeats) (*seatsAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	after, afterID, err := views.ParseMemberKey(in.Cursor)
	if err != nil {
		return nil, models.Invalid{"cursor": "lists.cursor_invalid"}
	}
	list := views.MemberList{Space: space, MayManage: actor.Can(models.ManageSpace, space)}
	ask := models.MemberQuery{SpaceID: space.ID, Name: strings.TrimSpace(in.Name), Role: models.SpaceRole(in.Role), Way: models.Way(in.Way), AfterName: after, AfterID: afterID, Limit: in.Limit + 1}
	if err := f.fill(ctx, actor, &list, ask); err != nil {
		return nil, err
	}
	answer := &seatsAnswer{}
	answer.Body.Items, answer.Body.Total = make([]seatBody, len(list.Members)), list.Count
	if list.Next != "" {
		answer.Body.Next = &list.Next
	}
	for i := range list.Members {
		answer.Body.Items[i] = seatOf(&list, &list.Members[i])
	}
	return answer, nil
}

// seatOf tells of a member, and those who run the space why they are in it.
func seatOf(list *views.MemberList, m *models.Member) seatBody {
	seat := seatBody{someoneBody: someoneBody{m.ID, m.Name, m.Role == models.RoleExternal}, Role: string(m.SpaceRole)}
	for _, reason := range list.Reasons[m.ID] {
		body := reasonBody{Way: string(reason.Way), Role: string(reason.Role)}
		if reason.Group != nil {
			body.Group = reason.Group.ID
		}
		seat.Reasons = append(seat.Reasons, body)
	}
	return seat
}

func (f *Spaces) apiHandOver(ctx context.Context, actor *models.Actor, in *handOver) (*successionAnswer, error) {
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	heir, err := f.HandOver(ctx, actor, space, in.Body.Person)
	if errors.Is(err, models.ErrNotFound) {
		err = models.Invalid{"person": "spaces.heir_unknown"}
	}
	if err != nil {
		return nil, err
	}
	answer := &successionAnswer{}
	answer.Body.Manager = someoneBody{heir.ID, heir.Name, heir.Role == models.RoleExternal}
	return answer, nil
}
