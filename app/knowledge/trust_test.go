package knowledge_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

func TestAnArticleIsOwnedAndVerified(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	at, page := "/articles/"+id, "/articles/"+id+"-purge"
	bob, alice, mona := h.As(h.bob), h.As(h.alice), h.As(h.mona)
	bob.Get(page).See("Not verified yet", "Owner:").NotSee(at + "/trust")
	alice.Get(page).See(at + "/trust")
	good := apptest.Form{"version": "1", "months": "3"}

	bob.Get(at + "/trust").Status(403)
	bob.Post(at+"/verification", good).Status(403)
	bob.Post(at+"/verification/undo", nil).Status(403)
	bob.Post(at+"/owner", apptest.Form{"owner": h.bob.Email}).Status(403)
	h.As(h.karen).Post(at+"/verification", good).Status(404)
	h.As(h.karen).Get(at + "/trust").Status(404)
	alice.Post(at+"/verification", apptest.Form{"version": "1", "months": "2"}).Status(422).See("months-error")
	alice.Post(at+"/verification", apptest.Form{"version": "2", "months": "3"}).Status(409)
	alice.Post(at+"/verification", apptest.Form{"version": "99999999999", "months": "3"}).Status(409)
	alice.Post(at+"/verification/undo", nil).Status(404)

	alice.Post(at+"/verification", good).Status(303)
	alice.Post(at+"/verification", good).Status(303) // the same said twice is said once
	bob.Get(page).See("Verified by Alice").NotSee("Changed since")
	alice.Post(at, apptest.Form{"title": "Purge", "body": "First, and more.", "base": "1"}).Status(303)
	bob.Get(page).See("Verified by Alice").NotSee("Changed since") // the one who verified knows
	bob.Post(at, apptest.Form{"title": "Purge", "body": "First, and wrong.", "base": "2"}).Status(303)
	bob.Get(page).See("Changed since it was verified", at+"/versions/3?since=1")
	bob.Get(at + "/versions/3?since=1").Status(200).See("wrong")
	mona.Post(at+"/verification", apptest.Form{"version": "3", "months": "1"}).Status(303)
	bob.Get(page).See("Verified by Mona").NotSee("Changed since")
	alice.Get(at + "/trust").NotSee("Take the verification back")
	alice.Post(at+"/verification/undo", nil).Status(403) // it is Mona's
	mona.Post(at+"/verification/undo", nil).Status(303)
	bob.Get(page).See("Verified by Alice", "Changed since")
	mona.Post(at+"/verification/undo", nil).Status(303)
	bob.Get(page).See("Not verified yet")
}

func TestAnArticleIsGivenToWhoWritesThere(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	at, page := "/articles/"+id, "/articles/"+id+"-purge"
	alice, mona := h.As(h.alice), h.As(h.mona)
	for _, address := range []string{"nobody@example.com", h.karen.Email, "odd"} {
		alice.Post(at+"/owner", apptest.Form{"owner": address}).Status(422).See("owner-error", address)
	}
	alice.Post(at+"/owner", apptest.Form{"owner": h.bob.Email}).Status(303)
	alice.Get(at + "/trust").Status(403) // it is Bob's now
	h.As(h.bob).Get(at + "/trust").Status(200).See(h.bob.Email)
	h.Tx(nil, func(tx *models.Tx) error { return tx.Disable(h.bob.ID) })
	mona.Get(page).See("No owner")
	mona.Get(at + "/trust").Status(200).NotSee(h.bob.Email)
	mona.Get("/articles/trust?space=ateliers&show=ownerless").See("Purge") // Bob has left
	mona.Post(at+"/owner", apptest.Form{"owner": ""}).Status(303)
	mona.Get(page).See("No owner")
	mona.Get("/articles/trust?space=ateliers&show=ownerless").See("Purge", at+"/trust")
	mona.Post(at+"/withdrawal", nil).Status(303)
	mona.Post(at+"/verification", apptest.Form{"version": "1", "months": "3"}).Status(409)
	mona.Get("/articles/trust?space=ateliers&show=ownerless").NotSee(at + "/trust")
}

