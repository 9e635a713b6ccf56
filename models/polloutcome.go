package models

import (
	"fmt"
	"time"
)

// What the house tells of polls.
const (
	NoticeOutcomeWanted Kind = "outcome_wanted" // yours is over, and has no outcome yet
	NoticeOutcome       Kind = "outcome"        // one that concerns you has an outcome, or another one
	NoticeOutcomeReview Kind = "outcome_review" // the day has come to look at an outcome again
)

// An author is reminded of the outcome after so many working days, and then so often, so long after each other.
const (
	outcomeWithin  = 2
	outcomeAgain   = 3
	outcomeBetween = 7 * day
)

// ClosePoll ends a locked poll, by hand or by the clock; false if it was closed before. It keeps how many could have voted. The votes of
// an anonymous poll are deleted: nothing needs them any more.
func (tx *Tx) ClosePoll(thread *Thread, poll *ThreadPoll) (closed bool, err error) {
	if poll.ClosedAt != nil || tx.actor == nil && poll.OpenAt(tx.present()) {
		return false, nil
	}
	by := orNull(tx.actorID())
	if !poll.OpenAt(tx.present()) {
		by = nil
	}
	electorate, err := tx.Electorate(tx.ctx, thread.SpaceID)
	if err != nil {
		return false, err
	}
	electorate = max(electorate, poll.Voters) // some have left since they voted
	remind := afterWorkingDays(tx.now, outcomeWithin)
	poll.ClosedAt, poll.ClosedBy, poll.Electorate, poll.RemindAt = &tx.now, by, &electorate, &remind
	_, err = tx.exec("UPDATE polls SET closed_at = ?, closed_by = ?, electorate = ?, remind_at = ? WHERE thread_id = ?", poll.ClosedAt, poll.ClosedBy, electorate, remind, thread.ID)
	if err == nil && poll.Anonymous {
		_, err = tx.exec("DELETE FROM poll_votes WHERE thread_id = ?", thread.ID)
	}
	return err == nil, err
}

// ReopenPoll lets a locked poll that is closed be voted in again, until a time. The votes that were given are still there, and its
// outcome is history; whoever was to be reminded of that is not any more. An anonymous poll has kept no votes to go on from.
func (tx *Tx) ReopenPoll(thread *Thread, poll *ThreadPoll, at time.Time) error {
	switch {
	case poll.OpenAt(tx.present()):
		return &NotNow{"polls.not_closed"}
	case poll.Anonymous:
		return &NotNow{"polls.anonymous_closed"}
	case thread.ClosedAt != nil || thread.State != Published:
		return &NotNow{"polls.thread_closed"}
	}
	if key := closingProblem(at, tx.now); key != "" {
		return Invalid{"closes": key}
	}
	poll.ClosesAt, poll.ClosedAt, poll.ClosedBy, poll.Electorate, poll.Past = at.UTC(), nil, nil, nil, poll.Outcomes
	poll.Reminded, poll.RemindAt, poll.ReviewAt, poll.Reviewed = 0, nil, nil, false
	_, err := tx.exec(`UPDATE polls SET closes_at = ?, closed_at = NULL, closed_by = NULL, electorate = NULL, past = outcomes, reminded = 0, remind_at = NULL,
		review_at = NULL, reviewed = FALSE WHERE thread_id = ?`, poll.ClosesAt, thread.ID)
	if err != nil {
		return err
	}
	if _, err = tx.exec("DELETE FROM house_notices WHERE thread_id = ? AND kind IN (?, ?) AND read_at IS NULL", thread.ID, NoticeOutcomeWanted, NoticeOutcomeReview); err != nil {
		return err
	}
	return tx.joinReopened(thread.ID)
}

// joinReopened lets one vote count of those whose two accounts were merged while the poll was closed, as joinPollVotes does in open ones.
func (tx *Tx) joinReopened(threadID int64) error {
	var merged []Merge
	err := tx.raw(tx.ctx, &merged, "SELECT u.id AS gone_id, u.merged_into AS kept_id FROM poll_votes v JOIN users u ON u.id = v.user_id WHERE v.thread_id = ? AND v.counts AND u.merged_into IS NOT NULL", threadID)
	for i := range merged { // a handful at most
		if err == nil {
			err = tx.joinPollVotes(&merged[i])
		}
	}
	return err
}

// CloseDuePoll closes the poll of a thread if its time is over, whoever may see it: for the job that sees to it.
func (tx *Tx) CloseDuePoll(threadID int64) (thread *Thread, closed bool, err error) {
	thread, poll, err := tx.heldPoll(threadID)
	if err != nil {
		return nil, false, err
	}
	closed, err = tx.ClosePoll(thread, poll)
	return thread, closed, err
}

func (tx *Tx) heldPoll(threadID int64) (*Thread, *ThreadPoll, error) {
	thread := &Thread{}
	if err := tx.one(tx.ctx, thread, "SELECT * FROM threads WHERE id = ?", threadID); err != nil {
		return nil, nil, err
	}
	poll, err := tx.lockPoll(threadID)
	return thread, poll, err
}

// afterWorkingDays is so many days later, without Saturdays and Sundays.
func afterWorkingDays(at time.Time, days int) time.Time {
	for days > 0 {
		at = at.Add(day)
		if weekday := at.Weekday(); weekday != time.Saturday && weekday != time.Sunday {
			days--
		}
	}
	return at
}

