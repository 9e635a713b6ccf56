package models

import (
	"math"
	"time"
)

// Trending is one stored number per idea, the logarithm of a sum of contributions that each lose
// 1/e of their weight in rankDecay: hot = ln Σ w·e^(t/τ), t the time of a contribution. It grows only
// when something happens and never has to be computed again as time passes, so an index on it is
// the order of the list. The formula is the exponential-decay score that ClearFlask uses,
// s' = max(s, t/τ) + ln(1 + e^(min−max)).

// rankDecay is τ: after a week a support counts for about a third.
const rankDecay = 7 * 24 * time.Hour

// Weights of the contributions to an idea's rank, against 1 for being published.
const (
	supportWeight = 1.0
	commentWeight = 0.5
)

// contribution is the rank of one thing of the given weight at time at.
func contribution(at time.Time, weight float64) float64 {
	return float64(at.UnixMilli())/float64(rankDecay.Milliseconds()) + math.Log(weight)
}

// rankAdd adds a contribution to a rank.
func rankAdd(rank, contribution float64) float64 {
	high, low := max(rank, contribution), min(rank, contribution)
	return high + math.Log1p(math.Exp(low-high))
}

// rankRemove takes a contribution away again; floor is the least the rank may become.
func rankRemove(rank, contribution, floor float64) float64 {
	if contribution >= rank {
		return floor
	}
	return max(rank+math.Log1p(-math.Exp(contribution-rank)), floor)
}

// rankAddMany adds so many supports of one time.
func rankAddMany(rank float64, n int, at time.Time) float64 {
	if n <= 0 {
		return rank
	}
	return rankAdd(rank, contribution(at, supportWeight*float64(n)))
}

// Rank is the trending rank of an idea with the given times of publication, supports and comments.
func Rank(published time.Time, supports, comments []time.Time) float64 {
	rank := contribution(published, 1)
	for _, at := range supports {
		rank = rankAdd(rank, contribution(at, supportWeight))
	}
	for _, at := range comments {
		rank = rankAdd(rank, contribution(at, commentWeight))
	}
	return rank
}
