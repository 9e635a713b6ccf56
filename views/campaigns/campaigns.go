// Package campaigns shows the questions that spaces ask: lists of campaigns, one with its stages, its brief and its ideas,
// and the form in which it is written.
package campaigns

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// List is a page of campaigns in one state, newest first.
type List struct {
	State     models.CampaignState
	Campaigns []models.Campaign
	Actor     *models.Actor
	Runs      bool  // the reader runs campaigns somewhere
	Next      int64 // id before which the next page begins, 0 at the end
	First     bool
}

func stateURL(state models.CampaignState, before int64) string {
	values := url.Values{}
	if state != models.CampaignOpen {
		values.Set("state", string(state))
	}
	if before != 0 {
		values.Set("before", strconv.FormatInt(before, 10))
	}
	if len(values) == 0 {
		return "/campaigns"
	}
	return "/campaigns?" + values.Encode()
}

// ForRunners are the states that only those see who run campaigns.
func ForRunners() []models.CampaignState {
	return []models.CampaignState{models.CampaignDraft, models.CampaignTemplate}
}

func (v List) tabs(p layout.Page) (tabs []parts.Tab) {
	for _, state := range models.CampaignStates() {
		if v.Runs || !slices.Contains(ForRunners(), state) {
			tabs = append(tabs, parts.Tab{URL: stateURL(state, 0), Label: p.L.T("campaigns.state." + string(state)), Count: -1, Active: state == v.State})
		}
	}
	return tabs
}

func (v List) next() string {
	if v.Next == 0 {
		return ""
	}
	return stateURL(v.State, v.Next)
}

func (v List) start() string {
	if v.First {
		return ""
	}
	return stateURL(v.State, 0)
}

// space is the title of a campaign's space.
func (v List) space(id int64) string {
	if access := v.Actor.Access(id); access != nil {
		return access.Title
	}
	return ""
}

// Show is the page of a campaign: its ideas, or its brief.
type Show struct {
	Campaign  *models.CampaignPage
	Space     models.SpaceAccess
	State     models.CampaignState
	Stage     *models.CampaignStage // nil before it opens
	MayRun    bool
	MayCopy   bool
	Follows   bool             // the reader hears of new campaigns of the space
	MayFollow bool             // or could
	Asks      bool             // it asks the reader for ideas
	Groups    []models.Group   // whom it asks alone, for those who may know them
	Lacks     []string         // what keeps it from being published, for those who run it
	Quiet     []QuietDay       // when it begins or ends though few people are at work, for those who run it
	Workload  *models.Workload // of its evaluators, if it has some, for those who run it
	NewURL    string           // where to propose an idea; empty if the reader may not
	Votes     bool             // it has a rule by which it votes
	Times     *models.AnswerTimes
	Decides   bool // may answer its ideas
	Keepers   models.SealKeepers
	Keeps     bool // the reader is one of them
	Brief     bool
	Funnel    map[models.Stage]int // how many of its ideas came to each stage, or beyond it
	Sort      models.Sort
	Sorts     []models.Sort // that are offered
	Rows      []parts.IdeaRow
	Next      string
	Inner     bool
	Reason    string
	Problems  models.Invalid
}

// TakesIdeas tells whether ideas can be posted now.
func (v Show) TakesIdeas() bool {
	return v.Campaign.PublishedAt != nil && v.Campaign.PausedAt == nil && v.Stage != nil && v.Stage.Posting
}

// Voting tells whether ballots can be cast now.
func (v Show) Voting() bool {
	return v.Votes && v.Campaign.PausedAt == nil && v.Stage != nil && v.Stage.Kind == models.VoteStage
}

// tabs are the parts of a campaign; its vote has pages of its own.
func (v Show) tabs(l *i18n.Locale) []parts.Tab {
	tabs := []parts.Tab{
		{URL: v.Campaign.Path(), Label: l.T("campaigns.tab.ideas"), Count: v.Campaign.IdeaCount, Active: !v.Brief},
		{URL: v.briefURL(), Label: l.T("campaigns.tab.brief"), Count: -1, Active: v.Brief},
	}
	if v.Votes {
		tabs = append(tabs, parts.Tab{URL: v.base() + "/ballot", Label: l.T("campaigns.tab.vote"), Count: -1})
	}
	return append(tabs, parts.Tab{URL: v.base() + "/figures", Label: l.T("campaigns.tab.figures"), Count: -1})
}

func (v Show) base() string { return "/campaigns/" + strconv.FormatInt(v.Campaign.ID, 10) }

