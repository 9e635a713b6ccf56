package models

import (
	"fmt"
	"time"
)

// shifted is the condition that the post with an id moves, or moved, by a shift.
const shifted = "IN (SELECT m.post_id FROM thread_shift_posts m WHERE m.shift_id = ?)"

// carryOutShift moves the posts c of a locked thread for which a condition holds to the end of another locked one, and makes right
// what both say of themselves.
func (tx *Tx) carryOutShift(shift *ThreadShift, from, into *Thread, condition string, args []any) error {
	last := into.LastNumber
	shift.IntoID, shift.ActorID, shift.CreatedAt, shift.IntoPlace = into.ID, tx.actorID(), tx.now, last+1
	if err := tx.create(shift); err != nil {
		return err
	}
	moved, err := tx.exec("INSERT INTO thread_shift_posts (shift_id, post_id, was_number, number) SELECT ?, c.id, c.number, ? + row_number() OVER (ORDER BY c.number) FROM posts c WHERE "+condition,
		append([]any{shift.ID, last}, args...)...)
	if err != nil {
		return err
	}
	if moved > MostShifted {
		return Invalid{"post": "shifts.too_many", "into": "shifts.too_many"}
	}
	shift.Posts = int(moved)
	if err := tx.raw(tx.ctx, &shift.Place, "SELECT min(was_number) - 1 FROM thread_shift_posts WHERE shift_id = ?", shift.ID); err != nil {
		return err
	}
	if err := tx.keepPostsHeld(from, into); err != nil {
		return err
	}
	if err := tx.movePosts(shift, into.ID, "number"); err != nil {
		return err
	}
	into.LastNumber = last + shift.Posts
	for _, step := range []func(*ThreadShift, *Thread, *Thread) error{tx.shiftNotices, tx.shiftDrafts, tx.shiftPeople, tx.shiftAccepted} {
		if err := step(shift, from, into); err != nil {
			return err
		}
	}
	for _, thread := range []*Thread{into, from} {
		if err := tx.settleThread(thread, shift); err != nil {
			return err
		}
	}
	_, err = tx.exec("UPDATE thread_shifts SET posts = ?, place = ?, accepted_id = ?, accepted_by = ?, accepted_at = ? WHERE id = ?",
		shift.Posts, shift.Place, shift.AcceptedID, shift.AcceptedBy, shift.AcceptedAt, shift.ID)
	return err
}

// movePosts puts the posts of a shift into a thread, under the numbers that the shift keeps for it.
func (tx *Tx) movePosts(shift *ThreadShift, threadID int64, number string) error {
	_, err := tx.exec("UPDATE posts SET thread_id = ?, number = (SELECT m."+number+" FROM thread_shift_posts m WHERE m.shift_id = ? AND m.post_id = posts.id) WHERE id "+shifted, threadID, shift.ID, shift.ID)
	return err
}

// shiftNotices lets the notices of posts lead to where they stand. Of a thread that goes on elsewhere all do.
func (tx *Tx) shiftNotices(shift *ThreadShift, from, into *Thread) error {
	if shift.Kind == ShiftMerge {
		_, err := tx.exec("UPDATE notices SET post_id = (SELECT m.post_id FROM thread_shift_posts m WHERE m.shift_id = ? AND m.was_number = 1) WHERE thread_id = ? AND post_id IS NULL", shift.ID, from.ID)
		if err != nil {
			return err
		}
	}
	_, err := tx.exec("UPDATE notices SET thread_id = ? WHERE thread_id = ? AND post_id "+shifted, into.ID, from.ID, shift.ID)
	return err
}

