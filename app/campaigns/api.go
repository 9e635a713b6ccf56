package campaigns

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/models"
)

// API adds the feature's operations.
func (f *Campaigns) API(a *api.API) {
	manage := api.Wants(models.ScopeManage)
	api.Register(a, huma.Operation{OperationID: "list-campaigns", Method: http.MethodGet, Path: "/campaigns", Summary: "List campaigns", Description: "The newest first. Drafts are listed for those who run them, templates for those who run campaigns."}, f.apiList)
	api.Register(a, huma.Operation{OperationID: "create-campaign", Method: http.MethodPost, Path: "/campaigns", Summary: "Begin a campaign", Description: "Nobody sees it but those who run it, until it is published.", Security: manage, DefaultStatus: http.StatusCreated}, f.apiCreate)
	api.Register(a, huma.Operation{OperationID: "get-campaign", Method: http.MethodGet, Path: "/campaigns/{id}", Summary: "Read a campaign, with its stages"}, f.apiGet)
	api.Register(a, huma.Operation{OperationID: "edit-campaign", Method: http.MethodPatch, Path: "/campaigns/{id}", Summary: "Change what a campaign says", Description: "Fields that are absent stay as they are. With If-Match the change is made only on the version that the ETag was given for.", Security: manage}, f.apiEdit)
	api.Register(a, huma.Operation{OperationID: "arrange-campaign", Method: http.MethodPut, Path: "/campaigns/{id}/stages", Summary: "Arrange the stages of a campaign", Description: "They take the place of all that there are. What is published stays a campaign or a channel. With If-Match the change is made only on the version that the ETag was given for.", Security: manage}, f.apiArrange)
	api.Register(a, huma.Operation{OperationID: "publish-campaign", Method: http.MethodPut, Path: "/campaigns/{id}/publication", Summary: "Publish a campaign", Description: "Refused while it lacks something: see \"lacks\".", Security: manage}, f.apiPublish)
	api.Register(a, huma.Operation{OperationID: "pause-campaign", Method: http.MethodPut, Path: "/campaigns/{id}/pause", Summary: "Pause a campaign, for a reason that all may read", Security: manage}, f.apiPause)
	f.bannerAPI(a)
	api.Register(a, huma.Operation{OperationID: "resume-campaign", Method: http.MethodDelete, Path: "/campaigns/{id}/pause", Summary: "End the pause of a campaign", Security: manage}, f.apiResume)
}

