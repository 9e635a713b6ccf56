package knowledge

import (
	"slices"
	"strings"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Trust is the forms to say who answers for an article and that it is right.
type Trust struct {
	Article   *models.Article
	Space     models.SpaceAccess
	Trust     *models.ArticleTrust
	Groups    []models.Group // that could answer for it
	Owner     string         // address, as it is or was typed
	Source    string         // where it comes from, as it is or was typed
	SourceURL string
	TakesBack bool // the reader may take the latest verification back
	Problems  models.Invalid
}

// TrustQueue is a page of the articles that want looking after.
type TrustQueue struct {
	Articles []models.TrustCard
	Dead     []models.DeadLink
	Space    string // slug; empty for the reader's own
	Show     Show
	Spaces   []models.SpaceAccess // whose collections the reader arranges
	Next     string
}

// Show is why what a page lists wants looking after.
type Show string

// What a page can list: of the reader's own articles the first two.
const (
	ShowDue       Show = "" // its verification ends, or has ended
	ShowDoubted   Show = "doubts"
	ShowOwnerless Show = "ownerless"
	ShowUnlinked  Show = "unlinked" // nothing leads there
	ShowDead      Show = "dead"     // links that lead to nothing
)

// ShowOf is what an address asks for; what is unknown asks for nothing else than the first list.
func ShowOf(name string, ofSpace bool) Show {
	shows := []Show{ShowDoubted, ShowOwnerless, ShowUnlinked, ShowDead}
	if !ofSpace {
		shows = shows[:1]
	}
	if slices.Contains(shows, Show(name)) {
		return Show(name)
	}
	return ShowDue
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

// reasons are why articles can want looking after.
func (v TrustQueue) reasons(l *i18n.Locale) (chips []parts.ChipLink) {
	at := queueURL + "?"
	if v.Space != "" {
		at += "space=" + v.Space + "&"
	}
	chip := func(show Show, label string) {
		chips = append(chips, parts.ChipLink{URL: at + "show=" + string(show), Label: label, Active: v.Show == show, Count: -1})
	}
	chip(ShowDue, l.T("knowledge.queue_due"))
	chips[0].URL = strings.TrimRight(at, "?&")
	chip(ShowDoubted, l.T("knowledge.doubts"))
	if v.Space != "" {
		chip(ShowOwnerless, l.T("knowledge.no_owner"))
		chip(ShowUnlinked, l.T("knowledge.unlinked"))
		chip(ShowDead, l.T("knowledge.dead"))
	}
	return chips
}

// empty is what the page says where its list has nothing.
func (v TrustQueue) empty(l *i18n.Locale) (title, text string) {
	switch {
	case v.Show == ShowUnlinked && v.Next != "":
		return l.T("knowledge.unlinked_so_far.title"), l.T("knowledge.unlinked_so_far.text")
	case v.Show == ShowUnlinked:
		return l.T("knowledge.unlinked_empty.title"), l.T("knowledge.unlinked_empty.text")
	case v.Show == ShowDoubted:
		return l.T("knowledge.doubts_none.title"), l.T("knowledge.doubts_none.text")
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
