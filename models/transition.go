package models

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Transition is a passage of an idea to a stage. All figures of funnels come from these.
type Transition struct {
	ID         int64
	IdeaID     int64
	FromStage  Stage // empty: the idea was proposed
	ToStage    Stage
	ByID       *int64 // nil: the house itself, or nobody knows any more
	ReasonCode string
	Reason     string
	At         time.Time
}

// TableName is where they are stored.
func (Transition) TableName() string { return "stage_transitions" }

// StageReason says why an idea came to a stage; the zero value says nothing.
type StageReason struct {
	Code string // of what chose it, such as "graduated"
	Text string // one line, for those who read the course of the idea
}

// SetStage says how far a locked idea has come.
func (tx *Tx) SetStage(idea *Idea, stage Stage) error {
	return tx.SetStageFor(idea, stage, StageReason{})
}

// SetStageFor is SetStage with the reason. What does not move is no passage.
func (tx *Tx) SetStageFor(idea *Idea, stage Stage, reason StageReason) error {
	if !stage.Valid() {
		return Invalid{"stage": "ideas.stage_invalid"}
	}
	from := idea.Stage
	if from == stage {
		return nil
	}
	counted, err := tx.funnelPlaces(idea)
	if err != nil {
		return err
	}
	idea.Stage, idea.StagedAt = stage, &tx.now
	if _, err := tx.exec("UPDATE ideas SET stage = ?, staged_at = ?, stalled = 0 WHERE id = ?", stage, tx.now, idea.ID); err != nil {
		return err
	}
	if err := tx.create(&Transition{IdeaID: idea.ID, FromStage: from, ToStage: stage, ByID: orNull(tx.actorID()), ReasonCode: reason.Code, Reason: reason.Text, At: tx.now}); err != nil {
		return err
	}
	if !slices.Contains(GraduatingStages(), stage) {
		if err := tx.forgetViews("i.id = ?", idea.ID); err != nil {
			return err
		}
	}
	if idea.State != Published {
		return nil
	}
	return tx.countInFunnel(idea, counted, tx.placesAt(counted[0], stage))
}

// begin writes the first passages of a new idea: that it was proposed, and if it is further already, that.
func begin(idea *Idea) []*Transition {
	passages := []*Transition{{IdeaID: idea.ID, ToStage: Proposed, ByID: &idea.AuthorID, At: idea.PublishedAt}}
	if idea.Stage == Proposed || idea.Stage == "" {
		return passages
	}
	at := idea.PublishedAt
	if idea.StagedAt != nil {
		at = *idea.StagedAt
	}
	return append(passages, &Transition{IdeaID: idea.ID, FromStage: Proposed, ToStage: idea.Stage, At: at})
}

// StageHistory lists when an idea came to which stage, oldest first, from the day it was proposed.
// The caller has loaded the idea as one that the actor may read.
func (q Queries) StageHistory(ctx context.Context, idea *Idea) (passages []Transition, err error) {
	return passages, q.raw(ctx, &passages, "SELECT * FROM (SELECT * FROM stage_transitions WHERE idea_id = ? ORDER BY id DESC LIMIT 50) t ORDER BY id", idea.ID)
}

// funnelPlaces are the places of a funnel in which an idea counts: how far it came, and that it was declined.
func (tx *Tx) funnelPlaces(idea *Idea) ([]Stage, error) {
	if idea.CampaignID == nil || idea.Stage != Declined {
		return []Stage{idea.Stage}, nil
	}
	reached, err := tx.reached(idea)
	return []Stage{reached, Declined}, err
}

// placesAt are those of an idea that had come to a stage, and comes to another.
func (*Tx) placesAt(reached, stage Stage) []Stage {
	if stage == Declined {
		return []Stage{reached, Declined}
	}
	return []Stage{stage}
}

// countInFunnel takes an idea out of some places of the funnel of its campaign, and puts it into others.
func (tx *Tx) countInFunnel(idea *Idea, out, in []Stage) error {
	if idea.CampaignID == nil {
		return nil
	}
	var values []string
	var args []any
	for _, stage := range slices.Sorted(slices.Values(Stages())) { // in one order, so that two changes do not wait for each other
		n := 0
		if slices.Contains(out, stage) {
			n--
		}
		if slices.Contains(in, stage) {
			n++
		}
		if n != 0 {
			values, args = append(values, "(?, ?, ?)"), append(args, *idea.CampaignID, stage, n)
		}
	}
	if len(values) == 0 {
		return nil
	}
	_, err := tx.exec("INSERT INTO campaign_funnels (campaign_id, stage, ideas) VALUES "+strings.Join(values, ", ")+
		" ON CONFLICT (campaign_id, stage) DO UPDATE SET ideas = campaign_funnels.ideas + excluded.ideas", args...)
	return err
}

// RecountFunnels makes the funnels of campaigns anew from the passages of their ideas.
func (tx *Tx) RecountFunnels(campaigns []int64) error {
	if len(campaigns) == 0 {
		return nil
	}
	if _, err := tx.exec("DELETE FROM campaign_funnels WHERE campaign_id IN ?", campaigns); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO campaign_funnels (campaign_id, stage, ideas)
		SELECT i.campaign_id, t.to_stage, count(*) FROM ideas i JOIN stage_transitions t ON t.idea_id = i.id
			AND (t.id = (SELECT max(l.id) FROM stage_transitions l WHERE l.idea_id = i.id AND l.to_stage <> 'declined')
				OR t.to_stage = 'declined' AND t.id = (SELECT max(l.id) FROM stage_transitions l WHERE l.idea_id = i.id))
		WHERE i.campaign_id IN ? AND i.state = 'published' GROUP BY i.campaign_id, t.to_stage`, campaigns)
	return err
}

// Funnel is how many published ideas of a campaign have come to each stage, or beyond it; those declined count where they
// had come before, and once more as declined. The caller has loaded the campaign as one that the actor may see.
func (q Queries) Funnel(ctx context.Context, campaignID int64) (map[Stage]int, error) {
	var rows []struct {
		Stage Stage
		Ideas int
	}
	if err := q.raw(ctx, &rows, "SELECT stage, ideas FROM campaign_funnels WHERE campaign_id = ?", campaignID); err != nil {
		return nil, err
	}
	funnel := map[Stage]int{}
	for _, row := range rows {
		if row.Stage == Declined {
			funnel[Declined] = row.Ideas
			continue
		}
		for _, stage := range Stages()[:slices.Index(Stages(), row.Stage)+1] {
			funnel[stage] += row.Ideas
		}
	}
	return funnel, nil
}
