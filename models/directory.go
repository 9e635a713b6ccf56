package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// DirectoryQuery is a page of a list as a directory asks for it. It counts rows from the start, as SCIM has it.
type DirectoryQuery struct {
	Where      *Condition // nil: everything
	Sort       string     // a field; empty: by age
	Descending bool
	Offset     int
	Limit      int
}

// DirectoryUser is an account with the name of the person's manager.
type DirectoryUser struct {
	User
	ManagerName string
}

// DirectoryName is the name by which a directory knows the account.
func (u *User) DirectoryName() string {
	if u.UserName != nil {
		return *u.UserName
	}
	if u.Email != "" {
		return u.Email
	}
	return fmt.Sprintf("account-%d", u.ID)
}

// inDirectory is the condition that the account u is one that the company's directory looks after: its own people, not
// its guests and programs, nor those whom it has removed or which have gone into another account.
const inDirectory = "u.import_ref IS NULL AND u.role <> 'external' AND NOT u.service AND u.removed_at IS NULL AND u.merged_into IS NULL"

// userFields are what a directory may ask of accounts.
func userFields() map[string]field {
	return map[string]field{
		"id": {"u.id", idField}, "userName": {"coalesce(u.user_name_key, u.email)", smallField}, "externalId": {"u.external_id", textField},
		"displayName": {"u.name", textField}, "emails": {"u.email", smallField}, "active": {"u.disabled_at IS NULL", flagField},
		"title": {"u.job", textField}, "department": {"u.department", textField}, "created": {"u.created_at", timeField}, "lastModified": {"coalesce(u.changed_at, u.created_at)", timeField},
	}
}

// groupFields are what a directory may ask of groups.
func groupFields() map[string]field {
	return map[string]field{
		"id": {"g.id", idField}, "displayName": {"g.name", textField}, "externalId": {"g.external_ref", textField},
		"members": {"EXISTS (SELECT 1 FROM group_members m WHERE m.group_id = g.id AND m.user_id = ?)", memberField},
		"created": {"g.created_at", timeField}, "lastModified": {"coalesce(g.changed_at, g.created_at)", timeField},
	}
}

// order is the order of a list; a field that nothing can be sorted by is a mistake at the field "sort".
func (d *DirectoryQuery) order(fields map[string]field, id string) (string, error) {
	direction := ""
	if d.Descending {
		direction = " DESC"
	}
	if d.Sort == "" {
		return id + direction, nil
	}
	f, known := fields[d.Sort]
	if !known || f.kind == memberField {
		return "", Invalid{"sort": "lists.sort_invalid"}
	}
	return f.sql + direction + ", " + id + direction, nil
}

// DirectoryUsers lists the accounts of the company's own people, and how many there are in all.
func (q Queries) DirectoryUsers(ctx context.Context, actor *Actor, query DirectoryQuery) (users []DirectoryUser, total int, err error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, 0, ErrForbidden
	}
	where, args, err := query.Where.sql(userFields())
	if err != nil {
		return nil, 0, err
	}
	order, err := query.order(userFields(), "u.id")
	if err != nil {
		return nil, 0, err
	}
	where = inDirectory + " AND (" + where + ")"
	if err := q.raw(ctx, &total, "SELECT count(*) FROM users u WHERE "+where, args...); err != nil || query.Limit == 0 {
		return nil, total, err
	}
	return users, total, q.raw(ctx, &users, `SELECT u.*, coalesce(m.name, '') AS manager_name FROM users u LEFT JOIN users m ON m.id = u.manager_id
		WHERE `+where+" ORDER BY "+order+" LIMIT ? OFFSET ?", append(slices.Clone(args), query.Limit, query.Offset)...)
}

// DirectoryUser finds an account of the company's own people.
func (q Queries) DirectoryUser(ctx context.Context, actor *Actor, id int64) (*DirectoryUser, error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	user := &DirectoryUser{}
	return user, q.one(ctx, user, `SELECT u.*, coalesce(m.name, '') AS manager_name FROM users u LEFT JOIN users m ON m.id = u.manager_id
		WHERE u.id = ? AND `+inDirectory, id)
}

// LockDirectoryUser is DirectoryUser for a change: until the transaction ends nobody else changes the account.
func (tx *Tx) LockDirectoryUser(id int64) (*DirectoryUser, error) {
	if tx.postgres() {
		if _, err := tx.exec("SELECT 1 FROM users WHERE id = ? FOR UPDATE", id); err != nil {
			return nil, err
		}
	}
	return tx.DirectoryUser(tx.ctx, tx.actor, id)
}

