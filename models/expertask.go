package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Bounds of asking: of which time the requests to somebody count, in which one that nobody answers lapses too, how many one person makes in a
// day, and how many wait under one question. The house chose these three, so that nobody is asked by everybody and no question asks the house.
const (
	requestWeek   = 7 * day
	requestsADay  = 10
	requestsAlive = 3
)

// AskingRefused is nil if the actor may ask people to answer the question of a thread: who may write there, as long as it waits for an answer;
// who comes from outside where the space lets them. Whoever asks is named to whom they ask, so who hides there does not.
func (a *Actor) AskingRefused(thread *Thread) error {
	if thread.Kind != Question || !thread.waits() {
		return fmt.Errorf("thread %d waits for no answer: %w", thread.ID, ErrConflict)
	}
	if !a.SignedIn() || a.Service || a.Masked() {
		return ErrForbidden
	}
	if err := a.Refusal(PostComment, &Space{ID: thread.SpaceID}); err != nil {
		return err
	}
	if a.External() && !a.Access(thread.SpaceID).OutsidersAsk {
		return ErrForbidden
	}
	return nil
}

// waits tells whether a question still waits for an answer.
func (t *Thread) waits() bool {
	return t.State == Published && t.ClosedAt == nil && t.AcceptedID == nil && t.MergedIntoID == nil
}

// askable is the condition that the person u can be asked by the actor to answer in a thread: they take part in its space, are not away, have
// room this week, mute neither the actor nor the space nor the thread, and have not been asked there before. Whether the author who hides
// is among them plays no part, so that nothing hints at who it is.
func (q Queries) askable(actor *Actor, thread *Thread) (condition string, args []any) {
	now := q.present()
	outsiders := " AND u.role <> 'external'"
	if actor.Access(thread.SpaceID).OutsidersAsk {
		outsiders = ""
	}
	condition = `u.id NOT IN (?, ?) AND ` + knower + ` AND u.role <> 'auditor'` + outsiders + `
		AND EXISTS (SELECT 1 FROM spaces s LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = u.id WHERE s.id = ? AND coalesce(m.role, '') <> 'reader'
			AND (m.role IS NOT NULL AND (u.role <> 'external' OR s.visibility IN ('public', 'external')) OR u.role <> 'external' AND s.visibility IN ('public', 'company')))
		AND NOT EXISTS (SELECT 1 FROM expert_choices c WHERE c.user_id = u.id AND c.away_until > ?)
		AND NOT EXISTS (SELECT 1 FROM followings f WHERE f.user_id = u.id AND f.level = 'mute' AND (f.person_id = ? OR f.space_id = ?))
		AND NOT EXISTS (SELECT 1 FROM thread_people p WHERE p.thread_id = ? AND p.user_id = u.id AND p.level = 'mute')
		AND NOT EXISTS (SELECT 1 FROM expert_requests r WHERE r.thread_id = ? AND r.expert_id = u.id AND r.state <> 'withdrawn')
		AND (SELECT count(*) FROM expert_requests r WHERE r.expert_id = u.id AND r.created_at > ? AND r.state <> 'withdrawn') < coalesce((SELECT c.weekly FROM expert_choices c WHERE c.user_id = u.id), ` + strconv.Itoa(HouseWeekly) + ")"
	return condition, []any{actor.ID, thread.AuthorID, thread.SpaceID, now, actor.ID, thread.SpaceID, thread.ID, thread.ID, now.Add(-requestWeek)}
}

// ProposeExperts finds people to ask to answer the question of a thread, with why: those who can be asked now.
func (q Queries) ProposeExperts(ctx context.Context, actor *Actor, thread *Thread) ([]Expert, error) {
	keys, err := q.expertKeys(ctx, actor, thread.Title, thread.Tags)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	condition, args := q.askable(actor, thread)
	return q.expertsOf(ctx, actor, keys, condition, args...)
}

