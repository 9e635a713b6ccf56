// Package imports shows how ideas and comments of another platform come in from a file: where to, which column holds what, what a
// dry run found, and what came of it.
package imports

import (
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// New is the form that a file is sent by.
type New struct {
	Places   []parts.Option
	Place    string
	What     string
	Most     int // rows of a file
	Size     int64
	Problems models.Invalid
}

// Show is a file that somebody has sent, and what came of it.
type Show struct {
	Run      *models.IdeaImport
	Space    models.SpaceAccess
	Campaign *models.Campaign // nil for none
	Job      *models.Job      // that works on it, or has failed to; nil if none does

	Format, Encoding, Separator string
	Profile                     string // the platform whose export it reads like
	Fields                      []Field
	Columns                     []parts.Option
	Authors                     string
	ByAddress                   bool // authors can be found by their addresses
	States                      []State
	Counts                      *Counts // nil before a check
	Broken                      []models.ImportProblem
	Kept                        int // of the mistakes that were found
	Untouched                   int // of what was made: what an undo would take out of sight
	Problems                    models.Invalid
}

// Field is a part of an idea or of a comment, and the place of the column that fills it.
type Field struct {
	Name   string
	Column string // from 0, empty for none
	Needed bool
}

// State is a state of the file, and the stage that it means here.
type State struct{ Name, Stage string }

// Counts are what a check has found.
type Counts struct {
	New, Known int      // rows that make something, and those that an earlier run has brought
	Left       int      // rows in a state that is not taken in
	Cut        int      // titles that are too long, which then stand whole in their texts
	People     int      // authors who become members without a way in
	Matched    int      // authors found by their addresses
	Supports   int      // that come as a number
	States     []string // of the file, in the order of their first rows
}

// Address is the page of a file.
func Address(id int64) string { return "/imports/" + strconv.FormatInt(id, 10) }

// NewAddress is the form for a file, with the campaign it goes to; 0 for none.
func NewAddress(campaign int64) string {
	if campaign == 0 {
		return "/imports/new"
	}
	return "/imports/new?campaign=" + strconv.FormatInt(campaign, 10)
}

func (n New) problem(l *i18n.Locale, field string) string { return problem(l, n.Problems, field) }

func problem(l *i18n.Locale, problems models.Invalid, field string) string {
	if key := problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (n New) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, name := range []string{"file", "place", "what"} {
		if words := n.problem(l, name); words != "" {
			errors = append(errors, parts.FieldError{Name: name, Text: words})
		}
	}
	return errors
}

func kinds(l *i18n.Locale, chosen string) (choices []parts.Choice) {
	for _, kind := range []models.DownloadKind{models.DownloadIdeas, models.DownloadComments} {
		choices = append(choices, parts.Choice{Type: "radio", Name: "what", Value: string(kind), Label: l.T("imports.what." + string(kind)), Hint: l.T("imports.what." + string(kind) + ".hint"), Checked: chosen == string(kind)})
	}
	return choices
}

// Working tells whether somebody waits for the file.
func (s Show) Working() bool { return s.Job != nil && !s.Job.Ended() }

// failed says why the file could not be worked on, empty if it could.
func (s Show) failed(l *i18n.Locale) string {
	switch {
	case s.Run.Problem != "":
		return l.T(s.Run.Problem)
	case s.Job != nil && s.Job.State == models.JobFailed:
		return l.T("imports.failed")
	}
	return ""
}

// working says what is being done.
func (s Show) working(l *i18n.Locale) string {
	return l.T("imports.working."+s.Job.Kind, "done", l.Number(min(s.Job.Done, s.Run.RowCount)), "total", l.Number(s.Run.RowCount))
}

// count words a number of ideas or of comments.
func (s Show) count(l *i18n.Locale, n int) string {
	return l.T("imports.count."+string(s.Run.What), "count", n)
}

func (s Show) ready() bool { return s.Counts != nil && s.Run.ProblemCount == 0 && s.Counts.New > 0 }

// facts say what the file is.
func (s Show) facts(l *i18n.Locale) (facts []string) {
	facts = append(facts, l.T("imports.form."+s.Format))
	if s.Encoding != "" {
		facts = append(facts, l.T("imports.encoding."+s.Encoding))
	}
	if s.Separator != "" {
		facts = append(facts, l.T("imports.separator", "sign", separator(l, s.Separator)))
	}
	return append(facts, l.T("imports.rows", "count", s.Run.RowCount))
}

func separator(l *i18n.Locale, sign string) string {
	if sign == "\t" {
		return l.T("imports.tab")
	}
	return sign
}

// found says what the check has found, a line each.
func (s Show) found(l *i18n.Locale) (lines []string) {
	add := func(n int, key string) {
		if n > 0 {
			lines = append(lines, l.T(key, "count", n))
		}
	}
	add(s.Counts.People, "imports.found.people")
	add(s.Counts.Matched, "imports.found.matched")
	add(s.Counts.Supports, "imports.found.supports")
	add(s.Counts.Known, "imports.found.known")
	add(s.Counts.Left, "imports.found.left")
	add(s.Counts.Cut, "imports.found.cut")
	return lines
}

// mistake says what is wrong with a row.
func mistake(l *i18n.Locale, broken models.ImportProblem) string {
	if broken.Place == "" {
		return l.T(broken.Problem)
	}
	return l.T("imports.at", "field", l.T("imports.field."+broken.Place), "problem", l.T(broken.Problem))
}

// Mistake is mistake for the file of broken rows.
func Mistake(l *i18n.Locale, broken models.ImportProblem) string { return mistake(l, broken) }

// columns are the choices of a field.
func (s Show) columns(l *i18n.Locale) []parts.Option {
	return append([]parts.Option{{Value: "", Label: l.T("imports.column.none")}}, s.Columns...)
}

func (s Show) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range s.Fields {
		if words := problem(l, s.Problems, field.Name); words != "" {
			errors = append(errors, parts.FieldError{Name: "field-" + field.Name, Text: l.T("imports.at", "field", l.T("imports.field."+field.Name), "problem", words)})
		}
	}
	for _, name := range []string{"authors", "stages", "place"} {
		if words := problem(l, s.Problems, name); words != "" {
			errors = append(errors, parts.FieldError{Name: name, Text: words})
		}
	}
	return errors
}

