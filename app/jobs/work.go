package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"ruche/app/feed"
	"ruche/models"
)

// poll is how often is looked for jobs of other processes. Those of this process wake the workers.
const poll = time.Second

// hands is how many jobs a process works on at once: one that takes long must not hold up the mail.
const hands = 4

// Follow works until ctx ends. What has been begun by then is given back.
func (j *Jobs) Follow(ctx context.Context) {
	woken, stop := j.db.Listen()
	defer stop()
	var working sync.WaitGroup
	defer working.Wait()
	free := make(chan struct{}, hands)
	trouble := feed.Trouble{}
	planned := false
	for {
		select {
		case free <- struct{}{}:
		case <-ctx.Done():
			return
		}
		if !planned {
			planned = j.Plan(ctx) == nil // what keeps it from planning keeps it from working too, and is told below
		}
		job, wait, err := j.claim(ctx)
		if job != nil {
			working.Go(func() {
				defer func() { <-free }()
				if err := j.do(ctx, job); err != nil {
					slog.WarnContext(ctx, "outcome of a job not stored", "job", job.ID, "kind", job.Kind, "error", err)
				}
			})
			continue
		}
		<-free
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			wait = trouble.Met(ctx, "jobs are held up", err)
		default:
			trouble.Over(ctx, "jobs go on")
		}
		rest(ctx, woken, wait)
	}
}

func rest(ctx context.Context, woken <-chan struct{}, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-woken:
	case <-timer.C:
	}
}

// do works on a claimed job and stores what came of it.
func (j *Jobs) do(ctx context.Context, job *models.Job) error {
	kind := j.kinds[job.Kind]
	finish, err := j.attempt(ctx, kind, job)
	if ctx.Err() != nil {
		return j.giveBack(ctx, job)
	}
	if err == nil {
		if err = j.finish(ctx, kind, job, finish); err == nil {
			return nil
		}
	}
	if errors.Is(err, models.ErrConflict) && j.lost(ctx, job) {
		slog.WarnContext(ctx, "job took too long and was taken over", "job", job.ID, "kind", job.Kind, "attempt", job.Attempts)
		return nil
	}
	return j.failed(ctx, kind, job, err)
}

// finish stores what came of a job: all of it, or nothing if somebody else has the job by now.
func (j *Jobs) finish(ctx context.Context, kind Kind, job *models.Job, finish func(*models.Tx) error) error {
	return j.db.Tx(ctx, nil, func(tx *models.Tx) error {
		if err := tx.FinishJob(job); err != nil {
			return err
		}
		if err := next(tx, kind, tx.Now().Add(kind.Every)); err != nil {
			return err
		}
		if finish == nil {
			return nil
		}
		return finish(tx)
	})
}

// lost tells whether a job is no longer this process's.
func (j *Jobs) lost(ctx context.Context, job *models.Job) bool {
	err := j.db.Tx(ctx, nil, func(tx *models.Tx) error { return tx.RetryJob(job, job.DueAt) })
	return errors.Is(err, models.ErrConflict)
}

// How long to wait after an attempt that failed: half a minute, then twice as long each time, up to an hour. Half a
// day of that lets a mail server be mended over night.
const (
	firstWait    = 30 * time.Second
	longestWait  = time.Hour
	mostAttempts = 18
)

func waitAfter(attempt int) time.Duration {
	return min(firstWait<<min(attempt-1, 10), longestWait)
}

func (j *Jobs) failed(ctx context.Context, kind Kind, job *models.Job, cause error) error {
	var permanent errPermanent
	over := errors.As(cause, &permanent) || job.Attempts >= mostAttempts
	err := j.db.Tx(ctx, nil, func(tx *models.Tx) error {
		if !over {
			return tx.RetryJob(job, tx.Now().Add(waitAfter(job.Attempts)))
		}
		if err := tx.GiveUpJob(job); err != nil {
			return err
		}
		return next(tx, kind, tx.Now().Add(kind.Every))
	})
	message := "job failed and will be tried again"
	if over {
		message = "job given up"
	}
	slog.WarnContext(ctx, message, "job", job.ID, "kind", job.Kind, "attempt", job.Attempts, "error", cause)
	if err != nil && !errors.Is(err, models.ErrConflict) {
		return fmt.Errorf("store the failure of job %d: %w", job.ID, err)
	}
	return nil
}

// returnTimeout is how long a process that ends takes to give a job back.
const returnTimeout = 2 * time.Second

// giveBack lets another process, or this one after its restart, do the job at once.
func (j *Jobs) giveBack(ctx context.Context, job *models.Job) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), returnTimeout)
	defer cancel()
	err := j.db.Tx(ctx, nil, func(tx *models.Tx) error { return tx.ReturnJob(job) })
	if errors.Is(err, models.ErrConflict) {
		return nil
	}
	return err
}
