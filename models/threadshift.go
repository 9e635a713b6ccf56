package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// ThreadShift says that posts have moved from one thread to another: some of them, where it was split, or all, where it goes on in the
// other. They keep their authors, their days and their own permanent addresses.
type ThreadShift struct {
	ID         int64
	Kind       ShiftKind
	FromID     int64
	IntoID     int64
	ActorID    int64
	Opened     bool   // the thread into which they went was made for them
	Posts      int    // how many moved
	Place      int    // the number after which they are missing
	IntoPlace  int    // the number that the first of them has now
	AcceptedID *int64 // of the posts that moved, the answer that the shift has changed something about, by whom and when it was accepted
	AcceptedBy *int64
	AcceptedAt *time.Time
	CreatedAt  time.Time
	EndedBy    *int64
	EndedAt    *time.Time // it was taken back
}

// ShiftKind says of what kind a shift is.
type ShiftKind string

// Kinds of shifts.
const (
	ShiftSplit ShiftKind = "split"
	ShiftMerge ShiftKind = "merge"
)

// ShiftScope says which posts go with those that somebody has chosen.
type ShiftScope string

// Scopes of a split.
const (
	ShiftOnly    ShiftScope = "only"    // none
	ShiftAnswers ShiftScope = "answers" // what answers them, and what answers that
	ShiftRest    ShiftScope = "rest"    // everything from the first of them on
)

// ShiftScopes lists them.
func ShiftScopes() []ShiftScope { return []ShiftScope{ShiftOnly, ShiftAnswers, ShiftRest} }

const (
	// ShiftUndo is how long a shift can be taken back.
	ShiftUndo = 7 * day

	// MostChosen is how many posts can be chosen one by one.
	MostChosen = 200

	// MostShifted is how many posts move at once.
	MostShifted = 10_000

	// shownShifts is how many shifts the pages of a thread tell of.
	shownShifts = 50
)

// Undoable tells whether a shift may still be taken back at a time.
func (s *ThreadShift) Undoable(now time.Time) bool {
	return s.EndedAt == nil && now.Before(s.CreatedAt.Add(ShiftUndo))
}

// ShiftCard is a shift as the pages of one of its threads tell of it.
type ShiftCard struct {
	ThreadShift
	Here       bool // the posts came into the thread
	OtherTitle string
	OtherID    int64
	OtherSpace int64
	ActorName  string
	ActorRole  Role
}

// Path is the address of the other thread.
func (c *ShiftCard) Path() string { return ThreadPath(c.OtherID, c.OtherTitle) }

// Shifts are the shifts out of a thread and into it, newest first, as far as the actor may see the other thread. The caller has loaded
// the thread as one that the actor may read.
func (q Queries) Shifts(ctx context.Context, actor *Actor, thread *Thread) (cards []ShiftCard, err error) {
	seen, list := q.visible(actor, "o.space_id")
	return cards, q.raw(ctx, &cards, `SELECT s.*, s.into_id = ? AS here, o.title AS other_title, o.id AS other_id, o.space_id AS other_space, u.name AS actor_name, `+standing+` AS actor_role FROM (
			SELECT * FROM (SELECT a.*, a.into_id AS other FROM thread_shifts a WHERE a.from_id = ? ORDER BY a.id DESC LIMIT `+strconv.Itoa(shownShifts)+`) gone
			UNION ALL SELECT * FROM (SELECT b.*, b.from_id AS other FROM thread_shifts b WHERE b.into_id = ? ORDER BY b.id DESC LIMIT `+strconv.Itoa(shownShifts)+`) come
		) s JOIN threads o ON o.id = s.other JOIN users u ON u.id = s.actor_id
		WHERE s.ended_at IS NULL AND (o.state = 'published' OR o.merged_into_id = ?) AND `+seen+` ORDER BY s.id DESC LIMIT `+strconv.Itoa(shownShifts),
		thread.ID, thread.ID, thread.ID, thread.ID, list)
}

// Shift finds a shift with its two threads, if the actor may see the spaces of both.
func (q Queries) Shift(ctx context.Context, actor *Actor, id int64) (shift *ThreadShift, from, into *Thread, err error) {
	shift, from, into = &ThreadShift{}, &Thread{}, &Thread{}
	if err = q.one(ctx, shift, "SELECT * FROM thread_shifts WHERE id = ?", id); err == nil {
		err = errors.Join(q.one(ctx, from, "SELECT * FROM threads WHERE id = ?", shift.FromID), q.one(ctx, into, "SELECT * FROM threads WHERE id = ?", shift.IntoID))
	}
	if err == nil && (actor.Access(from.SpaceID) == nil || actor.Access(into.SpaceID) == nil) {
		err = ErrNotFound
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("shift %d: %w", id, err)
	}
	return shift, from, into, nil
}

