package text

import (
	"slices"
	"unicode"
)

// A ChangeKind says what happened to a piece of text between two versions.
type ChangeKind int

// What can happen to a piece of text.
const (
	Same ChangeKind = iota
	Added
	Removed
)

// A Change is a piece of text that is in both versions or in one of them. The pieces Same and Added in a row are the new
// version, byte for byte; Same and Removed the old one.
type Change struct {
	Kind ChangeKind
	Text string
}

// Diff compares two versions of a text by words, as a person would read them. Where the versions have too little in common to
// be compared within milliseconds, the whole passage counts as replaced.
func Diff(old, new string) []Change {
	a, b := tokenise(old), tokenise(new)
	d := differ{numbers: map[string]int{}}
	d.a, d.b = d.number(a), d.number(b)
	d.compare(span{0, len(d.a)}, span{0, len(d.b)}, true)
	return changes(readable(a, b, runs(d.pairs, len(d.a), len(d.b))), a, b)
}

// A tokenised text knows where its words, punctuation marks and runs of space start; the last entry is where it ends.
type tokenised struct {
	text   string
	starts []int
}

func (t tokenised) slice(s span) string { return t.text[t.starts[s.from]:t.starts[s.to]] }

func tokenise(s string) tokenised {
	starts := make([]int, 0, len(s)/4+2)
	last := 0
	for i, r := range s {
		class := tokenClass(r)
		if class != last || class == punctuation || r == '\n' {
			starts = append(starts, i)
		}
		last = class
	}
	return tokenised{s, append(starts, len(s))}
}

const (
	punctuation = iota + 1
	letters
	space
)

func tokenClass(r rune) int {
	switch {
	case unicode.IsSpace(r):
		return space
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == unicode.ReplacementChar:
		return letters
	}
	return punctuation
}

type span struct{ from, to int }

func (s span) len() int { return s.to - s.from }

// A differ finds which tokens of a and b belong together. Tokens are compared as numbers, the same for the same word.
type differ struct {
	numbers map[string]int
	a, b    []int
	pairs   []pair // tokens that are the same in both, in order
}

type pair struct{ a, b int }

func (d *differ) number(t tokenised) []int {
	out := make([]int, len(t.starts)-1)
	for i := range out {
		word := t.slice(span{i, i + 1})
		number, ok := d.numbers[word]
		if !ok {
			number = len(d.numbers)
			d.numbers[word] = number
		}
		out[i] = number
	}
	return out
}

// compare pairs the tokens of two spans: what is equal at both ends, then the tokens that occur once in each (a reader's landmarks),
// and the shortest script between those.
func (d *differ) compare(a, b span, landmarks bool) {
	for a.len() > 0 && b.len() > 0 && d.a[a.from] == d.b[b.from] {
		d.pairs = append(d.pairs, pair{a.from, b.from})
		a.from++
		b.from++
	}
	tail := 0
	for a.len() > 0 && b.len() > 0 && d.a[a.to-1] == d.b[b.to-1] {
		a.to--
		b.to--
		tail++
	}
	if a.len() > 0 && b.len() > 0 {
		d.middle(a, b, landmarks)
	}
	for i := range tail {
		d.pairs = append(d.pairs, pair{a.to + i, b.to + i})
	}
}

func (d *differ) middle(a, b span, landmarks bool) {
	if !landmarks {
		d.pairs = append(d.pairs, shortest(d.a[a.from:a.to], d.b[b.from:b.to], a.from, b.from)...)
		return
	}
	marks := d.landmarks(a, b)
	for _, m := range marks {
		d.compare(span{a.from, m.a}, span{b.from, m.b}, false)
		d.pairs = append(d.pairs, m)
		a.from, b.from = m.a+1, m.b+1
	}
	d.compare(a, b, false)
}

// landmarks returns the longest row of pairs, rising on both sides, of words that stand once in each span.
func (d *differ) landmarks(a, b span) []pair {
	const many = -2
	place := map[int]int{}
	for j := b.from; j < b.to; j++ {
		if _, seen := place[d.b[j]]; seen {
			place[d.b[j]] = many
		} else {
			place[d.b[j]] = j
		}
	}
	count := map[int]int{}
	for i := a.from; i < a.to; i++ {
		count[d.a[i]]++
	}
	var candidates []pair
	for i := a.from; i < a.to; i++ {
		if j, ok := place[d.a[i]]; ok && j != many && count[d.a[i]] == 1 {
			candidates = append(candidates, pair{i, j})
		}
	}
	return rising(candidates)
}

// rising picks the longest subsequence whose b rises (patience sorting; a rises already).
func rising(candidates []pair) []pair {
	var tops []int // index of the last candidate of the best row of each length
	before := make([]int, len(candidates))
	for i, c := range candidates {
		n, _ := slices.BinarySearchFunc(tops, c.b, func(top, b int) int { return candidates[top].b - b })
		before[i] = -1
		if n > 0 {
			before[i] = tops[n-1]
		}
		if n == len(tops) {
			tops = append(tops, i)
		} else {
			tops[n] = i
		}
	}
	row := make([]pair, len(tops))
	if len(tops) > 0 {
		for i, at := len(tops)-1, tops[len(tops)-1]; i >= 0; i, at = i-1, before[at] {
			row[i] = candidates[at]
		}
	}
	return row
}

// maxEdits bounds the search for a shortest script: its memory and time grow with the square of the edits. Passages that differ
// more are replaced as a whole, which reads better anyway.
const maxEdits = 600

// shortest pairs two rows of tokens by Myers's algorithm, or not at all when they differ by more than maxEdits.
func shortest(x, y []int, fromX, fromY int) []pair {
	limit := min(len(x)+len(y), maxEdits)
	reach := make([]int, 2*limit+2)
	var steps [][]int // reach as it was before each number of edits
	for edits := 0; edits <= limit; edits++ {
		steps = append(steps, slices.Clone(reach[limit-edits:limit+edits+2]))
		for k := -edits; k <= edits; k += 2 {
			i := next(reach, limit, edits, k)
			for i < len(x) && i-k < len(y) && x[i] == y[i-k] {
				i++
			}
			reach[limit+k] = i
			if i >= len(x) && i-k >= len(y) {
				return walkBack(steps, len(x), len(y), fromX, fromY)
			}
		}
	}
	return nil
}

// next is how far along x diagonal k starts with one edit more: down from the diagonal above or right from the one below.
func next(reach []int, zero, edits, k int) int {
	if k == -edits || k != edits && reach[zero+k-1] < reach[zero+k+1] {
		return reach[zero+k+1]
	}
	return reach[zero+k-1] + 1
}

func walkBack(steps [][]int, i, j, fromX, fromY int) []pair {
	var pairs []pair
	for edits := len(steps) - 1; edits >= 0; edits-- {
		reach, k := steps[edits], i-j
		start := next(reach, edits, edits, k)
		for i > start {
			i--
			j--
			pairs = append(pairs, pair{fromX + i, fromY + j})
		}
		if edits > 0 && (k == -edits || k != edits && reach[edits+k-1] < reach[edits+k+1]) {
			j--
		} else {
			i--
		}
	}
	slices.Reverse(pairs)
	return pairs
}
