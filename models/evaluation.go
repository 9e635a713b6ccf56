package models

import (
	"fmt"
	"time"
	"unicode/utf8"
)

// Evaluation is what one person says of one idea, from when it is given to them. Of whoever is erased it stays, without them.
type Evaluation struct {
	ID          int64
	CampaignID  int64
	IdeaID      int64
	UserID      *int64
	State       EvaluationState
	Answers     string // see Answers
	Note        string
	Reason      string   // why they are excluded, in their words
	Score       *float64 // from 0 to 1; nil: no criterion applied
	AssignedAt  time.Time
	SavedAt     *time.Time
	SubmittedAt *time.Time
	RevisedAt   *time.Time // after they could read the others
}

// EvaluationState says how far an evaluation is.
type EvaluationState string

// States of evaluations.
const (
	Assigned  EvaluationState = "assigned"
	Submitted EvaluationState = "submitted"
	Excluded  EvaluationState = "excluded" // by a conflict of interest
)

// Given are the answers of an evaluation.
func (e *Evaluation) Given() Answers {
	answers, err := readAnswers(e.Answers)
	if err != nil { // it is written by this file alone
		return Answers{}
	}
	return answers
}

// Judgement is what an evaluator writes.
type Judgement struct {
	Answers Answers
	Note    string // without more lines than it needs; the caller has cleaned it
	Version int    // of the scorecard that they were shown
}

// maxNote bounds a note and what evaluators say and ask, in characters.
const maxNote = 4000

// EvaluatesAt is nil while the ideas of a campaign can be evaluated, *NotNow otherwise: in its stage for that, and if it has
// none for as long as it is open.
func (c *Campaign) EvaluatesAt(now time.Time) error {
	stage := c.StageAt(now)
	switch {
	case c.PublishedAt == nil || stage == nil:
		return &NotNow{"campaigns.not_open"}
	case c.PausedAt != nil:
		return &NotNow{"campaigns.is_paused"}
	case stage.Kind == Closed, c.StageOfKind(Evaluate) != nil && stage.Kind != Evaluate:
		return &NotNow{"evaluations.not_now"}
	}
	return nil
}

// EvaluationOver tells whether the stage in which the ideas of a campaign are evaluated has passed, or all of it. A pause ends
// nothing.
func (c *Campaign) EvaluationOver(now time.Time) bool {
	stage, evaluate := c.StageAt(now), c.StageOfKind(Evaluate)
	return stage != nil && (stage.Kind == Closed || evaluate != nil && stage.Position > evaluate.Position)
}

// EvaluationDue is by when evaluations are to be in: the day that the scorecard says, or the end of the stage.
func (c *Campaign) EvaluationDue(card *Scorecard) *time.Time {
	if card.DueAt != nil {
		return card.DueAt
	}
	if stage := c.StageOfKind(Evaluate); stage != nil && stage.Position+1 < len(c.Stages) {
		return c.Stages[stage.Position+1].StartsAt
	}
	return nil
}

// LockEvaluation finds the actor's evaluation of an idea that they may read and are an evaluator of, with the campaign's
// scorecard, both held until the transaction ends.
func (tx *Tx) LockEvaluation(ideaID int64) (*Assessment, error) {
	idea, err := tx.Idea(tx.ctx, tx.actor, ideaID)
	if err != nil {
		return nil, err
	}
	if idea.State != Published || idea.CampaignID == nil {
		return nil, fmt.Errorf("evaluate idea %d: %w", ideaID, ErrNotFound)
	}
	if _, err := tx.LockScorecard(*idea.CampaignID); err != nil { // before what hangs on it is read
		return nil, err
	}
	return tx.assessment(tx.ctx, tx.actor, idea)
}

// SaveEvaluation keeps what an evaluator has written so far.
func (tx *Tx) SaveEvaluation(a *Assessment, words Judgement) error {
	if err := words.validate(a); err != nil {
		return err
	}
	text, err := words.Answers.text()
	if err != nil {
		return err
	}
	_, err = tx.exec("UPDATE evaluations SET answers = ?, note = ?, saved_at = ? WHERE id = ?", text, words.Note, tx.now, a.Own.ID)
	return err
}

