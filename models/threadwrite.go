package models

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// excerpt is the beginning of a Markdown text in one line, without its marks.
func excerpt(markdown string, length int) string {
	words := oneLine(markdownMarks.ReplaceAllString(markdownLinks.ReplaceAllString(markdown, "$1"), ""))
	if runes := []rune(words); len(runes) > length {
		return strings.TrimSpace(string(runes[:length])) + "…"
	}
	return words
}

// CreateThread begins a thread with its first post; whoever begins it follows it. The caller has validated and rendered the texts.
func (tx *Tx) CreateThread(thread *Thread, post *Post) (err error) {
	if thread.AgreementID, err = tx.underAgreement(thread.SpaceID); err != nil {
		return err
	}
	if err := tx.takesThreads(thread); err != nil {
		return err
	}
	if thread.CreatedAt.IsZero() {
		thread.CreatedAt = tx.now
	}
	thread.State, thread.Version, thread.ActiveAt = Published, 1, thread.CreatedAt
	thread.Hot = contribution(thread.CreatedAt, 1)
	if err := tx.create(thread); err != nil {
		return err
	}
	if err := tx.saveThreadTags(thread); err != nil {
		return err
	}
	post.CreatedAt = thread.CreatedAt
	return tx.CreatePost(Place{Thread: thread}, post)
}

// takesThreads refuses a topic that is not of the thread's space, or in which nothing new is begun.
func (tx *Tx) takesThreads(thread *Thread) error {
	if thread.TopicID == nil {
		return nil
	}
	var open bool
	err := tx.raw(tx.ctx, &open, "SELECT EXISTS (SELECT 1 FROM topics WHERE id = ? AND space_id = ? AND archived_at IS NULL)", *thread.TopicID, thread.SpaceID)
	if err == nil && !open {
		err = Invalid{"topic": "discussions.topic_invalid"}
	}
	return err
}

func (tx *Tx) saveThreadTags(thread *Thread) error {
	for _, tag := range thread.Tags { // a few
		if _, err := tx.exec("INSERT INTO thread_tags (tag, thread_id, space_id) VALUES (?, ?, ?)", tag, thread.ID, thread.SpaceID); err != nil {
			return err
		}
	}
	return nil
}

// EditThread stores another title, topic and tags of a locked thread. base is the version that the editor started from; ErrConflict
// if someone else has saved since.
func (tx *Tx) EditThread(thread *Thread, base int, from *int64) error {
	if base != thread.Version {
		return fmt.Errorf("edit thread %d from version %d: %w", thread.ID, base, ErrConflict)
	}
	if orZero(from) != orZero(thread.TopicID) { // one that stays where it is may do so in an archived topic
		if err := tx.takesThreads(thread); err != nil {
			return err
		}
	}
	thread.Version, thread.EditedAt = base+1, &tx.now
	if _, err := tx.exec("UPDATE threads SET title = ?, topic_id = ?, tags = ?, version = ?, edited_at = ? WHERE id = ?",
		thread.Title, thread.TopicID, thread.Tags, thread.Version, tx.now, thread.ID); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM thread_tags WHERE thread_id = ?", thread.ID); err != nil {
		return err
	}
	return tx.saveThreadTags(thread)
}

// MoveThread brings a locked thread to another space, where it stands in no topic and is pinned no longer.
func (tx *Tx) MoveThread(thread *Thread, spaceID int64) error {
	if err := tx.keepHeld(HoldThread, []int64{thread.ID}, spaceID, spaceHold, thread.SpaceID, thread.SpaceID); err != nil {
		return err
	}
	thread.SpaceID, thread.TopicID, thread.PinnedAt, thread.PinnedBy = spaceID, nil, nil, nil
	if _, err := tx.exec("UPDATE threads SET space_id = ?, topic_id = NULL, pinned_at = NULL, pinned_by = NULL WHERE id = ?", spaceID, thread.ID); err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE files SET space_id = ? WHERE thread_id = ?", spaceID, thread.ID); err != nil { // they count for the space in which they are
		return err
	}
	_, err := tx.exec("UPDATE thread_tags SET space_id = ? WHERE thread_id = ?", spaceID, thread.ID)
	return err
}

// SetThreadState withdraws a locked thread or brings it back.
func (tx *Tx) SetThreadState(thread *Thread, state State) error {
	thread.State = state
	_, err := tx.exec("UPDATE threads SET state = ? WHERE id = ?", state, thread.ID)
	return err
}

// ThreadWithdrawnBy is who withdrew a thread last: authors may not undo what a moderator decided.
func (q Queries) ThreadWithdrawnBy(ctx context.Context, thread *Thread) (userID int64, err error) {
	return userID, q.raw(ctx, &userID, "SELECT actor_id FROM events WHERE subject = 'thread' AND subject_id = ? AND verb = 'thread.withdrawn' ORDER BY id DESC LIMIT 1", thread.ID)
}

