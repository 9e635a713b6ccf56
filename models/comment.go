package models

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
)

// Comment is a contribution under an idea. A removed one stays as a tombstone without its text.
type Comment struct {
	ID        int64
	IdeaID    int64
	ParentID  *int64
	AuthorID  int64
	Body      string
	HTML      string `gorm:"column:html"`
	Lang      string
	ImportRef *string
	ImportID  *int64 // the run that made it, if one did
	CreatedAt time.Time
	EditedAt  *time.Time
	RemovedAt *time.Time
	RemovedBy *int64

	AgreementID *int64 // under which an author from outside wrote it
}

func (c *Comment) subject() (string, int64, int64) { return "comment", c.ID, 0 }

// In makes the comment the subject of an event in the space of its idea.
func (c *Comment) In(spaceID int64) Subject { return commentIn{c.ID, spaceID} }

type commentIn struct{ id, spaceID int64 }

func (c commentIn) subject() (string, int64, int64) { return "comment", c.id, c.spaceID }

// CommentCard is a comment as its page shows it.
type CommentCard struct {
	Comment
	AuthorName         string
	AuthorRole         Role
	AuthorPicture      int64
	AuthorJob          string
	AuthorSite         string
	AuthorOrganisation string
	Stamp
	ParentAuthorName string // who is answered, for replies to replies
	ParentAuthorRole Role
}

// CommentKey is the place in a list of comments after which the next page begins.
type CommentKey struct {
	At time.Time `json:"t"`
	ID int64     `json:"i"`
}

