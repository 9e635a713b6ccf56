// Package handbooks shows how articles come into a collection from a folder of texts: what a dry run found, and what came of it.
package handbooks

import (
	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Blank is the form that an archive is sent by, with the runs that somebody has sent before.
type Blank struct {
	Collection *models.Collection
	Space      models.SpaceAccess
	Own        []models.ArticleImport
	Formats    []string // in which a folder comes
	Word       bool     // whether documents of Word can be read on this machine
	Format     string   // that was chosen; empty for that which it looks like
	Size       int64
	Problems   models.Invalid
}

// accepted are the files that are taken, as their names end.
const accepted = ".zip,.md,.html,.htm,.docx,.xml,application/zip"

// formats are those to choose from.
func (b Blank) formats(l *i18n.Locale) []parts.Option {
	options := []parts.Option{{Label: l.T("handbooks.format.any")}}
	for _, format := range b.Formats {
		options = append(options, parts.Option{Value: format, Label: l.T("handbooks.format." + format)})
	}
	return options
}

// Show is a run, and what came of it.
type Show struct {
	Run        *models.ArticleImport
	Collection *models.Collection
	Space      models.SpaceAccess
	Job        *models.Job // that works on it, or has failed to; nil if none does
	Report     *Report     // nil before a check
	Untouched  int         // of what was made: what an undo would take out of sight
	Kept       []Title     // what it would leave, or has left
}

// Report is what a reading has found.
type Report struct {
	Format                                          string // in which it was read
	Articles, Folders, Levels, Links, Files, People int
	Bytes                                           int64
	Problems, Notes                                 []Finding
	MoreProblems, MoreNotes                         int
	Titles                                          []Title
	MoreTitles                                      int
}

// Finding is something about a file.
type Finding struct {
	File string
	Line int
	Key  string
	What string
}

// Title is an article that is named.
type Title struct {
	ID    int64
	Level int
	Title string
}

// Address is where the runs into a collection are.
func Address(collection *models.Collection) string {
	return models.CollectionPath(collection.ID, "") + "/imports"
}

func (b Blank) problem(l *i18n.Locale, field string) string {
	if key := b.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (b Blank) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"file", "format"} {
		if words := b.problem(l, field); words != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: words})
		}
	}
	return errors
}

// Working tells whether somebody waits for the run.
func (s Show) Working() bool { return s.Job != nil && !s.Job.Ended() }

// failed says why the run could not be worked on, empty if it could.
func (s Show) failed(l *i18n.Locale) string {
	switch {
	case s.Run.Problem != "":
		return l.T(s.Run.Problem)
	case s.Job != nil && s.Job.State == models.JobFailed:
		return l.T("imports.failed")
	}
	return ""
}

func (s Show) ready() bool {
	return s.Report != nil && s.Run.CheckedAt != nil && s.Run.ProblemCount == 0 && s.Run.ImportedAt == nil
}

// facts say what a reading has found, a line each.
func (r *Report) facts(l *i18n.Locale) (lines []string) {
	add := func(n int, key string, args ...any) {
		if n > 0 {
			lines = append(lines, l.T(key, append([]any{"count", n}, args...)...))
		}
	}
	add(r.Levels, "handbooks.found.levels")
	add(r.Folders, "handbooks.found.folders")
	add(r.Links, "handbooks.found.links")
	add(r.Files, "handbooks.found.files", "size", l.FileSize(r.Bytes))
	add(r.People, "handbooks.found.people")
	return lines
}

// Words says what a finding means.
func (f Finding) Words(l *i18n.Locale) string {
	switch f.Key {
	case "text", "file":
		return l.T(f.What)
	}
	return l.T("handbooks.finding."+f.Key, "what", f.What)
}

// outcome says in a word what became of a run.
func outcome(p layout.Page, run *models.ArticleImport) string {
	switch {
	case run.UndoneAt != nil:
		return p.L.T("imports.outcome.undone")
	case run.ImportedAt != nil:
		return p.L.T("imports.outcome.done")
	case run.ProblemCount > 0:
		return p.L.T("handbooks.problems", "count", run.ProblemCount)
	case run.CheckedAt != nil:
		return p.L.T("imports.outcome.checked")
	}
	return p.L.T("imports.outcome.sent")
}

func undoAsk(p layout.Page, s Show) parts.Ask {
	return parts.Ask{
		Trigger: p.L.T("imports.undo"), Icon: "rotate-ccw", Title: p.L.T("imports.undo.title", "what", p.L.T("knowledge.articles", "count", s.Untouched)), Text: p.L.T("handbooks.undo.ask"),
		Yes: p.L.T("imports.undo"), Action: s.Run.Path() + "/undo",
	}
}

// branch is a title with those that stand under it.
type branch struct {
	Title
	under []*branch
}

// nested are titles in the order of their tree, each put under the last one of a lower level.
func nested(titles []Title) []*branch {
	root := &branch{Title: Title{Level: -1}}
	path := []*branch{root}
	for _, title := range titles {
		for len(path) > 1 && path[len(path)-1].Level >= title.Level {
			path = path[:len(path)-1]
		}
		one, above := &branch{Title: title}, path[len(path)-1]
		above.under = append(above.under, one)
		path = append(path, one)
	}
	return root.under
}
