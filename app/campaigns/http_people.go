package campaigns

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/campaigns"
	"ruche/views/layout"
)

func (f *Campaigns) crew(c echo.Context) error {
	campaign, err := f.editable(c)
	if err != nil {
		return err
	}
	view := views.Crew{Campaign: campaign, Base: campaign.Version, Only: campaign.AsksGroups, Decides: campaign.TeamDecides, Asked: map[int64]bool{}}
	for _, helper := range campaign.Helpers {
		view.Team += helper.Email + "\n"
	}
	groups, err := f.web.DB.CampaignGroups(c.Request().Context(), web.Actor(c), &campaign.Campaign)
	if err != nil && !errors.Is(err, models.ErrForbidden) { // who may not know groups sees none
		return err
	}
	for i := range groups {
		view.Asked[groups[i].ID] = true
	}
	return f.crewPage(c, http.StatusOK, view)
}

func (f *Campaigns) crewPage(c echo.Context, status int, view views.Crew) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view.LetsDecide = actor.MayLetTeamDecide(&view.Campaign.Campaign)
	if view.KnowsGroups = actor.Can(models.AdmitGroup, &models.Space{ID: view.Campaign.SpaceID}); view.KnowsGroups {
		groups, err := f.web.DB.AudienceChoices(ctx, actor, view.Campaign.SpaceID)
		if err != nil {
			return err
		}
		view.Groups = groups
	}
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("campaigns.settings_of", "title", view.Campaign.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.People(page, view))
}

// staffed reads the form of the people.
func staffed(c echo.Context, campaign *models.CampaignPage) (view views.Crew, in Crew) {
	view = views.Crew{Campaign: campaign, Team: c.FormValue("team"), Only: c.FormValue("audience") == "groups", Decides: c.FormValue("team_decides") == "1", Asked: map[int64]bool{}}
	view.Base, _ = strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	in.Team = strings.FieldsFunc(view.Team, func(r rune) bool { return strings.ContainsRune(" ,;\t\r\n", r) })
	if web.Actor(c).MayLetTeamDecide(&campaign.Campaign) {
		in.Decides = &view.Decides
	}
	if !web.Actor(c).Can(models.AdmitGroup, &models.Space{ID: campaign.SpaceID}) {
		return view, in
	}
	in.Audience = &models.Audience{Only: view.Only}
	for _, value := range c.Request().PostForm["group"] {
		if id, err := strconv.ParseInt(value, 10, 64); err == nil && !view.Asked[id] {
			view.Asked[id] = true
			in.Audience.Groups = append(in.Audience.Groups, id)
		}
	}
	return view, in
}

func (f *Campaigns) staff(c echo.Context) error {
	campaign, err := f.editable(c)
	if err != nil {
		return err
	}
	view, in := staffed(c, campaign)
	saved, err := f.Staff(c.Request().Context(), web.Actor(c), campaign.ID, view.Base, in)
	switch {
	case errors.As(err, &view.Problems):
		return f.crewPage(c, http.StatusUnprocessableEntity, view)
	case errors.Is(err, models.ErrConflict):
		view.Base, view.Problems = campaign.Version, models.Invalid{"team": "campaigns.overtaken"}
		return f.crewPage(c, http.StatusConflict, view)
	case err != nil:
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("campaigns.saved")})
	if !web.Actor(c).MayRun(saved) { // they have left the team themselves
		return web.Redirect(c, saved.Path())
	}
	return web.Redirect(c, saved.SettingsPath("people"))
}
