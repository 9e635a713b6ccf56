package models

import "strconv"

// spaceHold finds the holds on a space and on the one around it.
const spaceHold = "h.space_id = ? OR h.space_id = (SELECT o.within_id FROM spaces o WHERE o.id = ?)"

// keepHeld lets the holds in force that a condition finds go on for what leaves the place where it was held: those of the same matter, on
// each of what the ids are. to is the space that it comes to; a hold on that, or on the space around it, keeps it there anyway.
func (tx *Tx) keepHeld(subject HoldSubject, ids []int64, to int64, condition string, args ...any) error {
	var holds []Hold
	err := tx.raw(tx.ctx, &holds, `SELECT h.* FROM legal_holds h WHERE h.released_at IS NULL AND (`+condition+`)
		AND NOT EXISTS (SELECT 1 FROM spaces w WHERE w.id = ? AND h.space_id IN (w.id, w.within_id)) ORDER BY h.id`, append(args, to)...)
	if err != nil {
		return err
	}
	for i := range holds {
		for _, id := range ids {
			if err := tx.holdAsWell(holds[i], subject, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// holdAsWell places a hold once more, on something else, in the name of who placed it.
func (tx *Tx) holdAsWell(hold Hold, subject HoldSubject, id int64) error {
	var held bool
	column := map[HoldSubject]string{HoldThread: "thread_id", HoldArticle: "article_id"}[subject]
	err := tx.raw(tx.ctx, &held, "SELECT EXISTS (SELECT 1 FROM legal_holds WHERE "+column+" = "+strconv.FormatInt(id, 10)+" AND released_at IS NULL AND reference = ? AND reason = ? AND dated = ?)", hold.Reference, hold.Reason, hold.Dated)
	if err != nil || held {
		return err
	}
	again := &Hold{Reason: hold.Reason, Reference: hold.Reference, Dated: hold.Dated, PlacedBy: hold.PlacedBy, PlacedAt: tx.now}
	again.On(subject, id)
	if err := tx.create(again); err != nil {
		return err
	}
	return tx.RecordAll([]Event{{At: tx.now, Verb: HoldPlaced, Subject: "hold", SubjectID: again.ID}})
}

// keepPostsHeld lets what holds a thread hold another one as well, to which posts of it go.
func (tx *Tx) keepPostsHeld(from, into *Thread) error {
	return tx.keepHeld(HoldThread, []int64{into.ID}, into.SpaceID, "h.thread_id = ? OR "+spaceHold, from.ID, from.SpaceID, from.SpaceID)
}
