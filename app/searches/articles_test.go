package searches_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

func TestArticlesAreFoundByCollectionLanguageAndVerification(t *testing.T) {
	site := apptest.Start(t)
	alice, boss, gaston := site.Person("Alice", models.RoleEmployee), site.Person("Boss", models.RoleEmployee), site.Person("Gaston", models.RoleExternal)
	site.Space("plant", models.Company, map[*models.User]models.SpaceRole{boss: models.SpaceManager})
	manager, client, outsider := site.As(boss), site.As(alice), site.As(gaston)
	manager.Post("/collections", apptest.Form{"space": "plant", "title": "Procedures"}).Status(http.StatusSeeOther)
	manager.Post("/collections", apptest.Form{"space": "plant", "title": "Recettes"}).Status(http.StatusSeeOther)
	manager.Post("/articles", apptest.Form{"collection": "1", "title": "Oil the extruder", "body": "The extruder squeaks and this is what you do about it."}).Status(http.StatusSeeOther)
	manager.Post("/articles", apptest.Form{"collection": "2", "title": "Graisser l’extruder", "body": "Quand l’extruder grince, voilà ce que vous devez faire avec la graisse."}).Status(http.StatusSeeOther)
	site.Settle()

	client.Get("/search?q=extruder").See("2 results", "Procedures", "Recettes", "Verified articles only", "collection=1", "lang=fr")
	client.Get("/search?q=extruder&collection=1").See("1 result", "/articles/1-", "collection=2").NotSee("/articles/2-")
	client.Get("/search?q=extruder&lang=fr").See("1 result", "/articles/2-").NotSee("/articles/1-")
	client.Get("/search?q=extruder&lang=fr&collection=1").See("Nothing found", "Remove the filters")
	client.Get("/search?q=extruder&verified=1").See("Nothing found")
	for _, odd := range []string{"collection=odd", "collection=0", "collection=-1", "collection=9223372036854775808", "collection=99", "lang=xx"} {
		client.Get("/search?q=extruder&" + odd).Status(http.StatusOK).See("Nothing found")
	}
	outsider.Get("/search?q=extruder&collection=1").See("Nothing found").NotSee("Procedures")

	manager.Post("/articles/1/verification", apptest.Form{"version": "1", "months": "3"}).Status(http.StatusSeeOther)
	site.Settle()
	client.Get("/search?q=extruder&verified=1").See("1 result", "/articles/1-", "Verified until").NotSee("/articles/2-")
	bearer := http.Header{"Authorization": {"Bearer " + site.Token(alice, models.ScopeRead)}}
	api := func(query string) *apptest.Answer {
		return site.Visitor().Do(http.MethodGet, "/api/v1/search?q=extruder"+query, nil, bearer)
	}
	api("&verified=true").Status(http.StatusOK).See(`"total":1`, `"verified_until":"20`, `"lang":"en"`)
	api("&collection=2").See(`"total":1`, `"verified_until":null`, `"value":"1","count":1`)
	api("&lang=en").See(`"total":1`)
	api("&collection=0").Status(http.StatusUnprocessableEntity)
	api("&lang=xx").Status(http.StatusUnprocessableEntity)

	manager.Post("/articles/1/verification/undo", nil).Status(http.StatusSeeOther)
	client.Get("/search?q=extruder&verified=1").NotSee("/articles/1-") // before the index hears of it, too
	site.Settle()
	client.Get("/search?q=extruder&verified=1").See("Nothing found")

	actor := site.Actor(boss)
	past := site.DB.At(func() time.Time { return time.Now().AddDate(0, -2, 0) })
	if err := past.Tx(t.Context(), actor, func(tx *models.Tx) error {
		article, err := tx.LockArticle(2)
		if err != nil {
			return err
		}
		if _, err := tx.VerifyArticle(article, 1, 1, time.UTC); err != nil {
			return err
		}
		return tx.Record(models.ArticleVerified, article, nil)
	}); err != nil {
		t.Fatal(err)
	}
	site.Settle()
	client.Get("/search?q=extruder&verified=1").See("Nothing found") // it ended without anything happening
	client.Get("/search?q=extruder").See("2 results").NotSee("Verified until")
}

func TestWhatIsFoundIsNarrowedToALabel(t *testing.T) {
	site := apptest.Start(t)
	alice, boss, gaston := site.Person("Alice", models.RoleEmployee), site.Person("Boss", models.RoleEmployee), site.Person("Gaston", models.RoleExternal)
	for i, visibility := range []models.Visibility{models.Public, models.Company, models.Restricted} {
		slug, number := string(visibility), strconv.Itoa(i+1)
		site.Space(slug, visibility, map[*models.User]models.SpaceRole{boss: models.SpaceManager})
		site.As(boss).Post("/collections", apptest.Form{"space": slug, "title": "Shelf"}).Status(http.StatusSeeOther)
		site.As(boss).Post("/articles", apptest.Form{"collection": number, "title": "The extruder", "body": "It squeaks."}).Status(http.StatusSeeOther)
	}
	site.Settle()
	everything, some, little := site.As(boss), site.As(alice), site.As(gaston)
	everything.Get("/search?q=extruder").Status(http.StatusOK).See("3 results", "label=restricted")
	everything.Get("/search?q=extruder&label=restricted").See("1 result", "/articles/3-", "Remove the filters").NotSee("/articles/1-", "/articles/2-")
	everything.Get("/search?q=extruder&label=internal").See("1 result", "/articles/2-")
	everything.Get("/search?q=extruder&label=public&space=company").See("Nothing found")
	some.Get("/search?q=extruder&label=restricted").See("Nothing found").NotSee("/articles/3-")
	little.Get("/search?q=extruder&label=internal").See("Nothing found").NotSee("/articles/2-")
	little.Get("/search?q=extruder&label=public").See("1 result", "/articles/1-")
	some.Get("/search?q=extruder&label=odd").See("2 results")
	site.Visitor().Get("/api/v1/search?q=extruder&confidentiality=internal").Status(http.StatusOK).See(`"total":0`)
	site.Visitor().Get("/api/v1/search?q=extruder&confidentiality=public").Status(http.StatusOK).See(`"total":1`)
	site.Visitor().Get("/api/v1/search?q=extruder&confidentiality=odd").Status(http.StatusUnprocessableEntity)
}
