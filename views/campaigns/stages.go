package campaigns

import (
	"strings"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Arrange is the form of a campaign's stages.
type Arrange struct {
	Campaign *models.CampaignPage
	Kind     models.CampaignKind
	Stages   map[models.StageKind]Stage // of every kind, as the form has them
	Quiet    []QuietDay
	Base     int
	Problems models.Invalid
}

// Stage is what stands in the fields of a stage.
type Stage struct {
	models.CampaignStage
	Date     string // empty for a stage that the campaign does not have
	Days     string
	Answerer string // address
}

// stageFields are the fields of a stage in their order, without its kind.
var stageFields = [...]string{"stage", "max_days", "answerer"}

func (v Arrange) kinds() []models.StageKind {
	if v.Kind == models.Channel {
		return []models.StageKind{models.Gather}
	}
	return models.StageKinds()
}

// legend is the name of a stage. A channel has only one, which is always.
func (v Arrange) legend(l *i18n.Locale, kind models.StageKind) string {
	if v.Kind == models.Channel {
		return l.T("campaigns.stage_always")
	}
	return l.T("campaigns.stage." + string(kind))
}

func (v Arrange) problem(l *i18n.Locale, field string) string {
	if key := v.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (v Arrange) errors(l *i18n.Locale) (errors []parts.FieldError) {
	fields := []string{"publish", "kind", "stages"}
	for _, kind := range models.StageKinds() {
		for _, name := range stageFields {
			fields = append(fields, name+"_"+string(kind))
		}
	}
	for _, field := range fields {
		if text := v.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// opened tells whether the details of a stage show at once: they differ from what its kind usually is, or want correcting.
func (v Arrange) opened(s Stage) bool {
	usual := models.NewStage(s.Kind, nil)
	allows := s.Posting == usual.Posting && s.Commenting == usual.Commenting && s.Supporting == usual.Supporting && s.Editing == usual.Editing
	return v.Kind == models.Channel || !allows || s.Days != "" || s.Answerer != "" || v.Problems["max_days_"+string(s.Kind)] != "" || v.Problems["answerer_"+string(s.Kind)] != ""
}

func (s Stage) allowed(l *i18n.Locale) []parts.Choice {
	box := func(name string, checked bool) parts.Choice {
		return parts.Choice{Type: "checkbox", Name: name + "_" + string(s.Kind), Value: "1", Checked: checked, Label: l.T("campaigns.allows." + name)}
	}
	return []parts.Choice{box("posting", s.Posting), box("commenting", s.Commenting), box("supporting", s.Supporting), box("editing", s.Editing)}
}

// allows says in words what may be done in a stage.
func allows(l *i18n.Locale, s *models.CampaignStage) string {
	var words []string
	for _, act := range []struct {
		name    string
		allowed bool
	}{{"posting", s.Posting}, {"commenting", s.Commenting}, {"supporting", s.Supporting}, {"editing", s.Editing}} {
		if act.allowed {
			words = append(words, l.T("campaigns.may."+act.name))
		}
	}
	if len(words) == 0 {
		return l.T("campaigns.may.read")
	}
	return strings.Join(words, " · ")
}

// span says from when to when a stage lasts: until the last day before the next one.
func (v Show) span(p layout.Page, i int) string {
	stage := &v.Campaign.Stages[i]
	switch {
	case stage.StartsAt == nil:
		return p.L.T("campaigns.course.channel")
	case i+1 < len(v.Campaign.Stages):
		return p.L.T("campaigns.span", "from", p.L.Date(*stage.StartsAt), "to", p.L.Date(v.Campaign.Stages[i+1].StartsAt.Add(-time.Second)))
	}
	return p.L.T("campaigns.span_from", "from", p.L.Date(*stage.StartsAt))
}
