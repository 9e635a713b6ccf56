package models

import "time"

// Copy is a campaign of the actor's like another: with what that one says and how it goes, but without those who answered
// for it, who have not been asked again. begins is the day of its first stage, in the time zone of the company; nil leaves
// the days as they were.
func (c *Campaign) Copy(spaceID, managerID int64, title string, begins *time.Time) *Campaign {
	campaign := &Campaign{
		SpaceID: spaceID, Kind: c.Kind, Title: title, Question: c.Question, Body: c.Body, HTML: c.HTML, Rules: c.Rules, RulesHTML: c.RulesHTML,
		Prizes: c.Prizes, PrizesHTML: c.PrizesHTML, FAQ: c.FAQ, FAQHTML: c.FAQHTML, Lang: c.Lang, ManagerID: &managerID, AnswerDays: c.AnswerDays, Anonymity: c.Anonymity, AsksGroups: c.AsksGroups, TeamDecides: c.TeamDecides,
		BannerID: c.BannerID, BannerAlt: c.BannerAlt, BannerFocus: c.BannerFocus,
	}
	for _, stage := range c.Stages {
		stage.AnswererID = nil
		if begins != nil && stage.StartsAt != nil && c.OpensAt != nil {
			starts := sameDaysLater(*stage.StartsAt, *c.OpensAt, *begins)
			stage.StartsAt = &starts
		}
		campaign.Stages = append(campaign.Stages, stage)
	}
	return campaign
}

// sameDaysLater is as many days after a beginning as a time was after another, whatever clocks were changed in between.
func sameDaysLater(at, from, begins time.Time) time.Time {
	zone := begins.Location()
	day := func(at time.Time) time.Time {
		year, month, day := at.In(zone).Date()
		return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
	}
	return begins.AddDate(0, 0, int(day(at).Sub(day(from)).Hours()/24)).UTC()
}

// CopyCampaign adds a copy of a campaign, which asks the same groups: it never asks more people than that one did.
func (tx *Tx) CopyCampaign(campaign, source *Campaign) error {
	if err := tx.CreateCampaign(campaign); err != nil {
		return err
	}
	_, err := tx.exec("INSERT INTO campaign_groups (campaign_id, group_id) SELECT ?, group_id FROM campaign_groups WHERE campaign_id = ?", campaign.ID, source.ID)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO voting_rules (campaign_id, method, points, choices, minimum, budget, equal_shares, hidden, divided_by, opinions)
		SELECT CAST(? AS BIGINT), method, points, choices, minimum, budget, equal_shares, hidden, divided_by, opinions FROM voting_rules WHERE campaign_id = ?`, campaign.ID, source.ID)
	if err != nil {
		return err
	}
	return tx.copyForm(campaign, source)
}
