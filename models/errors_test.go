package models_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"ruche/models"
	"ruche/models/modelstest"
)

// TestTimeThatRunsOutAnywhereIsUnavailable lets the time of a request run out before its transaction, between two of
// its statements and in the middle of one.
func TestTimeThatRunsOutAnywhereIsUnavailable(t *testing.T) {
	db := modelstest.Open(t)
	user := &models.User{Name: "Mona", Email: "mona@example.test", Role: models.RoleEmployee}
	if err := db.Tx(t.Context(), nil, func(tx *models.Tx) error { return tx.CreateUser(user) }); err != nil {
		t.Fatal(err)
	}
	for name, fn := range map[string]func(context.Context, *models.Tx) error{
		"between statements": func(ctx context.Context, tx *models.Tx) error {
			if err := tx.SavePreferences(user.ID, "fr", ""); err != nil {
				return err
			}
			<-ctx.Done()
			return tx.SavePreferences(user.ID, "en", "")
		},
		"before the commit": func(ctx context.Context, tx *models.Tx) error {
			defer func() { <-ctx.Done() }()
			return tx.SavePreferences(user.ID, "en", "")
		},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		err := db.Tx(ctx, nil, func(tx *models.Tx) error { return fn(ctx, tx) })
		cancel()
		if !models.Unavailable(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	past, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	if err := db.Tx(past, nil, func(*models.Tx) error { return nil }); !models.Unavailable(err) {
		t.Errorf("a transaction that comes too late: %v", err)
	}
	if _, err := db.ActorByID(past, user.ID); !models.Unavailable(err) {
		t.Errorf("a read that comes too late: %v", err)
	}
	if actor, err := db.ActorByID(t.Context(), user.ID); err != nil || actor.Locale != "" {
		t.Errorf("what ran out of time was stored: %+v, %v", actor, err)
	}
}

// TestAWriterWhoWaitsForAnotherInVainIsUnavailable holds the writer's turn, or the row, meanwhile.
func TestAWriterWhoWaitsForAnotherInVainIsUnavailable(t *testing.T) {
	db := modelstest.Open(t)
	user := &models.User{Name: "Mona", Email: "mona@example.test", Role: models.RoleEmployee}
	if err := db.Tx(t.Context(), nil, func(tx *models.Tx) error { return tx.CreateUser(user) }); err != nil {
		t.Fatal(err)
	}
	err := db.Tx(t.Context(), nil, func(tx *models.Tx) error {
		if err := tx.SavePreferences(user.ID, "fr", ""); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		other := db.Tx(ctx, nil, func(tx *models.Tx) error { return tx.SavePreferences(user.ID, "en", "") })
		if !models.Unavailable(other) {
			t.Errorf("the one who waits: %v", other)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAFullOrLockedDiskIsUnavailableAndAMistakeIsNot(t *testing.T) {
	for _, cause := range []error{syscall.ENOSPC, syscall.EROFS, syscall.EDQUOT, syscall.EMFILE} {
		if err := fmt.Errorf("store: %w", &os.PathError{Op: "write", Path: "x", Err: cause}); !models.Unavailable(err) {
			t.Error(err)
		}
	}
	for _, mistake := range []error{errors.New("column does not exist"), os.ErrNotExist, context.Canceled, models.ErrConflict} {
		if models.Unavailable(mistake) {
			t.Errorf("%v is said to be for a while only", mistake)
		}
	}
}

func TestATextThatNothingCanHaveIsNotFound(t *testing.T) {
	db := modelstest.Open(t)
	for _, slug := range []string{"a\x00b", "a\xff"} {
		if _, err := db.SpaceBySlug(t.Context(), &models.Actor{}, slug); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("space %q: %v", slug, err)
		}
	}
}
