package models

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Scorecard says how the ideas of a campaign are evaluated. Since the first evaluation its criteria stay as they are: scores
// by other criteria could not be compared.
type Scorecard struct {
	CampaignID int64 `gorm:"primaryKey;autoIncrement:false"`
	PerIdea    int   // how many people evaluate each idea
	Minimum    int   // fewer say too little about it
	Blind      bool  // evaluators are not shown who wrote an idea
	Expected   int   // ideas, as far as whoever runs the campaign reckons; as many as there are, if there are more
	Minutes    int   // that one evaluation takes
	Hours      int   // that each evaluator has for it all; 0: nobody has said
	DueAt      *time.Time
	Assigning  bool // ideas that come later are given to evaluators by themselves
	FrozenAt   *time.Time
	Version    int

	Criteria []Criterion `gorm:"-"` // in their order
}

// Axis is the side of the picture of value and effort that a criterion is drawn on.
type Axis string

// Axes; most criteria are on none.
const (
	NoAxis     Axis = ""
	ValueAxis  Axis = "value"
	EffortAxis Axis = "effort"
)

// Criterion is one question of a scorecard, in both languages or in one.
type Criterion struct {
	ID         int64
	CampaignID int64
	Position   int
	NameEN     string `gorm:"column:name_en"`
	NameFR     string `gorm:"column:name_fr"`
	HelpEN     string `gorm:"column:help_en"`
	HelpFR     string `gorm:"column:help_fr"`
	StepsEN    string `gorm:"column:steps_en"` // a line each: the score, then what it means
	StepsFR    string `gorm:"column:steps_fr"`
	Lowest     int
	Highest    int
	Weight     int
	Inverted   bool // a high score speaks against the idea, as a cost does
	Axis       Axis
}

// TableName is not what GORM would make of it.
func (Criterion) TableName() string { return "criteria" }

// in chooses the text of a language, or the other one where there is none.
func in(lang, en, fr string) string {
	if lang == "fr" && fr != "" || en == "" {
		return fr
	}
	return en
}

// Name is the criterion's name in a language.
func (c *Criterion) Name(lang string) string { return in(lang, c.NameEN, c.NameFR) }

// Help says what to look at.
func (c *Criterion) Help(lang string) string { return in(lang, c.HelpEN, c.HelpFR) }

// Scores are all that can be given.
func (c *Criterion) Scores() (scores []int) {
	for score := c.Lowest; score <= c.Highest; score++ {
		scores = append(scores, score)
	}
	return scores
}

var stepLine = regexp.MustCompile(`^(\d{1,2})\s*[:.=–-]?\s+(\S.*)$`)

// Steps say what scores mean, where the scorecard does.
func (c *Criterion) Steps(lang string) map[int]string {
	steps := map[int]string{}
	for _, line := range strings.Split(in(lang, c.StepsEN, c.StepsFR), "\n") {
		if match := stepLine.FindStringSubmatch(line); match != nil {
			score, _ := strconv.Atoi(match[1]) // two digits
			steps[score] = match[2]
		}
	}
	return steps
}

// Bounds of a scorecard.
const (
	MaxCriteria  = 8
	maxPerIdea   = 9
	maxCriterion = 80   // characters of a name
	maxHelp      = 300  // of what explains it
	maxStepWords = 1000 // of its steps
	maxScore     = 10
	maxWeight    = 100
	maxExpected  = 10000 // ideas
	maxMinutes   = 480
	maxHours     = 500
)

// NewScorecard is one as most campaigns want it, before it says anything.
func NewScorecard(campaignID int64) *Scorecard {
	return &Scorecard{CampaignID: campaignID, PerIdea: 3, Minimum: 2, Minutes: 20, Blind: true}
}

