// Package votes shows how a campaign votes: the rule to those who run it, the ballot to those who may vote, and what came of it.
package votes

import (
	"strconv"
	"strings"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// State says where a vote stands.
type State string

// States of votes.
const (
	Before State = "before"
	Open   State = "open"
	Closed State = "closed"
)

// Vote is what every page of a vote shows.
type Vote struct {
	Campaign *models.Campaign
	Rule     *models.VotingRule
	State    State
	Opens    *time.Time
	Closes   *time.Time
	Counting int // ballots
	Waiting  int // for enough to be said on them
	MayRun   bool
}

func (v *Vote) base() string { return "/campaigns/" + strconv.FormatInt(v.Campaign.ID, 10) }

// how says in words how it is voted and counted.
func (v *Vote) how(l *i18n.Locale) []string {
	r := v.Rule
	words := []string{l.T("votes.how."+string(r.Method), "points", r.Points, "budget", parts.Money(l, r.Budget))}
	if r.Choices > 0 {
		words = append(words, l.T("votes.how_choices", "count", r.Choices))
	}
	switch {
	case r.Method == models.VoteBudget && r.EqualShares:
		words = append(words, l.T("votes.how_shares"))
	case r.Method == models.VoteBudget:
		words = append(words, l.T("votes.how_greedy"))
	}
	if r.Minimum > 0 {
		words = append(words, l.T("votes.how_minimum."+unit(r.Method), "count", r.Minimum))
	}
	return words
}

// unit is what a ballot has to say something of.
func unit(method models.VotingMethod) string {
	if method == models.VoteDuels {
		return "duels"
	}
	return "ideas"
}

// when says until when one can vote.
func (v *Vote) when(l *i18n.Locale) string {
	switch {
	case v.State == Closed:
		return l.T("votes.closed_on", "date", l.DateTime(*v.Rule.ClosedAt))
	case v.State == Open && v.Closes != nil:
		return l.T("votes.until", "date", l.DateTime(*v.Closes))
	case v.State == Open:
		return l.T("votes.open_end")
	case v.Opens != nil:
		return l.T("votes.opens_on", "date", l.DateTime(*v.Opens))
	}
	return l.T("votes.no_date")
}

// PlainMoney is an amount as it stands in a field.
func PlainMoney(cents int64) string {
	if cents == 0 {
		return ""
	}
	if cents%100 == 0 {
		return strconv.FormatInt(cents/100, 10)
	}
	return strconv.FormatFloat(float64(cents)/100, 'f', 2, 64)
}

// Settings is the page on which those who run a campaign choose its rule.
type Settings struct {
	Vote
	Base       int
	Method     models.VotingMethod
	Points     string
	Choices    string
	Minimum    string
	Budget     string
	Shares     bool
	Hidden     bool
	DividedBy  models.Division
	Opinions   bool
	Candidates []models.VotingOption
	Costs      map[int64]string
	Fixed      bool // the vote has begun
	Problems   models.Invalid
}

func (v *Settings) problem(l *i18n.Locale, field string) string {
	if key := v.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (v *Settings) errors(l *i18n.Locale) (errors []parts.FieldError) {
	fields := []string{"method", "points", "choices", "budget", "minimum", "divided_by"}
	for _, c := range v.Candidates {
		fields = append(fields, costField(c.IdeaID))
	}
	for _, field := range fields {
		if text := v.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

func costField(id int64) string { return "cost_" + strconv.FormatInt(id, 10) }

func (v *Settings) methods(l *i18n.Locale) (choices []parts.Choice) {
	for _, method := range models.VotingMethods() {
		choices = append(choices, parts.Choice{Type: "radio", Name: "method", Value: string(method), Checked: method == v.Method, Label: l.T("votes.method." + string(method)), Hint: l.T("votes.means." + string(method))})
	}
	return choices
}

func (v *Settings) divisions(l *i18n.Locale) (choices []parts.Choice) {
	for _, division := range models.Divisions() {
		name := string(division)
		if name == "" {
			name = "none"
		}
		choices = append(choices, parts.Choice{Type: "radio", Name: "divided_by", Value: string(division), Checked: division == v.DividedBy, Label: l.T("votes.divided_by." + name)})
	}
	return choices
}

func (v *Settings) countings(l *i18n.Locale) []parts.Choice {
	return []parts.Choice{
		{Type: "radio", Name: "counting", Value: "shares", Checked: v.Shares, Label: l.T("votes.counting.shares"), Hint: l.T("votes.counting.shares_hint")},
		{Type: "radio", Name: "counting", Value: "greedy", Checked: !v.Shares, Label: l.T("votes.counting.greedy"), Hint: l.T("votes.counting.greedy_hint")},
	}
}

// Booth is where people vote.
type Booth struct {
	Vote
	Options     []models.VotingOption // in the voter's own order while the vote goes on
	Fair        *models.Fair          // that order; nil before and after
	Amounts     map[int64]int64       // what their ballot says
	Base        int                   // its version
	Cast        bool
	Counts      bool
	Marks       int
	May         bool
	SignedIn    bool
	Asked       string               // the slug of the space whose agreement is to be accepted first
	Left, Right *models.VotingOption // the duel that is shown
	Problems    models.Invalid
}

func (v *Booth) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"ballot", "winner"} {
		if key := v.Problems[field]; key != "" {
			errors = append(errors, parts.FieldError{Name: "ballot", Text: l.T(key)})
		}
	}
	return errors
}

// left is what can still be given away: points, choices or cents.
func (v *Booth) left() int64 {
	left := v.most()
	for _, option := range v.Options {
		switch amount := v.Amounts[option.IdeaID]; {
		case v.Rule.Method == models.VoteBudget && amount != 0:
			left -= option.Cost
		default:
			left -= amount
		}
	}
	return left
}

// most is what can be given away; 0 where nothing bounds it.
func (v *Booth) most() int64 {
	switch v.Rule.Method {
	case models.VotePoints:
		return int64(v.Rule.Points)
	case models.VoteApproval:
		return int64(v.Rule.Choices)
	case models.VoteBudget:
		return v.Rule.Budget
	}
	return 0
}

func (v *Booth) leftWords(l *i18n.Locale) string {
	if v.Rule.Method == models.VoteBudget {
		return parts.Money(l, v.left())
	}
	return l.Number(int(v.left()))
}

// weight is what choosing an option costs.
func (v *Booth) weight(option *models.VotingOption) string {
	if v.Rule.Method == models.VoteBudget {
		return strconv.FormatInt(option.Cost, 10)
	}
	return "1"
}

// amounts are the answers that an option can be given, where those are few.
func (v *Booth) amounts() []int64 {
	if v.Rule.Method == models.VoteForAgainst {
		return []int64{1, -1, 0}
	}
	return []int64{5, 4, 3, 2, 1, 0}
}

func amountKey(method models.VotingMethod, amount int64) string {
	switch {
	case amount == 0:
		return "votes.amount.none"
	case method == models.VoteForAgainst && amount < 0:
		return "votes.amount.against"
	case method == models.VoteForAgainst:
		return "votes.amount.for"
	}
	return "votes.amount.score"
}

func ideaField(id int64) string { return "idea_" + strconv.FormatInt(id, 10) }

// Outcome is what came of a vote, or how it stands.
type Outcome struct {
	Vote
	Shown    bool // there are figures
	Final    bool
	Done     int // of a count that goes on
	Total    int
	Rows     []Row
	Award    *Award
	Turnout  []Share
	People   int
	Groups   []Group
	Receipt  *Receipt
	Opinions *Opinions     // nil where none were looked for
	Reach    *models.Reach // for those who run the campaign
	RuleHash string
	Hash     string
	Whole    bool // the reader is of the house, and may know its groups
	Public   bool // there are enough ballots to publish them one by one
}

// Row is the result of one idea.
type Row struct {
	Option    models.VotingOption
	Rank      int
	For       int
	Against   int
	Ballots   int
	Sum       int64
	Score     int // in millionths
	Lower     int
	Certainty string
	Won       bool
	Bar       int  // of a thousand
	Consensus *int // in millionths
	ByConsent int
}

// Award is what a budget pays for.
type Award struct {
	Budget, Left int64
	Completed    int
}

// Share is how many of a group took part; the rest has no name.
type Share struct {
	Name          string
	People, Voted int
}

// Group is what one group of voters said of each idea of the rows, in their order.
type Group struct {
	Name    string
	Ballots int
	For, Of []int
}

// Receipt is what the reader's own ballot came to.
type Receipt struct {
	Key    string
	Counts bool
	Lines  []ReceiptLine
	Shared bool
	Left   int64 // of the reader's share, in cents
}

// ReceiptLine is one idea of the reader's ballot.
type ReceiptLine struct {
	Option models.VotingOption
	Amount int64
	Won    bool
	Cents  int64 // that the reader's share paid
}

// value is the figure by which rows are ordered.
func (v *Outcome) value(l *i18n.Locale, r *Row) string {
	switch v.Rule.Method {
	case models.VotePoints:
		return l.T("votes.value.points", "count", r.Sum)
	case models.VoteScore:
		return decimals(l, r.Score, 2)
	case models.VoteDuels:
		return percent(l, r.Score)
	case models.VoteForAgainst:
		return l.T("votes.value.for_against", "for", r.For, "against", r.Against)
	}
	return l.T("votes.value.votes", "count", r.For)
}

// said is what a ballot says of an idea, in words; nothing where being on it says it all.
func (v *Outcome) said(l *i18n.Locale, amount int64) string {
	switch v.Rule.Method {
	case models.VotePoints:
		return l.T("votes.value.points", "count", amount)
	case models.VoteForAgainst, models.VoteScore:
		return l.T(amountKey(v.Rule.Method, amount), "count", amount)
	}
	return ""
}

// decimals writes millionths as a decimal fraction.
func decimals(l *i18n.Locale, millionths, places int) string {
	text := strconv.FormatFloat(float64(millionths)/1_000_000, 'f', places, 64)
	if l.Lang() == "fr" {
		return strings.Replace(text, ".", ",", 1)
	}
	return text
}

// percent writes millionths as a percentage.
func percent(l *i18n.Locale, millionths int) string {
	text := decimals(l, millionths*100, 1)
	if l.Lang() == "fr" {
		return text + "\u202f%"
	}
	return text + "%"
}

func share(l *i18n.Locale, part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return percent(l, int(int64(part)*1_000_000/int64(whole)))
}

// title is that of an idea, or what is said in its place.
func title(l *i18n.Locale, o *models.VotingOption) string {
	if o.Title == "" {
		return l.T("votes.withdrawn")
	}
	return o.Title
}

func (v *Outcome) leader() *Row {
	if len(v.Rows) == 0 || v.Rows[0].Ballots == 0 {
		return nil
	}
	return &v.Rows[0]
}

// winners is how many ideas are paid for.
func (v *Outcome) winners() (n int) {
	for i := range v.Rows {
		if v.Rows[i].Won {
			n++
		}
	}
	return n
}

// figured are the rows of the picture.
func (v *Outcome) figured() []Row { return v.Rows[:min(len(v.Rows), 12)] }

// firstRows is how many rows of the table show at once, and more if what won goes on below.
const firstRows = 30

// first and rest are the rows that show at once, and those that a reader asks for: a few more are not worth the question.
func (v *Outcome) first() []Row {
	n := firstRows
	for i := range v.Rows {
		if v.Rows[i].Won {
			n = max(n, i+1)
		}
	}
	if len(v.Rows)-n <= firstRows/3 {
		n = len(v.Rows)
	}
	return v.Rows[:n]
}

func (v *Outcome) rest() []Row { return v.Rows[len(v.first()):] }

// consents tells whether there is a consensus across groups to show.
func (v *Outcome) consents() bool { return len(v.Rows) > 0 && v.Rows[0].Consensus != nil }

func (v *Vote) tabs(l *i18n.Locale, active string) []parts.Tab {
	return []parts.Tab{
		{URL: v.base() + "/ballot", Label: l.T("votes.tab.ballot"), Count: -1, Active: active == "ballot"},
		{URL: v.base() + "/results", Label: l.T("votes.tab.results"), Count: -1, Active: active == "results"},
	}
}

func crumbs(p layout.Page, v *Vote) []parts.Crumb {
	return []parts.Crumb{{URL: "/campaigns", Title: p.L.T("campaigns.title")}, {URL: v.Campaign.Path(), Title: v.Campaign.Title}}
}
