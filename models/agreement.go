package models

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Agreement is one version of what people from outside accept before they contribute to a space: what becomes of ideas,
// what is confidential, by which rules prizes go, how personal data is treated. A version never changes.
type Agreement struct {
	ID        int64
	SpaceID   int64
	Version   int
	Body      string
	HTML      string `gorm:"column:html"`
	AuthorID  int64
	CreatedAt time.Time
}

func (a *Agreement) subject() (string, int64, int64) { return "agreement", a.ID, a.SpaceID }

// AgreementCard is a version in the list of versions.
type AgreementCard struct {
	Version    int
	AuthorID   int64
	AuthorName string
	AuthorRole Role
	CreatedAt  time.Time
	Accepted   int  // by how many people
	Holds      bool // it is the one that is asked for now
}

// Agreement is the version that holds in a space, nil if none does. The caller has loaded the space as one that the
// actor may see.
func (q Queries) Agreement(ctx context.Context, space *Space) (*Agreement, error) {
	if space.AgreementID == nil {
		return nil, nil
	}
	agreement := &Agreement{}
	return agreement, q.one(ctx, agreement, "SELECT * FROM agreements WHERE id = ?", *space.AgreementID)
}

// AgreementVersion finds one version of a space's agreement, whether it holds or not; the newest one if the number is 0.
func (q Queries) AgreementVersion(ctx context.Context, space *Space, version int) (*Agreement, error) {
	agreement := &Agreement{}
	if version == 0 {
		return agreement, q.one(ctx, agreement, "SELECT * FROM agreements WHERE space_id = ? ORDER BY version DESC LIMIT 1", space.ID)
	}
	return agreement, q.one(ctx, agreement, "SELECT * FROM agreements WHERE space_id = ? AND version = ?", space.ID, version)
}

// AgreementCards lists the versions of a space's agreement, newest first, before the given number (0 for the start). How many
// accepted each is counted for those who write it.
func (q Queries) AgreementCards(ctx context.Context, actor *Actor, space *Space, before, limit int) (cards []AgreementCard, err error) {
	if before == 0 {
		before = 1 << 30
	}
	return cards, q.raw(ctx, &cards, `SELECT g.version, g.author_id, u.name AS author_name, `+standing+` AS author_role, g.created_at,
		CASE WHEN ? THEN (SELECT count(*) FROM acceptances c WHERE c.agreement_id = g.id) ELSE 0 END AS accepted, g.id = s.agreement_id AS holds
		FROM agreements g JOIN spaces s ON s.id = g.space_id JOIN users u ON u.id = g.author_id
		WHERE g.space_id = ? AND g.version < ? ORDER BY g.version DESC LIMIT ?`, actor.Can(WriteAgreement, space), space.ID, before, limit)
}

// AcceptedAt is when the actor accepted a version, nil if they have not.
func (q Queries) AcceptedAt(ctx context.Context, actor *Actor, agreement *Agreement) (*time.Time, error) {
	var at time.Time
	err := q.one(ctx, &at, "SELECT accepted_at FROM acceptances WHERE agreement_id = ? AND user_id = ?", agreement.ID, actor.ID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return &at, err
}

// Outsiders are the people from outside who may take part in a space: how many there are, and how many of them have
// accepted the agreement that holds.
type Outsiders struct {
	All      int
	Accepted int
}

// Outsiders counts the people from outside who may take part in a space.
func (q Queries) Outsiders(ctx context.Context, space *Space) (counted Outsiders, err error) {
	if !space.Visibility.AdmitsExternals() {
		return counted, nil
	}
	here, now := q.here()
	return counted, q.one(ctx, &counted, `SELECT count(*) AS "all", count(c.user_id) AS accepted
		FROM memberships m JOIN users u ON u.id = m.user_id LEFT JOIN acceptances c ON c.user_id = m.user_id AND c.agreement_id = ?
		WHERE m.space_id = ? AND m.role <> 'reader' AND u.role = 'external' AND `+here, space.AgreementID, space.ID, now)
}

// PublishAgreement makes a text the next version of a space's agreement, the one that holds from now on: whoever accepted
// another one is asked again. base is the version that the writer started from, 0 for none; ErrConflict if somebody else
// has published one since. The same text sent once more is published once, which again says.
func (tx *Tx) PublishAgreement(space *Space, agreement *Agreement, base int) (again bool, err error) {
	if err := tx.lockAgreement(space); err != nil {
		return false, err
	}
	latest, err := tx.AgreementVersion(tx.ctx, space, 0)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, err
	}
	switch same := latest.Body == agreement.Body && space.AgreementID != nil && *space.AgreementID == latest.ID; {
	case same && latest.Version == base:
		return false, Invalid{"body": "agreements.unchanged"}
	case same && latest.Version == base+1 && latest.AuthorID == tx.actorID():
		*agreement = *latest
		return true, nil
	case latest.Version != base:
		return false, fmt.Errorf("agreement of space %d from version %d: %w", space.ID, base, ErrConflict)
	}
	agreement.SpaceID, agreement.Version, agreement.AuthorID, agreement.CreatedAt = space.ID, base+1, tx.actorID(), tx.now
	if err := tx.create(agreement); err != nil {
		return false, err
	}
	space.AgreementID = &agreement.ID
	_, err = tx.exec("UPDATE spaces SET agreement_id = ? WHERE id = ?", agreement.ID, space.ID)
	return false, err
}

