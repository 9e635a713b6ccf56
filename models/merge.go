package models

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Merge is that one account of a person went into another of the same person. As long as it is here it can be taken back.
type Merge struct {
	ID       int64
	KeptID   int64
	GoneID   int64
	ActorID  int64
	Accounts string // what the two were: mergedAccounts
	Moved    string // how many rows of each kind went over
	Lost     string // how many could not be given back
	MergedAt time.Time
	UndoneAt *time.Time
}

// Rows counts rows by what people call them.
type Rows map[MergeKind]int64

// MovedRows are what went over.
func (m *Merge) MovedRows() (Rows, error) { return rowsOf(m.Moved) }

// LostRows are what could not be given back, of a merge that was taken back.
func (m *Merge) LostRows() (Rows, error) { return rowsOf(m.Lost) }

func rowsOf(text string) (rows Rows, err error) {
	if text == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, fmt.Errorf("read what was merged: %w", err)
	}
	return rows, nil
}

func (r Rows) text() string {
	raw, _ := json.Marshal(r) // numbers always marshal
	return string(raw)
}

// MergeCard is a merge with the names to read it by.
type MergeCard struct {
	Merge
	KeptName  string
	GoneName  string
	GoneRole  Role
	ActorName string
}

const mergeCards = `SELECT m.*, k.name AS kept_name, g.name AS gone_name, g.role AS gone_role, a.name AS actor_name
	FROM merges m JOIN users k ON k.id = m.kept_id JOIN users g ON g.id = m.gone_id JOIN users a ON a.id = m.actor_id WHERE `

// shownMerges bounds the merges that a person's page names.
const shownMerges = 20

// Merges are the newest merges into an account, and into those that have gone into it.
func (q Queries) Merges(ctx context.Context, actor *Actor, userID int64) (merges []MergeCard, err error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	return merges, q.raw(ctx, &merges, mergeCards+"(m.kept_id = ? OR m.kept_id IN (SELECT id FROM users WHERE merged_into = ?)) ORDER BY m.id DESC LIMIT ?", userID, userID, shownMerges)
}

// MergeCard finds a merge into the account with the given id.
func (q Queries) MergeCard(ctx context.Context, actor *Actor, keptID, id int64) (*MergeCard, error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	card := &MergeCard{}
	return card, q.one(ctx, card, mergeCards+"m.id = ? AND m.kept_id = ?", id, keptID)
}

// MergedInto is the account into which one has gone; ErrNotFound if it has not.
func (q Queries) MergedInto(ctx context.Context, id int64) (into int64, err error) {
	return into, q.one(ctx, &into, "SELECT merged_into FROM users WHERE id = ? AND merged_into IS NOT NULL", id)
}

// MergedAccount is what is known of an account that has gone into another, for an erasure.
type MergedAccount struct {
	ID    int64
	Name  string
	Email string // until the merge can no longer be taken back
}

// MergedAccounts are those that have gone into an account.
func (q Queries) MergedAccounts(ctx context.Context, id int64) (accounts []MergedAccount, err error) {
	var rows []struct {
		ID       int64
		Name     string
		Accounts string
	}
	err = q.raw(ctx, &rows, `SELECT u.id, u.name, coalesce((SELECT m.accounts FROM merges m WHERE m.gone_id = u.id AND m.undone_at IS NULL ORDER BY m.id DESC LIMIT 1), '') AS accounts
		FROM users u WHERE u.merged_into = ? ORDER BY u.id`, id)
	for _, row := range rows {
		account := MergedAccount{ID: row.ID, Name: row.Name}
		if row.Accounts != "" {
			were := mergedAccounts{}
			if err := json.Unmarshal([]byte(row.Accounts), &were); err != nil {
				return nil, fmt.Errorf("read merged account %d: %w", row.ID, err)
			}
			account.Email = were.Gone.Email
		}
		accounts = append(accounts, account)
	}
	return accounts, err
}

// MergeDays is for how many days a merge can be taken back.
func (q Queries) MergeDays(ctx context.Context) (int, error) {
	settings, err := q.PrivacySettings(ctx)
	if err != nil {
		return 0, err
	}
	return settings.Days[PeriodMerges], nil
}

// MergeProblem says why the account gone may not go into kept, as a key of the catalogue; empty if it may. That the actor
// does not look after one of them is ErrForbidden.
func (q Queries) MergeProblem(ctx context.Context, actor *Actor, kept, gone *User) (problem string, err error) {
	owner := actor.Can(ManageSignIn, nil)
	switch {
	case !actor.LooksAfter(kept.Role) || !actor.LooksAfter(gone.Role) || (kept.Service || gone.Service || gone.ID == actor.ID) && !owner:
		return "", fmt.Errorf("merge person %d into %d: %w", gone.ID, kept.ID, ErrForbidden)
	case kept.ID == gone.ID:
		return "merge.same", nil
	case kept.Service || gone.Service:
		return "merge.service", nil
	case kept.External() && !gone.External():
		return "merge.into_external", nil
	case kept.External() != gone.External() && !owner:
		return "merge.owner_needed", nil
	case kept.EraseAt != nil || gone.EraseAt != nil:
		return "merge.erasure", nil
	case !q.has(kept) && q.has(gone):
		return "merge.kept_closed", nil
	case kept.inDirectory() && gone.inDirectory():
		return "merge.both_directory", nil
	}
	return q.mergeKeys(ctx, kept, gone)
}