func (v Show) briefURL() string { return v.base() + "/brief" }

func (v Show) listURL(sort models.Sort, cursor string) string {
	values := url.Values{}
	if sort != models.SortTrending && sort != models.SortRandom {
		values.Set("sort", string(sort))
	}
	if cursor != "" {
		values.Set("cursor", cursor)
	}
	if len(values) == 0 {
		return v.Campaign.Path()
	}
	return v.Campaign.Path() + "?" + values.Encode()
}

func (v Show) next() string {
	if v.Next == "" {
		return ""
	}
	return v.listURL(v.Sort, v.Next)
}

func (v Show) start() string {
	if !v.Inner {
		return ""
	}
	return v.listURL(v.Sort, "")
}

func (v Show) problem(l *i18n.Locale, field string) string {
	if key := v.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (v Show) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"publish", "reason"} {
		if text := v.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// course says in a sentence until when a campaign is open and who carries it.
func course(l *i18n.Locale, c *models.Campaign, state models.CampaignState, sponsor string) string {
	words := ""
	switch {
	case state == models.CampaignDraft:
		words = l.T("campaigns.course.draft")
	case state == models.CampaignTemplate:
		words = l.T("campaigns.course.template")
	case state == models.CampaignComing:
		words = l.T("campaigns.course.coming", "date", l.Date(*c.OpensAt))
	case state == models.CampaignOver:
		words = l.T("campaigns.course.over", "date", l.Date(*c.ClosesAt))
	case c.ClosesAt != nil:
		words = l.T("campaigns.course.open", "date", l.Date(c.ClosesAt.Add(-time.Second))) // the last day
	default:
		words = l.T("campaigns.course.channel")
	}
	if sponsor != "" {
		return l.T("campaigns.course.sponsored", "course", words, "name", sponsor)
	}
	return words
}

// proseOf is a text of a campaign with its name.
type proseOf struct{ name, html string }

// prose are the texts beside the brief that are not empty.
func (v Show) prose() (texts []proseOf) {
	for _, one := range []proseOf{{"rules", v.Campaign.RulesHTML}, {"prizes", v.Campaign.PrizesHTML}, {"faq", v.Campaign.FAQHTML}} {
		if one.html != "" {
			texts = append(texts, one)
		}
	}
	return texts
}

// place is where a stage stands on the way: done, current or ahead.
func (v Show) place(position int) string {
	switch {
	case v.Stage == nil || position > v.Stage.Position:
		return "ahead"
	case position == v.Stage.Position:
		return "current"
	}
	return "done"
}

// Write is the form of a campaign, new or not.
type Write struct {
	Campaign   *models.CampaignPage // nil for a new one
	Spaces     []models.SpaceAccess // to choose from for a new one
	Space      string               // slug
	Kind       models.CampaignKind
	Title      string
	Question   string
	Body       string
	Rules      string
	Prizes     string
	FAQ        string
	Sponsor    string // address
	Manager    string
	AnswerDays string
	Anonymity  models.Anonymity
	Dates      map[models.StageKind]string // as the form has them
	Base       int
	Problems   models.Invalid
	Draft      parts.Draft
	Person     int64 // who writes
}

func (v Write) action() string {
	if v.Campaign == nil {
		return "/campaigns"
	}
	return "/campaigns/" + strconv.FormatInt(v.Campaign.ID, 10)
}

func (v Write) cancel() string {
	if v.Campaign == nil {
		return "/campaigns"
	}
	return v.Campaign.Path()
}

func (v Write) problem(l *i18n.Locale, field string) string {
	if key := v.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

// errors lists the problems in the order of the fields.
func (v Write) errors(l *i18n.Locale) (errors []parts.FieldError) {
	fields := []string{"publish", "space", "title", "question", "kind"}
	for _, kind := range models.StageKinds() {
		fields = append(fields, "stage_"+string(kind))
	}
	for _, field := range append(fields, "sponsor", "manager", "answer_days", "anonymity", "body", "rules", "prizes", "faq") {
		if text := v.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

func (v Write) spaces() (options []parts.Option) {
	if len(v.Spaces) > 1 {
		options = append(options, parts.Option{})
	}
	for _, space := range v.Spaces {
		options = append(options, parts.Option{Value: space.Slug, Label: space.Title})
	}
	return options
}

// levels are the promises that a campaign can make.
func (v Write) levels(l *i18n.Locale) (options []parts.Option) {
	for _, level := range models.Anonymities() {
		options = append(options, parts.Option{Value: string(level), Label: l.T("anonymity.promise." + string(level))})
	}
	return options
}
