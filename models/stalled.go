package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// StalledCard is an idea that has not moved for longer than the stage of its campaign allows.
type StalledCard struct {
	IdeaCard
	Since        time.Time // when it came where it stands, or the stage began if that is later
	MaxDays      int       // of the stage
	Kind         StageKind // of the stage
	AnswererName string    // who answers for it; empty: whoever runs the campaign
	AnswererRole Role
	Decides      bool // the reader may answer it
}

// limit is a stage that a campaign is in, with how long ideas may stand still in it.
type limit struct {
	CampaignID   int64
	SpaceID      int64
	Position     int
	Kind         StageKind
	StartsAt     *time.Time
	MaxDays      int
	AnswererID   *int64
	ManagerID    *int64
	SponsorID    *int64
	TeamDecides  bool
	AnswererName string
	AnswererRole Role
}

// cutoff is since when an idea of the campaign must not have moved to stand still too long, nil if none can yet: its time in
// a stage begins with the stage at the earliest.
func (l *limit) cutoff(now time.Time) *time.Time {
	at := now.Add(-time.Duration(l.MaxDays) * day)
	if l.StartsAt != nil && l.StartsAt.After(at) {
		return nil
	}
	return &at
}

// open is the condition that an idea has still to move in the stage: to an answer, or once they are carried out, to its end.
// Each is that of a partial index. One that goes on in another idea moves there.
func (l *limit) open() string {
	if l.Kind == Implement {
		return "stage = 'decided' AND merged_into_id IS NULL"
	}
	return "stage IN ('proposed', 'discussed', 'refined', 'evaluated') AND merged_into_id IS NULL"
}

// limits is the start of a query for the stages that campaigns ca are in at a time, of those that limit it and are not paused.
const limits = `SELECT s.campaign_id, s.position, s.kind, s.starts_at, s.max_days, s.answerer_id, ca.space_id, ca.manager_id, ca.sponsor_id, ca.team_decides, coalesce(u.name, '') AS answerer_name, coalesce(` + standing + `, '') AS answerer_role
	FROM campaign_stages s JOIN campaigns ca ON ca.id = s.campaign_id LEFT JOIN users u ON u.id = s.answerer_id
	WHERE s.max_days > 0 AND s.kind <> 'closed' AND ca.published_at IS NOT NULL AND ca.paused_at IS NULL
		AND s.position = (SELECT max(position) FROM campaign_stages n WHERE n.campaign_id = ca.id AND (n.starts_at IS NULL OR n.starts_at <= ?))`

// maxLimits is how many campaigns one list of what stands still looks at, the newest.
const maxLimits = 200

// StalledIdeas lists what stands still too long in the campaigns whose ideas the actor answers or answers for, what has not
// moved for longest first, after the given key. Each campaign gives its first few in the order of an index.
func (q Queries) StalledIdeas(ctx context.Context, actor *Actor, after *DueKey, max int) (cards []StalledCard, next *DueKey, err error) {
	runs, spaces := q.visible(actor.where(RunCampaigns), "ca.space_id")
	takes, others := q.visible(actor.where(PostComment), "ca.space_id")
	own := actor.ID
	if actor.External() {
		own = 0
	}
	var stages []limit
	if err := q.raw(ctx, &stages, limits+" AND ("+runs+" OR "+takes+" AND (ca.manager_id = ? OR ca.sponsor_id = ? OR s.answerer_id = ? OR "+teamDecides("ca")+")) ORDER BY ca.id DESC LIMIT ?",
		q.present(), spaces, others, own, own, own, own, maxLimits); err != nil {
		return nil, nil, fmt.Errorf("stages that limit: %w", err)
	}
	team, err := q.teamOf(ctx, actor)
	if err != nil {
		return nil, nil, err
	}
	if after == nil {
		after = &DueKey{At: time.Unix(0, 0)} // no idea is older
	}
	var arms []string
	var args []any
	of := map[int64]*limit{}
	for i := range stages {
		stage := &stages[i]
		cutoff := stage.cutoff(q.present())
		if cutoff == nil {
			continue
		}
		of[stage.CampaignID] = stage
		arms = append(arms, "SELECT * FROM (SELECT id, campaign_id, staged_at, published_at FROM ideas WHERE campaign_id = ? AND state = 'published' AND "+stage.open()+
			" AND coalesce(staged_at, published_at) <= ? AND (coalesce(staged_at, published_at), id) > (?, ?) ORDER BY coalesce(staged_at, published_at), id LIMIT "+strconv.Itoa(max+1)+") t")
		args = append(args, stage.CampaignID, cutoff.UTC(), after.At.UTC(), after.ID)
	}
	if len(arms) == 0 {
		return nil, nil, nil
	}
	var still []Idea
	if err := q.raw(ctx, &still, strings.Join(arms, " UNION ALL "), args...); err != nil {
		return nil, nil, fmt.Errorf("stalled ideas: %w", err)
	}
	slices.SortFunc(still, func(a, b Idea) int { return cmp.Or(a.moved().Compare(b.moved()), cmp.Compare(a.ID, b.ID)) })
	if len(still) > max {
		still = still[:max]
		next = &DueKey{still[max-1].moved(), still[max-1].ID}
	}
	ids := make([]int64, len(still))
	for i := range still {
		ids[i] = still[i].ID
	}
	found, err := q.IdeaCards(ctx, actor, ids)
	for j := range still {
		idea := &still[j]
		i := slices.IndexFunc(found, func(c IdeaCard) bool { return c.ID == idea.ID })
		if i < 0 {
			continue
		}
		stage, since := of[*idea.CampaignID], idea.moved()
		if stage.StartsAt != nil && stage.StartsAt.After(since) {
			since = *stage.StartsAt
		}
		cards = append(cards, StalledCard{found[i], since, stage.MaxDays, stage.Kind, stage.AnswererName, stage.AnswererRole,
			actor.MayDecide(stage.SpaceID, &Campaign{ManagerID: stage.ManagerID, SponsorID: stage.SponsorID, TeamDecides: stage.TeamDecides, Team: team[stage.CampaignID]})})
	}
	return cards, next, err
}

