package members

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"ruche/app/jobs"
	"ruche/models"
)

// mergeRestJob carries over what was still written with an account while it went into another.
const mergeRestJob = "merge_rest"

// mergeRestAfter is when: later than any request ends that had begun before.
const mergeRestAfter = time.Minute

// Merge puts an account into another of the same person, of which the actor has to be sure. It can be taken back for as long as
// the retention period of merges says.
func (f *Members) Merge(ctx context.Context, actor *models.Actor, keptID, goneID int64, sure bool) (merge *models.Merge, err error) {
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		for _, id := range []int64{keptID, goneID} {
			if _, err := tx.Account(ctx, actor, id); err != nil {
				return err
			}
		}
		kept, gone, err := tx.LockPair(keptID, goneID)
		if err != nil {
			return err
		}
		if !sure {
			if _, err := tx.MergeProblem(ctx, actor, kept, gone); err != nil {
				return err
			}
			return models.Invalid{"sure": "merge.sure_needed"}
		}
		if merge, err = tx.MergePeople(kept, gone); err != nil {
			return err
		}
		if err := tx.AddJob(&models.Job{Kind: mergeRestJob, Key: strconv.FormatInt(merge.ID, 10), DueAt: tx.Now().Add(mergeRestAfter)}, merge.ID); err != nil {
			return err
		}
		moved, err := merge.MovedRows()
		if err != nil {
			return err
		}
		return tx.Record(models.UserMerged, merge, models.MergeRecord{Merge: merge.ID, Gone: goneID, Moved: moved})
	})
	return merge, err
}

// Part gives an account back that has gone into another, with what was its own, and returns what could not be given back.
func (f *Members) Part(ctx context.Context, actor *models.Actor, keptID, mergeID int64) (lost models.Rows, err error) {
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if !actor.Can(models.ManagePeople, nil) {
			return models.ErrForbidden
		}
		card, err := tx.MergeCard(ctx, actor, keptID, mergeID)
		if err != nil {
			return err
		}
		kept, gone, err := tx.LockPair(keptID, card.GoneID)
		if err != nil {
			return err
		}
		merge, err := tx.FindMerge(keptID, mergeID)
		if err != nil {
			return err
		}
		if lost, err = tx.TakeMergeBack(merge, kept, gone); err != nil {
			return err
		}
		return tx.Record(models.UserParted, merge, models.MergeRecord{Merge: mergeID, Gone: gone.ID, Lost: lost})
	})
	return lost, err
}

// workMergeRest is the job. Where it finds anything, it says so again to those who follow the log.
func (f *Members) workMergeRest(ctx context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
	var id int64
	if err := run.Args(&id); err != nil {
		return nil, err
	}
	return func(tx *models.Tx) error {
		merge, moved, err := tx.MergeRest(id)
		if errors.Is(err, models.ErrNotFound) { // taken back, or too old
			return nil
		}
		if err != nil {
			return fmt.Errorf("rest of merge %d: %w", id, err)
		}
		if len(moved) == 0 {
			return nil
		}
		return tx.Record(models.UserMerged, merge, models.MergeRecord{Merge: id, Gone: merge.GoneID, Moved: moved})
	}, nil
}
