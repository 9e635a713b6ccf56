package search

import (
	"context"
	"reflect"
	"testing"

	"ruche/models"
)

// TestWhatOneMaySeeNotDoesNotExist hides a space full of canaries from someone and asks in every way.
func TestWhatOneMaySeeNotDoesNotExist(t *testing.T) {
	db := newShelf()
	for i := range int64(50) {
		secret := idea(i+100, "fr", "Projet canari secret", "Le canari chante dans la mine", "canaritag")
		secret.SpaceID, secret.Stage, secret.Campaign, secret.AuthorID = 9, "decided", "canaricamp", 77
		db.put(secret)
		c := reply(i+100, i+100, "fr", "encore un canari secret")
		c.SpaceID = 9
		db.put(c)
		talk, said := thread(i+100, "fr", "Le canari du secret", "Un canari tousse", "canaritag"), message(i+500, i+100, "fr", "le canari secret répond")
		talk.SpaceID, said.SpaceID = 9, 9
		db.put(talk)
		db.put(said)
		db.put(idea(i+1, "fr", "Une autre idée", "de la mine"))
	}
	x := opened(t, db)
	for name, spaces := range map[string][]int64{"others": {1, 2, 3}, "nobody": {}, "nil": nil, "unknown": {404}} {
		for _, q := range []Query{
			{Text: "canari"}, {Text: `"canari secret"`}, {Text: "canari", Space: 9}, {Text: "canari", Types: []string{comments}}, {Text: "canari", Types: []string{threads}}, {Text: "canari", Types: []string{posts}}, {Text: "canari", Sort: Newest},
			{Text: "canari", Tag: "canaritag"}, {Text: "canari", Stage: "decided"}, {Text: "canari", Campaign: "canaricamp"}, {Text: "canari", Author: 77}, {Text: "canari", Language: "fr"},
			{Text: "#100"}, {Text: "canaritag"}, {Text: "canari inconnu"},
		} {
			q.Spaces = spaces
			r, err := x.Search(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(r.Facets, Facets{}) || r.Total != 0 || r.Complete != 0 || len(r.Hits) != 0 || r.Next != "" {
				t.Errorf("%s, %+v: %+v", name, q, r)
			}
		}
		for _, text := range []string{"can", "canari", "canri", "projet canari secret", "#100", "chante"} {
			hits, err := x.Suggest(context.Background(), Query{Text: text, Spaces: spaces})
			if err != nil || len(hits) != 0 {
				t.Errorf("%s: %q suggests %d, %v", name, text, len(hits), err)
			}
		}
		if hits, err := x.Similar(context.Background(), "Un projet canari secret", spaces); err != nil || len(hits) != 0 {
			t.Errorf("%s: %d similar, %v", name, len(hits), err)
		}
	}
	// What is seen is counted without the rest.
	r := search(t, x, Query{Text: "mine"})
	if r.Total != 50 || len(r.Facets.Spaces) != 1 || len(r.Facets.Tags) != 0 || len(r.Facets.Stages) != 1 {
		t.Errorf("%d found, facets %+v", r.Total, r.Facets)
	}
}

// TestAHitIsCheckedAgainOnLoad withdraws and moves records that the index has not heard of yet.
func TestAHitIsCheckedAgainOnLoad(t *testing.T) {
	db := shelfOf(idea(1, "en", "Canary one", ""), idea(2, "en", "Canary two", ""), idea(3, "en", "Canary three", ""))
	x := opened(t, db)
	db.drop(ideas, 1)
	moved := idea(2, "en", "Canary two", "")
	moved.SpaceID = 9
	db.put(moved)
	if got := keys(search(t, x, Query{Text: "canary"}).Hits); len(got) != 1 || got[0] != "idea:3" {
		t.Errorf("found %v", got)
	}
}

// TestContentFollowsItsSpaceAndState moves, withdraws and restores, and looks after each.
func TestContentFollowsItsSpaceAndState(t *testing.T) {
	db := shelfOf(idea(1, "en", "Canary", ""), reply(1, 1, "en", "canary too"), reply(2, 1, "en", "canary three"))
	x := opened(t, db)
	both := []int64{1, 2}
	look := func(step string, spaces []int64, want int) {
		t.Helper()
		catchUp(t, x)
		if r := search(t, x, Query{Text: "canary", Spaces: spaces}); r.Total != want || len(r.Hits) != want {
			t.Errorf("%s: %d found, %d shown, not %d", step, r.Total, len(r.Hits), want)
		}
	}
	look("at first", []int64{1}, 3)

	move := func(space int64) {
		for _, r := range []models.SearchRecord{idea(1, "en", "Canary", ""), reply(1, 1, "en", "canary too"), reply(2, 1, "en", "canary three")} {
			r.SpaceID = space
			db.put(r)
		}
		db.happen("idea.moved", ideas, 1)
	}
	move(2)
	look("moved away", []int64{1}, 0)
	look("moved there", []int64{2}, 3)
	move(1)
	look("moved back", []int64{1}, 3)

	replies := []models.SearchRecord{db.records[comments][1], db.records[comments][2]}
	db.drop(ideas, 1)
	db.hide(1, 2)
	db.happen(models.IdeaWithdrawn, ideas, 1)
	look("withdrawn", both, 0)
	db.put(idea(1, "en", "Canary", ""))
	for _, r := range replies {
		db.put(r)
	}
	db.happen(models.IdeaRestored, ideas, 1)
	look("restored", both, 3)

	db.drop(comments, 2)
	db.happen(models.PostRemoved, "post", 2)
	look("comment removed", both, 2)
	db.put(idea(1, "en", "Sparrow", ""))
	db.happen(models.IdeaEdited, ideas, 1)
	look("idea edited", both, 1)
}

// TestThreadsFollowTheirSpaceAndState moves, withdraws, restores and merges threads, and looks after each.
func TestThreadsFollowTheirSpaceAndState(t *testing.T) {
	whole := []models.SearchRecord{thread(1, "en", "Canary", "canary in its first post"), message(2, 1, "en", "canary too"), message(3, 1, "en", "canary three")}
	db := shelfOf(append([]models.SearchRecord{idea(1, "en", "Sparrow", ""), reply(3, 1, "en", "sparrow")}, whole...)...)
	x := opened(t, db)
	both := []int64{1, 2}
	look := func(step string, spaces []int64, want int) {
		t.Helper()
		catchUp(t, x)
		if r := search(t, x, Query{Text: "canary", Spaces: spaces}); r.Total != want || len(r.Hits) != want {
			t.Errorf("%s: %d found, %d shown, not %d", step, r.Total, len(r.Hits), want)
		}
	}
	put := func(space int64) {
		for _, r := range whole {
			r.SpaceID = space
			db.put(r)
		}
	}
	look("at first", []int64{1}, 3)
	put(2)
	db.happen(models.ThreadMoved, threads, 1)
	look("moved away", []int64{1}, 0)
	look("moved there", []int64{2}, 3)
	put(1)
	db.happen(models.ThreadMoved, threads, 1)
	look("moved back", []int64{1}, 3)

	db.drop(threads, 1)
	db.drop(posts, 2)
	db.drop(posts, 3)
	db.hidden = []int64{2, 3}
	db.happen(models.ThreadWithdrawn, threads, 1)
	look("withdrawn", both, 0)
	put(1)
	db.happen(models.ThreadRestored, threads, 1)
	look("restored", both, 3)

	db.happen(models.PostRemoved, "post", 2)
	db.drop(posts, 2)
	look("post removed", both, 2)
	db.put(thread(1, "en", "Canary", "")) // its first post is gone
	db.put(message(4, 1, "en", "canary"))
	db.happen(models.PostPosted, "post", 4)
	look("post written", both, 3)
	db.put(thread(1, "en", "Finch", "a finch"))
	db.happen(models.ThreadEdited, threads, 1)
	look("thread edited", both, 2)
	db.happen(models.ThreadPinned, threads, 1)
	db.happen(models.PollVoted, threads, 1)
	look("pinned", both, 2)
	if r := search(t, x, Query{Text: "sparrow"}); r.Total != 2 {
		t.Errorf("%d sparrows are left of an idea and a comment with the same numbers", r.Total)
	}
}

// TestTheFirstPostIsItsThreads edits and removes the text of a thread.
func TestTheFirstPostIsItsThreads(t *testing.T) {
	db := shelfOf(thread(1, "en", "Birds", "canary"), message(2, 1, "en", "sparrow"))
	x := opened(t, db)
	db.put(thread(1, "en", "Birds", "finch"))
	db.happen(models.PostEdited, "post", 2) // the shelf knows of no first posts; any post tells of its thread
	catchUp(t, x)
	if got := keys(search(t, x, Query{Text: "finch"}).Hits); len(got) != 1 || got[0] != "thread:1" {
		t.Errorf("found %v", got)
	}
	hits, err := x.Suggest(context.Background(), Query{Text: "bir", Spaces: []int64{1}})
	if err != nil || len(hits) != 1 || hits[0].Record.Type != threads {
		t.Errorf("suggested %+v, %v", hits, err)
	}
	r := search(t, x, Query{Text: "birds sparrow finch"})
	if len(r.Facets.Types) != 2 || len(r.Facets.Stages) != 0 {
		t.Errorf("facets %+v", r.Facets)
	}
}
