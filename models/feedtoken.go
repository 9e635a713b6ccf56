package models

import (
	"context"
	"errors"
	"time"
)

// FeedToken is what stands in the addresses of a person's feeds: whoever has it reads feeds as that person does, and can do nothing else.
// Each person has one; only its hash is stored.
type FeedToken struct {
	UserID    int64 `gorm:"primaryKey"`
	Hash      string
	CreatedAt time.Time
}

// feedPrefix lets secret scanners and people see what the secret is.
const feedPrefix = tokenPrefix + "feed_"

// MakeFeedToken gives the actor a token for their feeds in the place of the one they had, and returns its secret, which cannot be read
// again. A program has none.
func (tx *Tx) MakeFeedToken() (secret string, err error) {
	user, err := tx.lockHere(tx.actorID())
	if err != nil {
		return "", err
	}
	if user.Service {
		return "", ErrForbidden
	}
	secret = feedPrefix + newSecret()
	_, err = tx.exec(`INSERT INTO feed_tokens (user_id, hash, created_at) VALUES (?, ?, ?)
		ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, created_at = excluded.created_at`, user.ID, hash(secret), tx.now)
	return secret, err
}

// EndFeedToken ends the actor's token; was is false where they had none.
func (tx *Tx) EndFeedToken() (was bool, err error) {
	changed, err := tx.exec("DELETE FROM feed_tokens WHERE user_id = ?", tx.actorID())
	return changed > 0, err
}

// FeedToken is the one that the actor has, nil for none.
func (q Queries) FeedToken(ctx context.Context, actor *Actor) (*FeedToken, error) {
	token := &FeedToken{}
	err := q.one(ctx, token, "SELECT * FROM feed_tokens WHERE user_id = ?", actor.Person().ID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return token, err
}

// FeedReader is who reads feeds with a secret, with all that they may see; ErrNotFound if it is nobody's, or of somebody who could not
// sign in themselves.
func (q Queries) FeedReader(ctx context.Context, secret string) (*Actor, error) {
	var id int64
	enters, now := q.enters()
	if err := q.one(ctx, &id, "SELECT u.id FROM feed_tokens t JOIN users u ON u.id = t.user_id WHERE t.hash = ? AND "+enters, hash(secret), now); err != nil {
		return nil, err
	}
	return q.ActorByID(ctx, id)
}
