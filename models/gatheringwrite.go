package models

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// GatheringVersion is what was said of a gathering, and by whom.
type GatheringVersion struct {
	GatheringID int64
	Number      int
	EditorID    int64
	Title       string
	Body        string
	StartsAt    time.Time
	EndsAt      time.Time
	Place       string
	URL         string `gorm:"column:url"`
	Capacity    *int
	CreatedAt   time.Time
}

// GatheringVersionCard is a version as its list shows it.
type GatheringVersionCard struct {
	GatheringVersion
	Name    string
	Role    Role
	Picture int64
}

// GatheringVersions lists what was said of a gathering that the actor has loaded, the latest first.
func (q Queries) GatheringVersions(ctx context.Context, id int64, limit int) (cards []GatheringVersionCard, err error) {
	err = q.raw(ctx, &cards, `SELECT v.*, u.name, `+standing+` AS role, coalesce(u.picture_id, 0) AS picture FROM gathering_versions v JOIN users u ON u.id = v.editor_id
		WHERE v.gathering_id = ? ORDER BY v.number DESC LIMIT `+strconv.Itoa(limit), id)
	if err != nil {
		return nil, fmt.Errorf("versions of gathering %d: %w", id, err)
	}
	return cards, nil
}

// GatheringVersion finds what was said of a gathering that the actor has loaded.
func (q Queries) GatheringVersion(ctx context.Context, id int64, number int) (*GatheringVersion, error) {
	version := &GatheringVersion{}
	if err := q.one(ctx, version, "SELECT * FROM gathering_versions WHERE gathering_id = ? AND number = ?", id, number); err != nil {
		return nil, fmt.Errorf("version %d of gathering %d: %w", number, id, err)
	}
	return version, nil
}

// nearness is how long before a gathering those who come are reminded of it.
const nearness = 24 * time.Hour

// CreateGathering adds a gathering to the agenda of its space. Whoever plans it follows it.
func (tx *Tx) CreateGathering(g *Gathering) error {
	if err := g.Validate(); err != nil {
		return err
	}
	if g.Ended(tx.now) {
		return Invalid{"ends": "agenda.over_already"}
	}
	g.AuthorID, g.State, g.Version, g.Sequence, g.CreatedAt, g.EditedAt, g.ChangedAt = tx.actorID(), Published, 1, 1, tx.now, tx.now, tx.now
	g.StartsAt, g.EndsAt = g.StartsAt.UTC(), g.EndsAt.UTC()
	tx.remindsOf(g)
	if err := tx.create(g); err != nil {
		return err
	}
	if err := tx.keepGathering(g); err != nil {
		return err
	}
	return tx.attends(g.ID, g.AuthorID)
}

// remindsOf notes whether those who come to a gathering are still to be told that it is near.
func (tx *Tx) remindsOf(g *Gathering) {
	g.RemindedAt = nil
	if !g.StartsAt.After(tx.now.Add(nearness)) {
		g.RemindedAt = &tx.now
	}
}

// keepGathering keeps what is said of a gathering now as a version.
func (tx *Tx) keepGathering(g *Gathering) error {
	return tx.create(&GatheringVersion{GatheringID: g.ID, Number: g.Version, EditorID: tx.actorID(), Title: g.Title, Body: g.Body, StartsAt: g.StartsAt, EndsAt: g.EndsAt, Place: g.Place, URL: g.URL, Capacity: g.Capacity, CreatedAt: tx.now})
}

