package models

import "fmt"

// inGroups are the columns that say in which groups a person is.
func inGroups() (columns []carried) {
	for _, c := range carriedColumns() {
		if c.place() == groupsPlace || c.place() == rulesPlace {
			columns = append(columns, c)
		}
	}
	return columns
}

// carryRights brings the account that stays what the one that goes may do in spaces, and its groups: in each space the wider
// of two roles counts. Nobody gains by it what neither account may do at this moment: of an account without access nothing is
// carried over.
func (tx *Tx) carryRights(m *Merge, kept, gone *User) (moved Rows, err error) {
	condition, args := "1 = 1", []any{}
	if tx.has(gone) {
		condition, args = "group_id IN (SELECT id FROM groups WHERE kind = 'unit') AND ?", []any{kept.Department != ""}
	}
	moved = Rows{}
	for _, c := range inGroups() {
		if err := tx.aside(m, &c, withheld, condition, args...); err != nil {
			return nil, err
		}
		if err := tx.setAside(m, &c); err != nil {
			return nil, err
		}
		n, err := tx.carry(m, &c)
		if err != nil {
			return nil, err
		}
		moved[c.kind] += n
	}
	if err := tx.carryGrants(m, tx.has(gone)); err != nil {
		return nil, err
	}
	return moved, tx.settlePeople(m)
}

// noNarrower is the condition that the role of k in a space is at least as wide as that of r.
const noNarrower = `CASE k.role WHEN 'manager' THEN 1 WHEN 'moderator' THEN 2 WHEN 'expert' THEN 3 WHEN 'member' THEN 4 ELSE 5 END
	<= CASE r.role WHEN 'manager' THEN 1 WHEN 'moderator' THEN 2 WHEN 'expert' THEN 3 WHEN 'member' THEN 4 ELSE 5 END`

// wider is the wider of two roles in a space.
const wider = `CASE WHEN CASE excluded.role WHEN 'manager' THEN 1 WHEN 'moderator' THEN 2 WHEN 'expert' THEN 3 WHEN 'member' THEN 4 ELSE 5 END
	< CASE grants.role WHEN 'manager' THEN 1 WHEN 'moderator' THEN 2 WHEN 'expert' THEN 3 WHEN 'member' THEN 4 ELSE 5 END THEN excluded.role ELSE grants.role END`

// carryGrants carries the reasons to be in spaces over that no group brings, and notes what the account that stays had.
func (tx *Tx) carryGrants(m *Merge, has bool) error {
	why := doubled
	if !has {
		why = withheld
	}
	_, err := tx.exec(`INSERT INTO merged_rows (merge_id, place, row_id, row_ref, aside, role, had, at)
		SELECT ?, ?, g.space_id, g.source, ?, g.role, coalesce(k.role, ''), g.created_at FROM grants g
		LEFT JOIN grants k ON k.space_id = g.space_id AND k.source = g.source AND k.user_id = ?
		WHERE g.user_id = ? AND g.source NOT LIKE 'group:%' ON CONFLICT DO NOTHING`, m.ID, grantsPlace, why, m.KeptID, m.GoneID)
	if err == nil && has {
		_, err = tx.exec(`INSERT INTO grants (space_id, user_id, source, role, created_at)
			SELECT space_id, ?, source, role, created_at FROM grants WHERE user_id = ? AND source NOT LIKE 'group:%'
			ON CONFLICT (space_id, user_id, source) DO UPDATE SET role = `+wider, m.KeptID, m.GoneID)
	}
	if err == nil {
		_, err = tx.exec("DELETE FROM grants WHERE user_id = ? AND source NOT LIKE 'group:%'", m.GoneID)
	}
	if err != nil {
		return fmt.Errorf("carry grants over: %w", err)
	}
	return nil
}

// settlePeople makes the memberships of two accounts anew from their grants, and those of the grants that groups bring from
// the groups that they are in. The groups concerned have changed.
func (tx *Tx) settlePeople(m *Merge) error {
	both := []int64{m.KeptID, m.GoneID}
	for _, statement := range []string{
		"DELETE FROM grants WHERE user_id IN ? AND source LIKE 'group:%'",
		`INSERT INTO grants (space_id, user_id, source, role, created_at)
			SELECT s.space_id, m.user_id, 'group:' || CAST(m.group_id AS TEXT), s.role, m.created_at FROM group_members m JOIN groups g ON g.id = m.group_id
			JOIN space_groups s ON s.group_id = m.group_id WHERE m.user_id IN ? AND g.deleted_at IS NULL`,
		"DELETE FROM memberships WHERE user_id IN ? AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.space_id = memberships.space_id AND g.user_id = memberships.user_id)",
		`INSERT INTO memberships (space_id, user_id, role, created_at)
			SELECT g.space_id, g.user_id, CASE min(CASE g.role WHEN 'manager' THEN 1 WHEN 'moderator' THEN 2 WHEN 'expert' THEN 3 WHEN 'member' THEN 4 ELSE 5 END)
				WHEN 1 THEN 'manager' WHEN 2 THEN 'moderator' WHEN 3 THEN 'expert' WHEN 4 THEN 'member' ELSE 'reader' END, min(g.created_at)
			FROM grants g WHERE g.user_id IN ? GROUP BY g.space_id, g.user_id
			ON CONFLICT (space_id, user_id) DO UPDATE SET role = excluded.role`,
	} {
		if _, err := tx.exec(statement, both); err != nil {
			return fmt.Errorf("settle accounts %d and %d: %w", m.KeptID, m.GoneID, err)
		}
	}
	var around []int64
	if err := tx.raw(tx.ctx, &around, `SELECT DISTINCT s.within_id FROM spaces s WHERE s.within_id IS NOT NULL AND (s.id IN (SELECT g.space_id FROM grants g WHERE g.user_id IN ? AND g.source = ?)
		OR s.within_id IN (SELECT g.space_id FROM memberships g WHERE g.user_id IN ? AND g.role = 'manager'))`, both, aroundSource, both); err != nil {
		return err
	}
	for _, space := range around {
		if err := tx.settleEnclosures(space, both); err != nil {
			return err
		}
	}
	_, err := tx.exec("UPDATE groups SET version = version + 1, changed_at = ? WHERE id IN (SELECT row_id FROM merged_rows WHERE merge_id = ? AND place = ?)", tx.now, m.ID, groupsPlace)
	return err
}
