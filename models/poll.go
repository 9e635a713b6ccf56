package models

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// PollKind says how one answers a poll.
type PollKind string

// Kinds of polls.
const (
	SingleChoice   PollKind = "single"
	MultipleChoice PollKind = "multiple" // between a least and a most number of options
	RankedChoice   PollKind = "ranked"   // counted by Schulze's method: see Tally.Ranking
	DateFinding    PollKind = "dates"    // for each time yes, if need be, or no
	ConsentRound   PollKind = "consent"  // consent, stand aside, or object with a reason that is answered
)

// PollKinds lists the kinds.
func PollKinds() []PollKind {
	return []PollKind{SingleChoice, MultipleChoice, RankedChoice, DateFinding, ConsentRound}
}

// ShowResults says when those who take part see how a poll stands.
type ShowResults string

// When results are seen.
const (
	ResultsAlways ShowResults = "always"
	ResultsVoted  ShowResults = "voted"  // once one has voted
	ResultsClosed ShowResults = "closed" // once nobody can vote any more
)

// ShowsResults lists them.
func ShowsResults() []ShowResults { return []ShowResults{ResultsAlways, ResultsVoted, ResultsClosed} }

// Bounds of polls. A mark of fewer people than fewestSecret could be guessed; it is the number that votes of campaigns go by.
const (
	MinPollOptions  = 2
	MaxPollOptions  = 20
	MaxPollLabel    = 200
	MaxPollQuestion = 300
	MaxPollReason   = 2000
	MaxPollQuorum   = 1_000_000
	FewestSecret    = SmallestDepartment

	shortestPoll = 5 * time.Minute
	longestPoll  = 366 * day
)

// Marks of a date-finding poll, and of a consent round, which has one mark in all.
const (
	MarkNo      = 0
	MarkIfNeed  = 1
	MarkYes     = 2
	MarkConsent = 1
	MarkAside   = 2
	MarkObject  = 3
)

// ThreadPoll is what a thread asks its readers to decide.
type ThreadPoll struct {
	ThreadID      int64 `gorm:"primaryKey;autoIncrement:false"`
	Kind          PollKind
	Question      string
	Least, Most   int // options of a multiple choice
	Anonymous     bool
	Results       ShowResults
	Quorum        int // people, or percent of those who may take part; 0 for none
	QuorumPercent bool
	Version       int
	Frozen        bool // somebody has voted: what is asked stays as it is from then on
	Voters        int
	Tally         Tally
	ClosesAt      time.Time
	ClosedAt      *time.Time
	ClosedBy      *int64 // nil for the clock
	Electorate    *int   // how many could have voted when it closed
	Outcomes      int    // the number of the last outcome that was written, 0 for none
	Past          int    // up to which they were written before the poll was opened again, and hold no more
	Reminded      int    // how often its author was reminded to write one
	RemindAt      *time.Time
	ReviewAt      *time.Time // when the outcome is to be looked at again
	Reviewed      bool       // of which it was told
	CreatedAt     time.Time

	Options []PollOption `gorm:"-"` // in their order; a consent round has none
}

// PollOption is one of the things to choose between: words, a day, or a time.
type PollOption struct {
	ThreadID int64
	Position int
	Label    string
	Day      string // as 2026-12-24
	StartsAt *time.Time
}

// PollVote is what one person says.
type PollVote struct {
	ID        int64
	ThreadID  int64
	UserID    *int64 // nil once the person is erased
	Marks     Marks
	Reason    string // of an objection
	Reply     string // to it
	RepliedBy *int64
	RepliedAt *time.Time
	Objects   bool
	Counts    bool // not the second vote of a person whose two accounts were merged
	Version   int
	VotedAt   *time.Time // nil in an anonymous poll
	ChangedAt *time.Time
}

// OpenAt tells whether one can vote at a time. The clock ends it, whether or not the closing has been noted yet.
func (p *ThreadPoll) OpenAt(now time.Time) bool { return p.ClosedAt == nil && now.Before(p.ClosesAt) }

// Settled tells whether an outcome holds.
func (p *ThreadPoll) Settled() bool { return p.Outcomes > p.Past }

// Waits tells whether the poll is over and nobody has written its outcome.
func (p *ThreadPoll) Waits(now time.Time) bool { return !p.OpenAt(now) && !p.Settled() }

