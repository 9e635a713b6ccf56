// Package polls lets a thread ask its readers to decide: it takes votes, each of which can be changed until the poll closes, closes it
// when its time is over, and has an outcome written and looked at again. What a vote may say and how votes are counted are rules of
// the record, in models; the thread around the poll is the matter of the discussions.
package polls

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"ruche/app/jobs"
	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
)

// Polls is the feature.
type Polls struct {
	web *web.Web
	db  *models.DB
}

// New returns the feature, and registers its job.
func New(w *web.Web, j *jobs.Jobs) *Polls {
	f := &Polls{w, w.DB}
	j.Register(jobs.Kind{Name: "polls.round", Every: time.Minute, Work: f.round})
	return f
}

// Save stores what a thread asks, until somebody has voted. base is the version that the actor started from, 0 for none.
func (f *Polls) Save(ctx context.Context, actor *models.Actor, threadID int64, base int, poll *models.ThreadPoll) error {
	problems := clean(poll)
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		thread, err := tx.LockThread(threadID)
		if err != nil {
			return err
		}
		if thread.Kind != models.Poll {
			return fmt.Errorf("ask in thread %d, which is a %s: %w", threadID, thread.Kind, models.ErrNotFound)
		}
		if err := mayTend(actor, thread); err != nil {
			return err
		}
		if thread.ClosedAt != nil || thread.State != models.Published {
			return &models.NotNow{Key: "polls.thread_closed"}
		}
		if len(problems) > 0 {
			return joined(problems, poll.Validate(tx.Now()))
		}
		if err := tx.SavePoll(thread, poll, base); err != nil {
			return err
		}
		return tx.Record(models.PollSaved, thread, map[string]any{"kind": poll.Kind, "anonymous": poll.Anonymous})
	})
}

// joined adds the problems of the fields to those of their texts.
func joined(problems models.Invalid, err error) error {
	var more models.Invalid
	errors.As(err, &more)
	for field, key := range more {
		if problems[field] == "" {
			problems[field] = key
		}
	}
	return problems
}

// clean makes the texts of a poll what can be stored, and says which cannot be.
func clean(poll *models.ThreadPoll) models.Invalid {
	problems := models.Invalid{}
	var err error
	if poll.Question, err = line(poll.Question, models.MaxPollQuestion); err != nil {
		problems["question"] = err.Error()
	}
	for i := range poll.Options {
		if poll.Options[i].Label, err = line(poll.Options[i].Label, models.MaxPollLabel); err != nil {
			problems["options"] = err.Error()
		}
	}
	return problems
}

// bytesPerCharacter is the most that a character takes in UTF-8; how many characters there may be is the matter of the record.
const bytesPerCharacter = 4

func line(input string, most int) (string, error) {
	clean, err := text.Clean(input, bytesPerCharacter*most)
	return strings.Join(strings.FieldsFunc(clean, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' }), " "), err
}

func mayTend(actor *models.Actor, thread *models.Thread) error {
	if !actor.MayTendPoll(thread) {
		return fmt.Errorf("tend the poll of thread %d: %w", thread.ID, actor.Refused(thread.SpaceID, thread.AuthorID))
	}
	return nil
}

// mayTend refuses whom it is not for to look after a poll, before what they have sent is looked at.
func (f *Polls) mayTend(ctx context.Context, actor *models.Actor, threadID int64) error {
	thread, err := f.db.Thread(ctx, actor, threadID)
	if err != nil {
		return err
	}
	return mayTend(actor, thread)
}

// errSame ends a change that changes nothing.
var errSame = errors.New("nothing to change")

// change changes a poll in one transaction, in which nobody else votes in it, closes or changes it.
func (f *Polls) change(ctx context.Context, actor *models.Actor, threadID int64, fn func(*models.Tx, *models.Thread, *models.ThreadPoll) error) error {
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		thread, poll, err := tx.LockPoll(threadID)
		if err != nil {
			return err
		}
		return fn(tx, thread, poll)
	})
	if errors.Is(err, errSame) {
		return nil
	}
	return err
}

