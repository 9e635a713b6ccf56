package count

import (
	"cmp"
	"math"
	"slices"
)

// Opinions are the groups of voters who see things alike, found from their ballots alone as Polis does (math/src/polismath): whoever said
// enough is placed by the two directions in which ballots differ most, and people who stand together are a group. Nobody is named:
// of groups one learns their size and what they agree with.
type Opinions struct {
	Groups   []OpinionGroup // the largest first; none where there are no two of at least Smallest people
	People   int            // in the groups
	Few      int            // said too little to be placed
	Same     int            // agreed, or disagreed, with everything
	Apart    int            // how clearly the groups stand apart, in millionths: the mean silhouette
	Stands   []Stand        // of everybody, by option
	Majority []Typical      // what most people agree or disagree with, the clearest first
}

// OpinionGroup is one of the groups.
type OpinionGroup struct {
	People  int
	Stands  []Stand   // by option
	Typical []Typical // what tells it from the others, the clearest first
}

// Stand is what a number of people say of an option.
type Stand struct {
	ID                    int64
	Agree, Disagree, Seen int
}

// Typical is an option that a group, or most people, agree or disagree with more than chance explains.
type Typical struct {
	ID     int64
	Agrees bool
	Weight int // in millionths, by which they are ordered
}

// What Polis goes by.
const (
	enoughSaid  = 7      // of how many options somebody says something who is placed, if there are as many
	fewPlaced   = 15     // people; if fewer said as much, those who said most are placed as well
	significant = 1.2816 // of a normal distribution: nine times of ten
	mostTypical = 5      // that are told
)

// HasOpinions tells the methods by which one can be for an option and against it.
func (m Method) HasOpinions() bool { return m == ForAgainst || m == Score }

// opinion is an answer between -1 and 1.
func (m Method) opinion(amount int64) float64 {
	if m == Score {
		return float64(amount-3) / 2
	}
	return float64(amount)
}

// OpinionsOf finds the groups. The same ballots, in whatever order, give the same groups.
func OpinionsOf(method Method, options []Option, ballots []Ballot) Opinions {
	ballots = slices.Clone(ballots)
	slices.SortFunc(ballots, func(a, b Ballot) int { return cmp.Compare(a.Key, b.Key) })
	column := make(map[int64]int, len(options))
	for i, option := range options {
		column[option.ID] = i
	}
	out, everyone := Opinions{Stands: standsOf(options)}, []voter{}
	for i := range ballots {
		v := voter{}
		for _, line := range ballots[i].Lines {
			if at, known := column[line.Option]; known {
				v.said = append(v.said, said{at, method.opinion(line.Amount)})
			}
		}
		slices.SortFunc(v.said, func(a, b said) int { return cmp.Compare(a.column, b.column) })
		v.stand(out.Stands)
		everyone = append(everyone, v)
	}
	out.Majority = majority(out.Stands)
	placed := out.placed(everyone, len(options))
	groups, apart := cluster(placed, len(options))
	if len(groups) < 2 {
		return out
	}
	out.Apart, out.People = roundedFloat(apart), len(placed)
	for _, members := range groups {
		group := OpinionGroup{People: len(members), Stands: standsOf(options)}
		for _, i := range members {
			placed[i].stand(group.Stands)
		}
		out.Groups = append(out.Groups, group)
	}
	for i := range out.Groups {
		out.Groups[i].Typical = out.typical(i)
	}
	return out
}

// said is what a voter says of the option in a column; voter is all that they say, by column.
type (
	said struct {
		column  int
		opinion float64
	}
	voter struct{ said []said }
)

func standsOf(options []Option) []Stand {
	stands := make([]Stand, len(options))
	for i, option := range options {
		stands[i].ID = option.ID
	}
	return stands
}

func (v voter) stand(stands []Stand) {
	for _, s := range v.said {
		stand := &stands[s.column]
		stand.Seen++
		switch {
		case s.opinion > 0:
			stand.Agree++
		case s.opinion < 0:
			stand.Disagree++
		}
	}
}

