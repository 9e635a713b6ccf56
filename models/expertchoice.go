package models

import (
	"context"
	"fmt"
)

// ExpertChoice is what a person says of being found.
type ExpertChoice struct {
	UserID int64
	Hidden bool // what they have done is not shown as something that they know
}

// ExpertChoice is what the actor says.
func (q Queries) ExpertChoice(ctx context.Context, actor *Actor) (*ExpertChoice, error) {
	choice := &ExpertChoice{UserID: actor.ID}
	err := q.raw(ctx, &choice.Hidden, "SELECT EXISTS (SELECT 1 FROM expert_choices WHERE user_id = ? AND hidden)", actor.ID)
	if err != nil {
		return nil, fmt.Errorf("choice of an expert: %w", err)
	}
	return choice, nil
}

// ChooseExpert stores what the actor says of being found.
func (tx *Tx) ChooseExpert(hidden bool) error {
	_, err := tx.exec("INSERT INTO expert_choices (user_id, hidden) VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET hidden = excluded.hidden", tx.actorID(), hidden)
	return err
}
