package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// words are what is searched and filtered for, chosen by how often the real texts use them.
type words struct {
	Common []string // in many ideas
	Pairs  []string // two words of one title
	Tag    string   // on many ideas
}

// Sizes of the choice: enough that a window does not ask the same again and again.
const (
	commonWords = 8
	pairs       = 24
	leastLong   = 6 // letters, so that no word is one that the index leaves out
)

func (m *material) words() words {
	first := m.ideas[:min(len(m.ideas), 1000)]
	used, tags := map[string]int{}, map[string]int{}
	var w words
	for _, s := range first {
		for word := range distinct(s.title + " " + s.plain) {
			used[word]++
		}
		title := slices.SortedFunc(maps.Keys(distinct(s.title)), func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
		if len(title) >= 2 && len(w.Pairs) < pairs {
			w.Pairs = append(w.Pairs, title[0]+" "+title[1])
		}
		for _, tag := range s.tags {
			tags[tag]++
		}
	}
	byUse := func(counts map[string]int) []string {
		return slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(counts[b]-counts[a], strings.Compare(a, b)) })
	}
	ranked := byUse(used)
	w.Common = ranked[:min(len(ranked), commonWords)]
	if ranked := byUse(tags); len(ranked) > 0 {
		w.Tag = ranked[0]
	}
	return w
}

// distinct are the long words of a text in lower case.
func distinct(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if utf8.RuneCountInString(word) >= leastLong {
			set[word] = true
		}
	}
	return set
}
