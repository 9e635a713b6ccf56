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

func (f *Campaigns) blank(c echo.Context) error {
	view := views.Write{Spaces: runnable(web.Actor(c)), Space: c.QueryParam("space"), Kind: models.TimedCampaign, Manager: web.Actor(c).Email, AnswerDays: "30"}
	if len(view.Spaces) == 0 {
		return models.ErrForbidden
	}
	return f.form(c, http.StatusOK, view)
}

func (f *Campaigns) form(c echo.Context, status int, view views.Write) error {
	title := web.Locale(c).T("campaigns.new")
	if view.Campaign != nil {
		title = web.Locale(c).T("campaigns.settings_of", "title", view.Campaign.Title)
	}
	page, err := f.web.Page(c, "campaigns", title)
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Form(page, view))
}

// written reads the form of a campaign. A date that is none is a mistake at its field.
func written(c echo.Context) (view views.Write, draft Draft) {
	view = views.Write{
		Space: c.FormValue("space"), Kind: models.CampaignKind(c.FormValue("kind")), Title: c.FormValue("title"), Question: c.FormValue("question"), Body: c.FormValue("body"),
		Sponsor: strings.TrimSpace(c.FormValue("sponsor")), Manager: strings.TrimSpace(c.FormValue("manager")), AnswerDays: strings.TrimSpace(c.FormValue("answer_days")),
		Dates: map[models.StageKind]string{}, Problems: models.Invalid{},
	}
	view.Base, _ = strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	draft = Draft{Kind: view.Kind, Title: view.Title, Question: view.Question, Body: view.Body, Sponsor: view.Sponsor, Manager: view.Manager}
	if view.AnswerDays != "" {
		days, err := strconv.Atoi(view.AnswerDays)
		if err != nil {
			days = -1
		}
		draft.AnswerDays = days
	}
	zone := web.Locale(c).In(time.Time{}).Location()
	for _, kind := range models.StageKinds() {
		date := strings.TrimSpace(c.FormValue("stage_" + string(kind)))
		view.Dates[kind] = date
		if date == "" || view.Kind == models.Channel {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, date, zone)
		if err != nil || day.Year() < 2000 || day.Year() > 2200 {
			view.Problems["stage_"+string(kind)] = "campaigns.date_invalid"
			continue
		}
		begins := day.UTC()
		draft.Stages = append(draft.Stages, models.NewStage(kind, &begins))
	}
	return view, draft
}

func (f *Campaigns) create(c echo.Context) error {
	actor := web.Actor(c)
	view, draft := written(c)
	view.Spaces = runnable(actor)
	if view.Space == "" && len(view.Spaces) > 0 {
		view.Problems["space"] = "campaigns.space_missing"
	}
	if len(view.Problems) > 0 {
		return f.form(c, http.StatusUnprocessableEntity, view)
	}
	space, err := f.web.DB.SpaceBySlug(c.Request().Context(), actor, view.Space)
	if err != nil {
		return err
	}
	campaign, err := f.Create(c.Request().Context(), actor, space, draft)
	if errors.As(err, &view.Problems) {
		return f.form(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("campaigns.created")})
	return web.Redirect(c, campaign.Path())
}

// editable is the campaign of the address, if the actor may change it.
func (f *Campaigns) editable(c echo.Context) (*models.CampaignPage, error) {
	view, err := f.found(c)
	if err != nil {
		return nil, err
	}
	if !view.MayRun {
		return nil, web.Actor(c).Refused(view.Campaign.SpaceID, 0)
	}
	return view.Campaign, nil
}

func (f *Campaigns) edit(c echo.Context) error {
	campaign, err := f.editable(c)
	if err != nil {
		return err
	}
	view := views.Write{
		Campaign: campaign, Kind: campaign.Kind, Title: campaign.Title, Question: campaign.Question, Body: campaign.Body, Sponsor: campaign.SponsorEmail, Manager: campaign.ManagerEmail,
		Base: campaign.Version, Dates: map[models.StageKind]string{},
	}
	if campaign.AnswerDays > 0 {
		view.AnswerDays = strconv.Itoa(campaign.AnswerDays)
	}
	for _, stage := range campaign.Stages {
		if stage.StartsAt != nil {
			view.Dates[stage.Kind] = web.Locale(c).In(*stage.StartsAt).Format(time.DateOnly)
		}
	}
	return f.form(c, http.StatusOK, view)
}

func (f *Campaigns) save(c echo.Context) error {
	campaign, err := f.editable(c)
	if err != nil {
		return err
	}
	view, draft := written(c)
	view.Campaign = campaign
	if len(view.Problems) > 0 {
		return f.form(c, http.StatusUnprocessableEntity, view)
	}
	saved, err := f.Edit(c.Request().Context(), web.Actor(c), campaign.ID, view.Base, draft)
	switch {
	case errors.As(err, &view.Problems):
		return f.form(c, http.StatusUnprocessableEntity, view)
	case errors.Is(err, models.ErrConflict):
		view.Base, view.Problems = campaign.Version, models.Invalid{"title": "campaigns.overtaken"}
		return f.form(c, http.StatusConflict, view)
	case err != nil:
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("campaigns.saved")})
	return web.Redirect(c, saved.Path())
}
