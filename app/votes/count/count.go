// Package count turns ballots into results: sums, means, budgets, duels. It is arithmetic alone: it knows no database, no
// clock and no chance, so that the same ballots, in whatever order, give the same result to the last digit. Where a
// division would round, it compares fractions, and what it hands out is in whole millionths.
package count

import (
	"cmp"
	"math/big"
	"slices"
)

// Method is how people vote.
type Method string

// Methods.
const (
	Support    Method = "support"     // one for each idea that one supports
	ForAgainst Method = "for_against" // 1 or -1
	Points     Method = "points"      // a number of points to give away
	Approval   Method = "approval"    // a number of ideas to choose
	Score      Method = "score"       // 1 to 5
	Budget     Method = "budget"      // what one would pay for, as far as the money goes
	Duels      Method = "duels"       // this one or that one
)

// Option is what can be voted for. Cost is in cents, for budgets.
type Option struct{ ID, Cost int64 }

// Line is what a ballot says of one option.
type Line struct{ Option, Amount int64 }

// Duel is one comparison: Winner is Left, Right, or 0 where the voter could not decide.
type Duel struct{ Left, Right, Winner int64 }

// Ballot is what one voter said, under a key that does not tell who they are.
type Ballot struct {
	Key   string
	Lines []Line
	Duels []Duel
}

// Row is the result of one option. Which figures there are depends on the method.
type Row struct {
	ID      int64
	Rank    int   // equal results share one
	Ballots int   // that say something of it
	For     int   // of those who are in favour of it: of duels, how many it has won
	Against int   // who are against it: of duels, how many it has lost
	Sum     int64 // of points or scores
	Score   int   // in millionths: the mean of scores, the chance to win a duel
	Lower   int   // of Score, what it hardly falls below, for duels
}

// Agrees tells whether a line is in favour of its option.
func (m Method) Agrees(amount int64) bool {
	if m == Score {
		return amount >= 4
	}
	return amount > 0
}

// Total is how many ballots say the same of an option. Of duels the amount is 1 for a victory, -1 for a defeat, 0 for none.
type Total struct {
	Option, Amount int64
	Ballots        int
}

// Rows adds up ballots, best first. Among equals the option with the lower number comes first.
func Rows(method Method, options []Option, ballots []Ballot) []Row {
	rows, at := blank(options)
	for i := range ballots {
		for _, line := range ballots[i].Lines {
			if row := at[line.Option]; row != nil {
				row.add(method, line.Amount, 1)
			}
		}
		for _, duel := range ballots[i].Duels {
			if left, right := at[duel.Left], at[duel.Right]; left != nil && right != nil {
				left.fight(duel.Winner, duel.Left)
				right.fight(duel.Winner, duel.Right)
			}
		}
	}
	return ordered(method, rows)
}

// RowsOf is Rows of what is added up already.
func RowsOf(method Method, options []Option, totals []Total) []Row {
	rows, at := blank(options)
	for _, total := range totals {
		if row := at[total.Option]; row != nil {
			row.add(method, total.Amount, total.Ballots)
		}
	}
	return ordered(method, rows)
}

func blank(options []Option) (rows []Row, at map[int64]*Row) {
	rows, at = make([]Row, len(options)), make(map[int64]*Row, len(options))
	for i, option := range options {
		rows[i].ID = option.ID
		at[option.ID] = &rows[i]
	}
	return rows, at
}

func (r *Row) add(method Method, amount int64, ballots int) {
	r.Ballots += ballots
	if method != Duels {
		r.Sum += amount * int64(ballots)
	}
	switch {
	case method.Agrees(amount):
		r.For += ballots
	case amount < 0:
		r.Against += ballots
	}
}

func (r *Row) fight(winner, own int64) {
	r.Ballots++
	switch winner {
	case own:
		r.For++
	case 0:
	default:
		r.Against++
	}
}

func (r *Row) score(method Method) {
	switch method {
	case Score:
		if r.Ballots > 0 {
			r.Score = millionths(r.Sum, int64(r.Ballots))
		}
	case Duels:
		r.Score, r.Lower = Laplace(r.For, r.For+r.Against), Wilson(r.For, r.For+r.Against)
	}
}

// better says which of two rows comes first by their figures alone: negative for the first, 0 for equals.
func better(method Method, a, b *Row) int {
	switch method {
	case ForAgainst:
		return cmp.Or(cmp.Compare(b.Sum, a.Sum), cmp.Compare(b.For, a.For))
	case Points:
		return cmp.Or(cmp.Compare(b.Sum, a.Sum), cmp.Compare(b.Ballots, a.Ballots))
	case Score:
		// As if one more voter had given each note from 1 to 5 its share twice over: two notes in the middle. One five
		// alone is not the best of all.
		return cmp.Compare((b.Sum+6)*int64(a.Ballots+2), (a.Sum+6)*int64(b.Ballots+2))
	case Duels:
		return cmp.Or(cmp.Compare(b.Lower, a.Lower), cmp.Compare(b.Score, a.Score))
	}
	return cmp.Compare(b.For, a.For)
}

func ordered(method Method, rows []Row) []Row {
	for i := range rows {
		rows[i].score(method)
	}
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Or(better(method, &a, &b), cmp.Compare(a.ID, b.ID)) })
	for i := range rows {
		rows[i].Rank = i + 1
		if i > 0 && better(method, &rows[i-1], &rows[i]) == 0 {
			rows[i].Rank = rows[i-1].Rank
		}
	}
	return rows
}

// millionths is a fraction, rounded to millionths; halves away from zero.
func millionths(numerator, denominator int64) int {
	return roundedMillionths(big.NewRat(numerator, denominator))
}

func roundedMillionths(r *big.Rat) int {
	scaled := new(big.Rat).Mul(r, big.NewRat(2_000_000, 1))
	twice := new(big.Int).Quo(scaled.Num(), scaled.Denom())
	if twice.Sign() >= 0 {
		twice.Add(twice, big.NewInt(1))
	} else {
		twice.Sub(twice, big.NewInt(1))
	}
	return int(twice.Quo(twice, big.NewInt(2)).Int64())
}
