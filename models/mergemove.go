package models

import (
	"fmt"
	"time"
)

// carryBatch is how many rows one statement of a merge moves: far below what the time for a statement allows.
const carryBatch = 20_000

// asideKind says why a row was set aside.
type asideKind string

const (
	doubled  asideKind = "doubled"  // both accounts had it
	withheld asideKind = "withheld" // the account that went had lost what it stands for, or the other one has its own
)

// clash is the condition that a row of the account that goes has its like in the one that stays, which is its argument.
func (c *carried) clash() string {
	same, columns := "", c.alike
	if columns == nil {
		columns = []string{c.id, c.ref}
	}
	for _, column := range columns {
		if column != "" {
			same += " AND o." + column + " = " + c.table + "." + column
		}
	}
	return "EXISTS (SELECT 1 FROM " + c.table + " o WHERE o." + c.column + " = ?" + same + ")"
}

// noted is the condition that the merge, its arguments, has noted a row.
func (c *carried) noted() string {
	return "EXISTS (SELECT 1 FROM merged_rows r WHERE r.merge_id = ? AND r.place = ? AND r.row_id = " + c.rowID() + " AND r.row_ref = " + c.rowRef() + " AND r.aside = '')"
}

// carry puts the account that stays in the place of the one that goes, in one column. What it moves is noted first, and only what
// is noted moves: what comes meanwhile waits for the next time. It returns how many rows moved.
func (tx *Tx) carry(m *Merge, c *carried) (moved int64, err error) {
	free, args := "", []any{}
	if c.once {
		free, args = " AND NOT "+c.clash(), append(args, m.KeptID)
	}
	args = append([]any{m.ID, c.place(), m.GoneID}, args...)
	for {
		_, err := tx.exec("INSERT INTO merged_rows (merge_id, place, row_id, row_ref) SELECT ?, ?, "+c.rowID()+", "+c.rowRef()+" FROM "+c.table+
			" WHERE "+c.column+" = ?"+free+fmt.Sprintf(" LIMIT %d ON CONFLICT DO NOTHING", carryBatch), args...)
		var n int64
		if err == nil {
			n, err = tx.exec("UPDATE "+c.table+" SET "+c.column+" = ? WHERE "+c.column+" = ? AND "+c.noted(), m.KeptID, m.GoneID, m.ID, c.place())
		}
		moved += n
		if err == nil && n > 0 && c.place() == "ideas.author_id" {
			err = tx.placeIdeas("i.author_id = ?", m.KeptID)
		}
		if err != nil || n < carryBatch {
			return moved, err
		}
	}
}

// setAside takes away what both accounts have, and notes it.
func (tx *Tx) setAside(m *Merge, c *carried) error {
	return tx.aside(m, c, doubled, c.clash(), m.KeptID)
}

// aside takes those rows of the account that goes away which meet a condition, and notes them.
func (tx *Tx) aside(m *Merge, c *carried, why asideKind, condition string, args ...any) error {
	_, err := tx.exec("INSERT INTO merged_rows (merge_id, place, row_id, row_ref, aside, at) SELECT ?, ?, "+c.rowID()+", "+c.rowRef()+", ?, "+c.at+" FROM "+c.table+
		" WHERE "+c.column+" = ? AND "+condition+" ON CONFLICT DO NOTHING", append([]any{m.ID, c.place(), why, m.GoneID}, args...)...)
	if err == nil {
		_, err = tx.exec("DELETE FROM "+c.table+" WHERE "+c.column+" = ? AND "+condition, append([]any{m.GoneID}, args...)...)
	}
	if err != nil {
		return fmt.Errorf("set aside %s: %w", c.place(), err)
	}
	return nil
}

// supportBatch is how many ideas one statement counts anew.
const supportBatch = 200

// doubledSupport is a support of an idea that both accounts gave.
type doubledSupport struct {
	IdeaID      int64
	Hot         float64
	PublishedAt time.Time
	At          time.Time
}

// joinSupports lets one support of each idea count that both accounts support.
func (tx *Tx) joinSupports(m *Merge) error {
	for {
		var ideas []int64
		err := tx.raw(tx.ctx, &ideas, `SELECT g.idea_id FROM supports g JOIN supports k ON k.idea_id = g.idea_id AND k.user_id = ? WHERE g.user_id = ? ORDER BY g.idea_id LIMIT ?`, m.KeptID, m.GoneID, supportBatch)
		if err != nil || len(ideas) == 0 {
			return err
		}
		if err := tx.lockIdeas(ideas); err != nil {
			return err
		}
		var supports []doubledSupport
		err = tx.raw(tx.ctx, &supports, `SELECT i.id AS idea_id, i.hot, i.published_at, g.created_at AS at FROM ideas i JOIN supports g ON g.idea_id = i.id AND g.user_id = ?
			WHERE i.id IN ? ORDER BY i.id`, m.GoneID, ideas)
		if err != nil {
			return err
		}
		for i := range supports {
			s := &supports[i]
			s.Hot = rankRemove(s.Hot, contribution(s.At, supportWeight), contribution(s.PublishedAt, 1))
		}
		if err := tx.noteSupports(m, supports); err != nil {
			return err
		}
		if _, err := tx.exec("DELETE FROM supports WHERE user_id = ? AND idea_id IN ?", m.GoneID, ideas); err != nil {
			return err
		}
		if err := tx.countSupports(supports, -1); err != nil {
			return err
		}
	}
}

// lockIdeas locks ideas in the one order in which nobody waits for another: those that go on in others before these, as whoever
// supports one does, and by number.
func (tx *Tx) lockIdeas(ids []int64) error {
	if !tx.postgres() {
		return nil
	}
	_, err := tx.exec("SELECT 1 FROM ideas WHERE id IN ? ORDER BY merged_into_id IS NULL, id FOR UPDATE", ids)
	return err
}

func (tx *Tx) noteSupports(m *Merge, supports []doubledSupport) error {
	if len(supports) == 0 {
		return nil
	}
	query, args := "INSERT INTO merged_rows (merge_id, place, row_id, row_ref, aside, at) VALUES ", []any{}
	for i, s := range supports {
		if i > 0 {
			query += ", "
		}
		query += "(?, ?, ?, '', ?, ?)"
		args = append(args, m.ID, supportsPlace, s.IdeaID, doubled, s.At.UTC())
	}
	_, err := tx.exec(query+" ON CONFLICT DO NOTHING", args...)
	return err
}

// countSupports adds a number to the supports of ideas, and stores their new ranks.
func (tx *Tx) countSupports(supports []doubledSupport, change int) error {
	if len(supports) == 0 {
		return nil
	}
	ranks, args, ids := "", []any{change}, []int64{}
	for _, s := range supports {
		ranks += " WHEN ? THEN CAST(? AS DOUBLE PRECISION)"
		args, ids = append(args, s.IdeaID, s.Hot), append(ids, s.IdeaID)
	}
	_, err := tx.exec("UPDATE ideas SET support_count = support_count + ?, hot = CASE id"+ranks+" ELSE hot END WHERE id IN ? AND NOT "+supportsHidden("ideas.id"), append(args, ids)...)
	return err
}