// EditGathering stores something else that is said of a locked gathering as its next version. ErrConflict if it is another one than base by
// now. Where there are more places, those get them who wait longest: advanced. Who has a place keeps it.
func (tx *Tx) EditGathering(g *Gathering, wanted *Gathering, base int) (advanced []int64, err error) {
	if base != g.Version {
		return nil, fmt.Errorf("edit gathering %d from version %d: %w", g.ID, base, ErrConflict)
	}
	if err := wanted.Validate(); err != nil {
		return nil, err
	}
	if !g.StartsAt.Equal(wanted.StartsAt) {
		tx.remindsOf(wanted)
	} else {
		wanted.RemindedAt = g.RemindedAt
	}
	g.Title, g.Body, g.HTML, g.Summary, g.Lang = wanted.Title, wanted.Body, wanted.HTML, wanted.Summary, wanted.Lang
	g.StartsAt, g.EndsAt, g.Place, g.URL, g.Capacity, g.RemindedAt = wanted.StartsAt.UTC(), wanted.EndsAt.UTC(), wanted.Place, wanted.URL, wanted.Capacity, wanted.RemindedAt
	g.Version, g.EditedAt = g.Version+1, tx.now
	_, err = tx.exec("UPDATE gatherings SET title = ?, body = ?, html = ?, summary = ?, lang = ?, starts_at = ?, ends_at = ?, place = ?, url = ?, capacity = ?, reminded_at = ?, version = ?, edited_at = ?, sequence = sequence + 1, changed_at = ? WHERE id = ?",
		g.Title, g.Body, g.HTML, g.Summary, g.Lang, g.StartsAt, g.EndsAt, g.Place, g.URL, g.Capacity, g.RemindedAt, g.Version, g.EditedAt, tx.now, g.ID)
	if err != nil {
		return nil, err
	}
	if err := tx.keepGathering(g); err != nil {
		return nil, err
	}
	return tx.advance(g)
}

// MaxCancelReason is how many characters the reason has for which a gathering does not take place.
const MaxCancelReason = 300

// CancelGathering says of a locked gathering that it does not take place, and why; it stays to be read.
func (tx *Tx) CancelGathering(g *Gathering, reason string) error {
	reason = oneLine(reason)
	switch {
	case g.CancelledAt != nil:
		return &NotNow{"agenda.cancelled_now"}
	case g.Ended(tx.now):
		return &NotNow{"agenda.over_now"}
	case !fits(reason, MaxCancelReason):
		return Invalid{"reason": "agenda.reason_invalid"}
	}
	actor := tx.actorID()
	g.CancelledAt, g.CancelledBy, g.Reason = &tx.now, &actor, reason
	_, err := tx.exec("UPDATE gatherings SET cancelled_at = ?, cancelled_by = ?, reason = ?, sequence = sequence + 1, changed_at = ? WHERE id = ?", tx.now, actor, reason, tx.now, g.ID)
	return err
}

// ResumeGathering says of a locked gathering that it takes place after all. Places that came free meanwhile go to those who wait longest:
// advanced.
func (tx *Tx) ResumeGathering(g *Gathering) (advanced []int64, err error) {
	switch {
	case g.CancelledAt == nil:
		return nil, fmt.Errorf("gathering %d is not cancelled: %w", g.ID, ErrConflict)
	case g.Ended(tx.now):
		return nil, &NotNow{"agenda.over_now"}
	}
	g.CancelledAt, g.CancelledBy, g.Reason = nil, nil, ""
	if _, err := tx.exec("UPDATE gatherings SET cancelled_at = NULL, cancelled_by = NULL, reason = '', sequence = sequence + 1, changed_at = ? WHERE id = ?", tx.now, g.ID); err != nil {
		return nil, err
	}
	return tx.advance(g)
}

// NearGatherings are gatherings of which those who come are to be reminded now; they count as reminded from then on.
func (tx *Tx) NearGatherings(limit int) (near []Gathering, err error) {
	lock := ""
	if tx.postgres() { // against an edit that moves it meanwhile
		lock = " FOR UPDATE"
	}
	err = tx.raw(tx.ctx, &near, "SELECT ga.* FROM gatherings ga WHERE ga.reminded_at IS NULL AND ga.cancelled_at IS NULL AND ga.state = 'published' AND ga.starts_at <= ? ORDER BY ga.starts_at LIMIT "+strconv.Itoa(limit)+lock, tx.now.Add(nearness))
	if err != nil || len(near) == 0 {
		return nil, err
	}
	ids := make([]int64, len(near))
	for i := range near {
		ids[i] = near[i].ID
	}
	_, err = tx.exec("UPDATE gatherings SET reminded_at = ? WHERE id IN ?", tx.now, ids)
	return near, err
}
