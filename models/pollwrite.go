package models

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// MayTendPoll tells whether the actor looks after the poll of a thread, and writes its outcome: its author as long as they take part, and
// who leads the space. Nobody may in an archived space.
func (a *Actor) MayTendPoll(thread *Thread) bool {
	space := &Space{ID: thread.SpaceID}
	return a.SignedIn() && !a.Masked() && !a.archived(thread.SpaceID) && (thread.AuthorID == a.ID && a.Can(PostComment, space) || a.Can(ManageSpace, space))
}

// MayVoteIn refuses a vote that the actor may not give in a poll, or not now: a *NotNow then. Hidden authors and programs do not vote.
func (a *Actor) MayVoteIn(thread *Thread, poll *ThreadPoll, now time.Time) error {
	if a.Service || a.Masked() {
		return ErrForbidden
	}
	if err := a.Refusal(CastBallot, &Space{ID: thread.SpaceID}); err != nil {
		return err
	}
	return votable(thread, poll, now)
}

func votable(thread *Thread, poll *ThreadPoll, now time.Time) error {
	switch {
	case !poll.OpenAt(now):
		return &NotNow{"polls.is_closed"}
	case thread.ClosedAt != nil || thread.State != Published:
		return &NotNow{"polls.thread_closed"}
	}
	return nil
}

// SavePoll stores what a locked thread asks, as long as nobody has voted. base is the version that the editor started from, 0 for
// none; ErrConflict if someone else has saved since, a *NotNow if it is too late.
func (tx *Tx) SavePoll(thread *Thread, poll *ThreadPoll, base int) error {
	known, err := tx.lockPoll(thread.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		known = &ThreadPoll{}
	case err != nil:
		return err
	case known.Frozen || !known.OpenAt(tx.present()):
		return &NotNow{"polls.frozen"}
	}
	if known.Version != base {
		return fmt.Errorf("save the poll of thread %d from version %d: %w", thread.ID, base, ErrConflict)
	}
	if err := poll.Validate(tx.now); err != nil {
		return err
	}
	poll.ThreadID, poll.Version = thread.ID, base+1
	_, err = tx.exec(`INSERT INTO polls (thread_id, kind, question, least, most, anonymous, results, quorum, quorum_percent, version, closes_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (thread_id) DO UPDATE SET kind = excluded.kind, question = excluded.question, least = excluded.least, most = excluded.most, anonymous = excluded.anonymous, results = excluded.results,
		quorum = excluded.quorum, quorum_percent = excluded.quorum_percent, version = excluded.version, closes_at = excluded.closes_at`,
		thread.ID, poll.Kind, poll.Question, poll.Least, poll.Most, poll.Anonymous, poll.Results, poll.Quorum, poll.QuorumPercent, poll.Version, poll.ClosesAt.UTC(), tx.now)
	if err == nil {
		err = tx.setPollOptions(poll)
	}
	return err
}

func (tx *Tx) setPollOptions(poll *ThreadPoll) error {
	if _, err := tx.exec("DELETE FROM poll_options WHERE thread_id = ?", poll.ThreadID); err != nil || len(poll.Options) == 0 {
		return err
	}
	values, args := make([]string, len(poll.Options)), []any{}
	for i, option := range poll.Options {
		values[i] = "(?, ?, ?, ?, ?)"
		starts := option.StartsAt
		if starts != nil {
			at := starts.UTC()
			starts = &at
		}
		args = append(args, poll.ThreadID, option.Position, option.Label, option.Day, starts)
	}
	_, err := tx.exec("INSERT INTO poll_options (thread_id, position, label, day, starts_at) VALUES "+strings.Join(values, ", "), args...)
	return err
}

// MovePollClosing sets another time at which a locked poll closes. It can be moved until it closes.
func (tx *Tx) MovePollClosing(poll *ThreadPoll, at time.Time) error {
	if !poll.OpenAt(tx.present()) {
		return &NotNow{"polls.is_closed"}
	}
	if key := closingProblem(at, tx.now); key != "" {
		return Invalid{"closes": key}
	}
	poll.ClosesAt = at.UTC()
	_, err := tx.exec("UPDATE polls SET closes_at = ? WHERE thread_id = ?", poll.ClosesAt, poll.ThreadID)
	return err
}

// AnyVote is the version of whoever replaces their vote as it is.
const AnyVote = -1

