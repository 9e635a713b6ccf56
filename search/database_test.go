package search

import (
	"context"
	"log/slog"
	"slices"
	"testing"

	"ruche/models"
	"ruche/models/modelstest"
)

// TestTheIndexFollowsARealDatabase posts, comments, withdraws and restores through models.
func TestTheIndexFollowsARealDatabase(t *testing.T) {
	ctx, db := context.Background(), modelstest.Open(t)
	change := func(do func(tx *models.Tx) error) {
		t.Helper()
		if err := db.Tx(ctx, nil, do); err != nil {
			t.Fatal(err)
		}
	}
	user := &models.User{Name: "Mona", Email: "mona@example.test", Role: models.RoleEmployee}
	space := &models.Space{Slug: "mobility", Title: "Mobility", Visibility: models.Company}
	post := &models.Idea{Title: "Des abris à vélos", Body: "Un **abri** devant chaque bâtiment", Lang: "fr", Tags: models.Tags{"mobilité"}}
	change(func(tx *models.Tx) error { return tx.CreateUser(user) })
	change(func(tx *models.Tx) error { return tx.CreateSpace(space) })
	post.SpaceID, post.AuthorID = space.ID, user.ID
	comment := &models.Comment{AuthorID: user.ID, Body: "Et des prises pour les batteries !", Lang: "fr"}

	x, err := Open(t.TempDir(), db, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	look := func(step, text string, want ...string) {
		t.Helper()
		catchUp(t, x)
		got := keys(search(t, x, Query{Text: text, Spaces: []int64{space.ID}}).Hits)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: %q finds %v, not %v", step, text, got, want)
		}
	}
	look("before", "abri")
	change(func(tx *models.Tx) error {
		if err := tx.CreateIdea(post); err != nil {
			return err
		}
		return tx.Record(models.IdeaPosted, post, nil)
	})
	look("posted", "abri batiment mobilite", key(ideas, post.ID))
	change(func(tx *models.Tx) error {
		comment.IdeaID = post.ID
		if err := tx.CreateComment(post, comment); err != nil {
			return err
		}
		return tx.Record(models.CommentPosted, comment.In(space.ID), nil)
	})
	look("commented", "batterie", key(comments, comment.ID))
	for _, step := range []struct {
		state models.State
		verb  string
	}{{models.Withdrawn, models.IdeaWithdrawn}, {models.Published, models.IdeaRestored}} {
		change(func(tx *models.Tx) error {
			if err := tx.SetState(post, step.state); err != nil {
				return err
			}
			return tx.Record(step.verb, post, nil)
		})
		if step.state == models.Withdrawn {
			look(step.verb, "abri")
			look(step.verb, "batterie")
		} else {
			look(step.verb, "abri", key(ideas, post.ID))
			look(step.verb, "batterie", key(comments, comment.ID))
		}
	}
}
