package passports

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/models"
	"ruche/views/i18n"
)

// API adds the feature's operation.
func (f *Passports) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "get-passport", Method: http.MethodGet, Path: "/me/passport", Summary: "Get what you contributed, signed by the house", Description: "The file that the page of your contributions offers: each chapter newest first. The signature is over the bytes of \"passport\" without white space; the keys of the house are at " + KeysPath + "."}, f.apiPassport)
}

func (f *Passports) apiPassport(ctx context.Context, actor *models.Actor, _ *struct{}) (*huma.StreamResponse, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	raw, err := f.signed(ctx, actor, i18n.For(actor.Locale))
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(answer huma.Context) {
		answer.SetHeader(echo.HeaderContentType, echo.MIMEApplicationJSON)
		answer.SetHeader(echo.HeaderCacheControl, "private, no-store")
		_, _ = answer.BodyWriter().Write(raw)
	}}, nil
}
