package parts

import (
	"slices"
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
)

// Reactions are the signs that a post was given, and those that the reader may give it.
type Reactions struct {
	Post   int64
	Author string         // of the post
	Given  []ReactionChip // in the order of the company
	Gives  bool           // there are signs that the reader may give and has not given
	Names  bool           // the reader may learn who gave them
}

// ReactionChip is a sign that a post was given.
type ReactionChip struct {
	models.SignGiven
	May bool // the reader may give it, or take it back
}

// any tells whether there is anything to show.
func (r *Reactions) any() bool { return r.Gives || len(r.Given) > 0 }

// acts tells whether there is anything that the reader may do.
func (r *Reactions) acts() bool {
	return r.Gives || slices.ContainsFunc(r.Given, func(c ReactionChip) bool { return c.May })
}

// ReactionsURL is where a post is given signs, and where those stand who gave them.
func ReactionsURL(post int64) string { return "/posts/" + strconv.FormatInt(post, 10) + "/reactions" }

// sentence says of a sign what its chip shows.
func (c ReactionChip) sentence(l *i18n.Locale) string {
	key := "reactions.chip"
	if c.Mine {
		key = "reactions.chip_mine"
	}
	return l.T(key, "name", c.Name(l.Lang()), "people", l.T("reactions.people", "count", c.People))
}

// left are those of some signs that the post was not given at all.
func (r *Reactions) left(signs []models.ReactionSign) []models.ReactionSign {
	return slices.DeleteFunc(slices.Clone(signs), func(s models.ReactionSign) bool {
		return slices.ContainsFunc(r.Given, func(c ReactionChip) bool { return c.ID == s.ID })
	})
}
