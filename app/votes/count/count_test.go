package count

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func quiet(int, int) error { return nil }

// supporters makes n ballots that are in favour of the same options.
func supporters(n int, options ...int64) (ballots []Ballot) {
	for i := range n {
		b := Ballot{Key: fmt.Sprintf("%v-%05d", options, i)}
		for _, id := range options {
			b.Lines = append(b.Lines, Line{id, 1})
		}
		ballots = append(ballots, b)
	}
	return ballots
}

// colours are ten red and ten blue options of 10 each, and 51 voters for red, 49 for blue.
func colours() (options []Option, ballots []Ballot) {
	var red, blue []int64
	for id := int64(1); id <= 20; id++ {
		options = append(options, Option{id, 10})
		if id <= 10 {
			red = append(red, id)
		} else {
			blue = append(blue, id)
		}
	}
	return options, append(supporters(51, red...), supporters(49, blue...)...)
}

func funded(a Award) (red, blue int) {
	for _, f := range a.Funded {
		switch {
		case f.Completed:
		case f.ID <= 10:
			red++
		default:
			blue++
		}
	}
	return red, blue
}

func TestEqualSharesGiveAMinorityItsShareWhereGreedyGivesItNothing(t *testing.T) {
	options, ballots := colours()
	greedy := Greedy(100, options, ballots)
	if red, blue := funded(greedy); red != 10 || blue != 0 {
		t.Errorf("greedy pays for %d red and %d blue", red, blue)
	}
	equal, err := EqualShares(100, options, ballots, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if red, blue := funded(equal); red != 5 || blue != 4 {
		t.Errorf("equal shares pay for %d red and %d blue", red, blue)
	}
	if last := equal.Funded[len(equal.Funded)-1]; !last.Completed || last.ID != 6 || len(equal.Funded) != 10 || equal.Left != 0 {
		t.Errorf("the 10 that are left complete it with %+v, and leave %d", last, equal.Left)
	}
}

func TestGreedyPassesOverWhatIsTooDear(t *testing.T) {
	options := []Option{{1, 60}, {2, 50}, {3, 40}}
	ballots := slices.Concat(supporters(50, 1), supporters(49, 2), supporters(10, 3))
	award := Greedy(100, options, ballots)
	if len(award.Funded) != 2 || award.Funded[0].ID != 1 || award.Funded[1].ID != 3 || award.Left != 0 {
		t.Errorf("a budget of 100 pays for %+v", award)
	}
}

func TestAReceiptSaysWhatAShareHasPaidFor(t *testing.T) {
	options := []Option{{1, 9000}, {2, 3000}, {3, 50}}
	ballots := append(supporters(3, 1), Ballot{Key: "x", Lines: []Line{{2, 1}}})
	award, err := EqualShares(12000, options, ballots, quiet)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		ballot Ballot
		want   []Payment
	}{{ballots[0], []Payment{{1, 3000}}}, {ballots[3], []Payment{{2, 3000}}}, {Ballot{Key: "y", Lines: []Line{{3, 1}}}, nil}} {
		got, left := award.Receipt(c.ballot)
		if !reflect.DeepEqual(got, c.want) || c.want != nil && left != 0 || c.want == nil && left != 3000 {
			t.Errorf("%+v paid %v, and keeps %d", c.ballot, got, left)
		}
	}
	if got, _ := Greedy(12000, options, ballots).Receipt(ballots[0]); got != nil {
		t.Errorf("where nobody has a share %v is paid", got)
	}
}

func TestSharesThatDoNotDivideAreSpentToTheLastCent(t *testing.T) {
	// Seven of ten voters have 70 together, which none of the sevenths below divides.
	options := []Option{{1, 20}, {2, 20}, {3, 30}}
	award, err := EqualShares(100, options, append(supporters(7, 1, 2, 3), supporters(3, 4)...), quiet)
	if err != nil || len(award.Funded) != 3 || slices.ContainsFunc(award.Funded, func(f Funding) bool { return f.Completed }) || award.Left != 30 {
		t.Errorf("%+v %v", award, err)
	}
}