// SubmitEvaluation hands an evaluation in: each criterion has a score, or does not apply. The first one of a campaign freezes
// its criteria. Once more changes it, which is told to whoever reads the scores.
func (tx *Tx) SubmitEvaluation(a *Assessment, words Judgement) error {
	if err := words.validate(a); err != nil {
		return err
	}
	for i := range a.Card.Criteria {
		c := &a.Card.Criteria[i]
		if _, answered := words.Answers[c.ID]; !answered {
			return Invalid{c.Field(): "evaluations.unanswered"}
		}
	}
	text, err := words.Answers.text()
	if err != nil {
		return err
	}
	own := a.Own
	if score, ok := Score(a.Card.Criteria, words.Answers); ok {
		own.Score = &score
	} else {
		own.Score = nil
	}
	if own.State == Submitted && (own.Answers != text || own.Note != words.Note) {
		own.RevisedAt = &tx.now
	} else if own.State == Assigned {
		own.SubmittedAt = &tx.now
	}
	own.State, own.Answers, own.Note = Submitted, text, words.Note
	_, err = tx.exec("UPDATE evaluations SET state = ?, answers = ?, note = ?, score = ?, saved_at = ?, submitted_at = ?, revised_at = ? WHERE id = ?",
		own.State, own.Answers, own.Note, own.Score, tx.now, own.SubmittedAt, own.RevisedAt, own.ID)
	if err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE scorecards SET frozen_at = ? WHERE campaign_id = ? AND frozen_at IS NULL", tx.now, a.Card.CampaignID); err != nil {
		return err
	}
	return tx.countResult(a.Card, a.Idea.ID)
}

// validate refuses scores that are none, and those by criteria that have changed since they were shown.
func (w *Judgement) validate(a *Assessment) error {
	switch {
	case !a.Evaluates():
		return fmt.Errorf("evaluate idea %d: %w", a.Idea.ID, ErrNotFound)
	case len(a.Card.Criteria) == 0:
		return Invalid{"evaluation": "evaluations.no_criteria"}
	case w.Version != a.Card.Version && a.Card.FrozenAt == nil:
		return Invalid{"evaluation": "evaluations.criteria_changed"}
	case utf8.RuneCountInString(w.Note) > maxNote:
		return Invalid{"note": "evaluations.note_long"}
	}
	known := map[int64]*Criterion{}
	for i := range a.Card.Criteria {
		known[a.Card.Criteria[i].ID] = &a.Card.Criteria[i]
	}
	for id, score := range w.Answers {
		c := known[id]
		if c == nil {
			return Invalid{"evaluation": "evaluations.criteria_changed"}
		}
		if score != nil && (*score < c.Lowest || *score > c.Highest) {
			return Invalid{c.Field(): "evaluations.score_invalid"}
		}
	}
	return nil
}

// Field is the name of the criterion's field in an evaluator's form.
func (c *Criterion) Field() string { return fmt.Sprintf("criterion_%d", c.ID) }

// Exclude takes an evaluator off an idea whom a conflict of interest keeps from judging it, and what they said of it with
// them. The idea wants another evaluator then.
func (tx *Tx) Exclude(a *Assessment, reason string) error {
	if utf8.RuneCountInString(reason) > maxQuestion {
		return Invalid{"reason": "evaluations.reason_long"}
	}
	return tx.exclude(a.Card, a.Own, reason)
}

func (tx *Tx) exclude(card *Scorecard, e *Evaluation, reason string) error {
	_, err := tx.exec("UPDATE evaluations SET state = 'excluded', reason = ?, answers = '', note = '', score = NULL, submitted_at = NULL, revised_at = NULL WHERE id = ?", reason, e.ID)
	if err != nil {
		return err
	}
	return tx.countResult(card, e.IdeaID)
}

