package models

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Job is work that a use case left for later, in its own transaction. What it was given is forgotten once it
// has ended: it may be somebody's address.
type Job struct {
	ID          int64
	Kind        string
	Args        string // a JSON document, or empty
	Key         string // of the same kind and key one job waits at a time; empty: as many as there are
	OwnerID     *int64 // who may see how far it has come; nil: nobody needs to
	State       JobState
	Attempts    int
	Done, Total int // how far it has come, in steps of its own
	DueAt       time.Time
	CreatedAt   time.Time
	FinishedAt  *time.Time
}

// JobState is what became of a job.
type JobState string

// States of a job. One that is being worked on still waits: whoever works on it may stop to exist.
const (
	JobWaiting JobState = "waiting"
	JobDone    JobState = "done"
	JobFailed  JobState = "failed" // given up
)

// Ended tells whether nothing more will be done about the job.
func (j *Job) Ended() bool { return j.State != JobWaiting }

// AddJob leaves work for later: it is done if the transaction is committed, and soon, unless the job says when.
// ErrConflict if a job of its kind with its key is waiting already, and then nothing has changed.
func (tx *Tx) AddJob(job *Job, args any) error {
	if args != nil {
		raw, err := json.Marshal(args)
		if err != nil {
			return fmt.Errorf("add job %s: %w", job.Kind, err)
		}
		job.Args = string(raw)
	}
	job.State, job.CreatedAt = JobWaiting, tx.now
	if job.DueAt.IsZero() {
		job.DueAt = tx.now
	}
	err := tx.one(tx.ctx, job, `INSERT INTO jobs (kind, args, key, owner_id, total, due_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING RETURNING *`, job.Kind, job.Args, job.Key, job.OwnerID, job.Total, job.DueAt.UTC(), tx.now)
	if errors.Is(err, ErrNotFound) { // no row was added
		return ErrConflict
	}
	tx.recorded = true // wakes those who work
	return err
}

// NextJob is when the next job of the given kinds is due; ErrNotFound if none waits.
func (q Queries) NextJob(ctx context.Context, kinds []string) (due time.Time, err error) {
	job := &Job{}
	err = q.one(ctx, job, "SELECT id, due_at FROM jobs WHERE state = 'waiting' AND kind IN ? ORDER BY due_at, id LIMIT 1", kinds)
	return job.DueAt, err
}

// ClaimJob takes the job that has been due for longest, ErrNotFound if none is. It is due again when its kind's time
// is over, unless it has ended by then: whoever has claimed it may stop to exist.
func (tx *Tx) ClaimJob(times map[string]time.Duration) (*Job, error) {
	kinds := make([]string, 0, len(times))
	for kind := range times {
		kinds = append(kinds, kind)
	}
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE SKIP LOCKED"
	}
	job := &Job{}
	err := tx.one(tx.ctx, job, "SELECT * FROM jobs WHERE state = 'waiting' AND due_at <= ? AND kind IN ? ORDER BY due_at, id LIMIT 1"+lock, tx.now, kinds)
	if err != nil {
		return nil, err
	}
	job.Attempts++
	job.DueAt = tx.now.Add(times[job.Kind])
	_, err = tx.exec("UPDATE jobs SET attempts = ?, due_at = ? WHERE id = ?", job.Attempts, job.DueAt, job.ID)
	return job, err
}

// change changes a job for whoever has claimed it; ErrConflict if they took too long and somebody else has it now.
func (tx *Tx) change(job *Job, set string, args ...any) error {
	changed, err := tx.exec("UPDATE jobs SET "+set+" WHERE id = ? AND attempts = ? AND state = 'waiting'", append(args, job.ID, job.Attempts)...)
	if err == nil && changed == 0 {
		return ErrConflict
	}
	return err
}

// ReportJob says how far a job has come, and keeps it for longer.
func (tx *Tx) ReportJob(job *Job, done, total int, longer time.Duration) error {
	return tx.change(job, "done = ?, total = ?, due_at = ?", done, total, tx.now.Add(longer))
}

// FinishJob ends a job, in the transaction that holds what came of it. Of a job that is nobody's nothing is kept.
func (tx *Tx) FinishJob(job *Job) error {
	if job.OwnerID != nil {
		return tx.change(job, "state = 'done', args = '', done = total, finished_at = ?", tx.now)
	}
	changed, err := tx.exec("DELETE FROM jobs WHERE id = ? AND attempts = ? AND state = 'waiting'", job.ID, job.Attempts)
	if err == nil && changed == 0 {
		return ErrConflict
	}
	return err
}

// RetryJob puts a job off that did not succeed.
func (tx *Tx) RetryJob(job *Job, at time.Time) error { return tx.change(job, "due_at = ?", at.UTC()) }

// ReturnJob gives a job back that was not tried to the end, as if it had not been claimed.
func (tx *Tx) ReturnJob(job *Job) error {
	return tx.change(job, "attempts = attempts - 1, due_at = ?", tx.now)
}

// GiveUpJob ends a job that cannot be done.
func (tx *Tx) GiveUpJob(job *Job) error {
	return tx.change(job, "state = 'failed', args = '', finished_at = ?", tx.now)
}

// OwnJobs are the actor's own jobs of a kind, newest first.
func (q Queries) OwnJobs(ctx context.Context, actor *Actor, kind string, limit int) (jobs []Job, err error) {
	if !actor.SignedIn() {
		return nil, ErrForbidden
	}
	return jobs, q.raw(ctx, &jobs, "SELECT * FROM jobs WHERE owner_id = ? AND kind = ? ORDER BY id DESC LIMIT ?", actor.ID, kind, limit)
}

// OverdueJobs counts the jobs that should have been done by the given time, for those who look after the house.
func (q Queries) OverdueJobs(ctx context.Context, by time.Time) (n int, err error) {
	return n, q.raw(ctx, &n, "SELECT count(*) FROM jobs WHERE state = 'waiting' AND due_at <= ?", by)
}

// OwnJob is the actor's own latest job of a kind with a key.
func (q Queries) OwnJob(ctx context.Context, actor *Actor, kind, key string) (*Job, error) {
	if !actor.SignedIn() {
		return nil, ErrForbidden
	}
	job := &Job{}
	return job, q.one(ctx, job, "SELECT * FROM jobs WHERE owner_id = ? AND kind = ? AND key = ? ORDER BY id DESC LIMIT 1", actor.ID, kind, key)
}