// AskExpert asks somebody whom the actor may know to answer the question of a locked thread, and tells them. Whatever stands in the way of it
// is said in the same words, since it is their own matter.
func (tx *Tx) AskExpert(thread *Thread, expertID int64) (*ExpertRequest, error) {
	if err := tx.actor.AskingRefused(thread); err != nil {
		return nil, err
	}
	if _, err := tx.Person(tx.ctx, tx.actor, expertID); err != nil {
		return nil, fmt.Errorf("expert %d: %w", expertID, err)
	}
	if err := tx.lockBoth(tx.actorID(), expertID); err != nil {
		return nil, err
	}
	if err := tx.roomToAsk(thread); err != nil {
		return nil, err
	}
	condition, args := tx.askable(tx.actor, thread)
	here, now := tx.here()
	var can bool
	if err := tx.raw(tx.ctx, &can, "SELECT EXISTS (SELECT 1 FROM users u WHERE u.id = ? AND "+here+" AND "+condition+")", append([]any{expertID, now}, args...)...); err != nil {
		return nil, err
	}
	if !can {
		return nil, Invalid{"expert": "experts.cannot_ask"}
	}
	request := &ExpertRequest{ThreadID: thread.ID, ExpertID: expertID, AskerID: tx.actorID(), State: AskedOpen, CreatedAt: tx.now}
	const takenBack = "FROM expert_requests WHERE thread_id = ? AND expert_id = ? AND state = 'withdrawn'"
	if err := tx.raw(tx.ctx, &request.Times, "SELECT 1 + coalesce(sum(times), 0) "+takenBack+" AND asker_id = ? AND created_at > ?", thread.ID, expertID, tx.actorID(), tx.now.Add(-day)); err != nil {
		return nil, err
	}
	if _, err := tx.exec("DELETE "+takenBack, thread.ID, expertID); err != nil {
		return nil, err
	}
	if err := tx.create(request); err != nil {
		return nil, err
	}
	return request, tx.create(&HouseNotice{UserID: expertID, Kind: NoticeExpertAsked, ThreadID: &thread.ID, CreatedAt: tx.now})
}

// lockBoth is lockPerson for two, in one order, so that two who ask each other do not wait for ever.
func (tx *Tx) lockBoth(a, b int64) error {
	return errors.Join(tx.lockPerson(min(a, b)), tx.lockPerson(max(a, b)))
}

// roomToAsk refuses who has asked very often today, and a question under which enough people are waited for.
func (tx *Tx) roomToAsk(thread *Thread) error {
	var counts struct{ Today, Waiting int }
	err := tx.one(tx.ctx, &counts, `SELECT (SELECT coalesce(sum(times), 0) FROM expert_requests WHERE asker_id = ? AND created_at > ?) AS today,
		(SELECT count(*) FROM expert_requests WHERE thread_id = ? AND state = 'open' AND created_at > ?) AS waiting`, tx.actorID(), tx.now.Add(-day), thread.ID, tx.now.Add(-requestWeek))
	switch {
	case err != nil:
		return err
	case counts.Today >= requestsADay:
		return Invalid{"expert": "experts.asked_enough"}
	case counts.Waiting >= requestsAlive:
		return Invalid{"expert": "experts.waits_enough"}
	}
	return nil
}

// answerRequests notes that whoever wrote a post in a thread has answered what they were asked there, before it and no longer ago than an
// answer is waited for.
func (tx *Tx) answerRequests(threadID int64, post *Post) error {
	_, err := tx.exec("UPDATE expert_requests SET state = 'answered', post_id = ?, ended_at = ? WHERE thread_id = ? AND expert_id = ? AND state = 'open' AND created_at <= ? AND created_at > ?",
		post.ID, post.CreatedAt, threadID, post.AuthorID, post.CreatedAt, post.CreatedAt.Add(-requestWeek))
	return err
}

// unanswerRequests opens again what a post answered that is there no more, unless they wrote another one that answers it.
func (tx *Tx) unanswerRequests(post *Post) error {
	var request ExpertRequest
	if err := tx.one(tx.ctx, &request, "SELECT * FROM expert_requests WHERE post_id = ?", post.ID); errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE expert_requests SET state = 'open', post_id = NULL, ended_at = NULL WHERE id = ?", request.ID); err != nil {
		return err
	}
	other := &Post{}
	err := tx.one(tx.ctx, other, "SELECT id, author_id, created_at FROM posts WHERE thread_id = ? AND author_id = ? AND id <> ? AND removed_at IS NULL AND created_at >= ? ORDER BY id LIMIT 1",
		request.ThreadID, request.ExpertID, post.ID, request.CreatedAt)
	if errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	return tx.answerRequests(request.ThreadID, other)
}

// CannotAsk tells whether an error says that somebody cannot be asked now.
func CannotAsk(err error) (problems Invalid, cannot bool) {
	cannot = errors.As(err, &problems) && slices.Contains([]string{"experts.cannot_ask", "experts.asked_enough", "experts.waits_enough"}, problems["expert"])
	return problems, cannot
}
