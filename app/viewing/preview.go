package viewing

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/viewing"
)

// Preview says in the log that the actor looks at a campaign as one of its parts, in a stage or as it stands. A part that cannot be, or
// that does not see the campaign, is a mistake at its field.
func (f *Viewing) Preview(ctx context.Context, actor *models.Actor, view models.View) error {
	campaign, err := f.previewable(ctx, actor, view.Campaign)
	if err != nil {
		return err
	}
	if problems := unfit(&campaign.Campaign, actor.Access(campaign.SpaceID), view); len(problems) > 0 {
		return problems
	}
	seen, err := f.web.DB.As(ctx, actor, view)
	if err != nil {
		return err
	}
	_, err = f.web.DB.CampaignName(ctx, seen, view.Campaign)
	if errors.Is(err, models.ErrNotFound) {
		return models.Invalid{"part": "viewing.unseen"}
	}
	if err != nil {
		return err
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		return tx.Record(models.ViewBegun, &models.User{ID: actor.ID}, view)
	})
}

// previewable is a campaign that the actor runs.
func (f *Viewing) previewable(ctx context.Context, actor *models.Actor, id int64) (*models.CampaignPage, error) {
	campaign, err := f.web.DB.CampaignPage(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.MayRun(&campaign.Campaign) {
		return nil, fmt.Errorf("preview campaign %d: %w", id, actor.Refused(campaign.SpaceID, 0))
	}
	return campaign, nil
}

// unfit says what cannot be looked at.
func unfit(campaign *models.Campaign, space *models.SpaceAccess, view models.View) models.Invalid {
	problems := models.Invalid{}
	switch {
	case campaign.Template:
		problems["part"] = "viewing.template"
	case !slices.Contains(models.Parts(), view.Part):
		problems["part"] = "viewing.part_missing"
	case view.Part == models.PartOutside && !campaign.AsksGroups && (space.Visibility == models.Company || space.Visibility == models.Public):
		problems["part"] = "viewing.no_outside"
	}
	if view.Stage != "" && !slices.Contains(campaign.PreviewStages(), view.Stage) {
		problems["stage"] = "viewing.stage_unknown"
	}
	return problems
}

func (f *Viewing) previewForm(c echo.Context) error {
	if web.Viewing(c) {
		return models.ErrViewing
	}
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	campaign, err := f.previewable(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.previewPage(c, http.StatusOK, views.Preview{Campaign: &campaign.Campaign, Part: string(models.PartAudience)})
}

func (f *Viewing) previewPage(c echo.Context, status int, view views.Preview) error {
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("campaigns.settings_of", "title", view.Campaign.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.PreviewForm(page, view))
}

func (f *Viewing) preview(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	form := views.Preview{Part: c.FormValue("part"), Stage: c.FormValue("stage")}
	view := models.View{Campaign: id, Part: models.Part(form.Part), Stage: models.StageKind(form.Stage)}
	err = f.Preview(ctx, actor, view)
	if errors.As(err, &form.Problems) {
		campaign, err := f.previewable(ctx, actor, id)
		if err != nil {
			return err
		}
		form.Campaign = &campaign.Campaign
		return f.previewPage(c, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	if err := f.web.SetView(c, &view); err != nil {
		return err
	}
	return web.Redirect(c, "/campaigns/"+strconv.FormatInt(id, 10))
}
