package count

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
)

// Limits within which amounts of money and their parts fit into 64 bits.
const (
	MaxBudget  = 100_000_000_000 // cents: a thousand million euros
	maxVoters  = 9_000_000
	shareParts = 1_000_000 // at least, of a cent
)

// Award says what a budget pays for, in the order in which it was chosen.
type Award struct {
	Funded []Funding
	Left   int64 // cents
	Unit   int64 // how many parts a cent has in Each and Share
	Share  int64 // what each voter could dispose of, in parts of a cent; 0 where nobody had a share
}

// Funding is one option that is paid for.
type Funding struct {
	ID        int64
	Each      int64 // what each of its supporters paid who had as much left, in parts of a cent; the others paid all they had
	Completed bool  // from what was left over when no group could pay for anything more
}

// Greedy takes the options in the order of their supporters as long as the money goes, and passes over what is too dear.
// Among equals the cheaper comes first, then the one with the lower number.
func Greedy(budget int64, options []Option, ballots []Ballot) Award {
	award := Award{Left: budget}
	complete(&award, options, ballots)
	for i := range award.Funded {
		award.Funded[i].Completed = false
	}
	return award
}

// complete spends what is left of an award on options that it does not have.
func complete(award *Award, options []Option, ballots []Ballot) {
	votes, taken := map[int64]int{}, map[int64]bool{}
	for i := range ballots {
		for _, line := range ballots[i].Lines {
			votes[line.Option]++
		}
	}
	for _, funding := range award.Funded {
		taken[funding.ID] = true
	}
	sorted := slices.Clone(options)
	slices.SortFunc(sorted, func(a, b Option) int {
		return cmp.Or(cmp.Compare(votes[b.ID], votes[a.ID]), cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.ID, b.ID))
	})
	for _, option := range sorted {
		if votes[option.ID] > 0 && option.Cost > 0 && option.Cost <= award.Left && !taken[option.ID] {
			award.Left -= option.Cost
			award.Funded = append(award.Funded, Funding{ID: option.ID, Completed: true})
		}
	}
}

// candidate is an option in the Method of Equal Shares.
type candidate struct {
	Option
	price      int64 // in parts of a cent
	supporters []int // places of the voters
	// The rate at which its supporters would pay, per part of its price, is owed/(payers*price). It never falls, since nobody
	// gets richer: an old rate is a lower bound of the true one.
	owed   int64
	payers int
}

// shares is the state of a count by the Method of Equal Shares.
type shares struct {
	purses []int64 // by voter, in the order of their keys
	open   []*candidate
}

// EqualShares counts by the Method of Equal Shares (Peters, Pierczyński, Skowron), in which an option is worth to its
// supporters what it costs: each voter has the same share of the budget; again and again the option is paid for whose
// supporters have to give the smallest part of its price each, those with less left paying all they have. What no group of
// supporters can pay for any more is completed as Greedy does. Equal rates go to the option with more supporters, the
// cheaper one, the one with the lower number. progress is told how many options are settled.
func EqualShares(budget int64, options []Option, ballots []Ballot, progress func(done, total int) error) (Award, error) {
	award := Award{Left: budget}
	if budget < 0 || budget > MaxBudget || len(ballots) > maxVoters {
		return award, fmt.Errorf("a budget of %d cents for %d voters is out of bounds", budget, len(ballots))
	}
	if len(ballots) == 0 {
		return award, nil
	}
	n := int64(len(ballots))
	parts := (shareParts + n - 1) / n
	award.Unit, award.Share = parts*n, budget*parts
	s := newShares(award, options, ballots)
	for {
		if err := progress(len(award.Funded), len(options)); err != nil {
			return award, err
		}
		best := s.best()
		if best == nil {
			break
		}
		each := s.pay(best)
		award.Left -= best.Cost
		award.Funded = append(award.Funded, Funding{ID: best.ID, Each: each})
	}
	complete(&award, options, ballots)
	return award, nil
}

