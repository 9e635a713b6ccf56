// Package reactions shows who gave a post which sign, what somebody's posts were given in a day, and the set that the company chooses.
package reactions

import (
	"slices"
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Reactors is a page of those who gave a post signs.
type Reactors struct {
	Post      *models.PostCard
	Place     models.Place
	Space     models.SpaceAccess
	Given     []models.SignGiven
	Reactions parts.Reactions       // what the reader may do
	Signs     []models.ReactionSign // that can be given
	Sign      int64                 // of which alone they are listed; 0 for all
	People    []Reactor
	Next      int64 // id to go on before; 0 at the end
	Later     bool  // not the first page
}

// Reactor is one of them, with what they gave.
type Reactor struct {
	models.Reactor
	Given *models.ReactionSign
}

func (v Reactors) url(sign, before int64) string {
	address, join := parts.ReactionsURL(v.Post.ID), "?"
	if sign != 0 {
		address, join = address+"?sign="+strconv.FormatInt(sign, 10), "&"
	}
	if before != 0 {
		address += join + "before=" + strconv.FormatInt(before, 10)
	}
	return address
}

func (v Reactors) next() string {
	if v.Next == 0 {
		return ""
	}
	return v.url(v.Sign, v.Next)
}

func (v Reactors) start() string {
	if !v.Later {
		return ""
	}
	return v.url(v.Sign, 0)
}

// chips narrow the list to one sign.
func (v Reactors) chips(l *i18n.Locale) []parts.ChipLink {
	chips := []parts.ChipLink{{URL: v.url(0, 0), Label: l.T("reactions.all"), Count: -1, Active: v.Sign == 0}}
	for _, given := range v.Given {
		chips = append(chips, parts.ChipLink{URL: v.url(given.ID, 0), Label: given.Emoji + " " + given.Name(l.Lang()), Count: given.People, Active: v.Sign == given.ID})
	}
	return chips
}

// Appreciation is what somebody's posts were given in a day.
type Appreciation struct {
	Day   time.Time
	Posts []AppreciatedPost
}

// AppreciatedPost is one of them.
type AppreciatedPost struct {
	models.Appreciated
	Signs []AppreciatedSign
}

// AppreciatedSign is how many people gave it a sign.
type AppreciatedSign struct {
	*models.ReactionSign
	People int
}

// NewAppreciation puts together what the lines say of each post.
func NewAppreciation(day time.Time, lines []models.Appreciated, signs []models.ReactionSign) Appreciation {
	view := Appreciation{Day: day}
	for _, line := range lines {
		at := slices.IndexFunc(signs, func(s models.ReactionSign) bool { return s.ID == line.SignID })
		if at < 0 {
			continue
		}
		if n := len(view.Posts); n == 0 || view.Posts[n-1].PostID != line.PostID {
			view.Posts = append(view.Posts, AppreciatedPost{Appreciated: line})
		}
		post := &view.Posts[len(view.Posts)-1]
		post.Signs = append(post.Signs, AppreciatedSign{&signs[at], line.People})
	}
	return view
}

// Set is the set that the company chooses.
type Set struct {
	Signs    []models.ReactionSign
	Edited   models.ReactionSign // what came back with problems; without an id the new one
	Problems models.Invalid
}

// chosen are the signs that can be given, and retired those that cannot.
func (v Set) chosen() (signs []models.ReactionSign) {
	return slices.DeleteFunc(slices.Clone(v.Signs), func(s models.ReactionSign) bool { return !s.InSet() })
}

func (v Set) retired() (signs []models.ReactionSign) {
	return slices.DeleteFunc(slices.Clone(v.Signs), func(s models.ReactionSign) bool { return s.InSet() })
}

func signURL(s models.ReactionSign) string { return "/reactions/" + strconv.FormatInt(s.ID, 10) }

// Field is the name of a field of the form of one of many signs.
func Field(name string, id int64) string {
	if id == 0 {
		return name
	}
	return name + "_" + strconv.FormatInt(id, 10)
}

// refused tells whether the form of a sign came back.
func (v Set) refused(id int64) bool { return len(v.Problems) > 0 && v.Edited.ID == id }

// problem is what is wrong with a field of a sign, in words.
func (v Set) problem(l *i18n.Locale, name string, id int64) string {
	if !v.refused(id) || v.Problems[name] == "" {
		return ""
	}
	return l.T(v.Problems[name], "count", models.MaxReactionSigns)
}

// summary stands above the forms.
func (v Set) summary(l *i18n.Locale) (errors []parts.FieldError) {
	for _, name := range []string{"emoji", "name_en", "name_fr", "sign"} {
		if text := v.problem(l, name, v.Edited.ID); text != "" {
			errors = append(errors, parts.FieldError{Name: Field(name, v.Edited.ID), Text: text})
		}
	}
	return errors
}

// names are those in the form of a sign: what came back, or what it is called.
func (v Set) names(s models.ReactionSign) (english, french string) {
	if v.refused(s.ID) && v.Problems["sign"] == "" {
		return v.Edited.NameEN, v.Edited.NameFR
	}
	return s.NameEN, s.NameFR
}
