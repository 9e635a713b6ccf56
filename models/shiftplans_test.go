package models_test

import (
	"strconv"
	"testing"

	"ruche/models"
)

// TestMovingPostsReadsNoMoreThanWhatMoves splits and merges threads of a forum and takes that back, and ties threads to ideas and articles:
// every statement goes along the posts and the people of the threads that it is about.
func TestMovingPostsReadsNoMoreThanWhatMoves(t *testing.T) {
	b := buildForum(t)
	ctx := t.Context()
	var busy []*models.Thread
	for _, thread := range b.threads {
		if thread.SpaceID == b.spaces[0].ID && thread.Kind == models.Discussion && thread.State == models.Published && thread.LastNumber == 3 {
			busy = append(busy, thread)
		}
	}
	from, into, idea := busy[0], busy[1], b.ideas[8]
	posts, err := b.ThreadPosts(ctx, from, 2, 3)
	if err != nil || len(posts) != 2 {
		t.Fatalf("%d posts: %v", len(posts), err)
	}
	b.tx(b.usual, func(tx *models.Tx) error {
		for n := range 400 { // of other threads, whose drafts stay where they are
			if err := tx.SaveDraft(b.people[n%40].ID, "thread/"+strconv.Itoa(1000+n)+"/post", models.Fields{"body": "begun"}); err != nil {
				return err
			}
		}
		for n := range 300 {
			if _, err := tx.Tie(b.ideas[n], busy[n%len(busy)], false); err != nil {
				return err
			}
		}
		return nil
	})
	if err := b.Analyze(ctx); err != nil {
		t.Fatal(err)
	}
	do := func(what string, change func(*models.Tx) error) {
		b.bounded(what, func() error { return b.Tx(ctx, b.usual, change) })
	}
	for _, scope := range models.ShiftScopes() {
		var shift *models.ThreadShift
		do("split "+string(scope), func(tx *models.Tx) (err error) {
			one, err := tx.LockThread(from.ID)
			if err != nil {
				return err
			}
			made := &models.Thread{SpaceID: from.SpaceID, Kind: models.Discussion, Title: "Aside"}
			shift, err = tx.SplitThread(one, made, models.Chosen{Posts: []int64{posts[0].ID}, Scope: scope})
			return err
		})
		do("end of split "+string(scope), func(tx *models.Tx) error {
			shift, one, other, err := tx.LockShift(shift.ID)
			if err != nil {
				return err
			}
			return tx.EndShift(shift, one, other)
		})
	}
	var merge *models.ThreadShift
	do("merge", func(tx *models.Tx) (err error) {
		one, other, err := tx.LockThreads(from.ID, into.ID)
		if err != nil {
			return err
		}
		merge, err = tx.MergeThread(one, other)
		return err
	})
	b.bounded("shifts", func() error { _, err := b.Shifts(ctx, b.usual, into); return err })
	b.bounded("merged", func() error { _, err := b.MergedThread(ctx, b.usual, from.ID); return err })
	b.bounded("moved", func() error { _, err := b.MovedFrom(ctx, posts[0].ID, from.ID); return err })
	b.bounded("answered elsewhere", func() error { _, err := b.AnsweredElsewhere(ctx, b.usual, []int64{posts[0].ID}); return err })
	b.bounded("ties of a thread", func() error { _, err := b.TiedIdeas(ctx, b.usual, into.ID); return err })
	do("end of merge", func(tx *models.Tx) error {
		shift, one, other, err := tx.LockShift(merge.ID)
		if err != nil {
			return err
		}
		return tx.EndShift(shift, one, other)
	})
	do("tie", func(tx *models.Tx) error { _, err := tx.Tie(b.ideas[400], from, false); return err })
	do("untie", func(tx *models.Tx) error { _, err := tx.Untie(b.ideas[400].ID, from.ID); return err })
	b.bounded("ties of an idea", func() error { _, err := b.TiedThreads(ctx, b.usual, idea.ID); return err })
	for _, about := range []models.About{{Thread: from.ID}, {Idea: idea.ID}} {
		b.bounded("articles from "+about.Path(), func() error { _, err := b.ArticlesFrom(ctx, b.usual, about); return err })
	}
	b.bounded("origins", func() error { _, err := b.ArticleOrigins(ctx, b.usual, 1); return err })
}
