package campaigns

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/app/files"
	"ruche/models"
)

// bannerAPI adds the operations about the banner of a campaign.
func (f *Campaigns) bannerAPI(a *api.API) {
	manage := api.Wants(models.ScopeManage)
	api.Register(a, huma.Operation{OperationID: "hang-banner", Method: http.MethodPut, Path: "/campaigns/{id}/banner", Summary: "Give a campaign a banner", Description: "Without a file, something else is said of the banner that is there. A picture is at least 800 pixels wide.", Security: manage}, f.apiHang)
	api.Register(a, huma.Operation{OperationID: "remove-banner", Method: http.MethodDelete, Path: "/campaigns/{id}/banner", Summary: "Leave a campaign without a banner", Security: manage}, f.apiTakeDown)
}

// sentBanner is the form with which a program sends a banner.
type sentBanner struct {
	File       huma.FormFile `form:"file" contentType:"application/octet-stream" required:"false"`
	Alt        string        `form:"alt" required:"false" doc:"What the picture shows, in up to 200 characters."`
	Decorative bool          `form:"decorative" required:"false" doc:"Whether it shows nothing that needs saying."`
	Focus      string        `form:"focus" required:"false" default:"center" doc:"What stays in sight where the picture is cut: top-left, top, top-right, left, center, right, bottom-left, bottom or bottom-right."`
}

type hangBanner struct {
	CampaignPath
	RawBody huma.MultipartFormFiles[sentBanner]
}

// bannerBody is the banner of a campaign, as programs see it.
type bannerBody struct {
	URL   string `json:"url" doc:"Where its bytes are."`
	Alt   string `json:"alt" doc:"Empty if it is decorative."`
	Focus string `json:"focus"`
}

func (f *Campaigns) bannerOf(campaign *models.Campaign) *bannerBody {
	if campaign.BannerID == nil {
		return nil
	}
	return &bannerBody{f.web.BaseURL.String() + files.Address(*campaign.BannerID), campaign.BannerAlt, string(campaign.BannerFocus)}
}

func (f *Campaigns) apiHang(ctx context.Context, actor *models.Actor, in *hangBanner) (*campaignAnswer, error) {
	form := in.RawBody.Data()
	banner := Banner{Banner: models.Banner{Alt: form.Alt, Decorative: form.Decorative, Focus: models.Focus(form.Focus)}}
	if form.File.IsSet {
		banner.Name, banner.Picture = form.File.Filename, form.File
	}
	if _, err := f.SetBanner(ctx, actor, in.ID, banner); err != nil {
		return nil, err
	}
	return f.apiGet(ctx, actor, &in.CampaignPath)
}

func (f *Campaigns) apiTakeDown(ctx context.Context, actor *models.Actor, in *CampaignPath) (*campaignAnswer, error) {
	if _, err := f.RemoveBanner(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return f.apiGet(ctx, actor, in)
}
