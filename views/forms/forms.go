// Package forms shows what a campaign asks of ideas to those who set it up: the fields in their order, and each with its words.
package forms

import (
	"slices"
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Form is the page of a campaign's form.
type Form struct {
	Campaign         *models.Campaign
	Asked, Retired   []models.FormField
	Outside          bool   // people from outside the company read in the space
	Moved, Direction string // the field that was moved last, and where to
	Problems         models.Invalid
}

// Field is the page of one field, which has no id while it is new.
type Field struct {
	Campaign *models.Campaign
	Field    models.FormField
	Base     int  // the version that its words started from
	More     bool // rows for choices were asked for
	Problems models.Invalid
}

// URL is the address of the form of a campaign.
func URL(campaign int64) string { return "/campaigns/" + strconv.FormatInt(campaign, 10) + "/form" }

// FieldURL is the address of one of its fields.
func FieldURL(campaign, field int64) string {
	return URL(campaign) + "/" + strconv.FormatInt(field, 10)
}

// MovedURL is the address of the form after a field was moved.
func MovedURL(campaign, field int64, up bool) string {
	direction := "down"
	if up {
		direction = "up"
	}
	return URL(campaign) + "?moved=" + strconv.FormatInt(field, 10) + "&direction=" + direction
}

func problem(p layout.Page, problems models.Invalid, field string) string {
	if key := problems[field]; key != "" {
		return p.L.T(key)
	}
	return ""
}

// summary lists the problems in the order of the fields.
func summary(p layout.Page, problems models.Invalid, fields ...string) (errors []parts.FieldError) {
	for _, field := range fields {
		if text := problem(p, problems, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// kinds are those of fields that can be added.
func (v Form) kinds(p layout.Page) (options []parts.Option) {
	for _, kind := range models.FieldKinds() {
		if kind != models.PersonField || !v.Outside {
			options = append(options, parts.Option{Value: string(kind), Label: p.L.T("forms.kind." + string(kind))})
		}
	}
	return options
}

// focused tells whether a button that moves a field takes the focus: the one that was pressed, or the other one at the end of the way.
func (v Form) focused(i int, direction string) bool {
	if v.Moved != strconv.FormatInt(v.Asked[i].ID, 10) {
		return false
	}
	switch {
	case i == 0:
		return direction == "down"
	case i == len(v.Asked)-1:
		return direction == "up"
	}
	return direction == v.Direction
}

// untranslated is the language in which some words of a field are missing, empty if none are.
func untranslated(f *models.FormField) string {
	words := []models.Words{f.Label, f.Help}
	for _, choice := range f.Choices {
		words = append(words, choice.Words())
	}
	for _, w := range words {
		switch {
		case w.Empty():
		case w.EN == "":
			return "en"
		case w.FR == "":
			return "fr"
		}
	}
	return ""
}

func (v Field) action() string {
	if v.Field.ID == 0 {
		return URL(v.Campaign.ID)
	}
	return FieldURL(v.Campaign.ID, v.Field.ID)
}

// rows are the choices with room for more.
func (v Field) rows() []models.Choice {
	rows := append([]models.Choice{}, v.Field.Choices...)
	empty := 0
	for _, row := range rows {
		if row.Words().Empty() {
			empty++
		}
	}
	want := max(3-len(rows), 1-empty, 0)
	if v.More {
		want = 5 - min(empty, 5)
	}
	for i := 0; i < want && len(rows) < models.MaxChoices; i++ {
		rows = append(rows, models.Choice{})
	}
	return rows
}

// accepted are the kinds of files that the field can take: where authors are hidden, none that holds the name of whoever made it.
func (v Field) accepted(l *i18n.Locale) (choices []parts.Choice) {
	for _, kind := range models.AllFileKinds() {
		if v.Campaign.Anonymity == models.Named || kind.Nameless() {
			choices = append(choices, parts.Choice{
				Type: "checkbox", Name: "accepts", Value: string(kind), Checked: slices.Contains(v.Field.Accepts, kind),
				Label: l.T("forms.accepts." + string(kind)), Hint: l.T("forms.accepts_hint." + string(kind)),
			})
		}
	}
	return choices
}

// visibilities are those that the field can be given: once the campaign is published, none that is wider.
func (v Field) visibilities(l *i18n.Locale) (choices []parts.Choice) {
	for _, visibility := range models.AnswerVisibilities() {
		choices = append(choices, parts.Choice{
			Type: "radio", Name: "visibility", Value: string(visibility), Checked: v.Field.Visibility == visibility,
			Label: l.T("forms.visibility." + string(visibility)), Hint: l.T("forms.visibility_hint." + string(visibility)),
		})
	}
	return choices
}
