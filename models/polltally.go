package models

import (
	"cmp"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
)

// Tally is how a poll stands: how many votes give each option each mark and, where votes are ranks, how many put one option above
// another. Votes are added and taken away one by one, so it never has to be made anew.
type Tally struct {
	Counts [][]int `json:"counts,omitempty"` // by option, by mark
	Above  [][]int `json:"above,omitempty"`  // by option, by the option below it
}

// Scan reads a tally as it is stored.
func (t *Tally) Scan(value any) error {
	var text []byte
	switch v := value.(type) {
	case string:
		text = []byte(v)
	case []byte:
		text = v
	default:
		return fmt.Errorf("tally in %T", value)
	}
	*t = Tally{}
	if len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, t)
}

// Value writes a tally as it is stored.
func (t Tally) Value() (driver.Value, error) {
	raw, err := json.Marshal(t)
	return string(raw), err
}

// add counts a vote once more, or once less with -1.
func (t *Tally) add(kind PollKind, marks Marks, times int) {
	for len(t.Counts) < len(marks) {
		t.Counts = append(t.Counts, nil)
	}
	for option, mark := range marks {
		for len(t.Counts[option]) <= mark {
			t.Counts[option] = append(t.Counts[option], 0)
		}
		t.Counts[option][mark] += times
	}
	if kind != RankedChoice {
		return
	}
	for len(t.Above) < len(marks) {
		t.Above = append(t.Above, make([]int, len(marks)))
	}
	for a, rankA := range marks {
		for b, rankB := range marks {
			if rankA > 0 && (rankB == 0 || rankA < rankB) { // what has no rank is below all that have one
				t.Above[a][b] += times
			}
		}
	}
}

// Count is how many votes give an option a mark.
func (t *Tally) Count(option, mark int) int {
	if option >= len(t.Counts) || mark >= len(t.Counts[option]) {
		return 0
	}
	return t.Counts[option][mark]
}

// Beats is how many votes put one option above another.
func (t *Tally) Beats(option, other int) int {
	if option >= len(t.Above) || other >= len(t.Above) {
		return 0
	}
	return t.Above[option][other]
}

// Ranked is the place of an option among the others.
type Ranked struct {
	Option int
	Place  int // from 1 on; the same for options that are level
	Wins   int // over how many others
}

// Ranking puts the options of a ranked poll into the order that the votes give them, by Schulze's method: an option is placed above
// another if the strongest chain of majorities that leads from it to the other is stronger than the strongest one back. The source is
// M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and condorcet-consistent single-winner election method", Social
// Choice and Welfare 36 (2011), 267–303, with the strength of a majority being the number of votes for it ("winning votes").
//
// It was preferred to instant run-off because it needs no more than the sums of who puts what above what: a poll counts as it goes on,
// the votes of an anonymous one can be deleted when it closes, an option that would win against every other one alone always wins, and
// nobody harms what they rank higher by ranking it so.
func (t *Tally) Ranking(options int) []Ranked {
	strength := t.strongest(options)
	ranked := make([]Ranked, options)
	for a := range options {
		ranked[a].Option = a
		for b := range options {
			if strength[a][b] > strength[b][a] {
				ranked[a].Wins++
			}
		}
	}
	slices.SortStableFunc(ranked, func(a, b Ranked) int { return cmp.Compare(b.Wins, a.Wins) })
	for i := range ranked {
		ranked[i].Place = i + 1
		if i > 0 && ranked[i].Wins == ranked[i-1].Wins {
			ranked[i].Place = ranked[i-1].Place
		}
	}
	return ranked
}

// strongest is the strength of the strongest chain from each option to each other: Floyd and Warshall's algorithm, as Schulze has it.
func (t *Tally) strongest(options int) [][]int {
	strength := make([][]int, options)
	for a := range options {
		strength[a] = make([]int, options)
		for b := range options {
			if a != b && t.Beats(a, b) > t.Beats(b, a) {
				strength[a][b] = t.Beats(a, b)
			}
		}
	}
	for via := range options {
		for a := range options {
			for b := range options {
				if a != b && a != via && b != via {
					strength[a][b] = max(strength[a][b], min(strength[a][via], strength[via][b]))
				}
			}
		}
	}
	return strength
}
