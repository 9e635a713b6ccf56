package models_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ruche/models"
)

// TestFollowersAreFoundAlongTheirTargets looks at how those are found who follow where something happens, and at the lists of who has muted
// a lot: nothing is read whole, and however many follow, it is the same few statements.
func TestFollowersAreFoundAlongTheirTargets(t *testing.T) {
	b := buildForum(t)
	ctx := t.Context()
	for n, person := range b.people {
		b.tx(b.actor(person), func(tx *models.Tx) error {
			targets := []models.Followable{{SpaceID: b.spaces[0].ID}, {TopicID: b.topic.ID}, {Tag: "common"}, {PersonID: b.people[(n+1)%len(b.people)].ID}}
			for i := range 60 {
				targets = append(targets, models.Followable{Tag: "tag " + strconv.Itoa(100*n+i)})
			}
			for i, target := range targets {
				level := []models.FollowLevel{models.LevelWatch, models.LevelFollow, models.LevelMute}[(n+i)%3]
				if _, err := tx.SetFollowing(target, level); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := b.Analyze(ctx); err != nil {
		t.Fatal(err)
	}
	var statements []string
	b.Watch(func(statement string) { statements = append(statements, statement) })
	check := func(what string, most int, do func() error) {
		t.Helper()
		statements = nil
		if err := do(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if len(statements) > most {
			t.Errorf("%s: %d statements", what, len(statements))
		}
		for _, statement := range slices.Clone(statements) {
			plan, err := b.Plan(ctx, statement)
			if err != nil {
				t.Fatalf("%s: %v\n%s", what, err, statement)
			}
			step := b.costly(plan)
			if strings.Contains(step, "USING INDEX ideas_newest (space_id=? AND published_at>?)") { // who has muted an author has to look who wrote each
				continue
			}
			if step != "" {
				t.Errorf("%s: %s\n%s\n%s", what, step, statement, plan)
			}
		}
	}
	in := func(do func(*models.Tx) error) func() error {
		return func() error { return b.Tx(context.Background(), nil, do) }
	}
	thread := b.threads[slices.IndexFunc(b.threads, func(t *models.Thread) bool { return t.TopicID != nil })]
	scene := models.Scene{SpaceID: thread.SpaceID, TopicID: thread.TopicID, Tags: models.Tags{"common", "rare"}, AuthorID: b.people[3].ID, ThreadID: thread.ID}
	notice := models.Notice{ActorID: b.people[3].ID, ThreadID: thread.ID, Kind: models.NoticeThread, CreatedAt: b.Now()}
	people := []int64{b.people[5].ID, b.people[6].ID}
	check("new thread", 1, in(func(tx *models.Tx) error { return tx.NotifyBegun(notice, scene, people) }))
	notice.Kind = models.NoticePost
	check("post", 4, in(func(tx *models.Tx) error { return tx.NotifyPost(notice, scene, people) }))
	check("mention", 1, in(func(tx *models.Tx) error { _, err := tx.Hearing(scene, people); return err }))
	usual := b.actor(b.people[2])
	if !usual.Mutes {
		t.Fatal("nothing is muted")
	}
	for _, kind := range models.FollowedKinds() {
		check("followed: "+string(kind), 1, func() error { _, err := b.Followings(ctx, usual, kind, 0, 30); return err })
	}
	check("level", 1, func() error { _, err := b.LevelOf(ctx, usual, models.Followable{PersonID: 3}); return err })
	for _, sort := range []models.ThreadSort{models.ThreadsActive, models.ThreadsNew, models.ThreadsHot} {
		check("threads "+string(sort), 2, func() error {
			_, _, err := b.Threads(ctx, usual, models.ThreadQuery{Sort: sort, Limit: 30})
			return err
		})
	}
	check("ideas", 2, func() error {
		_, _, err := b.Ideas(ctx, usual, models.IdeaQuery{Sort: models.SortNewest, Limit: 30})
		return err
	})
	check("home", 4, func() error { _, err := b.Activity(ctx, usual, 6); return err })
}
