// Package ties shows which threads and ideas belong together. It is given all it shows.
package ties

import (
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Rail is what the rail of a thread says of its ideas, or that of an idea of its threads.
type Rail struct {
	Ideas   []models.TiedIdea
	Threads []models.TiedThread
	Writers []models.Writer // who wrote in the thread that has become the idea
	URL     string          // where to tie more; empty if the reader may not
	TurnURL string          // where to turn the thread into an idea; empty if the reader may not
	OfIdea  bool

	Articles []models.ArticleCard // that were written from it
	WriteURL string               // where to write one; empty if the reader may not, or it is too early
}

// ties tells whether there is anything to say of ideas and threads.
func (v Rail) ties() bool { return len(v.Ideas)+len(v.Threads) > 0 || v.URL != "" || v.TurnURL != "" }

// Empty tells whether there is nothing to say.
func (v Rail) Empty() bool { return !v.ties() && len(v.Articles) == 0 && v.WriteURL == "" }

func (v Rail) title() string {
	if v.OfIdea {
		return "ties.threads"
	}
	return "ties.ideas"
}

func (v Rail) faces() (faces []parts.Named) {
	for _, w := range v.Writers {
		faces = append(faces, parts.Named{ID: w.ID, Name: w.Name, Role: w.Role, Picture: w.Picture})
	}
	return faces
}

// Page is where ties are made and taken back.
type Page struct {
	Path, Title   string // of what they are about
	Action, Field string
	Idea          int64 // what they are about, if it is an idea
	Value         string
	Ideas         []models.TiedIdea
	Threads       []models.TiedThread
	Near          []models.IdeaCard // to choose from
	Problems      models.Invalid
}

// Removal is where a tie is taken back.
func Removal(thread, idea int64) string {
	return "/threads/" + strconv.FormatInt(thread, 10) + "/ideas/" + strconv.FormatInt(idea, 10) + "/removal"
}

func (v Page) problem(l *i18n.Locale) string {
	if key := v.Problems["tie"]; key != "" {
		return l.T(key)
	}
	return ""
}

func (v Page) removal(other int64) string {
	if v.Idea != 0 {
		return Removal(other, v.Idea) + "?from=idea"
	}
	return v.Action + "/" + strconv.FormatInt(other, 10) + "/removal"
}
