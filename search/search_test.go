package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAllWordsComeBeforeSome(t *testing.T) {
	x := opened(t, shelfOf(
		idea(1, "fr", "Vélo vélo vélo", "vélo vélo vélo"),
		idea(2, "fr", "Un abri", "pour chaque vélo, quelque part dans une longue phrase qui parle de beaucoup d’autres choses"),
		idea(3, "fr", "Abri vélo", ""),
		idea(4, "fr", "Cantine", "rien à voir"),
	))
	r := search(t, x, Query{Text: "abri vélo"})
	if got := keys(r.Hits); !slices.Equal(got, []string{"idea:3", "idea:2", "idea:1"}) {
		t.Errorf("order %v", got)
	}
	if r.Total != 3 || r.Complete != 2 {
		t.Errorf("%d found, %d with all words", r.Total, r.Complete)
	}
}

func TestEnoughHitsWithAllWordsKeepTheOthersOut(t *testing.T) {
	db := newShelf()
	for i := range int64(30) {
		db.put(idea(i+1, "en", "Shared bike", fmt.Sprint("number ", i)))
		db.put(idea(i+101, "en", "Shared car", ""))
	}
	x := opened(t, db)
	if r := search(t, x, Query{Text: "shared bike"}); r.Total != 30 || r.Complete != 30 {
		t.Errorf("%d found, %d with all words", r.Total, r.Complete)
	}
}

func TestWordsInTheTitleCountMore(t *testing.T) {
	x := opened(t, shelfOf(idea(1, "en", "Lunch", "The canteen could open earlier in the day"), idea(2, "en", "The canteen", "could open earlier in the day")))
	if got := keys(search(t, x, Query{Text: "canteen"}).Hits); !slices.Equal(got, []string{"idea:2", "idea:1"}) {
		t.Errorf("order %v", got)
	}
}

func TestPhrasesAreFoundAsWritten(t *testing.T) {
	x := opened(t, shelfOf(
		idea(1, "en", "Open data", "for all"), idea(2, "en", "Data open to all", ""), idea(3, "en", "Doors", "An open letter about data"),
		idea(4, "fr", "La mise en place", "du télétravail"), idea(5, "fr", "En place !", "La mise au point"), reply(6, 1, "en", "I like open, data-rich maps and open data")))
	for text, want := range map[string][]string{
		`"open data"`:         {"comment:6", "idea:1"},
		`“open data”`:         {"comment:6", "idea:1"},
		`« mise en place »`:   {"idea:4"},
		`"data open" all`:     {"idea:2"},
		`"open data" letters`: {"comment:6", "idea:1"},
		`"open data`:          {"comment:6", "idea:1", "idea:2", "idea:3"},
		`"letter data"`:       nil,
	} {
		got := keys(search(t, x, Query{Text: text}).Hits)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, not %v", text, got, want)
		}
	}
}

func TestANumberFindsItsIdea(t *testing.T) {
	hidden := idea(8, "en", "Eight", "")
	hidden.SpaceID = 9
	x := opened(t, shelfOf(idea(7, "en", "Seven", ""), idea(70, "en", "Lucky 7", ""), hidden))
	for text, want := range map[string][]string{"#7": {"idea:7"}, "7": {"idea:70"}, "#8": nil, "#0": nil, "#-7": {"idea:70"}, "#99999999999999999999": nil} {
		if got := keys(search(t, x, Query{Text: text}).Hits); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, not %v", text, got, want)
		}
	}
}

