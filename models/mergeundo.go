package models

import (
	"context"
	"errors"
	"fmt"
)

// FindMerge finds a merge into an account for taking it back; until the transaction ends nobody else does.
func (tx *Tx) FindMerge(keptID, id int64) (*Merge, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
	}
	m := &Merge{}
	return m, tx.one(tx.ctx, m, "SELECT * FROM merges WHERE id = ? AND kept_id = ?"+lock, id, keptID)
}

// MergeUndo says why a merge cannot be taken back by the actor, as a key of the catalogue; empty if it can.
func (q Queries) MergeUndo(ctx context.Context, actor *Actor, m *Merge, days int) (problem string, err error) {
	kept, err := q.UserByID(ctx, m.KeptID)
	if err != nil {
		return "", err
	}
	gone, err := q.UserByID(ctx, m.GoneID)
	if err != nil {
		return "", err
	}
	problem, err = q.undoProblem(ctx, actor, m, kept, gone, days)
	if errors.Is(err, ErrForbidden) {
		return "members.owners_only", nil
	}
	return problem, err
}

func (q Queries) undoProblem(ctx context.Context, actor *Actor, m *Merge, kept, gone *User, days int) (problem string, err error) {
	if !actor.LooksAfter(kept.Role) || !actor.LooksAfter(gone.Role) || kept.External() != gone.External() && !actor.Can(ManageSignIn, nil) {
		return "", fmt.Errorf("take merge %d back: %w", m.ID, ErrForbidden)
	}
	var later bool
	err = q.raw(ctx, &later, "SELECT EXISTS (SELECT 1 FROM merges WHERE id > ? AND undone_at IS NULL AND (kept_id IN (?, ?) OR gone_id IN (?, ?)))", m.ID, m.KeptID, m.GoneID, m.KeptID, m.GoneID)
	switch {
	case err != nil:
		return "", err
	case m.UndoneAt != nil:
		return "merge.undone_already", nil
	case !m.Ends(days).After(q.present()):
		return "merge.undo_late", nil
	case later:
		return "merge.undo_later_first", nil
	case kept.EraseAt != nil:
		return "merge.erasure", nil
	}
	return "", nil
}

