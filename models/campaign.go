package models

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// Campaign asks a space a question, for a time that its stages divide. One without dates is a channel.
type Campaign struct {
	ID          int64
	SpaceID     int64
	Kind        CampaignKind
	Title       string
	Question    string
	Body        string // the brief, as Markdown
	HTML        string `gorm:"column:html"`
	Rules       string // what holds for those who take part, as Markdown
	RulesHTML   string `gorm:"column:rules_html"`
	Prizes      string // what there is to win
	PrizesHTML  string `gorm:"column:prizes_html"`
	FAQ         string `gorm:"column:faq"`
	FAQHTML     string `gorm:"column:faq_html"`
	Lang        string
	SponsorID   *int64 // the executive who owns the need and commits to act
	ManagerID   *int64 // who runs it
	AnswerDays  int    // within which every idea is promised an answer; 0: no promise
	PublishedAt *time.Time
	PausedAt    *time.Time
	PauseReason string
	OpensAt     *time.Time // when its first stage begins; nil for a channel
	ClosesAt    *time.Time // when it closes; nil for a channel
	Anonymity   Anonymity  `gorm:"default:named"` // promised to those who propose an idea
	TeamDecides bool       // those who help to run it answer its ideas, too
	AsksGroups  bool       // it asks the people of its groups alone for ideas; others read, support and discuss them
	Template    bool       // it is never published: others begin from it
	BannerID    *int64     // the picture across its page; see Banner
	BannerAlt   string
	BannerFocus Focus `gorm:"default:center"`
	IdeaCount   int   // of published ideas
	Version     int
	AsksSummary bool // of every idea
	FormVersion int  // counts the changes of its form; 0: it never had one
	ImportRef   *string
	CreatedAt   time.Time

	CriterionCount int `gorm:"->"` // of its scorecard
	EvaluatorCount int `gorm:"->"`

	Stages []CampaignStage `gorm:"-"` // in their order
	Team   []int64         `gorm:"-"` // who helps to run it

	// Evaluators judge its ideas; loaded where what they may see is decided.
	Evaluators []int64 `gorm:"-"`

	seenAt *time.Time // when somebody looks at it who sees how it will be; nil: now
}

// clock is the time at which the campaign is looked at.
func (c *Campaign) clock(now time.Time) time.Time {
	if c.seenAt != nil {
		return *c.seenAt
	}
	return now
}

// CampaignKind tells a call with an end from a place that is always open.
type CampaignKind string

// Kinds of campaigns.
const (
	TimedCampaign CampaignKind = "campaign"
	Channel       CampaignKind = "channel"
)

// StageKind says what a stage of a campaign is for.
type StageKind string

// Kinds of stages, in the order in which they can follow each other.
const (
	Gather    StageKind = "gather"
	Discuss   StageKind = "discuss"
	Refine    StageKind = "refine"
	VoteStage StageKind = "vote"
	Evaluate  StageKind = "evaluate"
	Decide    StageKind = "decide"
	Implement StageKind = "implement"
	Closed    StageKind = "closed"
)

// StageKinds lists them in their order.
func StageKinds() []StageKind {
	return []StageKind{Gather, Discuss, Refine, VoteStage, Evaluate, Decide, Implement, Closed}
}

// CampaignStage is a part of a campaign: when it begins, which ends the one before, and what may be done with its ideas
// meanwhile. It allows nothing that the policy does not.
type CampaignStage struct {
	CampaignID int64
	Position   int
	Kind       StageKind
	StartsAt   *time.Time // nil for the only stage of a channel
	Posting    bool
	Commenting bool
	Supporting bool
	Editing    bool
	MaxDays    int    // that an idea may wait in it; 0: as long as the stage takes
	AnswererID *int64 // who answers for that; nil: whoever runs the campaign

	AnswererName, AnswererEmail string `gorm:"->"`
}

// NewStage is a stage as its kind usually is.
func NewStage(kind StageKind, startsAt *time.Time) CampaignStage {
	stage := CampaignStage{Kind: kind, StartsAt: startsAt, Commenting: kind != Closed}
	switch kind {
	case Gather:
		stage.Posting, stage.Supporting, stage.Editing = true, true, true
	case Discuss, Refine:
		stage.Supporting, stage.Editing = true, true
	case VoteStage:
		stage.Supporting = true
	}
	return stage
}

// Allows tells whether an act is one for this stage. Taking back what one gave, following and moderating always are.
func (s *CampaignStage) Allows(act Act) bool {
	switch act {
	case PostIdea:
		return s.Posting
	case PostComment:
		return s.Commenting
	case SupportIdea:
		return s.Supporting
	case EditIdea:
		return s.Editing
	}
	return true
}

// StageAt is the stage that a campaign is in at a time; nil before it opens.
func (c *Campaign) StageAt(now time.Time) *CampaignStage {
	now = c.clock(now)
	for i := len(c.Stages) - 1; i >= 0; i-- {
		if start := c.Stages[i].StartsAt; start == nil || !start.After(now) {
			return &c.Stages[i]
		}
	}
	return nil
}

// StageOfKind is the stage of a kind; nil if the campaign has none.
func (c *Campaign) StageOfKind(kind StageKind) *CampaignStage {
	for i := range c.Stages {
		if c.Stages[i].Kind == kind {
			return &c.Stages[i]
		}
	}
	return nil
}

// Limits of a campaign's texts, in characters, of its promise, and of how long an idea waits in a stage.
const (
	MaxCampaignTitle = 120
	maxQuestion      = 300
	maxAnswerDays    = 365
	maxWaitDays      = 365
)

