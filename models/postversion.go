package models

import (
	"context"
	"fmt"
	"time"
)

// PostVersion is a text that a post has had. What is cleared is kept, and shown to nobody.
type PostVersion struct {
	PostID      int64
	Number      int
	EditorID    int64
	Body        string
	CreatedAt   time.Time
	AgreementID *int64 // under which an author from outside wrote it
	ClearedAt   *time.Time
	ClearedBy   *int64
	ClearReason string // in the words of who cleared it
}

// PostVersionCard is a version as the history of its post shows it; one that is cleared has no text.
type PostVersionCard struct {
	PostVersion
	EditorName string
	EditorRole Role
}

// postVersion is the number of the version that a post shows now: 1 for one that was never edited.
const postVersion = "SELECT coalesce(max(number), 1) FROM post_versions WHERE post_id = ?"

// PostVersion is the number of the version that a post shows now.
func (q Queries) PostVersion(ctx context.Context, postID int64) (number int, err error) {
	return number, q.raw(ctx, &number, postVersion, postID)
}

// PostVersions lists the versions of a post, newest first, before the given number (0 for the start). The caller has loaded the post as
// one that the actor may read.
func (q Queries) PostVersions(ctx context.Context, postID int64, before, limit int) (cards []PostVersionCard, err error) {
	if before == 0 {
		before = 1 << 30
	}
	return cards, q.raw(ctx, &cards, `SELECT v.post_id, v.number, v.editor_id, CASE WHEN v.cleared_at IS NULL THEN v.body ELSE '' END AS body, v.created_at, v.cleared_at, v.cleared_by, v.clear_reason,
		u.name AS editor_name, `+standing+` AS editor_role FROM post_versions v JOIN users u ON u.id = v.editor_id
		WHERE v.post_id = ? AND v.number < ? ORDER BY v.number DESC LIMIT ?`, postID, before, limit)
}

// VersionBody is the text of a version of a post, empty for one that is cleared; ErrNotFound for one that it has not.
func (q Queries) VersionBody(ctx context.Context, post *Post, number int) (body string, err error) {
	version := &PostVersion{}
	err = q.one(ctx, version, "SELECT CASE WHEN cleared_at IS NULL THEN body ELSE '' END AS body FROM post_versions WHERE post_id = ? AND number = ?", post.ID, number)
	return version.Body, err
}

// keepVersion keeps the new text of a post as its next version, and before the first edit the original. base is the version that the
// editor began from; ErrConflict if somebody else has saved since. The place of the post is locked.
func (tx *Tx) keepVersion(post *Post, base int, under *int64) error {
	var last int
	if err := tx.raw(tx.ctx, &last, "SELECT coalesce(max(number), 0) FROM post_versions WHERE post_id = ?", post.ID); err != nil {
		return err
	}
	if base != max(last, 1) {
		return fmt.Errorf("edit post %d from version %d: %w", post.ID, base, ErrConflict)
	}
	if last == 0 {
		last = 1
		_, err := tx.exec(`INSERT INTO post_versions (post_id, number, editor_id, body, created_at, agreement_id)
			SELECT id, 1, author_id, body, coalesce(edited_at, created_at), agreement_id FROM posts WHERE id = ?`, post.ID)
		if err != nil {
			return err
		}
	}
	return tx.create(&PostVersion{PostID: post.ID, Number: last + 1, EditorID: tx.actorID(), Body: post.Body, CreatedAt: tx.now, AgreementID: under})
}

// ClearVersion takes a former text of a post out of sight, for a reason. It tells whether that changes anything; the text that the post
// shows now is edited or removed instead, and is ErrConflict.
func (tx *Tx) ClearVersion(post *Post, number int, reason string) (changed bool, err error) {
	now, err := tx.PostVersion(tx.ctx, post.ID)
	if err != nil {
		return false, err
	}
	if _, err := tx.VersionBody(tx.ctx, post, number); err != nil {
		return false, err
	}
	if number == now {
		return false, fmt.Errorf("version %d of post %d is shown: %w", number, post.ID, ErrConflict)
	}
	rows, err := tx.exec("UPDATE post_versions SET cleared_at = ?, cleared_by = ?, clear_reason = ? WHERE post_id = ? AND number = ? AND cleared_at IS NULL",
		tx.now, tx.actorID(), reason, post.ID, number)
	return rows > 0, err
}

// ShowVersion shows a former text of a post again that was cleared, and tells whether that changes anything.
func (tx *Tx) ShowVersion(post *Post, number int) (changed bool, err error) {
	if _, err := tx.VersionBody(tx.ctx, post, number); err != nil {
		return false, err
	}
	rows, err := tx.exec("UPDATE post_versions SET cleared_at = NULL, cleared_by = NULL, clear_reason = '' WHERE post_id = ? AND number = ? AND cleared_at IS NOT NULL", post.ID, number)
	return rows > 0, err
}
