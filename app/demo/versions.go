package demo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ruche/models"
)

// version is the text of an idea after one edit.
type version struct {
	title, body string
}

// versions are the texts of an idea, the first one first. A replacement that fits nowhere, or in two places, is an error.
func (i *Idea) versions() ([]version, error) {
	current := version{i.Title, strings.TrimSpace(i.Body)}
	all := []version{current}
	for _, edit := range i.Edits {
		if edit.Title != "" {
			current.title = edit.Title
		}
		for _, replacement := range edit.Replace {
			if n := strings.Count(current.body, replacement.Old); n != 1 {
				return nil, fmt.Errorf("%d places say %q", n, replacement.Old)
			}
			current.body = strings.Replace(current.body, replacement.Old, replacement.New, 1)
		}
		all = append(all, current)
	}
	return all, nil
}

// passages are the idea's ways from stage to stage, that to which its answer took it among them, in their order.
func (i *Idea) passages() []Passage {
	passages := append([]Passage{{models.Proposed, i.Author, i.Ago}}, i.Stages...)
	if a := i.Answer; a != nil && !a.Prepared {
		switch a.Kind {
		case models.AnswerSelected:
			passages = append(passages, Passage{models.Decided, a.By, a.Ago})
		case models.AnswerDeclined, models.AnswerOutOfScope:
			passages = append(passages, Passage{models.Declined, a.By, a.Ago})
		}
	}
	slices.SortStableFunc(passages, func(a, b Passage) int { return cmp.Compare(b.Ago, a.Ago) })
	return passages
}

// last is how far the idea has come.
func (i *Idea) last() Passage {
	passages := i.passages()
	return passages[len(passages)-1]
}

// langOf is the language of a comment under the idea.
func (i *Idea) langOf(c Comment) string {
	if c.Lang != "" {
		return c.Lang
	}
	return i.Lang
}
