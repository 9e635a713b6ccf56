package projects

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"ruche/models"
)

// Once is the key of a program's request, which does its work once; empty for whoever has none. What it asks for is kept as a hash, to
// notice another request under the same key.
type Once struct{ key, hash string }

// newOnce is the key of a request that asks for something of a project.
func newOnce(key string, id int64, what ...any) Once {
	if key == "" {
		return Once{}
	}
	sum := sha256.New()
	_ = json.NewEncoder(sum).Encode(append([]any{id}, what...)) // texts, numbers and days, which are never refused, and a hash never fails
	return Once{"project:" + key, hex.EncodeToString(sum.Sum(nil))}
}

// claim notes what came of the request; ErrConflict if it came before.
func (o Once) claim(tx *models.Tx, id int64) error {
	if o.key == "" {
		return nil
	}
	return tx.Claim(&models.Answer{UserID: tx.Actor().ID, Key: o.key, RequestHash: o.hash, Result: strconv.FormatInt(id, 10)})
}

// doOnce does what a request asks for, unless it did so before; it returns the id of what was made. ErrConflict if the key came with
// another request.
func (f *Projects) doOnce(ctx context.Context, actor *models.Actor, o Once, do func() (int64, error)) (int64, error) {
	if o.key == "" {
		return do()
	}
	id, err := f.made(ctx, actor, o)
	if !errors.Is(err, models.ErrNotFound) {
		return id, err
	}
	id, wrong := do()
	if wrong == nil {
		return id, nil
	}
	if id, err = f.made(ctx, actor, o); errors.Is(err, models.ErrNotFound) { // nobody was quicker
		err = wrong
	}
	return id, err
}

// made is what the request made before.
func (f *Projects) made(ctx context.Context, actor *models.Actor, o Once) (int64, error) {
	answer, err := f.db.Answer(ctx, actor.ID, o.key)
	if err != nil {
		return 0, err
	}
	if answer.RequestHash != o.hash {
		return 0, fmt.Errorf("key used for another request: %w", models.ErrConflict)
	}
	return strconv.ParseInt(answer.Result, 10, 64)
}
