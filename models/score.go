package models

import (
	"encoding/json"
	"fmt"
	"math"
)

// Answers are what an evaluator says of an idea: the score by the id of the criterion, nil where it does not apply.
type Answers map[int64]*int

// readAnswers reads stored answers; empty ones are none.
func readAnswers(text string) (answers Answers, err error) {
	if text == "" {
		return Answers{}, nil
	}
	if err := json.Unmarshal([]byte(text), &answers); err != nil {
		return nil, fmt.Errorf("read answers: %w", err)
	}
	return answers, nil
}

func (a Answers) text() (string, error) {
	raw, err := json.Marshal(a)
	return string(raw), err
}

// share is where a score stands between the worst, 0, and the best, 1.
func (c *Criterion) share(score int) float64 {
	x := float64(score-c.Lowest) / float64(c.Highest-c.Lowest)
	if c.Inverted {
		return 1 - x
	}
	return x
}

// Score is the weighted mean of an evaluator's answers, from 0 to 1, over the criteria that apply; ok is false where none does.
func Score(criteria []Criterion, answers Answers) (score float64, ok bool) {
	return weighted(criteria, answers, func(c *Criterion) float64 { return float64(c.Weight) })
}

func weighted(criteria []Criterion, answers Answers, weight func(*Criterion) float64) (score float64, ok bool) {
	sum, weights := 0.0, 0.0
	for i := range criteria {
		c := &criteria[i]
		if answer := answers[c.ID]; answer != nil {
			sum += weight(c) * c.share(*answer)
			weights += weight(c)
		}
	}
	if weights == 0 {
		return 0, false
	}
	return sum / weights, true
}

// Spread is what several scores say together.
type Spread struct {
	N         int
	Mean      float64
	Deviation float64 // the standard deviation of a sample; 0 for one score, of which nothing is known
}

// SpreadOf sums up scores.
func SpreadOf(scores []float64) Spread {
	s := Spread{N: len(scores)}
	if s.N == 0 {
		return s
	}
	for _, score := range scores {
		s.Mean += score / float64(s.N)
	}
	if s.N == 1 {
		return s
	}
	for _, score := range scores {
		s.Deviation += (score - s.Mean) * (score - s.Mean)
	}
	s.Deviation = math.Sqrt(s.Deviation / float64(s.N-1))
	return s
}

// confidence is how many standard errors the lower bound stands below the mean: with 1.96, 39 of 40 means lie above where the
// errors are normal. One looks at one side only; with both, nineteen of twenty lie between.
const confidence = 1.96

// leastDeviation is the spread that the lower bound takes evaluators to have at least, so that one alone, or two who happen to
// agree, do not make an idea certain. It is a choice of ours on the scale from 0 to 1, and measured nowhere: a bit more
// than half a step of a scale of five.
const leastDeviation = 0.15

// Bound is the lower bound of the mean, by which ideas are ranked: few evaluators, or ones who differ, count for less. It can be
// below 0.
func (s Spread) Bound() float64 {
	if s.N == 0 {
		return 0
	}
	return s.Mean - confidence*max(s.Deviation, leastDeviation)/math.Sqrt(float64(s.N))
}

// highDeviation is from where on evaluators differ so much that they had better talk.
const highDeviation = 0.25

// Disputed tells whether the evaluators differ much.
func (s Spread) Disputed() bool { return s.Deviation > highDeviation }
