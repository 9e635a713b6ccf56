package search

import (
	"slices"
	"testing"
	"time"

	"ruche/models"
)

// article makes an article of space 1.
func article(id, collection int64, lang, title string, until *time.Time) models.SearchRecord {
	return models.SearchRecord{Type: articles, ID: id, SpaceID: 1, AuthorID: 1, Lang: lang, Title: title, Text: "Le fournil, the oven.", CollectionID: collection, VerifiedUntil: until, At: noon}
}

func TestArticlesAreFilteredByCollectionLanguageAndVerification(t *testing.T) {
	soon, late := noon.Add(time.Second), noon.AddDate(0, 3, 0)
	db := shelfOf(article(1, 7, "fr", "Nettoyer le four", &soon), article(2, 7, "en", "Clean the oven", nil), article(3, 8, "fr", "Vider le four", &late), idea(4, "fr", "Un four", "Le fournil."))
	elsewhere := article(5, 9, "fr", "Un autre fournil", &late)
	elsewhere.SpaceID = 2
	db.put(elsewhere)
	x := opened(t, db)
	found := func(q Query) []string {
		q.Text = "fournil"
		list := keys(search(t, x, q).Hits)
		slices.Sort(list)
		return list
	}
	for name, row := range map[string]struct {
		query Query
		want  []string
	}{
		"all":                   {Query{}, []string{"article:1", "article:2", "article:3", "idea:4"}},
		"collection":            {Query{Collection: 7}, []string{"article:1", "article:2"}},
		"no such collection":    {Query{Collection: 404}, nil},
		"one of another space":  {Query{Collection: 9}, nil},
		"language":              {Query{Language: "en"}, []string{"article:2"}},
		"no such language":      {Query{Language: "de"}, nil},
		"verified":              {Query{Verified: noon}, []string{"article:1", "article:3"}},
		"verified at its end":   {Query{Verified: soon}, []string{"article:3"}},
		"verified, long after":  {Query{Verified: late.AddDate(1, 0, 0)}, nil},
		"all three":             {Query{Collection: 7, Language: "fr", Verified: noon}, []string{"article:1"}},
		"two that do not agree": {Query{Collection: 8, Language: "en"}, nil},
	} {
		if got := found(row.query); !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, not %v", name, got, row.want)
		}
	}

	counts := search(t, x, Query{Text: "fournil", Collection: 7, Language: "fr"}).Facets
	if want := []Count{{ID: 7, N: 1}, {ID: 8, N: 1}}; !slices.Equal(counts.Collections, want) {
		t.Errorf("collections: %v, not %v", counts.Collections, want)
	}
	if want := []Count{{Value: "en", N: 1}, {Value: "fr", N: 1}}; !slices.Equal(counts.Languages, want) {
		t.Errorf("languages: %v, not %v", counts.Languages, want)
	}
}

func TestTheIndexHearsOfVerifications(t *testing.T) {
	late := noon.AddDate(0, 3, 0)
	db := shelfOf(article(1, 7, "fr", "Nettoyer le four", nil))
	x := opened(t, db)
	q := Query{Text: "fournil", Verified: noon}
	db.put(article(1, 7, "fr", "Nettoyer le four", &late))
	db.happen(models.ArticleVerified, articles, 1)
	catchUp(t, x)
	if r := search(t, x, q); len(r.Hits) != 1 || !r.Hits[0].Record.Verified(noon) {
		t.Fatalf("verified: %+v", r)
	}
	db.put(article(1, 7, "fr", "Nettoyer le four", nil))
	if r := search(t, x, q); len(r.Hits) != 0 { // before the index hears of it, too
		t.Errorf("taken back: %+v", r.Hits)
	}
	db.happen(models.ArticleUnverified, articles, 1)
	catchUp(t, x)
	if r := search(t, x, q); r.Total != 0 {
		t.Errorf("taken back: %d", r.Total)
	}
}
