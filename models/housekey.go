package models

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"time"
)

// HouseKey is a pair of keys (Ed25519) with which the house signs what people take away, both in base 64.
type HouseKey struct {
	ID         int64
	PublicKey  string
	PrivateKey string
	CreatedAt  time.Time
}

// maxHouseKeys bounds those that are looked through.
const maxHouseKeys = 100

// Sign signs bytes with the key.
func (k *HouseKey) Sign(message []byte) (string, error) {
	private, err := base64.StdEncoding.DecodeString(k.PrivateKey)
	if err != nil || len(private) != ed25519.PrivateKeySize {
		return "", fmt.Errorf("key %d of the house is damaged", k.ID)
	}
	return base64.StdEncoding.EncodeToString(ed25519.Sign(private, message)), nil
}

// SigningKey is the key that signs now. It is made when something is signed for the first time.
func (db *DB) SigningKey(ctx context.Context) (*HouseKey, error) {
	key := &HouseKey{}
	err := db.one(ctx, key, "SELECT * FROM house_keys ORDER BY id DESC LIMIT 1")
	if !errors.Is(err, ErrNotFound) {
		return key, err
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	key = &HouseKey{PublicKey: base64.StdEncoding.EncodeToString(public), PrivateKey: base64.StdEncoding.EncodeToString(private)}
	err = db.Tx(ctx, nil, func(tx *Tx) error {
		key.CreatedAt = tx.now
		return tx.create(key)
	})
	if err != nil {
		return nil, fmt.Errorf("make a key for the house: %w", err)
	}
	return key, nil
}

// PublicKeys are the public halves of the keys of the house, the newest first.
func (q Queries) PublicKeys(ctx context.Context) (keys []string, err error) {
	return keys, q.raw(ctx, &keys, "SELECT public_key FROM house_keys ORDER BY id DESC LIMIT ?", maxHouseKeys)
}
