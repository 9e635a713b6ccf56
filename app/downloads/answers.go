package downloads

import (
	"context"
	"strconv"

	"ruche/app/sheets"
	"ruche/models"
)

// questions are the columns of what a campaign asks, after those of every idea.
func (t *table) questions() (columns []sheets.Column) {
	if t.form == nil {
		return nil
	}
	for i := range t.form.Fields {
		field := &t.form.Fields[i]
		label, _ := field.Label.In(t.locale.Lang())
		columns = append(columns, sheets.Column{Key: field.AnswerName(), Title: label})
	}
	return columns
}

// answers are those of some rows, by idea and by field.
func (t *table) answers(ctx context.Context, records []models.IdeaRecord) (map[int64]map[int64]*models.ShownAnswer, error) {
	if t.form == nil || len(t.form.Fields) == 0 || len(records) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(records))
	for i := range records {
		ids[i] = records[i].ID
	}
	return t.feature.web.DB.TableAnswers(ctx, t.form, ids)
}

// answered are the cells of a row for what the campaign asks.
func (t *table) answered(answers map[int64]*models.ShownAnswer) (cells []any) {
	if t.form == nil {
		return nil
	}
	for i := range t.form.Fields {
		cells = append(cells, t.answer(answers[t.form.Fields[i].ID]))
	}
	return cells
}

// answer is a cell: numbers stay numbers, so that they can be added up, and the words of choices are those that were chosen.
func (t *table) answer(a *models.ShownAnswer) any {
	if a == nil {
		return nil
	}
	switch a.Kind {
	case models.NumberField, models.ScaleField:
		if n, err := strconv.ParseFloat(a.Value, 64); err == nil {
			return n
		}
	case models.AmountField:
		if cents, err := strconv.ParseFloat(a.Value, 64); err == nil {
			return cents / 100
		}
	case models.ChoiceField, models.ChoicesField:
		words := []string{}
		for _, id := range models.ChosenIDs(a.Value) {
			if choice := a.Asked.Choices.Find(id); choice != nil {
				text, _ := choice.Words().In(t.locale.Lang())
				words = append(words, text)
			}
		}
		if a.Kind == models.ChoiceField && len(words) == 1 {
			return words[0]
		}
		return words
	case models.PersonField:
		return a.PersonName
	case models.FileField:
		links := []string{}
		for i := range a.Files {
			links = append(links, a.Files[i].SaveName()+" ("+t.feature.web.BaseURL.String()+a.Files[i].URL()+")")
		}
		return links
	}
	return a.Value
}
