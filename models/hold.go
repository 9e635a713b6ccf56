package models

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Hold keeps something as it is because a court or an authority asks for it: as long as it is in force, nothing of it is purged, erased or
// removed by a period. What people do with it goes on as ever.
type Hold struct {
	ID            int64
	Subject       HoldSubject
	UserID        *int64 // of the five, one while the hold is in force
	SpaceID       *int64 // with the restricted collections in it
	IdeaID        *int64
	ThreadID      *int64
	ArticleID     *int64
	Reason        string
	Reference     string    // of the matter, as whoever asks calls it
	Dated         time.Time // the day of what asks for it
	PlacedBy      int64
	PlacedAt      time.Time
	ReleasedBy    *int64
	ReleasedAt    *time.Time
	ReleaseReason string
}

// HoldSubject is what kind of thing a hold is on.
type HoldSubject string

// Kinds of things that can be held.
const (
	HoldPerson  HoldSubject = "person"
	HoldSpace   HoldSubject = "space"
	HoldIdea    HoldSubject = "idea"
	HoldThread  HoldSubject = "thread"
	HoldArticle HoldSubject = "article"
)

// TableName is where holds are kept.
func (*Hold) TableName() string { return "legal_holds" }

func (h *Hold) subject() (string, int64, int64) { return "hold", h.ID, 0 }

// InForce tells whether the hold has not ended.
func (h *Hold) InForce() bool { return h.ReleasedAt == nil }

// On puts the id of a thing in its place.
func (h *Hold) On(subject HoldSubject, id int64) {
	h.Subject = subject
	*map[HoldSubject]**int64{HoldPerson: &h.UserID, HoldSpace: &h.SpaceID, HoldIdea: &h.IdeaID, HoldThread: &h.ThreadID, HoldArticle: &h.ArticleID}[subject] = &id
}

// About is the id of what is held; 0 once it is gone.
func (h *Hold) About() int64 {
	for _, id := range []*int64{h.UserID, h.SpaceID, h.IdeaID, h.ThreadID, h.ArticleID} {
		if id != nil {
			return *id
		}
	}
	return 0
}

// Longest texts of a hold, in characters.
const (
	MaxHoldReason    = 2000
	MaxHoldReference = 200
)

// Check tells what is wrong with what is said of the hold.
func (h *Hold) Check(now time.Time) Invalid {
	problems := Invalid{}
	if h.Reason = strings.TrimSpace(Calm(h.Reason)); !fits(h.Reason, MaxHoldReason) {
		problems["reason"] = "holds.reason_invalid"
	}
	if h.Reference = oneLine(h.Reference); !fits(h.Reference, MaxHoldReference) {
		problems["reference"] = "holds.reference_invalid"
	}
	if h.Dated.IsZero() || h.Dated.After(now) {
		problems["dated"] = "holds.dated_invalid"
	}
	return problems
}

// PlaceHold puts something under a hold. What it is on is one that the actor has found: see HoldTarget.
func (tx *Tx) PlaceHold(hold *Hold) error {
	if problems := hold.Check(tx.now); len(problems) > 0 {
		return problems
	}
	hold.Dated, hold.PlacedBy, hold.PlacedAt = hold.Dated.UTC(), tx.actorID(), tx.now
	return tx.create(hold)
}

// ReleaseHold ends a hold, for a reason; ErrConflict if it has ended.
func (tx *Tx) ReleaseHold(hold *Hold, reason string) error {
	if reason = strings.TrimSpace(Calm(reason)); !fits(reason, MaxHoldReason) {
		return Invalid{"release_reason": "holds.reason_invalid"}
	}
	changed, err := tx.exec("UPDATE legal_holds SET released_by = ?, released_at = ?, release_reason = ? WHERE id = ? AND released_at IS NULL", tx.actorID(), tx.now, reason, hold.ID)
	if err == nil && changed == 0 {
		return fmt.Errorf("hold %d has ended: %w", hold.ID, ErrConflict)
	}
	return err
}

