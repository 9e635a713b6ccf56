package models

import (
	"fmt"
)

// CreateCampaign adds a campaign that is not published yet.
func (tx *Tx) CreateCampaign(campaign *Campaign) error {
	if err := campaign.Validate(); err != nil {
		return err
	}
	campaign.Version, campaign.CreatedAt = 1, tx.now
	if err := tx.create(campaign); err != nil {
		return err
	}
	return tx.saveStages(campaign)
}

// SaveCampaign stores what a locked campaign says and when its stages begin. base is the version that the editor started from;
// ErrConflict if someone else has saved since. What is published stays complete.
func (tx *Tx) SaveCampaign(campaign *Campaign, base int) error {
	if err := campaign.Validate(); err != nil {
		return err
	}
	if lacks := campaign.Lacks(); campaign.PublishedAt != nil && len(lacks) > 0 {
		return Invalid{"publish": lacks[0]}
	}
	if base != campaign.Version {
		return fmt.Errorf("save campaign %d from version %d: %w", campaign.ID, base, ErrConflict)
	}
	if err := tx.keepsPromise(campaign); err != nil {
		return err
	}
	campaign.Version++
	_, err := tx.exec(`UPDATE campaigns SET kind = ?, anonymity = ?, title = ?, question = ?, body = ?, html = ?, rules = ?, rules_html = ?, prizes = ?, prizes_html = ?, faq = ?, faq_html = ?, lang = ?, sponsor_id = ?, manager_id = ?, answer_days = ?,
		opens_at = ?, closes_at = ?, version = ? WHERE id = ?`, campaign.Kind, campaign.Anonymity, campaign.Title, campaign.Question, campaign.Body, campaign.HTML,
		campaign.Rules, campaign.RulesHTML, campaign.Prizes, campaign.PrizesHTML, campaign.FAQ, campaign.FAQHTML, campaign.Lang,
		campaign.SponsorID, campaign.ManagerID, campaign.AnswerDays, campaign.OpensAt, campaign.ClosesAt, campaign.Version, campaign.ID)
	if err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM campaign_stages WHERE campaign_id = ?", campaign.ID); err != nil {
		return err
	}
	if err := tx.saveStages(campaign); err != nil {
		return err
	}
	_, err = tx.exec("UPDATE ideas SET campaign = ? WHERE campaign_id = ? AND campaign <> ?", campaign.Title, campaign.ID, campaign.Title)
	return err
}

func (tx *Tx) saveStages(campaign *Campaign) error {
	for i := range campaign.Stages {
		campaign.Stages[i].CampaignID = campaign.ID
	}
	if len(campaign.Stages) == 0 {
		return nil
	}
	return tx.create(&campaign.Stages)
}

// PublishCampaign opens a campaign to all who see its space, from its first stage on. What it lacks for that is said at the
// field "publish".
func (tx *Tx) PublishCampaign(campaign *Campaign) error {
	if campaign.Template {
		return Invalid{"publish": "campaigns.is_template"}
	}
	lacks, err := tx.Lacking(tx.ctx, campaign)
	if err != nil {
		return err
	}
	if len(lacks) > 0 {
		return Invalid{"publish": lacks[0]}
	}
	campaign.PublishedAt = &tx.now
	_, err = tx.exec("UPDATE campaigns SET published_at = ? WHERE id = ?", tx.now, campaign.ID)
	return err
}

// PauseCampaign lets nothing be done in a campaign for a while, for a reason that all may read.
func (tx *Tx) PauseCampaign(campaign *Campaign, reason string) error {
	reason = oneLine(reason)
	if reason == "" || len([]rune(reason)) > maxQuestion || !readable(reason) {
		return Invalid{"reason": "campaigns.reason_invalid"}
	}
	campaign.PausedAt, campaign.PauseReason = &tx.now, reason
	_, err := tx.exec("UPDATE campaigns SET paused_at = ?, pause_reason = ? WHERE id = ?", tx.now, reason, campaign.ID)
	return err
}

// ResumeCampaign ends the pause.
func (tx *Tx) ResumeCampaign(campaign *Campaign) error {
	campaign.PausedAt, campaign.PauseReason = nil, ""
	_, err := tx.exec("UPDATE campaigns SET paused_at = NULL, pause_reason = '' WHERE id = ?", campaign.ID)
	return err
}

// countInCampaign adds an idea to the figures of its campaign, or with -1 takes it out of them.
func (tx *Tx) countInCampaign(idea *Idea, n int) error {
	if idea.CampaignID == nil {
		return nil
	}
	if _, err := tx.exec("UPDATE campaigns SET idea_count = idea_count + ? WHERE id = ?", n, *idea.CampaignID); err != nil {
		return err
	}
	places, err := tx.funnelPlaces(idea)
	if err != nil {
		return err
	}
	if n < 0 {
		return tx.countInFunnel(idea, places, nil)
	}
	return tx.countInFunnel(idea, nil, places)
}