func TestWhoGaveAnArticleAwayTakesItBack(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	at := "/articles/" + id
	alice, bob := h.As(h.alice), h.As(h.bob)
	alice.Post(at+"/owner/undo", nil).Status(409) // it was never given
	alice.Post(at+"/owner", apptest.Form{"owner": h.bob.Email}).Status(303)
	h.As(h.Person("Carl", models.RoleEmployee)).Post(at+"/owner/undo", nil).Status(403)
	h.As(h.karen).Post(at+"/owner/undo", nil).Status(404)
	alice.Get(at + "-purge").See(at + "/owner/undo")
	alice.Post(at+"/owner/undo", nil).Status(303)
	alice.Get(at + "/trust").See(h.alice.Email)
	bob.Get(at + "/trust").Status(403)
	alice.Post(at+"/owner/undo", nil).Status(409)
}

func TestAnArticleSaysWhereItComesFrom(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	at, page := "/articles/"+id, "/articles/"+id+"-purge"
	alice, bob := h.As(h.alice), h.As(h.bob)
	for _, address := range []string{"javascript:alert(1)", "ftp://example.com", "https://", "http://user:word@example.com", "https://example.com/ a"} {
		alice.Post(at+"/source", apptest.Form{"source": "ISO", "source_url": address}).Status(422).See("source_url-error")
	}
	alice.Post(at+"/source", apptest.Form{"source": strings.Repeat("long ", 100)}).Status(422).See("source-error")
	bob.Post(at+"/source", apptest.Form{"source": "Me"}).Status(403)
	h.As(h.karen).Post(at+"/source", apptest.Form{"source": "Me"}).Status(404)
	alice.Post(at+"/source", apptest.Form{"source": "ISO 9001:2015 <b>§7.5", "source_url": "https://www.iso.org/a?b=1&c=2"}).Status(303)
	bob.Get(page).See("Source:", "&lt;b&gt;§7.5", `href="https://www.iso.org/a?b=1&amp;c=2"`)
	alice.Get(page).See(at + "/source?source=&amp;source_url=") // to take it back
	alice.Post(at+"/source?source=&source_url=", nil).Status(303)
	bob.Get(page).NotSee("Source:")
	alice.Post(at+"/source", apptest.Form{"source_url": "https://www.iso.org/a"}).Status(303)
	bob.Get(page).See(">www.iso.org</a>")
}

// verifiedLongAgo verifies the first version of an article two months ago for a month.
func (h *house) verifiedLongAgo(by *models.User, id string) {
	h.t.Helper()
	actor, err := h.DB.ActorByID(h.t.Context(), by.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	n, _ := strconv.ParseInt(id, 10, 64)
	past := h.DB.At(func() time.Time { return time.Now().AddDate(0, -2, 0) })
	err = past.Tx(h.t.Context(), actor, func(tx *models.Tx) error {
		article, err := tx.LockArticle(n)
		if err != nil {
			return err
		}
		_, err = tx.VerifyArticle(article, 1, 1, time.UTC)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestWhatIsToBeLookedAtAgainIsListed(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	soon, secret := h.write(h.alice, h.shelf, "", "Colours", "Second."), h.write(h.mona, h.hidden, "", "Secret", "Hush.")
	alice, mona := h.As(h.alice), h.As(h.mona)
	for article, by := range map[string]*models.User{id: h.alice, soon: h.alice, secret: h.mona} {
		h.verifiedLongAgo(by, article)
	}
	alice.Get("/articles/trust").See("Purge", "Colours", "To be looked at again since").NotSee("Secret")
	alice.Get("/articles/" + id + "-purge").See("to be looked at again since")
	alice.Get("/articles/trust?space=ateliers").Status(403)
	alice.Get("/articles/trust?space=closed").Status(404)
	alice.Get("/articles/trust?cursor=odd").Status(422)
	mona.Get("/articles/trust?space=ateliers").See("Purge", "Colours").NotSee("Secret")
	mona.Post("/articles/"+id+"/verification", apptest.Form{"version": "1", "months": "12", "from": "queue", "space": "ateliers"}).Status(303)
	mona.Get("/articles/trust?space=ateliers").See("Colours").NotSee("/articles/" + id + "-purge")
}
