package ideas

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// AnswerChange is what a version changed in the answer to a field.
type AnswerChange struct {
	Label   string
	Changes []parts.Change
}

// fewChoices is how many are shown at once; of more, a list that opens is easier to read.
const fewChoices = 7

// grouped tells whether a field is a group of buttons or boxes under one question.
func (v Write) grouped(f *models.FormField) bool {
	return f.Kind == models.ChoicesField || f.Kind == models.FileField || f.Kind == models.ScaleField || f.Kind == models.ChoiceField && len(f.Choices) <= fewChoices
}

// former are the fields that are no longer asked and to which something is written.
func (v Write) former() (fields []models.FormField) {
	for _, field := range v.Sheet.Former {
		if strings.TrimSpace(v.Answers[field.ID]) != "" {
			fields = append(fields, field)
		}
	}
	return fields
}

// carried are the fields that this form does not ask and to which something is written.
func (v Write) carried() (ids []int64) {
	for id, text := range v.Answers {
		if strings.TrimSpace(text) != "" && (v.Sheet == nil || models.FindField(v.Sheet.Fields, id) == nil) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// writtenText is what stands in the form for a field, as it is read.
func (v Write) writtenText(l *i18n.Locale, f *models.FormField) string {
	text := v.Answers[f.ID]
	if f.Kind.Chosen() || f.Kind == models.FileField {
		return parts.AnswerText(l, &models.ShownAnswer{FieldAnswer: models.FieldAnswer{Value: text}, Kind: f.Kind, Asked: f.Wording, Files: v.filesOf(f)})
	}
	return text
}

// filesOf are the files that are given to a field.
func (v Write) filesOf(f *models.FormField) (files []models.File) {
	for _, id := range models.FileIDs(v.Answers[f.ID]) {
		if i := slices.IndexFunc(v.Files, func(file models.File) bool { return file.ID == id }); i >= 0 {
			files = append(files, v.Files[i])
		}
	}
	return files
}

// accepted are the kinds of files that a field takes here, as a browser offers them.
func (v Write) accepted(f *models.FormField) string {
	return parts.Accepted(f.FilesTaken(v.Sheet.Anonymity))
}

// filesHint says how many files a field takes, of which kinds.
func (v Write) filesHint(l *i18n.Locale, f *models.FormField) string {
	var kinds []string
	for _, kind := range f.FilesTaken(v.Sheet.Anonymity) {
		kinds = append(kinds, l.T("forms.file_kind."+string(kind)))
	}
	return l.T("forms.files_taken", "count", f.High, "kinds", strings.Join(kinds, ", "))
}

// options are the choices of a field, and those that the idea has made before and that are no longer offered.
func (v Write) options(l *i18n.Locale, f *models.FormField) (options []parts.Option) {
	for _, choice := range f.Choices {
		text, _ := choice.Words().In(l.Lang())
		options = append(options, parts.Option{Value: strconv.Itoa(choice.ID), Label: text})
	}
	given := v.Sheet.Answer(f.ID)
	if given == nil {
		return options
	}
	for _, id := range models.ChosenIDs(given.Value) {
		if choice := given.Asked.Choices.Find(id); choice != nil && f.Choices.Find(id) == nil {
			text, _ := choice.Words().In(l.Lang())
			options = append(options, parts.Option{Value: strconv.Itoa(id), Label: l.T("forms.choice_gone", "choice", text)})
		}
	}
	return options
}

// choice is one button or box of a field.
func (v Write) choice(f *models.FormField, value, label string) parts.Choice {
	kind := "radio"
	if f.Kind == models.ChoicesField {
		kind = "checkbox"
	}
	chosen := strings.Fields(v.Answers[f.ID])
	return parts.Choice{Type: kind, Name: f.AnswerName(), Value: value, Label: label, Checked: slices.Contains(chosen, value) || value == "" && len(chosen) == 0}
}

// control are the attributes of a field that one types in.
func (v Write) control(f *models.FormField) templ.Attributes {
	a := templ.Attributes{"id": f.AnswerName(), "name": f.AnswerName(), "aria-describedby": v.notes(f), "autocomplete": "off"}
	if v.Problems[f.AnswerName()] != "" {
		a["aria-invalid"] = "true"
	}
	switch f.Kind {
	case models.ShortField:
		a["type"], a["maxlength"] = "text", strconv.Itoa(models.MaxShort)
	case models.LongField:
		a["maxlength"] = strconv.Itoa(models.MaxLong)
	case models.NumberField, models.AmountField:
		a["type"], a["inputmode"] = "text", "decimal"
	case models.DateField:
		a["type"] = "date"
	case models.LinkField:
		a["type"], a["inputmode"], a["placeholder"] = "text", "url", "https://"
	case models.PersonField:
		a["type"], a["inputmode"] = "text", "email"
	}
	return a
}

// notes are the ids of what is said of a field.
func (v Write) notes(f *models.FormField) string {
	if v.Problems[f.AnswerName()] != "" {
		return f.AnswerName() + "-error " + f.AnswerName() + "-hint"
	}
	return f.AnswerName() + "-hint"
}
