package models

import (
	"context"
	"encoding/json"
	"regexp"
	"time"
)

// Draft is what a person has written in a form and not sent yet.
type Draft struct {
	UserID  int64
	Form    string // such as "idea/new" or "idea/7/comment"
	Fields  Fields
	SavedAt time.Time
}

// Fields are a form's fields and what stands in them.
type Fields map[string]string

// draftForm is what a draft's name looks like.
var draftForm = regexp.MustCompile(`^[a-z]+(/[a-z0-9]+){1,3}$`)

// Bounds of drafts: bytes of one, and drafts of one person.
const (
	maxDraft  = 200_000
	maxDrafts = 100
)

// Draft returns a person's draft of a form, nil if there is none.
func (q Queries) Draft(ctx context.Context, userID int64, form string) (*Draft, error) {
	var rows []struct {
		Fields  string
		SavedAt time.Time
	}
	err := q.raw(ctx, &rows, "SELECT fields, saved_at FROM drafts WHERE user_id = ? AND form = ?", userID, form)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	draft := &Draft{UserID: userID, Form: form, SavedAt: rows[0].SavedAt}
	return draft, json.Unmarshal([]byte(rows[0].Fields), &draft.Fields)
}

// SaveDraft keeps a draft; the latest of a form replaces the one before, and a person's oldest give way.
func (tx *Tx) SaveDraft(userID int64, form string, fields Fields) error {
	raw, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	if !draftForm.MatchString(form) {
		return ErrNotFound
	}
	if len(raw) > maxDraft {
		return Invalid{"fields": "drafts.too_long"}
	}
	_, err = tx.exec(`INSERT INTO drafts (user_id, form, fields, saved_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (user_id, form) DO UPDATE SET fields = excluded.fields, saved_at = excluded.saved_at`, userID, form, string(raw), tx.now)
	if err != nil {
		return err
	}
	_, err = tx.exec(`DELETE FROM drafts WHERE user_id = ? AND form NOT IN
		(SELECT form FROM drafts WHERE user_id = ? ORDER BY saved_at DESC, form LIMIT ?)`, userID, userID, maxDrafts)
	return err
}

// DropDraft forgets a draft: it was sent, or thrown away.
func (tx *Tx) DropDraft(userID int64, form string) error {
	_, err := tx.exec("DELETE FROM drafts WHERE user_id = ? AND form = ?", userID, form)
	return err
}