// CastVote makes the actor's vote in a locked poll say what the marks say, whatever it said before. base is the version that they
// started from, 0 for none. Sent again, it changes nothing and is false; ErrConflict if the vote says something else by now that they
// have not seen. That the poll is open is looked at here, where nobody can close it any more before the vote is stored.
func (tx *Tx) CastVote(thread *Thread, poll *ThreadPoll, marks Marks, reason string, base int) (changed bool, err error) {
	if err := votable(thread, poll, tx.present()); err != nil {
		return false, err
	}
	if poll.Kind != ConsentRound || !marks.objects() {
		reason = ""
	}
	if err := poll.Check(marks, reason); err != nil {
		return false, err
	}
	before, err := tx.OwnVote(tx.ctx, tx.actor, thread.ID)
	if err != nil {
		return false, err
	}
	if before == nil {
		before = &PollVote{ThreadID: thread.ID, Counts: true}
	} else if slices.Equal(before.Marks, marks) && before.Reason == reason {
		return false, nil
	}
	if base != AnyVote && base != before.Version {
		return false, fmt.Errorf("vote in thread %d from version %d: %w", thread.ID, base, ErrConflict)
	}
	if before.Version > 0 {
		poll.Tally.add(poll.Kind, before.Marks, -1)
	} else {
		poll.Voters++
	}
	poll.Tally.add(poll.Kind, marks, 1)
	poll.Frozen = true
	vote := *before
	vote.Marks, vote.Reason, vote.Version = marks, reason, before.Version+1
	vote.Objects = poll.Kind == ConsentRound && marks.objects()
	if err := tx.storeVote(poll, &vote); err != nil {
		return false, err
	}
	return true, tx.saveTally(poll)
}

func (m Marks) objects() bool { return len(m) == 1 && m[0] == MarkObject }

// storeVote writes a vote that is new or says something else; a reply to an objection was to what it said before.
func (tx *Tx) storeVote(poll *ThreadPoll, vote *PollVote) error {
	var at *time.Time
	if !poll.Anonymous { // the order in which people vote says much of who chose what
		at = &tx.now
	}
	_, err := tx.exec(`INSERT INTO poll_votes (thread_id, user_id, marks, reason, objects, version, voted_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (thread_id, user_id) DO UPDATE SET marks = excluded.marks, reason = excluded.reason, objects = excluded.objects, version = excluded.version,
		changed_at = excluded.changed_at, reply = '', replied_by = NULL, replied_at = NULL`,
		vote.ThreadID, tx.actorID(), vote.Marks, vote.Reason, vote.Objects, vote.Version, at, at)
	return err
}

func (tx *Tx) saveTally(poll *ThreadPoll) error {
	_, err := tx.exec("UPDATE polls SET tally = ?, voters = ?, frozen = ? WHERE thread_id = ?", poll.Tally, poll.Voters, poll.Frozen, poll.ThreadID)
	return err
}

// TakeVoteBack takes the actor's vote out of a locked poll; false if they have none.
func (tx *Tx) TakeVoteBack(thread *Thread, poll *ThreadPoll) (changed bool, err error) {
	if err := votable(thread, poll, tx.present()); err != nil {
		return false, err
	}
	vote, err := tx.OwnVote(tx.ctx, tx.actor, thread.ID)
	if err != nil || vote == nil {
		return false, err
	}
	poll.Tally.add(poll.Kind, vote.Marks, -1)
	poll.Voters--
	if _, err := tx.exec("DELETE FROM poll_votes WHERE id = ?", vote.ID); err != nil {
		return false, err
	}
	return true, tx.saveTally(poll)
}

// AnswerObjection replies to an objection of a locked poll, until its outcome is written.
func (tx *Tx) AnswerObjection(poll *ThreadPoll, voteID int64, reply string) error {
	if poll.Settled() {
		return &NotNow{"polls.has_outcome"}
	}
	changed, err := tx.exec("UPDATE poll_votes SET reply = ?, replied_by = ?, replied_at = ? WHERE id = ? AND thread_id = ? AND objects AND counts", reply, tx.actorID(), tx.now, voteID, poll.ThreadID)
	if err == nil && changed == 0 {
		return ErrNotFound
	}
	return err
}

// joinPollVotes lets one vote count in each open poll in which both accounts of a merge have voted: that of the account that stays.
func (tx *Tx) joinPollVotes(m *Merge) error {
	return tx.recountVotes(m.GoneID, -1, "v.counts AND EXISTS (SELECT 1 FROM poll_votes k WHERE k.thread_id = v.thread_id AND k.user_id = ?)", m.KeptID)
}

// partPollVotes counts them again when the merge is taken back.
func (tx *Tx) partPollVotes(m *Merge) error { return tx.recountVotes(m.GoneID, 1, "NOT v.counts") }

func (tx *Tx) recountVotes(userID int64, times int, condition string, args ...any) error {
	var votes []PollVote
	err := tx.raw(tx.ctx, &votes, "SELECT v.* FROM poll_votes v JOIN polls p ON p.thread_id = v.thread_id AND p.closed_at IS NULL WHERE v.user_id = ? AND "+condition+" ORDER BY v.thread_id", append([]any{userID}, args...)...)
	if err != nil {
		return err
	}
	for _, vote := range votes { // as many as there are open polls in which both have voted: a handful
		poll, err := tx.lockPoll(vote.ThreadID)
		if err != nil {
			return err
		}
		if poll.ClosedAt != nil {
			continue
		}
		poll.Tally.add(poll.Kind, vote.Marks, times)
		poll.Voters += times
		if _, err := tx.exec("UPDATE poll_votes SET counts = ? WHERE id = ?", times > 0, vote.ID); err != nil {
			return err
		}
		if err := tx.saveTally(poll); err != nil {
			return err
		}
	}
	return nil
}
