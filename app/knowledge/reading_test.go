package knowledge_test

import (
	"strconv"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestAnArticleIsStarredForOneselfAndNoLonger(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	at, page := "/articles/"+id, "/articles/"+id+"-purge"
	bob := h.As(h.bob)
	bob.Get("/articles/mine").Status(200).NotSee("Purge")
	bob.Get(page).See(`name="starred" value="1" aria-pressed="false"`)
	bob.Post(at+"/star", apptest.Form{"starred": "1"}).Status(303)
	bob.Post(at+"/star", apptest.Form{"starred": "1"}).Status(303)
	bob.Get(page).See(`name="starred" value="0" aria-pressed="true"`)
	bob.Get("/knowledge").See("Favourites", "Purge")
	h.As(h.alice).Get("/articles/mine").NotSee("Purge")
	if got := decoded(t, h.program(h.bob, models.ScopeRead).call("GET", "/articles/starred", "").Status(200)); len(got.Items) != 1 || got.Items[0].Title != "Purge" {
		t.Errorf("a program is told %+v", got)
	}
	h.Visitor().Get("/api/v1/articles/starred").Status(401)
	h.As(h.karen).Post(at+"/star", apptest.Form{"starred": "1"}).Status(404)
	bob.Post(at+"/star", apptest.Form{"starred": "maybe"}).Status(422)
	h.As(h.alice).Post(at+"/withdrawal", nil).Status(303)
	bob.Get("/knowledge").NotSee("Purge")
	bob.Post(at+"/star", apptest.Form{"starred": "0"}).Status(303) // what cannot be read any more can be let go
	bob.Post(at+"/star", apptest.Form{"starred": "0"}).Status(404)
	bob.Post(at+"/star", apptest.Form{"starred": "1"}).Status(404)
	h.As(h.alice).Post(at+"/restoration", nil).Status(303)
	bob.Get("/articles/mine").See("Press “Favourite”")
	bob.Post(at+"/star", apptest.Form{"starred": "1"}).Status(303)
	bob.Post(at+"/star", apptest.Form{"starred": "0"}).Status(303)
	bob.Get("/articles/mine").See("Press “Favourite”")
	program := h.program(h.bob, models.ScopeWrite)
	program.call("PUT", at+"/star", "").Status(204)
	bob.Get("/articles/mine").NotSee("Press “Favourite”")
	program.call("DELETE", at+"/star", "").Status(204)
	bob.Get("/articles/mine").See("Press “Favourite”").See("Purge") // which he has read
}

func TestWhatOneReadsIsNotedForOneselfUnlessOneSaysNo(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	page := "/articles/" + id + "-purge"
	bob := h.As(h.bob)
	bob.Do("GET", page, nil, map[string][]string{"Sec-Purpose": {"prefetch"}}).Status(200)
	bob.Get("/articles/mine").NotSee("Purge")
	bob.Get(page).Status(200)
	bob.Get("/articles/mine").See("Purge")
	bob.Get("/knowledge").See("Recently read")
	h.As(h.mona).Get("/articles/mine").NotSee("Purge")
	h.Visitor().Get("/articles/mine").Status(303)
	bob.Post("/articles/mine/reading/clear", nil).Status(303)
	bob.Get("/articles/mine").NotSee("Purge")
	bob.Get(page).Status(200)
	bob.Post("/articles/mine/reading", apptest.Form{"kept": "0"}).Status(303)
	bob.Get(page).Status(200)
	bob.Get("/articles/mine").See("What you read is not noted").NotSee("Purge")
	bob.Post("/articles/mine/reading", apptest.Form{"kept": "x"}).Status(422)
	bob.Post("/articles/mine/reading", apptest.Form{"kept": "1"}).Status(303)
	bob.Get(page).Status(200)
	bob.Get("/articles/mine").See("Purge")
}

func TestOnlyTheLastArticlesReadAndSoManyFavouritesAreKept(t *testing.T) {
	h := open(t)
	bob := h.Actor(h.bob)
	h.write(h.alice, h.shelf, "", "Purge", "First.")
	shelf, _ := strconv.ParseInt(h.shelf, 10, 64)
	h.Tx(h.Actor(h.alice), func(tx *models.Tx) error {
		collection, err := tx.LockCollection(shelf)
		if err != nil {
			return err
		}
		for range models.MaxStars {
			if err := tx.CreateArticle(collection, &models.Article{AuthorID: h.alice.ID, Title: "Another"}, ""); err != nil {
				return err
			}
		}
		return nil
	})
	h.Tx(bob, func(tx *models.Tx) error {
		for id := range int64(models.MaxStars) {
			if err := tx.StarArticle(id + 1); err != nil {
				return err
			}
			if id < 40 {
				if err := tx.ReadArticle(id + 1); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if read, err := h.DB.ArticlesRead(t.Context(), bob, 100); err != nil || len(read) != 30 {
		t.Errorf("%d articles count as read last (%v)", len(read), err)
	}
	h.As(h.bob).Post("/articles/"+strconv.Itoa(models.MaxStars+1)+"/star", apptest.Form{"starred": "1"}).Status(422).See("500 favourites")
	h.As(h.bob).Post("/articles/1/star", apptest.Form{"starred": "1"}).Status(303) // it is one of the 500
	h.As(h.bob).Get("/articles/mine").Status(200).See("cursor=")
}

func TestNoPlaceInAListIsATimeThatNoDatabaseKnows(t *testing.T) {
	h := open(t)
	mona := h.As(h.mona)
	for _, position := range []string{"-9000000000000000000", "9000000000000000000", "0"} {
		for _, path := range []string{"/articles/mine?", "/articles/trust?", "/articles/trust?space=ateliers&", "/collections/" + h.shelf + "-extrusion/trash?"} {
			mona.Get(path + "cursor=" + position + ".1").Status(422)
		}
	}
	mona.Get("/articles/trust?space=ateliers&show=doubts&cursor=0.1").Status(200) // a list by number
}

func TestArticlesAreListedByWhoAnswersForThemByTheirTrustAndTheirLabel(t *testing.T) {
	h := open(t)
	h.Space("square", models.Public, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager})
	h.write(h.alice, h.shelf, "", "Of Alice", "a")
	bobs := h.write(h.bob, h.shelf, "", "Of Bob", "b")
	h.write(h.mona, h.hidden, "", "Wages", "c")
	h.write(h.mona, h.collection("square", "For all"), "", "Opening hours", "d")
	h.As(h.bob).Post("/articles/"+bobs+"/verification", apptest.Form{"version": "1", "months": "3"}).Status(303)
	bob, mona := h.As(h.bob), h.As(h.mona)
	bob.Get("/articles").Status(200).See("Of Alice", "Of Bob", "Opening hours").NotSee("Wages")
	bob.Get("/articles?owner="+id(h.bob)).Status(200).See("Of Bob").NotSee("Of Alice", "Opening hours")
	bob.Get("/articles?owner=" + id(h.mona)).Status(200).See("Opening hours").NotSee("Wages")
	bob.Get("/articles?trust=verified").See("Of Bob").NotSee("Of Alice", "Opening hours")
	bob.Get("/articles?trust=unverified").See("Of Alice", "Opening hours").NotSee("Of Bob")
	bob.Get("/articles?trust=expired").See("No article fits").NotSee("Of Bob")
	bob.Get("/articles?label=public").See("Opening hours").NotSee("Of Bob", "Of Alice")
	bob.Get("/articles?label=internal").See("Of Bob", "Of Alice").NotSee("Opening hours")
	bob.Get("/articles?label=restricted").See("No article fits").NotSee("Wages")
	mona.Get("/articles?label=restricted").See("Wages").NotSee("Of Bob")
	bob.Get("/articles?label=x&trust=y").Status(200).See("Of Bob")
	for _, owner := range []string{"0", "x", "99999999999", "4000"} {
		bob.Get("/articles?owner=" + owner).Status(404)
	}
	h.Visitor().Get("/articles").Status(200).See("Opening hours").NotSee("Of Bob", "Wages")
	h.Visitor().Get("/articles?owner=" + id(h.mona)).Status(404)
	api := h.program(h.bob, models.ScopeRead)
	api.call("GET", "/articles?owner="+id(h.bob)+"&trust=verified&confidentiality=internal", "").Status(200).See("Of Bob", `"confidentiality":"internal"`, `"verified_until":"20`).NotSee("Of Alice")
	api.call("GET", "/articles?confidentiality=restricted", "").Status(200).See(`"items":[]`)
	api.call("GET", "/articles?collection="+h.shelf+"&owner="+id(h.alice), "").Status(200).See("Of Alice").NotSee("Of Bob")
	api.call("GET", "/articles?trust=perhaps", "").Status(422)
	api.call("GET", "/articles?owner=4000", "").Status(404)
}

func TestAProgramReadsAndForgetsWhatItsPersonHasRead(t *testing.T) {
	h := open(t)
	at := "/articles/" + h.write(h.alice, h.shelf, "", "Purge", "a") + "-purge"
	h.As(h.bob).Get(at).Status(200)
	reads, writes := h.program(h.bob, models.ScopeRead), h.program(h.bob, models.ScopeWrite)
	reads.call("GET", "/articles/read", "").Status(200).See("Purge", `"read_at"`)
	h.program(h.alice, models.ScopeRead).call("GET", "/articles/read", "").Status(200).NotSee("Purge")
	reads.call("DELETE", "/articles/read", "").Status(403)
	writes.call("DELETE", "/articles/read", "").Status(204)
	reads.call("GET", "/articles/read", "").Status(200).See(`"items":[]`)
}
