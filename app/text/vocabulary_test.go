package text_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ruche/app/text"
)

func mark(rendered, lang string, words ...text.TermWord) (string, []int64) {
	reader := text.Reader{Lang: lang, Sees: func(space int64) bool { return space != 9 }}
	return text.MarkTerms(rendered, reader, func(id int64, word string) string { return fmt.Sprintf("[%d %s]", id, word) }, nil, text.NewVocabulary(words))
}

func TestTermsAreMarkedWhereTheyFirstStand(t *testing.T) {
	words := []text.TermWord{
		{Term: 1, Word: "extruder"}, {Term: 2, Word: "twin-screw extruder"}, {Term: 3, Word: "IT"}, {Term: 4, Word: "Déchet ultime", Lang: "fr"},
		{Term: 5, Word: "secret", Space: 9}, {Term: 6, Word: "C++"}, {Term: 7, Word: "l'atelier"}, {Term: 8, Word: "R&D"},
	}
	for rendered, want := range map[string]string{
		"<p>The Extruder. An extruder.</p>":                                "<p>The [1 Extruder]. An extruder.</p>",
		"<p>Two extruders, one twin-screw extruder</p>":                    "<p>Two [1 extruders], one [2 twin-screw extruder]</p>",
		"<p>a twin‑screw extruders</p>":                                    "<p>a [2 twin‑screw extruders]</p>",
		"<p>a twin, screw extruder</p>":                                    "<p>a twin, screw [1 extruder]</p>",
		"<p>it is for IT.</p>":                                             "<p>it is for [3 IT].</p>",
		"<p>les déchets ultimes, un DÉCHET ultime</p>":                     "<p>les déchets ultimes, un [4 DÉCHET ultime]</p>",
		"<p>dans l&#39;atelier</p>":                                        "<p>dans [7 l&#39;atelier]</p>",
		"<p>our R&amp;D and amp</p>":                                       "<p>our [8 R&amp;D] and amp</p>",
		"<h2>extruder</h2><p><a href=\"/x\">extruder</a></p>":              "<h2>extruder</h2><p><a href=\"/x\">extruder</a></p>",
		"<pre><code>extruder</code></pre><p><code>x</code> extruder</p>":   "<pre><code>extruder</code></pre><p><code>x</code> [1 extruder]</p>",
		"<p>a secret, C++ in c</p>":                                        "<p>a secret, C++ in c</p>",
		"<p title=\"extruder\">preextruder extruderly <b>ext</b>ruder</p>": "<p title=\"extruder\">preextruder extruderly <b>ext</b>ruder</p>",
	} {
		if got, _ := mark(rendered, "fr", words...); got != want {
			t.Errorf("%s\n got %s\nwant %s", rendered, got, want)
		}
	}
	if got, found := mark("<p>un déchet ultime</p>", "en", words...); strings.Contains(got, "[") || found != nil {
		t.Errorf("a French term is marked in an English text: %s", got)
	}
	if _, found := mark("<p>IT extruder</p>", "", words...); !slices.Equal(found, []int64{3, 1}) {
		t.Errorf("found %v", found)
	}
}

func TestALongTextIsMarkedQuickly(t *testing.T) {
	var words []text.TermWord
	for i := range 5000 {
		words = append(words, text.TermWord{Term: int64(i + 1), Word: fmt.Sprintf("word%d of the house", i)})
	}
	rendered := "<p>" + strings.Repeat("word1 of the word2 &amp; ", 40_000) + "word7 of the house</p>"
	vocabulary := text.NewVocabulary(words)
	began := time.Now()
	_, found := text.MarkTerms(rendered, text.Reader{Sees: func(int64) bool { return true }}, func(int64, string) string { return "" }, vocabulary)
	if took := time.Since(began); took > 2*time.Second || len(found) != 1 {
		t.Errorf("marking 1 MB took %s and found %v", took, found)
	}
}
