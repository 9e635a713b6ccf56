package search

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
)

func suggested(t *testing.T, x *Index, text string) []string {
	t.Helper()
	hits, err := x.Suggest(context.Background(), Query{Text: text, Spaces: []int64{1}})
	if err != nil {
		t.Fatal(err)
	}
	return keys(hits)
}

func TestSuggestionsGrowWithTheWord(t *testing.T) {
	x := opened(t, shelfOf(
		idea(1, "fr", "Des abris à vélos", ""), idea(2, "fr", "L’éclairage du parking", "abri"), idea(3, "fr", "Abriter les trottinettes", ""),
		idea(4, "fr", "Anticonstitutionnellement vôtre", ""), reply(5, 1, "fr", "abri")))
	for text, want := range map[string][]string{
		"a":                     nil,
		"ab":                    {"idea:3", "idea:1"},
		"abri":                  {"idea:3", "idea:1"},
		"abris":                 {"idea:1"},
		"abris vé":              {"idea:1"},
		"vélos ab":              {"idea:1"},
		"VELO":                  {"idea:1"},
		"abris v":               {"idea:1"},
		"l’écl":                 {"idea:2"},
		"eclai":                 {"idea:2"},
		"anticonstitu":          {"idea:4"},
		"anticonstitutionnelle": {"idea:4"},
		"éclarage":              {"idea:2"}, // a letter left out
		"trotinette":            {"idea:3"},
		"abirs":                 {"idea:1"}, // two letters swapped
		"xyzzy":                 nil,
		"#4":                    {"idea:4"},
		"":                      nil,
	} {
		if got := suggested(t, x, text); !slices.Equal(got, want) {
			t.Errorf("%q suggests %v, not %v", text, got, want)
		}
	}
}

func TestSuggestionsFallBackOnTexts(t *testing.T) {
	x := opened(t, shelfOf(idea(1, "fr", "Repas de midi", "La cantine ouvre trop tard"), reply(2, 1, "fr", "cantine")))
	if got := suggested(t, x, "cantine"); !slices.Equal(got, []string{"idea:1"}) {
		t.Errorf("suggested %v", got)
	}
}

func TestSuggestionsMarkWhatIsTyped(t *testing.T) {
	x := opened(t, shelfOf(idea(1, "fr", "L’éclairage du parking", "")))
	hits, err := x.Suggest(context.Background(), Query{Text: "park ecl", Spaces: []int64{1}})
	if err != nil || len(hits) != 1 {
		t.Fatal(hits, err)
	}
	if got := shown(hits[0].Title); got != "[L’éclairage] du [parking]" {
		t.Errorf("marked %s", got)
	}
}

func TestSuggestionsAreFew(t *testing.T) {
	db := newShelf()
	for i := range int64(40) {
		db.put(idea(i+1, "en", "Bike shed", ""))
	}
	x := opened(t, db)
	if got := suggested(t, x, "bike"); len(got) != 8 || got[0] != "idea:40" {
		t.Errorf("suggested %v", got)
	}
}

func similar(t *testing.T, x *Index, title string, spaces ...int64) []string {
	t.Helper()
	hits, err := x.Similar(context.Background(), title, spaces)
	if err != nil {
		t.Fatal(err)
	}
	return keys(hits)
}

func TestSimilarIdeasShareMostOfATitle(t *testing.T) {
	x := opened(t, shelfOf(
		idea(1, "fr", "Installer des abris à vélos devant chaque bâtiment", ""),
		idea(2, "fr", "Des places de stationnement", "Un abri pour les vélos serait bien devant le bâtiment principal"),
		idea(3, "fr", "Réduire le papier", ""),
		idea(4, "en", "Bike sheds in front of buildings", ""),
		idea(5, "fr", "Un potager sur le toit du bâtiment", ""),
		reply(6, 3, "fr", "Installer un abri à vélos devant le bâtiment"),
	))
	if got := similar(t, x, "Un abri à vélo devant le bâtiment", 1); !slices.Equal(got, []string{"idea:1", "idea:2"}) {
		t.Errorf("similar: %v", got)
	}
	for _, title := range []string{"", "vélo", "le la les", "Un potager sous la mer des Sargasses"} {
		if got := similar(t, x, title, 1); len(got) != 0 {
			t.Errorf("%q is similar to %v", title, got)
		}
	}
	if got := similar(t, x, "Un abri à vélo devant le bâtiment", 2); len(got) != 0 {
		t.Errorf("similar ideas of another space: %v", got)
	}
	if got := similar(t, x, strings.Repeat("Un abri à vélo devant le bâtiment ", 1000), 1); len(got) != 2 {
		t.Errorf("similar to a long title: %v", got)
	}
}

func TestThreadsResembleATitleWhereTheyAreAskedFor(t *testing.T) {
	x := opened(t, shelfOf(
		idea(1, "fr", "Installer des abris à vélos devant chaque bâtiment", ""),
		thread(2, "fr", "Qui a déjà un abri à vélos devant son bâtiment ?", ""),
		thread(3, "fr", "Réduire le papier", ""),
	))
	for _, c := range []struct {
		types []string
		want  []string
	}{
		{nil, []string{"idea:1"}},
		{[]string{"idea"}, []string{"idea:1"}},
		{[]string{"thread"}, []string{"thread:2"}},
		{[]string{"idea", "thread"}, []string{"thread:2", "idea:1"}},
		{[]string{"comment"}, nil},
	} {
		hits, err := x.Similar(context.Background(), "Un abri à vélos devant le bâtiment", []int64{1}, c.types...)
		if err != nil || !slices.Equal(keys(hits), c.want) {
			t.Errorf("of %v: %v, %v, not %v", c.types, keys(hits), err, c.want)
		}
	}
	if hits, err := x.Similar(context.Background(), "Un abri à vélos devant le bâtiment", []int64{2}, "idea", "thread"); err != nil || len(hits) != 0 {
		t.Errorf("elsewhere: %v, %v", keys(hits), err)
	}
}

func TestWhatResemblesATitleIsRememberedForAWhile(t *testing.T) {
	shelf := shelfOf(thread(1, "fr", "Un abri à vélos devant le bâtiment", ""))
	x := opened(t, shelf)
	near, now := &Nearby{}, time.Now()
	look := func(spaces []int64, types ...string) int {
		refs, err := near.To(x, now, "Des abris à vélos devant un bâtiment", spaces, types...)
		if err != nil {
			t.Fatal(err)
		}
		return len(refs)
	}
	if a, b, c := look([]int64{1}, "thread"), look([]int64{2}, "thread"), look([]int64{1}, "idea"); a != 1 || b != 0 || c != 0 {
		t.Errorf("found %d, elsewhere %d, of ideas %d", a, b, c)
	}
	first, _ := near.To(x, now, "Des abris à vélos devant un bâtiment", []int64{1}, "thread")
	first[0].ID = 99 // what somebody does with the answer is their own matter
	if again, _ := near.To(x, now, "Des abris à vélos devant un bâtiment", []int64{1}, "thread"); again[0].ID != 1 {
		t.Errorf("remembered %v", again)
	}
}
