// Package glossary shows the words of the house: the list from A to Z, a term with what was said of it, and the form for one. It is given
// all it shows.
package glossary

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Index is a page of terms.
type Index struct {
	Space       string // slug, of the list of one space; empty for all
	Spaces      []models.SpaceAccess
	From        string        // where the list begins, as it was asked for
	Asked       []models.Term // what it may have meant, by any spelling
	Terms       []models.Term
	Next, Start string
	Writes      bool // the reader may add terms
	SignedIn    bool
}

// URL is the list with something of it changed.
func (v Index) URL(name, value string) string {
	values := url.Values{}
	for key, given := range map[string]string{"space": v.Space, name: value} {
		if key != "" && given != "" {
			values.Set(key, given)
		}
	}
	return address("/glossary", values)
}

func (v Index) spaceURL(slug string) string { return Index{Space: slug}.URL("", "") }

func address(path string, values url.Values) string {
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// letters are those that one can jump to.
func letters() []string { return strings.Split("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "") }

// Letter is the terms of a letter on the page.
type Letter struct {
	Name  string
	Terms []models.Term
}

// byLetter gathers the terms by what they begin with: their letter, or a sign for what is none.
func (v Index) byLetter() (groups []Letter) {
	for _, term := range v.Terms {
		first, _ := utf8.DecodeRuneInString(strings.ToUpper(term.WordKey))
		name := string(first)
		if !strings.Contains("ABCDEFGHIJKLMNOPQRSTUVWXYZ", name) {
			name = "#"
		}
		if n := len(groups); n == 0 || groups[n-1].Name != name {
			groups = append(groups, Letter{Name: name})
		}
		last := &groups[len(groups)-1]
		last.Terms = append(last.Terms, term)
	}
	return groups
}

// spaceTitle is what the space of a term is called.
func (v Index) spaceTitle(id int64) string {
	for i := range v.Spaces {
		if v.Spaces[i].ID == id {
			return v.Spaces[i].Title
		}
	}
	return ""
}

func (v Index) chosen(l *i18n.Locale) string {
	for i := range v.Spaces {
		if v.Spaces[i].Slug == v.Space {
			return v.Spaces[i].Title
		}
	}
	return l.T("ideas.filter.space")
}

// Show is a page of a term.
type Show struct {
	Term     *models.Term
	Space    models.SpaceAccess
	Article  *models.Article          // that explains it; nil for none that the reader may read
	Versions []models.TermVersionCard // the latest first
	Writes   bool
}

func (v Show) url(rest string) string { return "/glossary/" + strconv.FormatInt(v.Term.ID, 10) + rest }

// Form is where one defines a term, or says something else of one.
type Form struct {
	Term       *models.Term // nil for a new one
	Theirs     *models.Term // what somebody else has saved meanwhile
	Base       int
	Space      string
	Spaces     []models.SpaceAccess
	Spreads    bool // the writer may have terms explained everywhere
	Word       string
	Also       string
	Lang       string
	Definition string
	Article    string
	Everywhere bool
	Problems   models.Invalid
}

func (v Form) action() string {
	if v.Term != nil {
		return "/glossary/" + strconv.FormatInt(v.Term.ID, 10)
	}
	return "/glossary"
}

func (v Form) problem(l *i18n.Locale, field string) string {
	if key := v.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (v Form) summary(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"space", "word", "also", "lang", "definition", "article", "everywhere"} {
		if text := v.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

func (v Form) spaces(l *i18n.Locale) []parts.Option {
	options := []parts.Option{{Value: "", Label: l.T("ideas.field.space_choose")}}
	for i := range v.Spaces {
		options = append(options, parts.Option{Value: v.Spaces[i].Slug, Label: v.Spaces[i].Title})
	}
	return options
}

func languages(l *i18n.Locale) []parts.Option {
	return []parts.Option{{Value: "", Label: l.T("glossary.any_language")}, {Value: "fr", Label: l.T("glossary.french")}, {Value: "en", Label: l.T("glossary.english")}}
}
