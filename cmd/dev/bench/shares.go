package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"ruche/app/votes/count"
)

// A budget as large as one is foreseen: so many projects and voters, each of whom chooses some.
const (
	shareProjects = 200
	shareVoters   = 20_000
	shareChoices  = 30 // at most
)

// measureShares is what counting such a budget by equal shares computes.
func measureShares() (time.Duration, error) {
	random := rand.New(rand.NewPCG(1, shareVoters))
	options := make([]count.Option, shareProjects)
	for i := range options {
		options[i] = count.Option{ID: int64(i + 1), Cost: 100 * (1000 + random.Int64N(50_000))}
	}
	ballots := make([]count.Ballot, shareVoters)
	for i := range ballots {
		ballots[i].Key = fmt.Sprintf("banc-%d", i)
		for _, at := range random.Perm(shareProjects)[:1+random.IntN(shareChoices)] {
			ballots[i].Lines = append(ballots[i].Lines, count.Line{Option: options[at].ID, Amount: 1})
		}
	}
	return computed(0, 1, func() error {
		_, err := count.EqualShares(100*1_500_000, options, ballots, func(int, int) error { return nil })
		return err
	})
}

func (r *report) writeShares(w io.Writer) {
	fmt.Fprintf(w, "\n## Counting a budget by equal shares\n\n%d projects and %s voters who choose up to %d of them: %s ms of CPU, aimed at under 5 s.\n",
		shareProjects, thousands(shareVoters), shareChoices, ms(r.shares))
}