// WriteOutcome stores what a locked poll led to, and tells those whom it concerns. base is the number of the outcome that its author
// has read, 0 for none. Of a poll that can still be voted in there is none yet, nor of a consent round before its objections are answered.
func (tx *Tx) WriteOutcome(thread *Thread, poll *ThreadPoll, outcome *PollOutcome, base int) error {
	if poll.ClosedAt == nil {
		return &NotNow{"polls.not_closed"}
	}
	if poll.Outcomes != base {
		return fmt.Errorf("write the outcome of thread %d after number %d: %w", thread.ID, base, ErrConflict)
	}
	if poll.Outcomes >= MaxOutcomes {
		return Invalid{"body": "polls.outcomes_many"}
	}
	var unanswered bool
	err := tx.raw(tx.ctx, &unanswered, "SELECT EXISTS (SELECT 1 FROM poll_votes WHERE thread_id = ? AND objects AND counts AND replied_at IS NULL)", thread.ID)
	if err == nil && unanswered {
		err = &NotNow{"polls.unanswered"}
	}
	if err != nil {
		return err
	}
	outcome.ThreadID, outcome.Number, outcome.AuthorID, outcome.CreatedAt = thread.ID, base+1, tx.actorID(), tx.now
	if outcome.ReviewAt != nil {
		at := outcome.ReviewAt.UTC()
		if outcome.ReviewAt = &at; at.Before(tx.now) || at.After(tx.now.Add(5*longestPoll)) {
			return Invalid{"review": "polls.review_invalid"}
		}
	}
	_, err = tx.exec("INSERT INTO poll_outcomes (thread_id, number, author_id, body, html, review_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		thread.ID, outcome.Number, outcome.AuthorID, outcome.Body, outcome.HTML, outcome.ReviewAt, tx.now)
	if err == nil {
		_, err = tx.exec("UPDATE polls SET outcomes = ?, remind_at = NULL, review_at = ?, reviewed = FALSE WHERE thread_id = ?", outcome.Number, outcome.ReviewAt, thread.ID)
	}
	if err != nil {
		return err
	}
	return tx.tellOfOutcome(thread)
}

// tellOfOutcome tells those who follow a thread, and those who voted under their name.
func (tx *Tx) tellOfOutcome(thread *Thread) error {
	_, err := tx.exec(`INSERT INTO house_notices (user_id, kind, thread_id, figures, created_at) SELECT w.user_id, ?, ?, '', ? FROM (
			SELECT `+behind("f.user_id")+` AS user_id FROM thread_people f WHERE f.thread_id = ? AND f.level IN ('watch', 'follow')
			UNION SELECT v.user_id FROM poll_votes v WHERE v.thread_id = ? AND v.user_id IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM thread_people m WHERE m.thread_id = v.thread_id AND m.user_id = v.user_id AND m.level = 'mute')) w
		WHERE w.user_id <> ? AND NOT EXISTS (SELECT 1 FROM house_notices h WHERE h.user_id = w.user_id AND h.thread_id = ? AND h.kind = ? AND h.read_at IS NULL)`,
		NoticeOutcome, thread.ID, tx.now, thread.ID, thread.ID, tx.actorID(), thread.ID, NoticeOutcome)
	return err
}

// RemindOfOutcome reminds the author of a closed poll of its outcome, or if they are no longer there those who run its space.
func (tx *Tx) RemindOfOutcome(threadID int64) error {
	thread, poll, err := tx.heldPoll(threadID)
	if err != nil || poll.RemindAt == nil || poll.RemindAt.After(tx.now) || poll.Settled() {
		return err
	}
	var next *time.Time
	if poll.Reminded < outcomeAgain {
		at := tx.now.Add(outcomeBetween)
		next = &at
	}
	if _, err := tx.exec("UPDATE polls SET reminded = reminded + 1, remind_at = ? WHERE thread_id = ?", next, threadID); err != nil {
		return err
	}
	return tx.tellOfPoll(thread, NoticeOutcomeWanted)
}

// TellOfReview says that the day has come to look at the outcome of a poll again.
func (tx *Tx) TellOfReview(threadID int64) error {
	thread, poll, err := tx.heldPoll(threadID)
	if err != nil || poll.Reviewed || poll.ReviewAt == nil || poll.ReviewAt.After(tx.now) {
		return err
	}
	if _, err := tx.exec("UPDATE polls SET reviewed = TRUE WHERE thread_id = ?", threadID); err != nil {
		return err
	}
	return tx.tellOfPoll(thread, NoticeOutcomeReview)
}

// tellOfPoll tells whoever has to do something about a poll: its author, or if they cannot take part any more those who run its space.
func (tx *Tx) tellOfPoll(thread *Thread, kind Kind) error {
	told, err := tx.exec("INSERT INTO house_notices (user_id, kind, thread_id, figures, created_at) SELECT u.id, ?, ?, '', ?"+tx.electors()+" AND u.id = ?",
		kind, thread.ID, tx.now, thread.SpaceID, tx.now, thread.AuthorID)
	if err != nil || told > 0 {
		return err
	}
	runs, now := tx.runs()
	_, err = tx.exec(`INSERT INTO house_notices (user_id, kind, thread_id, figures, created_at) SELECT u.id, ?, ?, '', ? FROM memberships m JOIN users u ON u.id = m.user_id JOIN spaces s ON s.id = m.space_id
		WHERE m.space_id = ? AND `+runs, kind, thread.ID, tx.now, thread.SpaceID, now)
	return err
}
