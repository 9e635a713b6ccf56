package models

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func scores(pairs ...int) Answers {
	answers := Answers{}
	for i := 0; i+1 < len(pairs); i += 2 {
		answers[int64(pairs[i])] = &pairs[i+1]
	}
	return answers
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestAScoreIsTheWeightedMeanOfWhatApplies(t *testing.T) {
	criteria := []Criterion{
		{ID: 1, Lowest: 1, Highest: 5, Weight: 3}, // value
		{ID: 2, Lowest: 0, Highest: 10, Weight: 1, Inverted: true},
		{ID: 3, Lowest: 1, Highest: 3, Weight: 2},
	}
	for _, c := range []struct {
		answers Answers
		want    float64
	}{
		{scores(1, 5, 2, 0, 3, 3), 1},
		{scores(1, 1, 2, 10, 3, 1), 0},
		{scores(1, 4, 2, 3, 3, 2), (3*0.75 + 1*0.7 + 2*0.5) / 6},
		{Answers{1: scores(1, 4)[1], 2: nil, 3: nil}, 0.75}, // the weights of what does not apply do not count
		{scores(2, 3), 0.7},
	} {
		if got, ok := Score(criteria, c.answers); !ok || !near(got, c.want) {
			t.Errorf("%v: %v, want %v", c.answers, got, c.want)
		}
	}
	if _, ok := Score(criteria, Answers{1: nil, 2: nil, 3: nil}); ok {
		t.Error("nothing applied, and there is a score")
	}
}

func TestTheRankIsTheLowerBoundOfTheMean(t *testing.T) {
	for _, c := range []struct {
		scores                 []float64
		mean, deviation, least float64
	}{
		{[]float64{0.9, 0.5, 0.7}, 0.7, 0.2, 0.2},
		{[]float64{0.8, 0.6, 0.7}, 0.7, 0.1, 0.15},
		{[]float64{1, 0}, 0.5, math.Sqrt(0.5), math.Sqrt(0.5)},
		{[]float64{0.9}, 0.9, 0, 0.15}, // of one nothing is known
		{[]float64{0.4, 0.4, 0.4, 0.4}, 0.4, 0, 0.15},
	} {
		s := SpreadOf(c.scores)
		if s.N != len(c.scores) || !near(s.Mean, c.mean) || !near(s.Deviation, c.deviation) {
			t.Errorf("%v: %+v", c.scores, s)
		}
		if want := c.mean - 1.96*c.least/math.Sqrt(float64(len(c.scores))); !near(s.Bound(), want) {
			t.Errorf("%v: bound %v, want %v", c.scores, s.Bound(), want)
		}
	}
	if one, two, nine := SpreadOf([]float64{1}), SpreadOf([]float64{1, 1}), SpreadOf([]float64{0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95}); one.Bound() >= two.Bound() || two.Bound() >= nine.Bound() {
		t.Errorf("one who says 1 is worth %v, two %v, nine who say 0.95 %v", one.Bound(), two.Bound(), nine.Bound())
	}
	if s := SpreadOf([]float64{0.5, 1}); !s.Disputed() { // 0.354
		t.Error("evaluators who differ by half the scale agree")
	}
	if s := SpreadOf([]float64{0.5, 0.8}); s.Disputed() { // 0.212
		t.Error("0.21 is more than 0.25")
	}
	if s := SpreadOf(nil); s.N != 0 || s.Bound() != 0 || s.Disputed() {
		t.Errorf("nobody said %+v", s)
	}
}

func TestAnEvaluationIsOverAfterItsStageAndNotInAPause(t *testing.T) {
	now := time.Date(2026, 12, 16, 9, 0, 0, 0, time.UTC)
	starts := func(days int) *time.Time {
		at := now.AddDate(0, 0, days)
		return &at
	}
	campaign := func(kinds ...StageKind) *Campaign { // the first begins now, each other a day after the one before
		c := &Campaign{PublishedAt: &now}
		for i, kind := range kinds {
			c.Stages = append(c.Stages, CampaignStage{Kind: kind, Position: i, StartsAt: starts(i)})
		}
		return c
	}
	staged, open := campaign(Gather, Evaluate, Decide, Closed), campaign(Gather, Closed)
	for day, want := range []bool{false, false, true, true} {
		for _, paused := range []*time.Time{nil, &now} {
			staged.PausedAt = paused
			if got := staged.EvaluationOver(*starts(day)); got != want {
				t.Errorf("day %d, paused %v: %v", day, paused, got)
			}
		}
	}
	if open.EvaluationOver(now) || !open.EvaluationOver(*starts(1)) {
		t.Error("a campaign without a stage for it is evaluated until it closes")
	}
}

func TestWeightsThatMatterAreFound(t *testing.T) {
	card := &Scorecard{Minimum: 1, Criteria: []Criterion{
		{ID: 1, Lowest: 0, Highest: 10, Weight: 50, Axis: ValueAxis}, {ID: 2, Lowest: 0, Highest: 10, Weight: 50, Inverted: true, Axis: EffortAxis},
	}}
	ideas := []judged{ // 0.75, 0.74 and 0.2: the first two change places when effort counts for less
		{id: 1, answers: []Answers{scores(1, 7, 2, 2)}},
		{id: 2, answers: []Answers{scores(1, 9, 2, 4)}},
		{id: 3, answers: []Answers{scores(1, 2, 2, 8)}},
	}
	one := firmness(card, ideas, Weighing{Top: 1, Percent: 20})
	if one.Tried != 4 || one.Same != 2 || len(one.Moves) != 2 {
		t.Errorf("%+v", one)
	}
	two := firmness(card, ideas, Weighing{Top: 2, Percent: 20})
	if two.Tried != 4 || two.Same != 4 || len(two.Moves) != 0 {
		t.Errorf("%+v", two)
	}
	if all := firmness(card, ideas, Weighing{Top: 9, Percent: 100}); all.Top != 3 || all.Same != all.Tried {
		t.Errorf("%+v", all)
	}
	// Effort is drawn as much as it is, although it counts against the idea.
	want := []Picture{{1, 0.7, 0.2}, {2, 0.9, 0.4}, {3, 0.2, 0.8}}
	if got := pictures(card, ideas); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	card.Criteria[1].Axis = NoAxis
	if got := pictures(card, ideas); got != nil {
		t.Errorf("a picture with one side: %v", got)
	}
}

func TestIdeasAreGivenOutEvenly(t *testing.T) {
	var ideas []lacking
	for i := range int64(10) {
		ideas = append(ideas, lacking{idea: i + 1, wants: 3, can: []int64{1, 2, 3, 4}})
	}
	given := distribute(ideas, map[int64]int{1: 0, 2: 0, 3: 0, 4: 0})
	load := map[int64]int{}
	for _, g := range given {
		load[g.evaluator]++
	}
	if want := map[int64]int{1: 8, 2: 8, 3: 7, 4: 7}; len(given) != 30 || !maps.Equal(load, want) {
		t.Errorf("%v", load)
	}
}

// What only one person can take goes to them, and what others could take is passed on so that they have no more than the others.
func TestIdeasArePassedOnToWhoHasLess(t *testing.T) {
	ideas := []lacking{
		{idea: 1, wants: 1, can: []int64{1, 2}}, {idea: 2, wants: 1, can: []int64{1, 2}}, {idea: 3, wants: 1, can: []int64{2, 3}}, {idea: 4, wants: 1, can: []int64{2, 3}},
		{idea: 5, wants: 1, can: []int64{1}}, {idea: 6, wants: 1, can: []int64{1}},
	}
	load := map[int64]int{}
	for _, g := range distribute(ideas, nil) {
		load[g.evaluator]++
	}
	if want := map[int64]int{1: 2, 2: 2, 3: 2}; !maps.Equal(load, want) {
		t.Errorf("%v", load)
	}
}

func TestDistributionsAreFairWhateverTheyAreOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, load := rapid.IntRange(1, 7).Draw(t, "people"), map[int64]int{}
		for p := range people {
			load[int64(p+1)] = rapid.IntRange(0, 3).Draw(t, "load")
		}
		var ideas []lacking
		can := map[giving]bool{}
		for i := range rapid.IntRange(0, 20).Draw(t, "ideas") {
			idea := lacking{idea: int64(i + 1), wants: rapid.IntRange(1, 4).Draw(t, "wants")}
			for p := range people {
				if rapid.IntRange(0, 3).Draw(t, "can") > 0 {
					idea.can = append(idea.can, int64(p+1))
					can[giving{idea.idea, int64(p + 1)}] = true
				}
			}
			ideas = append(ideas, idea)
		}
		given := distribute(ideas, load)
		has, got := map[giving]bool{}, map[int64]int{}
		after := maps.Clone(load)
		for _, g := range given {
			if !can[g] || has[g] {
				t.Fatalf("%v was given twice or to somebody who cannot", g)
			}
			has[g] = true
			got[g.idea]++
			after[g.evaluator]++
		}
		for _, idea := range ideas {
			if got[idea.idea] != min(idea.wants, len(idea.can)) {
				t.Fatalf("idea %d has %d evaluators", idea.idea, got[idea.idea])
			}
		}
		for g := range has { // nobody could take an idea from somebody who has two more
			for p := range after {
				if other := (giving{g.idea, p}); can[other] && !has[other] && after[p] <= after[g.evaluator]-2 {
					t.Fatalf("%d has %d and could take idea %d of %d, who has %d", p, after[p], g.idea, g.evaluator, after[g.evaluator])
				}
			}
		}
		slices.Reverse(ideas)
		if again := distribute(ideas, load); fmt.Sprint(again) != fmt.Sprint(given) {
			t.Fatal("the same ideas come out otherwise")
		}
	})
}

