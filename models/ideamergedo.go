package models

import (
	"errors"
	"fmt"
	"time"
)

// mergeLock lets one merge of ideas begin or end at a time on PostgreSQL, so that two which are locked in different orders do
// not wait for each other, nor make a ring together.
const mergeLock = 713

// LockMerge finds an idea and the one that it is to go on in, as far as the actor may read them, and locks both. Whether they fit together is looked at before, while neither can change in that.
func (tx *Tx) LockMerge(id, intoID int64) (idea *Answering, into *Idea, err error) {
	if err := tx.holdMerges(); err != nil {
		return nil, nil, err
	}
	seen, err := tx.Idea(tx.ctx, tx.actor, id)
	if err != nil {
		return nil, nil, err
	}
	into, err = tx.Idea(tx.ctx, tx.actor, intoID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil, Invalid{"into": "merges.into_unknown"}
	}
	if err == nil {
		err = mergeProblem(seen, into)
	}
	if err != nil {
		return nil, nil, err
	}
	if err := tx.lockIdeas([]int64{id, intoID}); err != nil {
		return nil, nil, err
	}
	if idea, err = tx.LockAnswering(id); err != nil {
		return nil, nil, err
	}
	if into, err = tx.lockFamily(intoID); err != nil {
		return nil, nil, err
	}
	return idea, into, mergeProblem(&idea.Idea, into)
}

func (tx *Tx) holdMerges() error {
	if !tx.postgres() {
		return nil
	}
	_, err := tx.exec("SELECT pg_advisory_xact_lock(?)", mergeLock)
	return err
}

// lockFamily locks the idea that others go on in, whoever may read it: its counts are kept for those who may.
func (tx *Tx) lockFamily(id int64) (*Idea, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
	}
	idea := &Idea{}
	return idea, tx.one(tx.ctx, idea, "SELECT * FROM ideas WHERE id = ?"+lock, id)
}

// ProposeMerge stores that a locked idea is to go on in another one. The same again is the one that is there; ErrConflict if it
// goes on, or is to, elsewhere.
func (tx *Tx) ProposeMerge(idea, into *Idea, reason string) (merge *IdeaMerge, begun bool, err error) {
	if reason, err = mergeWords(reason); err != nil {
		return nil, false, err
	}
	card, err := tx.OpenMerge(tx.ctx, idea.ID)
	if err != nil {
		return nil, false, err
	}
	if card != nil {
		if card.IntoID != into.ID {
			return nil, false, mergeOf(idea, into.ID)
		}
		return &card.IdeaMerge, false, nil
	}
	if waits, err := tx.waitsInLine(idea, into); err != nil || waits {
		return nil, false, errors.Join(err, Invalid{"into": "merges.into_waits"})
	}
	var refused bool
	if err := tx.raw(tx.ctx, &refused, "SELECT EXISTS (SELECT 1 FROM idea_merges WHERE idea_id = ? AND into_id = ? AND state = 'refused')", idea.ID, into.ID); err != nil {
		return nil, false, err
	}
	if refused && !tx.actor.MayAnswerMerge(idea) {
		return nil, false, Invalid{"into": "merges.was_refused"}
	}
	merge = &IdeaMerge{IdeaID: idea.ID, IntoID: into.ID, State: MergeWaiting, Reason: reason, ProposedBy: tx.actorID(), ProposedAt: tx.now, DueAt: tx.now.Add(MergeWait)}
	return merge, true, tx.create(merge)
}

