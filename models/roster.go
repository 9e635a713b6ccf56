package models

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Roster is a list of people that somebody has sent to be taken in. What it says of them is kept until that is done or
// given up.
type Roster struct {
	ID         int64
	UserID     int64  // who sent it; nobody else sees it
	Name       string // of the file
	Content    string // as text; empty once it is taken in
	Lines      int
	Made       int // what came of it
	Changed    int
	CreatedAt  time.Time
	SeenAt     *time.Time // as of when its sender saw what it would do, and wanted that
	ImportedAt *time.Time
	LinksAt    *time.Time // when they fetched the links of those whom it made accounts for
	// Why it was not taken in when somebody wanted it.
	ProblemLine int
	Problem     string
}

func (r *Roster) subject() (string, int64, int64) { return "roster", r.ID, 0 }

// RosterKept is how long a roster waits for whoever sent it.
const RosterKept = 7 * 24 * time.Hour

// CreateRoster stores a list for its sender.
func (tx *Tx) CreateRoster(roster *Roster) error {
	roster.UserID, roster.CreatedAt = tx.actor.ID, tx.now
	return tx.create(roster)
}

// OwnRoster finds a list that the actor has sent.
func (q Queries) OwnRoster(ctx context.Context, actor *Actor, id int64) (*Roster, error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	roster := &Roster{}
	return roster, q.one(ctx, roster, "SELECT * FROM rosters WHERE id = ? AND user_id = ?", id, actor.ID)
}

// SeeRoster notes as of when its sender has seen what a list would do.
func (tx *Tx) SeeRoster(id int64, seen time.Time) error {
	_, err := tx.exec("UPDATE rosters SET seen_at = ? WHERE id = ?", seen.UTC(), id)
	return err
}

// FinishRoster notes what came of a list, and forgets what it said; ErrConflict if it was taken in already.
func (tx *Tx) FinishRoster(roster *Roster) error {
	changed, err := tx.exec("UPDATE rosters SET content = '', made = ?, changed = ?, imported_at = ? WHERE id = ? AND imported_at IS NULL", roster.Made, roster.Changed, tx.now, roster.ID)
	if err == nil && changed == 0 {
		return ErrConflict
	}
	return err
}

// RefuseRoster notes which line kept a list from being taken in, and why.
func (tx *Tx) RefuseRoster(id int64, line int, problem string) error {
	_, err := tx.exec("UPDATE rosters SET problem_line = ?, problem = ? WHERE id = ?", line, problem, id)
	return err
}

// FetchLinks notes that the links of those whom a list made accounts for are handed out, and returns who has never come in;
// ErrConflict if that was done before, or there are none.
func (tx *Tx) FetchLinks(roster *Roster) (users []User, err error) {
	changed, err := tx.exec("UPDATE rosters SET links_at = ? WHERE id = ? AND imported_at IS NOT NULL AND made > 0 AND links_at IS NULL", tx.now, roster.ID)
	if err == nil && changed == 0 {
		err = ErrConflict
	}
	if err != nil {
		return nil, err
	}
	enters, now := tx.enters()
	return users, tx.raw(tx.ctx, &users, `SELECT u.* FROM events c JOIN users u ON u.id = c.subject_id
		WHERE c.actor_id = ? AND c.at = ? AND c.verb = ? AND c.subject = 'user' AND NOT `+came+" AND "+enters+" ORDER BY u.id", roster.UserID, roster.ImportedAt.UTC(), UserCreated, now)
}

// DeleteRoster throws a list of the actor's away.
func (tx *Tx) DeleteRoster(id int64) error {
	_, err := tx.exec("DELETE FROM rosters WHERE id = ? AND user_id = ?", id, tx.actorID())
	return err
}

// SweepRosters throws away what nobody came back for.
func (tx *Tx) SweepRosters() error {
	_, err := tx.exec("DELETE FROM rosters WHERE created_at < ?", tx.now.Add(-RosterKept))
	return err
}

// RosterAccount is an account that a list speaks of.
type RosterAccount struct {
	User
	Bound bool // to an identity provider, which says what they are called
}

// Named tells whether the company's directory says what the person is called.
func (a *RosterAccount) Named() bool { return a.Bound || a.UserName != nil }