func newShares(award Award, options []Option, ballots []Ballot) *shares {
	s := &shares{purses: make([]int64, len(ballots))}
	at := map[int64]*candidate{}
	for _, option := range options {
		if option.Cost > 0 && option.Cost <= award.Left { // what alone is dearer than everything is never paid for
			at[option.ID] = &candidate{Option: option, price: option.Cost * award.Unit}
		}
	}
	sorted := slices.Clone(ballots)
	slices.SortFunc(sorted, func(a, b Ballot) int { return cmp.Compare(a.Key, b.Key) })
	for voter := range sorted {
		s.purses[voter] = award.Share
		for _, line := range sorted[voter].Lines {
			if c := at[line.Option]; c != nil && line.Amount > 0 {
				c.supporters = append(c.supporters, voter)
			}
		}
	}
	for _, c := range at {
		if len(c.supporters) > 0 {
			c.owed, c.payers = c.price, len(c.supporters)
			s.open = append(s.open, c)
		}
	}
	return s
}

// best is the option that costs its supporters least now, which it takes off the list; nil if none can be paid for.
func (s *shares) best() *candidate {
	slices.SortFunc(s.open, compareRates)
	var best *candidate
	kept := s.open[:0]
	for i, c := range s.open {
		if best != nil && compareRates(best, c) < 0 { // by a bound: nothing that follows is better
			kept = append(kept, s.open[i:]...)
			break
		}
		if !s.rate(c) {
			continue // its supporters cannot pay for it, and never will
		}
		kept = append(kept, c)
		if best == nil || compareRates(c, best) < 0 {
			best = c
		}
	}
	s.open = slices.DeleteFunc(kept, func(c *candidate) bool { return c == best })
	return best
}

// rate finds what the supporters of an option would pay now: who has less than the others pays all, which raises what is
// left to the others, until it is the same for all of them. It tells whether they have enough.
func (s *shares) rate(c *candidate) bool {
	for limit := int64(-1); ; {
		owed, payers := c.price, 0
		for _, voter := range c.supporters {
			if purse := s.purses[voter]; purse <= limit {
				owed -= purse
			} else {
				payers++
			}
		}
		if payers == 0 { // all of them together have less than it costs
			return false
		}
		c.owed, c.payers = owed, payers
		below := (owed+int64(payers)-1)/int64(payers) - 1 // whoever has no more than this pays all
		if below <= limit {
			return true
		}
		limit = below
	}
}

// compareRates compares what two options cost their supporters, as exact fractions, then by the ties.
func compareRates(a, b *candidate) int {
	left := new(big.Int).Mul(big.NewInt(a.owed), new(big.Int).Mul(big.NewInt(int64(b.payers)), big.NewInt(b.price)))
	right := new(big.Int).Mul(big.NewInt(b.owed), new(big.Int).Mul(big.NewInt(int64(a.payers)), big.NewInt(a.price)))
	return cmp.Or(left.Cmp(right), cmp.Compare(len(b.supporters), len(a.supporters)), cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.ID, b.ID))
}

// pay takes the price of an option from its supporters, to the last part of a cent: where it does not divide, those who
// have most left pay one part more. It returns what each of those paid who had as much.
func (s *shares) pay(c *candidate) int64 {
	each, more := c.owed/int64(c.payers), c.owed%int64(c.payers)
	var able []int
	for _, voter := range c.supporters {
		if s.purses[voter] > each && more > 0 {
			able = append(able, voter)
		}
		s.purses[voter] -= min(each, s.purses[voter])
	}
	slices.SortStableFunc(able, func(a, b int) int { return cmp.Compare(s.purses[b], s.purses[a]) })
	for _, voter := range able[:min(int(more), len(able))] {
		s.purses[voter]--
	}
	return each
}

// Payment is what one voter's share paid for an option, in cents, rounded down.
type Payment struct{ ID, Cents int64 }

// Receipt says what a ballot's share paid for, and what is left of it, in cents.
func (a Award) Receipt(ballot Ballot) (payments []Payment, left int64) {
	if a.Unit == 0 {
		return nil, 0
	}
	purse := a.Share
	for _, funding := range a.Funded {
		if funding.Completed || !slices.ContainsFunc(ballot.Lines, func(l Line) bool { return l.Option == funding.ID && l.Amount > 0 }) {
			continue
		}
		paid := min(funding.Each, purse)
		purse -= paid
		payments = append(payments, Payment{funding.ID, paid / a.Unit})
	}
	return payments, purse / a.Unit
}