// Validate tidies what somebody asks, and says what is wrong with it.
func (p *ThreadPoll) Validate(now time.Time) error {
	problems := Invalid{}
	if !slices.Contains(PollKinds(), p.Kind) {
		problems["kind"] = "polls.kind_invalid"
	}
	if !slices.Contains(ShowsResults(), p.Results) {
		problems["results"] = "polls.results_invalid"
	}
	switch n := utf8.RuneCountInString(p.Question); {
	case n == 0:
		problems["question"] = "polls.question_blank"
	case n > MaxPollQuestion:
		problems["question"] = "polls.question_long"
	}
	if p.Kind == ConsentRound { // an objection is answered, which takes somebody to answer
		p.Options, p.Anonymous = nil, false
	} else if key := p.optionsProblem(); key != "" {
		problems["options"] = key
	}
	p.validateLimits(problems)
	if key := closingProblem(p.ClosesAt, now); key != "" {
		problems["closes"] = key
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

func closingProblem(at, now time.Time) string {
	switch {
	case at.IsZero():
		return "polls.closes_blank"
	case at.Before(now.Add(shortestPoll)):
		return "polls.closes_soon"
	case at.After(now.Add(longestPoll)):
		return "polls.closes_late"
	}
	return ""
}

func (p *ThreadPoll) validateLimits(problems Invalid) {
	if p.Kind != MultipleChoice {
		p.Least, p.Most = 0, 0
	} else {
		if p.Most == 0 {
			p.Most = len(p.Options)
		}
		if p.Least == 0 {
			p.Least = 1
		}
		switch {
		case p.Least < 1 || p.Least > len(p.Options):
			problems["least"] = "polls.least_invalid"
		case p.Most < p.Least || p.Most > len(p.Options):
			problems["most"] = "polls.most_invalid"
		}
	}
	switch {
	case p.Quorum < 0 || p.Quorum > MaxPollQuorum, p.QuorumPercent && p.Quorum > 100:
		problems["quorum"] = "polls.quorum_invalid"
	case p.Quorum == 0:
		p.QuorumPercent = false
	}
}

func (p *ThreadPoll) optionsProblem() string {
	if len(p.Options) < MinPollOptions {
		return "polls.options_few"
	}
	if len(p.Options) > MaxPollOptions {
		return "polls.options_many"
	}
	seen := map[string]bool{}
	for i := range p.Options {
		option := &p.Options[i]
		option.Position = i
		if p.Kind == DateFinding {
			option.Label = ""
		} else {
			option.Day, option.StartsAt = "", nil
			if option.Label == "" {
				return "polls.option_blank"
			}
		}
		if utf8.RuneCountInString(option.Label) > MaxPollLabel {
			return "polls.option_long"
		}
		key := option.Label + option.Day
		if option.StartsAt != nil {
			key += option.StartsAt.UTC().String()
		}
		switch {
		case p.Kind == DateFinding && option.StartsAt == nil && option.Day == "":
			return "polls.option_no_date"
		case seen[key]:
			return "polls.option_twice"
		}
		seen[key] = true
	}
	return ""
}

// Check says what is wrong with what somebody answers.
func (p *ThreadPoll) Check(marks Marks, reason string) error {
	places, most := len(p.Options), 1
	switch p.Kind {
	case ConsentRound:
		places, most = 1, MarkObject
	case DateFinding:
		most = MarkYes
	case RankedChoice:
		most = len(p.Options)
	}
	if len(marks) != places {
		return Invalid{"vote": "polls.vote_stale"}
	}
	chosen := 0
	for _, mark := range marks {
		if mark < 0 || mark > most {
			return Invalid{"vote": "polls.vote_invalid"}
		}
		if mark > 0 {
			chosen++
		}
	}
	switch {
	case p.Kind == MultipleChoice && chosen < p.Least:
		return Invalid{"vote": "polls.vote_few"}
	case p.Kind == MultipleChoice && chosen > p.Most:
		return Invalid{"vote": "polls.vote_many"}
	case p.Kind == SingleChoice && chosen > 1:
		return Invalid{"vote": "polls.vote_invalid"}
	case p.Kind != DateFinding && chosen == 0: // who can come at no time says that too
		return Invalid{"vote": "polls.vote_blank"}
	case p.Kind == ConsentRound && marks[0] == MarkObject && reason == "":
		return Invalid{"reason": "polls.reason_blank"}
	case utf8.RuneCountInString(reason) > MaxPollReason:
		return Invalid{"reason": "polls.reason_long"}
	}
	return nil
}

// Marks are what a vote says, one number an option.
type Marks []int

// Scan reads marks as they are stored.
func (m *Marks) Scan(value any) error {
	switch text := value.(type) {
	case string:
		return json.Unmarshal([]byte(text), m)
	case []byte:
		return json.Unmarshal(text, m)
	}
	return fmt.Errorf("marks in %T", value)
}

// Value writes marks as they are stored.
func (m Marks) Value() (driver.Value, error) {
	raw, err := json.Marshal([]int(m))
	return string(raw), err
}

// Shows tells whether the reader is shown how the poll stands. Of an anonymous one nobody is, while so few have voted that one could guess.
func (p *ThreadPoll) Shows(voted bool, now time.Time) bool {
	if p.Anonymous && p.Voters < FewestSecret {
		return false
	}
	switch {
	case !p.OpenAt(now), p.Results == ResultsAlways:
		return true
	case p.Results == ResultsVoted:
		return voted
	}
	return false
}

// Reached tells whether enough people have voted, of so many who may.
func (p *ThreadPoll) Reached(electorate int) bool {
	if p.QuorumPercent {
		return p.Voters*100 >= p.Quorum*electorate
	}
	return p.Voters >= p.Quorum
}
