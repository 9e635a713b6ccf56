// Package papers shows ideas that came on paper: how they are typed in, the slips with their codes, and the form that whoever wrote
// one claims it by.
package papers

import (
	"net/url"
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Place is where ideas on paper go: a space, or one of its campaigns.
type Place struct {
	Space    models.SpaceAccess
	Campaign *models.Campaign // nil for none
}

// URL is the list of the ideas on paper of a place.
func (p Place) URL() string { return p.address("", 0) }

// NewURL is the form for one.
func (p Place) NewURL() string { return p.address("/new", 0) }

func (p Place) address(rest string, before int64) string {
	query := url.Values{}
	if p.Campaign != nil {
		query.Set("campaign", strconv.FormatInt(p.Campaign.ID, 10))
	}
	if before != 0 {
		query.Set("before", strconv.FormatInt(before, 10))
	}
	address := "/spaces/" + url.PathEscape(p.Space.Slug) + "/papers" + rest
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return address
}

// boxURL is where people leave ideas by phone.
func (p Place) boxURL() string {
	address := "/spaces/" + url.PathEscape(p.Space.Slug) + "/box"
	if p.Campaign != nil {
		address += "?campaign=" + strconv.FormatInt(p.Campaign.ID, 10)
	}
	return address
}

func (p Place) importURL() string {
	if p.Campaign != nil {
		return "/imports/new?campaign=" + strconv.FormatInt(p.Campaign.ID, 10)
	}
	return "/imports/new?space=" + url.QueryEscape(p.Space.Slug)
}

// title is how the place is called, and where it is.
func (p Place) title() string {
	if p.Campaign != nil {
		return p.Campaign.Title
	}
	return p.Space.Title
}

func (p Place) lang() string {
	if p.Campaign != nil {
		return p.Campaign.Lang
	}
	return ""
}

func (p Place) home() string {
	if p.Campaign != nil {
		return p.Campaign.Path()
	}
	return "/spaces/" + p.Space.Slug
}

// List is the ideas on paper of a place.
type List struct {
	Place
	Cards     []models.PaperCard
	Next      int64 // 0 at the end
	Later     bool  // it is not the first page
	MayImport bool
	Problem   string // a key of the catalogue
	Once      string // what the codes of the slips are made of
}

func (v List) next() string {
	if v.Next == 0 {
		return ""
	}
	return v.address("", v.Next)
}

func (v List) first() string {
	if !v.Later {
		return ""
	}
	return v.URL()
}

// waiting tells whether there is one that nobody has claimed.
func (v List) waiting() bool {
	for i := range v.Cards {
		if v.Cards[i].Waits() {
			return true
		}
	}
	return false
}

// state says what has become of an idea's slip.
func state(p layout.Page, c *models.PaperCard) string {
	switch {
	case c.ClaimedBy != nil:
		return p.L.T("papers.state.claimed", "name", parts.Marked(p.L, c.ClaimerName, c.ClaimerRole), "date", p.L.Date(*c.ClaimedAt))
	case c.State != models.Published:
		return p.L.T("papers.state.withdrawn")
	case c.Code == nil:
		return p.L.T("papers.state.no_slip")
	case !c.CodeUntil.After(p.Now):
		return p.L.T("papers.state.expired", "date", p.L.Date(*c.CodeUntil))
	}
	return p.L.T("papers.state.waits", "date", p.L.Date(*c.CodeUntil))
}

func giveBack(p layout.Page, c *models.PaperCard) parts.Ask {
	return parts.Ask{
		Trigger: p.L.T("papers.return"), Icon: "rotate-ccw", Title: p.L.T("papers.return.title", "title", c.Title),
		Text: p.L.T("papers.return.text", "name", parts.Name(p.L, c.ClaimerName)), Yes: p.L.T("papers.return"), Action: "/ideas/" + strconv.FormatInt(c.IdeaID, 10) + "/claim/removal",
	}
}

// New is the form for an idea on paper.
type New struct {
	Place
	Title, Body, Tags, Name, Once string
	Problems                      models.Invalid
}

func (v New) problem(l *i18n.Locale, field string) string {
	if key := v.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (v New) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, name := range []string{"title", "body", "name", "tags"} {
		if words := v.problem(l, name); words != "" {
			errors = append(errors, parts.FieldError{Name: name, Text: words})
		}
	}
	return errors
}

// Printed are slips with their codes, and the address where those serve.
type Printed struct {
	Place
	Slips []models.Slip
	Door  string
}

// Claim is the form for a code.
type Claim struct {
	Code    string
	Problem string // a key of the catalogue
}

func (v Claim) problem(l *i18n.Locale) string {
	if v.Problem == "" {
		return ""
	}
	return l.T(v.Problem)
}

func (v Claim) errors(l *i18n.Locale) []parts.FieldError {
	if v.Problem == "" {
		return nil
	}
	return []parts.FieldError{{Name: "code", Text: v.problem(l)}}
}
