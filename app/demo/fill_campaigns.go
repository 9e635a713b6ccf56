package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ruche/app/text"
	"ruche/models"
)

// asks: whoever runs a campaign writes it and publishes it.
func (f *filler) asks(c *Campaign) moving {
	return func(ctx context.Context, db *models.DB) error {
		space := f.spaces[c.Space]
		actor, err := f.actor(ctx, c.By)
		if err != nil {
			return err
		}
		if !actor.Can(models.RunCampaigns, space) {
			return models.ErrForbidden
		}
		campaign := &models.Campaign{
			SpaceID: space.ID, Kind: models.TimedCampaign, Title: c.Title, Question: c.Question, Body: strings.TrimSpace(c.Brief), Lang: c.Lang,
			SponsorID: &f.users[c.Sponsor].ID, ManagerID: &f.users[c.By].ID, AnswerDays: c.Answer,
		}
		rendered, err := text.Render(campaign.Body, text.Body, nil)
		if err != nil {
			return fmt.Errorf("brief: %w", err)
		}
		campaign.HTML = rendered.HTML
		for _, stage := range c.Stages {
			begins := f.now.Add(time.Duration(stage.In) - time.Duration(stage.Ago))
			begins = begins.Truncate(24 * time.Hour)
			campaign.Stages = append(campaign.Stages, models.NewStage(stage.Kind, &begins))
		}
		f.campaigns[c.Key] = campaign
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if err := tx.CreateCampaign(campaign); err != nil {
				return err
			}
			if err := tx.PublishCampaign(campaign); err != nil {
				return err
			}
			return tx.Record(models.CampaignPublished, campaign, nil)
		})
	}
}
