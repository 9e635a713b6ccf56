package models

import "context"

// Answer is what came of a request that carried a key of its own, so that the same request sent
// again finds what it made instead of making it twice.
type Answer struct {
	UserID      int64
	Key         string
	RequestHash string // of what was asked, to notice another request under the same key
	Result      string // what was made, as the feature names it
}

// Answer returns what came of a person's key, ErrNotFound if it was not used.
func (q Queries) Answer(ctx context.Context, userID int64, key string) (*Answer, error) {
	answer := &Answer{}
	return answer, q.one(ctx, answer, "SELECT user_id, key, request_hash, result FROM idempotency_keys WHERE user_id = ? AND key = ?", userID, key)
}

// Claim notes what came of a key, in the transaction that made it: ErrConflict, if the key was
// used before, undoes the work.
func (tx *Tx) Claim(answer *Answer) error {
	changed, err := tx.exec(`INSERT INTO idempotency_keys (user_id, key, request_hash, result, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (user_id, key) DO NOTHING`, answer.UserID, answer.Key, answer.RequestHash, answer.Result, tx.now)
	if err == nil && changed == 0 {
		return ErrConflict
	}
	return err
}
