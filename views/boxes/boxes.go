// Package boxes shows the boxes in which people leave ideas by phone: the poster that leads to one, the form on the phone, and what
// waits to be looked at.
package boxes

import (
	"net/url"
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Place is where a box stands: a space, or one of its campaigns.
type Place struct {
	Space    models.SpaceAccess
	Campaign *models.Campaign // nil for none
}

// URL is the page of its box.
func (p Place) URL() string { return p.address("") }

func (p Place) address(rest string) string {
	address := "/spaces/" + url.PathEscape(p.Space.Slug) + "/box" + rest
	if p.Campaign != nil {
		address += "?campaign=" + strconv.FormatInt(p.Campaign.ID, 10)
	}
	return address
}

func address(b *models.WaitingBox) string {
	place := Place{Space: models.SpaceAccess{Slug: b.Slug}}
	if b.CampaignID != 0 {
		place.Campaign = &models.Campaign{ID: b.CampaignID}
	}
	return place.URL()
}

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

func (p Place) question() string {
	if p.Campaign != nil {
		return p.Campaign.Question
	}
	return ""
}

func (p Place) home() string {
	if p.Campaign != nil {
		return p.Campaign.Path()
	}
	return "/spaces/" + p.Space.Slug
}

// Show is the box of a place, and what waits in it.
type Show struct {
	Place
	Box     *models.Box // nil where there is none
	MayOpen bool
	Notes   []models.BoxNote
	More    bool   // of them
	NotNow  string // the key of why none could be taken; else empty
}

func (v Show) replaceAsk(p layout.Page) parts.Ask {
	return parts.Ask{Trigger: p.L.T("boxes.replace"), Icon: "rotate-ccw", Title: p.L.T("boxes.replace.title"), Text: p.L.T("boxes.replace.text"), Yes: p.L.T("boxes.replace"), Action: v.doing("replace")}
}

func (v Show) closeAsk(p layout.Page) parts.Ask {
	return parts.Ask{Trigger: p.L.T("boxes.close"), Icon: "lock", Title: p.L.T("boxes.close.title"), Text: p.L.T("boxes.close.text"), Yes: p.L.T("boxes.close"), Action: v.doing("close")}
}

// doing is where a button posts that does something with the box.
func (p Place) doing(what string) string {
	query := url.Values{"do": {what}}
	if p.Campaign != nil {
		query.Set("campaign", strconv.FormatInt(p.Campaign.ID, 10))
	}
	return "/spaces/" + url.PathEscape(p.Space.Slug) + "/box?" + query.Encode()
}

// Code is the square code of an address, as a path in a square of that size.
type Code struct {
	Size int
	Path string
}

func (c Code) box() string { return "0 0 " + strconv.Itoa(c.Size) + " " + strconv.Itoa(c.Size) }

// Printed is a poster.
type Printed struct {
	Place
	Code    Code
	Address string
}

// Leave is the form on the phone.
type Leave struct {
	Box                     *models.FoundBox
	Title, Body, Name, Once string
	Problems                models.Invalid
}

func (v Leave) problem(l *i18n.Locale, field string) string {
	if key := v.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (v Leave) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, name := range []string{"title", "body", "name"} {
		if words := v.problem(l, name); words != "" {
			errors = append(errors, parts.FieldError{Name: name, Text: words})
		}
	}
	return errors
}

// Thanks is what the phone shows once something was left.
type Thanks struct {
	Box  *models.FoundBox
	Code string
}
