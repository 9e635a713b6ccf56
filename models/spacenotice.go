package models

import (
	"context"
	"time"
)

// Kinds of notices about spaces.
const (
	NoticeAsked     Kind = "asked"     // someone asks to be let into a space that you run
	NoticeApproved  Kind = "approved"  // you have been let in
	NoticeDeclined  Kind = "declined"  // you have not
	NoticeUnmanaged Kind = "unmanaged" // a space has lost its last manager
	NoticeNamed     Kind = "named"     // you run a space now
	NoticeTaken     Kind = "taken"     // someone was made manager of your space from outside
)

// SpaceNotice tells a person that something happened to a space which concerns them.
type SpaceNotice struct {
	ID        int64
	UserID    int64
	Kind      Kind
	ActorID   *int64 // nil for the house itself
	SpaceID   int64
	RequestID *int64
	CreatedAt time.Time
	ReadAt    *time.Time
}

// SpaceNoticeCard is such a notice as its page shows it.
type SpaceNoticeCard struct {
	SpaceNotice
	ActorName string
	ActorRole Role
	SpaceSlug string
	Title     string // of the space; empty where the reader may not know of it
	Words     string // why someone asks, or the word with a decision
	Listed    bool
	Visible   Visibility
	Archived  *time.Time
}

// Path is the address of what the notice is about.
func (n *SpaceNoticeCard) Path() string {
	switch n.Kind {
	case NoticeAsked:
		if n.ActorID == nil { // a stranger, who has no account
			return "/spaces/" + n.SpaceSlug + "/registrations"
		}
		return "/spaces/" + n.SpaceSlug + "/requests"
	case NoticeUnmanaged:
		return "/spaces/unmanaged"
	}
	return "/spaces/" + n.SpaceSlug
}

// readableSpaceNotice is the condition that the notice n is about a space s that its reader may still see. Who asked for
// a listed space hears the answer, and of a space that nobody runs those hear who can name a manager.
func (q Queries) readableSpaceNotice(actor *Actor) (condition string, args []any) {
	seen, list := q.visible(actor, "n.space_id")
	condition = seen
	if actor.OfTheCompany() {
		condition += " OR s.listed AND s.archived_at IS NULL AND n.kind IN ('approved', 'declined')"
	}
	if actor.Can(ManagePeople, nil) {
		condition += " OR n.kind = 'unmanaged'"
	}
	return "n.user_id = ? AND (" + condition + ")", []any{actor.ID, list}
}

// SpaceNotices lists a person's newest notices about spaces.
func (q Queries) SpaceNotices(ctx context.Context, actor *Actor, limit int) (cards []SpaceNoticeCard, err error) {
	condition, args := q.readableSpaceNotice(actor)
	err = q.raw(ctx, &cards, `SELECT n.*, coalesce(u.name, '') AS actor_name, coalesce(`+standing+`, '') AS actor_role, s.slug AS space_slug, s.title, s.listed, s.visibility AS visible, s.archived_at AS archived,
		CASE WHEN n.kind = 'asked' THEN coalesce(r.message, '') ELSE coalesce(r.answer, '') END AS words
		FROM space_notices n JOIN spaces s ON s.id = n.space_id LEFT JOIN users u ON u.id = n.actor_id LEFT JOIN entry_requests r ON r.id = n.request_id
		WHERE `+condition+" ORDER BY n.id DESC LIMIT ?", append(args, limit)...)
	for i := range cards {
		card := &cards[i]
		if actor.Access(card.SpaceID) == nil && !actor.knowsOf(&Space{ID: card.SpaceID, Visibility: card.Visible, Listed: card.Listed, ArchivedAt: card.Archived}) {
			card.Title, card.SpaceSlug = "", ""
		}
	}
	return cards, err
}

// UnreadSpace tells whether a person has unread notices about a space.
func (q Queries) UnreadSpace(ctx context.Context, actor *Actor, spaceID int64) (found bool, err error) {
	return found, q.raw(ctx, &found, "SELECT EXISTS (SELECT 1 FROM space_notices WHERE user_id = ? AND space_id = ? AND read_at IS NULL)", actor.ID, spaceID)
}

// ReadSpaceNotices marks a person's notices about a space as read, or all of them with space 0.
func (tx *Tx) ReadSpaceNotices(userID, spaceID int64) error {
	_, err := tx.exec("UPDATE space_notices SET read_at = ? WHERE user_id = ? AND (? = 0 OR space_id = ?) AND read_at IS NULL", tx.now, userID, spaceID, spaceID)
	return err
}

// NotifySpace adds a notice of the actor's for one person.
func (tx *Tx) NotifySpace(notice SpaceNotice) error {
	notice.ActorID, notice.CreatedAt = orNull(tx.actorID()), tx.now
	if notice.ActorID != nil && *notice.ActorID == notice.UserID {
		return nil // they know
	}
	return tx.create(&notice)
}

// tellManagers tells those who run a space that someone asks to be let in. Where nobody does, those who look after the
// community can answer if they see it.
func (tx *Tx) tellManagers(space *Space, request *EntryRequest) error {
	runs, now := tx.runs()
	_, err := tx.exec(`INSERT INTO space_notices (user_id, kind, actor_id, space_id, request_id, created_at)
		SELECT m.user_id, 'asked', ?, m.space_id, ?, ? FROM memberships m JOIN users u ON u.id = m.user_id JOIN spaces s ON s.id = m.space_id
		WHERE m.space_id = ? AND `+runs, request.UserID, request.ID, tx.now, space.ID, now)
	return err
}

// tellMembers tells a space's members, except one person.
func (tx *Tx) tellMembers(space *Space, kind Kind, except int64) error {
	here, now := tx.here()
	_, err := tx.exec(`INSERT INTO space_notices (user_id, kind, actor_id, space_id, created_at)
		SELECT m.user_id, ?, ?, m.space_id, ? FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.space_id = ? AND m.user_id <> ? AND u.import_ref IS NULL AND `+here, kind, orNull(tx.actorID()), tx.now, space.ID, except, now)
	return err
}

// tellCommunity tells those who look after the community.
func (tx *Tx) tellCommunity(space *Space, kind Kind) error {
	here, now := tx.here()
	_, err := tx.exec(`INSERT INTO space_notices (user_id, kind, actor_id, space_id, created_at)
		SELECT u.id, ?, ?, ?, ? FROM users u WHERE u.role IN ('owner', 'manager') AND u.import_ref IS NULL AND `+here, kind, orNull(tx.actorID()), space.ID, tx.now, now)
	return err
}
