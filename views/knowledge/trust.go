package knowledge

import (
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
	Owner     string // address, as it is or was typed
	TakesBack bool   // the reader may take the latest verification back
	Problems  models.Invalid
}

// TrustQueue is a page of the articles that want looking after.
type TrustQueue struct {
	Articles []models.TrustCard
	Space    string               // slug; empty for the reader's own
	Show     string               // why they want it; empty for what is to be looked at again
	Spaces   []models.SpaceAccess // whose collections the reader arranges
	Next     string
}

// Reasons why articles want looking after, in TrustQueue.Show.
const (
	Doubted   = "doubts"
	Ownerless = "ownerless"
)

// withoutOwner tells whether the articles without an owner are asked for, of which nobody has any of their own.
func (v TrustQueue) withoutOwner() bool { return v.Show == Ownerless && v.Space != "" }

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
func (v TrustQueue) reasons(l *i18n.Locale) []parts.ChipLink {
	at := queueURL + "?"
	if v.Space != "" {
		at += "space=" + v.Space + "&"
	}
	chips := []parts.ChipLink{
		{URL: strings.TrimRight(at, "?&"), Label: l.T("knowledge.queue_due"), Active: v.Show != Doubted && !v.withoutOwner(), Count: -1},
		{URL: at + "show=" + Doubted, Label: l.T("knowledge.doubts"), Active: v.Show == Doubted, Count: -1},
	}
	if v.Space != "" {
		chips = append(chips, parts.ChipLink{URL: at + "show=" + Ownerless, Label: l.T("knowledge.no_owner"), Active: v.withoutOwner(), Count: -1})
	}
	return chips
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
