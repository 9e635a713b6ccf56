package votes

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"ruche/app/votes/count"
	"ruche/models"
)

// Document is the result of a vote as it is stored, exported and counted again. Its fields keep their names and their order: the same
// ballots give the same bytes.
type Document struct {
	Campaign int64           `json:"campaign"`
	Rule     json.RawMessage `json:"rule"`
	RuleHash string          `json:"rule_sha256"`
	Ballots  int             `json:"ballots"`
	Ideas    []Standing      `json:"ideas"`
	Award    *Award          `json:"award,omitempty"`
	Turnout  *Turnout        `json:"turnout,omitempty"`
	Groups   []Division      `json:"groups,omitempty"`
	Opinions *Opinions       `json:"opinions,omitempty"`
}

// Standing is what one idea has come to. Fractions are in millionths.
type Standing struct {
	Idea       int64            `json:"idea"`
	Rank       int              `json:"rank"`
	Ballots    int              `json:"ballots"`
	For        int              `json:"for"`
	Against    int              `json:"against"`
	Sum        int64            `json:"sum"`
	Score      int              `json:"score_millionths,omitempty"`
	Lower      int              `json:"lower_bound_millionths,omitempty"`
	Confidence count.Confidence `json:"confidence,omitempty"`
	Cost       int64            `json:"cost_cents,omitempty"`
	Consensus  *int             `json:"consensus_millionths,omitempty"`
	ByConsent  int              `json:"consensus_rank,omitempty"`
}

// Award is what a budget pays for.
type Award struct {
	Funded []Funding `json:"funded"`
	Left   int64     `json:"left_cents"`
	Unit   int64     `json:"parts_per_cent,omitempty"`
	Share  int64     `json:"share_parts,omitempty"`
}

// Funding is one idea that is paid for.
type Funding struct {
	Idea      int64 `json:"idea"`
	Each      int64 `json:"each_parts,omitempty"`
	Completed bool  `json:"completed,omitempty"`
}

// Turnout is who took part, by groups of at least five; the rest is told as one.
type Turnout struct {
	By     models.Division `json:"by"`
	People int             `json:"people"`
	Groups []TurnoutGroup  `json:"groups,omitempty"`
	Rest   *TurnoutGroup   `json:"rest,omitempty"`
}

// TurnoutGroup is how many of a group took part.
type TurnoutGroup struct {
	Name   string `json:"name,omitempty"`
	People int    `json:"people"`
	Voted  int    `json:"voted"`
}

// Division is what one group of at least five voters said.
type Division struct {
	Name    string      `json:"name"`
	Ballots int         `json:"ballots"`
	Ideas   []Agreement `json:"ideas"`
}

// Agreement is how many of a group are in favour of an idea, of those who said something of it.
type Agreement struct {
	Idea int64 `json:"idea"`
	For  int   `json:"for"`
	Of   int   `json:"of"`
}

// For is the result as the actor may know it: who comes from outside learns nothing of how the company is divided.
func (d *Document) For(actor *models.Actor) *Document {
	if actor.Insider() {
		return d
	}
	told := *d
	told.Groups = nil
	if d.Turnout != nil {
		told.Turnout = &Turnout{By: d.Turnout.By, People: d.Turnout.People}
	}
	return &told
}

// Recount counts the ballots of a closed vote, which have no names. The same ballots give the same bytes, whenever and wherever.
func Recount(ctx context.Context, db *models.DB, campaignID int64, progress func(done, total int) error) ([]byte, error) {
	rule, kept, lines, duels, err := db.ClosedVote(ctx, campaignID)
	if err != nil {
		return nil, fmt.Errorf("count the vote of campaign %d: %w", campaignID, err)
	}
	terms := models.VotingTerms{}
	if err := json.Unmarshal([]byte(rule.Terms), &terms); err != nil {
		return nil, fmt.Errorf("read the rule of campaign %d: %w", campaignID, err)
	}
	ballots := joined(kept, lines, duels)
	options := make([]count.Option, len(terms.Ideas))
	for i, idea := range terms.Ideas {
		options[i] = count.Option{ID: idea.Idea, Cost: idea.Cost}
	}
	document := &Document{Campaign: campaignID, Rule: json.RawMessage(rule.Terms), RuleHash: rule.Hash, Ballots: len(ballots)}
	for _, row := range count.Rows(count.Method(terms.Method), options, ballots) {
		document.Ideas = append(document.Ideas, standing(&terms, options, row))
	}
	if document.Award, err = award(&terms, options, ballots, progress); err != nil {
		return nil, err
	}
	if document.Turnout, err = turnout(rule, kept); err != nil {
		return nil, err
	}
	document.divide(&terms, options, kept, ballots)
	if terms.Opinions {
		document.Opinions = opinionsOf(&terms, options, ballots)
	}
	raw, err := json.MarshalIndent(document, "", "  ")
	return append(raw, '\n'), err
}

// joined are the ballots with what they say.
func joined(kept []models.Ballot, lines []models.BallotLine, duels []models.CastDuel) []count.Ballot {
	ballots, at := make([]count.Ballot, len(kept)), make(map[int64]*count.Ballot, len(kept))
	for i := range kept {
		ballots[i].Key = kept[i].Key
		at[kept[i].ID] = &ballots[i]
	}
	for _, line := range lines {
		ballot := at[line.BallotID]
		ballot.Lines = append(ballot.Lines, count.Line{Option: line.IdeaID, Amount: line.Amount})
	}
	for _, duel := range duels {
		ballot := at[duel.BallotID]
		ballot.Duels = append(ballot.Duels, count.Duel{Left: duel.LeftID, Right: duel.RightID, Winner: duel.WinnerID})
	}
	return ballots
}

