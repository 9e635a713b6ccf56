package models

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Export is a copy of everything about a person that they have asked for.
type Export struct {
	ID        int64
	UserID    int64
	Key       string // where the file store keeps it
	Size      int64
	CreatedAt time.Time
	ReadyAt   *time.Time
	ExpiresAt *time.Time
}

func (e *Export) subject() (string, int64, int64) { return "export", e.ID, 0 }

// Ready tells whether the copy can be had at the given time.
func (e *Export) Ready(now time.Time) bool {
	return e.ReadyAt != nil && e.ExpiresAt != nil && now.Before(*e.ExpiresAt)
}

// exportsADay is how many copies a person may ask for within a day: each reads everything about them.
const exportsADay = 3

// CreateExport notes that a person wants a copy, which the caller makes later under the given key of the file store.
func (tx *Tx) CreateExport(userID int64, key string) (*Export, error) {
	var recent int
	err := tx.raw(tx.ctx, &recent, "SELECT count(*) FROM exports WHERE user_id = ? AND created_at > ?", userID, tx.now.Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	if recent >= exportsADay {
		return nil, Invalid{"export": "privacy.export.too_many"}
	}
	export := &Export{UserID: userID, Key: key, CreatedAt: tx.now}
	return export, tx.create(export)
}

// FinishExport offers a copy from now on, in the place of the person's earlier ones.
func (tx *Tx) FinishExport(export *Export, expires time.Time) error {
	if _, err := tx.exec("UPDATE exports SET expires_at = ? WHERE user_id = ? AND id < ? AND expires_at > ?", tx.now, export.UserID, export.ID, tx.now); err != nil {
		return err
	}
	expires = expires.UTC()
	export.ReadyAt, export.ExpiresAt = &tx.now, &expires
	changed, err := tx.exec("UPDATE exports SET size = ?, ready_at = ?, expires_at = ? WHERE id = ?", export.Size, tx.now, expires, export.ID)
	if err == nil && changed == 0 {
		return ErrNotFound // the person was erased meanwhile
	}
	return err
}

// OwnExport finds one of the actor's own copies; nobody has a way to another's.
func (q Queries) OwnExport(ctx context.Context, actor *Actor, id int64) (*Export, error) {
	if !actor.SignedIn() {
		return nil, ErrNotFound
	}
	export := &Export{}
	return export, q.one(ctx, export, "SELECT * FROM exports WHERE id = ? AND user_id = ?", id, actor.ID)
}

// LatestExport is the copy that the actor asked for last, nil if they never did.
func (q Queries) LatestExport(ctx context.Context, actor *Actor) (*Export, error) {
	var exports []Export
	err := q.raw(ctx, &exports, "SELECT * FROM exports WHERE user_id = ? ORDER BY id DESC LIMIT 1", actor.ID)
	if err != nil || len(exports) == 0 {
		return nil, err
	}
	return &exports[0], nil
}

// abandonedExport is when a copy that was never finished is given up: longer than its job is tried.
const abandonedExport = 2 * 24 * time.Hour

// SpentExports lists copies whose time is over, or which were never finished.
func (q Queries) SpentExports(ctx context.Context, limit int) (exports []Export, err error) {
	now := q.present()
	return exports, q.raw(ctx, &exports, "SELECT * FROM exports WHERE expires_at <= ? OR expires_at IS NULL AND created_at < ? ORDER BY id LIMIT ?",
		now, now.Add(-abandonedExport), limit)
}

// DeleteExport forgets a copy whose bytes are gone.
func (tx *Tx) DeleteExport(id int64) error {
	_, err := tx.exec("DELETE FROM exports WHERE id = ?", id)
	return err
}

// Field is a column of a person's own row in a copy of their data.
type Field struct {
	Name  string
	Value any
}

// OwnRows are rows of a table that are the actor's own, in the order of its key after the given one, and the key to go on after,
// nil at the end. Columns that are hidden or that only repeat whose the row is are left out.
func (q Queries) OwnRows(ctx context.Context, actor *Actor, h *Holding, after []any, limit int) (rows [][]Field, next []any, err error) {
	if !actor.SignedIn() || h.Own == "" {
		return nil, nil, ErrForbidden
	}
	query, args, err := q.ownedBy(ctx, actor, h)
	if err != nil {
		return nil, nil, err
	}
	keys := strings.Join(h.Key, ", ")
	if after != nil {
		query += " AND (" + keys + ") > (?" + strings.Repeat(", ?", len(after)-1) + ")"
		args = append(args, after...)
	}
	result, err := q.g.WithContext(ctx).Raw(query+" ORDER BY "+keys+" LIMIT ?", append(args, limit)...).Rows()
	if err != nil {
		return nil, nil, classify(err)
	}
	defer result.Close()
	columns, err := result.Columns()
	if err != nil {
		return nil, nil, err
	}
	for result.Next() {
		values := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := result.Scan(into...); err != nil {
			return nil, nil, fmt.Errorf("read %s: %w", h.Table, err)
		}
		var row []Field
		next = make([]any, len(h.Key))
		for i, column := range columns {
			if at := slices.Index(h.Key, column); at >= 0 {
				next[at] = values[i]
			}
			if values[i] != nil && values[i] != "" && h.Shown(column) {
				row = append(row, Field{column, values[i]})
			}
		}
		rows = append(rows, row)
	}
	if len(rows) < limit {
		next = nil
	}
	return rows, next, classify(result.Err())
}

// ownedBy selects the rows of a table that are the actor's own, and those of the accounts that have gone into theirs.
func (q Queries) ownedBy(ctx context.Context, actor *Actor, h *Holding) (query string, args []any, err error) {
	var accounts []int64
	if err := q.raw(ctx, &accounts, "SELECT id FROM users WHERE merged_into = ? ORDER BY id", actor.ID); err != nil {
		return "", nil, err
	}
	query = "SELECT * FROM " + h.Table + " WHERE (FALSE"
	for _, id := range append(accounts, actor.ID) {
		query += " OR (" + h.Own + ")"
		args = append(args, slices.Repeat([]any{id}, strings.Count(h.Own, "?"))...)
	}
	return query + ")", args, nil
}

// Shown tells whether a column is in a copy of a person's data.
func (h *Holding) Shown(column string) bool {
	fate, told := h.Columns[column]
	return !told || fate != Hidden && fate != Markup && fate != Goes
}

// WaitingMails are the contents of letters to the actor that have not left yet.
func (q Queries) WaitingMails(ctx context.Context, actor *Actor, limit int) (letters []string, err error) {
	if actor.Email == "" {
		return nil, nil
	}
	return letters, q.raw(ctx, &letters, "SELECT args FROM jobs WHERE state = 'waiting' AND kind = 'mail' AND args LIKE ? ESCAPE '\\' ORDER BY id LIMIT ?",
		mailTo(actor.Email), limit)
}

// mailTo is the pattern of a waiting letter to an address.
func mailTo(email string) string {
	raw, _ := json.Marshal(email) // a text always marshals
	return "%" + likePrefix(`"To":`+string(raw))
}

// ReadableTitles are the titles of those of the given ideas that the actor may read.
func (q Queries) ReadableTitles(ctx context.Context, actor *Actor, ids []int64) (map[int64]string, error) {
	titles := map[int64]string{}
	if len(ids) == 0 {
		return titles, nil
	}
	readable, args := q.readableIdea(actor)
	var rows []struct {
		ID    int64
		Title string
	}
	err := q.raw(ctx, &rows, "SELECT i.id, i.title FROM ideas i WHERE i.id IN ? AND "+readable, append([]any{ids}, args...)...)
	for _, row := range rows {
		titles[row.ID] = row.Title
	}
	return titles, err
}

// OwnFiles are the actor's files after the given id, for a copy of their data, and those of ideas that they have written hidden.
func (q Queries) OwnFiles(ctx context.Context, actor *Actor, after int64, limit int) (files []File, err error) {
	if !actor.SignedIn() {
		return nil, ErrForbidden
	}
	return files, q.raw(ctx, &files, "SELECT * FROM files WHERE (user_id = ? OR "+ofMasks("user_id")+") AND id > ? ORDER BY id LIMIT ?", actor.ID, actor.ID, after, limit)
}