// countResult stores what the evaluations of an idea that are in say together.
func (tx *Tx) countResult(card *Scorecard, ideaID int64) error {
	var scores []float64
	if err := tx.raw(tx.ctx, &scores, "SELECT score FROM evaluations WHERE idea_id = ? AND state = 'submitted' AND score IS NOT NULL ORDER BY id", ideaID); err != nil {
		return err
	}
	if len(scores) == 0 {
		_, err := tx.exec("DELETE FROM evaluation_results WHERE idea_id = ?", ideaID)
		return err
	}
	spread, enough := SpreadOf(scores), 0
	if spread.N >= card.Minimum {
		enough = 1
	}
	_, err := tx.exec(`INSERT INTO evaluation_results (idea_id, campaign_id, people, mean, deviation, bound, enough) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (idea_id) DO UPDATE SET people = excluded.people, mean = excluded.mean, deviation = excluded.deviation, bound = excluded.bound, enough = excluded.enough`,
		ideaID, card.CampaignID, spread.N, spread.Mean, spread.Deviation, spread.Bound(), enough)
	return err
}

// EvaluationPost is what an evaluator says to the others, or asks the author, and what the author answers.
type EvaluationPost struct {
	ID        int64
	IdeaID    int64
	UserID    *int64
	Kind      PostKind
	Body      string // plain text
	CreatedAt time.Time
}

// PostKind says to whom a post is.
type PostKind string

// Kinds of what is said around an evaluation.
const (
	EvaluatorMessage PostKind = "message"  // among evaluators
	AuthorQuestion   PostKind = "question" // to the author
	AuthorAnswer     PostKind = "answer"   // of the author
)

// maxEvaluationPosts bounds what is said about one idea.
const maxEvaluationPosts = 200

// PostInEvaluation adds what somebody says around an evaluation; a mistake is at the field with the name of its kind. The caller
// has cleaned it.
func (tx *Tx) PostInEvaluation(ideaID int64, kind PostKind, body string) error {
	if body == "" || utf8.RuneCountInString(body) > maxNote {
		return Invalid{string(kind): "evaluations.post_invalid"}
	}
	var n int
	if err := tx.raw(tx.ctx, &n, "SELECT count(*) FROM evaluation_posts WHERE idea_id = ?", ideaID); err != nil {
		return err
	}
	if n >= maxEvaluationPosts {
		return Invalid{string(kind): "evaluations.posts_many"}
	}
	author := tx.actorID()
	return tx.create(&EvaluationPost{IdeaID: ideaID, UserID: &author, Kind: kind, Body: body, CreatedAt: tx.now})
}

// NotifyOnce tells people something, unless they have not read yet that it is so.
func (tx *Tx) NotifyOnce(people []int64, kind Kind) error {
	if len(people) == 0 {
		return nil
	}
	_, err := tx.exec(`INSERT INTO house_notices (user_id, kind, created_at) SELECT u.id, ?, ? FROM users u
		WHERE u.id IN ? AND NOT EXISTS (SELECT 1 FROM house_notices h WHERE h.user_id = u.id AND h.kind = ? AND h.read_at IS NULL)`, kind, tx.now, people, kind)
	return err
}

// Signers are those who sign an idea.
func (tx *Tx) Signers(idea *Idea) (people []int64, err error) {
	err = tx.raw(tx.ctx, &people, "SELECT user_id FROM co_authors WHERE idea_id = ? AND state = 'joined' AND user_id <> ? ORDER BY user_id", idea.ID, idea.AuthorID)
	if err != nil {
		return nil, err
	}
	var author int64
	err = tx.one(tx.ctx, &author, "SELECT "+authorBehind+" FROM ideas i WHERE i.id = ?", idea.ID)
	return append(people, author), err
}

// Askers are the evaluators who asked the author of an idea something.
func (tx *Tx) Askers(ideaID int64) (people []int64, err error) {
	return people, tx.raw(tx.ctx, &people, `SELECT DISTINCT p.user_id FROM evaluation_posts p JOIN ideas i ON i.id = p.idea_id JOIN evaluators e ON e.user_id = p.user_id AND e.campaign_id = i.campaign_id
		WHERE p.idea_id = ? AND p.kind = 'question' ORDER BY p.user_id`, ideaID)
}
