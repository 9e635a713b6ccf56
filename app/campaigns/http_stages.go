package campaigns

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/campaigns"
	"ruche/views/layout"
)

// begun reads the stages of a new campaign, which allow what their kinds usually do.
func (f *Campaigns) begun(c echo.Context, view *views.Write) (plan Plan) {
	view.Kind, view.Dates = models.CampaignKind(c.FormValue("kind")), map[models.StageKind]string{}
	plan.Kind = view.Kind
	for _, kind := range models.StageKinds() {
		var starts *time.Time
		if view.Dates[kind], starts = begins(c, kind, view.Problems); starts != nil && view.Kind == models.TimedCampaign {
			plan.Stages = append(plan.Stages, Stage{CampaignStage: models.NewStage(kind, starts)})
		}
	}
	return plan
}

// begins reads on which day a stage begins, in the time zone of the company. A date that is none is a mistake at its field.
func begins(c echo.Context, kind models.StageKind, problems models.Invalid) (date string, starts *time.Time) {
	date = strings.TrimSpace(c.FormValue("stage_" + string(kind)))
	if date == "" {
		return "", nil
	}
	local := day(c, date)
	if local == nil {
		problems["stage_"+string(kind)] = "campaigns.date_invalid"
		return date, nil
	}
	day := local.UTC()
	return date, &day
}

func (f *Campaigns) stages(c echo.Context) error {
	campaign, err := f.editable(c)
	if err != nil {
		return err
	}
	view := views.Arrange{Campaign: campaign, Kind: campaign.Kind, Base: campaign.Version, Stages: map[models.StageKind]views.Stage{}, Quiet: quietDays(&campaign.Campaign, f.web.DB.Now(), web.Zone(c))}
	for _, kind := range models.StageKinds() {
		view.Stages[kind] = views.Stage{CampaignStage: models.NewStage(kind, nil)}
	}
	if dated := campaign.Become(models.CampaignKind(c.QueryParam("kind"))); campaign.Kind == models.Channel && dated == models.TimedCampaign && campaign.PublishedAt != nil {
		view.Kind = dated
		campaign.Stages[0].StartsAt = campaign.PublishedAt // it has gathered ideas since then
	}
	for _, stage := range campaign.Stages {
		written := views.Stage{CampaignStage: stage, Answerer: stage.AnswererEmail}
		if stage.StartsAt != nil {
			written.Date = web.Locale(c).In(*stage.StartsAt).Format(time.DateOnly)
		}
		if stage.MaxDays > 0 {
			written.Days = strconv.Itoa(stage.MaxDays)
		}
		view.Stages[stage.Kind] = written
	}
	return f.stagesPage(c, http.StatusOK, view)
}

func (f *Campaigns) stagesPage(c echo.Context, status int, view views.Arrange) error {
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("campaigns.settings_of", "title", view.Campaign.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Stages(page, view))
}

// arranged reads the form of the stages.
func arranged(c echo.Context, campaign *models.CampaignPage) (view views.Arrange, plan Plan) {
	view = views.Arrange{Campaign: campaign, Kind: models.CampaignKind(c.FormValue("kind")), Stages: map[models.StageKind]views.Stage{}, Problems: models.Invalid{}}
	view.Base, _ = strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	view.Kind = campaign.Become(view.Kind)
	plan.Kind = view.Kind
	for _, kind := range models.StageKinds() {
		of := func(name string) string { return strings.TrimSpace(c.FormValue(name + "_" + string(kind))) }
		stage := views.Stage{CampaignStage: models.CampaignStage{Kind: kind}, Days: of("max_days"), Answerer: of("answerer")}
		stage.Posting, stage.Commenting, stage.Supporting, stage.Editing = of("posting") != "", of("commenting") != "", of("supporting") != "", of("editing") != ""
		stage.MaxDays = days(stage.Days)
		switch view.Kind {
		case models.Channel:
			if kind == models.Gather {
				plan.Stages = append(plan.Stages, Stage{stage.CampaignStage, stage.Answerer})
			}
		default:
			if stage.Date, stage.StartsAt = begins(c, kind, view.Problems); stage.StartsAt != nil {
				plan.Stages = append(plan.Stages, Stage{stage.CampaignStage, stage.Answerer})
			}
		}
		view.Stages[kind] = stage
	}
	return view, plan
}

func (f *Campaigns) arrange(c echo.Context) error {
	campaign, err := f.editable(c)
	if err != nil {
		return err
	}
	view, plan := arranged(c, campaign)
	if len(view.Problems) > 0 {
		return f.stagesPage(c, http.StatusUnprocessableEntity, view)
	}
	_, err = f.Arrange(c.Request().Context(), web.Actor(c), campaign.ID, view.Base, plan)
	switch {
	case errors.As(err, &view.Problems):
		return f.stagesPage(c, http.StatusUnprocessableEntity, view)
	case errors.Is(err, models.ErrConflict):
		view.Base, view.Problems = campaign.Version, models.Invalid{"stages": "campaigns.overtaken"}
		return f.stagesPage(c, http.StatusConflict, view)
	case err != nil:
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("campaigns.saved")})
	return web.Redirect(c, campaign.SettingsPath("stages"))
}
