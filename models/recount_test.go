package models_test

import (
	"slices"
	"testing"

	"ruche/models"
	"ruche/models/modelstest"
)

// recounted are the counters that are wrong, as they are mended.
func (h *house) recounted() (wrong []models.Miscount) {
	h.t.Helper()
	err := h.Recount(h.t.Context(), func(one models.Miscount) error {
		wrong = append(wrong, one)
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return wrong
}

// showExpertise notes what the first threads and articles show of those who wrote them, as is done behind what happens.
func (h *house) showExpertise() {
	h.t.Helper()
	for first := int64(1); first < 3000; first += 500 {
		ids := make([]int64, 500)
		for i := range ids {
			ids[i] = first + int64(i)
		}
		h.tx(nil, func(tx *models.Tx) error {
			_, err := tx.ShowExpertise(ids, ids)
			return err
		})
	}
}

func TestWhatIsKeptCountedIsWhatIsThere(t *testing.T) {
	forum, library := buildForum(t), buildLibrary(t)
	forum.showExpertise()
	library.showExpertise()
	if wrong := forum.recounted(); len(wrong) > 0 {
		t.Errorf("the forum: %v", wrong)
	}
	if wrong := library.recounted(); len(wrong) > 0 {
		t.Errorf("the library: %v", wrong)
	}
}

func TestACounterThatIsWrongIsMendedAndToldOf(t *testing.T) {
	address := modelstest.Address(t)
	db, err := models.Open(t.Context(), address, models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	h := &house{DB: db, t: t}
	ann, ben := h.user("ann", models.RoleEmployee), h.user("ben", models.RoleEmployee)
	thread := &models.Thread{SpaceID: h.space("s", models.Company).ID, AuthorID: ann.ID, Kind: models.Question, Title: "Why?"}
	opening := &models.Post{AuthorID: ann.ID, Body: "a word", HTML: "a word"}
	h.tx(h.actor(ann), func(tx *models.Tx) error { return tx.CreateThread(thread, opening) })
	h.tx(h.actor(ben), func(tx *models.Tx) error {
		for _, sign := range []int64{1, 2} {
			if _, err := tx.AddReaction(opening, sign); err != nil {
				return err
			}
		}
		return tx.CreatePost(models.Place{Thread: thread}, &models.Post{AuthorID: ben.ID, Body: "a word", HTML: "a word"})
	})
	if wrong := h.recounted(); len(wrong) > 0 {
		t.Fatalf("nothing is wrong yet: %v", wrong)
	}
	modelstest.Exec(t, address, "UPDATE threads SET post_count = 9, people_count = 0, same_count = 4, last_number = 1")
	modelstest.Exec(t, address, "UPDATE reaction_counts SET people = 3 WHERE sign_id = 1")
	modelstest.Exec(t, address, "DELETE FROM reaction_counts WHERE sign_id = 2")
	want := []models.Miscount{
		{Counter: "threads.post_count", ID: thread.ID, Kept: 9, Counted: 2}, {Counter: "threads.people_count", ID: thread.ID, Counted: 2}, {Counter: "threads.same_count", ID: thread.ID, Kept: 4},
		{Counter: "threads.last_number", ID: thread.ID, Kept: 1, Counted: 2},
		{Counter: "reaction_counts.people", ID: opening.ID, SignID: 1, Kept: 3, Counted: 1}, {Counter: "reaction_counts.people", ID: opening.ID, SignID: 2, Counted: 1},
	}
	if wrong := h.recounted(); !slices.Equal(wrong, want) {
		t.Errorf("wrong were %v", wrong)
	}
	modelstest.Exec(t, address, "UPDATE threads SET last_number = 7") // of which the last were moved: they are not given again
	if wrong := h.recounted(); len(wrong) > 0 {
		t.Errorf("wrong still: %v", wrong)
	}
}
