package campaigns

import (
	"context"
	"slices"

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
		before, lets := campaign.Team, actor.MayLetTeamDecide(campaign)
		campaign.Team = nil
		for _, address := range in.Team {
			if people[address] == 0 {
				return models.Invalid{"team": "campaigns.team_unknown"}
			}
			campaign.Team = append(campaign.Team, people[address])
		}
		if base == campaign.Version && campaign.TeamDecides && !lets && othersChange(actor.ID, before, campaign.Team) {
			return models.Invalid{"team": "campaigns.team_kept"}
		}
		return tx.SaveCampaignPeople(campaign, in.Audience, base)
	})
}

// othersChange tells whether a team gains somebody, or loses somebody but the person with an id.
func othersChange(id int64, before, after []int64) bool {
	for _, one := range after {
		if !slices.Contains(before, one) {
			return true
		}
	}
	for _, one := range before {
		if one != id && !slices.Contains(after, one) {
			return true
		}
	}
	return false
}

// keepDeciders says at its field that the sponsor or the manager has changed, since both answer the ideas.
func keepDeciders(before, after *models.Campaign, problems models.Invalid) {
	for _, one := range []struct {
		field         string
		before, after *int64
	}{{"sponsor", before.SponsorID, after.SponsorID}, {"manager", before.ManagerID, after.ManagerID}} {
		same := one.before == nil && one.after == nil || one.before != nil && one.after != nil && *one.before == *one.after
		if !same && problems[one.field] == "" {
			problems[one.field] = "campaigns.person_kept"
		}
	}
}
