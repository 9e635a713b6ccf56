package models

import (
	"context"
	"fmt"
	"time"
)

// SearchRecord is what the search index holds of one thing that can be found. It carries its
// space, so that the index can keep to what an actor may see.
type SearchRecord struct {
	Type     string // "idea", "comment", "thread", "post", "article" or "event"
	ID       int64
	IdeaID   int64 // of ideas and comments; 0 for those under an article or a gathering
	ThreadID int64 // of threads and posts
	SpaceID  int64
	AuthorID int64
	Lang     string
	Title    string // of a comment or a post: that of what it stands under
	Text     string // Markdown; of a thread its first post; of an idea with its official answer and what it answers for everyone to read
	Tags     Tags
	Stage    string
	Campaign string
	At       time.Time
	Supports int
	// Of articles: the collection that they stand in, and until when they are verified.
	CollectionID  int64
	VerifiedUntil *time.Time
}

// Verified tells whether the record is an article that is verified at a moment.
func (r *SearchRecord) Verified(at time.Time) bool {
	return r.VerifiedUntil != nil && at.Before(*r.VerifiedUntil)
}

// searchedAnswers is what the idea r answers in words that everyone who reads it may see.
const searchedAnswers = `coalesce((SELECT '

' || string_agg(a.value, '

') FROM idea_answers a JOIN form_fields f ON f.id = a.field_id
			WHERE a.idea_id = r.id AND a.to_version IS NULL AND a.visibility = 'everyone' AND f.kind IN ('short', 'long', 'link')), '')`

func searchSelect(kind string) (string, error) {
	switch kind {
	case "idea":
		return `SELECT 'idea' AS type, r.id, r.id AS idea_id, 0 AS thread_id, r.space_id, r.author_id, r.lang, r.title,
			CASE WHEN r.own_summary THEN r.summary || '

' ELSE '' END || CASE WHEN d.id IS NULL THEN r.body ELSE r.body || '

' || d.body END || ` + searchedAnswers + ` AS text, r.tags, r.stage, r.campaign,
			r.published_at AS at, r.support_count AS supports FROM ideas r LEFT JOIN decisions d ON d.id = r.answer_id WHERE r.state = 'published'`, nil
	case "comment":
		return `SELECT 'comment' AS type, r.id, coalesce(r.idea_id, 0) AS idea_id, 0 AS thread_id, coalesce(i.space_id, a.space_id, ga.space_id) AS space_id, r.author_id, r.lang, coalesce(i.title, a.title, ga.title) AS title, r.body AS text,
			'' AS tags, coalesce(i.stage, '') AS stage, coalesce(i.campaign, '') AS campaign, r.created_at AS at, 0 AS supports FROM posts r LEFT JOIN ideas i ON i.id = r.idea_id LEFT JOIN articles a ON a.id = r.article_id LEFT JOIN gatherings ga ON ga.id = r.gathering_id
			WHERE coalesce(i.state, a.state, ga.state) = 'published' AND r.removed_at IS NULL`, nil
	case "thread":
		return `SELECT 'thread' AS type, r.id, 0 AS idea_id, r.id AS thread_id, r.space_id, r.author_id, r.lang, r.title, coalesce(o.body, '') AS text, r.tags, '' AS stage, '' AS campaign,
			r.created_at AS at, 0 AS supports FROM threads r LEFT JOIN posts o ON o.thread_id = r.id AND o.number = 1 AND o.removed_at IS NULL WHERE r.state = 'published'`, nil
	case "post":
		return `SELECT 'post' AS type, r.id, 0 AS idea_id, r.thread_id, t.space_id, r.author_id, r.lang, t.title, r.body AS text, '' AS tags, '' AS stage, '' AS campaign,
			r.created_at AS at, 0 AS supports FROM posts r JOIN threads t ON t.id = r.thread_id WHERE t.state = 'published' AND r.removed_at IS NULL AND r.number > 1`, nil
	case "article":
		return `SELECT 'article' AS type, r.id, 0 AS idea_id, 0 AS thread_id, r.space_id, r.author_id, r.lang, r.title, r.body AS text, r.tags, '' AS stage, '' AS campaign,
			r.edited_at AS at, 0 AS supports, r.collection_id, r.verified_until FROM articles r WHERE r.state = 'published'`, nil
	case "event":
		return `SELECT 'event' AS type, r.id, 0 AS idea_id, 0 AS thread_id, r.space_id, r.author_id, r.lang, r.title, CASE WHEN r.place = '' THEN r.body ELSE r.place || '

' || r.body END AS text, '' AS tags, '' AS stage, '' AS campaign,
			r.starts_at AS at, 0 AS supports FROM gatherings r WHERE r.state = 'published'`, nil
	}
	return "", fmt.Errorf("search records: unknown type %q", kind)
}

