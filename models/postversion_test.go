package models_test

import (
	"errors"
	"testing"

	"ruche/models"
	"ruche/models/modelstest"
)

func TestAPostKeepsTheTextsThatItHad(t *testing.T) {
	db := modelstest.Open(t)
	mona, karl := person(t, db, "Mona", models.RoleEmployee), person(t, db, "Karl", models.RoleModerator)
	space := &models.Space{Slug: "house", Title: "House", Visibility: models.Company}
	idea := &models.Idea{AuthorID: mona.ID, Title: "Idea", Body: "Body", HTML: "Body"}
	post := &models.Post{AuthorID: mona.ID, Body: "one", HTML: "one"}
	change(t, db, func(tx *models.Tx) error {
		if err := tx.CreateSpace(space); err != nil {
			return err
		}
		idea.SpaceID = space.ID
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		return tx.CreatePost(models.Place{Idea: idea}, post)
	})
	edit := func(who *models.User, body string, base int) error {
		return db.Tx(t.Context(), actor(t, db, who), func(tx *models.Tx) error {
			post.Body, post.HTML = body, body
			return tx.EditPost(models.Place{Idea: idea}, post, base)
		})
	}
	if n, err := db.PostVersion(t.Context(), post.ID); n != 1 || err != nil {
		t.Fatalf("a new post shows version %d, %v", n, err)
	}
	if err := errors.Join(edit(mona, "two", 1), edit(karl, "three", 2)); err != nil {
		t.Fatal(err)
	}
	for _, base := range []int{0, 1, 2, 4, -1} {
		if err := edit(mona, "late", base); !errors.Is(err, models.ErrConflict) {
			t.Errorf("an edit from version %d: %v", base, err)
		}
	}
	cards, err := db.PostVersions(t.Context(), post.ID, 0, 10)
	if err != nil || len(cards) != 3 || cards[2].Body != "one" || cards[1].Body != "two" || cards[1].EditorName != "Mona" || cards[0].Body != "three" || cards[0].EditorName != "Karl" {
		t.Fatalf("%+v, %v", cards, err)
	}
	clear := func(number int, clear bool) (changed bool, err error) {
		return changed, db.Tx(t.Context(), actor(t, db, karl), func(tx *models.Tx) error {
			if clear {
				changed, err = tx.ClearVersion(post, number, "A number of a person")
			} else {
				changed, err = tx.ShowVersion(post, number)
			}
			return err
		})
	}
	for _, step := range []struct {
		number  int
		clear   bool
		changed bool
		err     error
	}{{2, true, true, nil}, {2, true, false, nil}, {2, false, true, nil}, {2, true, true, nil}, {3, true, false, models.ErrConflict}, {9, true, false, models.ErrNotFound}} {
		if changed, err := clear(step.number, step.clear); changed != step.changed || !errors.Is(err, step.err) {
			t.Errorf("%+v: %v, %v", step, changed, err)
		}
	}
	if cards, err = db.PostVersions(t.Context(), post.ID, 3, 10); err != nil || len(cards) != 2 || cards[0].Body != "" || cards[0].ClearedAt == nil || cards[1].Body != "one" {
		t.Errorf("%+v, %v", cards, err)
	}
	change(t, db, func(tx *models.Tx) error { // who takes what they wrote away leaves none of its texts
		_, err := tx.RemoveContributions(mona.ID)
		return err
	})
	if cards, err = db.PostVersions(t.Context(), post.ID, 0, 10); err != nil || len(cards) != 0 {
		t.Errorf("%+v, %v", cards, err)
	}
}
