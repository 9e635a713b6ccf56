// Package decisions shows how ideas are answered officially: the form, the answers that are due or prepared, the texts with
// which the house begins, and the figures of a campaign.
package decisions

import (
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Form is where an idea is answered.
type Form struct {
	Idea           *models.Answering
	Due            *time.Time
	Held           *models.DecisionCard // the answer that holds
	Prepared       *models.Decision
	Base           models.AnswerBase
	Choice         string // kind and reason
	Body           string
	Conditions     string
	ReopenOn       string
	ReopenTag      string
	ReopenCampaign bool
	Overtaken      bool // somebody else was quicker
	Problems       models.Invalid
}

// Choice is what was decided and why, as one value of the form.
func Choice(kind models.DecisionKind, reason string) string { return string(kind) + "." + reason }

func (v Form) action() string { return models.AnswerPath(v.Idea.ID) }

func (v Form) problem(l *i18n.Locale, field string) string { return problem(l, v.Problems, field) }

func problem(l *i18n.Locale, problems models.Invalid, field string) string {
	if key := problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

// decision is what is wrong with the kind or the reason.
func (v Form) decision(l *i18n.Locale) string {
	if text := v.problem(l, "kind"); text != "" {
		return text
	}
	return v.problem(l, "reason")
}

func (v Form) errors(l *i18n.Locale) (errors []parts.FieldError) {
	if v.Overtaken {
		errors = append(errors, parts.FieldError{Name: "body", Text: l.T("decisions.overtaken")})
	}
	if text := v.decision(l); text != "" {
		errors = append(errors, parts.FieldError{Name: "decision", Text: text})
	}
	for _, field := range []string{"body", "conditions", "reopen_on", "reopen_tag"} {
		if text := v.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// History is every answer that was given to an idea, newest first.
type History struct {
	Idea    *models.Idea
	Answers []models.DecisionCard
}

// Due are ideas that wait for an answer, those that are due first.
type Due struct {
	Ideas     []models.DueCard
	Next      string // address of the next page
	Inner     bool
	Templates bool // the reader may write them
}

// Stalled are ideas that stand still for longer than they may, the longest first.
type Stalled struct {
	Ideas     []models.StalledCard
	Next      string // address of the next page
	Inner     bool
	Templates bool // the reader may write them
}

// Prepared are answers that nobody but those who decide sees.
type Prepared struct {
	Answers   []models.PreparedCard
	After     int64
	Next      int64
	Templates bool
	Problems  models.Invalid
}

func (v Prepared) next() string {
	if v.Next == 0 {
		return ""
	}
	return "/answers/prepared?before=" + strconv.FormatInt(v.Next, 10)
}

func start(inner bool, path string) string {
	if !inner {
		return ""
	}
	return path
}

// tabs are the pages about answers.
func tabs(p layout.Page, active string, templates bool) []parts.Tab {
	list := []parts.Tab{
		{URL: "/answers", Label: p.L.T("decisions.tab.due"), Count: -1, Active: active == "due"},
		{URL: "/answers/stalled", Label: p.L.T("decisions.tab.stalled"), Count: -1, Active: active == "stalled"},
		{URL: "/answers/prepared", Label: p.L.T("decisions.tab.prepared"), Count: -1, Active: active == "prepared"},
	}
	if templates {
		list = append(list, parts.Tab{URL: "/answers/templates", Label: p.L.T("decisions.tab.templates"), Count: -1, Active: active == "templates"})
	}
	return list
}

// dueIn says how long there is, or since when it is over.
func dueIn(l *i18n.Locale, due, now time.Time) (pill, words string) {
	days := int(due.Sub(now).Hours() / 24)
	switch {
	case due.Before(now) && days == 0:
		return "red", l.T("decisions.late_today")
	case due.Before(now):
		return "red", l.T("decisions.late", "count", -days)
	case days == 0:
		return "amber", l.T("decisions.due_today")
	case days <= 3:
		return "amber", l.T("decisions.due_in", "count", days)
	}
	return "", l.T("decisions.due_in", "count", days)
}

// Templates are the texts with which the house begins its answers.
type Templates struct {
	Bodies   map[string]string
	Problems models.Invalid
}

func (v Templates) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, kind := range models.DecisionKinds() {
		for _, lang := range i18n.Languages {
			if name := string(kind) + "_" + lang; v.Problems[name] != "" {
				errors = append(errors, parts.FieldError{Name: name, Text: l.T(v.Problems[name])})
			}
		}
	}
	return errors
}

// Figures are those of a campaign.
type Figures struct {
	Campaign *models.Campaign
	Funnel   map[models.Stage]int
	Times    *models.AnswerTimes
	Late     int
	Stalled  int
	Stage    *models.CampaignStage // in which they do, nil if it allows any time
}

// days that have passed since a time.
func days(since, now time.Time) int { return int(now.Sub(since).Hours() / 24) }

// stages of the funnel, widest first.
func (v Figures) stages() []models.Stage { return models.Stages()[:len(models.Stages())-1] }

// Sizes of the picture.
const (
	figureWidth  = 640
	labelWidth   = 150
	barHeight    = 26
	barStep      = 36
	figureHeight = 6*barStep + 4
)

// bar is the width of a bar of the funnel.
func (v Figures) bar(stage models.Stage) string {
	all := v.Funnel[models.Proposed]
	if all == 0 {
		return "0"
	}
	return strconv.Itoa((figureWidth - labelWidth - 60) * v.Funnel[stage] / all)
}

// after is where the number beside a bar stands.
func (v Figures) after(stage models.Stage) string {
	width, _ := strconv.Atoi(v.bar(stage))
	return strconv.Itoa(labelWidth + width + 8)
}

func barY(i int) string { return strconv.Itoa(i * barStep) }

func textY(i int) string { return strconv.Itoa(i*barStep + 18) }

// sentence says what the funnel shows.
func (v Figures) sentence(l *i18n.Locale) string {
	if v.Funnel[models.Proposed] == 0 {
		return l.T("decisions.figures.none")
	}
	return l.T("decisions.figures.sentence", "count", v.Funnel[models.Proposed], "decided", v.Funnel[models.Decided], "implemented", v.Funnel[models.Implemented])
}
