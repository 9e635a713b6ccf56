package campaigns

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"

	"ruche/models"
)

// Banner is the picture that is to stand across the page of a campaign; nil: the one that is there.
type Banner struct {
	Name    string
	Picture io.Reader
	models.Banner
}

// SetBanner gives a campaign a banner, or says something else of the one that it has. Every field that is wrong is named at once, and
// a picture is kept only when all else is right.
func (f *Campaigns) SetBanner(ctx context.Context, actor *models.Actor, id int64, in Banner) (*models.Campaign, error) {
	campaign, err := f.web.DB.Campaign(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.MayRun(campaign) {
		return nil, fmt.Errorf("banner of campaign %d: %w", id, actor.Refused(campaign.SpaceID, 0))
	}
	if err := f.take(ctx, actor, campaign, &in); err != nil {
		return nil, err
	}
	return f.change(ctx, actor, id, models.CampaignPictured, func(tx *models.Tx, campaign *models.Campaign) error {
		if in.Picture == nil {
			if campaign.BannerID == nil { // somebody has taken it down meanwhile
				return models.Invalid{"file": "files.missing"}
			}
			in.FileID = *campaign.BannerID
		}
		return tx.SetBanner(campaign, in.Banner)
	})
}

// take checks what is said of a banner, and keeps the picture if there is one.
func (f *Campaigns) take(ctx context.Context, actor *models.Actor, campaign *models.Campaign, in *Banner) error {
	problems := models.Invalid{}
	var invalid models.Invalid
	if errors.As(in.Validate(), &invalid) {
		maps.Copy(problems, invalid)
	}
	if in.Picture == nil && campaign.BannerID == nil {
		problems["file"] = "files.missing"
	}
	if len(problems) > 0 {
		return problems
	}
	if in.Picture == nil {
		return nil
	}
	file, err := f.files.SaveBanner(ctx, actor, in.Name, in.Picture)
	if err != nil {
		return err
	}
	in.FileID = file.ID
	return nil
}

// RemoveBanner leaves a campaign without a banner; once more changes nothing.
func (f *Campaigns) RemoveBanner(ctx context.Context, actor *models.Actor, id int64) (*models.Campaign, error) {
	return f.change(ctx, actor, id, models.CampaignPictured, func(tx *models.Tx, campaign *models.Campaign) error {
		if campaign.BannerID == nil {
			return errSame
		}
		return tx.SetBanner(campaign, models.Banner{})
	})
}
