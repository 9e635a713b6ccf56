package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// MayRun tells whether the actor may change a campaign: whoever runs its space, whom it is given to, and who helps them.
func (a *Actor) MayRun(c *Campaign) bool {
	space := &Space{ID: c.SpaceID}
	given := c.ManagerID != nil && *c.ManagerID == a.ID || slices.Contains(c.Team, a.ID) || a.plays(c.ID, PartTeam)
	return a.Can(RunCampaigns, space) || !a.External() && given && a.Can(PostComment, space)
}

// readableCampaign is the condition that the actor may see the campaign c: a published one in a space they may see, and
// what is not published where they may run it, or look at it as it will be. Templates are for all who run campaigns, wherever that is.
func (q Queries) readableCampaign(actor *Actor) (condition string, args []any) {
	seen, list := q.visible(actor, "c.space_id")
	runner := actor.where(RunCampaigns)
	run, runs := q.visible(runner, "c.space_id")
	own := actor.ID
	if actor.External() {
		own = 0
	}
	return seen + " AND (c.published_at IS NOT NULL OR c.manager_id = ? OR EXISTS (SELECT 1 FROM campaign_team t WHERE t.campaign_id = c.id AND t.user_id = ?) OR c.id = ? OR c.template AND ? OR " + run + ")", []any{list, own, own, actor.ahead(), len(runner.Spaces) > 0, runs}
}

// CampaignPage is a campaign with what its page shows.
type CampaignPage struct {
	Campaign
	SponsorName, SponsorJob, SponsorEmail string
	ManagerName, ManagerJob, ManagerEmail string
	BannerWidth                           int // pixels

	Helpers []TeamMember `gorm:"-"`
}

// CampaignPage finds a campaign that the actor may see.
func (q Queries) CampaignPage(ctx context.Context, actor *Actor, id int64) (*CampaignPage, error) {
	condition, args := q.readableCampaign(actor)
	page := &CampaignPage{}
	err := q.one(ctx, page, `SELECT c.*, coalesce(s.name, '') AS sponsor_name, coalesce(s.job, '') AS sponsor_job, coalesce(s.email, '') AS sponsor_email, coalesce(m.name, '') AS manager_name, coalesce(m.job, '') AS manager_job, coalesce(m.email, '') AS manager_email, coalesce(b.width, 0) AS banner_width
		FROM campaigns c LEFT JOIN users s ON s.id = c.sponsor_id LEFT JOIN users m ON m.id = c.manager_id LEFT JOIN files b ON b.id = c.banner_id
		WHERE c.id = ? AND `+condition, append([]any{id}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("campaign %d: %w", id, err)
	}
	if page.Stages, err = q.campaignStages(ctx, id); err == nil {
		page.Helpers, err = q.CampaignTeam(ctx, id)
	}
	for i := range page.Helpers {
		page.Team = append(page.Team, page.Helpers[i].ID)
	}
	actor.inTime(&page.Campaign)
	return page, err
}

// Campaign finds a campaign that the actor may see, with its stages.
func (q Queries) Campaign(ctx context.Context, actor *Actor, id int64) (*Campaign, error) {
	return q.campaign(ctx, actor, id, "")
}

// LockCampaign is Campaign inside a change: nobody else changes it until the transaction ends.
func (tx *Tx) LockCampaign(id int64) (*Campaign, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE OF c"
	}
	return tx.campaign(tx.ctx, tx.actor, id, lock)
}

func (q Queries) campaign(ctx context.Context, actor *Actor, id int64, lock string) (*Campaign, error) {
	condition, args := q.readableCampaign(actor)
	campaign := &Campaign{}
	if err := q.one(ctx, campaign, "SELECT c.* FROM campaigns c WHERE c.id = ? AND "+condition+lock, append([]any{id}, args...)...); err != nil {
		return nil, fmt.Errorf("campaign %d: %w", id, err)
	}
	var err error
	if campaign.Stages, err = q.campaignStages(ctx, id); err == nil {
		err = q.raw(ctx, &campaign.Team, "SELECT user_id FROM campaign_team WHERE campaign_id = ? ORDER BY user_id", id)
	}
	actor.inTime(campaign)
	return campaign, err
}

func (q Queries) campaignStages(ctx context.Context, id int64) (stages []CampaignStage, err error) {
	return stages, q.raw(ctx, &stages, `SELECT s.*, coalesce(u.name, '') AS answerer_name, coalesce(u.email, '') AS answerer_email
		FROM campaign_stages s LEFT JOIN users u ON u.id = s.answerer_id WHERE s.campaign_id = ? ORDER BY s.position`, id)
}

// CampaignState says where a campaign stands in time.
type CampaignState string

// States of campaigns, as lists tell them apart.
const (
	CampaignOpen     CampaignState = "open"
	CampaignComing   CampaignState = "coming"
	CampaignOver     CampaignState = "over"
	CampaignDraft    CampaignState = "draft"    // for those who run it
	CampaignTemplate CampaignState = "template" // for those who run campaigns
)

// CampaignStates lists them.
func CampaignStates() []CampaignState {
	return []CampaignState{CampaignOpen, CampaignComing, CampaignOver, CampaignDraft, CampaignTemplate}
}

// StateAt is where a campaign stands.
func (c *Campaign) StateAt(now time.Time) CampaignState {
	now = c.clock(now)
	switch {
	case c.Template:
		return CampaignTemplate
	case c.PublishedAt == nil:
		return CampaignDraft
	case c.OpensAt != nil && c.OpensAt.After(now):
		return CampaignComing
	case c.ClosesAt != nil && !c.ClosesAt.After(now):
		return CampaignOver
	}
	return CampaignOpen
}

