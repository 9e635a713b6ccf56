package models

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// VotingMethod is how the ideas of a campaign are voted on.
type VotingMethod string

// Methods of voting.
const (
	VoteSupport    VotingMethod = "support" // by the supports that are given to ideas anyway
	VoteForAgainst VotingMethod = "for_against"
	VotePoints     VotingMethod = "points"
	VoteApproval   VotingMethod = "approval"
	VoteScore      VotingMethod = "score"
	VoteBudget     VotingMethod = "budget"
	VoteDuels      VotingMethod = "duels"
)

// VotingMethods lists them, the plainest first.
func VotingMethods() []VotingMethod {
	return []VotingMethod{VoteSupport, VoteForAgainst, VotePoints, VoteApproval, VoteScore, VoteBudget, VoteDuels}
}

// Division is what results are also told by. There is one at most: from two, small groups could be found by subtraction.
type Division string

// Divisions of voters, as the directory has them.
const (
	Undivided    Division = ""
	ByDepartment Division = "department"
	BySite       Division = "site"
	ByJobFamily  Division = "job_family"
)

// Divisions lists them.
func Divisions() []Division { return []Division{Undivided, ByDepartment, BySite, ByJobFamily} }

// VotingRule is by what rule a campaign votes, and how far the vote has come.
type VotingRule struct {
	CampaignID  int64
	Method      VotingMethod
	Points      int   // that everyone gives away
	Choices     int   // ideas that everyone may choose; 0: as many as they like
	Minimum     int   // ideas, or duels, of which a ballot has to say something to count
	Budget      int64 // in cents
	EqualShares bool
	Hidden      bool // the counts, until the vote closes
	DividedBy   Division
	Opinions    bool // groups of opinion are looked for
	Version     int
	FrozenAt    *time.Time
	Terms       string     // the rule and the ideas as they were fixed, a JSON document
	Hash        string     // of the terms
	RemindedAt  *time.Time // those whose ballots did not count yet, before it closes
	ClosedAt    *time.Time
	Electorate  string // how many could have voted, by department, a JSON document
	CountedAt   *time.Time
	Result      string // a JSON document
	ResultHash  string
}

// VotingOption is an idea as the vote sees it.
type VotingOption struct {
	IdeaID  int64
	Title   string // empty if the idea was withdrawn since
	Summary string
	Lang    string
	Cost    int64 // in cents
	Shown   int   // in duels
}

// Path is the address of the idea.
func (o *VotingOption) Path() string { return numbered("/ideas/", o.IdeaID, o.Title) }

// Limits of a vote.
const (
	MaxVotingOptions = 200             // ideas on a ballot
	MaxVotePoints    = 1000            // that one person gives away
	MaxVoteBudget    = 100_000_000_000 // cents
	MaxMinimum       = 200
)

