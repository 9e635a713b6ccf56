package models

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Coming is what somebody says when they are asked whether they come.
type Coming string

// Answers.
const (
	Comes     Coming = "yes"
	MayCome   Coming = "maybe"
	StaysAway Coming = "no"
)

// Valid tells whether the answer is one of the known ones.
func (a Coming) Valid() bool { return a == Comes || a == MayCome || a == StaysAway }

// Attendance is what somebody has answered. Waiting tells that there is no place for them yet.
type Attendance struct {
	GatheringID int64
	UserID      int64
	Answer      Coming
	Waiting     bool
	AnsweredAt  time.Time
}

// Attend keeps whether the actor comes to a locked gathering, or with an empty answer that they have nothing to say. Where a place gets free,
// it goes to whoever waits longest: advanced. changed tells whether they had said something else.
func (tx *Tx) Attend(g *Gathering, answer Coming) (changed bool, advanced []int64, err error) {
	switch {
	case answer != "" && !answer.Valid():
		return false, nil, Invalid{"answer": "agenda.answer_invalid"}
	case g.CancelledAt != nil:
		return false, nil, &NotNow{"agenda.cancelled_now"}
	case g.Ended(tx.now):
		return false, nil, &NotNow{"agenda.over_now"}
	}
	before := Attendance{}
	err = tx.raw(tx.ctx, &before, "SELECT * FROM attendances WHERE gathering_id = ? AND user_id = ?", g.ID, tx.actorID())
	if err != nil || before.Answer == answer {
		return false, nil, err
	}
	now := Attendance{GatheringID: g.ID, UserID: tx.actorID(), Answer: answer, Waiting: answer == Comes && g.Full(), AnsweredAt: tx.now}
	if answer == "" {
		_, err = tx.exec("DELETE FROM attendances WHERE gathering_id = ? AND user_id = ?", now.GatheringID, now.UserID)
	} else {
		_, err = tx.exec(`INSERT INTO attendances (gathering_id, user_id, answer, waiting, answered_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (gathering_id, user_id) DO UPDATE SET answer = excluded.answer, waiting = excluded.waiting, answered_at = excluded.answered_at`, now.GatheringID, now.UserID, now.Answer, now.Waiting, now.AnsweredAt)
	}
	if err != nil {
		return false, nil, err
	}
	g.count(before, -1)
	g.count(now, 1)
	if answer == Comes || answer == MayCome {
		if err := tx.attends(g.ID, now.UserID); err != nil {
			return false, nil, err
		}
	}
	advanced, err = tx.advance(g)
	return true, advanced, err
}

// count counts an answer that came or, with -1, went.
func (g *Gathering) count(a Attendance, n int) {
	switch {
	case a.Answer == MayCome:
		g.MaybeCount += n
	case a.Answer == Comes && a.Waiting:
		g.WaitingCount += n
	case a.Answer == Comes:
		g.ComingCount += n
	}
}

// mostAdvanced bounds how many people one change gives a place.
const mostAdvanced = 1000

// advance gives the free places of a locked gathering to those who wait longest and still see it, and keeps its counts. Nothing moves once it
// is over.
func (tx *Tx) advance(g *Gathering) (advanced []int64, err error) {
	free := mostAdvanced
	if g.Capacity != nil {
		free = min(free, *g.Capacity-g.ComingCount)
	}
	if free > 0 && g.CancelledAt == nil && g.WaitingCount > 0 && !g.Ended(tx.now) {
		here, now := tx.here()
		err := tx.raw(tx.ctx, &advanced, `SELECT w.user_id FROM attendances w JOIN users u ON u.id = w.user_id JOIN spaces s ON s.id = ? LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = u.id
			WHERE w.gathering_id = ? AND w.answer = 'yes' AND w.waiting AND `+here+" AND "+sees+" ORDER BY w.answered_at, w.user_id LIMIT "+strconv.Itoa(free), g.SpaceID, g.ID, now)
		if err != nil {
			return nil, err
		}
	}
	if len(advanced) > 0 {
		if _, err := tx.exec("UPDATE attendances SET waiting = FALSE WHERE gathering_id = ? AND user_id IN ?", g.ID, advanced); err != nil {
			return nil, err
		}
		g.ComingCount, g.WaitingCount = g.ComingCount+len(advanced), g.WaitingCount-len(advanced)
	}
	_, err = tx.exec("UPDATE gatherings SET coming_count = ?, maybe_count = ?, waiting_count = ? WHERE id = ?", g.ComingCount, g.MaybeCount, g.WaitingCount, g.ID)
	return advanced, err
}

