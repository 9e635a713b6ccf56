package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// RankedIdea is an idea with what its evaluators say together.
type RankedIdea struct {
	Place  int // from 1 on
	IdeaID int64
	Title  string
	Lang   string
	Stage  Stage
	Spread
	Bound  float64
	Enough bool // as many evaluations as the scorecard wants
	Open   int  // evaluations that are still out
}

// RankKey is where a page of a ranking begins: after an idea with a bound.
type RankKey struct {
	Enough int
	Bound  float64
	IdeaID int64
	Place  int // of that idea
}

// String is the key as addresses have it.
func (k *RankKey) String() string {
	return fmt.Sprintf("%d_%s_%d_%d", k.Enough, strconv.FormatFloat(k.Bound, 'g', -1, 64), k.IdeaID, k.Place)
}

// ParseRankKey reads it; nil for an empty text.
func ParseRankKey(text string) (*RankKey, error) {
	if text == "" {
		return nil, nil
	}
	parts := strings.Split(text, "_")
	if len(parts) == 4 {
		enough, errEnough := strconv.Atoi(parts[0])
		bound, errBound := strconv.ParseFloat(parts[1], 64)
		id, errID := strconv.ParseInt(parts[2], 10, 64)
		place, errPlace := strconv.Atoi(parts[3])
		if cmp.Or(errEnough, errBound, errID, errPlace) == nil && enough >= 0 && enough <= 1 && bound >= -10 && bound <= 10 && place >= 0 {
			return &RankKey{enough, bound, id, place}, nil
		}
	}
	return nil, Invalid{"cursor": "lists.cursor_invalid"}
}

// unsigned is the condition that a person, its two arguments, does not sign the idea i.
const unsigned = authorBehind + " <> ? AND NOT " + coAuthored

// Ranking lists the evaluated ideas of a campaign by the lower bound of their mean, those with too few evaluations last, without
// those that the actor signs. Whoever has evaluations of their own to hand in there is ErrForbidden while that is possible, and so
// is who neither oversees it nor leads.
func (q Queries) Ranking(ctx context.Context, actor *Actor, campaign *Campaign, after *RankKey, limit int) (ideas []RankedIdea, next *RankKey, err error) {
	if err := q.mayRank(ctx, actor, campaign); err != nil {
		return nil, nil, err
	}
	if after == nil {
		after = &RankKey{Enough: 2}
	}
	var rows []struct {
		IdeaID                 int64
		Title, Lang            string
		Stage                  Stage
		People, Enough, Open   int
		Mean, Deviation, Bound float64
	}
	err = q.raw(ctx, &rows, `SELECT r.*, i.title, i.lang, i.stage, (SELECT count(*) FROM evaluations v WHERE v.idea_id = r.idea_id AND v.state = 'assigned') AS open
		FROM evaluation_results r JOIN ideas i ON i.id = r.idea_id WHERE r.campaign_id = ? AND i.state = 'published' AND (r.enough, r.bound, r.idea_id) < (?, ?, ?) AND `+unsigned+`
		ORDER BY r.enough DESC, r.bound DESC, r.idea_id DESC LIMIT ?`, campaign.ID, after.Enough, after.Bound, after.IdeaID, actor.ID, actor.ID, limit+1)
	for i, row := range rows {
		if i == limit {
			last := rows[i-1]
			return ideas, &RankKey{last.Enough, last.Bound, last.IdeaID, after.Place + limit}, nil
		}
		ideas = append(ideas, RankedIdea{after.Place + i + 1, row.IdeaID, row.Title, row.Lang, row.Stage, Spread{row.People, row.Mean, row.Deviation}, row.Bound, row.Enough == 1, row.Open})
	}
	return ideas, nil, err
}

// mayRank is nil if the actor may read what came of the evaluation of a campaign.
func (q Queries) mayRank(ctx context.Context, actor *Actor, campaign *Campaign) error {
	if !actor.OfTheCompany() || actor.Access(campaign.SpaceID) == nil {
		return ErrForbidden
	}
	if !actor.OverseesEvaluation(campaign) {
		var leads bool
		err := q.raw(ctx, &leads, "SELECT EXISTS (SELECT 1 FROM evaluators WHERE campaign_id = ? AND user_id = ? AND leads)", campaign.ID, actor.ID)
		if err != nil || !leads {
			return cmp.Or(err, ErrForbidden)
		}
	}
	return q.evaluateFirst(ctx, actor, campaign)
}

