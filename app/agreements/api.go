package agreements

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// agreementBody is an agreement as the API shows it.
type agreementBody struct {
	Version    int        `json:"version" doc:"What is accepted by number."`
	Body       string     `json:"body" doc:"Markdown."`
	HTML       string     `json:"html" doc:"The same, rendered and safe."`
	Published  time.Time  `json:"published_at"`
	Asked      bool       `json:"asked" doc:"Whether you have to accept it before you contribute to the space."`
	AcceptedAt *time.Time `json:"accepted_at" doc:"When you accepted it, or null."`
	URL        string     `json:"url"`
}

// SpacePath is the space that an operation is about; exported, since huma fills in no other embedded struct.
type SpacePath struct {
	Slug string `path:"slug"`
}

type agreementAnswer struct {
	Body agreementBody
}

type acceptAgreement struct {
	SpacePath
	Body struct {
		Version int `json:"version" doc:"The version that you have read."`
	}
}

// API adds the feature's operations.
func (f *Agreements) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "get-agreement", Method: http.MethodGet, Path: "/spaces/{slug}/agreement", Summary: "Read the agreement of a space", Description: "What people from outside accept before they contribute to the space; not found if it has none."}, f.apiGet)
	api.Register(a, huma.Operation{OperationID: "accept-agreement", Method: http.MethodPut, Path: "/spaces/{slug}/agreement/acceptance", Summary: "Accept the agreement of a space", Description: "Whoever has to accept it first is refused every contribution with a problem of this type, whose \"agreement\" is the address of the text. Accepting a version that a newer one has replaced is a conflict. Once more changes nothing."}, f.apiAccept)
}

func (f *Agreements) apiGet(ctx context.Context, actor *models.Actor, in *SpacePath) (*agreementAnswer, error) {
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	return f.answer(ctx, actor, space)
}

func (f *Agreements) answer(ctx context.Context, actor *models.Actor, space *models.Space) (*agreementAnswer, error) {
	agreement, err := f.web.DB.Agreement(ctx, space)
	if err != nil {
		return nil, err
	}
	if agreement == nil {
		return nil, models.ErrNotFound
	}
	answer := &agreementAnswer{agreementBody{
		Version: agreement.Version, Body: agreement.Body, HTML: agreement.HTML, Published: agreement.CreatedAt,
		URL: f.web.BaseURL.String() + "/spaces/" + space.Slug + "/agreement",
	}}
	if actor.External() {
		answer.Body.AcceptedAt, err = f.web.DB.AcceptedAt(ctx, actor, agreement)
		answer.Body.Asked = answer.Body.AcceptedAt == nil && actor.Asked(space.ID)
	}
	return answer, err
}

func (f *Agreements) apiAccept(ctx context.Context, actor *models.Actor, in *acceptAgreement) (*agreementAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Slug)
	if err != nil {
		return nil, err
	}
	if err := f.Accept(ctx, actor, space, in.Body.Version); err != nil {
		return nil, err
	}
	return f.answer(ctx, actor, space)
}
