package models

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// accountFacts are the columns of an account that a merge may change.
type accountFacts struct {
	Email           string     `json:"email,omitempty"`
	Job             string     `json:"job,omitempty"`
	Site            string     `json:"site,omitempty"`
	Department      string     `json:"department,omitempty"`
	JobFamily       string     `json:"job_family,omitempty"`
	Organisation    string     `json:"organisation,omitempty"`
	Locale          string     `json:"locale,omitempty"`
	Theme           string     `json:"theme,omitempty"`
	ManagerID       *int64     `json:"manager,omitempty"`
	SponsorID       *int64     `json:"sponsor,omitempty"`
	ExpiresAt       *time.Time `json:"expires_at,omitempty"`
	SeenAt          *time.Time `json:"seen_at,omitempty"`
	DisabledAt      *time.Time `json:"disabled_at,omitempty"`
	UserName        *string    `json:"user_name,omitempty"`
	UserNameKey     *string    `json:"user_name_key,omitempty"`
	ExternalID      *string    `json:"external_id,omitempty"`
	GivenName       string     `json:"given_name,omitempty"`
	FamilyName      string     `json:"family_name,omitempty"`
	MadeByDirectory bool       `json:"made_by_directory,omitempty"`
}

// mergedAccounts is what two accounts were before their merge, and what the one that stays was after it.
type mergedAccounts struct {
	Kept  accountFacts `json:"kept"`
	Gone  accountFacts `json:"gone"`
	After accountFacts `json:"after"`
}

func (m *Merge) accounts() (were mergedAccounts, err error) {
	if err := json.Unmarshal([]byte(m.Accounts), &were); err != nil {
		return were, fmt.Errorf("read the accounts of merge %d: %w", m.ID, err)
	}
	return were, nil
}

func (u *User) facts() accountFacts {
	return accountFacts{
		Email: u.Email, Job: u.Job, Site: u.Site, Department: u.Department, JobFamily: u.JobFamily, Organisation: u.Organisation, Locale: u.Locale, Theme: u.Theme,
		ManagerID: u.ManagerID, SponsorID: u.SponsorID, ExpiresAt: u.ExpiresAt, SeenAt: u.SeenAt, DisabledAt: u.DisabledAt,
		UserName: u.UserName, UserNameKey: u.UserNameKey, ExternalID: u.ExternalID, GivenName: u.GivenName, FamilyName: u.FamilyName, MadeByDirectory: u.MadeByDirectory,
	}
}

// into shows the facts as those of an account.
func (f *accountFacts) into(u *User) {
	u.Email, u.Job, u.Site, u.Department, u.JobFamily, u.Organisation = f.Email, f.Job, f.Site, f.Department, f.JobFamily, f.Organisation
	u.ManagerID, u.SponsorID, u.ExpiresAt, u.SeenAt, u.UserName = f.ManagerID, f.SponsorID, f.ExpiresAt, f.SeenAt, f.UserName
}

