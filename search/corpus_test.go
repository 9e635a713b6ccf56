package search

import (
	"slices"
	"testing"
)

// TestRealIdeasAreFoundByTheirTitles indexes the real ideas and comments, and looks for ideas by their
// titles as people would: typed without capitals or accents, and half of the words.
func TestRealIdeasAreFoundByTheirTitles(t *testing.T) {
	dir := sharedData()
	if dir == "" {
		t.Log("no shared data: the real ideas are left out")
		return
	}
	records := realRecords(t, dir)
	db := shelfOf(records...)
	x := opened(t, db)
	if docs := x.Status().Docs; docs != len(records) {
		t.Fatalf("%d documents of %d records", docs, len(records))
	}
	spaces := []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}
	asked, first, page := 0, 0, 0
	for i, r := range records {
		if r.Type != ideas || i%10 != 0 || len(r.Title) < 20 {
			continue
		}
		asked++
		hits := keys(search(t, x, Query{Text: string(fold([]byte(r.Title))), Spaces: spaces}).Hits)
		switch slices.Index(hits, key(ideas, r.ID)) {
		case -1:
		case 0:
			first++
			page++
		default:
			page++
		}
	}
	t.Logf("%d titles: %d come first, %d are on the first page", asked, first, page)
	if page < asked*95/100 || first < asked*80/100 {
		t.Error("too few")
	}
	// "données" and "donnees" are one word, in French and English comments alike.
	with, without := search(t, x, Query{Text: "données", Spaces: spaces}), search(t, x, Query{Text: "DONNEES", Spaces: spaces})
	if with.Total == 0 || with.Total != without.Total || !slices.Equal(keys(with.Hits), keys(without.Hits)) {
		t.Errorf("%d and %d found", with.Total, without.Total)
	}
	sum := 0
	for _, c := range with.Facets.Types {
		sum += c.N
	}
	if sum != with.Total {
		t.Errorf("types sum up to %d of %d", sum, with.Total)
	}
}
