package models

import "strconv"

// eraseGatherings takes some of the gatherings away that a person has planned, with their texts and versions: nobody else answers for them.
func (tx *Tx) eraseGatherings(userID int64) (events []Event, err error) {
	var gatherings []Gathering
	if err := tx.raw(tx.ctx, &gatherings, "SELECT ga.id, ga.space_id FROM gatherings ga WHERE ga.author_id = ? AND ga.title <> '–' ORDER BY ga.id LIMIT ?", userID, eraseBatch); err != nil {
		return nil, err
	}
	for i := range gatherings {
		g := &gatherings[i]
		for _, statement := range []string{
			"UPDATE gatherings SET title = '–', summary = '', body = '', html = '', place = '', url = '', reason = '', state = 'withdrawn' WHERE id = ?",
			"DELETE FROM gathering_versions WHERE gathering_id = ?",
		} {
			if _, err := tx.exec(statement, g.ID); err != nil {
				return nil, err
			}
		}
		events = append(events, Event{At: tx.now, Verb: GatheringWithdrawn, SpaceID: g.SpaceID, Subject: "gathering", SubjectID: g.ID})
	}
	return events, nil
}

// LeaveGatherings takes away what a person has answered about some gatherings. The places that they had at those to come go to those who wait
// longest. done is true when nothing is left.
func (tx *Tx) LeaveGatherings(userID int64) (done bool, err error) {
	return tx.leaveGatherings(userID, "")
}

// joinAttendances lets what the account that stays has answered hold where both have: one person has one place. Where they part again, the
// account that went has nothing to say there.
func (tx *Tx) joinAttendances(m *Merge) error {
	for {
		done, err := tx.leaveGatherings(m.GoneID, " AND EXISTS (SELECT 1 FROM attendances k WHERE k.gathering_id = w.gathering_id AND k.user_id = ?)", m.KeptID)
		if err != nil || done {
			return err
		}
	}
}

func (tx *Tx) leaveGatherings(userID int64, condition string, args ...any) (done bool, err error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE OF ga"
	}
	var gatherings []Gathering
	err = tx.raw(tx.ctx, &gatherings, "SELECT ga.* FROM gatherings ga WHERE ga.id IN (SELECT w.gathering_id FROM attendances w WHERE w.user_id = ?"+condition+") ORDER BY ga.id LIMIT "+strconv.Itoa(eraseBatch)+lock, append([]any{userID}, args...)...)
	if err != nil || len(gatherings) == 0 {
		return true, err
	}
	for i := range gatherings {
		g := &gatherings[i]
		before := Attendance{}
		if err := tx.raw(tx.ctx, &before, "SELECT * FROM attendances WHERE gathering_id = ? AND user_id = ?", g.ID, userID); err != nil {
			return false, err
		}
		if _, err := tx.exec("DELETE FROM attendances WHERE gathering_id = ? AND user_id = ?", g.ID, userID); err != nil {
			return false, err
		}
		g.count(before, -1)
		advanced, err := tx.advance(g)
		if err != nil {
			return false, err
		}
		if len(advanced) > 0 {
			if err := tx.RecordBy(0, GatheringAdvanced, g, Advanced{advanced}); err != nil {
				return false, err
			}
		}
	}
	return false, nil
}

// Advanced are the people for whom there is a place at a gathering now, as an event says it.
type Advanced struct {
	Users []int64 `json:"users"`
}
