package models

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// SavePrivacySettings stores what an owner has decided, by the names of the fields.
func (tx *Tx) SavePrivacySettings(values map[string]string) error {
	problems := Invalid{}
	if !slices.Contains(Rules(), Rule(values[contributionsSetting])) {
		problems[contributionsSetting] = "privacy.settings.rule_invalid"
	}
	for _, period := range Periods() {
		days, err := strconv.Atoi(values[string(period.Kind)])
		if err != nil || days < period.Least || days > period.Most {
			problems[string(period.Kind)] = "privacy.settings.days_invalid"
		}
	}
	if len(problems) > 0 {
		return problems
	}
	names := []string{contributionsSetting}
	for _, period := range Periods() {
		names = append(names, string(period.Kind))
	}
	for _, name := range names {
		_, err := tx.exec(`INSERT INTO privacy_settings (name, value, changed_at) VALUES (?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`, name, values[name], tx.now)
		if err != nil {
			return err
		}
	}
	return nil
}

// RetentionRun is what a period removed last.
type RetentionRun struct {
	Kind    PeriodKind
	RanAt   time.Time
	Removed int64
}

// RetentionRuns are the last runs of each period.
func (q Queries) RetentionRuns(ctx context.Context) (map[PeriodKind]RetentionRun, error) {
	var rows []RetentionRun
	err := q.raw(ctx, &rows, "SELECT * FROM retention_runs ORDER BY kind LIMIT 100")
	runs := make(map[PeriodKind]RetentionRun, len(rows))
	for _, run := range rows {
		runs[run.Kind] = run
	}
	return runs, err
}

// NoteRetention stores what a period has removed.
func (tx *Tx) NoteRetention(kind PeriodKind, removed int64) error {
	_, err := tx.exec(`INSERT INTO retention_runs (kind, ran_at, removed) VALUES (?, ?, ?)
		ON CONFLICT (kind) DO UPDATE SET ran_at = excluded.ran_at, removed = excluded.removed`, kind, tx.now, removed)
	return err
}

// signIns are the events about coming and going. Each person's latest sign-in stays: it tells that they have been here.
const signIns = `verb IN ('user.signed_in', 'user.signed_out', 'user.refused', 'link.created')
	AND NOT (verb = 'user.signed_in' AND id = (SELECT max(l.id) FROM events l WHERE l.actor_id = events.actor_id AND l.verb = 'user.signed_in'))`

// accountEvents are the events about accounts, keys and rights that are no sign-ins. That an account was made and that it was
// erased stays: it is what the house has to account for.
const accountEvents = `security AND subject IN ('user', 'token', 'passkey', 'system')
	AND verb NOT IN ('user.signed_in', 'user.signed_out', 'user.refused', 'link.created', 'user.created', 'user.erased')`

// sealSpent is the condition that a seal is not for a campaign which goes on or was over only later, and that nobody is about to open
// it. A channel has no end: its seals go by their own age.
const sealSpent = `NOT EXISTS (SELECT 1 FROM ideas i JOIN campaigns c ON c.id = i.campaign_id WHERE i.author_id = seals.mask_id AND c.kind = 'campaign' AND (c.closes_at IS NULL OR c.closes_at >= ?))
	AND NOT EXISTS (SELECT 1 FROM ideas i JOIN seal_openings o ON o.idea_id = i.id WHERE i.author_id = seals.mask_id AND o.ends_at > ?)`

// spent is which rows of which table a period removes: those that are old enough, and under no hold.
func (q Queries) spent(kind PeriodKind, days int) (table, key, condition string, args []any) {
	table, key, condition, args = q.old(kind, days)
	return table, key, unheld(condition, heldFor(kind)), args
}