type listCampaigns struct {
	State  string `query:"state" enum:"open,coming,over,draft,template" default:"open"`
	Space  string `query:"space" doc:"Slug of a space."`
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type campaignsAnswer struct {
	Body struct {
		Items []campaignItem `json:"items"`
		Next  *string        `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Campaigns) apiList(ctx context.Context, actor *models.Actor, in *listCampaigns) (*campaignsAnswer, error) {
	query := models.CampaignQuery{State: models.CampaignState(in.State), Limit: in.Limit + 1}
	if in.Space != "" {
		space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Space)
		if err != nil {
			return nil, err
		}
		query.SpaceID = space.ID
	}
	if in.Cursor != "" {
		before, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil || before <= 0 {
			return nil, models.Invalid{"cursor": "lists.cursor_invalid"}
		}
		query.Before = before
	}
	campaigns, err := f.web.DB.Campaigns(ctx, actor, query)
	if err != nil {
		return nil, err
	}
	answer := &campaignsAnswer{}
	answer.Body.Items = []campaignItem{}
	if len(campaigns) > in.Limit {
		campaigns = campaigns[:in.Limit]
		next := strconv.FormatInt(campaigns[in.Limit-1].ID, 10)
		answer.Body.Next = &next
	}
	for i := range campaigns {
		answer.Body.Items = append(answer.Body.Items, f.itemOf(actor, &campaigns[i]))
	}
	return answer, nil
}

// CampaignPath is the campaign that an operation is about; exported, since huma fills in no other embedded struct.
type CampaignPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type campaignAnswer struct {
	ETag string `header:"ETag"`
	Body campaignBody
}

func (f *Campaigns) apiGet(ctx context.Context, actor *models.Actor, in *CampaignPath) (*campaignAnswer, error) {
	page, err := f.web.DB.CampaignPage(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	body := f.bodyOf(actor, page)
	if page.Anonymity == models.Sealed {
		keepers, err := f.web.DB.SealKeepers(ctx, page.ID)
		if err != nil {
			return nil, err
		}
		body.Seal = sealOf(keepers)
	}
	if actor.MayRun(&page.Campaign) && !page.Template {
		lacks, err := f.web.DB.Lacking(ctx, &page.Campaign)
		if err != nil {
			return nil, err
		}
		for _, key := range lacks {
			body.Lacks = append(body.Lacks, strings.TrimPrefix(key, "campaigns.lacks."))
		}
	}
	return &campaignAnswer{api.VersionTag(page.Version), body}, nil
}

type createCampaign struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Space string `json:"space" doc:"Slug."`
		WrittenBody
		PlanBody
	}
}

func (f *Campaigns) apiCreate(ctx context.Context, actor *models.Actor, in *createCampaign) (*api.Created[campaignBody], error) {
	space, err := f.web.DB.SpaceBySlug(ctx, actor, in.Body.Space)
	if err != nil {
		return nil, err
	}
	draft := Draft{Key: in.Key}
	in.Body.into(&draft)
	plan, err := in.Body.plan()
	if err != nil {
		return nil, err
	}
	campaign, err := f.Create(ctx, actor, space, draft, plan)
	if err != nil {
		return nil, in.Body.located(err)
	}
	answer, err := f.apiGet(ctx, actor, &CampaignPath{campaign.ID})
	if err != nil {
		return nil, err
	}
	return &api.Created[campaignBody]{Location: answer.Body.URL, ETag: answer.ETag, Body: answer.Body}, nil
}

// ChangeHeader is on which version a change is made; exported, since huma fills in no other embedded struct.
type ChangeHeader struct {
	CampaignPath
	IfMatch string `header:"If-Match"`
}

// changeable is the campaign of an operation, if the actor may change it and it is still the version that was asked for.
func (f *Campaigns) changeable(ctx context.Context, actor *models.Actor, in ChangeHeader) (*models.CampaignPage, error) {
	page, err := f.web.DB.CampaignPage(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if !actor.MayRun(&page.Campaign) {
		return nil, fmt.Errorf("change campaign %d: %w", in.ID, actor.Refused(page.SpaceID, 0))
	}
	if in.IfMatch != "" && !api.Matches(in.IfMatch, api.VersionTag(page.Version)) {
		return nil, echo.NewHTTPError(http.StatusPreconditionFailed)
	}
	return page, nil
}

type editCampaign struct {
	ChangeHeader
	Body WrittenBody
}

func (f *Campaigns) apiEdit(ctx context.Context, actor *models.Actor, in *editCampaign) (*campaignAnswer, error) {
	page, err := f.changeable(ctx, actor, in.ChangeHeader)
	if err != nil {
		return nil, err
	}
	draft := Draft{Title: page.Title, Question: page.Question, Body: page.Body, Rules: page.Rules, Prizes: page.Prizes, FAQ: page.FAQ, Sponsor: page.SponsorEmail, Manager: page.ManagerEmail, AnswerDays: page.AnswerDays}
	in.Body.into(&draft)
	if _, err := f.Edit(ctx, actor, in.ID, page.Version, draft); err != nil {
		return nil, err
	}
	return f.apiGet(ctx, actor, &in.CampaignPath)
}

type arrangeCampaign struct {
	ChangeHeader
	Body PlanBody
}

func (f *Campaigns) apiArrange(ctx context.Context, actor *models.Actor, in *arrangeCampaign) (*campaignAnswer, error) {
	page, err := f.changeable(ctx, actor, in.ChangeHeader)
	if err != nil {
		return nil, err
	}
	plan, err := in.Body.plan()
	if err != nil {
		return nil, err
	}
	if in.Body.Kind == "" && page.PublishedAt != nil {
		plan.Kind = page.Kind
	}
	if _, err := f.Arrange(ctx, actor, in.ID, page.Version, plan); err != nil {
		return nil, in.Body.located(err)
	}
	return f.apiGet(ctx, actor, &in.CampaignPath)
}

func (f *Campaigns) apiPublish(ctx context.Context, actor *models.Actor, in *CampaignPath) (*campaignAnswer, error) {
	if _, err := f.Publish(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return f.apiGet(ctx, actor, in)
}

type pauseCampaign struct {
	CampaignPath
	Body struct {
		Reason string `json:"reason" doc:"Up to 300 characters."`
	}
}

func (f *Campaigns) apiPause(ctx context.Context, actor *models.Actor, in *pauseCampaign) (*campaignAnswer, error) {
	if _, err := f.Pause(ctx, actor, in.ID, in.Body.Reason); err != nil {
		return nil, err
	}
	return f.apiGet(ctx, actor, &in.CampaignPath)
}

func (f *Campaigns) apiResume(ctx context.Context, actor *models.Actor, in *CampaignPath) (*campaignAnswer, error) {
	if _, err := f.Resume(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return f.apiGet(ctx, actor, in)
}