// joinFacts are those of the account that stays when another goes into it: its own, and the other's where it has none. What the
// directory calls the other becomes its own. Of two ends of access the nearer holds, unless the one that goes had none any more.
func (q Queries) joinFacts(kept, gone *User) accountFacts {
	facts, other := kept.facts(), gone.facts()
	if kept.External() != gone.External() { // what they are outside is not what they are in the company
		other.Job, other.Site, other.Department, other.JobFamily, other.Organisation, other.ManagerID = "", "", "", "", "", nil
	}
	for _, text := range []struct {
		own   *string
		other string
	}{
		{&facts.Email, other.Email}, {&facts.Job, other.Job}, {&facts.Site, other.Site}, {&facts.Department, other.Department}, {&facts.JobFamily, other.JobFamily},
		{&facts.Organisation, other.Organisation}, {&facts.Locale, other.Locale}, {&facts.Theme, other.Theme},
	} {
		if *text.own == "" {
			*text.own = text.other
		}
	}
	if facts.ManagerID == nil || *facts.ManagerID == gone.ID {
		facts.ManagerID = other.ManagerID
	}
	if facts.ManagerID != nil && (*facts.ManagerID == kept.ID || *facts.ManagerID == gone.ID) {
		facts.ManagerID = nil
	}
	if kept.External() && facts.SponsorID == nil {
		facts.SponsorID = other.SponsorID
	}
	if kept.External() && q.has(gone) && other.ExpiresAt != nil && (facts.ExpiresAt == nil || other.ExpiresAt.Before(*facts.ExpiresAt)) {
		facts.ExpiresAt = other.ExpiresAt
	}
	if other.SeenAt != nil && (facts.SeenAt == nil || other.SeenAt.After(*facts.SeenAt)) {
		facts.SeenAt = other.SeenAt
	}
	if gone.inDirectory() && !kept.External() {
		facts.UserName, facts.UserNameKey, facts.ExternalID = other.UserName, other.UserNameKey, other.ExternalID
		facts.GivenName, facts.FamilyName, facts.MadeByDirectory = other.GivenName, other.FamilyName, other.MadeByDirectory
	}
	return facts
}

// saveFacts stores those of an account, with the words that it is found by.
func (tx *Tx) saveFacts(user *User, f *accountFacts, mergedInto *int64) error {
	_, err := tx.exec(`UPDATE users SET email = ?, job = ?, site = ?, department = ?, job_family = ?, organisation = ?, locale = ?, theme = ?, manager_id = ?, sponsor_id = ?,
		expires_at = ?, seen_at = ?, disabled_at = ?, user_name = ?, user_name_key = ?, external_id = ?, given_name = ?, family_name = ?, made_by_directory = ?,
		merged_into = ?, changed_at = ? WHERE id = ?`,
		f.Email, f.Job, f.Site, f.Department, f.JobFamily, f.Organisation, f.Locale, f.Theme, f.ManagerID, f.SponsorID, utc(f.ExpiresAt), utc(f.SeenAt), utc(f.DisabledAt),
		f.UserName, f.UserNameKey, f.ExternalID, f.GivenName, f.FamilyName, f.MadeByDirectory, mergedInto, tx.now, user.ID)
	if err == nil {
		err = tx.placeIdeas("i.author_id = ?", user.ID)
	}
	if err != nil {
		return fmt.Errorf("store account %d: %w", user.ID, err)
	}
	if mergedInto != nil {
		_, err = tx.exec("DELETE FROM user_words WHERE user_id = ?", user.ID)
		return err
	}
	user.Email = f.Email
	return tx.saveWords(user)
}

func utc(at *time.Time) *time.Time {
	if at == nil {
		return nil
	}
	t := at.UTC()
	return &t
}

// emptyAccount ends an account that has gone into another: nobody comes in with it, and all that it keeps is the name by which
// the log calls it.
func (tx *Tx) emptyAccount(gone *User, into int64) error {
	if err := tx.Disable(gone.ID); err != nil {
		return err
	}
	return tx.saveFacts(gone, &accountFacts{DisabledAt: &tx.now}, &into)
}

// giveFactsBack restores what two accounts were, as far as nothing of it has changed otherwise, and returns what it could not.
func (tx *Tx) giveFactsBack(m *Merge, kept, gone *User) (lost Rows, err error) {
	were, err := m.accounts()
	if err != nil {
		return nil, err
	}
	lost = Rows{}
	now, back := kept.facts(), were.Gone
	restore(&now, &were, lost)
	if err := tx.saveFacts(kept, &now, kept.MergedInto); err != nil {
		return nil, err
	}
	if back.ManagerID != nil {
		back.ManagerID, err = tx.stillThere(*back.ManagerID)
	}
	if err == nil && back.SponsorID != nil {
		back.SponsorID, err = tx.stillThere(*back.SponsorID)
	}
	if err != nil {
		return nil, err
	}
	if back.Email != "" {
		switch other, err := tx.UserByEmail(tx.ctx, back.Email); {
		case err == nil && other.ID != gone.ID:
			back.Email, lost[MergeAddress] = "", 1
		case err != nil && !errors.Is(err, ErrNotFound):
			return nil, err
		}
	}
	if err := tx.freeDirectoryNames(gone.ID, &back, lost); err != nil {
		return nil, err
	}
	return lost, tx.saveFacts(gone, &back, nil)
}

