// Package evaluations shows what evaluators have to judge, one idea with its scorecard, how a campaign sets that up, and
// what comes of it.
package evaluations

import (
	"fmt"
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Path is the address of the evaluation of an idea.
func Path(ideaID int64) string { return "/ideas/" + strconv.FormatInt(ideaID, 10) + "/evaluation" }

func rankingPath(campaignID int64) string {
	return "/campaigns/" + strconv.FormatInt(campaignID, 10) + "/ranking"
}

// percent shows a share of one.
func percent(l *i18n.Locale, share float64) string {
	return l.T("evaluations.percent", "n", int(share*100+0.5))
}

// Desk is what the reader has to evaluate, and what evaluators ask about their own ideas.
type Desk struct {
	State     models.EvaluationState
	Campaigns []models.DeskCampaign
	Asked     []models.AskedIdea
	Rows      []models.DeskRow
	Next      int64
	Inner     bool
}

func deskURL(state models.EvaluationState, after int64) string {
	path, mark := "/evaluations", "?"
	if state == models.Submitted {
		path, mark = path+"?state=submitted", "&"
	}
	if after != 0 {
		path += mark + "before=" + strconv.FormatInt(after, 10)
	}
	return path
}

func (v Desk) tabs(l *i18n.Locale) (tabs []parts.Tab) {
	for _, state := range []models.EvaluationState{models.Assigned, models.Submitted} {
		tabs = append(tabs, parts.Tab{URL: deskURL(state, 0), Label: l.T("evaluations.desk." + string(state)), Count: -1, Active: state == v.State})
	}
	return tabs
}

func (v Desk) next() string {
	if v.Next == 0 {
		return ""
	}
	return deskURL(v.State, v.Next)
}

func (v Desk) start() string {
	if !v.Inner {
		return ""
	}
	return deskURL(v.State, 0)
}

func (v Desk) campaign(id int64) string {
	for i := range v.Campaigns {
		if v.Campaigns[i].CampaignID == id {
			return v.Campaigns[i].Title
		}
	}
	return ""
}

// until says by when, the last moment of the day before the one that ends it.
func until(l *i18n.Locale, due *time.Time) string { return l.Date(due.Add(-time.Second)) }

// Show is the evaluation of one idea, as its evaluator, who oversees it or its author sees it.
type Show struct {
	*models.Assessment
	Due            *time.Time
	NotNow         string // why it is not the time, as a key; empty while it is
	Answers        models.Answers
	Form           []models.ShownAnswer // what the idea answers to the campaign, as far as the reader may see it
	Note           string
	Next, Previous int64 // ideas of the batch; 0 at its ends
	Open           int   // how many of it are left
	Posts          []models.EvaluationPostCard
	Evaluations    []models.EvaluationCard
	Spreads        []models.CriterionSpread
	Result         models.Spread
	Free           []models.EvaluatorCard // who could be given the idea
	MayReassign    bool
	Reason         string
	MayPublish     bool
	Publication    *models.Publication // nil: nothing is published
	Figures        []models.Figure     // that could be
	Audience       models.PublicationAudience
	Summaries      map[int64]string           // by criterion
	Said           map[models.PostKind]string // what was written and not taken
	Problems       models.Invalid
}

func (v Show) problem(l *i18n.Locale, field string) string {
	if key := v.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (v Show) errors(l *i18n.Locale) (errors []parts.FieldError) {
	fields := []string{"evaluation"}
	for i := range v.Card.Criteria {
		fields = append(fields, v.Card.Criteria[i].Field())
	}
	for i := range v.Card.Criteria {
		fields = append(fields, v.Card.Criteria[i].Summary())
	}
	for _, field := range append(fields, "audience", "note", "reason", "question", "answer", "message", "from", "to") {
		if text := v.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// chosen tells whether a score, or nil for "does not apply", is what was answered.
func (v Show) chosen(criterion int64, score *int) bool {
	answer, answered := v.Answers[criterion]
	switch {
	case !answered:
		return false
	case answer == nil || score == nil:
		return answer == nil && score == nil
	}
	return *answer == *score
}

// open are the evaluations that can be given to somebody else.
func (v Show) open() (options []parts.Option) {
	for i := range v.Evaluations {
		if e := &v.Evaluations[i]; e.State == models.Assigned && e.UserID != nil {
			options = append(options, parts.Option{Value: strconv.FormatInt(*e.UserID, 10), Label: e.Name})
		}
	}
	return options
}

// free are the evaluators who could be given the idea.
func (v Show) free() (options []parts.Option) {
	for i := range v.Free {
		options = append(options, parts.Option{Value: strconv.FormatInt(v.Free[i].UserID, 10), Label: v.Free[i].Name})
	}
	return options
}

// talk are the posts of some kinds.
func (v Show) talk(kinds ...models.PostKind) (posts []models.EvaluationPostCard) {
	for _, post := range v.Posts {
		for _, kind := range kinds {
			if post.Kind == kind {
				posts = append(posts, post)
			}
		}
	}
	return posts
}

// who wrote a post: a name where it may be said, and otherwise on which side they are.
func who(l *i18n.Locale, post models.EvaluationPostCard) string {
	switch {
	case post.Kind == models.AuthorAnswer:
		return l.T("evaluations.the_author")
	case post.Name == "":
		return l.T("evaluations.an_evaluator")
	}
	return parts.Marked(l, post.Name, post.Role)
}

// given is what an evaluator said of one criterion.
func given(l *i18n.Locale, e *models.EvaluationCard, criterion int64) string {
	score, answered := e.Given()[criterion]
	switch {
	case !answered:
		return "–"
	case score == nil:
		return l.T("evaluations.na_short")
	}
	return strconv.Itoa(*score)
}

// scoreStrip is the picture of the scores by one criterion on their scale.
type scoreStrip struct {
	mean, from, width string // of what lies within the spread
	dots              []scoreDot
}

// scoreDot is a score, the greater the more people gave it.
type scoreDot struct{ x, r string }

func stripOf(s *models.CriterionSpread) (strip scoreStrip) {
	at := func(share float64) float64 { return 12 + 136*min(max(share, 0), 1) }
	text := func(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
	middle := s.Mean
	if s.Criterion.Inverted { // the picture has the scale as it is, low scores on the left
		middle = 1 - middle
	}
	from, to := at(middle-s.Deviation), at(middle+s.Deviation)
	strip.mean, strip.from, strip.width = text(at(middle)), text(from), text(to-from)
	for i := 0; i < len(s.Scores); {
		same := i
		for same < len(s.Scores) && s.Scores[same] == s.Scores[i] {
			same++
		}
		share := float64(s.Scores[i]-s.Criterion.Lowest) / float64(s.Criterion.Highest-s.Criterion.Lowest)
		strip.dots = append(strip.dots, scoreDot{text(at(share)), text(min(3.5+1.5*float64(same-i), 10))})
		i = same
	}
	return strip
}

// Setting is how the ideas of a campaign are evaluated, for those who run it.
type Setting struct {
	Campaign   *models.Campaign
	Card       *models.Scorecard
	Fields     Fields
	Evaluators []models.EvaluatorCard
	Progress   models.EvaluationProgress
	Email      string
	Tags       string
	Leads      bool
	Problems   models.Invalid
}

// Path is the address of the page.
func (v Setting) Path() string { return v.base() + "/evaluation" }

func (v Setting) base() string { return "/campaigns/" + strconv.FormatInt(v.Campaign.ID, 10) }

func (v Setting) problem(l *i18n.Locale, field string) string {
	if key := v.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (v Setting) errors(l *i18n.Locale) (errors []parts.FieldError) {
	fields := []string{"assign", "criteria"}
	for i := range models.MaxCriteria {
		for _, name := range []string{"name_en", "name_fr", "help_en", "help_fr", "lowest", "highest", "weight", "axis", "steps_en", "steps_fr"} {
			fields = append(fields, CriterionField(i, name))
		}
	}
	for _, field := range append(fields, "per_idea", "minimum", "due", "expected", "minutes", "hours", "email", "tags") {
		if text := v.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// shown are the criteria of the form: those that are filled in and a few more, all of them where one has a mistake.
func (v Setting) shown() []CriterionFields {
	n := 0
	for i := range v.Fields.Criteria {
		if !v.Fields.Criteria[i].Empty() {
			n = i + 1
		}
	}
	return v.Fields.Criteria[:min(max(n+1, 3), len(v.Fields.Criteria))]
}

// Fields is the form of a scorecard.
type Fields struct {
	PerIdea, Minimum, Due, Expected, Minutes, Hours string
	Blind                                           bool
	Criteria                                        []CriterionFields
}

// CriterionFields is the part of the form about one criterion.
type CriterionFields struct {
	ID                                                     int64
	NameEN, NameFR, HelpEN, HelpFR, StepsEN, StepsFR, Axis string
	Lowest, Highest, Weight                                string
	Inverted                                               bool
}

// Empty tells whether nobody has named the criterion.
func (f *CriterionFields) Empty() bool { return f.NameEN == "" && f.NameFR == "" }

// CriterionField is the name of a field about the criterion at a place.
func CriterionField(place int, name string) string { return fmt.Sprintf("c%d_%s", place, name) }

// ReadCriterion reads the part of the form about the criterion at a place.
func ReadCriterion(place int, value func(string) string) CriterionFields {
	get := func(name string) string { return value(CriterionField(place, name)) }
	id, _ := strconv.ParseInt(get("id"), 10, 64) // anything else is a new one
	return CriterionFields{
		ID: id, NameEN: get("name_en"), NameFR: get("name_fr"), HelpEN: get("help_en"), HelpFR: get("help_fr"), StepsEN: get("steps_en"), StepsFR: get("steps_fr"),
		Lowest: get("lowest"), Highest: get("highest"), Weight: get("weight"), Inverted: get("inverted") == "1", Axis: get("axis"),
	}
}

// FieldsOf fills the form with what is stored.
func FieldsOf(card *models.Scorecard, l *i18n.Locale) Fields {
	fields := Fields{PerIdea: strconv.Itoa(card.PerIdea), Minimum: strconv.Itoa(card.Minimum), Minutes: strconv.Itoa(card.Minutes), Blind: card.Blind}
	if card.Expected > 0 {
		fields.Expected = strconv.Itoa(card.Expected)
	}
	if card.Hours > 0 {
		fields.Hours = strconv.Itoa(card.Hours)
	}
	if card.DueAt != nil {
		fields.Due = l.In(card.DueAt.Add(-time.Second)).Format(time.DateOnly)
	}
	for i := range models.MaxCriteria {
		field := CriterionFields{Lowest: "1", Highest: "5", Weight: "1"}
		if i < len(card.Criteria) {
			c := &card.Criteria[i]
			field = CriterionFields{c.ID, c.NameEN, c.NameFR, c.HelpEN, c.HelpFR, c.StepsEN, c.StepsFR, string(c.Axis), strconv.Itoa(c.Lowest), strconv.Itoa(c.Highest), strconv.Itoa(c.Weight), c.Inverted}
		}
		fields.Criteria = append(fields.Criteria, field)
	}
	return fields
}

func axes(l *i18n.Locale) (options []parts.Option) {
	for _, axis := range []models.Axis{models.NoAxis, models.ValueAxis, models.EffortAxis} {
		key := "evaluations.axis.none"
		if axis != models.NoAxis {
			key = "evaluations.axis." + string(axis)
		}
		options = append(options, parts.Option{Value: string(axis), Label: l.T(key)})
	}
	return options
}

// summary is the name of the field with what is said of one of the figures.
func (v Show) summary(i int) string { return (&models.Criterion{ID: v.Figures[i].Criterion}).Summary() }

// figure says what would be published of a criterion.
func figure(l *i18n.Locale, f *models.Figure) string {
	if f.N == 0 {
		return l.T("evaluations.published.few")
	}
	return l.T("evaluations.publish.figure", "mean", parts.Decimal(l, f.Tenths()), "highest", f.Highest, "count", f.N)
}
