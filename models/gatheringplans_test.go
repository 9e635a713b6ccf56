package models_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"ruche/models"
)

// TestTheAgendaIsReadInBoundedSteps: each space has planned hundreds of gatherings, and people come to many.
func TestTheAgendaIsReadInBoundedSteps(t *testing.T) {
	b := build(t)
	ctx := t.Context()
	var all []*models.Gathering
	b.tx(b.usual, func(tx *models.Tx) error {
		for n := range 900 {
			starts := tx.Now().Add(time.Duration(n) * time.Hour)
			g := &models.Gathering{SpaceID: b.spaces[n%len(b.spaces)].ID, Title: "Gathering " + strconv.Itoa(n), StartsAt: starts, EndsAt: starts.Add(2 * time.Hour)}
			if err := tx.CreateGathering(g); err != nil {
				return err
			}
			if b.usual.Access(g.SpaceID) == nil {
				continue
			}
			if all = append(all, g); len(all)%2 == 0 {
				if _, _, err := tx.Attend(g, models.Comes); err != nil {
					return err
				}
			}
		}
		for n := range 1200 { // half of all that is said is said of one
			g := all[0]
			if n%2 == 1 {
				g = all[n%len(all)]
			}
			post := &models.Post{AuthorID: b.people[n%40].ID, Body: "a word", HTML: "a word"}
			if err := tx.CreatePost(models.Place{Gathering: g}, post); err != nil {
				return err
			}
		}
		return nil
	})
	if err := b.Analyze(ctx); err != nil {
		t.Fatal(err)
	}
	for name, actor := range map[string]*models.Actor{"usual": b.usual, "narrow": b.narrow, "idle": b.idle} {
		for what, query := range map[string]models.GatheringQuery{"coming": {}, "past": {Past: true}, "of a space": {SpaceID: all[0].SpaceID}} {
			query.Limit = 20
			b.bounded(name+" "+what, func() error {
				_, next, err := b.Gatherings(ctx, actor, query)
				if err == nil && next != nil {
					query.After = next
					_, _, err = b.Gatherings(ctx, actor, query)
				}
				return err
			})
		}
		b.bounded(name+" own", func() error { _, err := b.OwnGatherings(ctx, actor, time.Now(), 5); return err })
		b.bounded(name+" page", func() error {
			_, err := b.GatheringDetail(ctx, b.usual, all[0].ID)
			return err
		})
	}
	start := &models.PostKey{At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	rare := all[len(all)-1]
	b.bounded("posts", func() error { _, _, err := b.GatheringPosts(ctx, rare, start, 50); return err })
	b.bounded("people", func() error { _, err := b.Attendees(ctx, b.usual, rare, 60); return err })
	b.bounded("versions", func() error { _, err := b.GatheringVersions(ctx, rare.ID, 10); return err })
	b.bounded("cards", func() error { _, err := b.GatheringCards(ctx, b.usual, []int64{rare.ID}); return err })
	b.bounded("follows", func() error {
		_, err := b.Followings(ctx, b.usual, models.FollowedGathering, 0, 20)
		return err
	})

	cards, next, err := b.Gatherings(ctx, b.usual, models.GatheringQuery{Limit: 20})
	if err != nil || len(cards) != 20 || next == nil || !slices.IsSortedFunc(cards, func(x, y models.GatheringCard) int { return x.StartsAt.Compare(y.StartsAt) }) {
		t.Errorf("the first page has %d, next %v, %v", len(cards), next, err)
	}
}
