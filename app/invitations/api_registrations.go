package invitations

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// linkBody is a link, or the domains whose addresses need none.
type linkBody struct {
	ID          int64      `json:"id"`
	Kind        string     `json:"kind" enum:"link,domain"`
	Domains     string     `json:"domains" doc:"Of the addresses that come in by it, apart by commas."`
	Role        string     `json:"role" enum:"expert,member,reader"`
	Places      int        `json:"places" doc:"0: as many as come."`
	Used        int        `json:"used"`
	AccessUntil time.Time  `json:"access_until"`
	ExpiresAt   time.Time  `json:"expires_at"`
	RevokedAt   *time.Time `json:"revoked_at"`
	URL         string     `json:"url,omitempty" doc:"Where it leads; told once, when it is made."`
}

func linkOf(k *models.InvitationLink, url string) linkBody {
	kind := "link"
	if k.ByDomain {
		kind = "domain"
	}
	return linkBody{k.ID, kind, k.Domains, string(k.Role), k.Places, k.Used, k.AccessUntil, k.ExpiresAt, k.RevokedAt, url}
}

type listLinks struct {
	SpacePath
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type linksAnswer struct {
	Body struct {
		Items []linkBody `json:"items"`
		Next  *string    `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

type makeLink struct {
	SpacePath
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once; the address is told the first time alone."`
	Body struct {
		Kind    string     `json:"kind,omitempty" enum:"link,domain" default:"link" doc:"domain: whoever proves an address of the domains comes in without any link."`
		Domains string     `json:"domains,omitempty" doc:"Such as customer.example, partner.example."`
		Role    string     `json:"role" doc:"expert, member or reader."`
		Places  int        `json:"places,omitempty" doc:"How many people come in by it; by domain 0 lets everyone in."`
		Days    int        `json:"days" doc:"How long it serves: 90 at most, by domain 730."`
		Until   *time.Time `json:"until,omitempty" doc:"When their access ends; after six months if absent."`
		Sponsor string     `json:"sponsor,omitempty" doc:"Address of the employee who answers for them; you if absent."`
	}
}

// linksAPI adds the operations about links and domains.
func (f *Invitations) linksAPI(a *api.API) {
	manage := api.Wants(models.ScopeManage)
	api.Register(a, huma.Operation{OperationID: "list-invitation-links", Method: http.MethodGet, Path: "/spaces/{slug}/links", Summary: "List the links and domains that let people into a space"}, f.apiLinks)
	api.Register(a, huma.Operation{OperationID: "make-invitation-link", Method: http.MethodPost, Path: "/spaces/{slug}/links", Summary: "Let several people in, by a link or by the domain of their address", Security: manage, DefaultStatus: http.StatusCreated}, f.apiMakeLink)
	api.Register(a, huma.Operation{OperationID: "revoke-invitation-link", Method: http.MethodDelete, Path: "/spaces/{slug}/links/{id}", Summary: "Let nobody in by a link or a domain any more", Security: manage, DefaultStatus: http.StatusNoContent}, f.apiEndLink)
}

func (f *Invitations) apiLinks(ctx context.Context, actor *models.Actor, in *listLinks) (*linksAnswer, error) {
	space, err := f.kept(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	before, err := cursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	cards, err := f.web.DB.InvitationLinks(ctx, space, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	answer := &linksAnswer{}
	answer.Body.Items = []linkBody{}
	if len(cards) > in.Limit {
		cards = cards[:in.Limit]
		next := strconv.FormatInt(cards[in.Limit-1].ID, 10)
		answer.Body.Next = &next
	}
	for i := range cards {
		answer.Body.Items = append(answer.Body.Items, linkOf(&cards[i].InvitationLink, ""))
	}
	return answer, nil
}

func (f *Invitations) apiMakeLink(ctx context.Context, actor *models.Actor, in *makeLink) (*api.Created[linkBody], error) {
	space, err := f.kept(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	asked := NewLink{ByDomain: in.Body.Kind == "domain", Domains: in.Body.Domains, Role: models.SpaceRole(in.Body.Role), Places: in.Body.Places, Days: in.Body.Days, Sponsor: in.Body.Sponsor, Key: in.Key}
	if in.Body.Until != nil {
		asked.Until = *in.Body.Until
	}
	link, secret, err := f.MakeLink(ctx, actor, space, asked)
	if err != nil {
		return nil, err
	}
	url := f.web.BaseURL.String() + "/join"
	switch {
	case !link.ByDomain && secret == "":
		url = "" // told before
	case !link.ByDomain:
		url = f.joinURL(secret)
	}
	return &api.Created[linkBody]{Location: f.web.BaseURL.String() + "/spaces/" + space.Slug + "/links", Body: linkOf(link, url)}, nil
}

func (f *Invitations) apiEndLink(ctx context.Context, actor *models.Actor, in *InvitationPath) (*api.Done, error) {
	space, err := f.kept(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	return &api.Done{}, f.EndLink(ctx, actor, space, in.ID)
}

// registrationBody is a stranger's wish to be let in.
type registrationBody struct {
	ID           int64     `json:"id"`
	Name         string    `json:"name"`
	Email        string    `json:"email" doc:"Proven by a letter."`
	Organisation string    `json:"organisation"`
	Message      string    `json:"message" doc:"Why, in their words."`
	PersonID     *int64    `json:"person_id" doc:"Whose account it is about, or null."`
	CreatedAt    time.Time `json:"created_at"`
}

type listRegistrations struct {
	SpacePath
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type registrationsAnswer struct {
	Body struct {
		Open  bool               `json:"open" doc:"Whether strangers can ask."`
		Items []registrationBody `json:"items"`
		Next  *string            `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

type openRegistration struct {
	SpacePath
	Body struct {
		Open bool `json:"open"`
	}
}

type openAnswer struct {
	Body struct {
		Open bool   `json:"open"`
		URL  string `json:"url" doc:"Where strangers ask."`
	}
}

type decideRegistration struct {
	InvitationPath
	Body struct {
		Decision string     `json:"decision" doc:"accept or refuse."`
		Role     string     `json:"role,omitempty" doc:"To accept: expert, member or reader."`
		Until    *time.Time `json:"until,omitempty" doc:"When their access ends; after six months if absent."`
		Sponsor  string     `json:"sponsor,omitempty" doc:"Address of the employee who answers for them; you if absent."`
		Answer   string     `json:"answer,omitempty" doc:"To refuse: the reason, which they read."`
	}
}

type registrationDecided struct {
	Body struct {
		ID       int64  `json:"id"`
		State    string `json:"state" enum:"accepted,refused"`
		PersonID *int64 `json:"person_id" doc:"Who is in, or null."`
	}
}

// registrationsAPI adds the operations about those whom nobody invited.
func (f *Invitations) registrationsAPI(a *api.API) {
	manage := api.Wants(models.ScopeManage)
	api.Register(a, huma.Operation{OperationID: "list-registrations", Method: http.MethodGet, Path: "/spaces/{slug}/registrations", Summary: "List the strangers who ask to be let into a space", Description: "Only those who wait, oldest first."}, f.apiRegistrations)
	api.Register(a, huma.Operation{OperationID: "open-registration", Method: http.MethodPut, Path: "/spaces/{slug}/registration", Summary: "Open a space to registration, or close it", Description: "While it is open, everybody can read the title and the description of the space.", Security: manage}, f.apiOpenRegistration)
	api.Register(a, huma.Operation{OperationID: "decide-registration", Method: http.MethodPut, Path: "/spaces/{slug}/registrations/{id}/decision", Summary: "Let a stranger in who asked, or refuse", Description: "They are told by mail. Another decision than the first is a conflict.", Security: manage}, f.apiDecide)
}

func (f *Invitations) apiRegistrations(ctx context.Context, actor *models.Actor, in *listRegistrations) (*registrationsAnswer, error) {
	space, err := f.kept(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	after, err := cursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	cards, err := f.web.DB.Registrations(ctx, actor, space, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	answer := &registrationsAnswer{}
	answer.Body.Items, answer.Body.Open = []registrationBody{}, space.Registers()
	if len(cards) > in.Limit {
		cards = cards[:in.Limit]
		next := strconv.FormatInt(cards[in.Limit-1].ID, 10)
		answer.Body.Next = &next
	}
	for i := range cards {
		c := &cards[i]
		answer.Body.Items = append(answer.Body.Items, registrationBody{c.ID, c.Name, c.Email, c.Organisation, c.Message, c.UserID, c.CreatedAt})
	}
	return answer, nil
}

func (f *Invitations) apiOpenRegistration(ctx context.Context, actor *models.Actor, in *openRegistration) (*openAnswer, error) {
	space, err := f.kept(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	if err := f.OpenRegistration(ctx, actor, space, in.Body.Open); err != nil {
		return nil, err
	}
	answer := &openAnswer{}
	answer.Body.Open, answer.Body.URL = in.Body.Open, f.web.BaseURL.String()+"/spaces/"+space.Slug+"/registration"
	return answer, nil
}

func (f *Invitations) apiDecide(ctx context.Context, actor *models.Actor, in *decideRegistration) (*registrationDecided, error) {
	space, err := f.kept(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	var r *models.Registration
	switch in.Body.Decision {
	case "accept":
		admission := Admission{Role: models.SpaceRole(in.Body.Role), Sponsor: in.Body.Sponsor}
		if in.Body.Until != nil {
			admission.Until = *in.Body.Until
		}
		r, err = f.Admit(ctx, actor, space, in.ID, admission)
	case "refuse":
		r, err = f.Refuse(ctx, actor, space, in.ID, in.Body.Answer)
	default:
		err = models.Invalid{"decision": "spaces.decision_missing"}
	}
	if err != nil {
		return nil, err
	}
	answer := &registrationDecided{}
	answer.Body.ID, answer.Body.State, answer.Body.PersonID = r.ID, string(r.State), r.UserID
	return answer, nil
}
