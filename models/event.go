package models

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Event is one thing that happened. Readers follow the log in the order of the ids, which is
// the order of the commits.
type Event struct {
	ID        int64
	At        time.Time
	Verb      string
	ActorID   int64
	SpaceID   int64
	Subject   string
	SubjectID int64
	Data      string // a JSON object, or empty
	Security  bool   // about getting in and about rights
}

// Subject is a record that events are about.
type Subject interface {
	subject() (kind string, id, spaceID int64)
}

// System is the subject of events about the installation itself.
type System struct{}

func (System) subject() (string, int64, int64) { return "system", 0, 0 }

// Decode reads the event's data into v; empty data leaves v as it is.
func (e *Event) Decode(v any) error {
	if e.Data == "" {
		return nil
	}
	return json.Unmarshal([]byte(e.Data), v)
}

// Record writes what happened into the event log; it is the last statement of a use case.
func (tx *Tx) Record(verb string, subject Subject, data any) error {
	return tx.RecordBy(tx.actorID(), verb, subject, data)
}

// EventOf is what Record would write, for RecordAll.
func (tx *Tx) EventOf(actorID int64, verb string, subject Subject, data any) (Event, error) {
	kind, id, space := subject.subject()
	event := Event{At: tx.now, Verb: verb, ActorID: actorID, SpaceID: space, Subject: kind, SubjectID: id}
	if data != nil {
		raw, err := json.Marshal(data)
		if err != nil {
			return event, fmt.Errorf("record %s: %w", verb, err)
		}
		event.Data = string(raw)
	}
	return event, nil
}

// RecordBy is Record for someone who only becomes the actor by it, such as a person signing in.
func (tx *Tx) RecordBy(actorID int64, verb string, subject Subject, data any) error {
	event, err := tx.EventOf(actorID, verb, subject, data)
	if err != nil {
		return err
	}
	return tx.RecordAll([]Event{event})
}

// eventLock orders the writers of the event log on PostgreSQL. Ids are handed out before commit,
// so without it a reader that goes by id could miss an event for ever.
const eventLock = 712

// recordBatch is how many events one statement inserts.
const recordBatch = 200

// RecordAll writes many events at once, for imports. Nothing slow may follow in the transaction.
func (tx *Tx) RecordAll(events []Event) error {
	tx.recorded = true
	for i := range events {
		events[i].Security = security(events[i].Verb)
	}
	for len(events) > 0 {
		batch := events[:min(recordBatch, len(events))]
		events = events[len(batch):]
		if err := tx.recordBatch(batch); err != nil {
			return fmt.Errorf("record events: %w", err)
		}
	}
	return nil
}

func (tx *Tx) recordBatch(events []Event) error {
	if !tx.postgres() {
		return tx.create(&events)
	}
	if len(events) > 1 {
		if _, err := tx.exec("SELECT pg_advisory_xact_lock(?)", eventLock); err != nil {
			return err
		}
		return tx.create(&events)
	}
	e := events[0]
	_, err := tx.exec(`WITH l AS MATERIALIZED (SELECT pg_advisory_xact_lock(?))
		INSERT INTO events (at, verb, actor_id, space_id, subject, subject_id, data, security)
		SELECT ?::timestamptz, ?::text, ?::bigint, ?::bigint, ?::text, ?::bigint, ?::text, ?::boolean FROM l`,
		eventLock, e.At, e.Verb, e.ActorID, e.SpaceID, e.Subject, e.SubjectID, e.Data, e.Security)
	return err
}

// EventsAfter returns the next events of the log, oldest first. It is for readers, which see everything.
func (q Queries) EventsAfter(ctx context.Context, id int64, limit int) (events []Event, err error) {
	return events, q.raw(ctx, &events, "SELECT * FROM events WHERE id > ? ORDER BY id LIMIT ?", id, limit)
}

// LastEventID is the id of the newest event, 0 in an empty log.
func (q Queries) LastEventID(ctx context.Context) (id int64, err error) {
	return id, q.raw(ctx, &id, "SELECT coalesce(max(id), 0) FROM events")
}

// Cursor is the id of the last event that the named reader has dealt with. Inside a transaction of
// PostgreSQL it is locked until the end, so that one process at a time moves it.
func (tx *Tx) Cursor(reader string) (position int64, err error) {
	if _, err := tx.exec("INSERT INTO cursors (reader, position) VALUES (?, 0) ON CONFLICT (reader) DO NOTHING", reader); err != nil {
		return 0, err
	}
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
	}
	return position, tx.one(tx.ctx, &position, "SELECT position FROM cursors WHERE reader = ?"+lock, reader)
}

// MoveCursor stores how far the named reader has come.
func (tx *Tx) MoveCursor(reader string, position int64) error {
	_, err := tx.exec("UPDATE cursors SET position = ? WHERE reader = ?", position, reader)
	return err
}

// Cursors are the positions of all readers that keep theirs in the database.
func (q Queries) Cursors(ctx context.Context) (map[string]int64, error) {
	var rows []struct {
		Reader   string
		Position int64
	}
	err := q.raw(ctx, &rows, "SELECT reader, position FROM cursors ORDER BY reader LIMIT 100")
	out := make(map[string]int64, len(rows))
	for _, row := range rows {
		out[row.Reader] = row.Position
	}
	return out, err
}

// RecordedUser loads the person of an event for a reader.
func (tx *Tx) RecordedUser(id int64) (*User, error) {
	user := &User{}
	return user, tx.one(tx.ctx, user, "SELECT * FROM users WHERE id = ?", id)
}

// RecordedIdea loads the idea of an event for a reader, whoever may see it; ErrNotFound if it is withdrawn.
func (tx *Tx) RecordedIdea(id int64) (*Idea, error) {
	idea := &Idea{}
	return idea, tx.one(tx.ctx, idea, "SELECT * FROM ideas WHERE id = ? AND state = 'published'", id)
}

// RecordedPost loads the comment of an event for a reader, whoever may see it; ErrNotFound if it is removed.
func (tx *Tx) RecordedPost(id int64) (*Post, error) {
	comment := &Post{}
	return comment, tx.one(tx.ctx, comment, "SELECT * FROM posts WHERE id = ? AND removed_at IS NULL", id)
}

// KnownPeople keeps those of the ids that are accounts which can be told something; in the place of one that has gone into
// another stands that one, and in that of a mask whoever is behind it.
func (tx *Tx) KnownPeople(ids []int64) (known []int64, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return known, tx.raw(tx.ctx, &known, `SELECT u.id FROM users u WHERE u.id IN (SELECT coalesce(p.merged_into, p.id) FROM users m JOIN users p ON p.id = `+behind("m.id")+` WHERE m.id IN ?)
		AND u.disabled_at IS NULL AND u.import_ref IS NULL ORDER BY u.id`, ids)
}
