package count

import (
	"cmp"
	"math/big"
	"slices"
)

// Smallest is how many people a group has at least of which something is said: of fewer one could guess who said what.
const Smallest = 5

// Agreement is how many of those in one group who said something of an option are in favour of it.
type Agreement struct{ For, Of int }

// Consensus is the agreement across groups, in millionths: the chances that somebody of each group is in favour, multiplied.
// One group that is against it weighs as much as one that is for it, however large they are.
func Consensus(groups []Agreement) int {
	product := big.NewRat(1, 1)
	for _, g := range groups {
		product.Mul(product, big.NewRat(int64(g.For)+1, int64(g.Of)+2))
	}
	return roundedMillionths(product)
}

// Group is a number of people with something in common.
type Group struct {
	Name  string
	Size  int // who could vote
	Voted int // who did
}

// Told splits groups into those of which something may be said and the rest, which is told as one. Neither a group nor the
// rest has fewer than Smallest people, or fewer of them who voted, unless it has none at all: what is hidden cannot be
// found by subtraction. If that leaves nothing to tell apart, nothing is told.
func Told(groups []Group) (told []Group, rest Group) {
	sorted := slices.Clone(groups)
	slices.SortFunc(sorted, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Voted, a.Voted), cmp.Compare(b.Size, a.Size), cmp.Compare(a.Name, b.Name))
	})
	for _, g := range sorted {
		if g.Name != "" && g.Size >= Smallest && g.Voted >= Smallest {
			told = append(told, g)
		} else {
			rest.Size, rest.Voted = rest.Size+g.Size, rest.Voted+g.Voted
		}
	}
	for len(told) > 0 && (rest.Size > 0 && rest.Size < Smallest || rest.Voted > 0 && rest.Voted < Smallest) {
		last := told[len(told)-1]
		told, rest.Size, rest.Voted = told[:len(told)-1], rest.Size+last.Size, rest.Voted+last.Voted
	}
	if len(told) < 2 && rest.Size == 0 {
		return nil, rest
	}
	return told, rest
}