// SaveDirectoryUser stores what the directory says of a person, but for their department, which SetDepartment
// keeps, and their access. A name or key that another account has is a mistake at its field.
func (tx *Tx) SaveDirectoryUser(user *User) error {
	if err := tx.checkDirectoryUser(user); err != nil {
		return err
	}
	if err := tx.SaveProfile(user); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE users SET user_name = ?, user_name_key = ?, external_id = ?, given_name = ?, family_name = ?, locale = ?, manager_id = ? WHERE id = ?",
		user.UserName, user.UserNameKey, user.ExternalID, user.GivenName, user.FamilyName, user.Locale, user.ManagerID, user.ID)
	return err
}

// CreateDirectoryUser adds a person whom the directory has told of.
func (tx *Tx) CreateDirectoryUser(user *User) error {
	if err := tx.checkDirectoryUser(user); err != nil {
		return err
	}
	user.MadeByDirectory = true
	return tx.CreateUser(user)
}

// DirectoryKey is what an identity provider says the directory calls somebody: one of the two.
type DirectoryKey struct {
	ExternalID string
	UserName   string
}

// AwaitedByDirectory finds the account that the directory has made for somebody who has not come in through a provider
// yet; ErrNotFound if there is none. Until the transaction ends nobody else binds it.
func (tx *Tx) AwaitedByDirectory(key DirectoryKey) (*User, error) {
	column, value := "external_id", key.ExternalID
	if value == "" {
		column, value = "user_name_key", strings.ToLower(key.UserName)
	}
	if value == "" {
		return nil, ErrNotFound
	}
	if tx.postgres() {
		if _, err := tx.exec("SELECT 1 FROM users WHERE "+column+" = ? FOR UPDATE", value); err != nil {
			return nil, err
		}
	}
	user := &User{}
	return user, tx.one(tx.ctx, user, "SELECT u.* FROM users u WHERE u."+column+` = ? AND u.made_by_directory AND u.role <> 'external' AND NOT u.service
		AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.user_id = u.id)`, value)
}

// maxDirectoryText is how long what the directory says of a person may be.
const maxDirectoryText = 200

func (tx *Tx) checkDirectoryUser(user *User) error {
	problems := Invalid{}
	for name, text := range map[string]string{"userName": user.DirectoryName(), "title": user.Job, "department": user.Department, "givenName": user.GivenName, "familyName": user.FamilyName} {
		if len(text) > maxDirectoryText || text != "" && !readable(text) {
			problems[name] = "lists.text_invalid"
		}
	}
	if user.ExternalID != nil && (len(*user.ExternalID) > maxDirectoryText || !readable(*user.ExternalID)) {
		problems["externalId"] = "lists.text_invalid"
	}
	if user.ManagerID != nil {
		if _, err := tx.DirectoryUser(tx.ctx, tx.actor, *user.ManagerID); errors.Is(err, ErrNotFound) || *user.ManagerID == user.ID {
			problems["manager"] = "lists.text_invalid"
		} else if err != nil {
			return err
		}
	}
	if len(problems) > 0 {
		return problems
	}
	key := strings.ToLower(user.DirectoryName())
	user.UserNameKey = &key
	return tx.claimNames(user)
}

// claimNames makes sure that no other account has a person's names. Those that the directory has removed give theirs up:
// they may have been given to someone else, who gets an account of their own.
func (tx *Tx) claimNames(user *User) error {
	external := ""
	if user.ExternalID != nil {
		external = *user.ExternalID
	}
	var others []User
	err := tx.raw(tx.ctx, &others, `SELECT u.* FROM users u WHERE u.id <> ? AND (coalesce(u.user_name_key, u.email) = ? OR u.email = ? AND u.email <> '' OR u.external_id = ? AND u.external_id <> '') ORDER BY u.id`,
		user.ID, *user.UserNameKey, NormalEmail(user.Email), external)
	if err != nil {
		return err
	}
	for i := range others {
		switch other := &others[i]; {
		case other.RemovedAt != nil:
			if _, err := tx.exec("UPDATE users SET user_name = NULL, user_name_key = NULL, external_id = NULL, email = '' WHERE id = ?", other.ID); err != nil {
				return err
			}
			other.Email = ""
			if err := tx.saveWords(other); err != nil {
				return err
			}
		case other.ExternalID != nil && *other.ExternalID == external:
			return Invalid{"externalId": "users.external_id_taken"}
		case strings.ToLower(other.DirectoryName()) == *user.UserNameKey:
			return Invalid{"userName": "users.user_name_taken"}
		default:
			return Invalid{"email": "users.email_taken"}
		}
	}
	return nil
}

