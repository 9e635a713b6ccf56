package models

import (
	"context"
	"time"
	"unicode/utf8"
)

// Passkey is a key that a person signs in with, held by their device. What is stored of it is public.
type Passkey struct {
	ID           int64
	UserID       int64
	CredentialID string // the device's name for it
	Credential   string // what its signatures are checked by, as the feature that does so wrote it
	Name         string // the person's name for it
	CreatedAt    time.Time
	UsedAt       *time.Time
	SuspectAt    *time.Time // its count went backwards: there may be a copy, so it opens nothing any more
}

func (k *Passkey) subject() (string, int64, int64) { return "passkey", k.ID, 0 }

// MaxPasskeys bounds the passkeys of one person.
const MaxPasskeys = 20

// AddPasskey adds a passkey of a person; ErrConflict if it is somebody's already.
func (tx *Tx) AddPasskey(key *Passkey) error {
	var count int
	if err := tx.raw(tx.ctx, &count, "SELECT count(*) FROM passkeys WHERE user_id = ?", key.UserID); err != nil {
		return err
	}
	if count >= MaxPasskeys {
		return Invalid{"passkey_name": "passkeys.too_many"}
	}
	if utf8.RuneCountInString(key.Name) > 100 || !readable(key.Name) {
		return Invalid{"passkey_name": "passkeys.name_invalid"}
	}
	key.CreatedAt = tx.now
	return tx.create(key)
}

// Passkeys are a person's passkeys, newest first.
func (q Queries) Passkeys(ctx context.Context, userID int64) (keys []Passkey, err error) {
	return keys, q.raw(ctx, &keys, "SELECT * FROM passkeys WHERE user_id = ? ORDER BY id DESC LIMIT ?", userID, MaxPasskeys)
}

// PasskeyOwner finds a passkey by the device's name for it, and whose it is; ErrNotFound if it is nobody's, or of someone
// who has left.
func (tx *Tx) PasskeyOwner(credentialID string) (*Passkey, *User, error) {
	key, user := &Passkey{}, &User{}
	if err := tx.one(tx.ctx, key, "SELECT * FROM passkeys WHERE credential_id = ?", credentialID); err != nil {
		return nil, nil, err
	}
	enters, now := tx.enters()
	return key, user, tx.one(tx.ctx, user, "SELECT u.* FROM users u WHERE u.id = ? AND "+enters, key.UserID, now)
}

// UsePasskey notes that a passkey signed someone in, with what the device counts.
func (tx *Tx) UsePasskey(id int64, credential string) error {
	_, err := tx.exec("UPDATE passkeys SET used_at = ?, credential = ? WHERE id = ?", tx.now, credential, id)
	return err
}

// SuspectPasskey notes that there may be a copy of a passkey.
func (tx *Tx) SuspectPasskey(id int64) error {
	_, err := tx.exec("UPDATE passkeys SET suspect_at = ? WHERE id = ?", tx.now, id)
	return err
}

// RemovePasskey takes one of a person's own passkeys away; ErrNotFound if it is not theirs.
func (tx *Tx) RemovePasskey(userID, id int64) error {
	changed, err := tx.exec("DELETE FROM passkeys WHERE id = ? AND user_id = ?", id, userID)
	if err == nil && changed == 0 {
		return ErrNotFound
	}
	return err
}

// KeepChallenge keeps what a device is asked to sign, and returns the secret by which it is found again.
func (tx *Tx) KeepChallenge(data string, valid time.Duration) (secret string, err error) {
	secret = newSecret()
	_, err = tx.exec("INSERT INTO passkey_challenges (token, data, expires_at) VALUES (?, ?, ?)", hash(secret), data, tx.now.Add(valid))
	return secret, err
}

// TakeChallenge returns what a device was asked to sign, once; ErrNotFound if it was taken before or is too old.
func (tx *Tx) TakeChallenge(secret string) (data string, err error) {
	var kept struct{ Data string }
	err = tx.one(tx.ctx, &kept, "DELETE FROM passkey_challenges WHERE token = ? AND expires_at > ? RETURNING data", hash(secret), tx.now)
	return kept.Data, err
}
