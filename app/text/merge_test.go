package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWhatTwoPeopleChangedIsBroughtTogether(t *testing.T) {
	base := "# Title\n\nFirst.\n\nSecond.\n\nThird.\n"
	for _, c := range []struct{ name, mine, theirs, want string }{
		{"apart", "# Title\n\nFirst!\n\nSecond.\n\nThird.\n", "# Title\n\nFirst.\n\nSecond.\n\nThird, and last.\n", "# Title\n\nFirst!\n\nSecond.\n\nThird, and last.\n"},
		{"one adds, one removes", "# Title\n\nFirst.\n\nSecond.\n\nThird.\n\nFourth.", "# Title\n\nSecond.\n\nThird.\n", "# Title\n\nSecond.\n\nThird.\n\nFourth.\n"},
		{"only one", base, "Other.", "Other.\n"},
		{"the same", "# Title\n\nFirst!\n\nSecond.\n\nThird.\n", "# Title\n\nFirst!\n\nSecond.\n\nThird.\n", "# Title\n\nFirst!\n\nSecond.\n\nThird.\n"},
		{"nothing", base, base, base},
	} {
		for mine, theirs := range map[string]string{c.mine: c.theirs, c.theirs: c.mine} {
			if merged, ok := Merge(base, mine, theirs); !ok || merged != c.want {
				t.Errorf("%s: %v, %q", c.name, ok, merged)
			}
		}
	}
	for _, c := range []struct{ mine, theirs string }{
		{"# Title\n\nFirst!\n\nSecond.\n\nThird.\n", "# Title\n\nFirst?\n\nSecond.\n\nThird.\n"},
		{base + "\nMine.\n", base + "\nTheirs.\n"},
		{"", "# Title\n\nFirst.\n\nSecond.\n\nThird.\n\nFourth.\n"},
	} {
		if merged, ok := Merge(base, c.mine, c.theirs); ok {
			t.Errorf("%q and %q became %q", c.mine, c.theirs, merged)
		}
	}
}

// Whatever two people do: where only one of them did anything, their text stands; and it does not matter who saved first.
func TestAMergeTakesNoSides(t *testing.T) {
	lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d", ""}), 0, 8)
	text := func(lines []string) string {
		if len(lines) == 0 {
			return ""
		}
		return strings.Join(lines, "\n") + "\n"
	}
	rapid.Check(t, func(t *rapid.T) {
		base, mine, theirs := text(lines.Draw(t, "base")), text(lines.Draw(t, "mine")), text(lines.Draw(t, "theirs"))
		if merged, ok := Merge(base, mine, base); !ok || merged != mine {
			t.Errorf("mine alone: %v, %q", ok, merged)
		}
		if merged, ok := Merge(base, base, theirs); !ok || merged != theirs {
			t.Errorf("theirs alone: %v, %q", ok, merged)
		}
		one, fine := Merge(base, mine, theirs)
		other, too := Merge(base, theirs, mine)
		if fine != too || one != other {
			t.Errorf("the order matters: %q, %q", one, other)
		}
	})
}