// Validate tidies a scorecard and says which fields are wrong; those of the criterion at a position begin with c and its number.
func (s *Scorecard) Validate() error {
	problems := Invalid{}
	if s.PerIdea < 1 || s.PerIdea > maxPerIdea {
		problems["per_idea"] = "evaluations.per_idea_invalid"
	} else if s.Minimum < 1 || s.Minimum > s.PerIdea {
		problems["minimum"] = "evaluations.minimum_invalid"
	}
	if s.Expected < 0 || s.Expected > maxExpected {
		problems["expected"] = "evaluations.expected_invalid"
	}
	if s.Minutes < 1 || s.Minutes > maxMinutes {
		problems["minutes"] = "evaluations.minutes_invalid"
	}
	if s.Hours < 0 || s.Hours > maxHours {
		problems["hours"] = "evaluations.hours_invalid"
	}
	if len(s.Criteria) > MaxCriteria {
		problems["criteria"] = "evaluations.criteria_many"
	}
	axes := map[Axis]bool{}
	for i := range s.Criteria {
		c := &s.Criteria[i]
		field := "c" + strconv.Itoa(c.Position) + "_"
		for name, key := range c.problems() {
			problems[field+name] = key
		}
		if c.Axis != NoAxis && axes[c.Axis] {
			problems[field+"axis"] = "evaluations.axis_twice"
		}
		axes[c.Axis] = true
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

func (c *Criterion) problems() Invalid {
	problems := Invalid{}
	for _, text := range []struct {
		field string
		value *string
		most  int
		key   string
	}{
		{"name_en", &c.NameEN, maxCriterion, "evaluations.name_invalid"}, {"name_fr", &c.NameFR, maxCriterion, "evaluations.name_invalid"},
		{"help_en", &c.HelpEN, maxHelp, "evaluations.help_invalid"}, {"help_fr", &c.HelpFR, maxHelp, "evaluations.help_invalid"},
	} {
		*text.value = strings.Join(strings.Fields(*text.value), " ")
		if utf8.RuneCountInString(*text.value) > text.most || *text.value != "" && !readable(*text.value) {
			problems[text.field] = text.key
		}
	}
	if c.NameEN == "" && c.NameFR == "" {
		problems["name_en"] = "evaluations.name_missing"
	}
	if c.Lowest < 0 || c.Highest > maxScore || c.Lowest >= c.Highest {
		problems["highest"] = "evaluations.scale_invalid"
	}
	if c.Weight < 1 || c.Weight > maxWeight {
		problems["weight"] = "evaluations.weight_invalid"
	}
	if c.Axis != NoAxis && c.Axis != ValueAxis && c.Axis != EffortAxis {
		problems["axis"] = "evaluations.axis_invalid"
	}
	for field, steps := range map[string]*string{"steps_en": &c.StepsEN, "steps_fr": &c.StepsFR} {
		if *steps = c.tidySteps(*steps); *steps == "?" {
			problems[field] = "evaluations.steps_invalid"
		}
	}
	return problems
}

// tidySteps keeps the lines that say what a score means, or is "?" where one does not.
func (c *Criterion) tidySteps(text string) string {
	if utf8.RuneCountInString(text) > maxStepWords || text != "" && !readable(strings.Join(strings.Fields(text), " ")) {
		return "?"
	}
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.Join(strings.Fields(line), " "); line == "" {
			continue
		}
		match := stepLine.FindStringSubmatch(line)
		if match == nil {
			return "?"
		}
		if score, err := strconv.Atoi(match[1]); err != nil || score < c.Lowest || score > c.Highest {
			return "?"
		}
		lines = append(lines, match[1]+" "+match[2])
	}
	return strings.Join(lines, "\n")
}

// Workload is how much work the evaluation of a campaign is, beside how much time there is for it.
type Workload struct {
	Ideas    int
	Needed   int // hours of all evaluators together
	Capacity int // hours that they have; 0: nobody has said
}

// Short tells whether there is less time than the work takes.
func (w Workload) Short() bool { return w.Capacity > 0 && w.Needed > w.Capacity }

// Workload reckons with the ideas that are expected, or that there are if they are more.
func (s *Scorecard) Workload(campaign *Campaign) Workload {
	ideas := max(s.Expected, campaign.IdeaCount)
	return Workload{Ideas: ideas, Needed: (ideas*s.PerIdea*s.Minutes + 59) / 60, Capacity: campaign.EvaluatorCount * s.Hours}
}

// Scorecard is that of a campaign, whoever may read it; one as most want it where there is none yet.
func (q Queries) Scorecard(ctx context.Context, campaignID int64) (*Scorecard, error) {
	return q.scorecard(ctx, campaignID, "")
}

// LockScorecard is Scorecard inside a change: evaluations, assignments and criteria of a campaign follow one another.
func (tx *Tx) LockScorecard(campaignID int64) (*Scorecard, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
	}
	return tx.scorecard(tx.ctx, campaignID, lock)
}

