package count

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

func TestVectorsOfPolis(t *testing.T) {
	for _, v := range []struct {
		name      string
		got, want float64
	}{
		{"certainty of 9 of 10", certainty(9, 10), 2.7136},
		{"certainty of 6 of 10", certainty(6, 10), 0.9045},
		{"9 of 10 against 2 of 10", difference(9, 10, 2, 10), 3.0354},
		{"consensus of 90 % and 10 %", float64(Consensus([]Agreement{{90, 100}, {10, 100}})) / 1e6, 0.0962},
		{"consensus of 55 % and 55 %", float64(Consensus([]Agreement{{55, 100}, {55, 100}})) / 1e6, 0.3014},
	} {
		if math.Abs(v.got-v.want) > 0.00005 {
			t.Errorf("%s is %.4f, want %.4f", v.name, v.got, v.want)
		}
	}
}

// camps are two groups of voters on ten options: all agree with the first, one camp is for 2 to 5 and the other for 6 to 9, and
// nobody agrees on the last. Of each camp every third leaves some options out.
func camps(one, other int) (options []Option, ballots []Ballot) {
	for id := int64(1); id <= 10; id++ {
		options = append(options, Option{ID: id})
	}
	for n := range one + other {
		ballot := Ballot{Key: fmt.Sprintf("key-%03d", (n*37)%1000)}
		for id := int64(1); id <= 10; id++ {
			amount := int64(1)
			if id == 10 || id > 1 && (id <= 5) != (n < one) {
				amount = -1
			}
			if n%3 == 0 && id == int64(n%9)+2 {
				continue
			}
			ballot.Lines = append(ballot.Lines, Line{id, amount})
		}
		ballots = append(ballots, ballot)
	}
	return options, ballots
}

func TestOpinionGroupsAreThoseWhoSeeThingsAlike(t *testing.T) {
	options, ballots := camps(30, 20)
	for n := range 4 { // for all of it, which tells nothing
		ballot := Ballot{Key: fmt.Sprint("all-", n)}
		for _, o := range options {
			ballot.Lines = append(ballot.Lines, Line{o.ID, 1})
		}
		ballots = append(ballots, ballot)
	}
	ballots = append(ballots, Ballot{Key: "short", Lines: []Line{{1, 1}, {2, -1}}})
	found := OpinionsOf(ForAgainst, options, ballots)
	if len(found.Groups) != 2 || found.Groups[0].People != 30 || found.Groups[1].People != 20 || found.Same != 4 || found.Few != 1 || found.People != 50 {
		t.Fatalf("the groups are %+v", found)
	}
	if found.Apart < 600_000 {
		t.Errorf("two camps stand apart by %d millionths only", found.Apart)
	}
	for i, want := range [][]int64{{2, 3, 4, 5}, {6, 7, 8, 9}} {
		var for_ []int64
		for _, typical := range found.Groups[i].Typical {
			if typical.Agrees {
				for_ = append(for_, typical.ID)
			}
		}
		slices.Sort(for_)
		if len(for_) == 0 || !slices.Equal(for_, slices.DeleteFunc(slices.Clone(want), func(id int64) bool { return !slices.Contains(for_, id) })) {
			t.Errorf("group %d is told to be for %v, not for some of %v", i, for_, want)
		}
		if slices.ContainsFunc(found.Groups[i].Typical, func(v Typical) bool { return v.ID == 1 }) {
			t.Errorf("what all agree with is told as typical of group %d", i)
		}
	}
	if len(found.Majority) == 0 || found.Majority[0] != (Typical{1, true, found.Majority[0].Weight}) {
		t.Errorf("what most agree with is %v", found.Majority)
	}

	slices.Reverse(ballots)
	if again := OpinionsOf(ForAgainst, options, ballots); fmt.Sprint(again) != fmt.Sprint(found) {
		t.Errorf("other groups come of the same ballots in another order:\n%v\n%v", again, found)
	}
}

func TestNoOpinionGroupIsSmallerThanFive(t *testing.T) {
	options, ballots := camps(30, 4)
	if found := OpinionsOf(ForAgainst, options, ballots); slices.ContainsFunc(found.Groups, func(g OpinionGroup) bool { return g.People < Smallest }) {
		t.Errorf("a group of fewer than five is told: %+v", found.Groups)
	}
	options, ballots = camps(5, 4)
	if found := OpinionsOf(ForAgainst, options, ballots); found.Groups != nil || len(found.Stands) != 10 {
		t.Errorf("nine people make groups: %+v", found.Groups)
	}
	if found := OpinionsOf(Score, nil, nil); found.Groups != nil || found.Majority != nil {
		t.Errorf("nobody makes groups: %+v", found)
	}
	scores := []Ballot{}
	for n := range 20 { // all say the same
		scores = append(scores, Ballot{Key: fmt.Sprint(n), Lines: []Line{{1, 3}, {2, 4}}})
	}
	if found := OpinionsOf(Score, []Option{{ID: 1}, {ID: 2}}, scores); found.Groups != nil {
		t.Errorf("people of one mind make groups: %+v", found.Groups)
	}
}

func TestManyVotersAreGroupedAsWell(t *testing.T) {
	var options []Option
	for id := int64(1); id <= 60; id++ {
		options = append(options, Option{ID: id})
	}
	ballots := make([]Ballot, 3000)
	for n := range ballots {
		ballots[n].Key = fmt.Sprintf("%05d", n)
		for id := int64(1); id <= 60; id++ {
			if amount := int64((n%3*7+int(id)*(n%3+1)+n/3%4/3)%5) - 2; amount != 0 && (n+int(id))%4 != 0 {
				ballots[n].Lines = append(ballots[n].Lines, Line{id, amount / max(amount, -amount)})
			}
		}
	}
	if found := OpinionsOf(ForAgainst, options, ballots); len(found.Groups) < 2 || len(found.Groups) > 5 {
		t.Errorf("%d groups", len(found.Groups))
	}
}
