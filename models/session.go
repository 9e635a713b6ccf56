package models

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// LoginLink is a one-time link by which a person signs in; only the hash of its token is stored.
type LoginLink struct {
	Token     string
	UserID    int64
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// Session is one browser's way into the house.
type Session struct {
	Token     string // its hash
	UserID    int64  // 0 before sign-in
	Data      []byte
	ExpiresAt time.Time
	StartedAt time.Time
	SeenAt    time.Time
	Device    string // see web.Device
	// What the identity provider calls who signed in and their session there, by which it may end this one.
	Issuer, Subject, SID string
	IDToken              string // by which they sign out there
}

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
func (tx *Tx) UpdateSession(session *Session) error {
	_, err := tx.exec("UPDATE sessions SET user_id = ?, data = ?, expires_at = ?, seen_at = ? WHERE token = ?",
		orNull(session.UserID), session.Data, session.ExpiresAt.UTC(), tx.now, session.Token)
	return err
}

func valueOf(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}

func orNull(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// CreateSession stores a new session; its UserID is 0 before sign-in.
func (tx *Tx) CreateSession(s *Session) error {
	_, err := tx.exec(`INSERT INTO sessions (token, user_id, data, expires_at, started_at, seen_at, device, issuer, subject, sid, id_token) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.Token, orNull(s.UserID), s.Data, s.ExpiresAt.UTC(), tx.now, tx.now, s.Device, s.Issuer, s.Subject, s.SID, s.IDToken)
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

// keyLength is how much of a session's hash names it among those of its person.
const keyLength = 16

// SessionKey names a session in addresses and forms; it opens nothing.
func SessionKey(token string) string { return token[:min(keyLength, len(token))] }

// Key names the session in addresses and forms.
func (s *Session) Key() string { return SessionKey(s.Token) }

// MaxSessions is how many places a person sees that they are signed in at.
const MaxSessions = 100

// Sessions are the places where a person is signed in, the one used last first. Their data stays where it is.
func (q Queries) Sessions(ctx context.Context, userID int64) (sessions []Session, err error) {
	return sessions, q.raw(ctx, &sessions, `SELECT token, user_id, expires_at, started_at, seen_at, device, issuer FROM sessions
		WHERE user_id = ? AND expires_at > ? ORDER BY seen_at DESC, token LIMIT ?`, userID, q.present(), MaxSessions)
}

// EndSessionOf ends one of a person's sessions; ErrNotFound if they have none with that key.
func (tx *Tx) EndSessionOf(userID int64, key string) error {
	changed, err := tx.exec("DELETE FROM sessions WHERE user_id = ? AND substr(token, 1, ?) = ?", userID, keyLength, key)
	if err == nil && changed == 0 {
		return ErrNotFound
	}
	return err
}

// EndOtherSessions signs a person out everywhere but in the session with the given key, and returns in how many places.
func (tx *Tx) EndOtherSessions(userID int64, key string) (ended int64, err error) {
	return tx.exec("DELETE FROM sessions WHERE user_id = ? AND substr(token, 1, ?) <> ?", userID, keyLength, key)
}

// MeetDevice notes that a person signed in with a browser, known by the hash of its secret. It is a stranger if they have used
// others before and never this one.
func (tx *Tx) MeetDevice(userID int64, secret string) (stranger bool, err error) {
	var before struct{ Known, Others bool }
	key := hash(secret)
	err = tx.one(tx.ctx, &before, `SELECT EXISTS (SELECT 1 FROM devices WHERE user_id = ? AND key = ?) AS known,
		EXISTS (SELECT 1 FROM devices WHERE user_id = ? AND key <> ?) AS others`, userID, key, userID, key)
	if err == nil {
		_, err = tx.exec(`INSERT INTO devices (user_id, key, created_at, seen_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (user_id, key) DO UPDATE SET seen_at = excluded.seen_at`, userID, key, tx.now, tx.now)
	}
	return !before.Known && before.Others, err
}

// How long a browser that nobody signs in with is remembered, and a token that has ended is shown.
const (
	devicesKept = 365 * day
	tokensKept  = 30 * day
)

// jobsKept is how long those who left a job can see what became of it.
const jobsKept = 30 * 24 * time.Hour

// Sweep removes what has expired: sessions, sign-in links a day after their end, remembered API answers, browsers
// that nobody has used for long, and jobs and tokens that have ended long since.
func (tx *Tx) Sweep() error {
	yesterday := tx.now.Add(-day)
	if _, err := tx.exec("DELETE FROM devices WHERE seen_at < ?", tx.now.Add(-devicesKept)); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM tokens WHERE expires_at < ?", tx.now.Add(-tokensKept)); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM passport_links WHERE expires_at < ?", tx.now); err != nil {
		return err
	}
	if err := tx.sweepGroups(); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM sessions WHERE expires_at < ?", tx.now); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM jobs WHERE finished_at < ?", tx.now.Add(-jobsKept)); err != nil {
		return err
	}
	if err := tx.sweepProofs(); err != nil {
		return err
	}
	if err := tx.sweepSignIn(); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM idempotency_keys WHERE created_at < ?", yesterday); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM passkey_challenges WHERE expires_at < ?", tx.now); err != nil {
		return err
	}
	_, err := tx.exec("DELETE FROM login_links WHERE expires_at < ?", yesterday)
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
	enters, now := db.enters()
	return user, db.one(ctx, user, `SELECT u.* FROM users u JOIN login_links l ON l.user_id = u.id
		WHERE l.token = ? AND l.used_at IS NULL AND l.expires_at > ? AND `+enters, hash(secret), now, now)
}

// refusalQuiet is how long nothing more is said of links of the same person that do not serve.
const refusalQuiet = time.Hour

// SpentLinkUser returns whose a link was that serves no more; ErrNotFound if it is nobody's, or if that it was tried has
// been noted just now.
func (tx *Tx) SpentLinkUser(secret string) (*User, error) {
	user := &User{}
	return user, tx.one(tx.ctx, user, `SELECT u.* FROM users u JOIN login_links l ON l.user_id = u.id WHERE l.token = ?
		AND NOT EXISTS (SELECT 1 FROM events e WHERE e.security AND e.subject = 'user' AND e.subject_id = u.id AND e.verb = ? AND e.at > ?)`,
		hash(secret), SignInRefused, tx.now.Add(-refusalQuiet))
}

// SpendLoginLinks ends every one-time link of a person: once somebody is in, or has a say over others, no link that was handed
// to somebody else may open their account.
func (tx *Tx) SpendLoginLinks(userID int64) error {
	_, err := tx.exec("UPDATE login_links SET used_at = ? WHERE user_id = ? AND used_at IS NULL", tx.now, userID)
	return err
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
	enters, now := tx.enters()
	return user, tx.one(tx.ctx, user, "SELECT u.* FROM users u JOIN login_links l ON l.user_id = u.id WHERE l.token = ? AND "+enters, hash(secret), now)
}
