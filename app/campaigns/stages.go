package campaigns

import (
	"context"

	"ruche/models"
)

// Plan is how a campaign goes: a channel, or through stages.
type Plan struct {
	Kind   models.CampaignKind
	Stages []Stage
}

// Stage is a stage of a plan with the address of whoever answers for what waits in it, which may be empty.
type Stage struct {
	models.CampaignStage
	Answerer string
}

// Arrange changes the stages of a campaign: when they begin, what they allow, and how long an idea waits in them; ErrConflict
// if someone else has saved since the version base. A channel may be given dates at any time.
func (f *Campaigns) Arrange(ctx context.Context, actor *models.Actor, id int64, base int, plan Plan) (*models.Campaign, error) {
	people, err := f.people(ctx, plan.people())
	if err != nil {
		return nil, err
	}
	return f.change(ctx, actor, id, models.CampaignArranged, func(tx *models.Tx, campaign *models.Campaign) error {
		campaign.Kind = campaign.Become(plan.Kind)
		if err := check(campaign, plan.fill(campaign, people)); err != nil {
			return err
		}
		return tx.SaveCampaign(campaign, base)
	})
}

func (p *Plan) people() map[string]string {
	addresses := map[string]string{}
	for i := range p.Stages {
		addresses["answerer_"+string(p.Stages[i].Kind)] = p.Stages[i].Answerer
	}
	return addresses
}

// fill puts the stages of a plan into a campaign.
func (p *Plan) fill(campaign *models.Campaign, people map[string]int64) models.Invalid {
	problems := models.Invalid{}
	campaign.Stages = nil
	for _, stage := range p.Stages {
		stage.AnswererID = named("answerer_"+string(stage.Kind), stage.Answerer, people, problems)
		campaign.Stages = append(campaign.Stages, stage.CampaignStage)
	}
	return problems
}
