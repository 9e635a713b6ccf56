package count

import (
	"cmp"
	"math"
	"slices"
)

// What groups are found by. Products are converted before they are added, so that no processor fuses the two and rounds once: the same
// ballots give the same groups wherever they are counted. A library for it (gonum) would be a hundred times as much code and rounds as
// the machine likes.
const (
	iterations = 100 // of the power method, and at most of finding the middles of groups
	mostBases  = 100 // small groups of which the large ones are made
	mostGroups = 5
)

// point is where somebody stands, and for how many.
type point struct {
	x, y   float64
	weight int
}

func (p point) far(q point) float64 {
	dx, dy := p.x-q.x, p.y-q.y
	return float64(dx*dx) + float64(dy*dy)
}

// cluster finds the groups among voters, as their places in the list, the largest group first, and how clearly they stand apart.
// What a voter did not say counts as the mean. No group is smaller than Smallest.
func cluster(voters []voter, columns int) (groups [][]int, apart float64) {
	if len(voters) < 2*Smallest || columns < 2 {
		return nil, 0
	}
	points := project(voters, columns)
	bases, baseOf := points, make([]int, len(points))
	for i := range baseOf {
		baseOf[i] = i
	}
	if len(points) > mostBases {
		bases, baseOf = means(points, mostBases)
	}
	for k := 2; k <= min(mostGroups, 2+len(voters)/12, len(bases)); k++ {
		_, groupOf := means(bases, k)
		found := make([][]int, k)
		for i, base := range baseOf {
			found[groupOf[base]] = append(found[groupOf[base]], i)
		}
		if slices.ContainsFunc(found, func(group []int) bool { return len(group) < Smallest }) {
			continue
		}
		if clear := silhouette(bases, groupOf, k); groups == nil || clear > apart {
			groups, apart = found, clear
		}
	}
	slices.SortStableFunc(groups, func(a, b []int) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a[0], b[0])) })
	return groups, apart
}

// project places voters along the two directions in which they differ most. Whoever said little would stand in the middle for that
// alone, so their distance from it is stretched.
func project(voters []voter, columns int) []point {
	centred := centre(voters, columns)
	spread := make([][]float64, columns)
	for i := range spread {
		spread[i] = make([]float64, columns)
	}
	for _, v := range centred {
		for i, a := range v.said {
			for _, b := range v.said[i:] {
				spread[a.column][b.column] += float64(a.opinion * b.opinion)
			}
		}
	}
	for i := range spread {
		for j := range i {
			spread[i][j] = spread[j][i]
		}
	}
	first := direction(spread, nil)
	second := direction(spread, first)
	points := make([]point, len(centred))
	for i, v := range centred {
		stretch := math.Sqrt(float64(columns) / float64(len(v.said)))
		points[i].weight = 1
		for _, s := range v.said {
			points[i].x += float64(s.opinion * first[s.column] * stretch)
			points[i].y += float64(s.opinion * second[s.column] * stretch)
		}
	}
	return points
}

// centre takes the mean of what is said of each option from what everyone says.
func centre(voters []voter, columns int) []voter {
	sums, seen := make([]float64, columns), make([]int, columns)
	for _, v := range voters {
		for _, s := range v.said {
			sums[s.column] += s.opinion
			seen[s.column]++
		}
	}
	centred := make([]voter, len(voters))
	for i, v := range voters {
		centred[i].said = slices.Clone(v.said)
		for j := range centred[i].said {
			s := &centred[i].said[j]
			s.opinion -= sums[s.column] / float64(seen[s.column])
		}
	}
	return centred
}

// direction is the one in which the spread is largest, at right angles to another one, by the power method.
func direction(spread [][]float64, other []float64) []float64 {
	v := make([]float64, len(spread))
	for i := range v {
		v[i] = 1 + float64(i)/float64(len(v)) // at right angles to nothing in particular
	}
	for range iterations {
		next := make([]float64, len(v))
		for i, row := range spread {
			for j, x := range row {
				next[i] += float64(x * v[j])
			}
		}
		if other != nil {
			along := dot(next, other)
			for i := range next {
				next[i] -= float64(along * other[i])
			}
		}
		length := math.Sqrt(dot(next, next))
		if length < 1e-9 {
			return make([]float64, len(v)) // there is no second direction
		}
		for i := range next {
			next[i] /= length
		}
		v = next
	}
	return v
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += float64(a[i] * b[i])
	}
	return sum
}

// means finds k middles of points (k-means) and to which each belongs, from two beginnings: the points in the order of either
// direction, divided evenly, so that one that stands far out does not make a group of its own. The tighter result counts.
func means(points []point, k int) (middles []point, of []int) {
	best := math.Inf(1)
	for _, along := range []func(point) float64{func(p point) float64 { return p.x }, func(p point) float64 { return p.y }} {
		order := make([]int, len(points))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(along(points[a]), along(points[b])) })
		start := make([]int, len(points))
		for place, i := range order {
			start[i] = place * k / len(points)
		}
		found := settle(points, start, k)
		nearest, loose := make([]int, len(points)), 0.0
		for i, p := range points {
			nearest[i] = nearestOf(p, found)
			loose += float64(p.far(found[nearest[i]]) * float64(p.weight))
		}
		if loose < best {
			best, middles, of = loose, found, nearest
		}
	}
	return middles, of
}

// settle moves the middles of groups until nobody changes theirs.
func settle(points []point, of []int, k int) (middles []point) {
	for range iterations {
		sums := make([]point, k)
		for i, p := range points {
			sum := &sums[of[i]]
			sum.x, sum.y, sum.weight = sum.x+float64(p.x*float64(p.weight)), sum.y+float64(p.y*float64(p.weight)), sum.weight+p.weight
		}
		for i := range sums {
			if sums[i].weight > 0 {
				sums[i].x, sums[i].y = sums[i].x/float64(sums[i].weight), sums[i].y/float64(sums[i].weight)
			} else if middles != nil {
				sums[i] = point{middles[i].x, middles[i].y, 0}
			}
		}
		middles = sums
		moved := false
		for i, p := range points {
			if nearest := nearestOf(p, middles); nearest != of[i] {
				of[i], moved = nearest, true
			}
		}
		if !moved {
			break
		}
	}
	return middles
}

func nearestOf(p point, middles []point) (nearest int) {
	for i := range middles {
		if p.far(middles[i]) < p.far(middles[nearest]) {
			nearest = i
		}
	}
	return nearest
}

// silhouette is how much nearer points are to their own group than to the next one, from -1 to 1.
func silhouette(points []point, of []int, k int) float64 {
	sum, all := 0.0, 0
	for i, p := range points {
		distance, weight := make([]float64, k), make([]int, k)
		for j, q := range points {
			if i != j {
				distance[of[j]] += float64(math.Sqrt(p.far(q)) * float64(q.weight))
				weight[of[j]] += q.weight
			}
		}
		all += p.weight
		own, next := 0.0, math.Inf(1)
		for g := range k {
			switch {
			case weight[g] == 0:
			case g == of[i]:
				own = distance[g] / float64(weight[g])
			default:
				next = min(next, distance[g]/float64(weight[g]))
			}
		}
		if weight[of[i]] > 0 && !math.IsInf(next, 1) && max(own, next) > 0 { // alone in its group it says nothing
			sum += float64((next - own) / max(own, next) * float64(p.weight))
		}
	}
	return sum / float64(max(all, 1))
}