// teamOf are the campaigns that the actor helps to run, the newest maxLimits, each with them as its team.
func (q Queries) teamOf(ctx context.Context, actor *Actor) (map[int64][]int64, error) {
	var campaigns []int64
	err := q.raw(ctx, &campaigns, "SELECT campaign_id FROM campaign_team WHERE user_id = ? ORDER BY campaign_id DESC LIMIT ?", actor.ID, maxLimits)
	team := map[int64][]int64{}
	for _, id := range campaigns {
		team[id] = []int64{actor.ID}
	}
	return team, err
}

// moved is when an idea came to where it stands.
func (i *Idea) moved() time.Time {
	if i.StagedAt != nil {
		return *i.StagedAt
	}
	return i.PublishedAt
}

// Stalled is how many ideas of a campaign that the actor may see stand still for longer than the stage allows that it is in,
// at most maxLate, and that stage; nil if it allows any time.
func (q Queries) Stalled(ctx context.Context, campaign *Campaign) (n int, stage *CampaignStage, err error) {
	stage = campaign.StageAt(q.present())
	if stage == nil || stage.MaxDays == 0 || stage.Kind == Closed {
		return 0, nil, nil
	}
	l := limit{Kind: stage.Kind, StartsAt: stage.StartsAt, MaxDays: stage.MaxDays}
	cutoff := l.cutoff(q.present())
	if cutoff == nil || campaign.PausedAt != nil {
		return 0, stage, nil
	}
	return n, stage, q.raw(ctx, &n, "SELECT count(*) FROM (SELECT 1 FROM ideas WHERE campaign_id = ? AND state = 'published' AND "+l.open()+" AND coalesce(staged_at, published_at) <= ? LIMIT ?) t",
		campaign.ID, cutoff.UTC(), maxLate)
}

// stallReminders are what is told of ideas that stand still for so many weeks longer than they may.
var stallReminders = []struct {
	weeks int
	kind  Kind
}{{1, NoticeIdeasStalledLong}, {0, NoticeIdeasStalled}}

// RemindOfStalled tells who answers for a stage, or runs the campaign, of ideas that stand still in it for longer than it
// allows, and a week later its sponsor. Each idea is a reason once for each, and everyone gets one notice of a kind.
func (tx *Tx) RemindOfStalled() error {
	var stages []limit
	if err := tx.raw(tx.ctx, &stages, limits+" ORDER BY ca.id", tx.now); err != nil {
		return err
	}
	told := map[Kind][]int64{}
	for i := range stages {
		for _, late := range stallReminders {
			kind := late.kind
			people, err := tx.newlyStalled(&stages[i], late.weeks)
			if err != nil {
				return err
			}
			for _, id := range people {
				if slices.Contains(told[kind], id) {
					continue
				}
				told[kind] = append(told[kind], id)
				if err := tx.NotifyFromHouse(id, kind); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// newlyStalled takes note of the ideas that stand still in a stage, so many weeks longer than it allows, and were not told of
// before, and finds who has to be told of them.
func (tx *Tx) newlyStalled(stage *limit, weeks int) (people []int64, err error) {
	cutoff := stage.cutoff(tx.now.Add(-time.Duration(7*weeks) * day))
	if cutoff == nil {
		return nil, nil
	}
	mark := 2*stage.Position + 1 + weeks
	changed, err := tx.exec("UPDATE ideas SET stalled = ? WHERE campaign_id = ? AND state = 'published' AND "+stage.open()+" AND coalesce(staged_at, published_at) <= ? AND stalled < ?", mark, stage.CampaignID, cutoff.UTC(), mark)
	if err != nil || changed == 0 {
		return nil, err
	}
	campaign := &Campaign{ID: stage.CampaignID, SpaceID: stage.SpaceID, ManagerID: cmp.Or(stage.AnswererID, stage.ManagerID), SponsorID: stage.SponsorID}
	return tx.accountable(campaign, weeks > 0)
}
