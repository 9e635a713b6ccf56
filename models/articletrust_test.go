package models_test

import (
	"testing"
	"time"

	"ruche/models"
)

func TestMonthsLaterIsTheSameDayOrTheLastOfTheMonth(t *testing.T) {
	for from, wanted := range map[string]string{"2027-01-31": "2027-02-28", "2028-01-31": "2028-02-29", "2027-01-28": "2027-02-28", "2027-03-31": "2027-04-30", "2027-12-15": "2028-01-15"} {
		at, _ := time.Parse(time.DateOnly, from)
		if got := models.MonthsLater(at, 1).Format(time.DateOnly); got != wanted {
			t.Errorf("a month after %s is %s, not %s", from, got, wanted)
		}
	}
	leap, _ := time.Parse(time.DateOnly, "2028-02-29")
	if got := models.MonthsLater(leap, 12).Format(time.DateOnly); got != "2029-02-28" {
		t.Errorf("a year after the 29th of February is %s", got)
	}
}

func TestWhatWantsLookingAfterIsListedInBoundedSteps(t *testing.T) {
	b := buildLibrary(t)
	var mine *models.Article
	doubted := 0
	group := &models.Group{Kind: models.KindGroup, Name: "Keepers"}
	b.tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		if err := tx.JoinGroup(group.ID, b.usual.ID); err != nil {
			return err
		}
		return tx.OpenGroup(group, true)
	})
	b.tx(b.usual, func(tx *models.Tx) error {
		for _, a := range b.articles {
			article, err := tx.LockArticle(a.ID)
			if err != nil {
				continue // unseen
			}
			mine = article
			if _, err := tx.VerifyArticle(article, article.Version, 1+2*int(a.ID%2), time.UTC); err != nil {
				return err
			}
			if a.ID%7 == 0 && doubted < 15 {
				doubted++
				if _, _, err := tx.SayOfArticle(article, nil, "Hm."); err != nil {
					return err
				}
			}
			if a.ID%9 == 0 {
				if _, err := tx.GiveToGroup(article, group.ID); err != nil {
					return err
				}
			}
			if a.ID%5 == 0 {
				if _, err := tx.OwnArticle(article, 0); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err := b.Analyze(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, later := t.Context(), time.Now()
	for name, query := range map[string]models.TrustQuery{
		"mine": {}, "mine, further": {After: &models.TrustCard{ID: 5, VerifiedUntil: &later}},
		"due": {SpaceID: mine.SpaceID}, "due, further": {SpaceID: mine.SpaceID, After: &models.TrustCard{ID: 5, VerifiedUntil: &later}},
		"my doubts": {Doubted: true}, "doubts": {SpaceID: mine.SpaceID, Doubted: true}, "doubts, further": {SpaceID: mine.SpaceID, Doubted: true, After: &models.TrustCard{ID: 5}},
		"ownerless": {SpaceID: mine.SpaceID, Ownerless: true}, "ownerless, further": {SpaceID: mine.SpaceID, Ownerless: true, After: &models.TrustCard{ID: 5}},
	} {
		query.Limit = 20
		b.bounded(name, func() error { _, err := b.TrustQueue(ctx, b.usual, query); return err })
	}
	article, err := b.Article(ctx, b.usual, mine.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.bounded("voice", func() error { _, err := b.ArticleVoice(ctx, b.usual, article); return err })
	b.bounded("open doubts", func() error { _, err := b.Doubts(ctx, b.usual, article, true, 50); return err })
	b.bounded("former doubts", func() error { _, err := b.Doubts(ctx, b.usual, article, false, 50); return err })
	b.bounded("titles of collections", func() error { _, err := b.CollectionTitles(ctx, b.usual, []int64{1, 2, 3}); return err })
	b.bounded("groups", func() error { _, err := b.OwnerGroups(ctx, b.usual, article); return err })
	b.bounded("badge", func() error { _, err := b.ArticleTrust(ctx, b.usual, article); return err })
}
