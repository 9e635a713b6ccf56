package models

import (
	"context"
	"time"
)

// Answer is what the API answered to a POST with an Idempotency-Key. Status is 0 while the first
// request is still being worked on.
type Answer struct {
	UserID      int64
	Key         string
	RequestHash string
	Status      int
	Headers     string // a JSON object
	Body        []byte
	CreatedAt   time.Time
}

// Answer returns the remembered answer to a person's key, ErrNotFound if there is none.
func (q Queries) Answer(ctx context.Context, userID int64, key string) (*Answer, error) {
	answer := &Answer{}
	return answer, q.one(ctx, answer, "SELECT * FROM idempotency_keys WHERE user_id = ? AND key = ?", userID, key)
}

// ClaimKey reserves a key for a request; ErrConflict if another request has it.
func (tx *Tx) ClaimKey(userID int64, key, requestHash string) error {
	changed, err := tx.exec(`INSERT INTO idempotency_keys (user_id, key, request_hash, created_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (user_id, key) DO NOTHING`, userID, key, requestHash, tx.now)
	if err == nil && changed == 0 {
		return ErrConflict
	}
	return err
}

// ClaimAnswered is ClaimKey and KeepAnswer in one, for work that is done when the key is claimed:
// ErrConflict then undoes it.
func (tx *Tx) ClaimAnswered(answer *Answer) error {
	changed, err := tx.exec(`INSERT INTO idempotency_keys (user_id, key, request_hash, status, headers, body, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (user_id, key) DO NOTHING`, answer.UserID, answer.Key, answer.RequestHash, answer.Status, answer.Headers, answer.Body, tx.now)
	if err == nil && changed == 0 {
		return ErrConflict
	}
	return err
}

// KeepAnswer remembers what a claimed key was answered.
func (tx *Tx) KeepAnswer(answer *Answer) error {
	_, err := tx.exec("UPDATE idempotency_keys SET status = ?, headers = ?, body = ? WHERE user_id = ? AND key = ?",
		answer.Status, answer.Headers, answer.Body, answer.UserID, answer.Key)
	return err
}

// DropKey gives a key free again after a request that changed nothing.
func (tx *Tx) DropKey(userID int64, key string) error {
	_, err := tx.exec("DELETE FROM idempotency_keys WHERE user_id = ? AND key = ?", userID, key)
	return err
}
