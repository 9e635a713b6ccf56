package demo

import (
	"fmt"

	"ruche/models"
)

// field is a question as the form of a campaign holds it.
func (q *Question) field() *models.FormField {
	field := &models.FormField{Kind: q.Kind, Visibility: q.Seen, Wording: models.Wording{Label: q.Label, Help: q.Help, Required: q.Required, Low: q.Low, High: q.High, Accepts: q.Accepts}}
	for i, words := range q.Choices {
		field.Choices = append(field.Choices, models.Choice{ID: i + 1, FR: words.FR, EN: words.EN})
	}
	return field
}

// form has a campaign ask its questions, and keeps the fields by their key.
func (f *filler) form(tx *models.Tx, c *Campaign, campaign *models.Campaign) error {
	f.fields[c.Key] = map[string]*models.FormField{}
	for i := range c.Form {
		field := c.Form[i].field()
		if err := tx.AddField(campaign, field); err != nil {
			return fmt.Errorf("question %s of campaign %s: %w", c.Form[i].Key, c.Key, err)
		}
		f.fields[c.Key][c.Form[i].Key] = field
	}
	return nil
}

// fillsIn stores what an idea says to the questions of its campaign.
func (f *filler) fillsIn(tx *models.Tx, i *Idea, idea *models.Idea) error {
	if len(i.Answers) == 0 {
		return nil
	}
	var answers []models.FieldAnswer
	for key, written := range i.Answers {
		field := f.fields[i.Campaign][key]
		value, problem := field.Parse(written)
		if problem != "" {
			return fmt.Errorf("answer %s of idea %s: %s", key, i.Key, problem)
		}
		answers = append(answers, models.FieldAnswer{FieldID: field.ID, FieldVersion: field.Version, Value: value, Visibility: field.Visibility})
	}
	return tx.SaveAnswers(idea, f.campaigns[i.Campaign].FormVersion, answers)
}

// answers checks what an idea says to the questions of its campaign.
func (k *checker) answers(where string, i *Idea) {
	campaign := k.company.campaign(i.Campaign)
	for key, written := range i.Answers {
		question := campaign.question(key)
		if question == nil {
			k.problem("%s: %q is not asked by %q", where, key, i.Campaign)
			continue
		}
		if value, problem := question.field().Parse(written); problem != "" || value == "" {
			k.problem("%s: %q is no answer to %q", where, written, key)
		}
	}
	if campaign == nil {
		return
	}
	for q := range campaign.Form {
		if key := campaign.Form[q].Key; campaign.Form[q].Required && i.Answers[key] == "" {
			k.problem("%s: %q is not answered", where, key)
		}
	}
}

func (c *Campaign) question(key string) *Question {
	for i := 0; c != nil && i < len(c.Form); i++ {
		if c.Form[i].Key == key {
			return &c.Form[i]
		}
	}
	return nil
}
