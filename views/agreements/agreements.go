// Package agreements shows what people from outside accept before they contribute to a space: the text that holds, with
// the question, its versions, and the form in which it is written.
package agreements

import (
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Show is the page of the agreement that holds in a space.
type Show struct {
	Space      *models.Space
	Agreement  *models.Agreement // nil if none holds
	Asked      bool              // the reader has to accept it before they contribute
	External   bool              // the reader comes from outside
	AcceptedAt *time.Time        // by the reader
	MayManage  bool
	Outsiders  models.Outsiders // for those who manage
	Next       string           // where to go on; may be empty
	Problems   models.Invalid
}

func base(space *models.Space) string { return "/spaces/" + space.Slug + "/agreement" }

// back is where one goes on reading without accepting: the page from which one was led here is a form for those who accept.
func (v Show) back() string { return "/spaces/" + v.Space.Slug }

func (v Show) problem(p layout.Page, field string) string {
	if key := v.Problems[field]; key != "" {
		return p.L.T(key)
	}
	return ""
}

func (v Show) errors(p layout.Page) (errors []parts.FieldError) {
	if text := v.problem(p, "accept"); text != "" {
		errors = append(errors, parts.FieldError{Name: "accept", Text: text})
	}
	return errors
}

// List is the list of the versions of a space's agreement.
type List struct {
	Space     *models.Space
	Versions  []models.AgreementCard
	Next      int // number before which the next page begins, 0 at the end
	First     bool
	MayManage bool
}

func (list List) next() string {
	if list.Next == 0 {
		return ""
	}
	return base(list.Space) + "/versions?before=" + strconv.Itoa(list.Next)
}

func (list List) start() string {
	if list.First {
		return ""
	}
	return base(list.Space) + "/versions"
}

// Write is the form for the next version.
type Write struct {
	Space     *models.Space
	Body      string
	Base      int // the version that the text started from
	Preview   string
	Draft     parts.Draft
	Person    int64
	Outsiders models.Outsiders
	Problems  models.Invalid
}

func (v Write) problem(p layout.Page) string {
	if key := v.Problems["body"]; key != "" {
		return p.L.T(key)
	}
	return ""
}

func (v Write) errors(p layout.Page) (errors []parts.FieldError) {
	if text := v.problem(p); text != "" {
		errors = append(errors, parts.FieldError{Name: "body", Text: text})
	}
	return errors
}

// consequence says how many people publishing asks, in words.
func (v Write) consequence(p layout.Page) string {
	switch {
	case !v.Space.Visibility.AdmitsExternals():
		return p.L.T("agreements.asks_later")
	case v.Outsiders.Accepted > 0:
		return p.L.T("agreements.asks_again", "count", v.Outsiders.All, "accepted", v.Outsiders.Accepted)
	}
	return p.L.T("agreements.asks", "count", v.Outsiders.All)
}

func crumbs(p layout.Page, space *models.Space, more ...parts.Crumb) []parts.Crumb {
	return append([]parts.Crumb{{URL: "/spaces", Title: p.L.T("spaces.title")}, {URL: "/spaces/" + space.Slug, Title: space.Title}}, more...)
}