// CarryOutMerge lets a locked idea go on in another locked one: that is the answer to it, and from now on whoever supports
// either counts once with the other.
func (tx *Tx) CarryOutMerge(merge *IdeaMerge, idea, into *Idea) error {
	merge.State, merge.MergedAt, merge.WasAnswer, merge.WasWaiting, merge.WasReminded = MergeDone, &tx.now, idea.Answer, idea.WaitingSince, idea.Reminded
	if idea.AnswerID == nil && idea.CampaignID != nil && idea.WaitingSince != nil {
		merge.WaitedDays = tx.daysSince(*idea.WaitingSince)
		if err := tx.countAnswer(*idea.CampaignID, merge.WaitedDays); err != nil {
			return err
		}
	}
	changed, err := tx.exec("UPDATE idea_merges SET state = ?, answered_by = ?, merged_at = ?, was_answer = ?, was_waiting = ?, was_reminded = ?, waited_days = ? WHERE id = ? AND state = 'waiting'",
		merge.State, merge.AnsweredBy, tx.now, merge.WasAnswer, merge.WasWaiting, merge.WasReminded, merge.WaitedDays, merge.ID)
	if err != nil {
		return err
	}
	if changed == 0 {
		return mergeOf(idea, into.ID)
	}
	idea.MergedIntoID, idea.Answer, idea.WaitingSince, idea.Reminded = &into.ID, AnswerMerged, nil, 0
	if _, err := tx.exec("UPDATE ideas SET merged_into_id = ?, answer = ?, waiting_since = NULL, reminded = 0 WHERE id = ?", into.ID, AnswerMerged, idea.ID); err != nil {
		return err
	}
	return tx.countOrigin(into, 1)
}

// countOrigin adds to how many ideas go on in a locked one, and counts anew who supports them.
func (tx *Tx) countOrigin(into *Idea, n int) error {
	into.Origins += n
	if _, err := tx.exec("UPDATE ideas SET origins = ? WHERE id = ?", into.Origins, into.ID); err != nil {
		return err
	}
	return tx.weigh(into)
}

// RefuseMerge is an author's no.
func (tx *Tx) RefuseMerge(merge *IdeaMerge) error { return tx.closeMerge(merge, MergeRefused) }

// EndMerge takes a merge of a locked idea back, whether it waits or holds: the idea stands as it stood before.
func (tx *Tx) EndMerge(merge *IdeaMerge, idea *Idea) error {
	held := merge.State == MergeDone
	if err := tx.closeMerge(merge, MergeEnded); err != nil || !held {
		return err
	}
	if merge.WaitedDays > 0 {
		if _, err := tx.exec("UPDATE campaign_answers SET answers = answers - 1 WHERE campaign_id = ? AND days = ?", idea.CampaignID, merge.WaitedDays); err != nil {
			return err
		}
	}
	idea.MergedIntoID, idea.Answer, idea.WaitingSince, idea.Reminded = nil, merge.WasAnswer, merge.WasWaiting, merge.WasReminded
	if _, err := tx.exec("UPDATE ideas SET merged_into_id = NULL, answer = ?, waiting_since = ?, reminded = ? WHERE id = ?", idea.Answer, idea.WaitingSince, idea.Reminded, idea.ID); err != nil {
		return err
	}
	into, err := tx.lockFamily(merge.IntoID)
	if err != nil {
		return err
	}
	return tx.countOrigin(into, -1)
}

func (tx *Tx) closeMerge(merge *IdeaMerge, state MergeState) error {
	column, was := "ended_by", merge.State
	if state == MergeRefused {
		column = "answered_by"
	}
	merge.State, merge.EndedAt = state, &tx.now
	changed, err := tx.exec("UPDATE idea_merges SET state = ?, "+column+" = ?, ended_at = ? WHERE id = ? AND state = ?", state, orNull(tx.actorID()), tx.now, merge.ID, was)
	if err == nil && changed == 0 {
		err = fmt.Errorf("end merge %d: %w", merge.ID, ErrConflict)
	}
	return err
}

// LockOpenMerge locks an idea that the actor may read, and finds its merge that holds or waits, nil if there is none, and locks
// where it goes on.
func (tx *Tx) LockOpenMerge(id int64) (idea *Answering, merge *IdeaMerge, err error) {
	if err := tx.holdMerges(); err != nil {
		return nil, nil, err
	}
	card, err := tx.OpenMerge(tx.ctx, id)
	if err == nil && card != nil {
		err = tx.lockIdeas([]int64{id, card.IntoID})
	}
	if err != nil {
		return nil, nil, err
	}
	if idea, err = tx.LockAnswering(id); err != nil || card == nil {
		return idea, nil, err
	}
	return idea, &card.IdeaMerge, nil
}

