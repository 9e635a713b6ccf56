package models

import (
	"context"
	"time"
)

// Kind says why a person gets a notice.
type Kind string

// Kinds of notices.
const (
	NoticeComment Kind = "comment" // someone commented on an idea that you follow
	NoticeReply   Kind = "reply"   // someone answered your comment
	NoticeMention Kind = "mention" // someone named you
	NoticeSupport Kind = "support" // people support your idea
	NoticeStage   Kind = "stage"   // an idea that you follow has come to a stage
)

// Notice tells a person that something happened which concerns them. Unread ones of the same
// kind about the same idea are one, with a count.
type Notice struct {
	ID        int64
	UserID    int64
	Kind      Kind
	ActorID   int64
	IdeaID    int64
	CommentID *int64
	Count     int
	CreatedAt time.Time
	ReadAt    *time.Time
}

// NoticeCard is a notice as its page shows it.
type NoticeCard struct {
	Notice
	ActorName string
	IdeaTitle string
	IdeaStage Stage
	SpaceID   int64
	Excerpt   string // the beginning of the comment
}

// readableNotice is the condition that the notice n is about an idea i that its reader may still see.
func (q Queries) readableNotice(actor *Actor) (condition string, args []any) {
	seen, list := q.visible(actor, "i.space_id")
	return "n.user_id = ? AND i.state = 'published' AND " + seen, []any{actor.ID, list}
}

// Notices lists a person's notices, newest first, before the given id (0 for the start).
func (q Queries) Notices(ctx context.Context, actor *Actor, before int64, limit int) (cards []NoticeCard, err error) {
	if before == 0 {
		before = 1 << 62
	}
	condition, args := q.readableNotice(actor)
	return cards, q.raw(ctx, &cards, `SELECT n.*, u.name AS actor_name, i.title AS idea_title, i.stage AS idea_stage, i.space_id, coalesce(substr(c.body, 1, 300), '') AS excerpt
		FROM notices n JOIN ideas i ON i.id = n.idea_id JOIN users u ON u.id = n.actor_id
		LEFT JOIN comments c ON c.id = n.comment_id AND c.removed_at IS NULL
		WHERE `+condition+" AND n.id < ? ORDER BY n.id DESC LIMIT ?", append(args, before, limit)...)
}

// maxUnread is where counting stops: "99+" is as good as the number.
const maxUnread = 100

// Unread is how many notices a person has not read, at most 100.
func (q Queries) Unread(ctx context.Context, actor *Actor) (n int, err error) {
	condition, args := q.readableNotice(actor)
	return n, q.raw(ctx, &n, `SELECT count(*) FROM (SELECT 1 FROM notices n JOIN ideas i ON i.id = n.idea_id
		WHERE `+condition+" AND n.read_at IS NULL LIMIT ?) t", append(args, maxUnread)...)
}

// Notify adds a notice, or adds to the unread one of the same kind about the same idea.
// A mention or reply stands for itself, since each wants its own answer.
func (tx *Tx) Notify(notice Notice) error {
	if notice.Kind == NoticeComment || notice.Kind == NoticeSupport || notice.Kind == NoticeStage {
		changed, err := tx.exec(`UPDATE notices SET count = count + 1, actor_id = ?, comment_id = ?, created_at = ?
			WHERE user_id = ? AND idea_id = ? AND kind = ? AND read_at IS NULL`,
			notice.ActorID, notice.CommentID, notice.CreatedAt, notice.UserID, notice.IdeaID, notice.Kind)
		if err != nil || changed > 0 {
			return err
		}
	}
	notice.Count = 1
	return tx.create(&notice)
}

// ReadNotices marks a person's notices as read: all of them, or with an idea only those about it.
func (tx *Tx) ReadNotices(userID, ideaID int64) (changed int64, err error) {
	if ideaID != 0 {
		return tx.exec("UPDATE notices SET read_at = ? WHERE user_id = ? AND idea_id = ? AND read_at IS NULL", tx.now, userID, ideaID)
	}
	return tx.exec("UPDATE notices SET read_at = ? WHERE user_id = ? AND read_at IS NULL", tx.now, userID)
}

// Followers are those who follow an idea, may still see it and did not do the thing themselves, after the given id.
func (q Queries) Followers(ctx context.Context, ideaID, except, after int64, limit int) (ids []int64, err error) {
	return ids, q.raw(ctx, &ids, `SELECT user_id FROM follows WHERE idea_id = ? AND user_id <> ? AND user_id > ? ORDER BY user_id LIMIT ?`, ideaID, except, after, limit)
}
