package spaces

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"ruche/app/jobs"
	"ruche/models"
)

// TakeOver names a manager for a space that nobody runs. Whoever names them reads no more of the space than before:
// what they do is in the log, and the space's members are told.
func (f *Spaces) TakeOver(ctx context.Context, actor *models.Actor, spaceID int64, email string) (user *models.User, err error) {
	if !actor.Can(models.ManagePeople, nil) {
		return nil, fmt.Errorf("take over space %d: %w", spaceID, models.ErrForbidden)
	}
	user, err = f.web.DB.UserByEmail(ctx, email)
	if errors.Is(err, models.ErrNotFound) || err == nil && user.DisabledAt != nil {
		return nil, models.Invalid{"email": "spaces.member_unknown"}
	}
	if err != nil {
		return nil, err
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		space, err := tx.TakeOver(spaceID, user)
		if err != nil {
			return err
		}
		return tx.Record(models.SpaceTakenOver, space, map[string]any{"user": user.ID})
	})
	if err != nil {
		return nil, fmt.Errorf("take over space %d: %w", spaceID, err)
	}
	slog.WarnContext(ctx, "space taken over", "space_id", spaceID, "actor_id", actor.ID, "manager_id", user.ID)
	return user, nil
}

// Look is the job that comes round: access ends by the clock too, and with it what someone ran or asked for.
func Look() jobs.Kind {
	return jobs.Kind{Name: "spaces", Every: 10 * time.Minute, Work: func(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
		return func(tx *models.Tx) error {
			if err := tx.WithdrawRequests(); err != nil {
				return err
			}
			return noteUnmanaged(tx)
		}, nil
	}}
}

// noteUnmanaged tells of the spaces that have lost their last manager.
func noteUnmanaged(tx *models.Tx) error {
	lost, err := tx.NoteUnmanaged()
	if err != nil {
		return err
	}
	for i := range lost {
		if err := tx.Record(models.SpaceUnmanaged, &lost[i], nil); err != nil {
			return err
		}
	}
	return nil
}