// shiftDrafts lets what somebody has begun to answer to the posts of a shift, or to change in them, go with them. Where a whole thread goes
// on elsewhere, so does the post that they have begun for it, unless they have begun another one there.
func (tx *Tx) shiftDrafts(shift *ThreadShift, from, into *Thread) error {
	old, now := About{Thread: from.ID}.drafts(), About{Thread: into.ID}.drafts()
	_, err := tx.exec(`UPDATE drafts SET form = CAST(? AS TEXT) || substr(form, ?) WHERE form IN (SELECT CAST(? AS TEXT) || k.kind || m.post_id FROM thread_shift_posts m CROSS JOIN (SELECT '/reply/' AS kind UNION ALL SELECT '/edit/') k WHERE m.shift_id = ?
		UNION ALL SELECT CAST(? AS TEXT) WHERE ?) AND NOT EXISTS (SELECT 1 FROM drafts d WHERE d.user_id = drafts.user_id AND d.form = CAST(? AS TEXT) || substr(drafts.form, ?))`,
		now, len(old)+1, old, shift.ID, About{Thread: from.ID}.Form(0), shift.Kind == ShiftMerge && from.ID == shift.FromID, now, len(old)+1)
	return err
}

// shiftPeople makes people of the one thread people of the other: whoever wrote what moved, and unless it moved into a thread that
// others follow already, whoever follows, mutes or has read it. What somebody has said of the other thread stays.
func (tx *Tx) shiftPeople(shift *ThreadShift, from, into *Thread) error {
	who, read := "p.user_id IN (SELECT c.author_id FROM posts c WHERE c.id "+shifted+")", "0, NULL"
	args := []any{into.ID, shift.ID, from.ID, shift.ID}
	if shift.Kind == ShiftMerge || shift.Opened {
		who = "(p.level <> 'normal' OR p.read_number > ?)"
		args[3] = shift.Place
	}
	if shift.Opened {
		read = "coalesce((SELECT m.number FROM thread_shift_posts m WHERE m.shift_id = ? AND m.was_number <= p.read_number ORDER BY m.was_number DESC LIMIT 1), 0), p.read_at"
		args = append([]any{into.ID, shift.ID}, args[1:]...)
	}
	if _, err := tx.exec("INSERT INTO thread_people (thread_id, user_id, level, read_number, read_at, shift_id) SELECT ?, p.user_id, p.level, "+read+`, ? FROM thread_people p
		WHERE p.thread_id = ? AND `+who+" ON CONFLICT (thread_id, user_id) DO NOTHING", args...); err != nil {
		return err
	}
	if shift.Opened {
		return nil
	}
	if err := tx.shiftRead(shift, from, into); err != nil || shift.Kind != ShiftMerge || into.Kind != Question {
		return err
	}
	_, err := tx.exec(`UPDATE thread_people SET same_at = (SELECT p.same_at FROM thread_people p WHERE p.thread_id = ? AND p.user_id = thread_people.user_id)
		WHERE thread_id = ? AND same_at IS NULL AND user_id <> ? AND user_id IN (SELECT p.user_id FROM thread_people p WHERE p.thread_id = ? AND p.same_at IS NOT NULL)`, from.ID, into.ID, into.AuthorID, from.ID)
	return err
}

// shiftRead lets those who had read the other thread to its end have read of the posts that came what they had read before.
func (tx *Tx) shiftRead(shift *ThreadShift, from, into *Thread) error {
	reached := `(SELECT m.number FROM thread_people p JOIN thread_shift_posts m ON m.shift_id = ? AND m.was_number <= p.read_number
		WHERE p.thread_id = ? AND p.user_id = thread_people.user_id ORDER BY m.was_number DESC LIMIT 1)`
	_, err := tx.exec("UPDATE thread_people SET read_number = coalesce("+reached+", read_number) WHERE thread_id = ? AND read_number >= ? AND read_number < ? AND read_at IS NOT NULL",
		shift.ID, from.ID, into.ID, shift.IntoPlace-1, shift.IntoPlace+shift.Posts-1)
	return err
}

// shiftAccepted keeps of an accepted answer that moves what is true of it: it answers the thread that it has left no more, and the
// other one if that is a question made for it, or one that asks the same and has no answer.
func (tx *Tx) shiftAccepted(shift *ThreadShift, from, into *Thread) error {
	if from.AcceptedID == nil {
		return nil
	}
	var number []int
	if err := tx.raw(tx.ctx, &number, "SELECT m.number FROM thread_shift_posts m WHERE m.shift_id = ? AND m.post_id = ?", shift.ID, *from.AcceptedID); err != nil || len(number) == 0 {
		return err
	}
	asked := into.Kind == Question && number[0] > 1 && into.AcceptedID == nil && (shift.Opened || shift.Kind == ShiftMerge && from.Kind == Question)
	if asked || shift.Kind == ShiftSplit {
		shift.AcceptedID, shift.AcceptedBy, shift.AcceptedAt = from.AcceptedID, from.AcceptedBy, from.AcceptedAt
	}
	if asked {
		if err := tx.acceptAs(into, from.AcceptedID, from.AcceptedBy, from.AcceptedAt); err != nil {
			return err
		}
	}
	if shift.Kind == ShiftMerge { // which it still answers once the merge is taken back
		return nil
	}
	return tx.Accept(from, nil)
}

