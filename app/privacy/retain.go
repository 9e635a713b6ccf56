package privacy

import (
	"context"
	"errors"
	"fmt"

	"ruche/app/jobs"
	"ruche/models"
)

// retain is the job that lets the periods take effect, and starts the erasures that are due.
func (f *Privacy) retain(ctx context.Context, _ *jobs.Run) (func(*models.Tx) error, error) {
	settings, err := f.web.DB.PrivacySettings(ctx)
	if err != nil {
		return nil, err
	}
	removed := map[models.PeriodKind]int64{}
	var total int64
	var failed error // one period keeps neither the others nor an erasure that is due waiting; the job is tried again
	for _, period := range models.Periods() {
		n, err := f.apply(ctx, period.Kind, settings)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("period of %s: %w", period.Kind, err))
		}
		removed[period.Kind] = n
		total += n
	}
	if err := errors.Join(failed, f.startDue(ctx)); err != nil {
		return nil, err
	}
	return func(tx *models.Tx) error {
		for kind, n := range removed {
			if err := tx.NoteRetention(kind, n); err != nil {
				return err
			}
		}
		return tx.Record(models.RetentionRan, models.System{}, map[string]int64{"removed": total})
	}, nil
}

// apply removes what one period no longer keeps, batch by batch.
func (f *Privacy) apply(ctx context.Context, kind models.PeriodKind, settings *models.PrivacySettings) (removed int64, err error) {
	switch kind {
	case models.PeriodExports:
		return f.sweepCopies(ctx)
	case models.PeriodExternals:
		return f.warnIdle(ctx, settings)
	}
	for {
		var n int64
		err := f.web.DB.Tx(ctx, nil, func(tx *models.Tx) (err error) {
			n, err = tx.RemoveSpent(kind, settings.Days[kind])
			return err
		})
		if err != nil || n == 0 {
			return removed, err
		}
		removed += n
	}
}

// warnIdle asks for the erasure of externals who have been away for too long, and tells them: signing in within two weeks, they can take it back.
func (f *Privacy) warnIdle(ctx context.Context, settings *models.PrivacySettings) (asked int64, err error) {
	idle, err := f.web.DB.IdleExternals(ctx, settings.Days[models.PeriodExternals], sweepBatch)
	if err != nil {
		return 0, err
	}
	contributions := settings.Contributions
	if contributions == models.RuleChoose {
		contributions = models.RuleKeep
	}
	for i := range idle {
		err := f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
			erasure, err := tx.AskErasure(idle[i].ID, contributions, tx.Now().Add(grace))
			if err != nil {
				return err
			}
			if err := f.warn(tx, idle[i].Email, idle[i].Locale, erasure.DueAt); err != nil {
				return err
			}
			return tx.Record(models.ErasureAsked, &idle[i], nil)
		})
		if err != nil {
			return asked, err
		}
		asked++
	}
	return asked, nil
}

// SaveSettings stores what an owner has decided.
func (f *Privacy) SaveSettings(ctx context.Context, actor *models.Actor, values map[string]string) error {
	if !actor.Can(models.ErasePeople, nil) {
		return models.ErrForbidden
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.SavePrivacySettings(values); err != nil {
			return err
		}
		return tx.Record(models.PrivacyChanged, models.System{}, nil)
	})
}
