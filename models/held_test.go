package models_test

import (
	"testing"
	"time"

	"ruche/models"
)

// heldNowhere are the tables with texts that stand in nothing which can be held, and why; whoever wrote them may be.
func heldNowhere() map[string]string {
	const theirs, house = "it is a person's own, wherever they write", "it is the house's, in no space"
	return map[string]string{
		"merges": theirs, "identities": theirs, "user_words": theirs, "tokens": theirs, "passkeys": theirs, "followings": theirs, "notices": theirs, "drafts": theirs, "rosters": theirs, "corrections": theirs,
		"sign_in_rules": house, "groups": house, "skills": house, "reaction_signs": house, "answer_templates": house, "legal_holds": house,
		"links": "it is what pages elsewhere say of themselves", "jobs": "it is work that waits, and gone when it is done",
	}
}

// TestEveryTextIsHeldSomewhereOrItIsSaidWhyNot fails when a table with texts comes along of which nobody said where it is held: what is
// written there would be changed under a hold.
func TestEveryTextIsHeldSomewhereOrItIsSaidWhyNot(t *testing.T) {
	db := open(t)
	nowhere := heldNowhere()
	owner := db.user("Olga", models.RoleOwner)
	db.tx(db.actor(owner), func(tx *models.Tx) error {
		hold := &models.Hold{Reason: "Patent", Reference: "RG", Dated: time.Now().AddDate(0, 0, -1)}
		hold.On(models.HoldPerson, owner.ID)
		return tx.PlaceHold(hold)
	})
	if waits, err := db.ErasureWaits(t.Context(), owner.ID); err != nil || !waits {
		t.Errorf("the erasure of somebody held waits: %v %v", waits, err)
	}
	for _, h := range models.Holdings() {
		_, excused := nowhere[h.Table]
		delete(nowhere, h.Table)
		if placed := h.HeldInPlace(); h.Written() && placed == excused {
			t.Errorf("%s: held by its place %v, held nowhere for a reason %v; say one of the two", h.Table, placed, excused)
		}
		if _, err := db.TextsHeld(t.Context(), &h, []models.TextRow{{Key: make([]any, len(h.Key))}}); err != nil {
			t.Errorf("%s: %v", h.Table, err)
		}
	}
	for table := range nowhere {
		t.Errorf("%s is no table", table)
	}
}