// mostMerges bounds how many threads that went on in one another are followed.
const mostMerges = 20

// MergedThread is the thread in which one goes on whose address may be old, if the actor may read that.
func (q Queries) MergedThread(ctx context.Context, actor *Actor, id int64) (*Thread, error) {
	for range mostMerges {
		var into []int64
		if err := q.raw(ctx, &into, "SELECT merged_into_id FROM threads WHERE id = ? AND merged_into_id IS NOT NULL", id); err != nil {
			return nil, err
		}
		if len(into) == 0 {
			return q.Thread(ctx, actor, id)
		}
		id = into[0]
	}
	return nil, fmt.Errorf("thread %d goes on too often: %w", id, ErrNotFound)
}

// MovedFrom tells whether a post has stood in a thread in which it stands no more.
func (q Queries) MovedFrom(ctx context.Context, postID, threadID int64) (moved bool, err error) {
	return moved, q.raw(ctx, &moved, `SELECT EXISTS (SELECT 1 FROM thread_shift_posts m JOIN thread_shifts s ON s.id = m.shift_id WHERE m.post_id = ? AND (s.from_id = ? OR s.into_id = ?))`, postID, threadID, threadID)
}

// Answered is a post that one in another thread answers.
type Answered struct {
	ID         int64
	AuthorName string
	AuthorRole Role
}

// AnsweredElsewhere are those of some posts, which stand in other threads by now, that the actor may see.
func (q Queries) AnsweredElsewhere(ctx context.Context, actor *Actor, ids []int64) (answered []Answered, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	seen, list := q.visible(actor, "t.space_id")
	return answered, q.raw(ctx, &answered, `SELECT c.id, u.name AS author_name, `+standing+` AS author_role FROM posts c JOIN threads t ON t.id = c.thread_id JOIN users u ON u.id = c.author_id
		WHERE c.id IN ? AND c.removed_at IS NULL AND t.state = 'published' AND `+seen, ids, list)
}

// LockThreads locks two threads that the actor may read, always in the same order, so that two shifts never wait for each other.
func (tx *Tx) LockThreads(first, second int64) (a, b *Thread, err error) {
	if first > second {
		b, a, err = tx.LockThreads(second, first)
		return a, b, err
	}
	if a, err = tx.LockThread(first); err != nil {
		return nil, nil, err
	}
	b, err = tx.LockThread(second)
	return a, b, err
}

// Chosen are the posts of a thread that somebody picks to move, with what goes along.
type Chosen struct {
	Posts []int64
	Scope ShiftScope
}

// condition is what holds of the posts c that move out of a thread: never its opening, nor what is removed.
func (c Chosen) condition(thread *Thread) (string, []any) {
	base, args := "c.thread_id = ? AND c.number > 1 AND c.removed_at IS NULL AND ", []any{thread.ID}
	switch c.Scope {
	case ShiftAnswers:
		return base + `c.id IN (WITH RECURSIVE branch (id) AS (SELECT id FROM posts WHERE id IN ? AND thread_id = ?
			UNION SELECT p.id FROM posts p JOIN branch b ON p.parent_id = b.id WHERE p.thread_id = ?) SELECT id FROM branch)`, append(args, c.Posts, thread.ID, thread.ID)
	case ShiftRest:
		return base + "c.number >= (SELECT min(number) FROM posts WHERE thread_id = ? AND id IN ?)", append(args, thread.ID, c.Posts)
	}
	return base + "c.id IN ?", append(args, c.Posts)
}

// check refuses what cannot move. Somebody else may have moved or removed some of it meanwhile.
func (c Chosen) check(tx *Tx, thread *Thread) error {
	if len(c.Posts) == 0 {
		return Invalid{"post": "shifts.none_chosen"}
	}
	if len(c.Posts) > MostChosen {
		return Invalid{"post": "shifts.too_many_chosen"}
	}
	if !slices.Contains(ShiftScopes(), c.Scope) {
		return Invalid{"scope": "shifts.scope_invalid"}
	}
	var there int
	err := tx.raw(tx.ctx, &there, "SELECT count(*) FROM posts c WHERE c.id IN ? AND c.thread_id = ? AND c.number > 1 AND c.removed_at IS NULL", c.Posts, thread.ID)
	if err == nil && there != len(c.Posts) {
		err = Invalid{"post": "shifts.posts_gone"}
	}
	return err
}

