package models

import (
	"fmt"
	"slices"
)

// named is the source of the grants that somebody made out to a person.
const named = "named"

// invitationSource is the source of the grants of whoever accepted an invitation.
func invitationSource(id int64) string { return fmt.Sprintf("invitation:%d", id) }

// personal is the condition that the grant g was made out to a person, by hand or by an invitation. What is given by hand
// replaces what an invitation gave, and who is removed by hand is removed.
const personal = "(g.source = 'named' OR g.source LIKE 'invitation:%')"

// groupSource is the source of the grants that a group brings its members.
func groupSource(groupID int64) string { return fmt.Sprintf("group:%d", groupID) }

// grant notes why a person is in a space, and lets the widest of their roles there count.
func (tx *Tx) grant(spaceID, userID int64, source string, role SpaceRole) error {
	_, err := tx.exec(`INSERT INTO grants (space_id, user_id, source, role, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (space_id, user_id, source) DO UPDATE SET role = excluded.role`, spaceID, userID, source, role, tx.now)
	if err != nil {
		return err
	}
	return tx.settleMembers(spaceID, []int64{userID})
}

// ungrant takes a reason to be in a space away; ErrNotFound if there was none.
func (tx *Tx) ungrant(spaceID, userID int64, source string) error {
	changed, err := tx.exec("DELETE FROM grants WHERE space_id = ? AND user_id = ? AND source = ?", spaceID, userID, source)
	if err == nil && changed == 0 {
		return ErrNotFound
	}
	if err != nil {
		return err
	}
	return tx.settleMembers(spaceID, []int64{userID})
}

// regive replaces what was made out to a person in a space by a grant made by hand.
func (tx *Tx) regive(spaceID, userID int64, role SpaceRole) error {
	if _, err := tx.exec("DELETE FROM grants WHERE space_id = ? AND user_id = ? AND source LIKE 'invitation:%'", spaceID, userID); err != nil {
		return err
	}
	return tx.grant(spaceID, userID, named, role)
}

// ungivePersonal forgets what was made out to a person in a space; ErrNotFound if nothing was. Their membership is still to
// be settled.
func (tx *Tx) ungivePersonal(spaceID, userID int64) error {
	changed, err := tx.exec("DELETE FROM grants AS g WHERE g.space_id = ? AND g.user_id = ? AND "+personal, spaceID, userID)
	if err == nil && changed == 0 {
		return ErrNotFound
	}
	return err
}

// settleBatch is how many people one statement settles; either database takes as many parameters.
const settleBatch = 500

// widest orders the roles of grants g as SpaceRoles does.
const widest = "CASE g.role WHEN 'manager' THEN 1 WHEN 'moderator' THEN 2 WHEN 'expert' THEN 3 WHEN 'member' THEN 4 ELSE 5 END"

// settleMembers makes the memberships of people in a space anew from their grants. The order of
// SpaceRoles, widest first, is the order of the numbers here.
func (tx *Tx) settleMembers(spaceID int64, userIDs []int64) error {
	for batch := range slices.Chunk(userIDs, settleBatch) {
		_, err := tx.exec(`DELETE FROM memberships WHERE space_id = ? AND user_id IN ?
			AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.space_id = memberships.space_id AND g.user_id = memberships.user_id)`, spaceID, batch)
		if err == nil {
			_, err = tx.exec(`INSERT INTO memberships (space_id, user_id, role, created_at)
				SELECT g.space_id, g.user_id, CASE min(`+widest+`)
					WHEN 1 THEN 'manager' WHEN 2 THEN 'moderator' WHEN 3 THEN 'expert' WHEN 4 THEN 'member' ELSE 'reader' END, min(g.created_at)
				FROM grants g WHERE g.space_id = ? AND g.user_id IN ? GROUP BY g.space_id, g.user_id
				ON CONFLICT (space_id, user_id) DO UPDATE SET role = excluded.role`, spaceID, batch)
		}
		if err != nil {
			return fmt.Errorf("settle the members of space %d: %w", spaceID, err)
		}
	}
	return tx.settleEnclosures(spaceID, userIDs)
}
