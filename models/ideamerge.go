package models

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// IdeaMerge says that an idea goes on in another one of its space, or that somebody proposes it. Nothing moves: supports and
// messages stay with the idea where they were given, so whoever ends a merge finds everything as it was. What others go on in
// goes on nowhere itself: a merge has one step, and no rings.
type IdeaMerge struct {
	ID          int64
	IdeaID      int64
	IntoID      int64
	State       MergeState
	Reason      string
	ProposedBy  int64
	ProposedAt  time.Time
	DueAt       time.Time // when it happens although no author has answered
	AnsweredBy  *int64    // the author who did
	MergedAt    *time.Time
	EndedBy     *int64
	EndedAt     *time.Time
	WasAnswer   DecisionKind // how the idea stood towards an answer before
	WasWaiting  *time.Time
	WasReminded int
	WaitedDays  int // that were counted as the time of the first answer of its campaign; 0 for none
}

// MergeState says what became of a merge.
type MergeState string

// States of merges.
const (
	MergeWaiting MergeState = "waiting" // for the authors, or for its day
	MergeDone    MergeState = "merged"
	MergeRefused MergeState = "refused" // by an author
	MergeEnded   MergeState = "ended"
)

const (
	// MergeWait is how long the authors have to say no.
	MergeWait = 7 * day

	// MaxOrigins bounds how many ideas go on in one.
	MaxOrigins = 50
)

// MayAnswerMerge tells whether the actor may say yes or no to a merge of an idea: its authors.
func (a *Actor) MayAnswerMerge(idea *Idea) bool {
	return a.SignedIn() && idea.Writer(a) == a.ID && a.Can(TakeBack, &Space{ID: idea.SpaceID})
}

// MayEndMerge tells whether the actor may take a merge of an idea back: its authors, whenever they like, and those who decide.
func (a *Actor) MayEndMerge(idea *Answering) bool { return a.MayAnswerMerge(&idea.Idea) || idea.May(a) }

// IdeaMergeCard is a merge with the name of whoever proposed it.
type IdeaMergeCard struct {
	IdeaMerge
	ProposerName string
	ProposerRole Role
}

