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
			SpaceID: space.ID, Kind: models.TimedCampaign, Title: c.Title, Question: c.Question, Lang: c.Lang,
			SponsorID: &f.users[c.Sponsor].ID, ManagerID: &f.users[c.By].ID, AnswerDays: c.Answer, Anonymity: c.Anonymity,
		}
		if err := c.write(campaign); err != nil {
			return err
		}
		for _, stage := range c.Stages {
			begins := f.now.Add(time.Duration(stage.In) - time.Duration(stage.Ago))
			begins = begins.Truncate(24 * time.Hour)
			planned := models.NewStage(stage.Kind, &begins)
			planned.MaxDays = stage.Days
			if stage.Answers != "" {
				planned.AnswererID = &f.users[stage.Answers].ID
			}
			campaign.Stages = append(campaign.Stages, planned)
		}
		if c.Banner != nil {
			file, err := f.picture(ctx, actor, c.Banner.Picture)
			if err != nil {
				return err
			}
			campaign.BannerID, campaign.BannerAlt = &file.ID, c.Banner.Alt
		}
		f.campaigns[c.Key] = campaign
		keepers, err := f.keepers(ctx, db, c)
		if err != nil {
			return err
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if err := tx.CreateCampaign(campaign); err != nil {
				return err
			}
			for _, helper := range c.Team {
				campaign.Team = append(campaign.Team, f.users[helper].ID)
			}
			if err := tx.SaveCampaignPeople(campaign, nil, campaign.Version); err != nil {
				return err
			}
			if len(c.Keepers) > 0 {
				if _, err := tx.SetSealKeepers(campaign, keepers); err != nil {
					return err
				}
			}
			if err := f.form(tx, c, campaign); err != nil {
				return err
			}
			if c.Vote != nil {
				if err := tx.SetVotingRule(campaign, c.Vote.rule(), 0, nil); err != nil {
					return err
				}
			}
			if c.Evaluation != nil {
				if err := f.setsUp(ctx, tx, c, campaign); err != nil {
					return err
				}
			}
			if err := tx.PublishCampaign(campaign); err != nil {
				return err
			}
			return tx.Record(models.CampaignPublished, campaign, nil)
		})
	}
}

// keepers are those of a campaign's seals, who have made a key each.
func (f *filler) keepers(ctx context.Context, db *models.DB, c *Campaign) (named [2]models.NewKeeper, err error) {
	for i, keeper := range c.Keepers {
		named[i].Role = keeper.Role
		if named[i].Person, err = f.actor(ctx, keeper.By); err != nil {
			return named, err
		}
		recipient, secret, err := models.NewSealSecret(KeeperPassphrase)
		if err != nil {
			return named, err
		}
		err = db.Tx(ctx, named[i].Person, func(tx *models.Tx) error {
			if err := tx.AddSealKey(recipient, secret); err != nil {
				return err
			}
			return tx.Record(models.SealKeyMade, &models.User{ID: named[i].Person.ID}, nil)
		})
		if err != nil {
			return named, err
		}
	}
	return named, nil
}

// write renders what a campaign says.
func (c *Campaign) write(campaign *models.Campaign) error {
	for _, one := range []struct {
		text           string
		markdown, html *string
	}{{c.Brief, &campaign.Body, &campaign.HTML}, {c.Rules, &campaign.Rules, &campaign.RulesHTML}, {c.Prizes, &campaign.Prizes, &campaign.PrizesHTML}, {c.FAQ, &campaign.FAQ, &campaign.FAQHTML}} {
		*one.markdown = strings.TrimSpace(one.text)
		rendered, err := text.Render(*one.markdown, text.Body, nil)
		if err != nil {
			return fmt.Errorf("text of campaign %s: %w", c.Key, err)
		}
		*one.html = rendered.HTML
	}
	return nil
}
