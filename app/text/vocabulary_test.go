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
	found := text.MarkTerms([]text.Marked{{HTML: &rendered, Lang: lang}}, func(space int64) bool { return space != 9 },
		func(id int64, word string) string { return fmt.Sprintf("[%d %s]", id, word) }, nil, text.NewVocabulary(words))
	return rendered, found
}

func TestTermsAreMarkedWhereTheyFirstStand(t *testing.T) {
	words := []text.TermWord{
		{Term: 1, Word: "extruder"}, {Term: 2, Word: "twin-screw extruder"}, {Term: 3, Word: "IT"}, {Term: 4, Word: "Déchet ultime", Lang: "fr"},
		{Term: 5, Word: "secret", Space: 9}, {Term: 6, Word: "C++"}, {Term: 7, Word: "l'atelier"}, {Term: 8, Word: "R&D"},
	}
	for rendered, want := range map[string]string{
		"<p>The Extruder. An extruder.</p>":                              "<p>The [1 Extruder]. An extruder.</p>",
		"<p>Two extruders, one twin-screw extruder</p>":                  "<p>Two [1 extruders], one [2 twin-screw extruder]</p>",
		"<p>a twin‑screw extruders</p>":                                  "<p>a [2 twin‑screw extruders]</p>",
		"<p>a twin, screw extruder</p>":                                  "<p>a twin, screw [1 extruder]</p>",
		"<p>it is for IT.</p>":                                           "<p>it is for [3 IT].</p>",
		"<p>les déchets ultimes, un DÉCHET ultime</p>":                   "<p>les déchets ultimes, un [4 DÉCHET ultime]</p>",
		"<p>dans l&#39;atelier</p>":                                      "<p>dans [7 l&#39;atelier]</p>",
		"<p>our R&amp;D and amp</p>":                                     "<p>our [8 R&amp;D] and amp</p>",
		"<h2>extruder</h2><p><a href=\"/x\">extruder</a></p>":            "<h2>extruder</h2><p><a href=\"/x\">extruder</a></p>",
		"<pre><code>extruder</code></pre><p><code>x</code> extruder</p>": "<pre><code>extruder</code></pre><p><code>x</code> [1 extruder]</p>",
		`<div class="callout callout-tip"><p class="callout-word">Extruder</p><p>An extruder</p></div>`:           `<div class="callout callout-tip"><p class="callout-word">Extruder</p><p>An [1 extruder]</p></div>`,
		`<p><span class="mention">@Extruder <span>x</span> IT</span> an extruder</p>`:                             `<p><span class="mention">@Extruder <span>x</span> IT</span> an [1 extruder]</p>`,
		`<blockquote class="quoted"><p class="quoted-head"><a href="/x">A</a> extruder</p><p>IT</p></blockquote>`: `<blockquote class="quoted"><p class="quoted-head"><a href="/x">A</a> extruder</p><p>[3 IT]</p></blockquote>`,
		`<p><a href="/x"><span>extruder</span> <code>a</code></a><br>IT</p>`:                                      `<p><a href="/x"><span>extruder</span> <code>a</code></a><br>[3 IT]</p>`,
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
	found := text.MarkTerms([]text.Marked{{HTML: &rendered}}, func(int64) bool { return true }, func(int64, string) string { return "" }, vocabulary)
	if took := time.Since(began); took > 2*time.Second || len(found) != 1 {
		t.Errorf("marking 1 MB took %s and found %v", took, found)
	}
}

func TestATermIsMarkedOnceOnAPage(t *testing.T) {
	first, second, french := "<p>IT, then nothing</p>", "<p>IT and the extruder</p>", "<p>extruder, le déchet ultime</p>"
	words := []text.TermWord{{Term: 1, Word: "extruder"}, {Term: 2, Word: "IT"}, {Term: 3, Word: "déchet ultime", Lang: "fr"}}
	found := text.MarkTerms([]text.Marked{{HTML: &first, Lang: "en"}, {HTML: &second, Lang: "en"}, {HTML: &french, Lang: "fr"}}, func(int64) bool { return true },
		func(_ int64, word string) string { return "[" + word + "]" }, text.NewVocabulary(words))
	if got := first + second + french; got != "<p>[IT], then nothing</p><p>IT and the [extruder]</p><p>extruder, le [déchet ultime]</p>" || !slices.Equal(found, []int64{2, 1, 3}) {
		t.Errorf("found %v in %s", found, got)
	}
}