// RemovedUser finds the account that the directory has removed which had a key of the directory; ErrNotFound if there is none.
func (tx *Tx) RemovedUser(externalID string) (*User, error) {
	user := &User{}
	return user, tx.one(tx.ctx, user, "SELECT * FROM users WHERE external_id = ? AND removed_at IS NOT NULL AND role <> 'external'", externalID)
}

// RemoveFromDirectory ends a person's access, and the directory knows the account no more.
func (tx *Tx) RemoveFromDirectory(userID int64) error {
	if _, err := tx.exec("UPDATE users SET removed_at = ? WHERE id = ?", tx.now, userID); err != nil {
		return err
	}
	return tx.Disable(userID)
}

// DirectoryGroups lists the groups, not the units, and how many there are in all.
func (q Queries) DirectoryGroups(ctx context.Context, actor *Actor, query DirectoryQuery) (groups []Group, total int, err error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, 0, ErrForbidden
	}
	where, args, err := query.Where.sql(groupFields())
	if err != nil {
		return nil, 0, err
	}
	order, err := query.order(groupFields(), "g.id")
	if err != nil {
		return nil, 0, err
	}
	where = "g.kind = 'group' AND g.deleted_at IS NULL AND (" + where + ")"
	if err := q.raw(ctx, &total, "SELECT count(*) FROM groups g WHERE "+where, args...); err != nil || query.Limit == 0 {
		return nil, total, err
	}
	return groups, total, q.raw(ctx, &groups, "SELECT g.* FROM groups g WHERE "+where+" ORDER BY "+order+" LIMIT ? OFFSET ?", append(slices.Clone(args), query.Limit, query.Offset)...)
}

// LockDirectoryGroup finds a group for a change: until the transaction ends nobody else changes it.
func (tx *Tx) LockDirectoryGroup(id int64) (*Group, error) {
	if !tx.actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	if tx.postgres() {
		if _, err := tx.exec("SELECT 1 FROM groups WHERE id = ? FOR UPDATE", id); err != nil {
			return nil, err
		}
	}
	group, err := tx.Group(tx.ctx, id)
	if err == nil && group.Kind != KindGroup {
		err = ErrNotFound
	}
	return group, err
}

// DirectoryMember is someone in a group.
type DirectoryMember struct {
	GroupID int64
	UserID  int64
	Name    string
}

// DirectoryMembers are the people of groups, by group. A directory wants all of them at once; they come one group
// after the other until the groups hold more than most, but the first group whole.
func (q Queries) DirectoryMembers(ctx context.Context, actor *Actor, groups []Group, most int) (members map[int64][]DirectoryMember, whole int, err error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, 0, ErrForbidden
	}
	ids := make([]int64, len(groups))
	for i := range groups {
		ids[i] = groups[i].ID
	}
	if len(ids) == 0 {
		return nil, 0, nil
	}
	var counts []struct {
		GroupID int64
		Count   int
	}
	if err := q.raw(ctx, &counts, "SELECT group_id, count(*) AS count FROM group_members WHERE group_id IN ? GROUP BY group_id", ids); err != nil {
		return nil, 0, err
	}
	size := map[int64]int{}
	for _, c := range counts {
		size[c.GroupID] = c.Count
	}
	for sum := 0; whole < len(ids); whole++ {
		if sum += size[ids[whole]]; whole > 0 && sum > most {
			break
		}
	}
	var rows []DirectoryMember
	err = q.raw(ctx, &rows, `SELECT m.group_id, m.user_id, u.name FROM group_members m JOIN users u ON u.id = m.user_id
		WHERE m.group_id IN ? AND `+inDirectory+" ORDER BY m.group_id, m.user_id", ids[:whole])
	members = map[int64][]DirectoryMember{}
	for _, row := range rows {
		members[row.GroupID] = append(members[row.GroupID], row)
	}
	return members, whole, err
}

// KnownToDirectory keeps those of the ids that are accounts of the company's own people.
func (tx *Tx) KnownToDirectory(ids []int64) (known []int64, err error) {
	for batch := range slices.Chunk(ids, settleBatch) {
		var found []int64
		if err := tx.raw(tx.ctx, &found, "SELECT u.id FROM users u WHERE u.id IN ? AND "+inDirectory+" ORDER BY u.id", batch); err != nil {
			return nil, err
		}
		known = append(known, found...)
	}
	return known, nil
}