func TestVectors(t *testing.T) {
	near := func(what string, got int, want float64) {
		t.Helper()
		if diff := float64(got)/1e6 - want; diff > 0.00005 || diff < -0.00005 {
			t.Errorf("%s is %d millionths, not %v", what, got, want)
		}
	}
	near("Wilson 9/10", Wilson(9, 10), 0.5958)
	near("Wilson 1/1", Wilson(1, 1), 0.2065)
	near("Wilson 90/100", Wilson(90, 100), 0.8256)
	near("Wilson 0/0", Wilson(0, 0), 0)
	near("Laplace 0/0", Laplace(0, 0), 0.5)
	near("Laplace 9/10", Laplace(9, 10), 0.83333)
	near("Laplace 1/1", Laplace(1, 1), 0.66667)
	near("consensus of 90/100 and 10/100", Consensus([]Agreement{{90, 100}, {10, 100}}), 0.0962)
	near("consensus of 55/100 twice", Consensus([]Agreement{{55, 100}, {55, 100}}), 0.3014)
	for duels, want := range map[int]Confidence{0: Low, 10: Low, 30: Medium, 100: High} {
		if got := ConfidenceOf(duels/2, duels); got != want {
			t.Errorf("the confidence after %d duels is %s", duels, got)
		}
	}
}

func TestPairsCatchUp(t *testing.T) {
	if weight(0) != weight(19) || weight(39)*2 != weight(0) || weight(0) != 1_000_000_000/20 {
		t.Errorf("pairs shown 0, 19, 39 times weigh %d, %d, %d", weight(0), weight(19), weight(39))
	}
	// Four options, shown as often as each other; one pair of them 399 times, the other five never.
	shown := Shown{Options: []int64{1, 2, 3, 4}, Together: map[Pair]int{{1, 2}: 399}}
	drawn := map[Pair]int{}
	for seed := range uint64(20_000) {
		pair, _ := shown.Next(nil, seed)
		drawn[pair.Sorted()]++
	}
	if n := drawn[Pair{1, 2}]; n < 100 || n > 320 { // 20,000 times 1 of 101
		t.Errorf("the pair that was shown most is drawn %d times", n)
	}
}

func TestEveryOptionIsShownAsOftenAsTheOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shown := Shown{Times: map[int64]int{}, Together: map[Pair]int{}}
		for id := range rapid.Int64Range(2, 12).Draw(t, "options") {
			shown.Options = append(shown.Options, id+1)
		}
		seed := rapid.Uint64().Draw(t, "seed")
		for i := range rapid.IntRange(1, 120).Draw(t, "duels") {
			pair, ok := shown.Next(nil, seed+uint64(i))
			if !ok || pair.Left == pair.Right {
				t.Fatalf("duel %d is %v, %t", i, pair, ok)
			}
			shown.Times[pair.Left]++
			shown.Times[pair.Right]++
			shown.Together[pair.Sorted()]++
			low, high := i+1, 0
			for _, id := range shown.Options {
				low, high = min(low, shown.Times[id]), max(high, shown.Times[id])
			}
			if high-low > 1 {
				t.Fatalf("after %d duels one option was shown %d times, another %d", i+1, high, low)
			}
		}
	})
}

func TestAVoterIsAskedEachPairOnce(t *testing.T) {
	shown, done := Shown{Options: []int64{5, 3, 8, 1}, Times: map[int64]int{}}, map[Pair]bool{}
	for {
		pair, ok := shown.Next(done, uint64(len(done)))
		if !ok {
			break
		}
		if done[pair.Sorted()] {
			t.Fatalf("%v is asked twice", pair)
		}
		done[pair.Sorted()] = true
	}
	if len(done) != 6 {
		t.Errorf("four options make %d pairs", len(done))
	}
}

// someVote invents options and ballots.
func someVote(t *rapid.T) (budget int64, options []Option, ballots []Ballot) {
	n := rapid.IntRange(1, 8).Draw(t, "options")
	for id := range n {
		options = append(options, Option{int64(id + 1), rapid.Int64Range(0, 200).Draw(t, "cost")})
	}
	for voter := range rapid.IntRange(0, 12).Draw(t, "voters") {
		b := Ballot{Key: fmt.Sprintf("%03d", voter)}
		for _, option := range options {
			if rapid.Bool().Draw(t, "wants") {
				b.Lines = append(b.Lines, Line{option.ID, 1})
			}
		}
		ballots = append(ballots, b)
	}
	return rapid.Int64Range(0, 500).Draw(t, "budget"), options, ballots
}