// String is the key as it stands in an address.
func (k *CommentKey) String() string {
	raw, _ := json.Marshal(k) // a number and a time always marshal
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ParseCommentKey reads a key from an address; a malformed one is a mistake at the field "cursor".
func ParseCommentKey(text string) (*CommentKey, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	key := &CommentKey{}
	if err != nil || json.Unmarshal(raw, key) != nil || key.ID <= 0 || key.At.Year() > 9999 {
		return nil, Invalid{"cursor": "lists.cursor_invalid"}
	}
	return key, nil
}

const commentColumns = `c.*, u.name AS author_name, ` + standing + ` AS author_role, coalesce(u.picture_id, 0) AS author_picture, u.job AS author_job, u.site AS author_site, u.organisation AS author_organisation,
	coalesce(pu.name, '') AS parent_author_name, CASE WHEN pu.service THEN 'program' ELSE coalesce(pu.role, '') END AS parent_author_role, ` + stampColumns

const commentJoins = ` FROM comments c JOIN users u ON u.id = c.author_id
	LEFT JOIN comments p ON p.id = c.parent_id LEFT JOIN users pu ON pu.id = p.author_id` + commentStamp + " "

// Comments lists an idea's comments, oldest first, and the key of the next page, nil at the end.
// The caller has loaded the idea as one that the actor may read.
func (q Queries) Comments(ctx context.Context, idea *Idea, after *CommentKey, limit int) (cards []CommentCard, next *CommentKey, err error) {
	if after == nil {
		after = &CommentKey{}
	}
	err = q.raw(ctx, &cards, "SELECT "+commentColumns+commentJoins+"WHERE c.idea_id = ? AND (c.created_at, c.id) > (?, ?) ORDER BY c.created_at, c.id LIMIT ?",
		idea.ID, after.At.UTC(), after.ID, limit+1)
	if err != nil {
		return nil, nil, fmt.Errorf("comments of idea %d: %w", idea.ID, err)
	}
	if len(cards) > limit {
		cards = cards[:limit]
		last := cards[limit-1]
		next = &CommentKey{At: last.CreatedAt, ID: last.ID}
	}
	return cards, next, nil
}

// CommentPage is the key after which the page that holds a comment begins, nil for the first page.
// Pages have the given number of comments.
func (q Queries) CommentPage(ctx context.Context, comment *Comment, size int) (*CommentKey, error) {
	var before int
	err := q.raw(ctx, &before, "SELECT count(*) FROM comments WHERE idea_id = ? AND (created_at, id) < (?, ?)", comment.IdeaID, comment.CreatedAt.UTC(), comment.ID)
	if err != nil || before < size {
		return nil, err
	}
	// The one offset in Ruche: a permanent link has to land on the pages that people turn.
	last := &Comment{}
	err = q.one(ctx, last, "SELECT id, created_at FROM comments WHERE idea_id = ? ORDER BY created_at, id LIMIT 1 OFFSET ?", comment.IdeaID, before/size*size-1)
	return &CommentKey{At: last.CreatedAt, ID: last.ID}, err
}

// Comment finds a comment whose idea the actor may read, with that idea.
func (q Queries) Comment(ctx context.Context, actor *Actor, id int64) (*Comment, *Idea, error) {
	comment := &Comment{}
	if err := q.one(ctx, comment, "SELECT * FROM comments WHERE id = ?", id); err != nil {
		return nil, nil, fmt.Errorf("comment %d: %w", id, err)
	}
	idea, err := q.Idea(ctx, actor, comment.IdeaID)
	return comment, idea, err
}

// CommentCards loads the given comments as far as the actor may see them, in no order.
func (q Queries) CommentCards(ctx context.Context, actor *Actor, ids []int64) (cards []CommentCard, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	seen, list := q.visible(actor, "i.space_id")
	return cards, q.raw(ctx, &cards, "SELECT "+commentColumns+commentJoins+`JOIN ideas i ON i.id = c.idea_id
		WHERE c.id IN ? AND c.removed_at IS NULL AND i.state = 'published' AND `+seen, ids, list)
}

// CreateComment adds a comment to an idea and counts it. The idea is locked, the text validated and rendered. An author
// from outside the company writes under the agreement that they have accepted.
func (tx *Tx) CreateComment(idea *Idea, comment *Comment) (err error) {
	if comment.AgreementID, err = tx.underAgreement(idea.SpaceID); err != nil {
		return err
	}
	if comment.CreatedAt.IsZero() {
		comment.CreatedAt = tx.now
	}
	comment.IdeaID = idea.ID
	if comment.ParentID != nil {
		var ideaID int64
		err := tx.one(tx.ctx, &ideaID, "SELECT idea_id FROM comments WHERE id = ? AND removed_at IS NULL", *comment.ParentID)
		if err != nil || ideaID != idea.ID {
			return Invalid{"parent": "comments.parent_invalid"}
		}
	}
	if err := tx.create(comment); err != nil {
		return err
	}
	idea.CommentCount++
	idea.Hot = rankAdd(idea.Hot, contribution(comment.CreatedAt, commentWeight))
	if comment.CreatedAt.After(idea.ActiveAt) {
		idea.ActiveAt = comment.CreatedAt
	}
	_, err = tx.exec("UPDATE ideas SET comment_count = ?, hot = ?, active_at = ? WHERE id = ?", idea.CommentCount, idea.Hot, idea.ActiveAt, idea.ID)
	return err
}

// EditComment stores a new text of a comment of an idea. Under which agreement it then stands is as for EditIdea.
func (tx *Tx) EditComment(idea *Idea, comment *Comment) error {
	under, err := tx.underAgreement(idea.SpaceID)
	if err != nil {
		return err
	}
	if comment.AuthorID == tx.actorID() && (under != nil || !tx.actor.Masked()) {
		comment.AgreementID = under
	}
	comment.EditedAt = &tx.now
	_, err = tx.exec("UPDATE comments SET body = ?, html = ?, lang = ?, edited_at = ?, agreement_id = ? WHERE id = ?", comment.Body, comment.HTML, comment.Lang, tx.now, comment.AgreementID, comment.ID)
	return err
}

// RemoveComment leaves a tombstone in the place of a comment and counts it no more.
func (tx *Tx) RemoveComment(idea *Idea, comment *Comment) error {
	if comment.RemovedAt != nil {
		return nil
	}
	actor := tx.actorID()
	comment.RemovedAt, comment.RemovedBy = &tx.now, &actor
	if _, err := tx.exec("UPDATE comments SET removed_at = ?, removed_by = ? WHERE id = ?", tx.now, actor, comment.ID); err != nil {
		return err
	}
	return tx.recount(idea, -1, rankRemove(idea.Hot, contribution(comment.CreatedAt, commentWeight), contribution(idea.PublishedAt, 1)))
}

// RestoreComment brings a removed comment back.
func (tx *Tx) RestoreComment(idea *Idea, comment *Comment) error {
	if comment.RemovedAt == nil {
		return nil
	}
	comment.RemovedAt, comment.RemovedBy = nil, nil
	if _, err := tx.exec("UPDATE comments SET removed_at = NULL, removed_by = NULL WHERE id = ?", comment.ID); err != nil {
		return err
	}
	return tx.recount(idea, 1, rankAdd(idea.Hot, contribution(comment.CreatedAt, commentWeight)))
}

func (tx *Tx) recount(idea *Idea, comments int, hot float64) error {
	idea.CommentCount += comments
	idea.Hot = hot
	_, err := tx.exec("UPDATE ideas SET comment_count = ?, hot = ? WHERE id = ?", idea.CommentCount, idea.Hot, idea.ID)
	return err
}
