package models

import (
	"context"
	"fmt"
	"time"
)

// ExpertChoice is what a person says of being found and asked.
type ExpertChoice struct {
	UserID    int64
	Hidden    bool       // what they have done is not shown as something that they know
	Weekly    *int       // how often in a week they are asked; nil as the house has it, 0 never
	AwayUntil *time.Time // until when nobody asks them
}

// Bounds of being asked: how often in a week somebody is asked who says nothing, how often at the most, and for how long somebody is away.
const (
	HouseWeekly = 3
	MostWeekly  = 20
	longestAway = 366 * day
)

// Cap is how often in a week they are asked.
func (c *ExpertChoice) Cap() int {
	if c.Weekly == nil {
		return HouseWeekly
	}
	return *c.Weekly
}

// ExpertChoice is what the actor says.
func (q Queries) ExpertChoice(ctx context.Context, actor *Actor) (*ExpertChoice, error) {
	var found []ExpertChoice
	if err := q.raw(ctx, &found, "SELECT * FROM expert_choices WHERE user_id = ?", actor.ID); err != nil {
		return nil, fmt.Errorf("choice of an expert: %w", err)
	}
	if len(found) == 0 {
		return &ExpertChoice{UserID: actor.ID}, nil
	}
	if choice := &found[0]; choice.AwayUntil != nil && !choice.AwayUntil.After(q.present()) {
		choice.AwayUntil = nil
	}
	return &found[0], nil
}

// ChooseExpert stores what the actor says of being found and asked.
func (tx *Tx) ChooseExpert(choice ExpertChoice) error {
	problems := Invalid{}
	if choice.Weekly != nil && (*choice.Weekly < 0 || *choice.Weekly > MostWeekly) {
		problems["weekly"] = "experts.weekly_invalid"
	}
	if choice.AwayUntil != nil && (!choice.AwayUntil.After(tx.now) || choice.AwayUntil.Sub(tx.now) > longestAway) {
		problems["away"] = "experts.away_invalid"
	}
	if len(problems) > 0 {
		return problems
	}
	_, err := tx.exec(`INSERT INTO expert_choices (user_id, hidden, weekly, away_until) VALUES (?, ?, ?, ?)
		ON CONFLICT (user_id) DO UPDATE SET hidden = excluded.hidden, weekly = excluded.weekly, away_until = excluded.away_until`, tx.actorID(), choice.Hidden, choice.Weekly, choice.AwayUntil)
	return err
}