func TestABudgetIsNeverExceededAndNobodyPaysMoreThanTheirShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		budget, options, ballots := someVote(t)
		cost := map[int64]int64{}
		for _, option := range options {
			cost[option.ID] = option.Cost
		}
		equal, err := EqualShares(budget, options, ballots, quiet)
		if err != nil {
			t.Fatal(err)
		}
		for name, award := range map[string]Award{"greedy": Greedy(budget, options, ballots), "equal shares": equal} {
			spent, once := int64(0), map[int64]bool{}
			for _, f := range award.Funded {
				if once[f.ID] {
					t.Fatalf("%s pays twice for %d", name, f.ID)
				}
				once[f.ID] = true
				spent += cost[f.ID]
				if !slices.ContainsFunc(ballots, func(b Ballot) bool {
					return slices.ContainsFunc(b.Lines, func(l Line) bool { return l.Option == f.ID })
				}) {
					t.Fatalf("%s pays for %d, which nobody wants", name, f.ID)
				}
			}
			if spent+award.Left != budget || award.Left < 0 {
				t.Fatalf("%s spends %d of %d and leaves %d", name, spent, budget, award.Left)
			}
		}
		paid := int64(0)
		for _, b := range ballots {
			own := int64(0)
			payments, left := equal.Receipt(b)
			for _, p := range payments {
				own += p.Cents
				if !slices.ContainsFunc(b.Lines, func(l Line) bool { return l.Option == p.ID }) {
					t.Fatalf("%s pays for %d, which they do not want", b.Key, p.ID)
				}
			}
			if own < 0 || left < 0 || (own+left)*int64(len(ballots)) > budget {
				t.Fatalf("%s pays %d and keeps %d of a %dth of %d", b.Key, own, left, len(ballots), budget)
			}
			paid += own
		}
		shared := int64(0)
		for _, f := range equal.Funded {
			if !f.Completed {
				shared += cost[f.ID]
			}
		}
		if paid > shared {
			t.Fatalf("the receipts say %d was paid for what costs %d", paid, shared)
		}
	})
}

func TestTheOrderOfBallotsIsIrrelevant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		budget, options, ballots := someVote(t)
		for i := range ballots {
			for l := range ballots[i].Lines {
				ballots[i].Lines[l].Amount = rapid.Int64Range(1, 5).Draw(t, "amount")
			}
			ballots[i].Duels = []Duel{{1, int64(len(options)), int64(rapid.IntRange(0, 1).Draw(t, "winner"))}}
		}
		turned := slices.Clone(ballots)
		rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "order"))).Shuffle(len(turned), func(i, j int) { turned[i], turned[j] = turned[j], turned[i] })
		backwards := slices.Clone(options)
		slices.Reverse(backwards)
		for _, method := range []Method{Support, ForAgainst, Points, Approval, Score, Budget, Duels} {
			if a, b := Rows(method, options, ballots), Rows(method, backwards, turned); !reflect.DeepEqual(a, b) {
				t.Fatalf("%s: %+v, and turned %+v", method, a, b)
			}
		}
		var totals []Total
		for _, b := range ballots {
			for _, line := range b.Lines {
				totals = append(totals, Total{line.Option, line.Amount, 1})
			}
		}
		if a, b := RowsOf(Score, options, totals), Rows(Score, options, withoutDuels(turned)); !reflect.DeepEqual(a, b) {
			t.Fatalf("added up %+v, one by one %+v", a, b)
		}
		a, _ := EqualShares(budget, options, ballots, quiet)
		b, _ := EqualShares(budget, backwards, turned, quiet)
		if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(Greedy(budget, options, ballots), Greedy(budget, backwards, turned)) {
			t.Fatalf("%+v, and turned %+v", a, b)
		}
	})
}

func withoutDuels(ballots []Ballot) []Ballot {
	ballots = slices.Clone(ballots)
	for i := range ballots {
		ballots[i].Duels = nil
	}
	return ballots
}

