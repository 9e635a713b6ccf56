package votes

import (
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
)

// Opinions are the groups of people who see things alike.
type Opinions struct {
	People, Few, Same int
	Apart             int            // in millionths
	Groups            []OpinionGroup // the largest first
	Majority          []Typical
	Consents          []Consent // what the groups agree on, most first
}

// OpinionGroup is one of the groups; its name is its place.
type OpinionGroup struct {
	People  int
	Typical []Typical
}

// Typical is an idea that people are for or against.
type Typical struct {
	Option models.VotingOption
	For    bool
}

// Consent is how much of each group agrees with an idea.
type Consent struct {
	Option    models.VotingOption
	For, Of   []int
	Consensus int // in millionths
}

// letter names a group.
func letter(group int) string { return string(rune('A' + group)) }

// clear says how clearly the groups stand apart.
func (o *Opinions) clear(l *i18n.Locale) string {
	switch {
	case o.Apart >= 500_000:
		return l.T("votes.opinions.apart_clear")
	case o.Apart >= 250_000:
		return l.T("votes.opinions.apart_partly")
	}
	return l.T("votes.opinions.apart_hardly")
}

// areas are where the areas of the groups begin and how wide they are, of a thousand.
func (o *Opinions) areas() (areas []area) {
	before := 0
	for i, group := range o.Groups {
		begin, end := before*1000/max(o.People, 1), (before+group.People)*1000/max(o.People, 1)
		areas, before = append(areas, area{strconv.Itoa(begin), strconv.Itoa(end - begin - 4), "opinion-" + strconv.Itoa(i)}), before+group.People
	}
	return areas
}

type area struct{ x, width, class string }

// agreeing is how much of a group agrees with an idea, of a hundred.
func (c *Consent) agreeing(group int) int { return c.For[group] * 100 / max(c.Of[group], 1) }

func stance(agrees bool) string {
	if agrees {
		return "for"
	}
	return "against"
}