func (tx *Tx) acceptAs(thread *Thread, post, by *int64, at *time.Time) error {
	thread.AcceptedID, thread.AcceptedBy, thread.AcceptedAt = post, by, at
	_, err := tx.exec("UPDATE threads SET accepted_id = ?, accepted_by = ?, accepted_at = ? WHERE id = ?", post, by, at, thread.ID)
	return err
}

// settleThread counts anew what a locked thread says of itself and of those who write in it, after posts have come or gone.
func (tx *Tx) settleThread(thread *Thread, shift *ThreadShift) error {
	if _, err := tx.exec(`INSERT INTO thread_people (thread_id, user_id, level, shift_id, wrote_at) SELECT ?, c.author_id, 'follow', CAST(? AS BIGINT), max(c.created_at) FROM posts c WHERE c.thread_id = ? GROUP BY c.author_id
		ON CONFLICT (thread_id, user_id) DO UPDATE SET wrote_at = excluded.wrote_at,
		level = CASE WHEN thread_people.wrote_at IS NULL AND thread_people.level = 'normal' THEN 'follow' ELSE thread_people.level END`, thread.ID, shift.ID, thread.ID); err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE thread_people SET wrote_at = NULL WHERE thread_id = ? AND wrote_at IS NOT NULL AND user_id NOT IN (SELECT c.author_id FROM posts c WHERE c.thread_id = ?)", thread.ID, thread.ID); err != nil {
		return err
	}
	return tx.recountAll(thread)
}

// recountAll counts a locked thread from what is there. The numbers of its posts are never given twice, so its last one only grows.
func (tx *Tx) recountAll(thread *Thread) error {
	var posts []struct {
		AuthorID  int64
		CreatedAt time.Time
		Stands    bool
	}
	if err := tx.raw(tx.ctx, &posts, "SELECT author_id, created_at, removed_at IS NULL AS stands FROM posts WHERE thread_id = ?", thread.ID); err != nil {
		return err
	}
	var same []time.Time
	if err := tx.raw(tx.ctx, &same, "SELECT same_at FROM thread_people WHERE thread_id = ? AND same_at IS NOT NULL", thread.ID); err != nil {
		return err
	}
	authors := map[int64]bool{}
	thread.PostCount, thread.SameCount, thread.ActiveAt, thread.Hot = 0, len(same), thread.CreatedAt, contribution(thread.CreatedAt, 1)
	for _, post := range posts {
		authors[post.AuthorID] = true
		if post.CreatedAt.After(thread.ActiveAt) {
			thread.ActiveAt = post.CreatedAt
		}
		if post.Stands {
			thread.PostCount++
			thread.Hot = rankAdd(thread.Hot, contribution(post.CreatedAt, commentWeight))
		}
	}
	for _, at := range same {
		thread.Hot = rankAdd(thread.Hot, contribution(at, supportWeight))
	}
	thread.PeopleCount = len(authors)
	_, err := tx.exec("UPDATE threads SET post_count = ?, people_count = ?, last_number = ?, same_count = ?, hot = ?, active_at = ? WHERE id = ?",
		thread.PostCount, thread.PeopleCount, thread.LastNumber, thread.SameCount, thread.Hot, thread.ActiveAt, thread.ID)
	return err
}

// MovedText is what a post says that goes with a shift.
type MovedText struct {
	ID   int64
	Body string
}

