package shifts_test

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"ruche/models"
)

// TestAFileThatStaysAndGoesIsSeenInBothPlaces moves a post that quotes a table out of a thread that few may read, and back.
func TestAFileThatStaysAndGoesIsSeenInBothPlaces(t *testing.T) {
	h := open(t)
	secret := h.begin(h.bob, "closed", "discussion", "What it costs")
	files := []string{"table.csv", "plan.csv"}
	for i, name := range files {
		file := &models.File{UserID: h.bob.ID, Key: "aa/" + name, Name: name, ContentType: "text/csv", Size: 4}
		h.Tx(nil, func(tx *models.Tx) error { return tx.CreateFile(file) })
		files[i] = fmt.Sprintf("[%s](/files/%d)", name, file.ID)
	}
	h.say(h.bob, secret, "See "+files[0], "")
	quoting := h.say(h.bob, secret, "> "+files[0]+"\n\nAnd this "+files[1]+", `"+files[0]+"`", "")
	h.question = secret
	form := with(chosen("What all may know", quoting), "space", "ateliers")
	form.Set("widen", "1")
	made := h.split(form)
	named := func(page string) (ids []int64) {
		for _, found := range regexp.MustCompile(`href="/files/(\d+)" class="attachment"`).FindAllStringSubmatch(page, -1) {
			id, _ := strconv.ParseInt(found[1], 10, 64)
			ids = append(ids, id)
		}
		return ids
	}
	sees := func(user *models.User, id int64) bool {
		_, err := h.DB.File(t.Context(), h.Actor(user), id)
		return err == nil
	}
	here, there := named(h.page(h.bob, secret).Text), named(h.page(h.carl, made).See("<code>"+files[0]+"</code>").Text)
	if len(here) != 1 || len(there) != 2 || here[0] == there[0] {
		t.Fatalf("the threads name %v and %v", here, there)
	}
	if sees(h.carl, here[0]) || !sees(h.carl, there[0]) || !sees(h.carl, there[1]) || !sees(h.bob, here[0]) {
		t.Error("who reads a thread does not see its files, or somebody sees those of another")
	}
	h.As(h.mona).Post(h.undo(made), nil).Status(303)
	if back := named(h.page(h.bob, secret).Text); len(back) != 3 || back[0] != here[0] || back[1] != there[0] || back[2] != there[1] {
		t.Errorf("taken back the thread names %v", back)
	}
	for _, id := range append(here, there...) {
		if sees(h.carl, id) || !sees(h.bob, id) {
			t.Errorf("taken back, file %d is seen by somebody else than who reads the thread", id)
		}
	}
}
