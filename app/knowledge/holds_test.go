package knowledge_test

import (
	"strconv"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// hold puts something under a hold and returns how to end that.
func (h *house) hold(owner *models.User, subject models.HoldSubject, id int64) (release func()) {
	h.t.Helper()
	hold := &models.Hold{Reason: "A dispute", Reference: "RG 26/1", Dated: time.Now().AddDate(0, 0, -1)}
	hold.On(subject, id)
	h.Tx(h.Actor(owner), func(tx *models.Tx) error { return tx.PlaceHold(hold) })
	return func() {
		h.t.Helper()
		h.Tx(h.Actor(owner), func(tx *models.Tx) error { return tx.ReleaseHold(hold, "It is over.") })
	}
}

// remove lets a period keep nothing any more, and tells how many rows went.
func (h *house) remove(kind models.PeriodKind) (removed int64) {
	h.t.Helper()
	h.Tx(nil, func(tx *models.Tx) (err error) {
		removed, err = tx.RemoveSpent(kind, -1)
		return err
	})
	return removed
}

func (h *house) id(text string) int64 {
	h.t.Helper()
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func TestNothingOfWhatIsHeldLeavesTheTrash(t *testing.T) {
	h := open(t)
	owner := h.Person("Olga", models.RoleOwner)
	space, err := h.DB.SpaceBySlug(t.Context(), h.Actor(h.mona), "ateliers")
	if err != nil {
		t.Fatal(err)
	}
	top := h.write(h.alice, h.shelf, "", "Purge", "a")
	below := h.write(h.bob, h.shelf, top, "Below", "b")
	h.As(h.karen).Get("/articles/" + top).Status(404)
	h.As(h.mona).Post("/articles/"+top+"/posts", apptest.Form{"body": "Is that so?"}).Status(303)
	h.As(h.alice).Post("/articles/"+top+"/withdrawal", nil).Status(303)
	for name, on := range map[string]struct {
		subject models.HoldSubject
		id      int64
	}{
		"the article":                       {models.HoldArticle, h.id(top)},
		"what went along with it":           {models.HoldArticle, h.id(below)},
		"its space":                         {models.HoldSpace, space.ID},
		"who wrote it":                      {models.HoldPerson, h.alice.ID},
		"who wrote what went along with it": {models.HoldPerson, h.bob.ID},
		"who said something of it":          {models.HoldPerson, h.mona.ID},
	} {
		release := h.hold(owner, on.subject, on.id)
		if n := h.purge(); n != 0 {
			t.Fatalf("with %s held, %d articles went", name, n)
		}
		would, err := h.DB.WouldRemove(t.Context(), &models.PrivacySettings{Days: map[models.PeriodKind]int{models.PeriodTrash: -1}})
		if err != nil || would[models.PeriodTrash] != 0 {
			t.Errorf("with %s held, the page says that %d would go: %v", name, would[models.PeriodTrash], err)
		}
		release()
	}
	release := h.hold(owner, models.HoldPerson, h.karen.ID) // has nothing to do with it
	h.hold(owner, models.HoldArticle, h.id(top))()
	if n := h.purge(); n != 2 {
		t.Errorf("%d articles went after the release", n)
	}
	release()
	h.As(owner).Get("/privacy/holds?ended=1").Status(200).See("An article that was removed for good since", "Karen")
}

func TestASpaceUnderHoldKeepsWhatItsRestrictedCollectionsThrewAway(t *testing.T) {
	h := open(t)
	owner := h.Person("Olga", models.RoleOwner)
	space, err := h.DB.SpaceBySlug(t.Context(), h.Actor(h.mona), "ateliers")
	if err != nil {
		t.Fatal(err)
	}
	id := h.write(h.mona, h.shelf, "", "Wages", "a")
	h.As(h.mona).Post("/collections/"+h.shelf+"/restriction", apptest.Form{"restricted": "1"}).Status(303)
	h.As(h.mona).Post("/articles/"+id+"/withdrawal", nil).Status(303)
	article, err := h.DB.Article(t.Context(), h.Actor(h.mona), h.id(id))
	if err != nil {
		t.Fatal(err)
	}
	if article.SpaceID == space.ID {
		t.Fatal("the collection is not restricted")
	}
	release := h.hold(owner, models.HoldSpace, space.ID)
	if n := h.purge(); n != 0 {
		t.Errorf("%d articles went", n)
	}
	release()
	if n := h.purge(); n != 1 {
		t.Errorf("%d articles went after the release", n)
	}
}

func TestDraftsAndOldVersionsUnderHoldStay(t *testing.T) {
	h := open(t)
	owner := h.Person("Olga", models.RoleOwner)
	id := h.write(h.alice, h.shelf, "", "Purge", "text 0")
	for base := 1; base < 25; base++ {
		h.As(h.alice).Post("/articles/"+id, apptest.Form{"title": "Purge", "body": "text " + strconv.Itoa(base), "base": strconv.Itoa(base)}).Status(303)
	}
	h.As(h.bob).Post(h.keep(h.bob, h.shelf, "Later", "x")+"/removal", nil)
	for _, on := range []struct {
		subject models.HoldSubject
		id      int64
	}{{models.HoldArticle, h.id(id)}, {models.HoldPerson, h.alice.ID}} {
		release := h.hold(owner, on.subject, on.id)
		if n := h.remove(models.PeriodVersions); n != 0 {
			t.Errorf("with a hold on the %s, %d versions went", on.subject, n)
		}
		release()
	}
	release := h.hold(owner, models.HoldPerson, h.bob.ID)
	if n := h.remove(models.PeriodArticleDrafts); n != 0 {
		t.Errorf("%d drafts went", n)
	}
	release()
	if versions, drafts := h.remove(models.PeriodVersions), h.remove(models.PeriodArticleDrafts); versions == 0 || drafts != 1 {
		t.Errorf("after the release, %d versions and %d drafts went", versions, drafts)
	}
}

func TestAnArticleThatLeavesAHeldSpaceStaysHeld(t *testing.T) {
	h := open(t)
	owner := h.Person("Olga", models.RoleOwner)
	space, err := h.DB.SpaceBySlug(t.Context(), h.Actor(h.mona), "ateliers")
	if err != nil {
		t.Fatal(err)
	}
	id := h.write(h.alice, h.shelf, "", "Wages", "a")
	release := h.hold(owner, models.HoldSpace, space.ID)
	h.As(h.mona).Post("/articles/"+id+"/place", apptest.Form{"collection": h.outside}).Status(303)
	h.As(h.mona).Post("/articles/"+id+"/withdrawal", nil).Status(303)
	if n := h.purge(); n != 0 {
		t.Errorf("%d articles went", n)
	}
	release() // which is that of the space alone
	if n := h.purge(); n != 0 {
		t.Errorf("%d articles went with the hold on another thing", n)
	}
}
