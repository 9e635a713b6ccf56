package models

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"
	"unicode/utf8"
)

// LoginLink is a one-time link by which a person signs in; only the hash of its token is stored.
type LoginLink struct {
	Token     string
	UserID    int64
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// Token is a person's key to the API; only its hash is stored.
type Token struct {
	ID        int64
	UserID    int64
	Name      string
	Hash      string
	CreatedAt time.Time
	UsedAt    *time.Time
}

func (t *Token) subject() (string, int64, int64) { return "token", t.ID, 0 }

// newSecret returns a random token of 256 bits.
func newSecret() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails, see crypto/rand
	return hex.EncodeToString(raw)
}

// hash is what is stored of a secret. The secrets are random, so a fast hash is enough.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Session returns the data of a session that has not expired; found is false if there is none.
func (db *DB) Session(ctx context.Context, token string) (data []byte, found bool, err error) {
	var rows [][]byte
	err = db.raw(ctx, &rows, "SELECT data FROM sessions WHERE token = ? AND expires_at > ?", token, db.present())
	if len(rows) == 0 {
		return nil, false, err
	}
	return rows[0], true, err
}

// UpdateSession stores a session again, unless it has been ended meanwhile.
func (tx *Tx) UpdateSession(token string, userID int64, data []byte, expires time.Time) error {
	_, err := tx.exec("UPDATE sessions SET user_id = ?, data = ?, expires_at = ? WHERE token = ?", orNull(userID), data, expires.UTC(), token)
	return err
}

func orNull(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// SaveSession stores a session; userID is 0 before sign-in.
func (tx *Tx) SaveSession(token string, userID int64, data []byte, expires time.Time) error {
	_, err := tx.exec(`INSERT INTO sessions (token, user_id, data, expires_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (token) DO UPDATE SET user_id = excluded.user_id, data = excluded.data, expires_at = excluded.expires_at`,
		token, orNull(userID), data, expires.UTC())
	return err
}

// EndSession removes one session.
func (tx *Tx) EndSession(token string) error {
	_, err := tx.exec("DELETE FROM sessions WHERE token = ?", token)
	return err
}

// EndSessions signs a person out everywhere.
func (tx *Tx) EndSessions(userID int64) error {
	_, err := tx.exec("DELETE FROM sessions WHERE user_id = ?", userID)
	return err
}

// CountSessions is the number of places where a person is signed in.
func (db *DB) CountSessions(ctx context.Context, userID int64) (n int, err error) {
	return n, db.raw(ctx, &n, "SELECT count(*) FROM sessions WHERE user_id = ? AND expires_at > ?", userID, db.present())
}

// jobsKept is how long those who left a job can see what became of it.
const jobsKept = 30 * 24 * time.Hour

// Sweep removes what has expired: sessions, sign-in links a day after their end, remembered API answers and
// jobs that have ended long since.
func (tx *Tx) Sweep() error {
	day := tx.now.Add(-24 * time.Hour)
	if err := tx.sweepGroups(); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM sessions WHERE expires_at < ?", tx.now); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM jobs WHERE finished_at < ?", tx.now.Add(-jobsKept)); err != nil {
		return err
	}
	if err := tx.sweepSignIn(); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM idempotency_keys WHERE created_at < ?", day); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM passkey_challenges WHERE expires_at < ?", tx.now); err != nil {
		return err
	}
	_, err := tx.exec("DELETE FROM login_links WHERE expires_at < ?", day)
	return err
}

// CreateLoginLink returns the secret of a new one-time link that serves for the given time.
func (tx *Tx) CreateLoginLink(userID int64, valid time.Duration) (secret string, err error) {
	secret = newSecret()
	return secret, tx.create(&LoginLink{Token: hash(secret), UserID: userID, ExpiresAt: tx.now.Add(valid)})
}

// OpenLinks is the number of one-time links of a person that would still serve.
func (tx *Tx) OpenLinks(userID int64) (n int, err error) {
	return n, tx.raw(tx.ctx, &n, "SELECT count(*) FROM login_links WHERE user_id = ? AND used_at IS NULL AND expires_at > ?", userID, tx.now)
}

// LoginLinkUser returns whom a link would sign in, without using it up: mail scanners open links too.
// ErrNotFound if it would serve nobody.
func (db *DB) LoginLinkUser(ctx context.Context, secret string) (*User, error) {
	user := &User{}
	here, now := db.here()
	return user, db.one(ctx, user, `SELECT u.* FROM users u JOIN login_links l ON l.user_id = u.id
		WHERE l.token = ? AND l.used_at IS NULL AND l.expires_at > ? AND `+here, hash(secret), now, now)
}

// UseLoginLink spends a one-time link and returns whose it is; ErrNotFound if it is unknown, used or too old.
func (tx *Tx) UseLoginLink(secret string) (*User, error) {
	changed, err := tx.exec("UPDATE login_links SET used_at = ? WHERE token = ? AND used_at IS NULL AND expires_at > ?", tx.now, hash(secret), tx.now)
	if err != nil {
		return nil, err
	}
	if changed == 0 {
		return nil, ErrNotFound
	}
	user := &User{}
	here, now := tx.here()
	return user, tx.one(tx.ctx, user, "SELECT u.* FROM users u JOIN login_links l ON l.user_id = u.id WHERE l.token = ? AND "+here, hash(secret), now)
}

// MaxTokens bounds the API tokens of one person.
const MaxTokens = 50

// CreateToken returns the secret of a new API token; it cannot be read again.
func (tx *Tx) CreateToken(userID int64, name string) (secret string, token *Token, err error) {
	var count int
	if err := tx.raw(tx.ctx, &count, "SELECT count(*) FROM tokens WHERE user_id = ?", userID); err != nil {
		return "", nil, err
	}
	if count >= MaxTokens {
		return "", nil, Invalid{"name": "tokens.too_many"}
	}
	if utf8.RuneCountInString(name) > 100 || !readable(name) {
		return "", nil, Invalid{"name": "tokens.name_invalid"}
	}
	secret = "ruche_" + newSecret()
	token = &Token{UserID: userID, Name: name, Hash: hash(secret), CreatedAt: tx.now}
	return secret, token, tx.create(token)
}

// Tokens are a person's API tokens, newest first.
func (q Queries) Tokens(ctx context.Context, userID int64) (tokens []Token, err error) {
	return tokens, q.raw(ctx, &tokens, "SELECT * FROM tokens WHERE user_id = ? ORDER BY id DESC LIMIT ?", userID, MaxTokens)
}

// RevokeToken ends one of a person's own tokens.
func (tx *Tx) RevokeToken(userID, id int64) error {
	changed, err := tx.exec("DELETE FROM tokens WHERE id = ? AND user_id = ?", id, userID)
	if err == nil && changed == 0 {
		return ErrNotFound
	}
	return err
}

// UserByToken returns whose API token a secret is, ErrNotFound if nobody's or of someone who has left.
func (q Queries) UserByToken(ctx context.Context, secret string) (userID int64, token *Token, err error) {
	token = &Token{}
	here, now := q.here()
	err = q.one(ctx, token, "SELECT t.* FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.hash = ? AND "+here, hash(secret), now)
	return token.UserID, token, err
}

// TouchToken notes that a token was used.
func (tx *Tx) TouchToken(id int64) error {
	_, err := tx.exec("UPDATE tokens SET used_at = ? WHERE id = ?", tx.now, id)
	return err
}
