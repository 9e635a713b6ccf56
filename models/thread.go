package models

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// ThreadKind says what a thread is for.
type ThreadKind string

// Kinds of threads.
const (
	Discussion   ThreadKind = "discussion"
	Question     ThreadKind = "question"     // one of the answers may be accepted
	Poll         ThreadKind = "poll"         // it ends in an outcome
	Announcement ThreadKind = "announcement" // by those who lead the space
)

// ThreadKinds lists the kinds.
func ThreadKinds() []ThreadKind { return []ThreadKind{Discussion, Question, Poll, Announcement} }

// Valid tells whether the kind is one of the known ones.
func (k ThreadKind) Valid() bool { return slices.Contains(ThreadKinds(), k) }

// Topic is a part of a space in which threads live.
type Topic struct {
	ID          int64
	SpaceID     int64
	Slug        string
	Title       string
	Description string
	Position    int
	ImportRef   *string
	CreatedAt   time.Time
	ArchivedAt  *time.Time // nothing new is begun there
}

// Thread is a conversation in a space. Its text is its first post.
type Thread struct {
	ID          int64
	SpaceID     int64
	TopicID     *int64
	Kind        ThreadKind
	Title       string
	Summary     string // one line of plain text: the beginning of its first post
	AuthorID    int64
	Lang        string // "fr", "en" or empty: unknown
	Tags        Tags
	State       State
	Anonymity   Anonymity `gorm:"default:named"`
	AgreementID *int64    // under which an author from outside began it
	Version     int
	PostCount   int // the first one included, the removed ones not
	PeopleCount int // who have written in it
	LastNumber  int // of its posts
	SameCount   int // who ask the same
	Hot         float64
	AcceptedID  *int64 // the post that answers the question
	AcceptedBy  *int64
	AcceptedAt  *time.Time
	PinnedAt    *time.Time
	PinnedBy    *int64
	ClosedAt    *time.Time // it is only read from then on
	ClosedBy    *int64
	CloseReason string
	SlowSeconds int // between two posts of one person; 0: as they like
	ImportRef   *string
	ImportID    *int64
	CreatedAt   time.Time
	EditedAt    *time.Time
	ActiveAt    time.Time // its last post

	MergedIntoID *int64 // the thread in which it goes on: there is nothing in it any more
}

func (t *Thread) subject() (string, int64, int64) { return "thread", t.ID, t.SpaceID }

// Path is the address of the thread.
func (t *Thread) Path() string { return ThreadPath(t.ID, t.Title) }

// ThreadPath is the address of a thread with a title.
func ThreadPath(id int64, title string) string { return numbered("/threads/", id, title) }

// ThreadPage is how many posts a page of a thread shows.
const ThreadPage = 50

// PageOf is the address of the page that holds the post with a number.
func (t *Thread) PageOf(number int) string {
	if from := (number-1)/ThreadPage*ThreadPage + 1; from > 1 {
		return t.Path() + "?from=" + strconv.Itoa(from)
	}
	return t.Path()
}

// readableThread is the condition that the actor may read the thread t, as readableIdea has it for ideas. Nobody reads one that goes
// on in another: see MergedThread.
func (q Queries) readableThread(actor *Actor) (condition string, args []any) {
	seen, list := q.visible(actor, "t.space_id")
	moderated, moderatedList := q.visible(actor.where(Moderate), "t.space_id")
	return seen + " AND t.merged_into_id IS NULL AND (t.state = 'published' OR t.author_id = ? OR " + moderated + ")", []any{list, actor.ID, moderatedList}
}

// Thread finds a thread that the actor may read.
func (q Queries) Thread(ctx context.Context, actor *Actor, id int64) (*Thread, error) {
	return q.thread(ctx, actor, id, "")
}

// LockThread is Thread inside a change; see LockIdea.
func (tx *Tx) LockThread(id int64) (*Thread, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE OF t"
	}
	return tx.thread(tx.ctx, tx.actor, id, lock)
}

func (q Queries) thread(ctx context.Context, actor *Actor, id int64, lock string) (*Thread, error) {
	condition, args := q.readableThread(actor)
	thread := &Thread{}
	if err := q.one(ctx, thread, "SELECT t.* FROM threads t WHERE t.id = ? AND "+condition+lock, append([]any{id}, args...)...); err != nil {
		return nil, fmt.Errorf("thread %d: %w", id, err)
	}
	return thread, nil
}

// countPost adds a new post to what its thread says of itself, and notes that its author has written there and read that far.
func (tx *Tx) countPost(thread *Thread, post *Post) error {
	var wrote bool
	if err := tx.raw(tx.ctx, &wrote, "SELECT EXISTS (SELECT 1 FROM thread_people WHERE thread_id = ? AND user_id = ? AND wrote_at IS NOT NULL)", thread.ID, post.AuthorID); err != nil {
		return err
	}
	if !wrote {
		thread.PeopleCount++
	}
	thread.PostCount++
	thread.LastNumber = post.Number
	thread.Hot = rankAdd(thread.Hot, contribution(post.CreatedAt, commentWeight))
	if post.CreatedAt.After(thread.ActiveAt) {
		thread.ActiveAt = post.CreatedAt
	}
	if _, err := tx.exec("UPDATE threads SET post_count = ?, people_count = ?, last_number = ?, hot = ?, active_at = ? WHERE id = ?",
		thread.PostCount, thread.PeopleCount, thread.LastNumber, thread.Hot, thread.ActiveAt, thread.ID); err != nil {
		return err
	}
	if err := tx.answerRequests(thread.ID, post); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO thread_people (thread_id, user_id, level, read_number, read_at, wrote_at) VALUES (?, ?, 'follow', ?, ?, ?)
		ON CONFLICT (thread_id, user_id) DO UPDATE SET wrote_at = excluded.wrote_at, read_number = excluded.read_number, read_at = excluded.read_at,
		level = CASE WHEN thread_people.level = 'normal' AND thread_people.chosen_at IS NULL THEN 'follow' ELSE thread_people.level END`,
		thread.ID, post.AuthorID, post.Number, post.CreatedAt, post.CreatedAt)
	return err
}

// recountThread counts a post that went (-1) or came back (1).
func (tx *Tx) recountThread(thread *Thread, posts int, post *Post) error {
	thread.PostCount += posts
	thread.Hot = hotAfter(thread.Hot, posts, post, thread.CreatedAt)
	if _, err := tx.exec("UPDATE threads SET post_count = ?, hot = ? WHERE id = ?", thread.PostCount, thread.Hot, thread.ID); err != nil {
		return err
	}
	said := tx.unanswerRequests
	if posts > 0 {
		said = func(post *Post) error { return tx.answerRequests(thread.ID, post) }
	}
	if err := said(post); err != nil {
		return err
	}
	if posts < 0 && orZero(thread.AcceptedID) == post.ID { // what is gone answers nothing
		if err := tx.Accept(thread, nil); err != nil {
			return err
		}
	}
	shown := *post
	if posts < 0 {
		shown.Body = ""
	}
	return Place{Thread: thread}.summarise(tx, &shown)
}