// tend is change for whoever looks after the poll.
func (f *Polls) tend(ctx context.Context, actor *models.Actor, threadID int64, fn func(*models.Tx, *models.Thread, *models.ThreadPoll) error) error {
	return f.change(ctx, actor, threadID, func(tx *models.Tx, thread *models.Thread, poll *models.ThreadPoll) error {
		if err := mayTend(actor, thread); err != nil {
			return err
		}
		return fn(tx, thread, poll)
	})
}

// Vote makes the actor's vote say what the marks say. base is the version of it that they started from; see models.Tx.CastVote.
func (f *Polls) Vote(ctx context.Context, actor *models.Actor, threadID int64, base int, marks models.Marks, reason string) error {
	reason, err := text.Clean(reason, bytesPerCharacter*models.MaxPollReason)
	if err != nil {
		return models.Invalid{"reason": err.Error()}
	}
	return f.change(ctx, actor, threadID, func(tx *models.Tx, thread *models.Thread, poll *models.ThreadPoll) error {
		if err := actor.MayVoteIn(thread, poll, tx.Now()); err != nil {
			return fmt.Errorf("vote in thread %d: %w", threadID, err)
		}
		changed, err := tx.CastVote(thread, poll, marks, reason, base)
		if err == nil && !changed {
			err = errSame
		}
		if err != nil {
			return err
		}
		return tx.RecordBy(recorded(actor, poll), models.PollVoted, thread, nil)
	})
}

// recorded is whom the log names beside a vote: in an anonymous poll, where the figures before and after would tell how they voted, nobody.
func recorded(actor *models.Actor, poll *models.ThreadPoll) int64 {
	if poll.Anonymous {
		return 0
	}
	return actor.ID
}

// TakeBack takes the actor's vote out of a poll.
func (f *Polls) TakeBack(ctx context.Context, actor *models.Actor, threadID int64) error {
	return f.change(ctx, actor, threadID, func(tx *models.Tx, thread *models.Thread, poll *models.ThreadPoll) error {
		if !actor.Can(models.TakeBack, &models.Space{ID: thread.SpaceID}) {
			return fmt.Errorf("take a vote back in thread %d: %w", threadID, actor.Refused(thread.SpaceID, 0))
		}
		changed, err := tx.TakeVoteBack(thread, poll)
		if err == nil && !changed {
			err = errSame
		}
		if err != nil {
			return err
		}
		return tx.RecordBy(recorded(actor, poll), models.PollVoteTaken, thread, nil)
	})
}

// MoveClosing sets another time at which a poll closes.
func (f *Polls) MoveClosing(ctx context.Context, actor *models.Actor, threadID int64, at time.Time) error {
	return f.tend(ctx, actor, threadID, func(tx *models.Tx, thread *models.Thread, poll *models.ThreadPoll) error {
		from := poll.ClosesAt
		if from.Equal(at) {
			return errSame
		}
		if err := tx.MovePollClosing(poll, at); err != nil {
			return err
		}
		return tx.Record(models.PollMoved, thread, map[string]any{"from": from, "to": poll.ClosesAt})
	})
}

// Close ends a poll by hand. One that is closed already stays as it is.
func (f *Polls) Close(ctx context.Context, actor *models.Actor, threadID int64) error {
	return f.tend(ctx, actor, threadID, func(tx *models.Tx, thread *models.Thread, poll *models.ThreadPoll) error {
		closed, err := tx.ClosePoll(thread, poll)
		if err == nil && !closed {
			err = errSame
		}
		if err != nil {
			return err
		}
		return tx.Record(models.PollClosed, thread, nil)
	})
}

