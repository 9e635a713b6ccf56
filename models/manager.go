package models

import (
	"context"
	"fmt"
	"time"
)

// runs is the condition that the person u, whose membership is m, runs the space s: as its manager, with access to
// the house, and from outside the company only where externals may be. Auditors and programs run nothing.
func (q Queries) runs() (condition string, now any) {
	here, now := q.here()
	return "m.role = 'manager' AND u.import_ref IS NULL AND NOT u.service AND u.role <> 'auditor' AND (u.role <> 'external' OR s.visibility IN ('public', 'external')) AND " + here, now
}

// managed tells whether anybody runs a space.
func (tx *Tx) managed(spaceID int64) (found bool, err error) {
	runs, now := tx.runs()
	return found, tx.raw(tx.ctx, &found, `SELECT EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id JOIN spaces s ON s.id = m.space_id
		WHERE m.space_id = ? AND `+runs+")", spaceID, now)
}

// keepManagers does a change and refuses it with the given problem if it leaves one of the spaces, which somebody
// ran, without anyone. Two managers who leave at once follow one another: the second finds that the first has gone.
func (tx *Tx) keepManagers(spaceIDs []int64, problem Invalid, change func() error) error {
	var kept []int64
	for _, id := range spaceIDs {
		if err := tx.lockSpace(id); err != nil {
			return err
		}
		managed, err := tx.managed(id)
		if err != nil {
			return err
		}
		if managed {
			kept = append(kept, id)
		}
	}
	if err := change(); err != nil {
		return err
	}
	for _, id := range kept {
		managed, err := tx.managed(id)
		if err != nil {
			return err
		}
		if !managed {
			return problem
		}
	}
	return nil
}

// lockSpace holds a space until the transaction ends. What refers to it, such as a new idea, does not wait.
func (tx *Tx) lockSpace(id int64) error {
	if !tx.postgres() {
		return nil
	}
	_, err := tx.exec("SELECT 1 FROM spaces WHERE id = ? FOR NO KEY UPDATE", id)
	return err
}

// keepSpacesOf is keepManagers for what changes a person everywhere.
func (tx *Tx) keepSpacesOf(userID int64, change func() error) error {
	var spaces []int64
	if err := tx.raw(tx.ctx, &spaces, "SELECT space_id FROM memberships WHERE user_id = ? AND role = 'manager' ORDER BY space_id", userID); err != nil {
		return err
	}
	return tx.keepManagers(spaces, Invalid{"role": "users.last_manager"}, change)
}

// KeepOwner does a change to a person and refuses it if nobody is left by it who owns the house. Who does not own it holds
// nobody up.
func (tx *Tx) KeepOwner(userID int64, change func() error) error {
	var owner bool
	if err := tx.raw(tx.ctx, &owner, "SELECT EXISTS (SELECT 1 FROM users WHERE id = ? AND role = 'owner')", userID); err != nil {
		return err
	}
	if !owner {
		return change()
	}
	if err := tx.HoldOwners(); err != nil { // two owners who step down at once must not both find the other
		return err
	}
	before, err := tx.owned()
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := tx.owned()
	if err == nil && before && !after {
		return Invalid{"role": "users.last_owner"}
	}
	return err
}

func (tx *Tx) owned() (found bool, err error) {
	here, now := tx.here()
	return found, tx.raw(tx.ctx, &found, "SELECT EXISTS (SELECT 1 FROM users u WHERE u.role = 'owner' AND u.import_ref IS NULL AND "+here+")", now)
}

// keepPosts does a change to a person, and refuses it if the house is left without an owner or a space without anyone
// who runs it.
func (tx *Tx) keepPosts(userID int64, change func() error) error {
	return tx.KeepOwner(userID, func() error { return tx.keepSpacesOf(userID, change) })
}

// Suspend is Disable as people do it to one another: it keeps an owner for the house, and somebody who runs it for
// each space. A directory has the last word and uses Disable.
func (tx *Tx) Suspend(userID int64) error {
	return tx.keepPosts(userID, func() error { return tx.Disable(userID) })
}

// UnmanagedSpace is a space that nobody runs, as those who look after the community see it.
type UnmanagedSpace struct {
	ID         int64
	Slug       string
	Title      string // empty where the reader may not know of the space
	Visibility Visibility
	Listed     bool
	ArchivedAt *time.Time
	Last       string // who ran it last, if they are known
	LastID     int64
	Since      *time.Time
}

