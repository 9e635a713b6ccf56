package models

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Amendment is another text that a reader proposes for an idea.
type Amendment struct {
	ID          int64
	IdeaID      int64
	AuthorID    int64
	AgreementID *int64 // under which somebody from outside wrote it
	Base        int    // the version of the idea that it started from
	Title       string
	Summary     string // empty leaves that of the idea
	Body        string // Markdown
	Reason      string
	State       AmendmentState
	Answer      string // a word of whoever decided
	DecidedBy   *int64
	DecidedAt   *time.Time
	Version     int    // of the idea, that it became; 0 for none
	BecameID    *int64 // the idea that it became once it was rejected
	CreatedAt   time.Time
}

// AmendmentState says what became of an amendment.
type AmendmentState string

// States of amendments.
const (
	AmendmentOpen      AmendmentState = "open"
	AmendmentAccepted  AmendmentState = "accepted"
	AmendmentRejected  AmendmentState = "rejected"
	AmendmentWithdrawn AmendmentState = "withdrawn"
)

// Bounds of amendments.
const (
	MaxOpenAmendments = 30  // of an idea
	MaxAmendmentWords = 500 // characters of the reason, and of the answer
)

// AmendmentCard is an amendment with the names of those it concerns.
type AmendmentCard struct {
	Amendment
	AuthorName  string
	AuthorRole  Role
	DeciderName string // empty while nobody has decided
	DeciderRole Role
}

// Path is the address of the amendment.
func (a *Amendment) Path() string { return fmt.Sprintf("/ideas/%d/amendments/%d", a.IdeaID, a.ID) }

// MayReadAmendment tells whether the actor may read the text of an amendment of an idea: all who read the idea may while it is
// open and when it was accepted, and else whoever wrote it and whoever writes the idea.
func (a *Actor) MayReadAmendment(idea *Idea, amendment *Amendment) bool {
	return amendment.State == AmendmentOpen || amendment.State == AmendmentAccepted || a.SignedIn() && amendment.AuthorID == a.ID || a.MayEdit(idea)
}

// MayAmend tells whether the actor may propose another text for an idea: who may write in its space, and does not write it.
func (a *Actor) MayAmend(idea *Idea) bool {
	return idea.State == Published && idea.Writer(a) != a.ID && a.Can(PostIdea, &Space{ID: idea.SpaceID})
}

// MayDecideAmendment tells whether the actor may accept or reject an amendment: who writes the idea and did not propose it.
// Nobody else may, not even moderators, since whoever proposed what is accepted signs the idea and sees all that its authors do.
func (a *Actor) MayDecideAmendment(idea *Idea, amendment *Amendment) bool {
	return a.SignedIn() && idea.Writer(a) == a.ID && a.MayEdit(idea) && amendment.AuthorID != a.ID
}

// MayWithdrawAmendment tells whether the actor may take an amendment back, as with a comment of theirs.
func (a *Actor) MayWithdrawAmendment(idea *Idea, amendment *Amendment) bool {
	return a.mayTakeBack(amendment.AuthorID, idea.SpaceID)
}

const amendmentCards = `SELECT a.*, u.name AS author_name, ` + standing + ` AS author_role, coalesce(d.name, '') AS decider_name, coalesce(d.role, '') AS decider_role
	FROM amendments a JOIN users u ON u.id = a.author_id JOIN ideas i ON i.id = a.idea_id LEFT JOIN users d ON d.id = a.decided_by WHERE a.idea_id = ?`

// Amendments lists what was proposed for an idea, newest first, before the given number (0 for the start). What was rejected or
// withdrawn is for whoever proposed it and for those who may edit the idea. The caller has loaded the idea as one that the
// actor may read.
func (q Queries) Amendments(ctx context.Context, actor *Actor, idea *Idea, before, limit int) (cards []AmendmentCard, err error) {
	if before == 0 {
		before = 1 << 30
	}
	return cards, q.raw(ctx, &cards, amendmentCards+" AND a.id < ? AND (a.state IN ('open', 'accepted') OR a.author_id = ? OR ?) ORDER BY a.id DESC LIMIT ?",
		idea.ID, before, actor.ID, actor.MayEdit(idea), limit)
}

// Amendment finds one of an idea, which the caller has loaded as one that the actor may read.
func (q Queries) Amendment(ctx context.Context, idea *Idea, id int64) (*AmendmentCard, error) {
	card := &AmendmentCard{}
	return card, q.one(ctx, card, amendmentCards+" AND a.id = ?", idea.ID, id)
}

