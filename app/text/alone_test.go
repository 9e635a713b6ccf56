package text_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ruche/app/text"
)

func TestLinksThatStandAlone(t *testing.T) {
	for markdown, want := range map[string][]string{
		"https://example.com/a": {"https://example.com/a"},
		"Words before.\n\nhttps://example.com/é?x=1&y=2#z\n\nWords after.": {"https://example.com/%C3%A9?x=1&y=2#z"},
		"<https://example.com/a>":                {"https://example.com/a"},
		"www.example.com":                        {"https://www.example.com"},
		"[The plan](/ideas/7-the-plan)":          {"/ideas/7-the-plan"},
		"[a][1]\n\n[1]: https://example.com/ref": {"https://example.com/ref"},
		"https://example.com/a\n\nhttps://example.com/b\n\nhttps://example.com/a": {"https://example.com/a", "https://example.com/b"},
		"See <https://example.com/a> for more.":                                   nil,
		"https://example.com/a\nhttps://example.com/b":                            nil,
		"https://example.com/a.":                                                  nil,
		"- https://example.com/a":                                                 nil,
		"> https://example.com/a":                                                 nil,
		"# https://example.com/a":                                                 nil,
		"`https://example.com/a`":                                                 nil,
		"```\nhttps://example.com/a\n```":                                         nil,
		"**https://example.com/a**":                                               nil,
		"[x](javascript:alert(1))":                                                nil,
		"no link / at all":                                                        nil,
		"":                                                                        nil,
	} {
		if _, got := text.Links(markdown); !slices.Equal(got, want) {
			t.Errorf("%q: %q, not %q", markdown, got, want)
		}
		rendered, err := text.Render(markdown, text.Comment, nil)
		if err != nil || len(want) > 0 && !text.HasAlone(rendered.HTML) {
			t.Errorf("%q is not seen in %s (%v)", markdown, rendered.HTML, err)
		}
	}
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, "https://example.com/%d\n\n", i)
	}
	if _, got := text.Links(many.String()); len(got) != text.MaxAlone || got[4] != "https://example.com/4" {
		t.Errorf("of a hundred %q", got)
	}
	if _, got := text.Links(strings.Repeat("> ", 50_000) + "https://example.com"); got != nil {
		t.Errorf("of what is too complex %q", got)
	}
}
