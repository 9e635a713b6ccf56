package invitations

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// SpacePath is the space that an operation is about; exported, since huma fills in no other embedded struct.
type SpacePath struct {
	Slug string `path:"slug"`
}

// InvitationPath is the invitation that an operation is about.
type InvitationPath struct {
	SpacePath
	ID int64 `path:"id" minimum:"1"`
}

// invitationBody is an invitation as those see it who look after them.
type invitationBody struct {
	ID          int64      `json:"id"`
	Email       string     `json:"email"`
	State       string     `json:"state" enum:"pending,accepted,expired,revoked"`
	Role        string     `json:"role" enum:"expert,member,reader"`
	Spaces      []string   `json:"spaces" doc:"Those of your spaces that it leads to."`
	Others      bool       `json:"others" doc:"Whether it leads to spaces of others, too."`
	InvitedBy   string     `json:"invited_by"`
	Sponsor     string     `json:"sponsor" doc:"Who answers for them."`
	AccessUntil time.Time  `json:"access_until" doc:"When the access of whoever accepts ends."`
	SentAt      time.Time  `json:"sent_at"`
	ExpiresAt   time.Time  `json:"expires_at" doc:"When the link of the letter ends."`
	AcceptedAt  *time.Time `json:"accepted_at"`
	PersonID    *int64     `json:"person_id" doc:"Who accepted it, or null."`
}

func bodyOf(card *models.InvitationCard, now time.Time) invitationBody {
	body := invitationBody{
		card.ID, card.Email, string(card.State(now)), string(card.Role), []string{}, card.Others, card.InviterName, card.SponsorName,
		card.AccessUntil, card.SentAt, card.ExpiresAt, card.AcceptedAt, card.UserID,
	}
	for _, space := range card.Spaces {
		body.Spaces = append(body.Spaces, space.Slug)
	}
	return body
}

