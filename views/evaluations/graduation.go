package evaluations

import (
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Graduations is when ideas of a campaign come to their next stage, and which have come far enough.
type Graduations struct {
	Campaign *models.Campaign
	Rules    []Rule
	Ripe     []models.Graduate
	Problems models.Invalid
}

// Path is the address of the page.
func (v Graduations) Path() string { return v.Campaign.SettingsPath("graduation") }

func (v Graduations) problem(l *i18n.Locale, field string) string {
	if key := v.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (v Graduations) errors(l *i18n.Locale) (errors []parts.FieldError) {
	fields := []string{"ideas"}
	for i := range v.Rules {
		for _, name := range []string{"supports", "comments", "views", "rating"} {
			fields = append(fields, v.Rules[i].field(name))
		}
	}
	for _, field := range fields {
		if text := v.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// Rule is the part of the form about the ideas in one stage.
type Rule struct {
	Stage                             models.Stage
	How                               string // "", "propose" or "move"
	Supports, Comments, Views, Rating string
}

func (r *Rule) field(name string) string { return (&models.Graduation{Stage: r.Stage}).Field(name) }

// Read reads the part of the form.
func (r *Rule) Read(value func(string) string) {
	r.How, r.Supports, r.Comments, r.Views, r.Rating = value(r.field("how")), value(r.field("supports")), value(r.field("comments")), value(r.field("views")), value(r.field("rating"))
}

// RuleOf fills the part of the form with what is stored.
func RuleOf(stage models.Stage, rules map[models.Stage]models.Graduation) Rule {
	rule, found := rules[stage]
	if !found {
		return Rule{Stage: stage}
	}
	text := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	how := "propose"
	if rule.Moves {
		how = "move"
	}
	return Rule{stage, how, text(rule.Supports), text(rule.Comments), text(rule.Views), text(rule.Rating)}
}

func (r *Rule) choices(l *i18n.Locale) (choices []parts.Choice) {
	for _, how := range []string{"", "propose", "move"} {
		choices = append(choices, parts.Choice{Type: "radio", Name: r.field("how"), Value: how, Checked: r.How == how, Label: l.T("graduations.how." + map[string]string{"": "never", "propose": "propose", "move": "move"}[how])})
	}
	return choices
}

// reasons say what of a rule an idea meets.
func reasons(l *i18n.Locale, g *models.Graduate) []string {
	facts := []string{l.T("graduations.supports", "count", g.SupportCount), l.T("graduations.comments", "count", g.CommentCount)}
	if g.Views > 0 {
		facts = append(facts, l.T("graduations.views", "count", g.Views))
	}
	if g.Rated {
		facts = append(facts, l.T("graduations.rated"))
	}
	return facts
}

func next(stage models.Stage) models.Stage { return (&models.Graduation{Stage: stage}).To() }