// Reopen lets a closed poll be voted in again, until a time.
func (f *Polls) Reopen(ctx context.Context, actor *models.Actor, threadID int64, at time.Time) error {
	return f.tend(ctx, actor, threadID, func(tx *models.Tx, thread *models.Thread, poll *models.ThreadPoll) error {
		from := poll.ClosesAt
		if poll.OpenAt(tx.Now()) && from.Equal(at) { // the same form again
			return errSame
		}
		if err := tx.ReopenPoll(thread, poll, at); err != nil {
			return err
		}
		return tx.Record(models.PollReopened, thread, map[string]any{"from": from, "to": poll.ClosesAt, "past": poll.Past})
	})
}

// AnswerObjection replies to an objection of a consent round.
func (f *Polls) AnswerObjection(ctx context.Context, actor *models.Actor, threadID, voteID int64, reply string) error {
	if err := f.mayTend(ctx, actor, threadID); err != nil {
		return err
	}
	reply, err := text.Clean(reply, bytesPerCharacter*models.MaxPollReason)
	if err == nil && reply == "" {
		err = text.Blank
	}
	if err != nil {
		return models.Invalid{fmt.Sprintf("reply_%d", voteID): err.Error()}
	}
	return f.tend(ctx, actor, threadID, func(tx *models.Tx, thread *models.Thread, poll *models.ThreadPoll) error {
		if err := tx.AnswerObjection(poll, voteID, reply); err != nil {
			return err
		}
		return tx.Record(models.PollObjectionTaken, thread, nil)
	})
}

// WriteOutcome says what a poll led to. base is the number of the outcome that the actor has read, 0 for none.
func (f *Polls) WriteOutcome(ctx context.Context, actor *models.Actor, threadID int64, base int, body string, review *time.Time) error {
	if err := f.mayTend(ctx, actor, threadID); err != nil {
		return err
	}
	markdown, err := text.Clean(body, text.MaxComment)
	if err == nil && markdown == "" {
		err = text.Blank
	}
	var rendered text.Rendered
	if err == nil {
		rendered, err = text.Render(markdown, text.Comment, nil)
	}
	if err != nil {
		return models.Invalid{"body": err.Error()}
	}
	return f.tend(ctx, actor, threadID, func(tx *models.Tx, thread *models.Thread, poll *models.ThreadPoll) error {
		closed, err := false, error(nil)
		if !poll.OpenAt(tx.Now()) { // in case the round has not come by yet
			closed, err = tx.ClosePoll(thread, poll)
		}
		outcome := &models.PollOutcome{Body: markdown, HTML: rendered.HTML, ReviewAt: review}
		if err == nil {
			err = tx.WriteOutcome(thread, poll, outcome, base)
		}
		if err == nil && closed {
			err = tx.RecordBy(0, models.PollClosed, thread, nil)
		}
		if err != nil {
			return err
		}
		return tx.Record(models.PollOutcomeWritten, thread, map[string]any{"number": outcome.Number})
	})
}

// dueAtOnce is how many polls a round sees to.
const dueAtOnce = 100

// round closes the polls whose time is over, reminds of outcomes that are not written, and of those to look at again.
func (f *Polls) round(ctx context.Context, _ *jobs.Run) (func(*models.Tx) error, error) {
	err := f.each(ctx, f.db.DuePolls, func(tx *models.Tx, id int64) error {
		thread, closed, err := tx.CloseDuePoll(id)
		if err != nil || !closed {
			return err
		}
		return tx.Record(models.PollClosed, thread, nil)
	})
	return nil, errors.Join(err,
		f.each(ctx, f.db.WaitingPolls, (*models.Tx).RemindOfOutcome),
		f.each(ctx, f.db.ReviewedPolls, (*models.Tx).TellOfReview))
}

// each does something for the polls that a query finds, each in a transaction of its own.
func (f *Polls) each(ctx context.Context, find func(context.Context, int) ([]int64, error), do func(*models.Tx, int64) error) error {
	ids, err := find(ctx, dueAtOnce)
	for _, id := range ids {
		err = errors.Join(err, f.db.Tx(ctx, nil, func(tx *models.Tx) error { return do(tx, id) }))
	}
	return err
}
