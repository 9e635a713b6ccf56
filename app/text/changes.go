package text

import "strings"

// A run is a stretch of tokens that both versions share, or the stretches that stand in each other's place.
type run struct {
	same bool
	a, b span
}

// runs turns pairs of tokens into an alternation of shared and differing stretches.
func runs(pairs []pair, lenA, lenB int) []run {
	var out []run
	i, j := 0, 0
	for _, p := range append(pairs, pair{lenA, lenB}) {
		if p.a > i || p.b > j {
			out = append(out, run{a: span{i, p.a}, b: span{j, p.b}})
		}
		if p.a == lenA {
			break
		}
		if n := len(out); n > 0 && out[n-1].same {
			out[n-1].a.to, out[n-1].b.to = p.a+1, p.b+1
		} else {
			out = append(out, run{same: true, a: span{p.a, p.a + 1}, b: span{p.b, p.b + 1}})
		}
		i, j = p.a+1, p.b+1
	}
	return out
}

// readable joins changes that only a chance word holds apart: a rewritten sentence reads better whole than as confetti.
func readable(a, b tokenised, in []run) []run {
	out := make([]run, 0, len(in))
	for _, r := range in {
		out = append(out, r)
		for n := len(out); n >= 3 && isChance(a, b, out[n-3:]); n = len(out) {
			out[n-3] = run{a: span{out[n-3].a.from, r.a.to}, b: span{out[n-3].b.from, r.b.to}}
			out = out[:n-2]
		}
	}
	return out
}

// isChance reports whether the middle one of three runs is a shared stretch no longer than what changed on either side of it, within a line.
func isChance(a, b tokenised, three []run) bool {
	before, middle, after := three[0], three[1], three[2]
	if before.same || !middle.same || after.same {
		return false
	}
	shared := a.slice(middle.a)
	return !strings.Contains(shared, "\n") && len(shared) <= changed(a, b, before) && len(shared) <= changed(a, b, after)
}

func changed(a, b tokenised, r run) int { return max(len(a.slice(r.a)), len(b.slice(r.b))) }

func changes(in []run, a, b tokenised) []Change {
	out := make([]Change, 0, len(in)+1)
	for _, r := range in {
		if r.same {
			out = append(out, Change{Same, a.slice(r.a)})
			continue
		}
		if r.a.len() > 0 {
			out = append(out, Change{Removed, a.slice(r.a)})
		}
		if r.b.len() > 0 {
			out = append(out, Change{Added, b.slice(r.b)})
		}
	}
	return out
}