// OpenAmendmentOf is the open one that somebody has proposed for an idea, nil if there is none.
func (q Queries) OpenAmendmentOf(ctx context.Context, idea *Idea, userID int64) (*Amendment, error) {
	var rows []Amendment
	err := q.raw(ctx, &rows, "SELECT * FROM amendments WHERE idea_id = ? AND author_id = ? AND state = 'open' ORDER BY id DESC LIMIT 1", idea.ID, userID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// ProposeAmendment stores another text for an idea, which must be locked. One from outside proposes it under the agreement
// that they have accepted. Each person has one open amendment of an idea.
func (tx *Tx) ProposeAmendment(idea *Idea, amendment *Amendment) (err error) {
	if amendment.Reason, err = words("reason", amendment.Reason); err != nil {
		return err
	}
	if amendment.Base < 1 || amendment.Base > idea.Version {
		return fmt.Errorf("amend idea %d from version %d: %w", idea.ID, amendment.Base, ErrConflict)
	}
	own, err := tx.OpenAmendmentOf(tx.ctx, idea, amendment.AuthorID)
	if err != nil {
		return err
	}
	if own != nil {
		return Invalid{"body": "amendments.one_open"}
	}
	var open int
	if err := tx.raw(tx.ctx, &open, "SELECT count(*) FROM amendments WHERE idea_id = ? AND state = 'open'", idea.ID); err != nil {
		return err
	}
	if open >= MaxOpenAmendments {
		return Invalid{"body": "amendments.too_many"}
	}
	if amendment.AgreementID, err = tx.underAgreement(idea.SpaceID); err != nil {
		return err
	}
	amendment.IdeaID, amendment.State, amendment.CreatedAt = idea.ID, AmendmentOpen, tx.now
	return tx.create(amendment)
}

// words checks the few words that go with an amendment or with its answer.
func words(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	if !readable(text) || utf8.RuneCountInString(text) > MaxAmendmentWords {
		return "", Invalid{field: "amendments." + field + "_invalid"}
	}
	return text, nil
}

// AcceptAmendment makes an amendment the next version of an idea, which must be locked and already has the new text. base is
// the version that whoever decides has seen. The version is that of whoever proposed it, who signs the idea from now on.
func (tx *Tx) AcceptAmendment(idea *Idea, amendment *Amendment, base int) error {
	if err := tx.EditIdea(idea, base); err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE idea_versions SET editor_id = ?, agreement_id = ? WHERE idea_id = ? AND number = ?", amendment.AuthorID, amendment.AgreementID, idea.ID, idea.Version); err != nil {
		return err
	}
	amendment.Version = idea.Version
	if err := tx.decideAmendment(amendment, AmendmentAccepted, ""); err != nil {
		return err
	}
	return tx.SignIdea(idea, amendment.AuthorID)
}

// RejectAmendment says no to an amendment, with a word.
func (tx *Tx) RejectAmendment(amendment *Amendment, answer string) error {
	answer, err := words("word", answer)
	if err != nil {
		return err
	}
	return tx.decideAmendment(amendment, AmendmentRejected, answer)
}

// WithdrawAmendment takes an amendment back.
func (tx *Tx) WithdrawAmendment(amendment *Amendment) error {
	return tx.decideAmendment(amendment, AmendmentWithdrawn, "")
}

func (tx *Tx) decideAmendment(amendment *Amendment, state AmendmentState, answer string) error {
	changed, err := tx.exec("UPDATE amendments SET state = ?, answer = ?, decided_by = ?, decided_at = ?, version = ? WHERE id = ? AND state = 'open'",
		state, answer, orNull(tx.actorID()), tx.now, amendment.Version, amendment.ID)
	if err == nil && changed == 0 {
		err = fmt.Errorf("amendment %d: %w", amendment.ID, ErrConflict)
	}
	return err
}

// AmendmentBecomes notes which idea a rejected amendment has become; ErrConflict if it has become one before.
func (tx *Tx) AmendmentBecomes(amendment *Amendment, idea *Idea) error {
	changed, err := tx.exec("UPDATE amendments SET became_id = ? WHERE id = ? AND state = 'rejected' AND became_id IS NULL", idea.ID, amendment.ID)
	if err == nil && changed == 0 {
		err = fmt.Errorf("idea of amendment %d: %w", amendment.ID, ErrConflict)
	}
	return err
}

// eraseAmendments takes the words of a person away. What became a version of an idea stays in its versions.
func (tx *Tx) eraseAmendments(userID int64) error {
	_, err := tx.exec("UPDATE amendments SET title = '–', summary = '', body = '', reason = '–', state = CASE WHEN state = 'open' THEN 'withdrawn' ELSE state END WHERE author_id = ? AND body <> ''", userID)
	if err == nil {
		_, err = tx.exec("UPDATE amendments SET answer = '' WHERE decided_by = ?", userID)
	}
	return err
}
