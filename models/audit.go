package models

import (
	"context"
	"math"
)

// AuditEntry is an event with the names to read it by.
type AuditEntry struct {
	Event
	ActorName  string
	ActorRole  Role
	SpaceTitle string
}

// OnlySecurity asks Audit for what is about getting in and about rights.
const OnlySecurity = "security"

// Audit lists the event log newest first, before the given id (0 for the start), for those who
// may read it: all of it, one verb's or OnlySecurity. It holds no titles or texts, so it tells nothing of a restricted
// space but that something happened there.
func (q Queries) Audit(ctx context.Context, actor *Actor, verb string, before int64, limit int) (entries []AuditEntry, err error) {
	if !actor.Can(ReadAudit, nil) {
		return nil, ErrForbidden
	}
	condition, args := "1 = 1", []any{}
	switch verb {
	case "":
	case OnlySecurity:
		condition = "e.security"
	default:
		condition, args = "e.verb = ?", []any{verb}
	}
	args = append([]any{beforeID(before)}, append(args, limit)...)
	return entries, q.raw(ctx, &entries, `SELECT e.*, coalesce(u.name, '') AS actor_name, coalesce(`+standing+`, '') AS actor_role, coalesce(s.title, '') AS space_title
		FROM events e LEFT JOIN users u ON u.id = e.actor_id LEFT JOIN spaces s ON s.id = e.space_id
		WHERE e.id < ? AND `+condition+` ORDER BY e.id DESC LIMIT ?`, args...)
}

// OwnSecurity lists what happened around the actor's own account, newest first, before the given id: who came in and how,
// what was refused, their keys. Who else acted is not named.
func (q Queries) OwnSecurity(ctx context.Context, actor *Actor, before int64, limit int) (events []Event, err error) {
	before = beforeID(before)
	return events, q.raw(ctx, &events, `SELECT * FROM (
			SELECT * FROM (SELECT * FROM events WHERE security AND subject = 'user' AND subject_id = ? AND id < ? ORDER BY id DESC LIMIT ?) about
			UNION SELECT * FROM (SELECT * FROM events WHERE security AND subject IN ('token', 'passkey') AND actor_id = ? AND id < ? ORDER BY id DESC LIMIT ?) own
		) e ORDER BY id DESC LIMIT ?`, actor.ID, before, limit, actor.ID, before, limit, limit)
}

func beforeID(id int64) int64 {
	if id == 0 {
		return math.MaxInt64
	}
	return id
}