func TestRowsAreInTheOrderOfTheirMethod(t *testing.T) {
	options := []Option{{1, 0}, {2, 0}, {3, 0}}
	lines := func(key string, amounts ...int64) Ballot {
		b := Ballot{Key: key}
		for i, amount := range amounts {
			if amount != 0 {
				b.Lines = append(b.Lines, Line{int64(i + 1), amount})
			}
		}
		return b
	}
	for method, c := range map[Method]struct {
		ballots []Ballot
		want    string // ids with their ranks
	}{
		Support:    {[]Ballot{lines("a", 0, 1, 1), lines("b", 0, 0, 1)}, "3:1 2:2 1:3"},
		Approval:   {[]Ballot{lines("a", 1, 1, 0), lines("b", 1, 1, 0)}, "1:1 2:1 3:3"},
		ForAgainst: {[]Ballot{lines("a", 1, 1, -1), lines("b", -1, 1, 0)}, "2:1 1:2 3:3"},
		Points:     {[]Ballot{lines("a", 3, 2, 0), lines("b", 0, 2, 3), lines("c", 1, 0, 1)}, "1:1 2:1 3:1"},
		Score:      {[]Ballot{lines("a", 5, 4, 0), lines("b", 0, 5, 0), lines("c", 0, 5, 0)}, "2:1 1:2 3:3"},
		Duels:      {[]Ballot{{Key: "a", Duels: []Duel{{1, 2, 2}, {2, 3, 2}, {1, 3, 0}}}}, "2:1 1:2 3:2"},
	} {
		got := ""
		for _, row := range Rows(method, options, c.ballots) {
			got += fmt.Sprintf(" %d:%d", row.ID, row.Rank)
		}
		if got[1:] != c.want {
			t.Errorf("%s: %s, not %s", method, got, c.want)
		}
	}
}

func TestSmallGroupsAreNotToldApartNotEvenBySubtraction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var groups []Group
		all := Group{}
		for i := range rapid.IntRange(0, 8).Draw(t, "groups") {
			size := rapid.IntRange(1, 14).Draw(t, "size")
			g := Group{fmt.Sprint("g", i), size, rapid.IntRange(0, size).Draw(t, "voted")}
			groups, all.Size, all.Voted = append(groups, g), all.Size+size, all.Voted+g.Voted
		}
		told, rest := Told(groups)
		if len(told) == 0 {
			return
		}
		size, voted := rest.Size, rest.Voted
		for _, g := range append(slices.Clone(told), rest) {
			if g.Size > 0 && g.Size < Smallest || g.Voted > 0 && g.Voted < Smallest {
				t.Fatalf("of %v, %+v is told", groups, g)
			}
		}
		for _, g := range told {
			size, voted = size+g.Size, voted+g.Voted
		}
		if size != all.Size || voted != all.Voted {
			t.Fatalf("%d of %d people are told of", size, all.Size)
		}
	})
	told, rest := Told([]Group{{"Assembly", 20, 10}, {"Paint", 12, 8}, {"Board", 3, 2}})
	if len(told) != 1 || told[0].Name != "Assembly" || rest != (Group{"", 15, 10}) {
		t.Errorf("%v, and the rest %v", told, rest)
	}
}

func TestLargeVotesAreCountedInTime(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	options := make([]Option, 200)
	for i := range options {
		options[i] = Option{int64(i + 1), 100_000 + random.Int64N(5_000_000)}
	}
	ballots := make([]Ballot, 20_000)
	for i := range ballots {
		ballots[i].Key = fmt.Sprintf("%016x", random.Uint64())
		for _, at := range random.Perm(len(options))[:1+random.IntN(20)] {
			ballots[i].Lines = append(ballots[i].Lines, Line{options[at*at/len(options)].ID, 1})
		}
	}
	start := time.Now()
	award, err := EqualShares(150_000_000, options, ballots, quiet)
	took := time.Since(start)
	t.Logf("%d options are paid for after %v", len(award.Funded), took)
	if err != nil || len(award.Funded) < 20 || took > 5*time.Second {
		t.Errorf("%d options after %v: %v", len(award.Funded), took, err)
	}
}
