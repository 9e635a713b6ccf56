package writing

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"ruche/models"
)

// A form that makes something carries a number that is used once. Sent again, by a double click, a
// reload or a replay, it leads to what it made the first time.

// NewOnce is the number of a form that is about to be shown.
func NewOnce() string { return rand.Text() }

// onceLength is how long those numbers are at least; whoever sends a shorter one made it themselves.
const onceLength = 20

// programs begins the number of what a program sends: it has nothing to do with the drafts of the person it acts for.
const programs = "api:"

// ProgramKey is the number of a program's request with the given Idempotency-Key; empty without one.
func ProgramKey(key string) string {
	if key == "" {
		return ""
	}
	return programs + key
}

// Ours tells whether a number is one of a form that we have shown: a program chooses numbers of its own.
func Ours(once string) bool { return len(once) >= onceLength && !strings.HasPrefix(once, programs) }

// OnceKey is where a form's number is kept: by its hash, since a person can send anything as one.
func OnceKey(once string) string { return "form:" + Hash(once) }

// HiddenKey is OnceKey for a form that made an idea of somebody hidden. Those of all are kept under one account: the text tells
// them apart as well, should two persons send the same number.
func HiddenKey(once, text string) string { return OnceKey(once + "\x00" + text) }

// Hash is what tells whether a form had the same text when it was sent before.
func Hash(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// Sent notes that a form has made the record with the given id, and forgets its draft; ErrConflict if
// the form was sent before. An empty once means that the record comes from elsewhere.
func Sent(tx *models.Tx, form, once, hash string, id int64) error {
	return sent(tx, form, once, models.Answer{UserID: tx.Actor().ID, Key: OnceKey(once), RequestHash: hash, Result: strconv.FormatInt(id, 10)})
}

// SentHidden is Sent for a form by which somebody has just hidden.
func SentHidden(tx *models.Tx, form, once, hash string, id int64) error {
	keeper, err := tx.FormsOfHidden()
	if err != nil {
		return err
	}
	return sent(tx, form, once, models.Answer{UserID: keeper, Key: HiddenKey(once, hash), RequestHash: hash, Result: strconv.FormatInt(id, 10)})
}

func sent(tx *models.Tx, form, once string, claim models.Answer) error {
	if once == "" {
		return nil
	}
	if !strings.HasPrefix(once, programs) {
		if err := tx.DropDraft(tx.Actor().Person().ID, form); err != nil {
			return err
		}
	}
	return tx.Claim(&claim)
}

// SentBefore finds the record that a form has made; ErrConflict if the form had another text then.
func (w *Writing) SentBefore(ctx context.Context, actor *models.Actor, once, hash string) (id int64, err error) {
	answer, err := w.db.Answer(ctx, actor.ID, OnceKey(once))
	if err != nil {
		return 0, fmt.Errorf("form sent before: %w", err)
	}
	if answer.RequestHash != hash {
		return 0, fmt.Errorf("form sent before with another text: %w", models.ErrConflict)
	}
	return strconv.ParseInt(answer.Result, 10, 64)
}