// evaluateFirst is *EvaluateFirst if the actor has evaluations of a campaign to hand in, and it is not too late for them.
func (q Queries) evaluateFirst(ctx context.Context, actor *Actor, campaign *Campaign) error {
	if campaign.EvaluationOver(q.present()) {
		return nil
	}
	open, err := q.OpenEvaluations(ctx, actor, campaign.ID)
	if err == nil && open > 0 {
		err = &EvaluateFirst{open}
	}
	return err
}

// EvaluateFirst is the ErrForbidden of somebody who has evaluations of their own to hand in before they read the others'.
type EvaluateFirst struct{ Open int }

// Error is for the log.
func (e *EvaluateFirst) Error() string {
	return fmt.Sprintf("%d evaluations of their own to hand in", e.Open)
}

// Unwrap makes it an ErrForbidden.
func (*EvaluateFirst) Unwrap() error { return ErrForbidden }

// firmIdeas bounds the ideas that the questions about all of them are answered for: the first of the ranking.
const firmIdeas = 300

// Weighing is what is asked about the weights: whether the first ideas stay the first when each weight moves by so many per cent.
type Weighing struct{ Top, Percent int }

// Firmness says how much the first places hang on the weights. Each weight is made greater and then smaller by so many per
// cent, alone, and the ideas ranked anew.
type Firmness struct {
	Weighing
	Tried int // twice as many as there are criteria
	Same  int // how often the same ideas come first, in whatever order
	Moves []Move
}

// Move is a change of one weight that changes who comes first.
type Move struct {
	Criterion *Criterion
	Up        bool
	Out       []int64 // ideas that are no longer among the first
}

// Picture is an idea between value and effort, each from 0 to 1.
type Picture struct {
	IdeaID        int64
	Value, Effort float64
}

// Reckoning is what is counted from all answers.
type Reckoning struct {
	Firmness Firmness
	Pictures []Picture // by rank; empty unless there is a criterion for each side
	Ideas    int
	Bounded  bool // there are more ideas than it looks at
}

// judged is an idea with the answers to it.
type judged struct {
	id      int64
	answers []Answers
}

// Reckon answers the questions about all evaluated ideas: those of Ranking, which is asked first whether the actor may.
func (q Queries) Reckon(ctx context.Context, actor *Actor, card *Scorecard, ask Weighing) (*Reckoning, error) {
	var rows []struct {
		IdeaID  int64
		Answers string
	}
	err := q.raw(ctx, &rows, `SELECT v.idea_id, v.answers FROM (SELECT r.idea_id, r.enough, r.bound FROM evaluation_results r JOIN ideas i ON i.id = r.idea_id
			WHERE r.campaign_id = ? AND i.state = 'published' AND `+unsigned+` ORDER BY r.enough DESC, r.bound DESC, r.idea_id DESC LIMIT ?) r
		JOIN evaluations v ON v.idea_id = r.idea_id AND v.state = 'submitted' AND v.score IS NOT NULL ORDER BY r.enough DESC, r.bound DESC, r.idea_id DESC, v.id`, card.CampaignID, actor.ID, actor.ID, firmIdeas+1)
	if err != nil {
		return nil, fmt.Errorf("reckon campaign %d: %w", card.CampaignID, err)
	}
	var ideas []judged
	for _, row := range rows {
		answers, err := readAnswers(row.Answers)
		if err != nil {
			return nil, err
		}
		if n := len(ideas); n == 0 || ideas[n-1].id != row.IdeaID {
			ideas = append(ideas, judged{id: row.IdeaID})
		}
		last := &ideas[len(ideas)-1]
		last.answers = append(last.answers, answers)
	}
	reckoning := &Reckoning{Bounded: len(ideas) > firmIdeas}
	ideas = ideas[:min(len(ideas), firmIdeas)]
	reckoning.Ideas = len(ideas)
	reckoning.Firmness = firmness(card, ideas, ask)
	reckoning.Pictures = pictures(card, ideas)
	return reckoning, nil
}

