package search

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// shown writes a fragment with its marks in brackets and its cuts as dots.
func shown(f Fragment) string {
	var b strings.Builder
	if f.CutBefore {
		b.WriteString("…")
	}
	for _, p := range f.Parts() {
		if p.Marked {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	if f.CutAfter {
		b.WriteString("…")
	}
	return b.String()
}

func TestExcerptsShowWhereTheWordsAre(t *testing.T) {
	filler := strings.Repeat("Encore une phrase qui ne dit rien de neuf. ", 20)
	for _, c := range []struct{ query, text, want string }{
		{"vélo", "Un **abri** pour [les vélos](https://example.org/velo) !", "Un abri pour les [vélos] !"},
		{"energie", "L’énergie,\n\nd'énergie et\ténergies", "[L’énergie], [d'énergie] et [énergies]"},
		{"rien", "Aucun mot.", "Aucun mot."},
		{"<b>", "du <b>gras</b> & du <script>alert(1)</script> x < y", "du gras & du alert(1) x < y"},
		{"velo", "- [ ] faire un `vélo`\n> cité\n\n# Titre\n```go\nx_y := 1\n```\n| a | b |\n|---|---|", "faire un [vélo] cité Titre x_y := 1 a b"},
	} {
		m := newMarker(newPlan(c.query, languages()), languages())
		if got := shown(m.excerpt("fr", c.text)); got != c.want {
			t.Errorf("%q in %q:\n got %s\nwant %s", c.query, c.text, got, c.want)
		}
	}
	m := newMarker(newPlan("abri vélo", languages()), languages())
	got := shown(m.excerpt("fr", "vélo. "+filler+"Ici un abri pour le vélo. "+filler))
	if !strings.HasPrefix(got, "…") || !strings.HasSuffix(got, "…") || !strings.Contains(got, "Ici un [abri] pour le [vélo].") {
		t.Errorf("excerpt %s", got)
	}
	if n := utf8.RuneCountInString(got); n < 150 || n > 260 {
		t.Errorf("excerpt of %d characters", n)
	}
}

// TestFragmentsAreAlwaysWhole marks texts of every kind: a fragment is valid text, its marks are in
// order and inside, and its parts are all of it.
func TestFragmentsAreAlwaysWhole(t *testing.T) {
	words := rapid.SampledFrom([]string{"vélo", "l’", "'", " ", "\n", "\n\n", "*", "[", "](", ")", "`", "```", "<", ">", "\x00", "\xff", "🚀", "e\u0301", "\u00ad", "a", "Abri", "- ", "|", "&amp;", "\\", "漢", strings.Repeat("x", 300)})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(words, 0, 120).Draw(t, "text"), "")
		query := strings.Join(rapid.SliceOfN(words, 0, 8).Draw(t, "query"), "")
		lang := rapid.SampledFrom([]string{"fr", "en", "", "de"}).Draw(t, "lang")
		m := newMarker(newPlan(query, languages()), languages()).begun(typedWords(query))
		for _, f := range []Fragment{m.whole(lang, text), m.excerpt(lang, text)} {
			end := 0
			for _, mark := range f.Marks {
				if mark.Start < end || mark.End <= mark.Start || mark.End > len(f.Text) {
					t.Fatalf("mark %v after %d in %q", mark, end, f.Text)
				}
				end = mark.End
			}
			joined := ""
			for _, p := range f.Parts() {
				joined += p.Text
			}
			if joined != f.Text || !utf8.ValidString(f.Text) {
				t.Fatalf("parts %q of %q", joined, f.Text)
			}
		}
	})
}

func TestPlainReadsHostileMarkdownInLinearTime(t *testing.T) {
	for _, piece := range []string{"[", "](", "<", "`", "> ", "\\", "![", "*", "_", "~~~\n", "```\n", "[a](", "&amp;", "#", "|"} {
		text := strings.Repeat(piece, 400_000/len(piece))
		done := make(chan string, 1)
		go func() { done <- plain(text) }()
		select {
		case got := <-done:
			if len(got) > len(text)+1 {
				t.Errorf("%q became longer", piece)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%q repeated takes for ever", piece)
		}
	}
}
