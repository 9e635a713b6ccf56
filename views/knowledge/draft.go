package knowledge

import (
	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Draft is a page of a text that is not published yet.
type Draft struct {
	Draft      *models.ArticleDraft
	Article    *models.Article // that it changes; nil for a new one
	Collection *models.Collection
	Space      models.SpaceAccess
	Author     parts.Named
	Title      []parts.Change // since the version of the article from which its author began
	Body       []parts.Change
	Tags       []parts.Change
	Asked      []models.ReviewerCard
	Proposed   []models.ReviewerCard
	May        DraftRights
	Reviewers  string // addresses, as they were typed
	Word       string
	Conflict   bool // it cannot be published as it is
	Problems   models.Invalid
	Passages   Beside
}

// DraftRights are what the reader may do with a draft.
type DraftRights struct {
	Edit, Send, TakeBack, Review, Publish, Drop, Restore bool
}

// Drafts is a page of drafts.
type Drafts struct {
	Drafts []models.DraftCard
	Space  string // slug, of those that are sent there; empty for the reader's own matters
	Mine   bool   // that the reader has kept
	Spaces []models.SpaceAccess
	Next   string
}

const draftsURL = "/articles/drafts"

// lists are whose drafts the reader can choose to see.
func (v Drafts) lists(l *i18n.Locale) []parts.ChipLink {
	chips := []parts.ChipLink{
		{URL: draftsURL, Label: l.T("review.queue_review"), Active: v.Space == "" && !v.Mine, Count: -1},
		{URL: draftsURL + "?show=mine", Label: l.T("review.queue_mine"), Active: v.Space == "" && v.Mine, Count: -1},
	}
	for i := range v.Spaces {
		space := &v.Spaces[i]
		chips = append(chips, parts.ChipLink{URL: draftsURL + "?space=" + space.Slug, Label: space.Title, Active: v.Space == space.Slug, Count: -1})
	}
	return chips
}

// reviewState is how far a draft has come, in words, with the colour that stands for it.
func reviewState(l *i18n.Locale, sent bool, asked, approved, changes int) (kind, words string) {
	switch {
	case !sent:
		return "", l.T("review.state_draft")
	case changes > 0:
		return "amber", l.T("review.state_changes")
	case approved == asked:
		return "green", l.T("review.state_approved")
	}
	return "blue", l.T("review.state_waiting")
}

func (v Draft) state(l *i18n.Locale) (kind, words string) {
	if v.Draft.State == models.DraftDropped {
		return "", l.T("review.state_dropped")
	}
	approved, changes := 0, 0
	for i := range v.Asked {
		switch v.Asked[i].Verdict {
		case models.VerdictApproved:
			approved++
		case models.VerdictChanges:
			changes++
		}
	}
	return reviewState(l, v.Draft.SentAt != nil, len(v.Asked), approved, changes)
}

// answer is what a reviewer has said of the draft as it is now, in words, with the colour and the icon that stand for it.
func (v Draft) answer(l *i18n.Locale, card *models.ReviewerCard) (kind, icon, words string) {
	switch {
	case card.Verdict == models.VerdictApproved:
		return "green", "check", l.T("review.approved")
	case card.Verdict == models.VerdictChanges:
		return "amber", "pencil", l.T("review.changes")
	case !card.Able:
		return "red", "circle-alert", l.T("review.gone")
	case v.Draft.SentAt == nil:
		return "", "clock", l.T("review.asked_before")
	}
	return "blue", "clock", l.T("review.waiting")
}

// people are who can be asked: those who are asked already, unless they have left, and those who are proposed.
func (v Draft) people(l *i18n.Locale) (choices []parts.Choice) {
	for i := range v.Asked {
		if card := &v.Asked[i]; card.Able || v.Draft.SentAt != nil && card.Verdict == models.VerdictWaiting {
			choices = append(choices, choice(l, card, card.Able))
		}
	}
	for i := range v.Proposed {
		choices = append(choices, choice(l, &v.Proposed[i], false))
	}
	return choices
}

func choice(l *i18n.Locale, card *models.ReviewerCard, checked bool) parts.Choice {
	made := parts.Choice{Type: "checkbox", Name: "reviewer", Value: number(card.ReviewerID), Label: parts.Marked(l, card.Name, card.Role), Checked: checked}
	if !card.Able {
		made.Hint = l.T("review.gone")
	}
	return made
}

func draftCrumbs(p layout.Page, v Draft) []parts.Crumb {
	crumbs := []parts.Crumb{{URL: "/knowledge", Title: p.L.T("knowledge.title")}, {URL: v.Collection.Path(), Title: v.Collection.Title}}
	if v.Article != nil {
		crumbs = append(crumbs, parts.Crumb{URL: v.Article.Path(), Title: v.Article.Title})
	}
	return append(crumbs, parts.Crumb{URL: draftsURL, Title: p.L.T("review.title")})
}
