package models

import (
	"context"
	"fmt"
	"slices"
	"strconv"
)

// Period is how long one kind of data is kept, in days: what an owner may choose, and what holds without a choice.
type Period struct {
	Kind               PeriodKind
	Processing         Processing
	Usual, Least, Most int
}

// PeriodKind names what a period is for.
type PeriodKind string

// Kinds of data with a period of their own. Sessions, links and challenges of passkeys end by themselves within days.
const (
	PeriodExternals PeriodKind = "externals" // accounts of externals that nobody uses: erased, after a warning
	PeriodDrafts    PeriodKind = "drafts"
	PeriodNotices   PeriodKind = "notices"
	PeriodSignIns   PeriodKind = "sign_ins" // who came in when; each person's latest stays
	PeriodSecurity  PeriodKind = "security" // what else happened to accounts, keys and rights; that they came and went stays
	PeriodEntries   PeriodKind = "entries"  // requests to join that were answered
	PeriodExports   PeriodKind = "exports"  // copies of their data that people asked for
	PeriodInvites   PeriodKind = "invitations"
	PeriodRegisters PeriodKind = "registrations" // requests of strangers: those that nobody answered end by it, too
	PeriodBoxNotes  PeriodKind = "box_notes"     // what was left in an idea box and nobody has looked at
	PeriodSeals     PeriodKind = "seals"         // who wrote what is sealed, once its campaign is over
	PeriodMerges    PeriodKind = "merges"        // by what two accounts that were merged can be parted again

	PeriodTrash         PeriodKind = "article_trash"    // articles that were withdrawn, with all that hangs on them
	PeriodArticleDrafts PeriodKind = "article_drafts"   // those that their authors have thrown away
	PeriodVersions      PeriodKind = "article_versions" // old texts of articles, of which some stay: see spentVersions
)

// Periods lists them, with their bounds.
func Periods() []Period {
	return []Period{
		{PeriodExternals, Accounts, 730, 90, 3650},
		{PeriodDrafts, Contributions, 180, 30, 1095},
		{PeriodNotices, Notices, 365, 30, 1825},
		{PeriodSignIns, Traces, 365, 30, 1825},
		{PeriodSecurity, Traces, 1095, 180, 3650},
		{PeriodEntries, Audiences, 365, 30, 1825},
		{PeriodExports, Requests, 7, 1, 30},
		{PeriodInvites, Audiences, 365, 30, 1825},
		{PeriodRegisters, Audiences, 90, 14, 365},
		{PeriodBoxNotes, Contributions, 90, 7, 365},
		{PeriodSeals, Contributions, 365, 30, 1825},
		{PeriodMerges, Accounts, 30, 7, 180},
		{PeriodTrash, Contributions, 30, 7, 365},
		{PeriodArticleDrafts, Contributions, 90, 7, 365},
		{PeriodVersions, Contributions, 365, 30, 3650},
	}
}

// Rule is what the company lets become of the contributions of those who are erased.
type Rule string

// Rules.
const (
	RuleKeep   Rule = "keep"   // they stay, under the former member
	RuleRemove Rule = "remove" // they go
	RuleChoose Rule = "choose" // as the person says
)

// Rules lists them.
func Rules() []Rule { return []Rule{RuleKeep, RuleRemove, RuleChoose} }

// Allows tells whether the rule lets contributions be kept or removed.
func (r Rule) Allows(choice Rule) bool {
	return (choice == RuleKeep || choice == RuleRemove) && (r == RuleChoose || r == choice)
}

// PrivacySettings are what an owner has decided about personal data.
type PrivacySettings struct {
	Contributions Rule
	Days          map[PeriodKind]int
}

const contributionsSetting = "contributions"

// PrivacySettings are those that hold.
func (q Queries) PrivacySettings(ctx context.Context) (*PrivacySettings, error) {
	var rows []struct{ Name, Value string }
	if err := q.raw(ctx, &rows, "SELECT name, value FROM privacy_settings ORDER BY name LIMIT 100"); err != nil {
		return nil, fmt.Errorf("read the privacy settings: %w", err)
	}
	settings := &PrivacySettings{Contributions: RuleKeep, Days: map[PeriodKind]int{}}
	chosen := make(map[string]string, len(rows))
	for _, row := range rows {
		chosen[row.Name] = row.Value
	}
	if rule := Rule(chosen[contributionsSetting]); slices.Contains(Rules(), rule) {
		settings.Contributions = rule
	}
	for _, period := range Periods() {
		settings.Days[period.Kind] = period.Usual
		if days, err := strconv.Atoi(chosen[string(period.Kind)]); err == nil {
			settings.Days[period.Kind] = min(max(days, period.Least), period.Most)
		}
	}
	return settings, nil
}
