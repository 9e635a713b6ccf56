package text_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"ruche/app/text"
)

// show writes a diff as [-removed-]{+added+}.
func show(changes []text.Change) string {
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, map[text.ChangeKind]string{text.Same: "%s", text.Added: "{+%s+}", text.Removed: "[-%s-]"}[c.Kind], c.Text)
	}
	return b.String()
}

func TestDiffsReadLikeAnEditorsMarks(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"", "", ""},
		{"", "Bonjour", "{+Bonjour+}"},
		{"Bonjour", "", "[-Bonjour-]"},
		{"le même texte", "le même texte", "le même texte"},
		{"un chat noir dort", "un chat blanc dort", "un chat [-noir-]{+blanc+} dort"},
		{"un chat dort", "un gros chat dort", "un {+gros +}chat dort"},
		{"Fin.", "Fin !", "Fin[-.-]{+ !+}"},
		{"idée", "idées", "[-idée-]{+idées+}"},
		{"Nous proposons trois mesures simples.", "On demande une chose compliquée.", "[-Nous proposons trois mesures simples-]{+On demande une chose compliquée+}."},
		{"premier\n\ndeuxième\n\ntroisième", "premier\n\nnouveau\n\ndeuxième\n\ntroisième", "premier\n\n{+nouveau\n\n+}deuxième\n\ntroisième"},
		{"a b c d e f g h i j", "a b X d e f g h Y j", "a b [-c-]{+X+} d e f g h [-i-]{+Y+} j"},
		{"l’idée de Zoé", "l'idée de Zoé", "l[-’-]{+'+}idée de Zoé"},
	} {
		if got := show(text.Diff(c.old, c.new)); got != c.want {
			t.Errorf("%q → %q:\n got %s\nwant %s", c.old, c.new, got, c.want)
		}
	}
}

func checkDiff(t *testing.T, old, new string) []text.Change {
	t.Helper()
	changes := text.Diff(old, new)
	var before, after strings.Builder
	for i, c := range changes {
		if c.Text == "" || i > 0 && changes[i-1].Kind == c.Kind {
			t.Errorf("piece %d is empty or repeats the kind before it", i)
		}
		if c.Kind != text.Added {
			before.WriteString(c.Text)
		}
		if c.Kind != text.Removed {
			after.WriteString(c.Text)
		}
	}
	if before.String() != old || after.String() != new {
		t.Errorf("the pieces are not the versions: %q → %q", before.String(), after.String())
	}
	return changes
}

func TestDiffsOfLongTextsAreQuick(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	prose := func(vocabulary int) string {
		var b strings.Builder
		for b.Len() < text.MaxBody {
			fmt.Fprintf(&b, "mot%d ", random.IntN(vocabulary))
		}
		return b.String()[:text.MaxBody]
	}
	edited := func(s string, every int) string {
		words := strings.Fields(s)
		for i := 0; i < len(words); i += every {
			words[i] = "nouveau"
		}
		return strings.Join(words, " ")
	}
	base := prose(3000)
	for name, pair := range map[string][2]string{
		"few edits":                   {base, edited(base, 200)},
		"an edit every third word":    {base, edited(base, 3)},
		"nothing in common":           {base, strings.ToUpper(prose(3000))},
		"same few words, other order": {prose(5), prose(5)},
		"punctuation only":            {strings.Repeat("!?", 50_000), strings.Repeat("?!.", 33_333)},
		"all words unique, reversed":  {numbered(0, 1), numbered(12_000, -1)},
		"one line against many":       {strings.Repeat("a ", 50_000), strings.Repeat("a\n", 50_000)},
	} {
		t.Run(name, func(t *testing.T) {
			best := time.Hour // of three, since other work shares the caches
			for range 3 {
				best = min(best, computing(func() { checkDiff(t, pair[0], pair[1]) }))
			}
			t.Log(best)
			if best > 100*time.Millisecond {
				t.Errorf("took %s", best)
			}
		})
	}
}

func numbered(from, step int) string {
	var b strings.Builder
	for i := range 12_000 {
		fmt.Fprintf(&b, "w%d ", from+i*step)
	}
	return b.String()
}

func FuzzDiff(f *testing.F) {
	f.Add("un chat noir", "un gros chat")
	f.Add("a\nb\nc", "c\nb\na")
	f.Add("\xff a", "a \xff")
	f.Fuzz(func(t *testing.T, old, new string) { checkDiff(t, old, new) })
}
