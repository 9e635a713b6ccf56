package models

import (
	"context"
	"slices"
	"time"
)

// SessionOrigin is the provider that somebody signed in through, and its token for signing out there; empty if by none.
func (db *DB) SessionOrigin(ctx context.Context, token string) (issuer, idToken string, err error) {
	var rows []struct{ Issuer, IDToken string }
	err = db.raw(ctx, &rows, "SELECT issuer, id_token FROM sessions WHERE token = ?", token)
	if len(rows) == 0 {
		return "", "", err
	}
	return rows[0].Issuer, rows[0].IDToken, err
}

// ClaimLogout notes that a provider's word about a sign-out has served; ErrConflict if it has before.
func (tx *Tx) ClaimLogout(issuer, id string, until time.Time) error {
	_, err := tx.exec("INSERT INTO logout_tokens (issuer, token, expires_at) VALUES (?, ?, ?)", issuer, hash(id), until)
	return err
}

// EndSessionsAtProvider ends the sessions of a subject of a provider, of a session there, or of both if both are named. It
// returns whose they were.
func (tx *Tx) EndSessionsAtProvider(issuer, subject, sid string) (users []int64, err error) {
	if issuer == "" || subject == "" && sid == "" {
		return nil, nil
	}
	where, args := "issuer = ? AND issuer <> '' AND user_id IS NOT NULL", []any{issuer}
	if subject != "" {
		where, args = where+" AND subject = ?", append(args, subject)
	}
	if sid != "" {
		where, args = where+" AND sid = ? AND sid <> ''", append(args, sid)
	}
	err = tx.raw(tx.ctx, &users, "DELETE FROM sessions WHERE "+where+" RETURNING user_id", args...)
	slices.Sort(users)
	return slices.Compact(users), err
}
