// Package shifts shows the forms that move posts between threads, and the lines that say in a thread what has moved. It is given all
// it shows.
package shifts

import (
	"net/url"
	"slices"
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Where the posts of a split can go.
const (
	NewThread   = "new"
	OtherThread = "other"
)

// Split is the form that moves posts of a thread.
type Split struct {
	Thread   *models.Thread
	In       models.SpaceAccess // where it stands
	From     int                // the number with which the page begins
	Posts    []models.PostCard  // of the page, which can move
	Chosen   []int64            // of all pages
	Scope    models.ShiftScope
	Target   string
	Into     string // the address of another thread
	Title    string
	Space    string // slug
	Topic    string // "space/topic"
	Kind     models.ThreadKind
	Kinds    []models.ThreadKind
	Spaces   []models.SpaceAccess
	Topics   []models.Topic // of all of them
	Widen    bool
	Once     string
	Problems models.Invalid
}

// Merge is the form that lets a thread go on in another one.
type Merge struct {
	Thread   *models.Thread
	In       models.SpaceAccess
	Into     string
	Widen    bool
	Problems models.Invalid
}

func base(thread *models.Thread) string { return "/threads/" + strconv.FormatInt(thread.ID, 10) }

func spaceURL(space models.SpaceAccess) string {
	return "/discussions?" + url.Values{"space": {space.Slug}}.Encode()
}

func problem(l *i18n.Locale, problems models.Invalid, field string) string {
	if key := problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func summary(l *i18n.Locale, problems models.Invalid, fields ...string) (errors []parts.FieldError) {
	for _, field := range fields {
		if text := problem(l, problems, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// elsewhere are the chosen posts of other pages.
func (v Split) elsewhere() []int64 {
	return slices.DeleteFunc(slices.Clone(v.Chosen), func(id int64) bool {
		return slices.ContainsFunc(v.Posts, func(p models.PostCard) bool { return p.ID == id })
	})
}

func (v Split) chosen(id int64) bool { return slices.Contains(v.Chosen, id) }

func (v Split) pages() int { return (max(v.Thread.LastNumber, 1)-1)/models.ThreadPage + 1 }

func (v Split) page() int { return (v.From-1)/models.ThreadPage + 1 }

// begins is the number with which a page begins, as the field of a form.
func begins(page int) string { return strconv.Itoa((page-1)*models.ThreadPage + 1) }

func (v Split) scopes(l *i18n.Locale) (choices []parts.Choice) {
	for _, scope := range models.ShiftScopes() {
		choices = append(choices, parts.Choice{Type: "radio", Name: "scope", Value: string(scope), Checked: scope == v.Scope, Label: l.T("shifts.scope." + string(scope))})
	}
	return choices
}

func (v Split) targets(l *i18n.Locale) (choices []parts.Choice) {
	for _, target := range []string{NewThread, OtherThread} {
		choices = append(choices, parts.Choice{Type: "radio", Name: "target", Value: target, Checked: target == v.Target, Label: l.T("shifts.target." + target)})
	}
	return choices
}

func (v Split) kinds(l *i18n.Locale) (options []parts.Option) {
	for _, kind := range v.Kinds {
		options = append(options, parts.Option{Value: string(kind), Label: l.T("discussions.kinds." + string(kind))})
	}
	return options
}

func (v Split) spaces(l *i18n.Locale) (options []parts.Option) {
	for i := range v.Spaces {
		options = append(options, parts.Option{Value: v.Spaces[i].Slug, Label: v.Spaces[i].Title + " · " + l.T("parts.readers."+string(v.Spaces[i].Visibility))})
	}
	return options
}

func (v Split) topics(l *i18n.Locale) []parts.Option {
	options := []parts.Option{{Label: l.T("discussions.no_topic")}}
	for i := range v.Spaces {
		for t := range v.Topics {
			if v.Topics[t].SpaceID == v.Spaces[i].ID {
				options = append(options, parts.Option{Value: v.Spaces[i].Slug + "/" + v.Topics[t].Slug, Label: v.Spaces[i].Title + " › " + v.Topics[t].Title})
			}
		}
	}
	return options
}
