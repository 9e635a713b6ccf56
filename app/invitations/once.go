package invitations

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"ruche/models"
)

// errDone ends the use case of a request that came before, under the same key.
var errDone = errors.New("done before")

// once is a program's request that does its work once: its key, empty for what is no program's, and what it asked.
type once struct{ key, asked string }

func onceOf(kind, key string, asked ...any) once {
	if key == "" {
		return once{}
	}
	return once{kind + ":" + key, fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%q", asked)))}
}

// begin holds the actor until the transaction ends; errDone if the request came before.
func (o once) begin(tx *models.Tx) error {
	if o.key == "" {
		return nil
	}
	if _, err := tx.InvitedLately(0); err != nil {
		return err
	}
	_, err := tx.Answer(tx.Context(), tx.Actor().ID, o.key)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return nil
	case err == nil:
		return errDone
	}
	return err
}

// done notes what the request made.
func (o once) done(tx *models.Tx, made ...int64) error {
	if o.key == "" {
		return nil
	}
	ids := make([]string, len(made))
	for i, id := range made {
		ids[i] = strconv.FormatInt(id, 10)
	}
	return tx.Claim(&models.Answer{UserID: tx.Actor().ID, Key: o.key, RequestHash: o.asked, Result: strings.Join(ids, " ")})
}

// before is what the request made when it came first; ErrConflict if it asked for something else then.
func (f *Invitations) before(ctx context.Context, actor *models.Actor, o once) (made []int64, err error) {
	answer, err := f.web.DB.Answer(ctx, actor.ID, o.key)
	if err != nil {
		return nil, err
	}
	if answer.RequestHash != o.asked {
		return nil, fmt.Errorf("key used for something else: %w", models.ErrConflict)
	}
	for _, word := range strings.Fields(answer.Result) {
		id, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read what a key made: %w", err)
		}
		made = append(made, id)
	}
	return made, nil
}