// Validate tidies a campaign and says which fields are wrong. Stages come in the order of their kinds, each at most once,
// and none begins before the one it follows.
func (c *Campaign) Validate() error {
	c.Title, c.Question = oneLine(c.Title), oneLine(c.Question)
	problems := Invalid{}
	if c.Anonymity == "" {
		c.Anonymity = Named
	}
	if !c.Anonymity.Valid() {
		problems["anonymity"] = "anonymity.invalid"
	}
	if n := utf8.RuneCountInString(c.Title); n == 0 || n > MaxCampaignTitle || !readable(c.Title) {
		problems["title"] = "campaigns.title_invalid"
	}
	if utf8.RuneCountInString(c.Question) > maxQuestion || c.Question != "" && !readable(c.Question) {
		problems["question"] = "campaigns.question_invalid"
	}
	if c.AnswerDays < 0 || c.AnswerDays > maxAnswerDays {
		problems["answer_days"] = "campaigns.answer_days_invalid"
	}
	switch c.Kind {
	case Channel:
		c.Stages = []CampaignStage{c.always()}
	case TimedCampaign:
		c.validateOrder(problems)
	default:
		problems["kind"] = "campaigns.kind_invalid"
	}
	for i := range c.Stages {
		c.Stages[i].validate(problems)
	}
	if len(problems) > 0 {
		return problems
	}
	c.OpensAt, c.ClosesAt = nil, nil
	if c.Kind == TimedCampaign && len(c.Stages) > 0 {
		c.OpensAt = c.Stages[0].StartsAt
		if last := c.Stages[len(c.Stages)-1]; last.Kind == Closed {
			c.ClosesAt = last.StartsAt
		}
	}
	for i := range c.Stages {
		c.Stages[i].Position = i
	}
	return nil
}

// always is the only stage of a channel.
func (c *Campaign) always() CampaignStage {
	if stage := c.StageOfKind(Gather); stage != nil && stage.StartsAt == nil {
		return *stage
	}
	return NewStage(Gather, nil)
}

func (s *CampaignStage) validate(problems Invalid) {
	if s.Kind == Closed { // which allows nothing, and in which nothing waits
		*s = CampaignStage{CampaignID: s.CampaignID, Kind: Closed, StartsAt: s.StartsAt}
	}
	if s.MaxDays < 0 || s.MaxDays > maxWaitDays {
		problems["max_days_"+string(s.Kind)] = "campaigns.max_days_invalid"
	}
}

func (c *Campaign) validateOrder(problems Invalid) {
	order := StageKinds()
	for i := range c.Stages {
		stage := &c.Stages[i]
		at := slices.Index(order, stage.Kind)
		switch {
		case at < 0 || stage.StartsAt == nil:
			problems["stages"] = "campaigns.stage_invalid"
		case i > 0 && at <= slices.Index(order, c.Stages[i-1].Kind):
			problems["stages"] = "campaigns.stages_order"
		case i > 0 && c.Stages[i-1].StartsAt != nil && !stage.StartsAt.After(*c.Stages[i-1].StartsAt):
			key := "campaigns.stage_early"
			if stage.Kind == Closed {
				key = "campaigns.closed_early"
			}
			problems["stage_"+string(stage.Kind)] = key
		}
	}
}

// Lacks lists what keeps a campaign from being opened, as keys of the catalogue: who answers for it, what it asks, by when
// it answers, a time to gather ideas and to close, and for a stage of evaluation criteria and evaluators.
func (c *Campaign) Lacks() (keys []string) {
	lack := func(missing bool, key string) {
		if missing {
			keys = append(keys, key)
		}
	}
	lack(c.Question == "", "campaigns.lacks.question")
	lack(c.ManagerID == nil, "campaigns.lacks.manager")
	lack(c.SponsorID == nil, "campaigns.lacks.sponsor")
	lack(c.AnswerDays == 0, "campaigns.lacks.promise")
	lack(!slices.ContainsFunc(c.Stages, func(s CampaignStage) bool { return s.Posting }), "campaigns.lacks.gather")
	lack(c.Kind == TimedCampaign && c.ClosesAt == nil, "campaigns.lacks.end")
	lack(c.StageOfKind(Evaluate) != nil && c.CriterionCount == 0, "campaigns.lacks.criteria")
	lack(c.StageOfKind(Evaluate) != nil && c.EvaluatorCount == 0, "campaigns.lacks.evaluators")
	return keys
}

// Become is what a campaign is when somebody wants it to be of a kind: a channel may be given dates at any time, but what is
// published with dates keeps them, because people have taken part by them.
func (c *Campaign) Become(kind CampaignKind) CampaignKind {
	if c.PublishedAt != nil && (c.Kind == TimedCampaign || kind == "") {
		return c.Kind
	}
	return kind
}

// Path is the address of a campaign's page.
func (c *Campaign) Path() string { return CampaignPath(c.ID, c.Title) }

// SettingsPath is the address of a page of its settings.
func (c *Campaign) SettingsPath(name string) string {
	return "/campaigns/" + strconv.FormatInt(c.ID, 10) + "/" + name
}

// CampaignPath is the address of the page of a campaign with a title.
func CampaignPath(id int64, title string) string { return numbered("/campaigns/", id, title) }

func (c *Campaign) subject() (string, int64, int64) { return "campaign", c.ID, c.SpaceID }