// SearchRecords loads the given records as far as they are published; one that does not come back has to leave the index.
func (q Queries) SearchRecords(ctx context.Context, kind string, ids []int64) (records []SearchRecord, err error) {
	query, err := searchSelect(kind)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return records, q.raw(ctx, &records, query+" AND r.id IN ?", ids)
}

// SearchRecordsBefore loads published records, highest id first, for building the index anew.
func (q Queries) SearchRecordsBefore(ctx context.Context, kind string, before int64, limit int) (records []SearchRecord, err error) {
	query, err := searchSelect(kind)
	if err != nil {
		return nil, err
	}
	return records, q.raw(ctx, &records, query+" AND r.id < ? ORDER BY r.id DESC LIMIT ?", before, limit)
}

// SearchTotal is how many records of all kinds are published.
func (q Queries) SearchTotal(ctx context.Context) (n int, err error) {
	return n, q.raw(ctx, &n, `SELECT (SELECT count(*) FROM ideas WHERE state = 'published') +
		(SELECT count(*) FROM posts r JOIN ideas i ON i.id = r.idea_id WHERE i.state = 'published' AND r.removed_at IS NULL) +
		(SELECT count(*) FROM posts r JOIN articles a ON a.id = r.article_id WHERE a.state = 'published' AND r.removed_at IS NULL) +
		(SELECT count(*) FROM posts r JOIN gatherings ga ON ga.id = r.gathering_id WHERE ga.state = 'published' AND r.removed_at IS NULL) + (SELECT count(*) FROM gatherings WHERE state = 'published') +
		(SELECT count(*) FROM threads WHERE state = 'published') + (SELECT count(*) FROM articles WHERE state = 'published') +
		(SELECT count(*) FROM posts r JOIN threads t ON t.id = r.thread_id WHERE t.state = 'published' AND r.removed_at IS NULL AND r.number > 1)`)
}

// WrittenBy are the records of a type that some people have written.
func (q Queries) WrittenBy(ctx context.Context, kind string, authors []int64) (ids []int64, err error) {
	table := map[string]string{"idea": "ideas", "comment": "posts", "thread": "threads", "post": "posts", "article": "articles", "event": "gatherings"}[kind]
	if table == "" {
		return nil, fmt.Errorf("search records: unknown type %q", kind)
	}
	return ids, q.raw(ctx, &ids, "SELECT id FROM "+table+" WHERE author_id IN ? ORDER BY id", authors)
}

// CommentIDs are the comments of an idea that are not removed.
func (q Queries) CommentIDs(ctx context.Context, ideaID int64) (ids []int64, err error) {
	return ids, q.raw(ctx, &ids, "SELECT id FROM posts WHERE idea_id = ? AND removed_at IS NULL ORDER BY id", ideaID)
}

// ThreadPostIDs are the posts of a thread.
func (q Queries) ThreadPostIDs(ctx context.Context, threadID int64) (ids []int64, err error) {
	return ids, q.raw(ctx, &ids, "SELECT id FROM posts WHERE thread_id = ? ORDER BY number", threadID)
}
