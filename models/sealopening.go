package models

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// OpeningState says how far the opening of a seal has come.
type OpeningState string

// States of openings.
const (
	OpeningAsked    OpeningState = "asked"
	OpeningDeclined OpeningState = "declined"
	OpeningTaken    OpeningState = "withdrawn" // taken back by whoever asked
	OpeningExpired  OpeningState = "expired"   // nobody answered in time
	OpeningOpened   OpeningState = "opened"
	OpeningNobody   OpeningState = "nobody" // opened, and there was nobody to name: the account is gone, or is of one of the two
)

// Bounds of openings: how long a request waits, how long the name is shown, and how long a reason is.
const (
	OpeningWaits   = 7 * day
	OpeningShown   = 3 * day
	minOpenReason  = 10
	MaxOpenReason  = 500
	shownOpenings  = 50
	openingsTidied = 1000
)

// SealOpening is that one keeper asks to open a seal, and what became of it.
type SealOpening struct {
	ID         int64
	IdeaID     int64
	AskedBy    int64
	AskedKey   int64
	AnsweredBy *int64
	OtherKey   int64
	Reason     string
	State      OpeningState
	Half       string // the identity encrypted for the other key, as long as the request waits
	ForAsker   string // and for each of the two, as long as the name is shown
	ForOther   string
	ToldID     *int64 // the author, who is told
	AskedAt    time.Time
	AnsweredAt *time.Time
	EndsAt     time.Time
}

// WaitsAt tells whether the other keeper can still answer.
func (o *SealOpening) WaitsAt(now time.Time) bool {
	return o.State == OpeningAsked && o.EndsAt.After(now)
}

// ShownAt tells whether the two can still look who it is.
func (o *SealOpening) ShownAt(now time.Time) bool {
	return o.State == OpeningOpened && o.EndsAt.After(now)
}

// StateAt is the state, for which nobody has to have come by when the time is over.
func (o *SealOpening) StateAt(now time.Time) OpeningState {
	if o.State == OpeningAsked && !o.WaitsAt(now) {
		return OpeningExpired
	}
	return o.State
}

// OpeningCard is an opening as the two keepers and the author see it.
type OpeningCard struct {
	SealOpening
	Title     string
	Lang      string
	SpaceID   int64
	MaskID    int64
	IdeaState State
	AskerName string
	OtherID   int64 // 0: the key is gone
	OtherName string
	AskerID   int64 // who has the key of the request now, 0 if it is gone
	AskerFor  string
	OtherFor  string
}

// Path is the address of the idea.
func (c *OpeningCard) Path() string { return (&Idea{ID: c.IdeaID, Title: c.Title}).Path() }

func (c *OpeningCard) subject() (string, int64, int64) { return "idea", c.IdeaID, c.SpaceID }

// Mine is the key of the opening that is the person's, 0 for none, and what lies there for it.
func (c *OpeningCard) Mine(userID int64) (keyID int64, found string) {
	switch userID {
	case c.AskerID:
		return c.AskedKey, c.ForAsker
	case c.OtherID:
		return c.OtherKey, c.ForOther
	}
	return 0, ""
}

// openings joins what the cards of openings say.
const openings = `SELECT o.*, i.title, i.lang, i.space_id, i.author_id AS mask_id, i.state AS idea_state, a.name AS asker_name,
	coalesce(ak.user_id, 0) AS asker_id, coalesce(ak.recipient, '') AS asker_for, coalesce(ok.user_id, 0) AS other_id, coalesce(ok.recipient, '') AS other_for, coalesce(x.name, '') AS other_name
	FROM seal_openings o JOIN ideas i ON i.id = o.idea_id JOIN users a ON a.id = o.asked_by LEFT JOIN seal_keys ak ON ak.id = o.asked_key
	LEFT JOIN seal_keys ok ON ok.id = o.other_key LEFT JOIN users x ON x.id = coalesce(o.answered_by, ok.user_id) `

// SealOpenings are those that the actor asks for or has to answer, in spaces that they see, newest first.
func (q Queries) SealOpenings(ctx context.Context, actor *Actor) (cards []OpeningCard, err error) {
	seen, list := q.visible(actor, "i.space_id")
	return cards, q.raw(ctx, &cards, openings+`WHERE o.id IN (
			SELECT id FROM seal_openings WHERE asked_key IN (SELECT id FROM seal_keys WHERE user_id = ?)
			UNION SELECT id FROM seal_openings WHERE other_key IN (SELECT id FROM seal_keys WHERE user_id = ?))
		AND `+seen+" ORDER BY o.id DESC LIMIT ?", actor.ID, actor.ID, list, shownOpenings)
}

// ToldOpenings are the openings of seals that named the actor, newest first.
func (q Queries) ToldOpenings(ctx context.Context, actor *Actor) (cards []OpeningCard, err error) {
	return cards, q.raw(ctx, &cards, openings+"WHERE o.told_id = ? ORDER BY o.id DESC LIMIT ?", actor.ID, shownOpenings)
}

// SealOpening finds an opening of which the actor is one of the two, of an idea in a space that they see.
func (q Queries) SealOpening(ctx context.Context, actor *Actor, id int64) (*OpeningCard, error) {
	return q.sealOpening(ctx, actor, id, "")
}

// LockOpening is SealOpening, which nobody else changes until the transaction ends.
func (tx *Tx) LockOpening(id int64) (*OpeningCard, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE OF o"
	}
	return tx.sealOpening(tx.ctx, tx.actor, id, lock)
}

