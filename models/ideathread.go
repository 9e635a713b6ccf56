package models

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// IdeaThread says that a thread and an idea belong together, or that the thread has become the idea.
type IdeaThread struct {
	IdeaID   int64
	ThreadID int64
	Became   bool
	LinkedBy int64
	LinkedAt time.Time
}

// MostTied is how many threads an idea is tied to, and how many ideas a thread.
const MostTied = 20

// MayTie tells whether the actor may say that a thread and an idea, both of which they have loaded, belong together: who may change
// one of the two.
func (a *Actor) MayTie(idea *Idea, thread *Thread) bool {
	return a.MayTieIdea(idea) || a.MayTieThread(thread)
}

// MayTieIdea tells whether the actor may tie an idea to any thread that they may read.
func (a *Actor) MayTieIdea(idea *Idea) bool { return idea.State == Published && a.MayEdit(idea) }

// MayTieThread tells whether the actor may tie a thread to any idea that they may read.
func (a *Actor) MayTieThread(thread *Thread) bool {
	return thread.State == Published && a.MayEditThread(thread)
}

// TiedIdea is an idea to which a thread is tied.
type TiedIdea struct {
	IdeaCard
	Became bool
}

// TiedIdeas are the ideas to which a thread is tied, or one that goes on in it, as far as the actor may see them. The caller has loaded
// the thread as one that the actor may read.
func (q Queries) TiedIdeas(ctx context.Context, actor *Actor, threadID int64) (tied []TiedIdea, err error) {
	var ties []IdeaThread
	err = q.raw(ctx, &ties, `SELECT idea_id, thread_id, became, linked_at FROM idea_threads WHERE thread_id IN (SELECT CAST(? AS BIGINT) UNION ALL SELECT id FROM threads WHERE merged_into_id = ?)
		ORDER BY became DESC, linked_at DESC, idea_id DESC LIMIT `+strconv.Itoa(MostTied), threadID, threadID)
	if err != nil || len(ties) == 0 {
		return nil, err
	}
	ids := make([]int64, len(ties))
	for i := range ties {
		ids[i] = ties[i].IdeaID
	}
	cards, err := q.IdeaCards(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	for _, tie := range ties {
		for i := range cards {
			if cards[i].ID == tie.IdeaID {
				tied = append(tied, TiedIdea{cards[i], tie.Became})
				cards[i].ID = 0 // which it is tied to twice, where two threads have become one
			}
		}
	}
	return tied, nil
}

// TiedThread is a thread to which an idea is tied.
type TiedThread struct {
	ID        int64
	Title     string
	Lang      string
	PostCount int
	Solved    bool
	Became    bool // it has become the idea
}

// Path is the address of the thread.
func (t *TiedThread) Path() string { return ThreadPath(t.ID, t.Title) }

// TiedThreads are the threads to which an idea is tied, or in which those go on, as far as the actor may see them. The caller has loaded
// the idea as one that the actor may read.
func (q Queries) TiedThreads(ctx context.Context, actor *Actor, ideaID int64) (tied []TiedThread, err error) {
	seen, list := q.visible(actor, "t.space_id")
	return tied, q.raw(ctx, &tied, `SELECT t.id, t.title, t.lang, t.post_count, t.accepted_id IS NOT NULL AS solved, i.became FROM idea_threads i
		JOIN threads o ON o.id = i.thread_id JOIN threads t ON t.id = coalesce(o.merged_into_id, o.id)
		WHERE i.idea_id = ? AND t.state = 'published' AND `+seen+` ORDER BY i.became DESC, i.linked_at DESC, i.thread_id DESC LIMIT `+strconv.Itoa(MostTied), ideaID, list)
}

// LockTie finds an idea and a thread that the actor may read, and locks both.
func (tx *Tx) LockTie(ideaID, threadID int64) (idea *Idea, thread *Thread, err error) {
	if idea, err = tx.LockIdea(ideaID); err != nil {
		return nil, nil, err
	}
	thread, err = tx.LockThread(threadID)
	return idea, thread, err
}

// Tie says of a locked idea and a locked thread that they belong together; false if that was said before.
func (tx *Tx) Tie(idea *Idea, thread *Thread, became bool) (changed bool, err error) {
	var ideas, threads int
	if err := tx.raw(tx.ctx, &ideas, "SELECT count(*) FROM idea_threads WHERE thread_id = ?", thread.ID); err != nil {
		return false, err
	}
	if err := tx.raw(tx.ctx, &threads, "SELECT count(*) FROM idea_threads WHERE idea_id = ?", idea.ID); err != nil {
		return false, err
	}
	rows, err := tx.exec("INSERT INTO idea_threads (idea_id, thread_id, became, linked_by, linked_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (idea_id, thread_id) DO NOTHING",
		idea.ID, thread.ID, became, tx.actorID(), tx.now)
	if err == nil && rows > 0 && max(ideas, threads) >= MostTied {
		err = Invalid{"tie": "ties.too_many"}
	}
	return rows > 0, err
}

// Untie takes that back; false if it was not said. That a thread has become an idea stays.
func (tx *Tx) Untie(ideaID, threadID int64) (changed bool, err error) {
	rows, err := tx.exec("DELETE FROM idea_threads WHERE idea_id = ? AND thread_id = ? AND NOT became", ideaID, threadID)
	return rows > 0, err
}

// MayTurn tells whether the actor may turn a thread into an idea: whoever began it, unless they hide, since the log would name them, and
// who tends it.
func (a *Actor) MayTurn(thread *Thread) bool {
	return !a.Masked() && thread.State == Published && (thread.AuthorID == a.ID && a.MayEditThread(thread) || a.MayTend(thread))
}

// Turn lets a locked thread have become a new idea of its author. Whoever that is has to be able to propose one where it stands now,
// and of one thread there is one idea.
func (tx *Tx) Turn(idea *Idea, thread *Thread) error {
	var before bool
	if err := tx.raw(tx.ctx, &before, "SELECT EXISTS (SELECT 1 FROM idea_threads t JOIN ideas i ON i.id = t.idea_id WHERE t.thread_id = ? AND t.became AND i.state = 'published')", thread.ID); err != nil {
		return err
	}
	if before {
		return Invalid{"thread": "ties.turned_before"}
	}
	if idea.AuthorID != tx.actorID() {
		var takesPart bool
		if err := tx.raw(tx.ctx, &takesPart, "SELECT EXISTS (SELECT 1"+tx.electors()+" AND u.id = "+behind("?")+")", idea.SpaceID, tx.now, idea.AuthorID, idea.AuthorID); err != nil {
			return err
		}
		if !takesPart {
			return Invalid{"space": "ties.author_elsewhere"}
		}
	}
	if _, err := tx.Tie(idea, thread, true); err != nil {
		return fmt.Errorf("turn thread %d into idea %d: %w", thread.ID, idea.ID, err)
	}
	if idea.AuthorID == tx.actorID() || thread.AgreementID == nil || thread.SpaceID != idea.SpaceID {
		return nil
	}
	idea.AgreementID = thread.AgreementID // under which its author wrote it
	if _, err := tx.exec("UPDATE ideas SET agreement_id = ? WHERE id = ?", idea.AgreementID, idea.ID); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE idea_versions SET agreement_id = ? WHERE idea_id = ?", idea.AgreementID, idea.ID)
	return err
}