// Accept says which post answers the question of a locked thread; nil for none.
func (tx *Tx) Accept(thread *Thread, post *Post) error {
	thread.AcceptedID, thread.AcceptedBy, thread.AcceptedAt = nil, nil, nil
	if post != nil {
		actor := tx.actorID()
		thread.AcceptedID, thread.AcceptedBy, thread.AcceptedAt = &post.ID, &actor, &tx.now
	}
	_, err := tx.exec("UPDATE threads SET accepted_id = ?, accepted_by = ?, accepted_at = ? WHERE id = ?", thread.AcceptedID, thread.AcceptedBy, thread.AcceptedAt, thread.ID)
	return err
}

// SetSame notes that the actor asks what a locked thread asks, or does so no longer.
func (tx *Tx) SetSame(thread *Thread, same bool) error {
	var was bool
	if err := tx.raw(tx.ctx, &was, "SELECT EXISTS (SELECT 1 FROM thread_people WHERE thread_id = ? AND user_id = ? AND same_at IS NOT NULL)", thread.ID, tx.actorID()); err != nil || was == same {
		return err
	}
	var at *time.Time
	count, hot := -1, rankRemove(thread.Hot, contribution(tx.now, supportWeight), contribution(thread.CreatedAt, 1))
	if same {
		at, count, hot = &tx.now, 1, rankAdd(thread.Hot, contribution(tx.now, supportWeight))
	}
	if _, err := tx.exec(`INSERT INTO thread_people (thread_id, user_id, level, same_at) VALUES (?, ?, 'follow', ?)
		ON CONFLICT (thread_id, user_id) DO UPDATE SET same_at = excluded.same_at,
		level = CASE WHEN thread_people.level = 'normal' AND thread_people.chosen_at IS NULL AND excluded.same_at IS NOT NULL THEN 'follow' ELSE thread_people.level END`, thread.ID, tx.actorID(), at); err != nil {
		return err
	}
	thread.SameCount, thread.Hot = thread.SameCount+count, hot
	_, err := tx.exec("UPDATE threads SET same_count = ?, hot = ? WHERE id = ?", thread.SameCount, thread.Hot, thread.ID)
	return err
}

// Pin puts a locked thread before the list of its space, or back into it.
func (tx *Tx) Pin(thread *Thread, pinned bool) error {
	thread.PinnedAt, thread.PinnedBy = nil, nil
	if pinned {
		var count int
		if err := tx.raw(tx.ctx, &count, "SELECT count(*) FROM threads WHERE space_id = ? AND pinned_at IS NOT NULL", thread.SpaceID); err != nil {
			return err
		}
		if count >= MostPinned {
			return Invalid{"pinned": "discussions.too_many_pinned"}
		}
		actor := tx.actorID()
		thread.PinnedAt, thread.PinnedBy = &tx.now, &actor
	}
	_, err := tx.exec("UPDATE threads SET pinned_at = ?, pinned_by = ? WHERE id = ?", thread.PinnedAt, thread.PinnedBy, thread.ID)
	return err
}

// Close makes a locked thread one that is only read, with a reason, or opens it again.
func (tx *Tx) Close(thread *Thread, closed bool, reason string) error {
	thread.ClosedAt, thread.ClosedBy, thread.CloseReason = nil, nil, ""
	if closed {
		actor := tx.actorID()
		thread.ClosedAt, thread.ClosedBy, thread.CloseReason = &tx.now, &actor, reason
	}
	_, err := tx.exec("UPDATE threads SET closed_at = ?, closed_by = ?, close_reason = ? WHERE id = ?", thread.ClosedAt, thread.ClosedBy, thread.CloseReason, thread.ID)
	return err
}

// Slowest is the longest that one person can be made to wait between two posts.
const Slowest = 24 * time.Hour

// Slow says how long one person waits between two posts in a locked thread; 0 for not at all.
func (tx *Tx) Slow(thread *Thread, pause time.Duration) error {
	if pause < 0 || pause > Slowest {
		return Invalid{"slow": "discussions.slow_invalid"}
	}
	thread.SlowSeconds = int(pause / time.Second)
	_, err := tx.exec("UPDATE threads SET slow_seconds = ? WHERE id = ?", thread.SlowSeconds, thread.ID)
	return err
}

// Wait is how long the actor has to wait until they may write in a slow thread; moderators never do.
func (q Queries) Wait(ctx context.Context, actor *Actor, thread *Thread) (time.Duration, error) {
	if thread.SlowSeconds == 0 || actor.MayTend(thread) {
		return 0, nil
	}
	var wrote []time.Time
	err := q.raw(ctx, &wrote, "SELECT wrote_at FROM thread_people WHERE thread_id = ? AND user_id = ? AND wrote_at IS NOT NULL", thread.ID, actor.ID)
	if err != nil || len(wrote) == 0 {
		return 0, err
	}
	return max(0, time.Duration(thread.SlowSeconds)*time.Second-q.present().Sub(wrote[0])), nil
}

// takesPosts refuses a post in a locked thread whose author has to wait.
func (tx *Tx) takesPosts(thread *Thread) error {
	wait, err := tx.Wait(tx.ctx, tx.actor, thread)
	if err == nil && wait > 0 {
		err = Invalid{"body": "discussions.wait"}
	}
	return err
}