func standing(terms *models.VotingTerms, options []count.Option, row count.Row) Standing {
	s := Standing{Idea: row.ID, Rank: row.Rank, Ballots: row.Ballots, For: row.For, Against: row.Against, Sum: row.Sum, Score: row.Score, Lower: row.Lower}
	if terms.Method == models.VoteDuels {
		s.Confidence = count.ConfidenceOf(row.For, row.For+row.Against)
	}
	if at := slices.IndexFunc(options, func(o count.Option) bool { return o.ID == row.ID }); at >= 0 {
		s.Cost = options[at].Cost
	}
	return s
}

func award(terms *models.VotingTerms, options []count.Option, ballots []count.Ballot, progress func(done, total int) error) (*Award, error) {
	if terms.Method != models.VoteBudget {
		return nil, nil
	}
	counted := count.Greedy(terms.Budget, options, ballots)
	if terms.EqualShares {
		var err error
		if counted, err = count.EqualShares(terms.Budget, options, ballots, progress); err != nil {
			return nil, err
		}
	}
	out := &Award{Left: counted.Left, Unit: counted.Unit, Share: counted.Share, Funded: []Funding{}}
	for _, f := range counted.Funded {
		out.Funded = append(out.Funded, Funding{f.ID, f.Each, f.Completed})
	}
	return out, nil
}

// counted is the award as the arithmetic knows it.
func (a *Award) counted() count.Award {
	out := count.Award{Left: a.Left, Unit: a.Unit, Share: a.Share}
	for _, f := range a.Funded {
		out.Funded = append(out.Funded, count.Funding{ID: f.Idea, Each: f.Each, Completed: f.Completed})
	}
	return out
}

func turnout(rule *models.VotingRule, kept []models.Ballot) (*Turnout, error) {
	people := map[string]int{}
	if err := json.Unmarshal([]byte(rule.Electorate), &people); err != nil {
		return nil, fmt.Errorf("read who could have voted: %w", err)
	}
	by := map[string]*count.Group{}
	of := func(name string) *count.Group {
		if by[name] == nil {
			by[name] = &count.Group{Name: name}
		}
		return by[name]
	}
	out := &Turnout{By: rule.Division()}
	for name, n := range people {
		of(name).Size = n
	}
	for i := range kept {
		of(kept[i].Division(out.By)).Voted++
	}
	var groups []count.Group
	for _, g := range by {
		g.Size = max(g.Size, g.Voted) // who has left since has voted all the same
		out.People += g.Size
		groups = append(groups, *g)
	}
	told, rest := count.Told(groups)
	for _, g := range told {
		out.Groups = append(out.Groups, TurnoutGroup{g.Name, g.Size, g.Voted})
	}
	if len(told) > 0 && rest.Size > 0 {
		out.Rest = &TurnoutGroup{"", rest.Size, rest.Voted}
	}
	slices.SortFunc(out.Groups, func(a, b TurnoutGroup) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// divide adds what each group said, if the rule asks for it and there are groups that are large enough, and the consensus across them.
func (d *Document) divide(terms *models.VotingTerms, options []count.Option, kept []models.Ballot, ballots []count.Ballot) {
	if terms.DividedBy == models.Undivided {
		return
	}
	by := map[string][]count.Ballot{}
	for i := range kept {
		name := kept[i].Division(terms.DividedBy)
		by[name] = append(by[name], ballots[i])
	}
	var groups []count.Group
	for name, own := range by {
		groups = append(groups, count.Group{Name: name, Size: len(own), Voted: len(own)})
	}
	told, _ := count.Told(groups)
	slices.SortFunc(told, func(a, b count.Group) int { return cmp.Compare(a.Name, b.Name) })
	agreements := map[int64][]count.Agreement{}
	for _, g := range told {
		division := Division{Name: g.Name, Ballots: g.Size}
		rows := count.Rows(count.Method(terms.Method), options, by[g.Name])
		slices.SortFunc(rows, func(a, b count.Row) int { return cmp.Compare(a.ID, b.ID) })
		for _, row := range rows {
			of := g.Size
			switch terms.Method {
			case models.VoteScore:
				of = row.Ballots
			case models.VoteForAgainst, models.VoteDuels:
				of = row.For + row.Against
			}
			division.Ideas = append(division.Ideas, Agreement{row.ID, row.For, of})
			agreements[row.ID] = append(agreements[row.ID], count.Agreement{For: row.For, Of: of})
		}
		d.Groups = append(d.Groups, division)
	}
	if len(told) > 1 {
		d.consent(agreements)
	}
}

// consent ranks the ideas by the consensus across groups.
func (d *Document) consent(agreements map[int64][]count.Agreement) {
	order := make([]*Standing, len(d.Ideas))
	for i := range d.Ideas {
		value := count.Consensus(agreements[d.Ideas[i].Idea])
		d.Ideas[i].Consensus, order[i] = &value, &d.Ideas[i]
	}
	slices.SortStableFunc(order, func(a, b *Standing) int { return cmp.Compare(*b.Consensus, *a.Consensus) })
	for i, s := range order {
		s.ByConsent = i + 1
		if i > 0 && *order[i-1].Consensus == *s.Consensus {
			s.ByConsent = order[i-1].ByConsent
		}
	}
}
