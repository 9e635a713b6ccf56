//go:build peers

package editor

import "testing"

func TestZ2(t *testing.T) {
	p := openBlank(t)
	texts := []string{"*\n   +", "```a", "```\n\n", "\n* \n  - ", "+\n  - \n- ~", "\n1. \n   *\n===\n", "~a~ ~~b~~ **~c~** ~20 à ~30 a~b~c", "~~+~"}
	for i, w := range canonical(p, texts) {
		if w == nil { t.Log("null", texts[i]); continue }
		t.Logf("%q => %q\n%s\n%s", texts[i], *w, published(t, texts[i]), published(t, *w))
	}
}