func (s Show) authors(l *i18n.Locale) (choices []parts.Choice) {
	ways := []string{"named"}
	if s.ByAddress {
		ways = append(ways, "address")
	}
	if s.Run.What == models.DownloadIdeas {
		ways = append(ways, "paper")
	}
	for _, way := range ways {
		choices = append(choices, parts.Choice{Type: "radio", Name: "authors", Value: way, Label: l.T("imports.authors." + way), Hint: l.T("imports.authors." + way + ".hint"), Checked: s.Authors == way})
	}
	return choices
}

func stages(l *i18n.Locale) (options []parts.Option) {
	for _, stage := range models.Stages() {
		options = append(options, parts.Option{Value: string(stage), Label: l.T("stage." + string(stage))})
	}
	return append(options, parts.Option{Value: "gone", Label: l.T("imports.stage.gone")})
}

// place is where what the file brought can be read.
func (s Show) place() (address, title string) {
	if s.Campaign != nil {
		return s.Campaign.Path(), s.Campaign.Title
	}
	return "/spaces/" + s.Space.Slug, s.Space.Title
}

func placeTitle(s Show) string {
	_, title := s.place()
	return title
}

// outcome says in a word what became of a file.
func outcome(p layout.Page, run *models.IdeaImport) string {
	switch {
	case run.UndoneAt != nil:
		return p.L.T("imports.outcome.undone")
	case run.ImportedAt != nil:
		return p.L.T("imports.outcome.done")
	case run.ProblemCount > 0:
		return p.L.T("imports.outcome.problems", "count", run.ProblemCount)
	case run.CheckedAt != nil:
		return p.L.T("imports.outcome.checked")
	}
	return p.L.T("imports.outcome.sent")
}

func undoAsk(p layout.Page, s Show) parts.Ask {
	return parts.Ask{
		Trigger: p.L.T("imports.undo"), Icon: "rotate-ccw", Title: p.L.T("imports.undo.title", "what", s.count(p.L, s.Untouched)), Text: p.L.T("imports.undo.ask"),
		Yes: p.L.T("imports.undo"), Action: Address(s.Run.ID) + "/undo",
	}
}

// again is the form for the mended file.
func (s Show) again() string {
	if s.Campaign != nil {
		return NewAddress(s.Campaign.ID)
	}
	return "/imports/new?space=" + s.Space.Slug
}

// hint says how a field is written, where that is not plain.
func (s Show) hint(l *i18n.Locale, field string) string {
	if key := "imports.field." + field + ".hint"; l.Has(key) {
		return l.T(key)
	}
	return ""
}
