package models

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// ThreadDetail is a thread with what its page shows about the actor and whoever began it.
type ThreadDetail struct {
	Thread
	AuthorName         string
	AuthorRole         Role
	AuthorPicture      int64
	AuthorJob          string
	AuthorSite         string
	AuthorOrganisation string
	TopicTitle         string
	TopicSlug          string
	AccepterName       string
	AccepterRole       Role
	Level              FollowLevel // of the actor; empty if nothing is known of them here
	ReadNumber         int         // how far the actor had read before
	ReadAt             *time.Time  // and when; nil if never
	Same               bool        // the actor asks the same
	Told               bool        // the actor has unread notices about it
	DraftFields        string      // of the post that the actor has begun
	DraftSavedAt       *time.Time  // nil if there is none
}

// Draft is the post that the actor has begun and not sent, nil if there is none.
func (p *ThreadDetail) Draft() (*Draft, error) {
	if p.DraftSavedAt == nil {
		return nil, nil
	}
	draft := &Draft{SavedAt: *p.DraftSavedAt}
	return draft, json.Unmarshal([]byte(p.DraftFields), &draft.Fields)
}

// FollowLevel says how closely somebody follows what is written.
type FollowLevel string

// Levels.
const (
	LevelWatch  FollowLevel = "watch"  // every post is a notice
	LevelFollow FollowLevel = "follow" // what is new is one notice with a count
	LevelNormal FollowLevel = "normal" // only what is said to them
	LevelMute   FollowLevel = "mute"   // nothing
)

// FollowLevels lists them, closest first.
func FollowLevels() []FollowLevel {
	return []FollowLevel{LevelWatch, LevelFollow, LevelNormal, LevelMute}
}