// OpenMerge is the merge of an idea that holds or waits, nil if there is none. The caller has loaded the idea as one that the
// actor may read.
func (q Queries) OpenMerge(ctx context.Context, ideaID int64) (*IdeaMergeCard, error) {
	card := &IdeaMergeCard{}
	err := q.one(ctx, card, "SELECT m.*, u.name AS proposer_name, "+standing+" AS proposer_role FROM idea_merges m JOIN users u ON u.id = m.proposed_by WHERE m.idea_id = ? AND m.state IN ('waiting', 'merged')", ideaID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return card, err
}

// Origins are the published ideas that go on in one that the actor may read, in the order in which they came, with the words
// of those who sign them.
func (q Queries) Origins(ctx context.Context, actor *Actor, idea *Idea) ([]IdeaCard, error) {
	if idea.Origins == 0 {
		return nil, nil
	}
	var ids []int64
	if err := q.raw(ctx, &ids, "SELECT idea_id FROM idea_merges WHERE into_id = ? AND state = 'merged' ORDER BY id LIMIT ?", idea.ID, MaxOrigins); err != nil {
		return nil, err
	}
	found, err := q.IdeaCards(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	var cards []IdeaCard
	for _, id := range ids {
		for i := range found {
			if found[i].ID == id {
				cards = append(cards, found[i])
			}
		}
	}
	return cards, nil
}

// OriginComments are the first comments of ideas that the actor may read, at most the given number of each, oldest first.
func (q Queries) OriginComments(ctx context.Context, origins []IdeaCard, each int) (cards []PostCard, err error) {
	var arms []string
	var args []any
	for i := range origins {
		if origins[i].CommentCount > 0 {
			arms = append(arms, "SELECT * FROM (SELECT id FROM posts WHERE idea_id = ? AND removed_at IS NULL ORDER BY created_at, id LIMIT "+strconv.Itoa(each)+") t")
			args = append(args, origins[i].ID)
		}
	}
	if len(arms) == 0 {
		return nil, nil
	}
	return q.postCards(ctx, "WHERE c.id IN ("+strings.Join(arms, " UNION ALL ")+") ORDER BY c.created_at, c.id", args...)
}

// CountedThrough tells whether somebody counts among those who support an idea because they support one that goes on in it.
func (q Queries) CountedThrough(ctx context.Context, idea *Idea, userID int64) (bool, error) {
	if idea.Origins == 0 || userID == 0 {
		return false, nil
	}
	return q.supportsInFamily(ctx, idea.ID, idea.ID, userID)
}

// family is the condition that the idea f is the one of its two arguments, or goes on in it and is there to be read.
const family = "(f.id = ? OR f.merged_into_id = ? AND f.state = 'published')"

// supportsInFamily tells whether somebody supports an idea or one that goes on in it, but for one of these.
func (q Queries) supportsInFamily(ctx context.Context, ideaID, except, userID int64) (found bool, err error) {
	return found, q.raw(ctx, &found, "SELECT EXISTS (SELECT 1 FROM supports s JOIN ideas f ON f.id = s.idea_id WHERE s.user_id = ? AND s.idea_id <> ? AND "+family+")", userID, except, ideaID, ideaID)
}

// DueMerges are the ideas for whose merge the authors have had their time. In an archived space nothing happens.
func (q Queries) DueMerges(ctx context.Context, limit int) (ids []int64, err error) {
	return ids, q.raw(ctx, &ids, "SELECT m.idea_id FROM idea_merges m JOIN ideas i ON i.id = m.idea_id JOIN spaces s ON s.id = i.space_id WHERE m.state = 'waiting' AND m.due_at <= ? AND s.archived_at IS NULL ORDER BY m.due_at, m.id LIMIT ?", q.present(), limit)
}

// RecordedMerge loads the merge of an event for a reader.
func (tx *Tx) RecordedMerge(id int64) (*IdeaMerge, error) {
	merge := &IdeaMerge{}
	return merge, tx.one(tx.ctx, merge, "SELECT * FROM idea_merges WHERE id = ?", id)
}

// NotifyMerged tells those who support or follow an idea, and who sign it, that it goes on in another one, or no longer does.
func (tx *Tx) NotifyMerged(notice Notice) error {
	return tx.notifyMany(notice, `SELECT t.user_id FROM (SELECT `+authorBehind+` AS user_id FROM ideas i WHERE i.id = ? UNION SELECT c.user_id FROM co_authors c WHERE c.idea_id = ? AND c.state = 'joined'
		UNION SELECT f.user_id FROM follows f WHERE f.idea_id = ? UNION SELECT p.user_id FROM supports p WHERE p.idea_id = ?) t
		JOIN users u ON u.id = t.user_id WHERE u.import_ref IS NULL AND t.user_id <> ?`, notice.IdeaID, notice.IdeaID, notice.IdeaID, notice.IdeaID, notice.ActorID)
}

// mergeWords checks why an idea is to go on in another one.
func mergeWords(reason string) (string, error) {
	reason, err := words("reason", reason)
	if err != nil || reason == "" {
		return "", Invalid{"reason": "merges.reason_invalid"}
	}
	return reason, nil
}

// mergeProblem says why an idea cannot go on in another one.
func mergeProblem(idea, into *Idea) error {
	problem := ""
	switch {
	case idea.ID == into.ID:
		problem = "merges.itself"
	case idea.SpaceID != into.SpaceID, into.State != Published: // what not all its readers may see
		problem = "merges.into_unknown"
	case orZero(into.MergedIntoID) == idea.ID:
		problem = "merges.ring"
	case into.MergedIntoID != nil:
		problem = "merges.into_merged"
	case idea.Origins > 0:
		problem = "merges.has_origins"
	case into.Origins >= MaxOrigins:
		problem = "merges.too_many"
	}
	if problem == "" {
		return nil
	}
	return Invalid{"into": problem}
}

// waitsInLine tells whether a merge of either is proposed that the new one would make a second step or a ring of.
func (tx *Tx) waitsInLine(idea, into *Idea) (found bool, err error) {
	return found, tx.raw(tx.ctx, &found, "SELECT EXISTS (SELECT 1 FROM idea_merges WHERE idea_id = ? AND state = 'waiting') OR EXISTS (SELECT 1 FROM idea_merges WHERE into_id = ? AND state = 'waiting')", into.ID, idea.ID)
}

func mergeOf(idea *Idea, into int64) error {
	return fmt.Errorf("merge idea %d into %d: %w", idea.ID, into, ErrConflict)
}
