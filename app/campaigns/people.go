package campaigns

import (
	"context"

	"ruche/models"
)

// Crew is who helps to run a campaign, by address, and whom it asks for ideas; nil: that stays as it is.
type Crew struct {
	Team     []string
	Decides  *bool // the team answers the ideas, too; nil: that stays as it is
	Audience *models.Audience
}

// Staff changes who helps to run a campaign and whom it asks for ideas; ErrConflict if someone else has saved since the
// version base. Whom it asks is the matter of those who may know the groups.
func (f *Campaigns) Staff(ctx context.Context, actor *models.Actor, id int64, base int, in Crew) (*models.Campaign, error) {
	addresses := map[string]string{}
	for _, address := range in.Team {
		addresses[address] = address
	}
	people, err := f.people(ctx, addresses)
	if err != nil {
		return nil, err
	}
	return f.change(ctx, actor, id, models.CampaignStaffed, func(tx *models.Tx, campaign *models.Campaign) error {
		if in.Audience != nil && !actor.Can(models.AdmitGroup, &models.Space{ID: campaign.SpaceID}) {
			return models.ErrForbidden
		}
		if in.Decides != nil && *in.Decides != campaign.TeamDecides {
			if !actor.MayLetTeamDecide(campaign) {
				return models.ErrForbidden
			}
			campaign.TeamDecides = *in.Decides
		}
		campaign.Team = nil
		for _, address := range in.Team {
			if people[address] == 0 {
				return models.Invalid{"team": "campaigns.team_unknown"}
			}
			campaign.Team = append(campaign.Team, people[address])
		}
		return tx.SaveCampaignPeople(campaign, in.Audience, base)
	})
}
