package parts

import (
	"slices"
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
)

// Reactions are the signs that a post was given, and those that the reader may give it.
type Reactions struct {
	Post    int64
	Author  string                // of the post
	Given   []ReactionChip        // in the order of the company
	Offered []models.ReactionSign // empty where the reader may give none
	Names   bool                  // the reader may learn who gave them
}

// ReactionChip is a sign that a post was given.
type ReactionChip struct {
	models.SignGiven
	May bool // the reader may give it, or take it back
}

// any tells whether there is anything to show.
func (r Reactions) any() bool { return len(r.Given)+len(r.Offered) > 0 }

// acts tells whether there is anything that the reader may do.
func (r Reactions) acts() bool {
	return len(r.Offered) > 0 || slices.ContainsFunc(r.Given, func(c ReactionChip) bool { return c.May })
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

// offered are the signs that the reader may give and has not given.
func (r Reactions) offered() (signs []models.ReactionSign) {
	mine := map[int64]bool{}
	for _, chip := range r.Given {
		mine[chip.ID] = chip.Mine
	}
	for _, sign := range r.Offered {
		if !mine[sign.ID] {
			signs = append(signs, sign)
		}
	}
	return signs
}
