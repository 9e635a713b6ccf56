package privacy

import (
	"archive/zip"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"ruche/app/jobs"
	"ruche/models"
	"ruche/views/i18n"
)

// exportJob is the kind of the job that makes a copy of somebody's data.
const exportJob = "export"

type exportArgs struct {
	Export int64  `json:"export"`
	Locale string `json:"locale"` // in which it was asked for
}

// AskForCopy begins a copy of everything about the actor. One is made at a time: ErrConflict while one is.
func (f *Privacy) AskForCopy(ctx context.Context, actor *models.Actor, locale string) error {
	if !actor.SignedIn() {
		return models.ErrForbidden
	}
	key := "exports/" + strings.ToLower(rand.Text()) + ".zip"
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		export, err := tx.CreateExport(actor.ID, key)
		if err != nil {
			return err
		}
		job := &models.Job{Kind: exportJob, Key: fmt.Sprint(actor.ID), OwnerID: &actor.ID, Total: steps()}
		if err := tx.AddJob(job, exportArgs{export.ID, locale}); err != nil {
			return err
		}
		return tx.Record(models.ExportAsked, export, nil)
	})
	if err != nil {
		return fmt.Errorf("ask for a copy: %w", err)
	}
	return nil
}

// steps is in how many steps a copy is made: one for each table with something of people's own, one for pictures, one for the page.
func steps() int {
	n := 2
	for _, holding := range models.Holdings() {
		if holding.Own != "" {
			n++
		}
	}
	return n
}

// makeCopy is the job: it writes the archive to disk, then stores it. Beginning again does no harm, it writes over what was there.
func (f *Privacy) makeCopy(ctx context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
	var args exportArgs
	if err := run.Args(&args); err != nil {
		return nil, err
	}
	actor, err := f.web.DB.ActorByID(ctx, *run.Job.OwnerID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, jobs.Permanent(err) // they have left meanwhile
	}
	if err != nil {
		return nil, err
	}
	export, err := f.web.DB.OwnExport(ctx, actor, args.Export)
	if err != nil {
		return nil, jobs.Permanent(err)
	}
	spool, err := f.files.Spool()
	if err != nil {
		return nil, err
	}
	defer spool.Remove()
	done := 0
	progress := func() error {
		done++
		return run.Progress(ctx, min(done, run.Job.Total), run.Job.Total)
	}
	copied := &archive{privacy: f, actor: actor, locale: i18n.For(args.Locale), zip: zip.NewWriter(spool), progress: progress}
	if err := copied.write(ctx); err != nil {
		return nil, fmt.Errorf("write copy %d: %w", export.ID, err)
	}
	if export.Size, err = f.files.Keep(ctx, export.Key, "application/zip", spool); err != nil {
		return nil, fmt.Errorf("store copy %d: %w", export.ID, err)
	}
	settings, err := f.web.DB.PrivacySettings(ctx)
	if err != nil {
		return nil, err
	}
	return func(tx *models.Tx) error {
		if err := tx.FinishExport(export, tx.Now().Add(days(settings.Days[models.PeriodExports]))); err != nil {
			return err
		}
		if err := tx.NotifyFromHouse(actor.ID, models.NoticeExport); err != nil {
			return err
		}
		return tx.RecordBy(actor.ID, models.ExportReady, export, nil)
	}, nil
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

// OpenCopy opens one of the actor's own copies; ErrNotFound if there is none, or no longer.
func (f *Privacy) OpenCopy(ctx context.Context, actor *models.Actor, id int64) (io.ReadCloser, int64, error) {
	export, err := f.web.DB.OwnExport(ctx, actor, id)
	if err != nil {
		return nil, 0, err
	}
	if !export.Ready(f.web.DB.Now()) {
		return nil, 0, models.ErrNotFound
	}
	object, size, err := f.files.Open(ctx, export.Key)
	if err != nil {
		return nil, 0, fmt.Errorf("open copy %d: %w", id, err)
	}
	return object, size, nil
}

// sweepBatch is how many copies one round of the sweep looks at.
const sweepBatch = 100

// sweepCopies removes the copies whose time is over: the bytes first, so that none are left behind that nothing names.
func (f *Privacy) sweepCopies(ctx context.Context) (removed int64, err error) {
	for {
		spent, err := f.web.DB.SpentExports(ctx, sweepBatch)
		if err != nil {
			return removed, err
		}
		for i := range spent {
			if err := f.files.Forget(ctx, spent[i].Key); err != nil {
				return removed, fmt.Errorf("remove copy %d: %w", spent[i].ID, err)
			}
			if err := f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error { return tx.DeleteExport(spent[i].ID) }); err != nil {
				return removed, err
			}
			removed++
		}
		if len(spent) < sweepBatch {
			return removed, nil
		}
	}
}