// WithdrawAgreement lets no agreement hold in a space any more; the versions stay to be read. The answer is the one that
// held, nil if none did.
func (tx *Tx) WithdrawAgreement(space *Space) (*Agreement, error) {
	if err := tx.lockAgreement(space); err != nil {
		return nil, err
	}
	agreement, err := tx.Agreement(tx.ctx, space)
	if err != nil || agreement == nil {
		return nil, err
	}
	space.AgreementID = nil
	_, err = tx.exec("UPDATE spaces SET agreement_id = NULL WHERE id = ?", space.ID)
	return agreement, err
}

// AcceptAgreement notes that the actor accepts the given version of a space's agreement; changed is false if they had.
// ErrConflict if another version holds by now, ErrNotFound if none does.
func (tx *Tx) AcceptAgreement(space *Space, version int) (agreement *Agreement, changed bool, err error) {
	if err := tx.lockAgreement(space); err != nil {
		return nil, false, err
	}
	agreement, err = tx.Agreement(tx.ctx, space)
	switch {
	case err != nil:
		return nil, false, err
	case agreement == nil:
		return nil, false, fmt.Errorf("agreement of space %d: %w", space.ID, ErrNotFound)
	case agreement.Version != version:
		return nil, false, fmt.Errorf("agreement of space %d: version %d, not %d: %w", space.ID, agreement.Version, version, ErrConflict)
	}
	n, err := tx.exec("INSERT INTO acceptances (agreement_id, user_id, accepted_at) VALUES (?, ?, ?) ON CONFLICT (agreement_id, user_id) DO NOTHING", agreement.ID, tx.actorID(), tx.now)
	return agreement, n > 0, err
}

// lockAgreement holds a space and reads anew which version holds there, so that nobody accepts what is being replaced.
func (tx *Tx) lockAgreement(space *Space) error {
	if err := tx.lockSpace(space.ID); err != nil {
		return err
	}
	held := &Space{}
	if err := tx.one(tx.ctx, held, "SELECT * FROM spaces WHERE id = ?", space.ID); err != nil {
		return err
	}
	space.AgreementID = held.AgreementID
	return nil
}

// underAgreement is the version under which the actor writes in a space: the one that holds there for people from outside,
// nil for everyone else. It is asked in the transaction of the contribution, and so is *Unaccepted if the actor has not
// accepted a version that was published a moment ago.
func (tx *Tx) underAgreement(spaceID int64) (*int64, error) {
	if !tx.actor.External() {
		return nil, nil
	}
	var held struct {
		Slug        string
		AgreementID *int64
		Accepted    bool
	}
	err := tx.one(tx.ctx, &held, `SELECT s.slug, s.agreement_id, c.user_id IS NOT NULL AS accepted FROM spaces s
		LEFT JOIN acceptances c ON c.agreement_id = s.agreement_id AND c.user_id = ? WHERE s.id = ?`, tx.actor.Person().ID, spaceID)
	if err != nil {
		return nil, err
	}
	if held.AgreementID != nil && !held.Accepted {
		return nil, &Unaccepted{held.Slug}
	}
	return held.AgreementID, nil
}

// Stamp says under which version of the agreement something was written, and when its author accepted that one. Both are
// empty for what people of the company wrote, and where there was no agreement.
type Stamp struct {
	AgreementVersion int
	AgreedAt         *time.Time
}

const stampColumns = "coalesce(sg.version, 0) AS agreement_version, sa.accepted_at AS agreed_at"

// What finds the stamp of an idea i, and of a comment c, whose author is u. Somebody hidden has none: it would tell that they are
// from outside.
const (
	ideaStamp = " LEFT JOIN agreements sg ON sg.id = i.agreement_id AND NOT " + aMask + " LEFT JOIN acceptances sa ON sa.agreement_id = i.agreement_id AND sa.user_id = i.author_id"
	postStamp = " LEFT JOIN agreements sg ON sg.id = c.agreement_id AND NOT " + aMask + " LEFT JOIN acceptances sa ON sa.agreement_id = c.agreement_id AND sa.user_id = c.author_id"
)