// Validate says which parts of a rule are wrong, and forgets those that its method does not have.
func (r *VotingRule) Validate() error {
	problems := Invalid{}
	within := func(field string, value, least, most int64) {
		if value < least || value > most {
			problems[field] = "votes." + field + "_invalid"
		}
	}
	if !slices.Contains(VotingMethods(), r.Method) {
		problems["method"] = "votes.method_invalid"
	}
	if !slices.Contains(Divisions(), r.DividedBy) {
		problems["divided_by"] = "votes.divided_by_invalid"
	}
	if r.Method != VotePoints {
		r.Points = 0
	} else {
		within("points", int64(r.Points), 1, MaxVotePoints)
	}
	if r.Method != VoteApproval {
		r.Choices = 0
	}
	if r.Method != VoteBudget {
		r.Budget, r.EqualShares = 0, false
	} else {
		within("budget", r.Budget, 1, MaxVoteBudget)
	}
	if r.Method == VoteSupport { // of which one is enough
		r.Minimum = 0
	}
	r.Opinions = r.Opinions && (r.Method == VoteForAgainst || r.Method == VoteScore)
	within("choices", int64(r.Choices), 0, MaxVotingOptions)
	within("minimum", int64(r.Minimum), 0, MaxMinimum)
	if r.Choices > 0 && r.Minimum > r.Choices || r.Method == VotePoints && r.Minimum > r.Points {
		problems["minimum"] = "votes.minimum_unreachable"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// Check says what is wrong with a ballot: what it says of ideas that do not stand for the vote, too much, or what the method does not know.
func (r *VotingRule) Check(options []VotingOption, lines []BallotLine) error {
	costs, sum, spent := map[int64]int64{}, int64(0), int64(0)
	for _, option := range options {
		if option.Title != "" {
			costs[option.IdeaID] = option.Cost
		}
	}
	for _, line := range lines {
		cost, stands := costs[line.IdeaID]
		if !stands {
			return Invalid{"ballot": "votes.idea_unknown"}
		}
		delete(costs, line.IdeaID) // once
		least, most := int64(1), int64(1)
		switch r.Method {
		case VoteForAgainst:
			least = -1
		case VotePoints:
			most = int64(r.Points)
		case VoteScore:
			most = 5
		case VoteSupport, VoteDuels:
			most = 0
		}
		if line.Amount < least || line.Amount > most || line.Amount == 0 {
			return Invalid{"ballot": "votes.amount_invalid"}
		}
		sum, spent = sum+line.Amount, spent+cost
	}
	switch {
	case r.Method == VotePoints && sum > int64(r.Points):
		return Invalid{"ballot": "votes.too_many_points"}
	case r.Method == VoteApproval && r.Choices > 0 && len(lines) > r.Choices:
		return Invalid{"ballot": "votes.too_many_choices"}
	case r.Method == VoteBudget && spent > r.Budget:
		return Invalid{"ballot": "votes.too_dear"}
	}
	return nil
}

// Enough tells whether a ballot that says something of so many ideas or duels counts.
func (r *VotingRule) Enough(marks int) bool { return marks > 0 && marks >= r.Minimum }

// VotingAt is when the vote of a campaign opens and closes; nil for what it has no date for.
func (c *Campaign) VotingAt() (opens, closes *time.Time) {
	for i, stage := range c.Stages {
		if stage.Kind == VoteStage {
			if i+1 < len(c.Stages) {
				closes = c.Stages[i+1].StartsAt
			}
			return stage.StartsAt, closes
		}
	}
	return nil, nil
}

// MayVote refuses a vote that the actor may not give in a campaign, or not now: a *NotNow then.
func (a *Actor) MayVote(c *Campaign, now time.Time) error {
	if err := a.Refusal(CastBallot, &Space{ID: c.SpaceID}); err != nil {
		return err
	}
	stage := c.StageAt(now)
	switch {
	case c.PublishedAt == nil || stage == nil:
		return &NotNow{"campaigns.not_open"}
	case c.PausedAt != nil:
		return &NotNow{"campaigns.is_paused"}
	case stage.Kind != VoteStage:
		return &NotNow{"votes.not_open"}
	}
	return nil
}

// VotingRule is the rule of a campaign that the reader may see; ErrNotFound if it has none.
func (q Queries) VotingRule(ctx context.Context, campaign *Campaign) (*VotingRule, error) {
	return q.votingRule(ctx, campaign.ID, "")
}

func (q Queries) votingRule(ctx context.Context, campaignID int64, lock string) (*VotingRule, error) {
	rule := &VotingRule{}
	if err := q.one(ctx, rule, "SELECT * FROM voting_rules WHERE campaign_id = ?"+lock, campaignID); err != nil {
		return nil, fmt.Errorf("voting rule of campaign %d: %w", campaignID, err)
	}
	return rule, nil
}

// Lacking is what a campaign lacks to be opened: what it does not say itself, and the rule of a vote that it announces.
func (q Queries) Lacking(ctx context.Context, campaign *Campaign) (keys []string, err error) {
	keys = campaign.Lacks()
	keepers, err := q.Keepers(ctx, campaign)
	if err != nil {
		return nil, err
	}
	if campaign.Anonymity == Sealed && !keepers.Ready() {
		keys = append(keys, "campaigns.lacks.keepers")
	}
	if !slices.ContainsFunc(campaign.Stages, func(s CampaignStage) bool { return s.Kind == VoteStage }) {
		return keys, nil
	}
	_, err = q.VotingRule(ctx, campaign)
	if errors.Is(err, ErrNotFound) {
		return append(keys, "campaigns.lacks.rule"), nil
	}
	return keys, err
}

// lockRule is votingRule inside a change; shared lets others read it meanwhile, but not change it.
func (tx *Tx) lockRule(campaignID int64, shared bool) (*VotingRule, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
		if shared {
			lock = " FOR SHARE"
		}
	}
	return tx.votingRule(tx.ctx, campaignID, lock)
}

// Candidates are the published ideas of a campaign on which nothing is decided yet, most supported first, with what they cost.
func (q Queries) Candidates(ctx context.Context, campaign *Campaign) (options []VotingOption, err error) {
	return options, q.raw(ctx, &options, `SELECT i.id AS idea_id, i.title, i.lang, coalesce(o.cost, 0) AS cost FROM ideas i
		LEFT JOIN voting_options o ON o.campaign_id = i.campaign_id AND o.idea_id = i.id
		WHERE i.campaign_id = ? AND i.state = 'published' AND i.merged_into_id IS NULL AND i.stage NOT IN ('decided', 'declined', 'implemented') ORDER BY i.support_count DESC, i.id DESC LIMIT ?`, campaign.ID, MaxVotingOptions)
}

// VotingOptions are the ideas that stand for a vote that was opened, by their numbers.
func (q Queries) VotingOptions(ctx context.Context, campaignID int64) (options []VotingOption, err error) {
	return options, q.raw(ctx, &options, `SELECT o.idea_id, o.cost, o.shown, CASE WHEN i.state = 'published' THEN i.title ELSE '' END AS title,
		CASE WHEN i.state = 'published' THEN i.summary ELSE '' END AS summary, i.lang
		FROM voting_options o JOIN ideas i ON i.id = o.idea_id WHERE o.campaign_id = ? AND o.listed ORDER BY o.idea_id`, campaignID)
}

// SetVotingRule stores the rule of a campaign, with what its ideas cost, as long as the vote is not open. base is the version that
// the editor started from, 0 for none; ErrConflict if someone else has saved since, or it is too late.
func (tx *Tx) SetVotingRule(campaign *Campaign, rule *VotingRule, base int, costs map[int64]int64) error {
	if err := rule.Validate(); err != nil {
		return err
	}
	if opens, _ := campaign.VotingAt(); opens != nil && !opens.After(tx.now) {
		return &NotNow{"votes.fixed"}
	}
	known, err := tx.lockRule(campaign.ID, false)
	switch {
	case errors.Is(err, ErrNotFound):
		known = &VotingRule{}
	case err != nil:
		return err
	case known.FrozenAt != nil:
		return &NotNow{"votes.fixed"}
	}
	if known.Version != base {
		return fmt.Errorf("save the voting rule of campaign %d from version %d: %w", campaign.ID, base, ErrConflict)
	}
	rule.CampaignID, rule.Version = campaign.ID, base+1
	_, err = tx.exec(`INSERT INTO voting_rules (campaign_id, method, points, choices, minimum, budget, equal_shares, hidden, divided_by, opinions, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (campaign_id) DO UPDATE SET method = excluded.method, points = excluded.points, choices = excluded.choices,
		minimum = excluded.minimum, budget = excluded.budget, equal_shares = excluded.equal_shares, hidden = excluded.hidden, divided_by = excluded.divided_by, opinions = excluded.opinions,
		version = excluded.version`,
		campaign.ID, rule.Method, rule.Points, rule.Choices, rule.Minimum, rule.Budget, rule.EqualShares, rule.Hidden, rule.DividedBy, rule.Opinions, rule.Version)
	if err != nil || rule.Method != VoteBudget {
		return err
	}
	return tx.setCosts(campaign, costs)
}

// setCosts stores what ideas of a campaign cost, and forgets the costs of the others.
func (tx *Tx) setCosts(campaign *Campaign, costs map[int64]int64) error {
	if _, err := tx.exec("DELETE FROM voting_options WHERE campaign_id = ?", campaign.ID); err != nil || len(costs) == 0 {
		return err
	}
	parts, args, ids := []string{}, []any{}, []int64{}
	for id, cost := range costs {
		parts, args, ids = append(parts, " WHEN ? THEN CAST(? AS BIGINT)"), append(args, id, cost), append(ids, id)
	}
	_, err := tx.exec("INSERT INTO voting_options (campaign_id, idea_id, cost) SELECT i.campaign_id, i.id, CASE i.id"+strings.Join(parts, "")+" ELSE 0 END FROM ideas i WHERE i.campaign_id = ? AND i.id IN ?",
		append(args, campaign.ID, ids)...)
	return err
}

// VotingTerms is what is fixed when a vote opens. Its fields keep their names and their order, by which the hash goes.
type VotingTerms struct {
	Campaign    int64        `json:"campaign"`
	Method      VotingMethod `json:"method"`
	Points      int          `json:"points,omitempty"`
	Choices     int          `json:"choices,omitempty"`
	Minimum     int          `json:"minimum,omitempty"`
	Budget      int64        `json:"budget_cents,omitempty"`
	EqualShares bool         `json:"equal_shares,omitempty"`
	Hidden      bool         `json:"hidden,omitempty"`
	DividedBy   Division     `json:"divided_by,omitempty"`
	Opinions    bool         `json:"opinions,omitempty"`
	Ideas       []VotingTerm `json:"ideas"`
}

// VotingTerm is one idea of a vote.
type VotingTerm struct {
	Idea int64 `json:"idea"`
	Cost int64 `json:"cost_cents,omitempty"`
}

// AsTerms is what would be fixed now, or was, for a rule and the ideas that stand for it.
func (r *VotingRule) AsTerms(options []VotingOption) VotingTerms {
	terms := VotingTerms{r.CampaignID, r.Method, r.Points, r.Choices, r.Minimum, r.Budget, r.EqualShares, r.Hidden, r.DividedBy, r.Opinions, []VotingTerm{}}
	for _, option := range options {
		terms.Ideas = append(terms.Ideas, VotingTerm{option.IdeaID, option.Cost})
	}
	return terms
}

// OpenVote fixes the rule of a campaign whose vote has begun, with the ideas that stand for it: its Candidates, those with a cost
// where a budget is voted on. It is false if the rule was fixed before.
func (tx *Tx) OpenVote(campaign *Campaign) (opened bool, err error) {
	rule, err := tx.lockRule(campaign.ID, false)
	opens, _ := campaign.VotingAt()
	if err != nil || rule.FrozenAt != nil || campaign.PublishedAt == nil || opens == nil || opens.After(tx.now) {
		return false, err
	}
	_, err = tx.exec(`INSERT INTO voting_options (campaign_id, idea_id, listed) SELECT i.campaign_id, i.id, true FROM ideas i
		WHERE i.campaign_id = ? AND i.state = 'published' AND i.merged_into_id IS NULL AND i.stage NOT IN ('decided', 'declined', 'implemented') ORDER BY i.support_count DESC, i.id DESC LIMIT ?
		ON CONFLICT (campaign_id, idea_id) DO UPDATE SET listed = true`, campaign.ID, MaxVotingOptions)
	if err == nil && rule.Method == VoteBudget {
		_, err = tx.exec("DELETE FROM voting_options WHERE campaign_id = ? AND cost <= 0", campaign.ID)
	}
	if err != nil {
		return false, err
	}
	options, err := tx.VotingOptions(tx.ctx, campaign.ID)
	if err != nil {
		return false, err
	}
	raw, err := json.Marshal(rule.AsTerms(options))
	if err != nil {
		return false, err
	}
	_, err = tx.exec("UPDATE voting_rules SET frozen_at = ?, terms = ?, hash = ? WHERE campaign_id = ?", tx.now, string(raw), HashOf(raw), campaign.ID)
	return err == nil, err
}

// HashOf is the SHA-256 of a document, as it is shown.
func HashOf(document []byte) string {
	sum := sha256.Sum256(document)
	return hex.EncodeToString(sum[:])
}
