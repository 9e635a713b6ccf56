//go:build peers

package editor

import (
	"math/rand"
	"sort"
	"strings"
	"testing"
)

func TestZZ(t *testing.T) {
	p := openBlank(t)
	var bad []string
	null, n := 0, 0
	var nulls []string
	for range 40 {
		var texts []string
		for range 500 {
			var b strings.Builder
			for range 1 + rand.Intn(9) {
				b.WriteString(fragments[rand.Intn(len(fragments))])
			}
			texts = append(texts, b.String())
		}
		for i, w := range canonical(p, texts) {
			n++
			if w == nil {
				null++
				nulls = append(nulls, texts[i])
				continue
			}
			if published(t, texts[i]) != published(t, *w) {
				bad = append(bad, quoted(texts[i])+" => "+quoted(*w))
			}
		}
	}
	sort.Slice(bad, func(i, j int) bool { return len(bad[i]) < len(bad[j]) })
	sort.Slice(nulls, func(i, j int) bool { return len(nulls[i]) < len(nulls[j]) })
	t.Logf("%d of %d bad, %d null", len(bad), n, null)
	for _, b := range bad[:min(45, len(bad))] {
		t.Log(b)
	}
	for _, b := range nulls[:min(25, len(nulls))] {
		t.Log("NULL", quoted(b))
	}
}
