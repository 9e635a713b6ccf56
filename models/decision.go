package models

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Decision is the official answer to an idea. One that is not published is being prepared, and only those who may decide see it.
type Decision struct {
	ID             int64
	IdeaID         int64
	SpaceID        int64
	CampaignID     *int64
	Kind           DecisionKind
	ReasonCode     string
	Body           string // Markdown
	HTML           string `gorm:"column:html"`
	Lang           string
	Conditions     string // what would change the answer
	ReopenOn       *time.Time
	ReopenTag      string
	ReopenCampaign bool
	AuthorID       int64
	CorrectsID     *int64 // the answer that it takes the place of
	Version        int    // of what is being prepared
	SavedAt        time.Time
	PublishedAt    *time.Time
	WaitedDays     int // days begun that the idea had waited
	ReplacedAt     *time.Time
	ReopenedAt     *time.Time
	ReopenedBy     Trigger
}

func (d *Decision) subject() (string, int64, int64) { return "answer", d.ID, d.SpaceID }

// DecisionKind is what was decided.
type DecisionKind string

// Kinds of decisions.
const (
	AnswerSelected   DecisionKind = "selected"
	AnswerDeferred   DecisionKind = "deferred" // until a day, on which the idea comes back
	AnswerDeclined   DecisionKind = "declined"
	AnswerOutOfScope DecisionKind = "out_of_scope"

	AnswerMerged DecisionKind = "merged" // the idea goes on in another one: see IdeaMerge, which holds the words
)

// DecisionKinds lists those that are written as an answer.
func DecisionKinds() []DecisionKind {
	return []DecisionKind{AnswerSelected, AnswerDeferred, AnswerDeclined, AnswerOutOfScope}
}

// Reasons are the codes of why one decides so, by which answers are told apart in figures.
func (k DecisionKind) Reasons() []string {
	switch k {
	case AnswerSelected:
		return []string{"impact", "quick_win", "strategy", "other"}
	case AnswerDeferred:
		return []string{"budget", "capacity", "dependency", "other"}
	case AnswerDeclined:
		return []string{"exists", "cost", "risk", "rules", "priority", "feasibility", "other"}
	case AnswerOutOfScope:
		return []string{"elsewhere", "not_ours", "other"}
	}
	return nil
}

// Trigger is what brought an answered idea back to those who decide.
type Trigger string

// Triggers.
const (
	TriggerDate     Trigger = "date"
	TriggerTag      Trigger = "tag"
	TriggerCampaign Trigger = "campaign"
)

// maxConditions bounds what would change an answer, in characters.
const maxConditions = 1000

// Validate tidies an answer and says which fields are wrong; the text is the caller's to render.
func (d *Decision) Validate(now time.Time) Invalid {
	problems := Invalid{}
	d.Conditions = strings.TrimSpace(d.Conditions)
	if !slices.Contains(DecisionKinds(), d.Kind) {
		problems["kind"] = "decisions.kind_invalid"
	} else if !slices.Contains(d.Kind.Reasons(), d.ReasonCode) {
		problems["reason"] = "decisions.reason_invalid"
	}
	if utf8.RuneCountInString(d.Conditions) > maxConditions || d.Conditions != "" && !readable(d.Conditions) {
		problems["conditions"] = "decisions.conditions_invalid"
	}
	switch tags, err := ParseTags(d.ReopenTag); {
	case err != nil || len(tags) > 1:
		problems["reopen_tag"] = "decisions.tag_invalid"
	case len(tags) == 1:
		d.ReopenTag = tags[0]
	default:
		d.ReopenTag = ""
	}
	switch {
	case d.Kind == AnswerSelected: // an idea that was selected goes on by itself
		d.ReopenOn, d.ReopenTag, d.ReopenCampaign = nil, "", false
	case d.ReopenOn == nil && d.Kind == AnswerDeferred:
		problems["reopen_on"] = "decisions.until_missing"
	case d.ReopenOn != nil && !d.ReopenOn.After(now):
		problems["reopen_on"] = "decisions.until_past"
	}
	return problems
}

// AnswerPath is the address at which an idea is answered.
func AnswerPath(ideaID int64) string { return numbered("/ideas/", ideaID, "") + "/answer" }