// LockDueMerge locks the two ideas of a merge whose day has come, for the house itself. The merge is nil if it no longer waits,
// and the ideas do not fit together any more if fits is false.
func (tx *Tx) LockDueMerge(id int64) (merge *IdeaMerge, idea, into *Idea, fits bool, err error) {
	if err := tx.holdMerges(); err != nil {
		return nil, nil, nil, false, err
	}
	card, err := tx.OpenMerge(tx.ctx, id)
	if err != nil || card == nil || card.State != MergeWaiting || card.DueAt.After(tx.now) {
		return nil, nil, nil, false, err
	}
	if err := tx.lockIdeas([]int64{id, card.IntoID}); err != nil {
		return nil, nil, nil, false, err
	}
	if idea, err = tx.lockFamily(id); err == nil {
		into, err = tx.lockFamily(card.IntoID)
	}
	if err != nil {
		return nil, nil, nil, false, err
	}
	return &card.IdeaMerge, idea, into, idea.State == Published && mergeProblem(idea, into) == nil, nil
}

// weigh counts anew who supports a locked idea or one that goes on in it, everybody once, and its rank with it. Of those who
// are known only by number nobody can tell who is in both: the largest number counts.
func (tx *Tx) weigh(idea *Idea) error {
	if hidden, err := tx.HidesSupports(idea); err != nil || hidden {
		return err
	}
	var supports []struct {
		UserID    int64
		CreatedAt time.Time
	}
	if err := tx.raw(tx.ctx, &supports, "SELECT s.user_id, s.created_at FROM ideas f JOIN supports s ON s.idea_id = f.id WHERE "+family+" ORDER BY s.user_id, s.created_at", idea.ID, idea.ID); err != nil {
		return err
	}
	var comments []time.Time
	if err := tx.raw(tx.ctx, &comments, "SELECT created_at FROM posts WHERE idea_id = ? AND removed_at IS NULL ORDER BY created_at, id", idea.ID); err != nil {
		return err
	}
	var unnamed int
	if err := tx.raw(tx.ctx, &unnamed, "SELECT max(f.imported_supports) FROM ideas f WHERE "+family, idea.ID, idea.ID); err != nil {
		return err
	}
	times := make([]time.Time, 0, len(supports))
	for i := range supports {
		if i == 0 || supports[i].UserID != supports[i-1].UserID {
			times = append(times, supports[i].CreatedAt)
		}
	}
	idea.SupportCount = unnamed + len(times)
	idea.Hot = rankAddMany(Rank(idea.PublishedAt, times, comments), unnamed, idea.PublishedAt) // nobody knows when those came
	return tx.saveSupports(idea)
}

// weighTarget counts the idea anew that another one goes on in, if it goes on in one.
func (tx *Tx) weighTarget(idea *Idea) error {
	if idea.MergedIntoID == nil {
		return nil
	}
	into, err := tx.lockFamily(*idea.MergedIntoID)
	if err != nil {
		return err
	}
	return tx.weigh(into)
}

// passOn counts a support that came to a locked idea, or left it, in the idea that it goes on in, unless the same person
// counts there by another.
func (tx *Tx) passOn(idea *Idea, userID int64, at time.Time, n int) error {
	if idea.MergedIntoID == nil || idea.State != Published {
		return nil
	}
	into, err := tx.lockFamily(*idea.MergedIntoID)
	if err != nil {
		return err
	}
	if counted, err := tx.supportsInFamily(tx.ctx, into.ID, idea.ID, userID); err != nil || counted {
		return err
	}
	return tx.countSupport(into, at, n)
}

// countFamilies counts anew who supports the ideas that others go on in, of those that somebody supported in one of the ideas
// or, without these, supports: what an account's merge or erasure changes at once. Ranks stay.
func (tx *Tx) countFamilies(condition string, args ...any) error {
	var ids []int64
	err := tx.raw(tx.ctx, &ids, "SELECT DISTINCT coalesce(f.merged_into_id, f.id) FROM ideas f WHERE (f.merged_into_id IS NOT NULL OR f.origins > 0) AND "+condition, args...)
	if err != nil || len(ids) == 0 {
		return err
	}
	if err := tx.lockIdeas(ids); err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE ideas SET support_count = (SELECT max(f.imported_supports) FROM ideas f WHERE f.id = ideas.id OR f.merged_into_id = ideas.id AND f.state = 'published')
		+ (SELECT count(DISTINCT s.user_id) FROM ideas f JOIN supports s ON s.idea_id = f.id WHERE f.id = ideas.id OR f.merged_into_id = ideas.id AND f.state = 'published') WHERE id IN ? AND NOT `+supportsHidden("ideas.id"), ids)
	return err
}