// ThreadDetail finds a thread that the actor may read, with its author and the actor's own relation to it. Who hides follows it as the
// mask, and has read it as themselves.
func (q Queries) ThreadDetail(ctx context.Context, actor *Actor, id int64) (*ThreadDetail, error) {
	condition, args := q.readableThread(actor)
	page := &ThreadDetail{}
	err := q.one(ctx, page, `SELECT t.*, u.name AS author_name, `+standing+` AS author_role, coalesce(u.picture_id, 0) AS author_picture, u.job AS author_job, u.site AS author_site,
		u.organisation AS author_organisation, coalesce(o.title, '') AS topic_title, coalesce(o.slug, '') AS topic_slug,
		coalesce(a.name, '') AS accepter_name, coalesce(a.role, '') AS accepter_role,
		CASE WHEN r.level <> 'normal' OR r.chosen_at IS NOT NULL THEN r.level WHEN p.level <> 'normal' OR p.chosen_at IS NOT NULL THEN p.level ELSE '' END AS level, coalesce(r.read_number, 0) AS read_number, r.read_at, p.same_at IS NOT NULL AS same,
		EXISTS (SELECT 1 FROM notices n WHERE n.user_id = ? AND n.thread_id = t.id AND n.read_at IS NULL) AS told,
		coalesce(d.fields, '') AS draft_fields, d.saved_at AS draft_saved_at
		FROM threads t JOIN users u ON u.id = t.author_id LEFT JOIN topics o ON o.id = t.topic_id LEFT JOIN users a ON a.id = t.accepted_by
		LEFT JOIN thread_people p ON p.thread_id = t.id AND p.user_id = ? LEFT JOIN thread_people r ON r.thread_id = t.id AND r.user_id = ? LEFT JOIN drafts d ON d.user_id = ? AND d.form = ?
		WHERE t.id = ? AND `+condition,
		append([]any{actor.Person().ID, actor.ID, actor.Person().ID, actor.ID, About{Thread: id}.Form(0), id}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("thread page %d: %w", id, err)
	}
	return page, nil
}

// PageOfPosts lists the posts of a thread whose numbers lie on the page that begins with one, in their order. What is gone from there
// leaves a gap.
func (q Queries) PageOfPosts(ctx context.Context, thread *Thread, from int) (cards []PostCard, err error) {
	if cards, err = q.postCards(ctx, "WHERE c.thread_id = ? AND c.number >= ? AND c.number < ? ORDER BY c.number", thread.ID, from, from+ThreadPage); err != nil {
		return nil, fmt.Errorf("posts of thread %d from %d: %w", thread.ID, from, err)
	}
	return cards, nil
}

// ThreadPost finds one post of a thread that the actor has loaded, as its page shows it; nil if it is gone.
func (q Queries) ThreadPost(ctx context.Context, thread *Thread, id int64) (*PostCard, error) {
	cards, err := q.postCards(ctx, "WHERE c.id = ? AND c.thread_id = ? AND c.removed_at IS NULL", id, thread.ID)
	if err != nil || len(cards) == 0 {
		return nil, err
	}
	return &cards[0], nil
}

// OpeningPost is the first post of a thread, for the readers of the event log.
func (tx *Tx) OpeningPost(threadID int64) (*Post, error) {
	post := &Post{}
	return post, tx.one(tx.ctx, post, "SELECT * FROM posts WHERE thread_id = ? AND number = 1", threadID)
}

// BranchPost is a post that answers another one, as a line under it says.
type BranchPost struct {
	ID         int64
	ParentID   int64
	Number     int
	AuthorID   int64
	AuthorName string
	AuthorRole Role
	Body       string // its beginning, as Markdown
	CreatedAt  time.Time
}

// Words is the beginning of the post in one line.
func (a *BranchPost) Words() string { return excerpt(a.Body, 90) }

// mostBranchPosts is how many answers the posts of one page name.
const mostBranchPosts = 200

// Branches are the posts that answer those of a page of a thread, in their order. The sign before the thread keeps SQLite from walking
// all of a long one.
func (q Queries) Branches(ctx context.Context, thread *Thread, posts []int64) (answers []BranchPost, err error) {
	if len(posts) == 0 {
		return nil, nil
	}
	return answers, q.raw(ctx, &answers, `SELECT c.id, c.parent_id, c.number, c.author_id, u.name AS author_name, `+standing+` AS author_role, substr(c.body, 1, 200) AS body, c.created_at
		FROM posts c JOIN users u ON u.id = c.author_id WHERE c.parent_id IN ? AND +c.thread_id = ? AND c.removed_at IS NULL ORDER BY c.id LIMIT `+strconv.Itoa(mostBranchPosts), posts, thread.ID)
}

// Writer is somebody who writes in a thread.
type Writer struct {
	ID      int64
	Name    string
	Role    Role
	Picture int64
}

// ThreadWriters are the first few of those who write in a thread, whoever wrote last first.
func (q Queries) ThreadWriters(ctx context.Context, thread *Thread, limit int) (writers []Writer, err error) {
	return writers, q.raw(ctx, &writers, `SELECT u.id, u.name, `+standing+` AS role, coalesce(u.picture_id, 0) AS picture FROM (
			SELECT p.user_id, p.wrote_at FROM thread_people p WHERE p.thread_id = ? AND p.wrote_at IS NOT NULL ORDER BY p.wrote_at DESC, p.user_id LIMIT `+strconv.Itoa(limit)+`) p
		JOIN users u ON u.id = p.user_id ORDER BY p.wrote_at DESC, u.id`, thread.ID)
}

// Since says what was written in a thread since somebody was there.
type Since struct {
	Posts  int // others' posts, as far as mostSince
	People int // who wrote them
	First  int // the number of the first of them; 0 if there is none
	At     *time.Time
}

// mostSince is where counting what is new in a thread stops.
const mostSince = 100

// ThreadSince looks at what others have written after the post with a number.
func (q Queries) ThreadSince(ctx context.Context, actor *Actor, thread *Thread, number int) (since Since, err error) {
	return since, q.one(ctx, &since, `SELECT count(*) AS posts, count(DISTINCT author_id) AS people, coalesce(min(number), 0) AS first FROM (
		SELECT author_id, number FROM posts WHERE thread_id = ? AND number > ? AND removed_at IS NULL AND author_id NOT IN (?, ?) ORDER BY number LIMIT `+strconv.Itoa(mostSince)+`) s`, thread.ID, number, actor.ID, actor.Person().ID)
}

// PostedAt is when the post with a number was written, nil if it is not in the thread.
func (q Queries) PostedAt(ctx context.Context, thread *Thread, number int) (*time.Time, error) {
	var at []time.Time
	err := q.raw(ctx, &at, "SELECT created_at FROM posts WHERE thread_id = ? AND number = ?", thread.ID, number)
	if err != nil || len(at) == 0 {
		return nil, err
	}
	return &at[0], nil
}

// Remembers tells whether it is kept what the actor reads: they are a person, and look at the house as themselves.
func (a *Actor) Remembers() bool { return a.counted() }

// ReadThread notes that the actor has read a thread as far as the post with a number, which never goes back.
func (tx *Tx) ReadThread(thread *Thread, number int) error {
	_, err := tx.exec(`INSERT INTO thread_people (thread_id, user_id, read_number, read_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (thread_id, user_id) DO UPDATE SET read_at = excluded.read_at,
		read_number = CASE WHEN excluded.read_number > thread_people.read_number THEN excluded.read_number ELSE thread_people.read_number END`,
		thread.ID, tx.actorID(), number, tx.now)
	return err
}

// ReadThreadNotices marks the actor's notices about a thread as read, as far as the post with a number.
func (tx *Tx) ReadThreadNotices(thread *Thread, number int) error {
	_, err := tx.exec(`UPDATE notices SET read_at = ? WHERE user_id = ? AND thread_id = ? AND read_at IS NULL
		AND (post_id IS NULL OR post_id IN (SELECT id FROM posts WHERE thread_id = ? AND number <= ?))`, tx.now, tx.actorID(), thread.ID, thread.ID, number)
	return err
}

// SetLevel says how closely the actor follows a thread, or with an empty level that they have nothing to say of it. It returns what
// they had said before.
func (tx *Tx) SetLevel(thread *Thread, level FollowLevel) (before FollowLevel, err error) {
	if err := tx.raw(tx.ctx, &before, "SELECT CASE WHEN level = 'normal' AND chosen_at IS NULL THEN '' ELSE level END FROM thread_people WHERE thread_id = ? AND user_id = ?", thread.ID, tx.actorID()); err != nil || before == level {
		return before, err
	}
	at := &tx.now
	if level == "" {
		level, at = LevelNormal, nil
	}
	_, err = tx.exec(`INSERT INTO thread_people (thread_id, user_id, level, chosen_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (thread_id, user_id) DO UPDATE SET level = excluded.level, chosen_at = excluded.chosen_at, shift_id = NULL`, thread.ID, tx.actorID(), level, at)
	return before, err
}

// Valid tells whether the level is one of the known ones.
func (l FollowLevel) Valid() bool { return slices.Contains(FollowLevels(), l) }
