package knowledge_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// purge lets the trash keep nothing any more, and tells how many articles went.
func (h *house) purge() (removed int64) {
	h.t.Helper()
	h.Tx(nil, func(tx *models.Tx) (err error) {
		removed, err = tx.RemoveSpent(models.PeriodTrash, -1)
		return err
	})
	return removed
}

func TestTheTrashOfASpaceSaysWhoTookWhatAndUntilWhenItStays(t *testing.T) {
	h := open(t)
	second := h.collection("ateliers", "Second")
	a := h.write(h.alice, h.shelf, "", "Purge", "a")
	h.write(h.bob, h.shelf, a, "Below", "b")
	b := h.write(h.bob, second, "", "Scales", "b")
	secret := h.write(h.mona, h.hidden, "", "Wages", "c")
	for id, who := range map[string]*models.User{a: h.alice, b: h.mona, secret: h.mona} {
		h.As(who).Post("/articles/"+id+"/withdrawal", nil).Status(303)
	}
	until := h.DB.Now().AddDate(0, 0, 30).Format("2 January 2006")
	h.As(h.mona).Get("/articles/trash?space=ateliers").Status(200).See("Purge", "by Alice", "with 1 article under it", "Scales", "by Mona", "Second", until).NotSee(">Below<", "Wages")
	h.As(h.alice).Get("/articles/trash?space=ateliers").Status(200).See("Purge").NotSee("Scales") // what a moderator took is theirs to bring back
	h.As(h.bob).Get("/articles/trash?space=ateliers").Status(200).NotSee("Purge", "Scales")
	h.As(h.bob).Get("/articles/trash?space=closed").Status(404)
	h.As(h.bob).Get("/articles/trash?space=ateliers&cursor=1.x").Status(422)
	h.Visitor().Get("/articles/trash").Status(303)
	mona, bob := h.program(h.mona, models.ScopeRead), h.program(h.bob, models.ScopeRead)
	mona.call("GET", "/articles/trash?space=ateliers", "").Status(200).See(`"title":"Purge"`, `"along":1`, `"removed_at"`, `"name":"Alice"`).NotSee("Wages")
	bob.call("GET", "/articles/trash?space=ateliers", "").Status(200).See(`"items":[]`)
	bob.call("GET", "/articles/trash?space=closed", "").Status(404)
}

func TestWhatHasLostItsPlaceComesBackAndSaysWhere(t *testing.T) {
	h := open(t)
	above := h.write(h.alice, h.shelf, "", "Above", "a")
	child := h.write(h.alice, h.shelf, above, "Child", "b")
	alice := h.As(h.alice)
	alice.Post("/articles/"+child+"/withdrawal", nil).Status(303)
	h.write(h.bob, h.shelf, above, "Child", "Another of the name.")
	alice.Post("/articles/"+child+"/restoration", nil).Status(303)
	alice.Get("/articles/" + child + "-child").See("has the same title")
	alice.Post("/articles/"+child+"/withdrawal", nil).Status(303)
	alice.Post("/articles/"+above+"/withdrawal", nil).Status(303) // the other child goes along
	alice.Post("/articles/"+child+"/restoration", nil).Status(303)
	alice.Get("/articles/"+child+"-child").Status(200).See("at the end of the collection", "b</p>")
	alice.Post("/articles/"+child+"/restoration", nil).Status(303) // once more does nothing
}

