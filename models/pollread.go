package models

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Poll is the poll of a thread that the actor may read, with the thread; ErrNotFound if it asks nothing.
func (q Queries) Poll(ctx context.Context, actor *Actor, threadID int64) (*Thread, *ThreadPoll, error) {
	thread, err := q.Thread(ctx, actor, threadID)
	if err != nil {
		return nil, nil, err
	}
	poll, err := q.poll(ctx, threadID, "")
	return thread, poll, err
}

// LockPoll is Poll inside a change: until the transaction ends nobody else votes in it, changes or closes it.
func (tx *Tx) LockPoll(threadID int64) (*Thread, *ThreadPoll, error) {
	thread, err := tx.Thread(tx.ctx, tx.actor, threadID)
	if err != nil {
		return nil, nil, err
	}
	poll, err := tx.lockPoll(threadID)
	return thread, poll, err
}

func (tx *Tx) lockPoll(threadID int64) (*ThreadPoll, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
	}
	return tx.poll(tx.ctx, threadID, lock)
}

func (q Queries) poll(ctx context.Context, threadID int64, lock string) (*ThreadPoll, error) {
	poll := &ThreadPoll{}
	err := q.one(ctx, poll, "SELECT * FROM polls WHERE thread_id = ?"+lock, threadID)
	if err == nil {
		err = q.raw(ctx, &poll.Options, "SELECT * FROM poll_options WHERE thread_id = ? ORDER BY position", threadID)
	}
	if err != nil {
		return nil, fmt.Errorf("poll of thread %d: %w", threadID, err)
	}
	return poll, nil
}

// OwnVote is the actor's vote in a poll, nil if they have none. That of an anonymous poll is there until it closes.
func (q Queries) OwnVote(ctx context.Context, actor *Actor, threadID int64) (*PollVote, error) {
	if !actor.SignedIn() {
		return nil, nil
	}
	vote := &PollVote{}
	err := q.one(ctx, vote, "SELECT * FROM poll_votes WHERE thread_id = ? AND user_id = ?", threadID, actor.ID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return vote, err
}

// PollVoter is a vote beside the name of who gave it, in a poll that is not anonymous.
type PollVoter struct {
	PollVote
	Name        string // empty once the person is erased
	Role        Role
	Picture     int64
	ReplierName string
}

const pollVoters = `SELECT v.*, coalesce(u.name, '') AS name, coalesce(` + standing + `, '') AS role, coalesce(u.picture_id, 0) AS picture, coalesce(r.name, '') AS replier_name
	FROM poll_votes v LEFT JOIN users u ON u.id = v.user_id LEFT JOIN users r ON r.id = v.replied_by WHERE v.thread_id = ? AND v.counts AND `

// PollVoters lists who has voted in a poll that the reader may see, newest first, before the given id (0 for the start): nobody of an
// anonymous one.
func (q Queries) PollVoters(ctx context.Context, poll *ThreadPoll, before int64, limit int) (voters []PollVoter, err error) {
	if poll.Anonymous {
		return nil, ErrForbidden
	}
	return voters, q.raw(ctx, &voters, pollVoters+"v.id < ? ORDER BY v.id DESC LIMIT ?", poll.ThreadID, beforeID(before), limit)
}

// MaxObjections bounds how many objections are shown at once.
const MaxObjections = 50

// Objections are those of a consent round, those first that wait for a reply.
func (q Queries) Objections(ctx context.Context, poll *ThreadPoll) (objections []PollVoter, err error) {
	if poll.Kind != ConsentRound {
		return nil, nil
	}
	return objections, q.raw(ctx, &objections, pollVoters+"v.objects ORDER BY v.replied_at IS NOT NULL, v.id LIMIT ?", poll.ThreadID, MaxObjections)
}

// Electorate is how many people may take part in the polls of a space: who may contribute there, or may once they accept its agreement.
func (q Queries) Electorate(ctx context.Context, spaceID int64) (people int, err error) {
	return people, q.raw(ctx, &people, "SELECT count(*)"+q.electors(), spaceID, q.present())
}

// PollOutcome is what a poll led to, as somebody wrote it.
type PollOutcome struct {
	ThreadID  int64
	Number    int
	AuthorID  int64
	Body      string
	HTML      string `gorm:"column:html"`
	ReviewAt  *time.Time
	CreatedAt time.Time

	AuthorName string `gorm:"->;-:migration"`
	AuthorRole Role   `gorm:"->;-:migration"`
}

// MaxOutcomes bounds how often an outcome is written anew.
const MaxOutcomes = 50

// PollOutcomes are the outcomes of a poll that the reader may see, the one that holds first.
func (q Queries) PollOutcomes(ctx context.Context, threadID int64, limit int) (outcomes []PollOutcome, err error) {
	return outcomes, q.raw(ctx, &outcomes, `SELECT o.*, u.name AS author_name, `+standing+` AS author_role FROM poll_outcomes o JOIN users u ON u.id = o.author_id
		WHERE o.thread_id = ? ORDER BY o.number DESC LIMIT ?`, threadID, limit)
}

// DuePolls are polls whose time is over and that are not closed. It is for the job that sees to it.
func (q Queries) DuePolls(ctx context.Context, limit int) (threads []int64, err error) {
	return threads, q.raw(ctx, &threads, "SELECT thread_id FROM polls WHERE closed_at IS NULL AND closes_at <= ? ORDER BY closes_at, thread_id LIMIT ?", q.present(), limit)
}

// stands is the condition that the thread t in the space s is one of which people are told something.
const stands = "t.state = 'published' AND s.archived_at IS NULL"

// WaitingPolls are closed polls whose author is to be reminded of the outcome. It is for the job that sees to it.
func (q Queries) WaitingPolls(ctx context.Context, limit int) (threads []int64, err error) {
	return threads, q.raw(ctx, &threads, `SELECT p.thread_id FROM polls p JOIN threads t ON t.id = p.thread_id JOIN spaces s ON s.id = t.space_id
		WHERE p.remind_at IS NOT NULL AND p.remind_at <= ? AND `+stands+" ORDER BY p.remind_at, p.thread_id LIMIT ?", q.present(), limit)
}

// ReviewedPolls are polls whose outcome is to be looked at again. It is for the job that sees to it.
func (q Queries) ReviewedPolls(ctx context.Context, limit int) (threads []int64, err error) {
	return threads, q.raw(ctx, &threads, `SELECT p.thread_id FROM polls p JOIN threads t ON t.id = p.thread_id JOIN spaces s ON s.id = t.space_id
		WHERE p.review_at IS NOT NULL AND NOT p.reviewed AND p.review_at <= ? AND `+stands+" ORDER BY p.review_at, p.thread_id LIMIT ?", q.present(), limit)
}
