package knowledge

import (
	"slices"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Trust is the forms to say who answers for an article and that it is right.
type Trust struct {
	Article  *models.Article
	Space    models.SpaceAccess
	Trust    *models.ArticleTrust
	Owner    string // address, as it is or was typed
	Problems models.Invalid
}

// TrustQueue is a page of the articles that want looking after.
type TrustQueue struct {
	Articles []models.TrustCard
	Space    string // slug; empty for the reader's own
	Show     Show
	Dead     []models.DeadLink
	Spaces   []models.SpaceAccess // whose collections the reader arranges
	Next     string
}

// lists are whose articles the reader can choose to see.
func (v TrustQueue) lists(l *i18n.Locale) (chips []parts.ChipLink) {
	chips = append(chips, parts.ChipLink{URL: queueURL, Label: l.T("knowledge.queue_mine"), Active: v.Space == "", Count: -1})
	for i := range v.Spaces {
		space := &v.Spaces[i]
		chips = append(chips, parts.ChipLink{URL: queueURL + "?space=" + space.Slug, Label: space.Title, Active: v.Space == space.Slug, Count: -1})
	}
	return chips
}

// Show is what a page of a space lists.
type Show string

// What a page of a space can list.
const (
	ShowDue       Show = ""
	ShowOwnerless Show = "ownerless"
	ShowUnlinked  Show = "unlinked" // nothing leads there
	ShowDead      Show = "dead"     // links that lead to nothing
)

// ShowOf is what an address asks for; what is unknown asks for nothing else than the first list.
func ShowOf(name string) Show {
	if slices.Contains([]Show{ShowOwnerless, ShowUnlinked, ShowDead}, Show(name)) {
		return Show(name)
	}
	return ShowDue
}

// reasons are why articles of the chosen space can want looking after.
func (v TrustQueue) reasons(l *i18n.Locale) []parts.ChipLink {
	url := queueURL + "?space=" + v.Space
	return []parts.ChipLink{
		{URL: url, Label: l.T("knowledge.queue_due"), Active: v.Show == ShowDue, Count: -1},
		{URL: url + "&show=" + string(ShowOwnerless), Label: l.T("knowledge.no_owner"), Active: v.Show == ShowOwnerless, Count: -1},
		{URL: url + "&show=" + string(ShowUnlinked), Label: l.T("knowledge.unlinked"), Active: v.Show == ShowUnlinked, Count: -1},
		{URL: url + "&show=" + string(ShowDead), Label: l.T("knowledge.dead"), Active: v.Show == ShowDead, Count: -1},
	}
}

// empty is what the page says where its list has nothing.
func (v TrustQueue) empty(l *i18n.Locale) (title, text string) {
	switch {
	case v.Show == ShowUnlinked && v.Next != "":
		return l.T("knowledge.unlinked_so_far.title"), l.T("knowledge.unlinked_so_far.text")
	case v.Show == ShowUnlinked:
		return l.T("knowledge.unlinked_empty.title"), l.T("knowledge.unlinked_empty.text")
	case v.Show == ShowDead:
		return l.T("knowledge.dead_empty.title"), l.T("knowledge.dead_empty.text")
	}
	return l.T("knowledge.queue_empty.title"), l.T("knowledge.queue_empty.text")
}

const queueURL = "/articles/trust"

// verdict is how far an article is verified, in words, with the icon beside them.
func verdict(l *i18n.Locale, trust *models.ArticleTrust, now time.Time) (icon, words string) {
	if trust.Verified == nil {
		return "clock", l.T("knowledge.verified_never")
	}
	key := "knowledge.verified_expired"
	if icon = "clock"; trust.Holds(now) {
		key, icon = "knowledge.verified", "check"
	}
	return icon, l.T(key, "name", trust.VerifierName, "on", l.Date(trust.Verified.VerifiedAt), "until", l.Date(trust.Verified.VerifiedUntil))
}

func rhythms(l *i18n.Locale) (options []parts.Option) {
	for _, months := range models.Rhythms() {
		options = append(options, parts.Option{Value: number(int64(months)), Label: l.T("knowledge.months", "count", months)})
	}
	return options
}