// UnmanagedSpaces lists the spaces that nobody runs, after the given id. Of a restricted one it tells no more than
// who ran it, so that its people can be asked who is to do so now; reading it stays its members' alone.
func (q Queries) UnmanagedSpaces(ctx context.Context, actor *Actor, after int64, limit int) (spaces []UnmanagedSpace, err error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	unmanaged, now := q.unmanaged()
	err = q.raw(ctx, &spaces, `SELECT s.id, s.slug, s.title, s.visibility, s.listed, s.archived_at, s.unmanaged_at AS since, coalesce(l.id, 0) AS last_id, coalesce(l.name, '') AS last
		FROM spaces s LEFT JOIN users l ON l.id = (SELECT m.user_id FROM memberships m WHERE m.space_id = s.id AND m.role = 'manager' ORDER BY m.created_at DESC, m.user_id LIMIT 1)
		WHERE s.id > ? AND `+unmanaged+" ORDER BY s.id LIMIT ?", after, now, limit)
	for i := range spaces {
		s := &spaces[i]
		if actor.Access(s.ID) == nil && !actor.knowsOf(&Space{ID: s.ID, Visibility: s.Visibility, Listed: s.Listed, ArchivedAt: s.ArchivedAt}) {
			s.Slug, s.Title = "", ""
		}
	}
	return spaces, err
}

// unmanaged is the condition that nobody runs the space s. Who runs an enclosure is who runs the space around it.
func (q Queries) unmanaged() (condition string, now any) {
	runs, now := q.runs()
	return "s.within_id IS NULL AND NOT EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.space_id = s.id AND " + runs + ")", now
}

// TakeOver makes a person the manager of a space that nobody runs, whether or not whoever names them may see it.
// Of a space that somebody runs they learn nothing by it: ErrConflict if they see it, else ErrNotFound. Its members and the new manager are told.
func (tx *Tx) TakeOver(spaceID int64, user *User) (*Space, error) {
	if err := tx.lockSpace(spaceID); err != nil {
		return nil, err
	}
	space := &Space{}
	if err := tx.one(tx.ctx, space, "SELECT * FROM spaces WHERE id = ? AND within_id IS NULL", spaceID); err != nil {
		return nil, err
	}
	managed, err := tx.managed(spaceID)
	if err == nil && managed {
		err = ErrNotFound
		if tx.actor.Access(spaceID) != nil {
			err = ErrConflict
		}
		err = fmt.Errorf("space %d is managed: %w", spaceID, err)
	}
	if err != nil {
		return nil, err
	}
	if err := tx.tellMembers(space, NoticeTaken, user.ID); err != nil {
		return nil, err
	}
	if err := tx.SetMember(space, user, SpaceManager); err != nil {
		return nil, err
	}
	if managed, err = tx.managed(spaceID); err == nil && !managed {
		err = Invalid{"email": "spaces.cannot_manage"} // an auditor, or an account that has ended
	}
	if err != nil {
		return nil, err
	}
	if _, err := tx.exec("UPDATE spaces SET unmanaged_at = NULL WHERE id = ?", spaceID); err != nil {
		return nil, err
	}
	return space, tx.NotifySpace(SpaceNotice{UserID: user.ID, Kind: NoticeNamed, SpaceID: spaceID})
}

// NoteUnmanaged finds the spaces that have lost their last manager since it last looked, tells those who look after
// the community, and returns them; it also notes which have one again.
func (tx *Tx) NoteUnmanaged() (lost []Space, err error) {
	unmanaged, now := tx.unmanaged()
	if _, err := tx.exec("UPDATE spaces AS s SET unmanaged_at = NULL WHERE s.unmanaged_at IS NOT NULL AND NOT ("+unmanaged+")", now); err != nil {
		return nil, err
	}
	var found []Space
	if err := tx.raw(tx.ctx, &found, "SELECT s.* FROM spaces s WHERE s.unmanaged_at IS NULL AND "+unmanaged+" ORDER BY s.id", now); err != nil {
		return nil, err
	}
	for _, space := range found {
		noted, err := tx.exec("UPDATE spaces SET unmanaged_at = ? WHERE id = ? AND unmanaged_at IS NULL", tx.now, space.ID)
		if err != nil {
			return nil, err
		}
		if noted == 0 {
			continue // somebody else has told it meanwhile
		}
		if err := tx.tellCommunity(&space, NoticeUnmanaged); err != nil {
			return nil, err
		}
		lost = append(lost, space)
	}
	return lost, nil
}
