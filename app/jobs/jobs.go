// Package jobs does what use cases leave for later: slow or unsteady work such as mail, and what returns every hour
// or day. A job is added in the transaction of its use case, so it is there exactly if what it follows from is; what
// comes of it is written in the transaction that ends it, so it has its effects in the database once, even if a
// process dies over it. It knows no job itself.
//
// Why not River: the one set of its modules that serves both databases (v0.49.0) has no driver that joins the
// transactions of database/sql on PostgreSQL, and on SQLite it writes past the queue of writers.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"ruche/models"
)

// Kind is a sort of job.
type Kind struct {
	Name string
	// Work does a job. What it returns is done in the transaction that ends the job, and records what happened; both
	// may be nil. After an error it is tried again, up to half a day.
	Work func(ctx context.Context, run *Run) (finish func(*models.Tx) error, err error)
	// Every makes it a job that comes round by itself, without arguments, once for all processes.
	Every time.Duration
	// Timeout is how long an attempt may take; a minute by default. After twice that a job counts as abandoned.
	Timeout time.Duration
}

// Jobs are the kinds of jobs there are, and who works on them.
type Jobs struct {
	db    *models.DB
	kinds map[string]Kind
}

// New returns the jobs of a house.
func New(db *models.DB) *Jobs { return &Jobs{db: db, kinds: map[string]Kind{}} }

// usualTimeout is how long an attempt may take that says nothing else.
const usualTimeout = time.Minute

// Register adds a kind. All are known before anyone works: a process leaves the jobs alone that it does not know.
func (j *Jobs) Register(kind Kind) {
	if kind.Timeout == 0 {
		kind.Timeout = usualTimeout
	}
	j.kinds[kind.Name] = kind
}

// Run is one attempt at a job.
type Run struct {
	Job     *models.Job
	db      *models.DB
	timeout time.Duration
}

// Args reads what the job was given.
func (r *Run) Args(into any) error {
	if err := json.Unmarshal([]byte(r.Job.Args), into); err != nil {
		return Permanent(fmt.Errorf("read the arguments: %w", err))
	}
	return nil
}

// Now is the time of the house.
func (r *Run) Now() time.Time { return r.db.Now() }

// Progress lets the job's owner see how far it has come. An error means that the work is to stop: it took too
// long, and somebody else has taken it over.
func (r *Run) Progress(ctx context.Context, done, total int) error {
	return r.db.Tx(ctx, nil, func(tx *models.Tx) error { return tx.ReportJob(r.Job, done, total, 2*r.timeout) })
}

// errPermanent marks an error that trying again will not mend.
type errPermanent struct{ error }

func (e errPermanent) Unwrap() error { return e.error }

// Permanent says of an error that trying again will not mend it: the job is given up.
func Permanent(err error) error { return errPermanent{err} }

// Plan sees to it that what comes round by itself will: the first time now.
func (j *Jobs) Plan(ctx context.Context) error {
	return j.db.Tx(ctx, nil, func(tx *models.Tx) error {
		for _, kind := range j.kinds {
			if err := next(tx, kind, tx.Now()); err != nil {
				return fmt.Errorf("plan %s: %w", kind.Name, err)
			}
		}
		return nil
	})
}

// next adds the next round of a kind that comes round by itself, unless it is there.
func next(tx *models.Tx, kind Kind, at time.Time) error {
	if kind.Every == 0 {
		return nil
	}
	err := tx.AddJob(&models.Job{Kind: kind.Name, Key: "round", DueAt: at}, nil)
	if errors.Is(err, models.ErrConflict) {
		return nil
	}
	return err
}

// RunDue does the jobs that are due now, one after the other; for tests.
func (j *Jobs) RunDue(ctx context.Context) error {
	for {
		job, _, err := j.claim(ctx)
		if err != nil || job == nil {
			return err
		}
		if err := j.do(ctx, job); err != nil {
			return err
		}
	}
}

// claim takes the next job that is due. Without one it says how long there will be none, as far as it can know.
func (j *Jobs) claim(ctx context.Context) (job *models.Job, wait time.Duration, err error) {
	kinds, times := make([]string, 0, len(j.kinds)), make(map[string]time.Duration, len(j.kinds))
	for name, kind := range j.kinds {
		kinds, times[name] = append(kinds, name), 2*kind.Timeout
	}
	// Looking costs no writer's turn.
	due, err := j.db.NextJob(ctx, kinds)
	if errors.Is(err, models.ErrNotFound) {
		return nil, poll, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("look for a job: %w", err)
	}
	if wait := due.Sub(j.db.Now()); wait > 0 {
		return nil, min(wait, poll), nil
	}
	err = j.db.Tx(ctx, nil, func(tx *models.Tx) error {
		job, err = tx.ClaimJob(times)
		return err
	})
	if errors.Is(err, models.ErrNotFound) { // another process was quicker
		return nil, poll, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("claim a job: %w", err)
	}
	return job, 0, nil
}

// attempt is one try, with an end and without panics.
func (j *Jobs) attempt(ctx context.Context, kind Kind, job *models.Job) (finish func(*models.Tx) error, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, kind.Timeout)
	defer cancel()
	return kind.Work(ctx, &Run{Job: job, db: j.db, timeout: kind.Timeout})
}