// ShiftTexts are the texts that name files: those of the posts of a shift, and those of the posts that stayed.
func (tx *Tx) ShiftTexts(shift *ThreadShift) (moved []MovedText, stayed []string, err error) {
	const naming = " AND c.body LIKE '%/files/%'"
	if err = tx.raw(tx.ctx, &moved, "SELECT c.id, c.body FROM posts c WHERE c.id "+shifted+naming, shift.ID); err != nil || len(moved) == 0 {
		return nil, nil, err
	}
	return moved, stayed, tx.raw(tx.ctx, &stayed, "SELECT c.body FROM posts c WHERE c.thread_id = ?"+naming, shift.FromID)
}

// ShiftFiles lets the files go with the posts of a shift: those of the thread that are named, or all of a thread that goes on elsewhere.
func (tx *Tx) ShiftFiles(shift *ThreadShift, into *Thread, ids []int64) error {
	which, args := "", []any{shift.ID, shift.FromID}
	if shift.Kind == ShiftSplit {
		if len(ids) == 0 {
			return nil
		}
		which, args = " AND id IN ?", append(args, ids)
	}
	if _, err := tx.exec("INSERT INTO thread_shift_files (shift_id, file_id) SELECT ?, id FROM files WHERE thread_id = ?"+which, args...); err != nil {
		return err
	}
	return tx.moveFiles(shift, into)
}

// ShiftCopies lets files that were copied for the posts of a shift lie where those go, and come along should it be taken back.
func (tx *Tx) ShiftCopies(shift *ThreadShift, into *Thread, copies []File) error {
	if err := tx.PlaceCopies(Place{Thread: into}, copies); err != nil {
		return err
	}
	for i := range copies {
		if _, err := tx.exec("INSERT INTO thread_shift_files (shift_id, file_id) VALUES (?, ?)", shift.ID, copies[i].ID); err != nil {
			return err
		}
	}
	return nil
}

// RefilePost lets a post that has moved name its files by other numbers, which is no edit of what it says.
func (tx *Tx) RefilePost(id int64, body, html string) error {
	_, err := tx.exec("UPDATE posts SET body = ?, html = ? WHERE id = ?", body, html, id)
	return err
}

func (tx *Tx) moveFiles(shift *ThreadShift, to *Thread) error {
	_, err := tx.exec("UPDATE files SET thread_id = ?, space_id = ? WHERE thread_id IN (?, ?) AND id IN (SELECT file_id FROM thread_shift_files WHERE shift_id = ?)", to.ID, to.SpaceID, shift.FromID, shift.IntoID, shift.ID)
	return err
}

// LockShift locks a shift's threads, whoever may read them: the caller has looked at whether the actor may tend both.
func (tx *Tx) LockShift(id int64) (shift *ThreadShift, from, into *Thread, err error) {
	if shift, from, into, err = tx.Shift(tx.ctx, tx.actor, id); err != nil || !tx.postgres() {
		return shift, from, into, err
	}
	if _, err = tx.exec("SELECT 1 FROM threads WHERE id IN (?, ?) ORDER BY id FOR UPDATE", from.ID, into.ID); err != nil {
		return nil, nil, nil, err
	}
	return tx.Shift(tx.ctx, tx.actor, id)
}

// EndShift takes a shift back: every post stands again where it stood. It is refused if something has happened since that this would
// undo too, or that would be left without a place.
func (tx *Tx) EndShift(shift *ThreadShift, from, into *Thread) error {
	if err := tx.endable(shift, from, into); err != nil {
		return err
	}
	if err := tx.keepPostsHeld(into, from); err != nil {
		return err
	}
	if err := tx.movePosts(shift, from.ID, "was_number"); err != nil {
		return err
	}
	if err := tx.moveFiles(shift, from); err != nil {
		return err
	}
	if err := tx.shiftDrafts(shift, into, from); err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE notices SET thread_id = ? WHERE thread_id = ? AND post_id "+shifted, from.ID, into.ID, shift.ID); err != nil {
		return err
	}
	if err := tx.partPeople(shift, from, into); err != nil {
		return err
	}
	if err := tx.partAccepted(shift, from, into); err != nil {
		return err
	}
	for _, thread := range []*Thread{from, into} {
		if err := tx.settleThread(thread, shift); err != nil {
			return err
		}
	}
	return tx.closeShift(shift, from, into)
}