// SplitThread moves posts of a locked thread into another locked one, or with an into that is not stored yet into a new thread that
// begins with the first of them, and is by whoever wrote that.
func (tx *Tx) SplitThread(thread, into *Thread, chosen Chosen) (*ThreadShift, error) {
	if err := chosen.check(tx, thread); err != nil {
		return nil, err
	}
	if thread.State != Published || into.ID != 0 && into.State != Published {
		return nil, fmt.Errorf("split thread %d, of which one is withdrawn: %w", thread.ID, ErrConflict)
	}
	condition, args := chosen.condition(thread)
	shift := &ThreadShift{Kind: ShiftSplit, FromID: thread.ID, Opened: into.ID == 0}
	if shift.Opened {
		if err := tx.openWith(into, thread, condition, args); err != nil {
			return nil, err
		}
	}
	return shift, tx.carryOutShift(shift, thread, into, condition, args)
}

// openWith stores a new thread that begins with the first post for which a condition holds.
func (tx *Tx) openWith(into, from *Thread, condition string, args []any) error {
	if err := tx.takesThreads(into); err != nil {
		return err
	}
	first := &Post{}
	if err := tx.one(tx.ctx, first, "SELECT c.* FROM posts c WHERE "+condition+" ORDER BY c.number LIMIT 1", args...); err != nil {
		return err
	}
	into.AuthorID, into.AgreementID, into.Anonymity = first.AuthorID, first.AgreementID, Named
	if first.AuthorID == from.AuthorID {
		into.Anonymity = from.Anonymity
	}
	into.Summary, into.Lang, into.CreatedAt, into.ActiveAt = excerpt(first.Body, summaryWords), first.Lang, first.CreatedAt, first.CreatedAt
	into.State, into.Version = Published, 1
	if err := tx.create(into); err != nil {
		return err
	}
	return tx.saveThreadTags(into)
}

// ThreadMergeProblem says why a thread cannot go on in another one.
func (q Queries) ThreadMergeProblem(ctx context.Context, thread, into *Thread) error {
	switch {
	case thread.ID == into.ID:
		return Invalid{"into": "shifts.itself"}
	case thread.State != Published:
		return fmt.Errorf("merge thread %d, which is withdrawn: %w", thread.ID, ErrConflict)
	case into.State != Published:
		return Invalid{"into": "shifts.into_unknown"}
	case thread.Anonymity != into.Anonymity:
		return Invalid{"into": "shifts.anonymity_differs"}
	}
	var asks bool
	err := q.raw(ctx, &asks, "SELECT EXISTS (SELECT 1 FROM polls WHERE thread_id = ?)", thread.ID)
	if err == nil && asks { // its voters were asked there, and who may vote is who reads that thread
		err = Invalid{"into": "shifts.has_poll"}
	}
	return err
}

// MergeThread lets a locked thread go on in another locked one: its opening and what follows become the last posts there.
func (tx *Tx) MergeThread(thread, into *Thread) (*ThreadShift, error) {
	if err := tx.ThreadMergeProblem(tx.ctx, thread, into); err != nil {
		return nil, err
	}
	shift := &ThreadShift{Kind: ShiftMerge, FromID: thread.ID}
	if err := tx.carryOutShift(shift, thread, into, "c.thread_id = ?", []any{thread.ID}); err != nil {
		return nil, err
	}
	thread.State, thread.MergedIntoID, thread.PinnedAt, thread.PinnedBy = Withdrawn, &into.ID, nil, nil
	_, err := tx.exec("UPDATE threads SET state = ?, merged_into_id = ?, pinned_at = NULL, pinned_by = NULL WHERE id = ?", thread.State, into.ID, thread.ID)
	return shift, err
}

// Widens tells whether what is said in the space is read by others once it stands in another one: whoever reads that may not have
// been among those for whom it was written.
func (a *SpaceAccess) Widens(to *SpaceAccess) bool {
	narrow := []Visibility{Public, External, Company, Restricted}
	return a.ID != to.ID && (a.Visibility == Restricted || slices.Index(narrow, to.Visibility) < slices.Index(narrow, a.Visibility))
}

// Words is the beginning of a post in one line.
func (p *Post) Words() string { return excerpt(p.Body, 160) }