// AccountsByEmail finds the accounts with the given addresses, by address, for those who look after people.
func (q Queries) AccountsByEmail(ctx context.Context, actor *Actor, emails []string) (map[string]*RosterAccount, error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	found := make(map[string]*RosterAccount, len(emails))
	for batch := range slices.Chunk(emails, settleBatch) {
		var accounts []RosterAccount
		err := q.raw(ctx, &accounts, `SELECT u.*, EXISTS (SELECT 1 FROM identities i WHERE i.user_id = u.id) AS bound
			FROM users u WHERE u.email IN ? AND u.email <> '' ORDER BY u.id`, batch)
		if err != nil {
			return nil, err
		}
		for i := range accounts {
			found[accounts[i].Email] = &accounts[i]
		}
	}
	return found, nil
}

// LockListed keeps the accounts with the given addresses from being changed by others until the transaction ends.
func (tx *Tx) LockListed(emails []string) error {
	if !tx.postgres() {
		return nil // there is one writer
	}
	var ids []int64
	for batch := range slices.Chunk(emails, settleBatch) {
		var found []int64
		if err := tx.raw(tx.ctx, &found, "SELECT id FROM users WHERE email IN ? AND email <> '' ORDER BY id", batch); err != nil {
			return err
		}
		ids = append(ids, found...)
	}
	slices.Sort(ids)
	for batch := range slices.Chunk(ids, settleBatch) { // in one order, so that two lists do not wait for each other
		if _, err := tx.exec("SELECT 1 FROM users WHERE id IN ? ORDER BY id FOR NO KEY UPDATE", batch); err != nil {
			return err
		}
	}
	return nil
}

// GroupsNamed finds the groups with the given names, by name as NameKeyOf has it.
func (q Queries) GroupsNamed(ctx context.Context, names []string) (map[string]*Group, error) {
	found := make(map[string]*Group, len(names))
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = NameKeyOf(name)
	}
	for batch := range slices.Chunk(keys, settleBatch) {
		var groups []Group
		if err := q.raw(ctx, &groups, "SELECT * FROM groups WHERE kind = 'group' AND name_key IN ? AND deleted_at IS NULL ORDER BY id", batch); err != nil {
			return nil, err
		}
		for i := range groups {
			found[groups[i].NameKey] = &groups[i]
		}
	}
	return found, nil
}

// NameKeyOf is the form in which names are compared: without accents and capitals.
func NameKeyOf(name string) string { return nameKey(strings.TrimSpace(name)) }

// InGroups tells who of the given people is in which of the given groups.
func (q Queries) InGroups(ctx context.Context, groups, people []int64) (map[[2]int64]bool, error) {
	in := map[[2]int64]bool{}
	if len(groups) == 0 {
		return in, nil
	}
	for batch := range slices.Chunk(people, settleBatch) {
		var rows []struct{ GroupID, UserID int64 }
		if err := q.raw(ctx, &rows, "SELECT group_id, user_id FROM group_members WHERE user_id IN ? AND group_id IN ? ORDER BY group_id, user_id", batch, groups); err != nil {
			return nil, err
		}
		for _, row := range rows {
			in[[2]int64{row.GroupID, row.UserID}] = true
		}
	}
	return in, nil
}

// HandmadeGroupsOf are the names of the groups that people of the house look after, for each of the given people who is in any.
func (q Queries) HandmadeGroupsOf(ctx context.Context, actor *Actor, people []int64) (map[int64][]string, error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	var rows []struct {
		UserID int64
		Name   string
	}
	err := q.raw(ctx, &rows, `SELECT m.user_id, g.name FROM group_members m JOIN groups g ON g.id = m.group_id
		WHERE m.user_id IN ? AND g.kind = 'group' AND NOT g.by_directory AND g.deleted_at IS NULL ORDER BY m.user_id, g.name_key, g.id`, people)
	names := map[int64][]string{}
	for _, row := range rows {
		names[row.UserID] = append(names[row.UserID], row.Name)
	}
	return names, err
}

// ListedPerson is somebody with the address of their manager.
type ListedPerson struct {
	User
	ManagerEmail string
}

// ListedPeople are the accounts that a list can speak of, after the given id: those with an address and access that are
// no program's, for those who look after people.
func (q Queries) ListedPeople(ctx context.Context, actor *Actor, after int64, limit int) (people []ListedPerson, err error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	return people, q.raw(ctx, &people, `SELECT u.*, coalesce(m.email, '') AS manager_email FROM users u LEFT JOIN users m ON m.id = u.manager_id
		WHERE u.id > ? AND u.email <> '' AND u.disabled_at IS NULL AND NOT u.service AND `+account+" ORDER BY u.id LIMIT ?", after, limit)
}