func (q Queries) sealOpening(ctx context.Context, actor *Actor, id int64, lock string) (*OpeningCard, error) {
	seen, list := q.visible(actor, "i.space_id")
	card := &OpeningCard{}
	err := q.one(ctx, card, openings+"WHERE o.id = ? AND (ak.user_id = ? OR ok.user_id = ?) AND "+seen+lock, id, actor.ID, actor.ID, list)
	if err != nil {
		return nil, fmt.Errorf("opening %d of a seal: %w", id, err)
	}
	return card, nil
}

// CheckOpenReason tidies the reason to open a seal: what the other keeper decides by, and what the author reads.
func CheckOpenReason(reason string) (string, error) {
	if reason = oneLine(reason); !fits(reason, MaxOpenReason) || len([]rune(reason)) < minOpenReason {
		return "", Invalid{"reason": "seals.reason_invalid"}
	}
	return reason, nil
}

// AskOpening asks the other holder of a seal to open it together; half is what is left of the seal without the encryption for the
// holder at a place, who asks. Of one idea one request waits at a time: else ErrConflict.
func (tx *Tx) AskOpening(seal *SealedIdea, place int, half, reason string) (*SealOpening, error) {
	mine, other := seal.Holders[place], seal.Holders[1-place]
	opening := &SealOpening{
		IdeaID: seal.ID, AskedBy: tx.actorID(), AskedKey: mine.KeyID, OtherKey: other.KeyID, Reason: reason, State: OpeningAsked, Half: half, AskedAt: tx.now, EndsAt: tx.now.Add(OpeningWaits),
	}
	return opening, tx.create(opening)
}

// EndOpening ends a locked request that waits without opening anything: ErrConflict if it waits no more.
func (tx *Tx) EndOpening(card *OpeningCard, state OpeningState) error {
	if !card.WaitsAt(tx.now) {
		return fmt.Errorf("opening %d ends as %s: %w", card.ID, state, ErrConflict)
	}
	card.State, card.Half, card.EndsAt, card.AnsweredAt = state, "", tx.now, &tx.now
	var by *int64
	if card.OtherID == tx.actorID() {
		by = &card.OtherID
	}
	_, err := tx.exec("UPDATE seal_openings SET state = ?, half = '', ends_at = ?, answered_at = ?, answered_by = ? WHERE id = ?", state, tx.now, tx.now, by, card.ID)
	return err
}

// OpenSeal takes the last encryption off for the other holder of a locked request, who acts, and tells who it is: for the two as long
// as it is shown, and the author that it was opened. Nobody is named whose account is gone, or who is one of the two: nil then.
func (tx *Tx) OpenSeal(card *OpeningCard, opener *SealOpener) (*User, error) {
	if !card.WaitsAt(tx.now) || card.AskerID == 0 || card.OtherID != tx.actorID() || card.AskerID == card.OtherID {
		return nil, fmt.Errorf("open the seal of idea %d: %w", card.IdeaID, ErrConflict)
	}
	plain, err := opener.open(card.Half)
	if err != nil {
		return nil, err
	}
	author, err := tx.sealedPerson(tx.ctx, plain, card.MaskID)
	if errors.Is(err, ErrNotFound) || err == nil && (author.ID == card.AskerID || author.ID == card.OtherID) {
		return nil, tx.EndOpening(card, OpeningNobody)
	}
	if err != nil {
		return nil, err
	}
	forAsker, err := sealFor(card.AskerFor, plain)
	if err != nil {
		return nil, err
	}
	forOther, err := sealFor(card.OtherFor, plain)
	if err != nil {
		return nil, err
	}
	card.State, card.EndsAt = OpeningOpened, tx.now.Add(OpeningShown)
	_, err = tx.exec("UPDATE seal_openings SET state = ?, half = '', for_asker = ?, for_other = ?, told_id = ?, answered_by = ?, answered_at = ?, ends_at = ? WHERE id = ?",
		card.State, forAsker, forOther, author.ID, tx.actorID(), tx.now, card.EndsAt, card.ID)
	if err != nil {
		return nil, err
	}
	return author, tx.NotifyFromHouse(author.ID, NoticeSealOpened)
}

// OpenedPerson is who an opening has named, for one of the two, whose key has been opened: ErrConflict if it is shown no more.
func (tx *Tx) OpenedPerson(card *OpeningCard, opener *SealOpener) (*User, error) {
	_, found := card.Mine(tx.actorID())
	if !card.ShownAt(tx.now) || found == "" {
		return nil, fmt.Errorf("opening %d is shown: %w", card.ID, ErrConflict)
	}
	plain, err := opener.open(found)
	if err != nil {
		return nil, err
	}
	return tx.sealedPerson(tx.ctx, plain, card.MaskID)
}

// TidyOpenings ends requests that nobody has answered in time, which it returns, and forgets the names whose time is over.
func (tx *Tx) TidyOpenings() (expired []OpeningCard, err error) {
	err = tx.raw(tx.ctx, &expired, openings+"WHERE o.state = 'asked' AND o.ends_at <= ? ORDER BY o.id LIMIT ?", tx.now, openingsTidied)
	if err != nil {
		return nil, err
	}
	_, err = tx.exec(`UPDATE seal_openings SET state = CASE WHEN state = 'asked' THEN 'expired' ELSE state END, half = '', for_asker = '', for_other = ''
		WHERE ends_at <= ? AND (half <> '' OR for_asker <> '')`, tx.now)
	return expired, err
}