func TestAScorecardSaysWhichFieldIsWrong(t *testing.T) {
	good := func() *Scorecard {
		return &Scorecard{PerIdea: 3, Minimum: 2, Minutes: 20, Criteria: []Criterion{{Position: 1, NameFR: " Valeur  ajoutée ", Lowest: 1, Highest: 5, Weight: 2, StepsFR: "1 : rien\n\n5 = beaucoup"}}}
	}
	card := good()
	if err := card.Validate(); err != nil {
		t.Fatal(err)
	}
	if c := &card.Criteria[0]; c.NameFR != "Valeur ajoutée" || c.Name("en") != "Valeur ajoutée" || c.Steps("fr")[5] != "beaucoup" || c.Steps("fr")[1] != "rien" {
		t.Errorf("%+v", c)
	}
	for field, spoil := range map[string]func(*Scorecard){
		"per_idea":    func(s *Scorecard) { s.PerIdea = 10 },
		"minimum":     func(s *Scorecard) { s.Minimum = 4 },
		"c1_name_en":  func(s *Scorecard) { s.Criteria[0].NameFR = " " },
		"c1_name_fr":  func(s *Scorecard) { s.Criteria[0].NameFR = "nul\x00" },
		"c1_highest":  func(s *Scorecard) { s.Criteria[0].Highest = 1 },
		"c1_weight":   func(s *Scorecard) { s.Criteria[0].Weight = 0 },
		"c1_axis":     func(s *Scorecard) { s.Criteria[0].Axis = "price" },
		"c1_steps_fr": func(s *Scorecard) { s.Criteria[0].StepsFR = "6 trop" },
		"criteria":    func(s *Scorecard) { s.Criteria = make([]Criterion, MaxCriteria+1) },
		"c2_axis": func(s *Scorecard) {
			s.Criteria[0].Axis = ValueAxis
			s.Criteria = append(s.Criteria, s.Criteria[0])
			s.Criteria[1].Position = 2
		},
	} {
		card := good()
		spoil(card)
		invalid, _ := card.Validate().(Invalid)
		if invalid[field] == "" {
			t.Errorf("%s: %v", field, invalid)
		}
	}
}