func (q Queries) inState(state CampaignState) (condition string, args []any) {
	now := q.present()
	switch state {
	case CampaignDraft:
		return "c.published_at IS NULL AND NOT c.template", nil
	case CampaignTemplate:
		return "c.template", nil
	case CampaignComing:
		return "c.published_at IS NOT NULL AND c.opens_at > ?", []any{now}
	case CampaignOver:
		return "c.published_at IS NOT NULL AND c.closes_at <= ?", []any{now}
	}
	return "c.published_at IS NOT NULL AND (c.opens_at IS NULL OR c.opens_at <= ?) AND (c.closes_at IS NULL OR c.closes_at > ?)", []any{now, now}
}

// CampaignQuery says which campaigns to list.
type CampaignQuery struct {
	State   CampaignState
	SpaceID int64 // 0: all
	Before  int64 // id; 0 for the start
	Limit   int
}

// Campaigns lists campaigns that the actor may see, newest first, without their stages.
func (q Queries) Campaigns(ctx context.Context, actor *Actor, query CampaignQuery) (campaigns []Campaign, err error) {
	scope := actor
	if query.SpaceID != 0 {
		scope = actor.within(query.SpaceID)
	}
	seen, args := q.readableCampaign(scope)
	state, more := q.inState(query.State)
	args = append(append(args, more...), beforeID(query.Before), query.Limit)
	return campaigns, q.raw(ctx, &campaigns, "SELECT c.* FROM campaigns c WHERE "+seen+" AND "+state+" AND c.id < ? ORDER BY c.id DESC LIMIT ?", args...)
}

// CampaignName is a campaign by which a list of ideas can be narrowed.
type CampaignName struct {
	ID      int64
	SpaceID int64
	Title   string
	Lang    string
}

// CampaignName finds the name of a campaign that the actor may see.
func (q Queries) CampaignName(ctx context.Context, actor *Actor, id int64) (*CampaignName, error) {
	condition, args := q.readableCampaign(actor)
	name := &CampaignName{}
	if err := q.one(ctx, name, "SELECT c.id, c.space_id, c.title, c.lang FROM campaigns c WHERE c.id = ? AND "+condition, append([]any{id}, args...)...); err != nil {
		return nil, fmt.Errorf("name of campaign %d: %w", id, err)
	}
	return name, nil
}

// newestAnswered bounds the campaigns that a list of ideas can be narrowed by.
const newestAnswered = 100

// answeredCampaigns are the newest campaigns that ideas answer, in the spaces of a scope.
func (q Queries) answeredCampaigns(ctx context.Context, scope *Actor) (names []CampaignName, err error) {
	seen, list := q.visible(scope, "c.space_id")
	return names, q.raw(ctx, &names, "SELECT c.id, c.space_id, c.title, c.lang FROM campaigns c WHERE "+seen+" AND c.published_at IS NOT NULL AND c.idea_count > 0 ORDER BY c.id DESC LIMIT ?", list, newestAnswered)
}

// NotNow is the ErrConflict of what a campaign allows in another stage, or not while it is paused.
type NotNow struct{ Key string }

// Error is for the log.
func (n *NotNow) Error() string { return "not in this stage of the campaign: " + n.Key }

// Unwrap makes it an ErrConflict.
func (*NotNow) Unwrap() error { return ErrConflict }

// StageOf is what a campaign allows when the actor looks at it: nothing before it opens and while it is paused.
func (q Queries) StageOf(ctx context.Context, actor *Actor, campaignID int64) (*CampaignStage, error) {
	if actor.ahead() == campaignID {
		campaign, err := q.Campaign(ctx, actor, campaignID)
		if err != nil {
			return nil, err
		}
		if stage := campaign.StageAt(q.present()); stage != nil && campaign.PublishedAt != nil && campaign.PausedAt == nil {
			return stage, nil
		}
		return &CampaignStage{CampaignID: campaignID}, nil
	}
	stage, err := q.stageNow(ctx, campaignID)
	var notNow *NotNow
	if errors.As(err, &notNow) {
		return &CampaignStage{CampaignID: campaignID}, nil
	}
	return stage, err
}

// stageNow is the stage that a campaign is in; *NotNow before it opens and while it is paused.
func (q Queries) stageNow(ctx context.Context, campaignID int64) (*CampaignStage, error) {
	var now struct {
		CampaignStage
		PausedAt *time.Time
	}
	err := q.one(ctx, &now, `SELECT s.*, c.paused_at FROM campaign_stages s JOIN campaigns c ON c.id = s.campaign_id
		WHERE s.campaign_id = ? AND c.published_at IS NOT NULL AND (s.starts_at IS NULL OR s.starts_at <= ?) ORDER BY s.position DESC LIMIT 1`, campaignID, q.present())
	if errors.Is(err, ErrNotFound) {
		return nil, &NotNow{"campaigns.not_open"}
	}
	if err == nil && now.PausedAt != nil {
		err = &NotNow{"campaigns.is_paused"}
	}
	return &now.CampaignStage, err
}

// InStage refuses an act on an idea that its campaign does not allow now.
func (tx *Tx) InStage(campaignID *int64, act Act) error {
	if campaignID == nil || act == TakeBack {
		return nil
	}
	stage, err := tx.stageNow(tx.ctx, *campaignID)
	if err != nil {
		return err
	}
	if act == PostIdea && tx.actor != nil {
		asks, err := tx.Asks(tx.ctx, tx.actor, *campaignID)
		if err != nil {
			return err
		}
		if !asks {
			return &NotNow{"campaigns.not_asked"}
		}
	}
	if stage.Allows(act) {
		return nil
	}
	return &NotNow{"campaigns.not_now." + string(stage.Kind)}
}