func TestFiltersCountTheirOtherChoices(t *testing.T) {
	db := newShelf()
	for i := range int64(12) {
		r := idea(i+1, "en", "Canteen", "", []string{"food", "space"}[i%2])
		r.SpaceID, r.Stage, r.AuthorID = i%3+1, []string{"proposed", "decided"}[i%2], i%4+1
		r.Campaign = []string{"", "spring"}[i/6]
		db.put(r)
		c := reply(i+1, i+1, "en", "our canteen")
		c.SpaceID = r.SpaceID
		db.put(c)
	}
	x := opened(t, db)
	all := []int64{1, 2, 3}
	r := search(t, x, Query{Text: "canteen", Spaces: all, Space: 2, Types: []string{ideas}})
	if r.Total != 4 {
		t.Errorf("%d ideas in space 2", r.Total)
	}
	for name, c := range map[string]struct{ got, want []Count }{
		"types":  {r.Facets.Types, []Count{{Value: comments, N: 4}, {Value: ideas, N: 4}}},
		"spaces": {r.Facets.Spaces, []Count{{ID: 1, N: 4}, {ID: 2, N: 4}, {ID: 3, N: 4}}},
		"stages": {r.Facets.Stages, []Count{{Value: "decided", N: 2}, {Value: "proposed", N: 2}}},
		"tags":   {r.Facets.Tags, []Count{{Value: "food", N: 2}, {Value: "space", N: 2}}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, not %v", name, c.got, c.want)
		}
	}
	for _, c := range []struct {
		q    Query
		want int
	}{
		{Query{Stage: "decided"}, 6}, {Query{Tag: "food"}, 6}, {Query{Tag: "food", Stage: "decided"}, 0}, {Query{Campaign: "spring"}, 6},
		{Query{Author: 2, Types: []string{ideas}}, 3}, {Query{Types: []string{comments}}, 12}, {Query{Types: []string{"person"}}, 0},
		{Query{Space: 4}, 0}, {Query{Stage: "nowhere"}, 0}, {Query{Tag: "nothing"}, 0}, {Query{Campaign: "none"}, 0}, {Query{Author: 77}, 0},
	} {
		c.q.Text, c.q.Spaces = "canteen", all
		if r := search(t, x, c.q); r.Total != c.want || len(r.Hits) != min(c.want, 20) {
			t.Errorf("%+v: %d found, %d shown, not %d", c.q, r.Total, len(r.Hits), c.want)
		}
	}
}

// TestPagingComesToEveryHitOnce walks through more hits than are weighed, in both orders.
func TestPagingComesToEveryHitOnce(t *testing.T) {
	db := newShelf()
	for i := range int64(900) {
		db.put(idea(i+1, "en", []string{"Canteen", "Lunch"}[i%2], strings.Repeat("canteen ", int(i%7)+1)))
		c := reply(i+1, i+1, "en", strings.Repeat("a word ", int(i%5))+"canteen")
		db.put(c)
	}
	x := opened(t, db)
	for _, sort := range []Sort{Relevance, Newest} {
		for _, text := range []string{"canteen", "canteen nothing"} {
			q := Query{Text: text, Sort: sort, Limit: 43}
			seen := map[string]bool{}
			last := time.Time{}
			pages := 0
			for {
				r := search(t, x, q)
				if r.Total != 1800 {
					t.Fatalf("%d found", r.Total)
				}
				for _, h := range r.Hits {
					k := key(h.Record.Type, h.Record.ID)
					if seen[k] {
						t.Fatalf("%s %q: %s twice", sort, text, k)
					}
					seen[k] = true
					if sort == Newest && !last.IsZero() && h.Record.At.After(last) {
						t.Fatalf("%s after something older", k)
					}
					last = h.Record.At
				}
				pages++
				if r.Next == "" {
					break
				}
				q.Cursor = r.Next
			}
			if len(seen) != 1800 || pages != 42 {
				t.Errorf("%s %q: %d hits on %d pages", sort, text, len(seen), pages)
			}
		}
	}
}

func TestForeignCursorsAreRefused(t *testing.T) {
	x := opened(t, shelfOf(idea(1, "en", "One", "")))
	for _, cursor := range []string{"x", "AAAA", "'; DROP TABLE", strings.Repeat("A", 34), "f/////////8AAAAAAAAAAAAAAAAAAAAA", "//////////8AAAAAAAAAAAAAAAAAAAAA\x00"} {
		if _, err := x.Search(context.Background(), Query{Text: "one", Spaces: []int64{1}, Cursor: cursor}); !errors.Is(err, ErrCursor) {
			t.Errorf("cursor %q: %v", cursor, err)
		}
	}
}

func TestTheReadersLanguageIsPreferredALittle(t *testing.T) {
	x := opened(t, shelfOf(idea(1, "fr", "Transports", "publics"), idea(2, "en", "Transports", "public")))
	for lang, want := range map[string]string{"fr": "idea:1", "en": "idea:2"} {
		if got := keys(search(t, x, Query{Text: "transport", Lang: lang}).Hits); len(got) != 2 || got[0] != want {
			t.Errorf("in %s: %v", lang, got)
		}
	}
}

func TestTagsAreFoundAsWords(t *testing.T) {
	x := opened(t, shelfOf(idea(1, "fr", "Repas", "du midi", "Qualité de vie")))
	if r := search(t, x, Query{Text: "qualite vie"}); r.Complete != 1 {
		t.Errorf("%d found", r.Complete)
	}
}

func TestNothingIsFoundWithoutWords(t *testing.T) {
	x := opened(t, shelfOf(idea(1, "en", "One", "")))
	for _, text := range []string{"", "   ", "!?", `""`, "\x00", "#", "…"} {
		if r := search(t, x, Query{Text: text}); r.Total != 0 || len(r.Hits) != 0 {
			t.Errorf("%q: %d found", text, r.Total)
		}
	}
}