// same tells who is for everything, or against it, of more than one option: that says nothing of what they prefer.
func (v voter) same() bool {
	if len(v.said) < 2 {
		return false
	}
	up, down := 0, 0
	for _, s := range v.said {
		if s.opinion > 0 {
			up++
		}
		if s.opinion < 0 {
			down++
		}
	}
	return up == len(v.said) || down == len(v.said)
}

// placed are those who said enough, without those who said the same of everything.
func (o *Opinions) placed(everyone []voter, options int) []voter {
	var candidates []voter
	for _, v := range everyone {
		if v.same() {
			o.Same++
		} else if len(v.said) > 0 {
			candidates = append(candidates, v)
		}
	}
	slices.SortStableFunc(candidates, func(a, b voter) int { return cmp.Compare(len(b.said), len(a.said)) })
	n := 0
	for n < len(candidates) && (len(candidates[n].said) >= min(enoughSaid, options) || n < fewPlaced) {
		n++
	}
	o.Few = len(everyone) - o.Same - n
	return candidates[:n]
}

// share is the chance that somebody agrees, of s who said something.
func share(agree, seen int) float64 { return float64(agree+1) / float64(seen+2) }

// certainty is how far that is from a toss-up, in standard deviations: for nine of ten 2.7136, for six of ten 0.9045.
func certainty(agree, seen int) float64 {
	n := float64(seen + 1)
	return 2 * math.Sqrt(n) * (float64(agree+1)/n - 0.5)
}

// difference is how far apart two shares are, in standard deviations: for 9 of 10 and 2 of 10 3.0354.
func difference(agreeIn, seenIn, agreeOut, seenOut int) float64 {
	ai, si, ao, so := float64(agreeIn+1), float64(seenIn+1), float64(agreeOut+1), float64(seenOut+1)
	all := (ai + ao) / (si + so)
	spread := math.Sqrt(float64(all*(1-all)) * (1/si + 1/so))
	if spread == 0 {
		return 0
	}
	return (ai/si - ao/so) / spread
}

// typical is what tells a group from the others.
func (o *Opinions) typical(group int) (typical []Typical) {
	for column := range o.Groups[group].Stands {
		in, out := o.Groups[group].Stands[column], Stand{}
		for i := range o.Groups {
			if i != group {
				other := o.Groups[i].Stands[column]
				out.Agree, out.Disagree, out.Seen = out.Agree+other.Agree, out.Disagree+other.Disagree, out.Seen+other.Seen
			}
		}
		best := Typical{}
		for _, side := range []struct {
			agrees  bool
			in, out int
		}{{true, in.Agree, out.Agree}, {false, in.Disagree, out.Disagree}} {
			p, z, differs := share(side.in, in.Seen), certainty(side.in, in.Seen), difference(side.in, in.Seen, side.out, out.Seen)
			if z < significant || differs < significant {
				continue
			}
			if weight := roundedFloat(p / share(side.out, out.Seen) * differs * p * z); weight > best.Weight {
				best = Typical{in.ID, side.agrees, weight}
			}
		}
		if best.Weight > 0 {
			typical = append(typical, best)
		}
	}
	return clearest(typical, mostTypical)
}

// majority is what more than half of all agree with, and disagree with, beyond chance: at most five of each.
func majority(stands []Stand) []Typical {
	var agreed, rejected []Typical
	for _, s := range stands {
		if p, z := share(s.Agree, s.Seen), certainty(s.Agree, s.Seen); p > 0.5 && z > significant {
			agreed = append(agreed, Typical{s.ID, true, roundedFloat(p * z)})
		}
		if p, z := share(s.Disagree, s.Seen), certainty(s.Disagree, s.Seen); p > 0.5 && z > significant {
			rejected = append(rejected, Typical{s.ID, false, roundedFloat(p * z)})
		}
	}
	return append(clearest(agreed, mostTypical), clearest(rejected, mostTypical)...)
}

func clearest(typical []Typical, most int) []Typical {
	slices.SortFunc(typical, func(a, b Typical) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.ID, b.ID)) })
	return typical[:min(len(typical), most)]
}

func roundedFloat(x float64) int { return int(math.Round(float64(x * 1_000_000))) }
