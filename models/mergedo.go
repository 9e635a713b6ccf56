package models

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

func (m *Merge) subject() (string, int64, int64) { return "user", m.KeptID, 0 }

// MergeRecord is what the log says of a merge, and of taking one back.
type MergeRecord struct {
	Merge int64 `json:"merge"`
	Gone  int64 `json:"gone"`
	Moved Rows  `json:"moved,omitempty"`
	Lost  Rows  `json:"lost,omitempty"`
}

// LockPair finds two accounts for a change of both: until the transaction ends nobody else changes either. Who changes several
// takes them in the order of their ids, after the owners.
func (tx *Tx) LockPair(a, b int64) (first, second *User, err error) {
	if err := tx.HoldOwners(); err != nil {
		return nil, nil, err
	}
	ids := []int64{a, b}
	slices.Sort(ids)
	found := map[int64]*User{}
	for _, id := range ids {
		if found[id], err = tx.lockUser(&User{ID: id}); err != nil {
			return nil, nil, err
		}
	}
	return found[a], found[b], nil
}

// MergePeople puts the account gone into kept, both locked: everything that names the one names the other from now on. It can be taken
// back as long as the merge is there.
func (tx *Tx) MergePeople(kept, gone *User) (*Merge, error) {
	if kept.MergedInto != nil || gone.MergedInto != nil || kept.ImportRef != nil || gone.ImportRef != nil {
		return nil, fmt.Errorf("merge account %d into %d: %w", gone.ID, kept.ID, ErrConflict)
	}
	problem, err := tx.MergeProblem(tx.ctx, tx.actor, kept, gone)
	if err == nil && problem != "" {
		err = Invalid{"merge": problem}
	}
	if err != nil {
		return nil, err
	}
	were := mergedAccounts{Kept: kept.facts(), Gone: gone.facts(), After: tx.joinFacts(kept, gone)}
	raw, err := json.Marshal(were)
	if err != nil {
		return nil, fmt.Errorf("note accounts %d and %d: %w", kept.ID, gone.ID, err)
	}
	m := &Merge{KeptID: kept.ID, GoneID: gone.ID, ActorID: tx.actorID(), Accounts: string(raw), MergedAt: tx.now}
	if err := tx.create(m); err != nil {
		return nil, err
	}
	err = tx.keepPosts(gone.ID, func() error {
		moved, err := tx.carryAll(m, kept, gone, &were)
		if err == nil {
			m.Moved = moved.text()
			_, err = tx.exec("UPDATE merges SET moved = ? WHERE id = ?", m.Moved, m.ID)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("merge account %d into %d: %w", gone.ID, kept.ID, err)
	}
	return m, tx.NotifyFromHouse(kept.ID, NoticeMerged)
}

func (tx *Tx) carryAll(m *Merge, kept, gone *User, were *mergedAccounts) (Rows, error) {
	spaces, err := tx.carriedSpaces(gone)
	if err != nil {
		return nil, err
	}
	moved, err := tx.carryRights(m, kept, gone)
	if err != nil {
		return nil, err
	}
	moved[MergeSpaces] = spaces
	if err := tx.tidyNotices(m); err != nil {
		return nil, err
	}
	if err := tx.carryRows(m, moved); err != nil {
		return nil, err
	}
	if err := tx.emptyAccount(gone, kept.ID); err != nil { // first: an address is one account's at a time
		return nil, err
	}
	return moved.shown(), tx.saveFacts(kept, &were.After, nil)
}

func (tx *Tx) carriedSpaces(gone *User) (n int64, err error) {
	if !tx.has(gone) {
		return 0, nil
	}
	return n, tx.raw(tx.ctx, &n, "SELECT count(*) FROM memberships m JOIN spaces s ON s.id = m.space_id WHERE m.user_id = ? AND s.within_id IS NULL", gone.ID)
}

// carryRows carries every column over but those about groups, and adds to what has moved.
func (tx *Tx) carryRows(m *Merge, moved Rows) error {
	if err := tx.joinSupports(m); err != nil {
		return err
	}
	if err := tx.joinPollVotes(m); err != nil {
		return err
	}
	if err := tx.joinAttendances(m); err != nil {
		return err
	}
	if err := tx.joinReactions(m); err != nil {
		return err
	}
	for _, c := range carriedColumns() {
		if c.place() == groupsPlace || c.place() == rulesPlace {
			continue
		}
		if c.once && c.at != "" && c.place() != supportsPlace {
			if err := tx.setAside(m, &c); err != nil {
				return err
			}
		}
		n, err := tx.carry(m, &c)
		if err != nil {
			return fmt.Errorf("carry %s over: %w", c.place(), err)
		}
		moved[c.kind] += n
	}
	return tx.countFamilies("f.id IN (SELECT s.idea_id FROM supports s WHERE s.user_id = ?)", m.KeptID)
}

// tidyNotices marks as read what the two accounts told each other, and what both were told; and ends the requests of the one
// that goes to be let in where the other is, or asks.
func (tx *Tx) tidyNotices(m *Merge) error {
	_, err := tx.exec("UPDATE notices SET read_at = ? WHERE read_at IS NULL AND (user_id = ? AND actor_id = ? OR user_id = ? AND actor_id = ?)", tx.now, m.KeptID, m.GoneID, m.GoneID, m.KeptID)
	if err == nil {
		_, err = tx.exec(`UPDATE notices SET read_at = ? WHERE user_id = ? AND read_at IS NULL AND EXISTS (SELECT 1 FROM notices k
			WHERE k.user_id = ? AND k.read_at IS NULL AND k.idea_id = notices.idea_id AND k.kind = notices.kind)`, tx.now, m.GoneID, m.KeptID)
	}
	again := `SELECT r.id FROM entry_requests r WHERE r.user_id = ? AND r.state = 'open' AND (EXISTS (SELECT 1 FROM memberships s WHERE s.space_id = r.space_id AND s.user_id = ?)
		OR EXISTS (SELECT 1 FROM entry_requests o WHERE o.space_id = r.space_id AND o.user_id = ? AND o.state = 'open'))`
	if err == nil {
		_, err = tx.exec("UPDATE space_notices SET read_at = ? WHERE read_at IS NULL AND request_id IN ("+again+")", tx.now, m.GoneID, m.KeptID, m.KeptID)
	}
	if err == nil {
		_, err = tx.exec("UPDATE entry_requests SET state = 'withdrawn', decided_at = ? WHERE id IN ("+again+")", tx.now, m.GoneID, m.KeptID, m.KeptID)
	}
	return err
}

// MergeRest carries over what was still written with the account that went while it went: whoever had begun a request before the merge
// was done could end it after.
func (tx *Tx) MergeRest(id int64) (m *Merge, moved Rows, err error) {
	m = &Merge{}
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
	}
	if err := tx.one(tx.ctx, m, "SELECT * FROM merges WHERE id = ? AND undone_at IS NULL"+lock, id); err != nil {
		return nil, nil, err
	}
	into, err := tx.MergedInto(tx.ctx, m.GoneID) // which may have gone on since
	if err != nil || into != m.KeptID {
		return m, nil, err
	}
	moved = Rows{}
	err = tx.carryRows(m, moved)
	return m, moved.shown(), err
}

// Ends is until when a merge can be taken back.
func (m *Merge) Ends(days int) time.Time { return m.MergedAt.AddDate(0, 0, days) }
