package knowledge

import (
	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Passages is a page of what is said of the passages of an article or a draft.
type Passages struct {
	Place      models.PassagePlace
	Space      models.SpaceAccess
	Settled    bool // those that are settled
	Cards      []PassageCard
	Next       string
	MayRemark  bool
	Paragraphs []parts.Option // to choose from, where nothing is marked
	Typed      TypedPassage
}

// PassageCard is a passage with what the reader may do about it.
type PassageCard struct {
	models.PassageCard
	MayResolve, MayAnswer bool
	MayRemove             []bool // of each word
	Once                  string
}

// TypedPassage is what was marked and written in the form, or in that for an answer.
type TypedPassage struct {
	Quote, Prefix, Suffix, Block, Body string
	Answers                            int64 // the passage; 0 for a new one
	Once                               string
	Problems                           models.Invalid
}

// Beside are the open passages beside a text.
type Beside struct {
	Place     models.PassagePlace
	Cards     []models.PassageCard
	MayRemark bool
}

func (v Passages) lists(l *i18n.Locale) []parts.ChipLink {
	return []parts.ChipLink{
		{URL: v.Place.Path(), Label: l.T("passages.open"), Active: !v.Settled, Count: -1},
		{URL: v.Place.Path() + "?settled=1", Label: l.T("passages.settled"), Active: v.Settled, Count: -1},
	}
}

func (v Passages) lang() string {
	if v.Place.Article != nil {
		return v.Place.Article.Lang
	}
	return v.Place.Draft.Lang
}

func (v Passages) crumbs(p layout.Page) []parts.Crumb {
	if v.Place.Article != nil {
		return trail(p, v.Place.Article)
	}
	return []parts.Crumb{{URL: "/knowledge", Title: p.L.T("knowledge.title")}, {URL: draftsURL, Title: p.L.T("review.title")}, {URL: v.Place.Draft.Path(), Title: v.Place.Draft.Title}}
}

func passageURL(id int64) string { return "/passages/" + number(id) }
