package evaluations

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/jobs"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/evaluations"
	"ruche/views/layout"
)

// Graduating is the job that moves ideas which have come far enough for their next stage, and proposes it where the rule says so.
func Graduating() jobs.Kind {
	return jobs.Kind{Name: "graduations", Every: every, Work: func(context.Context, *jobs.Run) (func(*models.Tx) error, error) { return graduate, nil }}
}

// staged is the data of the event models.IdeaStaged.
type staged struct {
	Stage models.Stage `json:"stage"`
	From  models.Stage `json:"from,omitempty"`
}

func graduate(tx *models.Tx) error {
	if err := tx.ForgetSpentViews(); err != nil {
		return err
	}
	if err := tx.ProposeGraduates(); err != nil {
		return err
	}
	ideas, from, err := tx.GraduateByThemselves()
	if err != nil || len(ideas) == 0 {
		return err
	}
	events := make([]models.Event, len(ideas))
	for i, idea := range ideas {
		if events[i], err = tx.EventOf(0, models.IdeaStaged, idea, staged{idea.Stage, from[i]}); err != nil {
			return err
		}
	}
	return tx.RecordAll(events)
}

// SetGraduations says when ideas of a campaign come to their next stage.
func (f *Evaluations) SetGraduations(ctx context.Context, actor *models.Actor, campaignID int64, rules []models.Graduation) error {
	return f.setUp(ctx, actor, campaignID, func(tx *models.Tx, campaign *models.Campaign, _ *models.Scorecard) error {
		if err := tx.SetGraduations(campaign, rules); err != nil {
			return err
		}
		return tx.Record(models.GraduationsSaved, campaign, nil)
	})
}

// Graduate moves chosen ideas of a campaign to their next stages, those that still have come far enough for it and that the actor
// may learn this of.
func (f *Evaluations) Graduate(ctx context.Context, actor *models.Actor, campaignID int64, chosen []int64) error {
	return f.setUp(ctx, actor, campaignID, func(tx *models.Tx, campaign *models.Campaign, _ *models.Scorecard) error {
		ripe, err := tx.Graduates(ctx, actor, campaign)
		if err != nil {
			return err
		}
		var events []models.Event
		for _, id := range chosen {
			idea, err := tx.LockIdea(id)
			if err != nil {
				return err
			}
			if idea.CampaignID == nil || *idea.CampaignID != campaign.ID {
				return fmt.Errorf("graduate idea %d: %w", id, models.ErrNotFound)
			}
			if !slices.ContainsFunc(ripe, func(g models.Graduate) bool { return g.ID == id }) {
				continue
			}
			from, moved, err := tx.Graduate(idea)
			if err != nil {
				return err
			}
			if !moved {
				continue
			}
			event, err := tx.EventOf(actor.ID, models.IdeaStaged, idea, staged{idea.Stage, from})
			if err != nil {
				return err
			}
			events = append(events, event)
		}
		if len(events) == 0 {
			return models.Invalid{"ideas": "graduations.none_chosen"}
		}
		return tx.RecordAll(events)
	})
}

// graduations is the page of the rules of the campaign in the address.
func (f *Evaluations) graduations(c echo.Context) (view views.Graduations, err error) {
	setting, err := f.setting(c)
	if err != nil {
		return view, err
	}
	ctx := c.Request().Context()
	view = views.Graduations{Campaign: setting.Campaign}
	rules, err := f.web.DB.Graduations(ctx, view.Campaign.ID)
	if err != nil {
		return view, err
	}
	for _, stage := range models.GraduatingStages() {
		view.Rules = append(view.Rules, views.RuleOf(stage, rules))
	}
	view.Ripe, err = f.web.DB.Graduates(ctx, web.Actor(c), view.Campaign)
	return view, err
}

func (f *Evaluations) showGraduations(c echo.Context) error {
	view, err := f.graduations(c)
	if err != nil {
		return err
	}
	return f.graduationsPage(c, http.StatusOK, view)
}

func (f *Evaluations) graduationsPage(c echo.Context, status int, view views.Graduations) error {
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("campaigns.settings_of", "title", view.Campaign.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Graduation(page, view))
}

func (f *Evaluations) saveGraduations(c echo.Context) error {
	view, err := f.graduations(c)
	if err != nil {
		return err
	}
	var rules []models.Graduation
	for i := range view.Rules {
		rule := &view.Rules[i]
		rule.Read(c.FormValue)
		if rule.How == "propose" || rule.How == "move" {
			rules = append(rules, models.Graduation{Stage: rule.Stage, Supports: number(cmp.Or(rule.Supports, "0")), Comments: number(cmp.Or(rule.Comments, "0")), Views: number(cmp.Or(rule.Views, "0")), Rating: number(cmp.Or(rule.Rating, "0")), Moves: rule.How == "move"})
		}
	}
	err = f.SetGraduations(c.Request().Context(), web.Actor(c), view.Campaign.ID, rules)
	if errors.As(err, &view.Problems) {
		return f.graduationsPage(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("graduations.saved")})
	return web.Redirect(c, view.Path())
}

func (f *Evaluations) graduateChosen(c echo.Context) error {
	view, err := f.graduations(c)
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	var chosen []int64
	for _, idea := range view.Ripe {
		if slices.Contains(form["idea"], strconv.FormatInt(idea.ID, 10)) {
			chosen = append(chosen, idea.ID)
		}
	}
	err = f.Graduate(c.Request().Context(), web.Actor(c), view.Campaign.ID, chosen)
	if errors.As(err, &view.Problems) {
		return f.graduationsPage(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("graduations.moved")})
	return web.Redirect(c, view.Path())
}