// rank orders ideas as Ranking does, with other weights.
func rank(card *Scorecard, ideas []judged, weight func(*Criterion) float64) []int64 {
	type place struct {
		id     int64
		enough bool
		bound  float64
	}
	places := make([]place, len(ideas))
	for i := range ideas {
		var scores []float64
		for _, answers := range ideas[i].answers {
			if score, ok := weighted(card.Criteria, answers, weight); ok {
				scores = append(scores, score)
			}
		}
		spread := SpreadOf(scores)
		places[i] = place{ideas[i].id, spread.N >= card.Minimum, spread.Bound()}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.enough != b.enough {
			if a.enough {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.bound, a.bound), cmp.Compare(b.id, a.id))
	})
	ids := make([]int64, len(places))
	for i := range places {
		ids[i] = places[i].id
	}
	return ids
}

func firmness(card *Scorecard, ideas []judged, ask Weighing) Firmness {
	ask.Top = min(ask.Top, len(ideas))
	f := Firmness{Weighing: ask}
	first := rank(card, ideas, func(c *Criterion) float64 { return float64(c.Weight) })[:ask.Top]
	for i := range card.Criteria {
		moved := &card.Criteria[i]
		for _, up := range []bool{true, false} {
			factor := 1 - float64(ask.Percent)/100
			if up {
				factor = 1 + float64(ask.Percent)/100
			}
			then := rank(card, ideas, func(c *Criterion) float64 {
				if c == moved {
					return float64(c.Weight) * factor
				}
				return float64(c.Weight)
			})[:ask.Top]
			f.Tried++
			var out []int64
			for _, id := range first {
				if !slices.Contains(then, id) {
					out = append(out, id)
				}
			}
			if len(out) == 0 {
				f.Same++
			} else {
				f.Moves = append(f.Moves, Move{moved, up, out})
			}
		}
	}
	return f
}

// pictures places the ideas between value and effort: the mean share of the scale that was given for each, 1 being the most.
func pictures(card *Scorecard, ideas []judged) (pictures []Picture) {
	var value, effort *Criterion
	for i := range card.Criteria {
		switch card.Criteria[i].Axis {
		case ValueAxis:
			value = &card.Criteria[i]
		case EffortAxis:
			effort = &card.Criteria[i]
		}
	}
	if value == nil || effort == nil {
		return nil
	}
	for i := range ideas {
		v, hasValue := ideas[i].much(value)
		e, hasEffort := ideas[i].much(effort)
		if hasValue && hasEffort {
			pictures = append(pictures, Picture{ideas[i].id, v, e})
		}
	}
	return pictures
}

// much is how much of a criterion an idea has for its evaluators, whichever way the criterion counts.
func (j *judged) much(c *Criterion) (mean float64, ok bool) {
	plain := *c
	plain.Inverted = false
	var shares []float64
	for _, answers := range j.answers {
		if score := answers[c.ID]; score != nil {
			shares = append(shares, plain.share(*score))
		}
	}
	return SpreadOf(shares).Mean, len(shares) > 0
}

// CriterionSpread is what the evaluators of an idea say of one criterion.
type CriterionSpread struct {
	Criterion *Criterion
	Spread          // of the shares of the scale, the best being 1
	Scores    []int // as they were given
	Skipped   int   // for how many it does not apply
}

// SpreadByCriterion says where the evaluators of an idea differ.
func SpreadByCriterion(card *Scorecard, evaluations []EvaluationCard) (spreads []CriterionSpread) {
	for i := range card.Criteria {
		spread := CriterionSpread{Criterion: &card.Criteria[i]}
		var shares []float64
		for j := range evaluations {
			if evaluations[j].State != Submitted {
				continue
			}
			score := evaluations[j].Given()[spread.Criterion.ID]
			if score == nil {
				spread.Skipped++
				continue
			}
			spread.Scores, shares = append(spread.Scores, *score), append(shares, spread.Criterion.share(*score))
		}
		slices.Sort(spread.Scores)
		spread.Spread = SpreadOf(shares)
		spreads = append(spreads, spread)
	}
	return spreads
}
