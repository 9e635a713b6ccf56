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
