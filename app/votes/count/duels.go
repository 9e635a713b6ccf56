package count

import "math"

// Laplace is the chance of an option to win a duel, in millionths, as if it had won and lost one more each.
func Laplace(wins, duels int) int { return millionths(int64(wins)+1, int64(duels)+2) }

// z of an interval that holds with a probability of 95 %.
const z = 1.96

// Wilson is the lower bound of Wilson's interval of a share, in millionths: of nothing, 0.
func Wilson(wins, duels int) int {
	lower, _ := wilson(wins, duels)
	return lower
}

// wilson computes both ends. The conversions keep a compiler from fusing operations, which would round differently on other machines.
func wilson(wins, duels int) (lower, upper int) {
	if duels == 0 {
		return 0, 1_000_000
	}
	n := float64(duels)
	p := float64(wins) / n
	square := float64(z * z)
	middle := float64(p + float64(square/float64(2*n)))
	spread := float64(z * math.Sqrt(float64(float64(float64(p*float64(1-p))+float64(square/float64(4*n)))/n)))
	whole := float64(1 + float64(square/n))
	round := func(v float64) int { return int(math.Round(float64(v * 1_000_000))) }
	return max(0, round(float64(float64(middle-spread)/whole))), round(float64(float64(middle+spread) / whole))
}

// Confidence says in a word how well a share is known.
type Confidence string

// Confidences: half of Wilson's interval is at most a tenth, a fifth, or more.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
)

// ConfidenceOf is how well the chance of an option is known after some duels.
func ConfidenceOf(wins, duels int) Confidence {
	lower, upper := wilson(wins, duels)
	switch half := (upper - lower) / 2; {
	case half <= 100_000:
		return High
	case half <= 200_000:
		return Medium
	}
	return Low
}

// Pair is two options in the order in which they are shown.
type Pair struct{ Left, Right int64 }

// Sorted is the pair whichever way it was shown.
func (p Pair) Sorted() Pair {
	if p.Left > p.Right {
		return Pair{p.Right, p.Left}
	}
	return p
}

// Shown is how often options were shown to voters, alone and, by their sorted pairs, together.
type Shown struct {
	Options  []int64
	Times    map[int64]int
	Together map[Pair]int
}

// catchUp bounds the weight of a pair that was hardly shown, so that chance keeps a part: below this many all weigh the same.
const catchUp = 20

// weight of a pair in the draw, in parts of a thousand million: the less it was shown, the more, up to a twentieth.
func weight(together int) uint64 { return 1_000_000_000 / uint64(max(together+1, catchUp)) }

// Next draws the next pair for a voter who has compared some pairs already. First come the options that were shown least,
// so that none is shown more than once more often than another; among their pairs those catch up that were shown less. The
// same seed draws the same pair. It is false when the voter has compared everything.
func (s Shown) Next(done map[Pair]bool, seed uint64) (next Pair, ok bool) {
	least, total := math.MaxInt, uint64(0)
	var pairs []Pair
	for i, a := range s.Options {
		for _, b := range s.Options[i+1:] {
			pair := Pair{a, b}.Sorted()
			times := s.Times[a] + s.Times[b]
			if done[pair] || times > least {
				continue
			}
			if times < least {
				least, total, pairs = times, 0, pairs[:0]
			}
			pairs, total = append(pairs, pair), total+weight(s.Together[pair])
		}
	}
	if len(pairs) == 0 {
		return Pair{}, false
	}
	draw := mix(seed)
	at := draw % total
	for _, pair := range pairs {
		w := weight(s.Together[pair])
		if at < w {
			next = pair
			break
		}
		at -= w
	}
	if draw>>63 == 1 { // no side is better than the other
		next = Pair{next.Right, next.Left}
	}
	return next, true
}

// mix spreads the bits of a seed (SplitMix64).
func mix(seed uint64) uint64 {
	seed += 0x9e3779b97f4a7c15
	seed = (seed ^ seed>>30) * 0xbf58476d1ce4e5b9
	seed = (seed ^ seed>>27) * 0x94d049bb133111eb
	return seed ^ seed>>31
}