func (q Queries) scorecard(ctx context.Context, campaignID int64, lock string) (*Scorecard, error) {
	card := &Scorecard{}
	err := q.one(ctx, card, "SELECT * FROM scorecards WHERE campaign_id = ?"+lock, campaignID)
	if errors.Is(err, ErrNotFound) {
		return NewScorecard(campaignID), nil
	}
	if err == nil {
		err = q.raw(ctx, &card.Criteria, "SELECT * FROM criteria WHERE campaign_id = ? ORDER BY position LIMIT ?", campaignID, MaxCriteria)
	}
	if err != nil {
		return nil, fmt.Errorf("scorecard of campaign %d: %w", campaignID, err)
	}
	return card, nil
}

// SaveScorecard stores what a scorecard says, in the place of the locked one; ErrConflict if someone else has saved since the
// version that the editor started from. Criteria that are still there keep the drafts of their scores.
func (tx *Tx) SaveScorecard(was, card *Scorecard) error {
	if was.FrozenAt != nil && len(card.Criteria) == 0 { // which the form does not ask any more
		card.Criteria, card.Blind = was.Criteria, was.Blind
	}
	if err := card.Validate(); err != nil {
		return err
	}
	if card.Version != was.Version {
		return fmt.Errorf("save scorecard of campaign %d: %w", was.CampaignID, ErrConflict)
	}
	card.CampaignID, card.FrozenAt, card.Assigning = was.CampaignID, was.FrozenAt, was.Assigning
	if was.FrozenAt != nil && !was.same(card) {
		return Invalid{"criteria": "evaluations.frozen"}
	}
	card.Version++
	_, err := tx.exec(`INSERT INTO scorecards (campaign_id, per_idea, minimum, blind, expected, minutes, hours, due_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (campaign_id) DO UPDATE SET per_idea = excluded.per_idea, minimum = excluded.minimum, blind = excluded.blind, expected = excluded.expected, minutes = excluded.minutes, hours = excluded.hours, due_at = excluded.due_at, version = excluded.version`,
		card.CampaignID, card.PerIdea, card.Minimum, card.Blind, card.Expected, card.Minutes, card.Hours, card.DueAt, card.Version)
	if err != nil {
		return err
	}
	if was.FrozenAt == nil {
		if err := tx.saveCriteria(was, card); err != nil {
			return err
		}
	}
	if was.Minimum != card.Minimum {
		_, err = tx.exec("UPDATE evaluation_results SET enough = CASE WHEN people >= ? THEN 1 ELSE 0 END WHERE campaign_id = ?", card.Minimum, card.CampaignID)
	}
	return err
}

// same tells whether a scorecard asks the same questions in the same way.
func (s *Scorecard) same(other *Scorecard) bool {
	if s.Blind != other.Blind || len(s.Criteria) != len(other.Criteria) {
		return false
	}
	for i := range s.Criteria {
		a, b := s.Criteria[i], other.Criteria[i]
		a.Position, b.Position, b.CampaignID = 0, 0, a.CampaignID
		if a != b {
			return false
		}
	}
	return true
}

// saveCriteria keeps those that were there before, so that what was scored by them stays.
func (tx *Tx) saveCriteria(was, card *Scorecard) error {
	kept := []int64{0}
	for i := range card.Criteria {
		c := &card.Criteria[i]
		c.CampaignID, c.Position = card.CampaignID, i
		if !was.has(c.ID) {
			c.ID = 0
			if err := tx.create(c); err != nil {
				return err
			}
		} else if _, err := tx.exec(`UPDATE criteria SET position = ?, name_en = ?, name_fr = ?, help_en = ?, help_fr = ?, steps_en = ?, steps_fr = ?, lowest = ?, highest = ?,
			weight = ?, inverted = ?, axis = ? WHERE id = ?`, i, c.NameEN, c.NameFR, c.HelpEN, c.HelpFR, c.StepsEN, c.StepsFR, c.Lowest, c.Highest, c.Weight, c.Inverted, c.Axis, c.ID); err != nil {
			return err
		}
		kept = append(kept, c.ID)
	}
	if _, err := tx.exec("DELETE FROM criteria WHERE campaign_id = ? AND id NOT IN ?", card.CampaignID, kept); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE campaigns SET criterion_count = ? WHERE id = ?", len(card.Criteria), card.CampaignID)
	return err
}

func (s *Scorecard) has(criterion int64) bool {
	for i := range s.Criteria {
		if s.Criteria[i].ID == criterion && criterion != 0 {
			return true
		}
	}
	return false
}