type listInvitations struct {
	SpacePath
	State  string `query:"state" doc:"pending, accepted, expired or revoked; all of them if absent."`
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type invitationsAnswer struct {
	Body struct {
		Items []invitationBody `json:"items"`
		Next  *string          `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

type sendInvitations struct {
	SpacePath
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Addresses []string   `json:"addresses" doc:"E-mail addresses, 50 at most: all are invited, or none."`
		Role      string     `json:"role" doc:"expert, member or reader."`
		Message   string     `json:"message,omitempty" doc:"A word of yours in the letter, up to 1,000 characters."`
		Locale    string     `json:"locale,omitempty" doc:"Language of the letter, en or fr."`
		Until     *time.Time `json:"until,omitempty" doc:"When their access ends; after six months if absent."`
		Sponsor   string     `json:"sponsor,omitempty" doc:"Address of the employee who answers for them; you if absent."`
	}
}

type sentAnswer struct {
	Body struct {
		Items []invitationBody `json:"items"`
	}
}

type invitationAnswer struct{ Body invitationBody }

type prolong struct {
	InvitationPath
	Body struct {
		Known *time.Time `json:"known,omitempty" doc:"The end of their access that you know of: given again, the same request gives time once."`
	}
}

type prolongedAnswer struct {
	Body struct {
		PersonID    int64     `json:"person_id"`
		AccessUntil time.Time `json:"access_until"`
	}
}

// API adds the feature's operations.
func (f *Invitations) API(a *api.API) {
	manage := api.Wants(models.ScopeManage)
	api.Register(a, huma.Operation{OperationID: "list-invitations", Method: http.MethodGet, Path: "/spaces/{slug}/invitations", Summary: "List the invitations into a space", Description: "Newest first, for those who run the space."}, f.apiList)
	api.Register(a, huma.Operation{OperationID: "send-invitations", Method: http.MethodPost, Path: "/spaces/{slug}/invitations", Summary: "Invite people from outside by a letter", Security: manage, DefaultStatus: http.StatusCreated}, f.apiSend)
	api.Register(a, huma.Operation{OperationID: "revoke-invitation", Method: http.MethodDelete, Path: "/spaces/{slug}/invitations/{id}", Summary: "Take an invitation back", Description: "As far as it leads to spaces of yours. One that has been accepted is a conflict.", Security: manage, DefaultStatus: http.StatusNoContent}, f.apiRevoke)
	api.Register(a, huma.Operation{OperationID: "send-invitation-again", Method: http.MethodPost, Path: "/spaces/{slug}/invitations/{id}/letter", Summary: "Send an invitation again", Description: "The link sent before no longer works. Ten minutes pass between two letters.", Security: manage, DefaultStatus: http.StatusOK}, f.apiSendAgain)
	api.Register(a, huma.Operation{OperationID: "prolong-access", Method: http.MethodPost, Path: "/spaces/{slug}/invitations/{id}/extension", Summary: "Give six more months to whoever accepted an invitation", Security: manage, DefaultStatus: http.StatusOK}, f.apiProlong)
	f.linksAPI(a)
	f.registrationsAPI(a)
}

// kept is a space whose invitations the actor looks after.
func (f *Invitations) kept(ctx context.Context, actor *models.Actor, slug string) (*models.Space, error) {
	space, err := f.web.DB.SpaceBySlug(ctx, actor, slug)
	if err == nil && !actor.KeepsInvitations(space) {
		err = models.ErrForbidden
	}
	return space, err
}

// cursor is the id that a list goes on from.
func cursor(text string) (id int64, err error) {
	if text == "" {
		return 0, nil
	}
	if id, err = strconv.ParseInt(text, 10, 64); err != nil || id <= 0 {
		return 0, models.Invalid{"cursor": "lists.cursor_invalid"}
	}
	return id, nil
}

func (f *Invitations) apiList(ctx context.Context, actor *models.Actor, in *listInvitations) (*invitationsAnswer, error) {
	space, err := f.kept(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	query := models.InvitationQuery{SpaceID: space.ID, State: models.InvitationState(in.State), Limit: in.Limit + 1}
	if query.State != "" && !slices.Contains(models.InvitationStates(), query.State) {
		return nil, models.Invalid{"state": "invitations.state_invalid"}
	}
	if query.Before, err = cursor(in.Cursor); err != nil {
		return nil, err
	}
	cards, err := f.web.DB.Invitations(ctx, actor, query)
	if err != nil {
		return nil, err
	}
	answer := &invitationsAnswer{}
	answer.Body.Items = []invitationBody{}
	if len(cards) > in.Limit {
		cards = cards[:in.Limit]
		next := strconv.FormatInt(cards[in.Limit-1].ID, 10)
		answer.Body.Next = &next
	}
	for i := range cards {
		answer.Body.Items = append(answer.Body.Items, bodyOf(&cards[i], f.web.DB.Now()))
	}
	return answer, nil
}

func (f *Invitations) apiSend(ctx context.Context, actor *models.Actor, in *sendInvitations) (*sentAnswer, error) {
	if _, err := f.kept(ctx, actor, in.Slug); err != nil {
		return nil, err
	}
	call := Call{
		Addresses: strings.Join(in.Body.Addresses, "\n"), Spaces: []string{in.Slug}, Role: models.SpaceRole(in.Body.Role), Message: in.Body.Message,
		Locale: in.Body.Locale, Sponsor: in.Body.Sponsor, Key: in.Key,
	}
	if in.Body.Until != nil {
		call.Until = *in.Body.Until
	}
	sent, err := f.Invite(ctx, actor, call)
	if err != nil {
		return nil, err
	}
	cards, err := f.web.DB.Invitations(ctx, actor, models.InvitationQuery{IDs: numbers(sent), Limit: len(sent)})
	if err != nil {
		return nil, err
	}
	answer := &sentAnswer{}
	for i := range cards {
		answer.Body.Items = append(answer.Body.Items, bodyOf(&cards[i], f.web.DB.Now()))
	}
	return answer, nil
}

// one is an invitation into a space whose invitations the actor looks after.
func (f *Invitations) one(ctx context.Context, actor *models.Actor, path InvitationPath) (*models.InvitationCard, error) {
	space, err := f.kept(ctx, actor, path.Slug)
	if err != nil {
		return nil, err
	}
	cards, err := f.web.DB.Invitations(ctx, actor, models.InvitationQuery{SpaceID: space.ID, IDs: []int64{path.ID}, Limit: 1})
	if err == nil && len(cards) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("invitation %d: %w", path.ID, err)
	}
	return &cards[0], nil
}

func (f *Invitations) apiRevoke(ctx context.Context, actor *models.Actor, in *InvitationPath) (*api.Done, error) {
	if _, err := f.one(ctx, actor, *in); err != nil {
		return nil, err
	}
	_, err := f.Revoke(ctx, actor, in.ID)
	return &api.Done{}, err
}

func (f *Invitations) apiSendAgain(ctx context.Context, actor *models.Actor, in *InvitationPath) (*invitationAnswer, error) {
	if _, err := f.one(ctx, actor, *in); err != nil {
		return nil, err
	}
	if _, err := f.SendAgain(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	card, err := f.one(ctx, actor, *in)
	if err != nil {
		return nil, err
	}
	return &invitationAnswer{bodyOf(card, f.web.DB.Now())}, nil
}

func (f *Invitations) apiProlong(ctx context.Context, actor *models.Actor, in *prolong) (*prolongedAnswer, error) {
	card, err := f.one(ctx, actor, in.InvitationPath)
	if err != nil {
		return nil, err
	}
	if card.UserID == nil {
		return nil, fmt.Errorf("prolong by invitation %d, which nobody has accepted: %w", card.ID, models.ErrConflict)
	}
	var known time.Time
	if in.Body.Known != nil {
		known = *in.Body.Known
	}
	user, err := f.Prolong(ctx, actor, *card.UserID, known)
	if err != nil {
		return nil, err
	}
	answer := &prolongedAnswer{}
	answer.Body.PersonID, answer.Body.AccessUntil = user.ID, *user.ExpiresAt
	return answer, nil
}
