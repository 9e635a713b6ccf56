package models

import (
	"cmp"
	"slices"
)

// lacking is an idea that wants evaluators.
type lacking struct {
	idea  int64
	wants int
	can   []int64 // who could evaluate it and does not yet
}

// giving is an idea that one person evaluates from now on.
type giving struct{ idea, evaluator int64 }

// distribution gives ideas to people so that nobody has much more to do than another.
type distribution struct {
	load  map[int64]int // evaluations by person, those that were there included
	can   map[int64][]int64
	has   map[giving]bool // given by this distribution
	ideas map[int64][]int64
}

// distribute gives each idea as many evaluators as it wants, as far as there are any. Who has least to do comes first, then
// whose id is smaller; what that leaves uneven is passed on until nobody who could take an idea has two fewer than whoever
// has it. The same ideas and people always come out the same.
func distribute(ideas []lacking, load map[int64]int) (given []giving) {
	d := &distribution{load: map[int64]int{}, can: map[int64][]int64{}, has: map[giving]bool{}, ideas: map[int64][]int64{}}
	for person, n := range load {
		d.load[person] = n
	}
	ordered := slices.Clone(ideas)
	slices.SortFunc(ordered, func(a, b lacking) int { // those with little choice first
		return cmp.Or(cmp.Compare(len(a.can)-a.wants, len(b.can)-b.wants), cmp.Compare(a.idea, b.idea))
	})
	for i := range ordered {
		idea := &ordered[i]
		d.can[idea.idea] = slices.Sorted(slices.Values(idea.can))
		people := slices.Clone(d.can[idea.idea])
		slices.SortStableFunc(people, func(a, b int64) int { return cmp.Compare(d.load[a], d.load[b]) })
		for _, person := range people[:max(0, min(idea.wants, len(people)))] {
			d.give(giving{idea.idea, person})
		}
	}
	for d.even() {
	}
	for g := range d.has {
		given = append(given, g)
	}
	slices.SortFunc(given, func(a, b giving) int {
		return cmp.Or(cmp.Compare(a.idea, b.idea), cmp.Compare(a.evaluator, b.evaluator))
	})
	return given
}

func (d *distribution) give(g giving) {
	d.has[g] = true
	d.load[g.evaluator]++
	d.ideas[g.evaluator] = append(d.ideas[g.evaluator], g.idea)
}

func (d *distribution) take(g giving) {
	delete(d.has, g)
	d.load[g.evaluator]--
	at := slices.Index(d.ideas[g.evaluator], g.idea)
	d.ideas[g.evaluator] = slices.Delete(d.ideas[g.evaluator], at, at+1)
}

// even passes ideas on along a chain of people, from one who has much to one who has at least two fewer; false if there is
// no such chain.
func (d *distribution) even() bool {
	people := make([]int64, 0, len(d.ideas))
	for person := range d.ideas {
		people = append(people, person)
	}
	slices.SortFunc(people, func(a, b int64) int { return cmp.Or(cmp.Compare(d.load[b], d.load[a]), cmp.Compare(a, b)) })
	for _, person := range people {
		if chain := d.chain(person); chain != nil {
			for _, step := range chain {
				d.take(giving{step.idea, step.from})
				d.give(giving{step.idea, step.to})
			}
			return true
		}
	}
	return false
}

// passing is an idea that goes from one person to another.
type passing struct{ idea, from, to int64 }

// chain finds the shortest way by which a person can have one idea less and one with at least two fewer has one more.
func (d *distribution) chain(start int64) []passing {
	before := map[int64]passing{start: {}}
	for queue := []int64{start}; len(queue) > 0; queue = queue[1:] {
		from := queue[0]
		for _, idea := range d.ideas[from] {
			for _, to := range d.can[idea] {
				if _, seen := before[to]; seen || d.has[giving{idea, to}] {
					continue
				}
				before[to] = passing{idea, from, to}
				if d.load[to] <= d.load[start]-2 {
					return d.back(before, start, to)
				}
				queue = append(queue, to)
			}
		}
	}
	return nil
}

func (d *distribution) back(before map[int64]passing, start, end int64) (chain []passing) {
	for at := end; at != start; at = before[at].from {
		chain = append(chain, before[at])
	}
	return chain
}