// old is which rows of which table have had their time.
func (q Queries) old(kind PeriodKind, days int) (table, key, condition string, args []any) {
	before := q.present().AddDate(0, 0, -days)
	switch kind {
	case PeriodDrafts:
		return "drafts", "user_id, form", "saved_at < ?", []any{before}
	case PeriodNotices:
		return "notices", "id", "created_at < ?", []any{before}
	case PeriodSignIns:
		return "events", "id", "at < ? AND " + signIns, []any{before}
	case PeriodSecurity:
		return "events", "id", "at < ? AND " + accountEvents, []any{before}
	case PeriodEntries:
		return "entry_requests", "id", "decided_at < ? AND state <> 'open'", []any{before}
	case PeriodExports:
		return "exports", "id", "expires_at <= ?", []any{q.present()}
	case PeriodInvites:
		return "invitations", "id", "created_at < ? AND expires_at <= ?", []any{before, q.present()}
	case PeriodRegisters:
		return "registrations", "id", "created_at < ?", []any{before}
	case PeriodBoxNotes:
		return "box_notes", "id", "sent_at < ?", []any{before}
	case PeriodSeals:
		return "seals", "mask_id", "sealed_at < ? AND " + sealSpent, []any{before, before, q.present()}
	case PeriodMerges:
		return "merges", "id", "merged_at < ?", []any{before}
	case PeriodTrash:
		return "articles", "id", "state = 'withdrawn' AND withdrawn_with = id AND withdrawn_at < ?", []any{before}
	case PeriodArticleDrafts:
		return "article_drafts", "id", "state = 'dropped' AND ended_at < ?", []any{before}
	case PeriodVersions:
		return "article_versions", "article_id, number", q.spentVersions(), []any{before}
	case PeriodExternals:
		return "users", "id", `role = 'external' AND import_ref IS NULL AND merged_into IS NULL AND erase_at IS NULL AND created_at < ? AND (seen_at IS NULL OR seen_at < ?)
			AND NOT EXISTS (SELECT 1 FROM events e WHERE e.actor_id = users.id AND e.at >= ?)
			AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = users.id AND m.role = 'manager')`, []any{before, before, before}
	}
	return "", "", "", nil
}

// mostWould is where counting stops.
const mostWould = 10_000

// WouldRemove is how many rows the next run would remove, by the periods that hold.
func (q Queries) WouldRemove(ctx context.Context, settings *PrivacySettings) (map[PeriodKind]int, error) {
	would := map[PeriodKind]int{}
	for _, period := range Periods() {
		table, _, condition, args := q.spent(period.Kind, settings.Days[period.Kind])
		var n int
		if err := q.raw(ctx, &n, "SELECT count(*) FROM (SELECT 1 FROM "+table+" WHERE "+condition+" LIMIT ?) t", append(args, mostWould)...); err != nil {
			return nil, err
		}
		would[period.Kind] = n
	}
	return would, nil
}

// RemoveSpent removes a batch of what a period no longer keeps, and tells how many rows it was.
func (tx *Tx) RemoveSpent(kind PeriodKind, days int) (removed int64, err error) {
	switch kind {
	case PeriodTrash:
		return tx.purgeArticles(days)
	case PeriodArticleDrafts:
		return tx.dropDrafts(days)
	}
	table, key, condition, args := tx.spent(kind, days)
	args = append(args, eraseBatch)
	if kind == PeriodEntries { // what was told of a request goes with it
		if _, err := tx.exec("DELETE FROM space_notices WHERE request_id IN (SELECT id FROM entry_requests WHERE "+condition+" ORDER BY id LIMIT ?)", args...); err != nil {
			return 0, err
		}
	}
	if kind == PeriodSeals { // what was asked about them goes by the same period
		if _, err := tx.exec("DELETE FROM seal_openings WHERE "+unheld("ends_at < ?", "EXISTS (SELECT 1 FROM ideas hi WHERE hi.id = seal_openings.idea_id AND (hi.id IN "+heldIdeas+" OR hi.space_id IN "+heldSpaces+"))"), args[0]); err != nil {
			return 0, err
		}
	}
	if kind == PeriodVersions { // whose blame names versions that go
		if _, err := tx.exec("DELETE FROM article_blame WHERE article_id IN (SELECT article_id FROM article_versions WHERE "+condition+" ORDER BY "+key+" LIMIT ?)", args...); err != nil {
			return 0, err
		}
	}
	removed, err = tx.exec("DELETE FROM "+table+" WHERE ("+key+") IN (SELECT "+key+" FROM "+table+" WHERE "+condition+" ORDER BY "+key+" LIMIT ?)", args...)
	if kind != PeriodNotices {
		return removed, err
	}
	for others, held := range map[string]string{"house_notices": "user_id IN " + heldPeople, "space_notices": "user_id IN " + heldPeople + " OR space_id IN " + heldSpaces} {
		if err != nil {
			return removed, err
		}
		var more int64
		more, err = tx.exec("DELETE FROM "+others+" WHERE "+unheld("created_at < ?", held), args[0])
		removed += more
	}
	return removed, err
}

// IdleExternals are some of the externals whose accounts nobody uses.
func (q Queries) IdleExternals(ctx context.Context, days, limit int) (users []User, err error) {
	_, _, condition, args := q.spent(PeriodExternals, days)
	return users, q.raw(ctx, &users, "SELECT * FROM users WHERE "+condition+" ORDER BY id LIMIT ?", append(args, limit)...)
}