// HoldCard is a hold in the list, with the names to read it by.
type HoldCard struct {
	Hold
	Title        string // of what is held, where the reader may know it
	PlacerName   string
	PlacerRole   Role
	ReleaserName string
	ReleaserRole Role
}

// Holds lists the holds newest first, before the given id (0 for the start), for those who read the log: those in force alone or all. People
// are named as in the log; what a space, or something in one, is called is told to whoever sees it.
func (q Queries) Holds(ctx context.Context, actor *Actor, ended bool, before int64, limit int) (cards []HoldCard, err error) {
	if !actor.Can(ReadAudit, nil) {
		return nil, ErrForbidden
	}
	condition := "h.id < ?"
	if !ended {
		condition += " AND h.released_at IS NULL"
	}
	return cards, q.holds(ctx, actor, &cards, condition, limit, beforeID(before))
}

// Hold finds a hold for those who read the log.
func (q Queries) Hold(ctx context.Context, actor *Actor, id int64) (*HoldCard, error) {
	if !actor.Can(ReadAudit, nil) {
		return nil, ErrForbidden
	}
	var cards []HoldCard
	err := q.holds(ctx, actor, &cards, "h.id = ?", 1, id)
	if err == nil && len(cards) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("hold %d: %w", id, err)
	}
	return &cards[0], nil
}

func (q Queries) holds(ctx context.Context, actor *Actor, cards *[]HoldCard, condition string, limit int, arg any) error {
	space, list := q.visible(actor, "s.id")
	idea, _ := q.visible(actor, "i.space_id")
	thread, _ := q.visible(actor, "t.space_id")
	article, _ := q.visible(actor, "a.space_id")
	return q.raw(ctx, cards, `SELECT h.*, coalesce(p.name, CASE WHEN `+space+` THEN s.title END, CASE WHEN `+idea+` THEN i.title END, CASE WHEN `+thread+` THEN t.title END, CASE WHEN `+article+` THEN a.title END, '') AS title,
		u.name AS placer_name, `+standing+` AS placer_role, coalesce(r.name, '') AS releaser_name, coalesce(r.role, '') AS releaser_role
		FROM legal_holds h JOIN users u ON u.id = h.placed_by LEFT JOIN users r ON r.id = h.released_by LEFT JOIN users p ON p.id = h.user_id LEFT JOIN spaces s ON s.id = h.space_id
		LEFT JOIN ideas i ON i.id = h.idea_id LEFT JOIN threads t ON t.id = h.thread_id LEFT JOIN articles a ON a.id = h.article_id
		WHERE `+condition+" ORDER BY h.id DESC LIMIT "+strconv.Itoa(limit), list, list, list, list, arg)
}

// HoldTarget finds what is to be held: a person, or what the actor sees. A space is found by its address, or by the number that the log has
// of it: with that, those are held whom the actor must not look into.
func (q Queries) HoldTarget(ctx context.Context, actor *Actor, subject HoldSubject, id int64, slug string) (int64, error) {
	if !actor.Can(HoldData, nil) {
		return 0, ErrForbidden
	}
	switch subject {
	case HoldPerson:
		person, err := q.Person(ctx, actor, id)
		if err != nil {
			return 0, err
		}
		return person.ID, nil
	case HoldSpace:
		space, err := q.SpaceBySlug(ctx, actor, slug)
		if err == nil {
			return space.ID, nil
		}
		if !errors.Is(err, ErrNotFound) || id == 0 {
			return 0, err
		}
		return id, q.one(ctx, &id, "SELECT id FROM spaces WHERE id = ? AND within_id IS NULL", id)
	case HoldIdea:
		_, err := q.Idea(ctx, actor, id)
		return id, err
	case HoldThread:
		_, err := q.Thread(ctx, actor, id)
		return id, err
	case HoldArticle:
		_, err := q.Article(ctx, actor, id)
		return id, err
	}
	return 0, ErrNotFound
}