func TestWhatIsInTheTrashForTooLongGoesWithAllThatHangsOnIt(t *testing.T) {
	h := open(t)
	var pixels bytes.Buffer
	if err := png.Encode(&pixels, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	file, err := h.Files.Save(t.Context(), h.Actor(h.alice), "plan.png", &pixels)
	if err != nil {
		t.Fatal(err)
	}
	a := h.write(h.alice, h.shelf, "", "Purge", fmt.Sprintf("![](/files/%d)", file.ID))
	below := h.write(h.bob, h.shelf, a, "Below", "b")
	early := h.write(h.bob, h.shelf, below, "Early", "c") // in the trash by itself, before what it stands under
	stays := h.write(h.bob, h.shelf, "", "Stays", fmt.Sprintf("[Purge](/articles/%s)", a))
	bob, mona := h.As(h.bob), h.As(h.mona)
	h.As(h.alice).Post("/articles/"+a, apptest.Form{"title": "Purge", "body": fmt.Sprintf("Again ![](/files/%d) and [this](/articles/%s)", file.ID, stays), "base": "1"}).Status(303)
	bob.Post("/articles/"+a+"/posts", apptest.Form{"body": "A word."}).Status(303)
	mona.Post("/articles/"+a+"/posts", apptest.Form{"body": "Another, of @Bob.", "parent": "1"}).Status(303)
	bob.Post("/articles/"+a+"/doubts", apptest.Form{"reason": "Hm."}).Status(303)
	bob.Post("/articles/"+a+"/star", apptest.Form{"starred": "1"}).Status(303)
	mona.Post("/articles/"+a+"/verification", apptest.Form{"version": "2", "months": "6"}).Status(303)
	h.Settle()
	bob.Post("/articles/"+early+"/withdrawal", nil).Status(303)
	mona.Post("/articles/"+a+"/withdrawal", nil).Status(303)
	h.Settle()
	h.Tx(nil, func(tx *models.Tx) error {
		n, err := tx.RemoveSpent(models.PeriodTrash, 30)
		if n != 0 {
			t.Errorf("%d articles went before their time", n)
		}
		return err
	})
	if n := h.purge(); n != 3 {
		t.Errorf("%d articles went", n)
	}
	for _, id := range []string{a, below, early} {
		mona.Get("/articles/" + id).Status(404)
		mona.Post("/articles/"+id+"/restoration", nil).Status(404)
	}
	mona.Get("/articles/trash?space=ateliers").Status(200).NotSee("Purge", "Early")
	bob.Get("/articles/" + stays + "-stays").Status(200).See("Stays")
	bob.Get("/articles/mine").Status(200).NotSee("Purge")
	bob.Get("/notifications").Status(200)
	h.Settle()
	orphans, err := h.DB.OrphanFiles(t.Context(), h.DB.Now().Add(time.Hour), 10)
	if err != nil || len(orphans) != 1 || orphans[0].ID != file.ID {
		t.Errorf("the file is not left to the sweep: %v, %v", orphans, err)
	}
	h.As(h.Person("Olga", models.RoleOwner)).Get("/audit").Status(http.StatusOK).See("removed for good after its time")
	if n := h.purge(); n != 0 {
		t.Errorf("%d articles went again", n)
	}
}

func TestWhatStoodUnderWhatIsGoneComesBackAtTheTop(t *testing.T) {
	h := open(t)
	above := h.write(h.alice, h.shelf, "", "Above", "a")
	child := h.write(h.bob, h.shelf, above, "Child", "b")
	h.As(h.bob).Post("/articles/"+child+"/withdrawal", nil).Status(303)
	h.As(h.alice).Post("/articles/"+above+"/withdrawal", nil).Status(303)
	h.As(h.bob).Post("/articles/"+child+"/restoration", nil).Status(303)
	if n := h.purge(); n != 1 {
		t.Errorf("%d articles went", n)
	}
	h.As(h.bob).Get("/articles/" + child + "-child").Status(200)
}

func TestDroppedDraftsAndOldVersionsGoByTheirRules(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	draft := h.keep(h.alice, h.shelf, "Later", "x")
	alice.Post(draft+"/removal", nil)
	spent := func(kind models.PeriodKind, days int) (n int64) {
		h.Tx(nil, func(tx *models.Tx) (err error) {
			n, err = tx.RemoveSpent(kind, days)
			return err
		})
		return n
	}
	if n := spent(models.PeriodArticleDrafts, 90); n != 0 {
		t.Errorf("%d drafts went before their time", n)
	}
	alice.Get(draft).Status(200)
	if n := spent(models.PeriodArticleDrafts, -1); n != 1 {
		t.Errorf("%d drafts went", n)
	}
	alice.Get(draft).Status(404)

	id := h.write(h.alice, h.shelf, "", "Purge", "Stays.\n\nText 1.")
	save := func(by *models.User, base int) {
		h.As(by).Post("/articles/"+id, apptest.Form{"title": "Purge", "body": fmt.Sprintf("Stays.\n\nText %d.", base+1), "base": fmt.Sprint(base)}).Status(303)
	}
	for base := 1; base < 25; base++ {
		who := h.alice
		if base == 3 {
			who = h.bob // who wrote once: nobody's last word of a day goes
		}
		save(who, base)
	}
	h.As(h.mona).Post("/articles/"+id+"/verification", apptest.Form{"version": "25", "months": "6"}).Status(303)
	if n := spent(models.PeriodVersions, 365); n != 0 {
		t.Errorf("%d versions went before their time", n)
	}
	h.As(h.mona).Post("/articles/"+id+"/versions/2/name", apptest.Form{"name": "As audited"}).Status(303)
	alice.Get("/articles/" + id + "/blame").Status(200)
	if n := spent(models.PeriodVersions, -1); n != 2 { // 3 and 5: the first, the named one, the last of Bob and the latest twenty stay
		t.Errorf("%d versions went", n)
	}
	alice.Get("/articles/" + id + "/versions/3").Status(404)
	alice.Post("/articles/"+id+"/tasks", apptest.Form{"task": "1-done", "base": "3"}).Status(303) // somebody who had that page open is told to look again
	alice.Get("/articles/" + id + "/versions/6").Status(200).See("Version 6")
	alice.Get("/articles/" + id + "/versions/4").Status(200).See("Text")
	h.program(h.alice, models.ScopeRead).call("GET", "/articles/"+id+"/versions/4/changes", "").Status(200).See(`"since":2`)
	if _, words := h.program(h.alice, models.ScopeRead).blame("/articles/" + id); words != "Stays. Alice1; Text 25. Alice25; " {
		t.Errorf("without some versions blame is %s", words)
	}
}

func TestWhatOthersWroteUnderAnErasedArticleCanBeBroughtBack(t *testing.T) {
	h := open(t)
	above := h.write(h.alice, h.shelf, "", "Above", "a")
	child := h.write(h.bob, h.shelf, above, "Bobs own", "b")
	h.As(h.alice).Post("/articles/"+above+"/withdrawal", nil).Status(303)
	h.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.RemoveContributions(h.alice.ID)
		return err
	})
	h.As(h.mona).Post("/articles/"+child+"/restoration", nil).Status(303)
	if n := h.purge(); n != 1 {
		t.Errorf("%d articles went", n)
	}
	h.As(h.bob).Get("/articles/" + child + "-bobs-own").Status(200)
}

func TestTheTrashReachesRestrictedCollections(t *testing.T) {
	e := enclose(t)
	own := e.write(e.alice, e.secret, "", hush+" of Alice", "x")
	e.As(e.alice).Post("/articles/"+own+"/withdrawal", nil).Status(303)
	e.As(e.alice).Get("/articles/trash?space=ateliers").See(hush + " of Alice")
	e.As(e.mona).Get("/articles/trash?space=ateliers").See(hush + " of Alice")
	for _, person := range e.shut() {
		if page := e.As(person).Get("/articles/trash?space=ateliers"); strings.Contains(page.Text, hush) {
			t.Errorf("%s finds it in the trash", person.Name)
		}
	}
}