// TakeMergeBack gives an account that has gone into another back what was its own, as far as nothing of it has been changed otherwise, and
// returns what could not be given back. What came after the merge stays where it is.
func (tx *Tx) TakeMergeBack(m *Merge, kept, gone *User) (lost Rows, err error) {
	days, err := tx.MergeDays(tx.ctx)
	if err != nil {
		return nil, err
	}
	problem, err := tx.undoProblem(tx.ctx, tx.actor, m, kept, gone, days)
	if err == nil && problem != "" {
		err = Invalid{"merge": problem}
	}
	if err != nil {
		return nil, err
	}
	if _, _, err := tx.MergeRest(m.ID); err != nil {
		return nil, err
	}
	err = tx.keepPosts(kept.ID, func() (err error) {
		lost, err = tx.part(m, kept, gone)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take merge %d back: %w", m.ID, err)
	}
	lost = lost.shown()
	if _, err := tx.exec("UPDATE merges SET undone_at = ?, lost = ? WHERE id = ?", tx.now, lost.text(), m.ID); err != nil {
		return nil, err
	}
	_, err = tx.exec("DELETE FROM merged_rows WHERE merge_id = ?", m.ID)
	return lost, err
}

func (tx *Tx) part(m *Merge, kept, gone *User) (Rows, error) {
	lost, err := tx.giveFactsBack(m, kept, gone)
	if err != nil {
		return nil, err
	}
	for _, c := range carriedColumns() {
		if err := tx.giveRowsBack(m, &c, lost); err != nil {
			return nil, fmt.Errorf("give %s back: %w", c.place(), err)
		}
	}
	if err := tx.giveSupportsBack(m, lost); err != nil {
		return nil, err
	}
	if err := tx.partPollVotes(m); err != nil {
		return nil, err
	}
	if err := tx.partReactions(m); err != nil {
		return nil, err
	}
	if err := tx.countFamilies("f.id IN (SELECT s.idea_id FROM supports s WHERE s.user_id IN (?, ?))", m.KeptID, m.GoneID); err != nil {
		return nil, err
	}
	if err := tx.giveGrantsBack(m, lost); err != nil {
		return nil, err
	}
	if err := tx.settlePeople(m); err != nil {
		return nil, err
	}
	for _, user := range []*User{kept, gone} { // each in the unit of their department
		user, err := tx.UserByID(tx.ctx, user.ID)
		if err != nil {
			return nil, err
		}
		if err := tx.SetDepartment(user.ID, user.Department); err != nil {
			return nil, err
		}
	}
	return lost, nil
}

// fades are kinds whose rows go by themselves, so that those that are no longer there are not missed.
func fades(kind MergeKind) bool {
	return kind == MergeNotices || kind == MergeDrafts || kind == MergeRequests || kind == MergeInvitations
}

// giveRowsBack gives the rows of a column back that the merge moved, and those that it set aside.
func (tx *Tx) giveRowsBack(m *Merge, c *carried, lost Rows) error {
	if c.once && c.at != "" && c.place() != supportsPlace { // before the others: what both had is still in the place of both
		if err := tx.giveAsideBack(m, c, lost); err != nil {
			return err
		}
	}
	free, args := "", []any{m.GoneID, m.KeptID, m.ID, c.place()}
	if c.once {
		free, args = " AND NOT "+c.clash(), append(args, m.GoneID)
	}
	back, err := tx.exec("UPDATE "+c.table+" SET "+c.column+" = ? WHERE "+c.column+" = ? AND "+c.noted()+free, args...)
	if err != nil || fades(c.kind) {
		return err
	}
	var noted int64
	err = tx.raw(tx.ctx, &noted, "SELECT count(*) FROM merged_rows WHERE merge_id = ? AND place = ? AND aside = ''", m.ID, c.place())
	lost[c.kind] += noted - back
	return err
}

// giveAsideBack brings back what was set aside: what both had if the account that stays still has it, and what was withheld in any case.
func (tx *Tx) giveAsideBack(m *Merge, c *carried, lost Rows) error {
	columns, values := c.id+", "+c.column, "r.row_id, ?"
	if c.at != "NULL" {
		columns, values = columns+", "+c.at, values+", r.at"
	}
	there := map[string]string{"group_id": "groups", "idea_id": "ideas", "agreement_id": "agreements", "campaign_id": "campaigns"}[c.id]
	back, err := tx.exec("INSERT INTO "+c.table+" ("+columns+") SELECT "+values+" FROM merged_rows r WHERE r.merge_id = ? AND r.place = ? AND EXISTS (SELECT 1 FROM "+there+` t WHERE t.id = r.row_id)
		AND (r.aside = 'withheld' OR r.aside = 'doubled' AND EXISTS (SELECT 1 FROM `+c.table+" o WHERE o."+c.id+" = r.row_id AND o."+c.column+" = ?)) ON CONFLICT DO NOTHING",
		m.GoneID, m.ID, c.place(), m.KeptID)
	if err != nil {
		return err
	}
	var noted int64
	err = tx.raw(tx.ctx, &noted, "SELECT count(*) FROM merged_rows WHERE merge_id = ? AND place = ? AND aside <> ''", m.ID, c.place())
	lost[c.kind] += noted - back
	return err
}

// giveSupportsBack lets both supports of an idea count again that both accounts gave, if the one that stays still supports it.
func (tx *Tx) giveSupportsBack(m *Merge, lost Rows) error {
	for last := int64(0); ; {
		var ideas []int64
		err := tx.raw(tx.ctx, &ideas, "SELECT row_id FROM merged_rows WHERE merge_id = ? AND place = ? AND aside = 'doubled' AND row_id > ? ORDER BY row_id LIMIT ?", m.ID, supportsPlace, last, supportBatch)
		if err != nil || len(ideas) == 0 {
			return err
		}
		last = ideas[len(ideas)-1]
		if err := tx.lockIdeas(ideas); err != nil {
			return err
		}
		var supports []doubledSupport
		err = tx.raw(tx.ctx, &supports, `SELECT i.id AS idea_id, i.hot, i.published_at, r.at FROM ideas i JOIN merged_rows r ON r.merge_id = ? AND r.place = ? AND r.row_id = i.id
			JOIN supports k ON k.idea_id = i.id AND k.user_id = ? WHERE i.id IN ? ORDER BY i.id`, m.ID, supportsPlace, m.KeptID, ideas)
		if err != nil {
			return err
		}
		lost[MergeSupports] += int64(len(ideas) - len(supports))
		if len(supports) == 0 {
			continue
		}
		query, args := "INSERT INTO supports (idea_id, user_id, created_at) VALUES ", []any{}
		for i := range supports {
			s := &supports[i]
			s.Hot = rankAdd(s.Hot, contribution(s.At, supportWeight))
			if i > 0 {
				query += ", "
			}
			query, args = query+"(?, ?, ?)", append(args, s.IdeaID, m.GoneID, s.At.UTC())
		}
		if _, err := tx.exec(query+" ON CONFLICT DO NOTHING", args...); err != nil {
			return err
		}
		if err := tx.countSupports(supports, 1); err != nil {
			return err
		}
	}
}

// giveGrantsBack gives the reasons to be in spaces back that no group brings: where the account that stays has lost what it got by the
// merge, or has been given another role since, somebody has decided otherwise.
func (tx *Tx) giveGrantsBack(m *Merge, lost Rows) error {
	const given = `EXISTS (SELECT 1 FROM grants k WHERE k.user_id = ? AND k.space_id = r.row_id AND k.source = r.row_ref AND ` + noNarrower + ")"
	var noted int64
	err := tx.raw(tx.ctx, &noted, "SELECT count(*) FROM merged_rows WHERE merge_id = ? AND place = ?", m.ID, grantsPlace)
	if err != nil {
		return err
	}
	back, err := tx.exec(`INSERT INTO grants (space_id, user_id, source, role, created_at) SELECT r.row_id, ?, r.row_ref, r.role, r.at FROM merged_rows r
		WHERE r.merge_id = ? AND r.place = ? AND (r.aside = 'withheld' OR `+given+") ON CONFLICT (space_id, user_id, source) DO NOTHING", m.GoneID, m.ID, grantsPlace, m.KeptID)
	if err != nil {
		return err
	}
	lost[MergeSpaces] += noted - back
	of := "r.merge_id = ? AND r.place = ? AND r.aside = 'doubled' AND r.row_id = grants.space_id AND r.row_ref = grants.source"
	_, err = tx.exec("DELETE FROM grants WHERE user_id = ? AND EXISTS (SELECT 1 FROM merged_rows r WHERE "+of+" AND r.had = '' AND r.role = grants.role)", m.KeptID, m.ID, grantsPlace)
	if err == nil { // what is wider than both was given since
		_, err = tx.exec(`UPDATE grants SET role = (SELECT r.had FROM merged_rows r WHERE `+of+`) WHERE user_id = ?
			AND EXISTS (SELECT 1 FROM merged_rows r WHERE `+of+" AND r.had <> '' AND r.role = grants.role)", m.ID, grantsPlace, m.KeptID, m.ID, grantsPlace)
	}
	return err
}
