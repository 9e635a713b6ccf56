package demo

import (
	"context"
	"time"

	"ruche/app/text"
	"ruche/models"
)

// Asked is what a thread asks its readers.
type Asked struct {
	Kind     models.PollKind
	Question string
	Options  []string
	Days     []int // of a date-finding poll: how long after it was begun
	Results  models.ShowResults
	Quorum   int
	Lasts    Age
	Votes    []Voted
	Outcome  *Concluded
}

// Voted is what somebody says.
type Voted struct {
	By    string
	Ago   Age
	Marks []int
}

// Concluded is what a poll led to.
type Concluded struct {
	By   string
	Ago  Age
	Body string // Markdown
}

// noted is how long after the end of a poll at most it is closed: what happens moves into working hours.
const noted = Age(24 * time.Hour)

// poll looks for what could not have been asked so.
func (k *checker) poll(t *Thread) {
	ends := t.Ago - t.Poll.Lasts
	voted := map[string]bool{}
	for _, v := range t.Poll.Votes {
		if k.company.person(v.By) == nil || voted[v.By] || v.Ago >= t.Ago || v.Ago <= ends {
			k.problem("thread %q: %q votes", t.Key, v.By)
		}
		voted[v.By] = true
	}
	if o := t.Poll.Outcome; o != nil && (k.company.person(o.By) == nil || o.Ago >= ends-noted) {
		k.problem("thread %q: outcome by %q", t.Key, o.By)
	}
}

// tellPoll adds a poll to the story.
func (f *filler) tellPoll(t *Thread, tell func(Age, string, moving)) {
	asked := t.Poll
	soon := Age(time.Minute) // after it is begun
	tell(t.Ago-soon, t.Author+" asks something in "+t.Key, f.inThread(t, t.Author, models.PostComment, func(tx *models.Tx, thread *models.Thread) error {
		if err := tx.SavePoll(thread, asked.poll(tx.Now()), 0); err != nil {
			return err
		}
		return tx.Record(models.PollSaved, thread, map[string]any{"kind": asked.Kind, "anonymous": false})
	}))
	for _, v := range asked.Votes {
		tell(v.Ago, v.By+" votes in "+t.Key, f.inThread(t, v.By, models.CastBallot, func(tx *models.Tx, thread *models.Thread) error {
			_, poll, err := tx.LockPoll(thread.ID)
			if err == nil {
				_, err = tx.CastVote(thread, poll, v.Marks, "", 0)
			}
			if err != nil {
				return err
			}
			return tx.Record(models.PollVoted, thread, nil)
		}))
	}
	if ends := t.Ago - asked.Lasts; ends > 0 {
		tell(ends-noted, t.Key+" closes", f.closesPoll(t))
	}
	if o := asked.Outcome; o != nil {
		tell(o.Ago, o.By+" writes the outcome of "+t.Key, f.inThread(t, o.By, models.PostComment, func(tx *models.Tx, thread *models.Thread) error { return f.concludes(tx, thread, o) }))
	}
}

// poll is what is asked, from a time on.
func (a *Asked) poll(begun time.Time) *models.ThreadPoll {
	poll := &models.ThreadPoll{Kind: a.Kind, Question: a.Question, Results: a.Results, Quorum: a.Quorum, ClosesAt: begun.Add(time.Duration(a.Lasts))}
	for _, label := range a.Options {
		poll.Options = append(poll.Options, models.PollOption{Label: label})
	}
	for _, days := range a.Days {
		poll.Options = append(poll.Options, models.PollOption{Day: begun.AddDate(0, 0, days).Format(time.DateOnly)})
	}
	return poll
}

func (f *filler) closesPoll(t *Thread) moving {
	return func(ctx context.Context, db *models.DB) error {
		return db.Tx(ctx, nil, func(tx *models.Tx) error {
			thread, closed, err := tx.CloseDuePoll(f.threads[t.Key].ID)
			if err == nil && !closed {
				err = models.ErrConflict
			}
			if err != nil {
				return err
			}
			return tx.Record(models.PollClosed, thread, nil)
		})
	}
}

func (f *filler) concludes(tx *models.Tx, thread *models.Thread, o *Concluded) error {
	_, poll, err := tx.LockPoll(thread.ID)
	if err != nil {
		return err
	}
	rendered, err := text.Render(o.Body, text.Comment, nil)
	if err != nil {
		return err
	}
	if err := tx.WriteOutcome(thread, poll, &models.PollOutcome{Body: o.Body, HTML: rendered.HTML}, 0); err != nil {
		return err
	}
	return tx.Record(models.PollOutcomeWritten, thread, map[string]any{"number": 1})
}