// closeShift notes that a shift has ended: the thread that went on elsewhere is there again, and one that was made for the posts is not.
func (tx *Tx) closeShift(shift *ThreadShift, from, into *Thread) (err error) {
	switch {
	case shift.Kind == ShiftMerge:
		from.State, from.MergedIntoID = Published, nil
		_, err = tx.exec("UPDATE threads SET state = ?, merged_into_id = NULL WHERE id = ?", from.State, from.ID)
	case shift.Opened:
		into.State, into.MergedIntoID = Withdrawn, &from.ID
		_, err = tx.exec("UPDATE threads SET state = ?, merged_into_id = ?, pinned_at = NULL, pinned_by = NULL WHERE id = ?", into.State, from.ID, into.ID)
	}
	if err != nil {
		return err
	}
	shift.EndedBy, shift.EndedAt = orNull(tx.actorID()), &tx.now
	changed, err := tx.exec("UPDATE thread_shifts SET ended_by = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL", shift.EndedBy, tx.now, shift.ID)
	if err == nil && changed == 0 {
		err = fmt.Errorf("end shift %d: %w", shift.ID, ErrConflict)
	}
	return err
}

// endable refuses to take a shift back that has become part of something else.
func (tx *Tx) endable(shift *ThreadShift, from, into *Thread) error {
	if !shift.Undoable(tx.now) {
		return &NotNow{"shifts.over"}
	}
	merged := from.MergedIntoID != nil
	if merged != (shift.Kind == ShiftMerge) || into.MergedIntoID != nil || !merged && from.State != Published {
		return &NotNow{"shifts.changed"}
	}
	var there, others int
	if err := tx.raw(tx.ctx, &there, "SELECT count(*) FROM thread_shift_posts m JOIN posts p ON p.id = m.post_id AND p.thread_id = ? AND p.number = m.number WHERE m.shift_id = ?", into.ID, shift.ID); err != nil {
		return err
	}
	if there != shift.Posts {
		return &NotNow{"shifts.changed"}
	}
	if !shift.Opened {
		return nil
	}
	err := tx.raw(tx.ctx, &others, "SELECT count(*) FROM posts WHERE thread_id = ?", into.ID)
	if err == nil && others != there {
		err = &NotNow{"shifts.written_since"}
	}
	return err
}

// partPeople takes out of the other thread whom only the shift had brought there.
func (tx *Tx) partPeople(shift *ThreadShift, from, into *Thread) error {
	if shift.Kind == ShiftMerge {
		if _, err := tx.exec(`UPDATE thread_people SET same_at = NULL WHERE thread_id = ? AND same_at = (SELECT p.same_at FROM thread_people p WHERE p.thread_id = ? AND p.user_id = thread_people.user_id)`, into.ID, from.ID); err != nil {
			return err
		}
	}
	_, err := tx.exec("DELETE FROM thread_people WHERE thread_id = ? AND shift_id = ? AND same_at IS NULL AND user_id NOT IN (SELECT c.author_id FROM posts c WHERE c.thread_id = ?)", into.ID, shift.ID, into.ID)
	return err
}

// partAccepted lets an answer be accepted again where it was, if it stands and nothing else is.
func (tx *Tx) partAccepted(shift *ThreadShift, from, into *Thread) error {
	if shift.AcceptedID != nil {
		if orZero(into.AcceptedID) == *shift.AcceptedID {
			if err := tx.Accept(into, nil); err != nil {
				return err
			}
		}
		if shift.Kind == ShiftSplit && from.AcceptedID == nil {
			if err := tx.acceptAs(from, shift.AcceptedID, shift.AcceptedBy, shift.AcceptedAt); err != nil {
				return err
			}
		}
	}
	if from.AcceptedID == nil {
		return nil
	}
	var stands bool
	if err := tx.raw(tx.ctx, &stands, "SELECT EXISTS (SELECT 1 FROM posts WHERE id = ? AND thread_id = ? AND removed_at IS NULL)", *from.AcceptedID, from.ID); err != nil || stands {
		return err
	}
	return tx.Accept(from, nil)
}

// Summary is what the change log says of a shift.
func (s *ThreadShift) Summary(other int64) map[string]any {
	return map[string]any{"shift": s.ID, "kind": s.Kind, "posts": s.Posts, "other": other}
}