// AttendeeCard is somebody who comes, as the page of a gathering shows them.
type AttendeeCard struct {
	UserID  int64
	Name    string
	Role    Role
	Picture int64
	Answer  Coming
	Waiting bool
}

// Attendees are some of those who come to a gathering that the actor has loaded, have to wait for a place or may come, in that order and the
// first to answer first, as far as the actor may know them.
func (q Queries) Attendees(ctx context.Context, actor *Actor, gathering *Gathering, limit int) (cards []AttendeeCard, err error) {
	known, more := q.knows(actor)
	here, now := q.here()
	var parts []string
	var args []any
	for rank, some := range []string{"'yes' AND w.waiting = FALSE", "'yes' AND w.waiting = TRUE", "'maybe' AND w.waiting = FALSE"} { // each along the index
		parts = append(parts, "SELECT * FROM (SELECT u.id AS user_id, u.name, "+standing+" AS role, coalesce(u.picture_id, 0) AS picture, w.answer, w.waiting, w.answered_at, "+strconv.Itoa(rank)+` AS rank
			FROM attendances w JOIN users u ON u.id = w.user_id WHERE w.gathering_id = ? AND w.answer = `+some+" AND "+here+" AND "+known+" ORDER BY w.answered_at, w.user_id LIMIT "+strconv.Itoa(limit)+") s")
		args = append(append(args, gathering.ID, now), more...)
	}
	err = q.raw(ctx, &cards, strings.Join(parts, " UNION ALL ")+" ORDER BY rank, answered_at, user_id LIMIT "+strconv.Itoa(limit), args...)
	if err != nil {
		return nil, fmt.Errorf("who comes to gathering %d: %w", gathering.ID, err)
	}
	return cards, nil
}

// NotifyComing tells those who come to a gathering, may come or wait for a place, except whoever did it.
func (tx *Tx) NotifyComing(notice Notice, spaceID int64) error {
	here, now := tx.here()
	return tx.notifyMany(notice, `SELECT u.id AS user_id FROM attendances w JOIN users u ON u.id = w.user_id JOIN spaces s ON s.id = ? LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = u.id
		WHERE w.gathering_id = ? AND w.answer <> 'no' AND u.id <> ? AND `+here+" AND "+sees, spaceID, notice.GatheringID, notice.ActorID, now)
}

// NotifyNear reminds those who have a place at a gathering, or may come.
func (tx *Tx) NotifyNear(notice Notice, spaceID int64) error {
	here, now := tx.here()
	return tx.notifyMany(notice, `SELECT u.id AS user_id FROM attendances w JOIN users u ON u.id = w.user_id JOIN spaces s ON s.id = ? LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = u.id
		WHERE w.gathering_id = ? AND w.answer <> 'no' AND NOT w.waiting AND `+here+" AND "+sees, spaceID, notice.GatheringID, now)
}

// RecordedGathering loads a gathering for those who read the events about it, whoever may see it; ErrNotFound if it is withdrawn.
func (tx *Tx) RecordedGathering(id int64) (*Gathering, error) {
	gathering := &Gathering{}
	return gathering, tx.one(tx.ctx, gathering, "SELECT * FROM gatherings WHERE id = ? AND state = 'published'", id)
}
