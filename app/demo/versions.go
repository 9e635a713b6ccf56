package demo

import (
	"fmt"
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

// finalStage is how far the idea has come.
func (i *Idea) finalStage() models.Stage {
	if len(i.Stages) == 0 {
		return models.Proposed
	}
	return i.Stages[len(i.Stages)-1].To
}

// langOf is the language of a comment under the idea.
func (i *Idea) langOf(c Comment) string {
	if c.Lang != "" {
		return c.Lang
	}
	return i.Lang
}