// restore puts the facts of before into the account that stays where they are still those that the merge left.
func restore(now *accountFacts, were *mergedAccounts, lost Rows) {
	for _, text := range []struct {
		now           *string
		before, after string
		kind          MergeKind
	}{
		{&now.Email, were.Kept.Email, were.After.Email, MergeAddress}, {&now.Job, were.Kept.Job, were.After.Job, MergeFacts}, {&now.Site, were.Kept.Site, were.After.Site, MergeFacts},
		{&now.Department, were.Kept.Department, were.After.Department, MergeFacts}, {&now.JobFamily, were.Kept.JobFamily, were.After.JobFamily, MergeFacts},
		{&now.Organisation, were.Kept.Organisation, were.After.Organisation, MergeFacts}, {&now.Locale, were.Kept.Locale, were.After.Locale, ""}, {&now.Theme, were.Kept.Theme, were.After.Theme, ""},
	} {
		switch {
		case text.before == text.after:
		case *text.now == text.after:
			*text.now = text.before
		default:
			lost[text.kind] = 1
		}
	}
	for _, id := range []struct {
		now           **int64
		before, after *int64
	}{{&now.ManagerID, were.Kept.ManagerID, were.After.ManagerID}, {&now.SponsorID, were.Kept.SponsorID, were.After.SponsorID}} {
		if same(*id.now, id.after) {
			*id.now = id.before
		}
	}
	if (now.ExpiresAt == nil) == (were.After.ExpiresAt == nil) && (now.ExpiresAt == nil || now.ExpiresAt.Equal(*were.After.ExpiresAt)) {
		now.ExpiresAt = were.Kept.ExpiresAt
	}
	if were.Gone.UserNameKey == nil && were.Gone.ExternalID == nil || same(were.Kept.UserNameKey, were.After.UserNameKey) && same(were.Kept.ExternalID, were.After.ExternalID) {
		return
	}
	if !same(now.UserNameKey, were.After.UserNameKey) || !same(now.ExternalID, were.After.ExternalID) {
		lost[MergeDirectory] = 1 // the directory has gone on with the account that stays
		return
	}
	now.UserName, now.UserNameKey, now.ExternalID = were.Kept.UserName, were.Kept.UserNameKey, were.Kept.ExternalID
	now.GivenName, now.FamilyName, now.MadeByDirectory = were.Kept.GivenName, were.Kept.FamilyName, were.Kept.MadeByDirectory
}

func same[T comparable](a, b *T) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

// freeDirectoryNames leaves out what the directory has given to another account meanwhile.
func (tx *Tx) freeDirectoryNames(goneID int64, back *accountFacts, lost Rows) error {
	if back.UserNameKey == nil && back.ExternalID == nil {
		return nil
	}
	var taken bool
	err := tx.raw(tx.ctx, &taken, "SELECT EXISTS (SELECT 1 FROM users WHERE id <> ? AND (user_name_key = ? OR external_id = ?))", goneID, back.UserNameKey, back.ExternalID)
	if err == nil && taken {
		back.UserName, back.UserNameKey, back.ExternalID = nil, nil, nil
		lost[MergeDirectory] = 1
	}
	return err
}

// stillThere keeps the id of an account that has not been erased meanwhile.
func (tx *Tx) stillThere(id int64) (*int64, error) {
	var found bool
	err := tx.raw(tx.ctx, &found, "SELECT EXISTS (SELECT 1 FROM users WHERE id = ?)", id)
	if err != nil || !found {
		return nil, err
	}
	return &id, nil
}
