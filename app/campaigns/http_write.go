package campaigns

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/campaigns"
	"ruche/views/layout"
	"ruche/views/parts"
)

func (f *Campaigns) blank(c echo.Context) error {
	view := views.Write{Spaces: runnable(web.Actor(c)), Space: c.QueryParam("space"), Kind: models.TimedCampaign, Manager: web.Actor(c).Email, AnswerDays: "30", Anonymity: models.Named}
	if len(view.Spaces) == 0 {
		return models.ErrForbidden
	}
	draft, err := f.web.DB.Draft(c.Request().Context(), web.Actor(c).ID, newForm)
	if err != nil {
		return err
	}
	if draft != nil {
		resume(&view, draft)
		view.Space, view.Kind, view.Dates = cmp.Or(view.Space, draft.Fields["space"]), models.CampaignKind(draft.Fields["kind"]), map[models.StageKind]string{}
		for _, kind := range models.StageKinds() {
			view.Dates[kind] = draft.Fields["stage_"+string(kind)]
		}
	}
	return f.form(c, http.StatusOK, view)
}

// resume fills the form with what was begun and kept.
func resume(view *views.Write, draft *models.Draft) {
	kept := draft.Fields
	view.Title, view.Question, view.Body, view.Rules, view.Prizes, view.FAQ = kept["title"], kept["question"], kept["body"], kept["rules"], kept["prizes"], kept["faq"]
	view.Sponsor, view.Manager, view.AnswerDays, view.Draft.SavedAt = kept["sponsor"], kept["manager"], kept["answer_days"], &draft.SavedAt
	if level := models.Anonymity(kept["anonymity"]); level.Valid() {
		view.Anonymity = level
	}
}

func (f *Campaigns) form(c echo.Context, status int, view views.Write) error {
	title := web.Locale(c).T("campaigns.new")
	view.Person, view.Draft.Form = web.Actor(c).ID, newForm
	if view.Campaign != nil {
		view.Draft.Form = editForm(view.Campaign.ID)
		title = web.Locale(c).T("campaigns.settings_of", "title", view.Campaign.Title)
	}
	page, err := f.web.Page(c, "campaigns", title)
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Form(page, view))
}

// written reads the form of a campaign.
func written(c echo.Context) (view views.Write, draft Draft) {
	view = views.Write{
		Space: c.FormValue("space"), Title: c.FormValue("title"), Question: c.FormValue("question"), Body: c.FormValue("body"),
		Rules: c.FormValue("rules"), Prizes: c.FormValue("prizes"), FAQ: c.FormValue("faq"),
		Sponsor: strings.TrimSpace(c.FormValue("sponsor")), Manager: strings.TrimSpace(c.FormValue("manager")), AnswerDays: strings.TrimSpace(c.FormValue("answer_days")), Anonymity: models.Anonymity(c.FormValue("anonymity")),
		Problems: models.Invalid{}, Draft: parts.Draft{Returned: true},
	}
	view.Base, _ = strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	draft = Draft{Title: view.Title, Question: view.Question, Body: view.Body, Rules: view.Rules, Prizes: view.Prizes, FAQ: view.FAQ, Sponsor: view.Sponsor, Manager: view.Manager, AnswerDays: days(view.AnswerDays), Anonymity: view.Anonymity}
	return view, draft
}

// days is the number in a field that may be empty; what is no number is one that cannot be.
func days(text string) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func (f *Campaigns) create(c echo.Context) error {
	actor := web.Actor(c)
	view, draft := written(c)
	plan := f.begun(c, &view)
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
	campaign, err := f.Create(c.Request().Context(), actor, space, draft, plan)
	if errors.As(err, &view.Problems) {
		return f.form(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.DraftSent(c, newForm)
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
		Campaign: campaign, Title: campaign.Title, Question: campaign.Question, Body: campaign.Body, Rules: campaign.Rules, Prizes: campaign.Prizes, FAQ: campaign.FAQ, Sponsor: campaign.SponsorEmail, Manager: campaign.ManagerEmail,
		Base: campaign.Version, Anonymity: campaign.Anonymity,
	}
	if campaign.AnswerDays > 0 {
		view.AnswerDays = strconv.Itoa(campaign.AnswerDays)
	}
	draft, err := f.web.DB.Draft(c.Request().Context(), web.Actor(c).ID, editForm(campaign.ID))
	if err != nil {
		return err
	}
	if draft != nil {
		resume(&view, draft)
		if draft.Fields["base"] != strconv.Itoa(campaign.Version) { // it must not overwrite unseen what was saved after it was begun
			view.Problems = models.Invalid{"title": "campaigns.overtaken"}
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
	f.web.DraftSent(c, editForm(campaign.ID))
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("campaigns.saved")})
	return web.Redirect(c, saved.Path())
}
