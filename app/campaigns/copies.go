package campaigns

import (
	"context"
	"fmt"
	"time"

	"ruche/models"
)

// Copy is what is said of a copy of a campaign: where and how it is called, and on which day it begins, in the time zone of
// the company, or that it is a template, which keeps the days of the first.
type Copy struct {
	Space    *models.Space
	Title    string
	Begins   *time.Time
	Template bool
}

// Duplicate begins a campaign like one that the actor sees, of which they are the manager.
func (f *Campaigns) Duplicate(ctx context.Context, actor *models.Actor, id int64, in Copy) (campaign *models.Campaign, err error) {
	if err := actor.Refusal(models.RunCampaigns, in.Space); err != nil {
		return nil, fmt.Errorf("copy campaign %d to space %d: %w", id, in.Space.ID, err)
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		source, err := tx.Campaign(ctx, actor, id)
		if err != nil {
			return err
		}
		if in.Template {
			in.Begins = nil
		} else if source.OpensAt != nil && in.Begins == nil {
			return models.Invalid{"begins": "campaigns.begins_missing"}
		}
		campaign = source.Copy(in.Space.ID, actor.ID, in.Title, in.Begins)
		campaign.Template = in.Template
		if err := tx.CopyCampaign(campaign, source); err != nil {
			return err
		}
		return tx.Record(models.CampaignCreated, campaign, nil)
	})
	return campaign, err
}
