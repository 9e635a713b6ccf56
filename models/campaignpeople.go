package models

import (
	"context"
	"fmt"
	"slices"
)

// maxTeam is how many people can help to run a campaign.
const maxTeam = 20

// TeamMember is someone who helps to run a campaign.
type TeamMember struct {
	ID    int64
	Name  string
	Job   string
	Email string
}

// CampaignTeam are those who help to run a campaign that the actor sees, by name.
func (q Queries) CampaignTeam(ctx context.Context, campaignID int64) (team []TeamMember, err error) {
	return team, q.raw(ctx, &team, "SELECT u.id, u.name, u.job, u.email FROM campaign_team t JOIN users u ON u.id = t.user_id WHERE t.campaign_id = ? ORDER BY u.name, u.id LIMIT ?", campaignID, maxTeam)
}

// CampaignGroups are the groups of whom a campaign asks ideas, by name, for those who may know the groups in its space.
func (q Queries) CampaignGroups(ctx context.Context, actor *Actor, campaign *Campaign) (groups []Group, err error) {
	if !actor.Can(AdmitGroup, &Space{ID: campaign.SpaceID}) {
		return nil, ErrForbidden
	}
	return groups, q.raw(ctx, &groups, `SELECT g.* FROM campaign_groups c JOIN groups g ON g.id = c.group_id
		WHERE c.campaign_id = ? AND g.deleted_at IS NULL ORDER BY g.name_key, g.id LIMIT ?`, campaign.ID, maxGroupChoices)
}

// AudienceChoices are the groups of whom a campaign in a space can ask ideas.
func (q Queries) AudienceChoices(ctx context.Context, actor *Actor, spaceID int64) (groups []Group, err error) {
	if !actor.Can(AdmitGroup, &Space{ID: spaceID}) {
		return nil, ErrForbidden
	}
	return groups, q.raw(ctx, &groups, "SELECT * FROM groups WHERE deleted_at IS NULL ORDER BY name_key, id LIMIT ?", maxGroupChoices)
}

// asks is the condition that the campaign c asks a person, an expression: everyone, or those in its groups.
func asks(person string) string {
	return `(NOT c.asks_groups OR EXISTS (SELECT 1 FROM campaign_groups a JOIN groups g ON g.id = a.group_id JOIN group_members m ON m.group_id = a.group_id
		WHERE a.campaign_id = c.id AND g.deleted_at IS NULL AND m.user_id = ` + person + `))`
}

// Asks tells whether a campaign asks the actor for ideas.
func (q Queries) Asks(ctx context.Context, actor *Actor, campaignID int64) (yes bool, err error) {
	if actor.plays(campaignID, PartAudience) {
		return true, nil
	}
	return yes, q.raw(ctx, &yes, "SELECT "+asks("?")+" FROM campaigns c WHERE c.id = ?", actor.ID, campaignID)
}

// Audience is whom a campaign asks for ideas: everyone who may propose some in its space, or the people of some groups alone.
type Audience struct {
	Only   bool
	Groups []int64
}

// SaveCampaignPeople stores who helps to run a locked campaign and, unless it is nil, whom it asks for ideas; ErrConflict if
// someone else has saved since the version base.
func (tx *Tx) SaveCampaignPeople(campaign *Campaign, audience *Audience, base int) error {
	slices.Sort(campaign.Team)
	campaign.Team = slices.Compact(campaign.Team)
	problems := Invalid{}
	if len(campaign.Team) > maxTeam {
		problems["team"] = "campaigns.team_large"
	}
	if audience != nil && audience.Only && len(audience.Groups) == 0 {
		problems["groups"] = "campaigns.groups_missing"
	}
	if len(problems) > 0 {
		return problems
	}
	if base != campaign.Version {
		return fmt.Errorf("save people of campaign %d from version %d: %w", campaign.ID, base, ErrConflict)
	}
	campaign.Version++
	if audience != nil {
		campaign.AsksGroups = audience.Only
	}
	if _, err := tx.exec("UPDATE campaigns SET asks_groups = ?, team_decides = ?, version = ? WHERE id = ?", campaign.AsksGroups, campaign.TeamDecides, campaign.Version, campaign.ID); err != nil {
		return err
	}
	err := tx.replace("campaign_team", campaign.ID, `INSERT INTO campaign_team (campaign_id, user_id, created_at)
		SELECT ?, u.id, ? FROM users u WHERE u.id IN ?`, campaign.Team, campaign.ID, tx.now)
	if err != nil || audience == nil {
		return err
	}
	return tx.replace("campaign_groups", campaign.ID, "INSERT INTO campaign_groups (campaign_id, group_id) SELECT ?, g.id FROM groups g WHERE g.deleted_at IS NULL AND g.id IN ?", audience.Groups, campaign.ID)
}

// replace makes the rows of a campaign in a table anew, from ids that end the arguments of the statement.
func (tx *Tx) replace(table string, campaignID int64, insert string, ids []int64, args ...any) error {
	if _, err := tx.exec("DELETE FROM "+table+" WHERE campaign_id = ?", campaignID); err != nil || len(ids) == 0 {
		return err
	}
	_, err := tx.exec(insert, append(args, ids)...)
	return err
}
