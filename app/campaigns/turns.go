package campaigns

import (
	"context"
	"fmt"
	"time"

	"ruche/app/jobs"
	"ruche/models"
)

// Look is the job that comes round: people hear of the turns that campaigns take by the clock, too.
func Look() jobs.Kind {
	return jobs.Kind{Name: "campaigns", Every: 10 * time.Minute, Work: func(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
		return func(tx *models.Tx) error { return tx.TellOfTurns() }, nil
	}}
}

// Follow notes that the actor wants to hear of new campaigns of a space that they see, or does not. It records no event: what somebody
// wants to hear is nobody else's matter.
func (f *Campaigns) Follow(ctx context.Context, actor *models.Actor, space *models.Space, follow bool) error {
	if !actor.Can(models.FollowIdea, space) {
		return fmt.Errorf("follow space %d: %w", space.ID, actor.Refusal(models.FollowIdea, space))
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error { return tx.FollowSpace(space.ID, follow) })
}