// mergeKeys says what is wrong with putting the ways in of two accounts together.
func (q Queries) mergeKeys(ctx context.Context, kept, gone *User) (problem string, err error) {
	var found struct {
		Issuer   bool
		Passkeys int
	}
	err = q.one(ctx, &found, `SELECT EXISTS (SELECT 1 FROM identities a JOIN identities b ON b.issuer = a.issuer AND b.user_id = ? WHERE a.user_id = ?) AS issuer,
		(SELECT count(*) FROM passkeys WHERE user_id IN (?, ?)) AS passkeys`, gone.ID, kept.ID, kept.ID, gone.ID)
	switch {
	case err != nil:
		return "", err
	case found.Issuer:
		return "merge.same_provider", nil
	case found.Passkeys > MaxPasskeys:
		return "merge.passkeys", nil
	}
	return "", nil
}

// has tells whether a person has access to the house now.
func (q Queries) has(u *User) bool {
	return u.DisabledAt == nil && (u.ExpiresAt == nil || u.ExpiresAt.After(q.present()))
}

// inDirectory tells whether the company's directory knows the account.
func (u *User) inDirectory() bool {
	return (u.UserName != nil || u.ExternalID != nil) && u.RemovedAt == nil
}

// MergeCount is how many rows of a kind would move, and how many of them both accounts have.
type MergeCount struct {
	Kind       MergeKind
	N, Doubled int64
}

// MergePreview is what a merge would do, in figures.
type MergePreview struct {
	Counts           []MergeCount // of what there is any of
	Sessions, Tokens int64        // that end
	Withheld         bool         // the account that goes has no access, so what it may do is not carried over
	Days             int          // in which it can be taken back
	After            User         // the account that stays, as it would be
}

// PreviewMerge counts what would move if the account gone went into kept.
func (q Queries) PreviewMerge(ctx context.Context, actor *Actor, kept, gone *User) (*MergePreview, error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	preview := &MergePreview{Withheld: !q.has(gone), After: *kept}
	after := q.joinFacts(kept, gone)
	after.into(&preview.After)
	counts := map[MergeKind]*MergeCount{}
	for _, c := range carriedColumns() {
		if c.kind == "" {
			continue
		}
		if counts[c.kind] == nil {
			counts[c.kind] = &MergeCount{Kind: c.kind}
		}
		if err := q.countCarried(ctx, &c, kept.ID, gone.ID, counts[c.kind]); err != nil {
			return nil, fmt.Errorf("count %s: %w", c.place(), err)
		}
	}
	if groups := counts[MergeGroups]; kept.Department != "" && gone.Department != "" && kept.Department != gone.Department {
		groups.Doubled++ // one is in one unit
	}
	var spaces MergeCount
	err := q.one(ctx, &spaces, `SELECT count(*) AS n, count(k.user_id) AS doubled FROM memberships g JOIN spaces s ON s.id = g.space_id AND s.within_id IS NULL LEFT JOIN memberships k ON k.space_id = g.space_id AND k.user_id = ? WHERE g.user_id = ?`, kept.ID, gone.ID)
	if err == nil {
		err = q.raw(ctx, &preview.Sessions, "SELECT count(*) FROM sessions WHERE user_id = ? AND expires_at > ?", gone.ID, q.present())
	}
	if err == nil {
		err = q.raw(ctx, &preview.Tokens, "SELECT count(*) FROM tokens WHERE user_id = ?", gone.ID)
	}
	if err == nil {
		preview.Days, err = q.MergeDays(ctx)
	}
	counts[MergeSpaces] = &MergeCount{MergeSpaces, spaces.N, spaces.Doubled}
	for _, kind := range MergeKinds() {
		if counts[kind] != nil && counts[kind].N > 0 {
			preview.Counts = append(preview.Counts, *counts[kind])
		}
	}
	return preview, err
}

func (q Queries) countCarried(ctx context.Context, c *carried, keptID, goneID int64, count *MergeCount) error {
	doubled, args := "0", []any{}
	if c.once {
		doubled, args = "coalesce(sum(CASE WHEN "+c.clash()+" THEN 1 ELSE 0 END), 0)", append(args, keptID)
	}
	var found MergeCount
	counted := ""
	if c.counts != "" {
		counted = " AND " + c.counts
	}
	err := q.one(ctx, &found, "SELECT count(*) AS n, "+doubled+" AS doubled FROM "+c.table+" WHERE "+c.column+" = ?"+counted, append(args, goneID)...)
	count.N, count.Doubled = count.N+found.N, count.Doubled+found.Doubled
	return err
}

// shown keeps the kinds that people read of.
func (r Rows) shown() Rows {
	shown := Rows{}
	for kind, n := range r {
		if n > 0 && slices.Contains(MergeKinds(), kind) {
			shown[kind] = n
		}
	}
	return shown
}
