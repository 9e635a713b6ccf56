package text_test

import (
	"strings"
	"testing"

	"ruche/app/text"
)

func TestAPostIsQuotedWithoutItsOwnQuotes(t *testing.T) {
	const said = "> [Zoé](/posts/3):\n> Oui ?\n\nNon, **jamais** :\n\n```\n> a\n```\n\n\n- b\n"
	const want = "> [Camille \\[RH\\]](/posts/34):\n> Non, **jamais** :\n>\n> ```\n> > a\n> ```\n>\n> - b\n\n"
	if got := text.Quote("Camille [RH]", 34, said); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for name, markdown := range map[string]string{"nothing": "", "only a quote": "> a"} {
		if got, want := text.Quote("A", 1, markdown), "> [A](/posts/1):\n>\n\n"; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestAQuoteCallsNobodyOnceMore(t *testing.T) {
	quote := text.Quote("Zoé", 34, "Ask [@Paul \\[RH\\]](/people/3) and [@Les chefs](/groups/5), see [this](/people/3).")
	if want := "> [Zoé](/posts/34):\n> Ask @Paul \\[RH\\] and @Les chefs, see [this](/people/3).\n\n"; quote != want {
		t.Errorf("got  %q\nwant %q", quote, want)
	}
	if r := render(t, quote); len(r.Mentions)+len(r.Groups) != 0 {
		t.Error(r.Mentions, r.Groups)
	}
}

func TestMarkedWordsAreQuotedAsTheyRead(t *testing.T) {
	words := "# pas un titre\n2. ni *une* liste\n- <b> [x](y) & > | ~~\n===\n\n\\fin"
	quote := text.QuoteWords("Zoé", 34, words)
	r := render(t, quote+"Voilà.")
	if want := "Zoé\n# pas un titre\n2. ni *une* liste\n- <b> [x](y) & > | ~~\n===\n\\fin\n\nVoilà."; r.Plain != want {
		t.Errorf("%q reads\n%q, want\n%q", quote, r.Plain, want)
	}
	if !strings.Contains(r.HTML, `<blockquote class="quoted">`) || strings.Contains(r.HTML, "<li>") || strings.Contains(r.HTML, "<h") {
		t.Error(r.HTML)
	}
}

func TestQuotesAreBounded(t *testing.T) {
	for _, long := range []string{strings.Repeat("mot ", 10_000), strings.Repeat("é", 20_000), strings.Repeat("[a] ", 9_000), strings.Repeat("a\n\n", 9_000)} {
		for _, quote := range []string{text.Quote("Zoé", 34, long), text.QuoteWords("Zoé", 34, long)} {
			if n := len(quote); n > 6_000 || !strings.Contains(quote, "…\n") {
				t.Errorf("%d bytes: %.80q", n, quote)
			}
			if _, err := text.Render(quote, text.Comment, nil); err != nil {
				t.Errorf("%.80q: %v", quote, err)
			}
		}
	}
}
