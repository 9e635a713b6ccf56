package ideas

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ruche/models"
)

// A form that makes something carries a number that is used once. Sent again, by a double click, a
// reload or a replay, it leads to what it made the first time.

// newOnce is the number of a form that is about to be shown.
func newOnce() string { return rand.Text() }

// onceLength is how long those numbers are at least; whoever sends a shorter one made it themselves.
const onceLength = 20

// onceKey is where a form's number is kept: by its hash, since a person can send anything as one.
func onceKey(once string) string { return "form:" + hash(once) }

func hash(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:])
}

func (in NewIdea) hash() string {
	texts := append([]string{in.Space, strconv.FormatInt(in.Campaign, 10), in.Title, in.Body}, in.Tags...)
	if in.Summary != "" {
		texts = append(texts, "summary", in.Summary)
	}
	for _, id := range slices.Sorted(maps.Keys(in.Answers.Texts)) {
		texts = append(texts, models.AnswerName(id), in.Answers.Texts[id])
	}
	return hash(texts...)
}

func (in NewComment) hash() string {
	return hash(strconv.FormatInt(in.Idea, 10), strconv.FormatInt(in.Parent, 10), in.Body)
}

// programs begins the number of what a program sends: it has nothing to do with the drafts of the person it acts for.
const programs = "api:"

// programKey is the number of a program's request with the given Idempotency-Key; empty without one.
func programKey(key string) string {
	if key == "" {
		return ""
	}
	return programs + key
}

// sent notes that a form has made the record with the given id, and forgets its draft; ErrConflict if
// the form was sent before. An empty once means that the record comes from elsewhere.
func sent(tx *models.Tx, form, once, hash string, id int64) error {
	if once == "" {
		return nil
	}
	if !strings.HasPrefix(once, programs) {
		if err := tx.DropDraft(tx.Actor().Person().ID, form); err != nil {
			return err
		}
	}
	claim := models.Answer{UserID: tx.Actor().ID, Key: onceKey(once), RequestHash: hash, Result: strconv.FormatInt(id, 10)}
	if tx.Actor().Masked() && form == newForm {
		var err error
		if claim.UserID, err = tx.FormsOfHidden(); err != nil {
			return err
		}
		claim.Key = hiddenKey(once, hash)
	}
	return tx.Claim(&claim)
}

// hiddenKey is onceKey for a form that made an idea of somebody hidden. Those of all are kept under one account: the text tells
// them apart as well, should two persons send the same number.
func hiddenKey(once, text string) string { return onceKey(once + "\x00" + text) }

// sentBefore finds the record that a form has made; ErrConflict if the form had another text then.
func (f *Ideas) sentBefore(ctx context.Context, actor *models.Actor, once, hash string) (id int64, err error) {
	answer, err := f.db.Answer(ctx, actor.ID, onceKey(once))
	if err != nil {
		return 0, fmt.Errorf("form sent before: %w", err)
	}
	if answer.RequestHash != hash {
		return 0, fmt.Errorf("form sent before with another text: %w", models.ErrConflict)
	}
	return strconv.ParseInt(answer.Result, 10, 64)
}
