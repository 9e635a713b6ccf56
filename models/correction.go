package models

import (
	"context"
	"errors"
	"time"
)

// Correction is what somebody asks to have corrected of what is said of them, where it is not theirs to write. There is one at
// a time; it goes when it is answered.
type Correction struct {
	UserID    int64
	Wish      string
	CreatedAt time.Time
}

// CorrectionOf is what a person asks for, nil if nothing: to be seen by themselves and by those who look after people.
func (q Queries) CorrectionOf(ctx context.Context, actor *Actor, userID int64) (*Correction, error) {
	if actor.ID != userID && !actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	correction := &Correction{}
	err := q.one(ctx, correction, "SELECT * FROM corrections WHERE user_id = ?", userID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return correction, err
}

// AskCorrection notes what the actor wants corrected, in the place of what they asked for before. Those who look after people
// are told of the first.
func (tx *Tx) AskCorrection(wish string) error {
	wish = oneLine(wish)
	if wish == "" || !plainLine(wish) {
		return Invalid{"wish": "corrections.wish_invalid"}
	}
	before, err := tx.CorrectionOf(tx.ctx, tx.actor, tx.actor.ID)
	if err != nil {
		return err
	}
	_, err = tx.exec("INSERT INTO corrections (user_id, wish, created_at) VALUES (?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET wish = excluded.wish, created_at = excluded.created_at", tx.actor.ID, wish, tx.now)
	if err != nil || before != nil {
		return err
	}
	return tx.tellKeepers(NoticeCorrection)
}

// AnswerCorrection ends what a person asked for, and tells them; ErrNotFound if they ask for nothing any more.
func (tx *Tx) AnswerCorrection(userID int64) error {
	changed, err := tx.exec("DELETE FROM corrections WHERE user_id = ?", userID)
	if err == nil && changed == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return err
	}
	return tx.NotifyFromHouse(userID, NoticeCorrected)
}
