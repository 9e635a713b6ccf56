package searches_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func post(t *testing.T, site *apptest.Site, as *apptest.Client, space, title, body string) {
	t.Helper()
	as.Post("/ideas", apptest.Form{"space": space, "title": title, "body": body}).Status(http.StatusSeeOther)
	site.Settle()
}

func TestSearchFindsAcrossAccentsAndTellsNothingOfWhatOneMayNotSee(t *testing.T) {
	site := apptest.Start(t)
	alice, gaston := site.Person("Alice", models.RoleEmployee), site.Person("Gaston", models.RoleExternal)
	site.Space("plant", models.Company, nil)
	site.Space("club", models.External, map[*models.User]models.SpaceRole{gaston: models.SpaceMember})
	employee, guest := site.As(alice), site.As(gaston)
	post(t, site, employee, "plant", "Réutiliser l’énergie des fours", "La chaleur perdue suffirait à chauffer l’atelier.")
	post(t, site, guest, "club", "A quieter extractor", "The noise of the canopy drives guests away.")

	for _, q := range []string{"energie", "énergie four", "l'energie", "CHALEUR"} {
		employee.Get("/search?q="+url.QueryEscape(q)).Status(http.StatusOK).See("Réutiliser", "énergie", "1 result")
	}
	guest.Get("/search?q=energie").Status(http.StatusOK).See("Nothing found").NotSee("Réutiliser", "plant")
	employee.Get("/search?q=canopy").Status(http.StatusOK).See("Nothing found").NotSee("quieter", "club")
	guest.Get("/search?q=extractor&space=plant").Status(http.StatusOK).See("Nothing found")
	guest.Get("/search?q=extractor&space=club").Status(http.StatusOK).See("quieter <mark>extractor</mark>")
	site.Visitor().Get("/search?q=extractor").Status(http.StatusOK).See("Nothing found")
	site.Visitor().Get("/search/suggestions?q=ext").Status(http.StatusOK).NotSee("quieter")
	employee.Get("/search?q=four&cursor=nonsense").Status(http.StatusUnprocessableEntity)
	employee.Get("/search").Status(http.StatusOK).See("What are you looking for?")
}

func TestSuggestionsMarkWhatWasTyped(t *testing.T) {
	site := apptest.Start(t)
	alice := site.Person("Alice", models.RoleEmployee)
	site.Space("plant", models.Company, nil)
	client := site.As(alice)
	post(t, site, client, "plant", "🐝 Réparer les palettes", "Deux matinées par semaine.")
	var answer struct {
		Groups []struct {
			Items []struct {
				Title, URL string
				Match      [][2]int
			}
		}
	}
	if err := json.Unmarshal([]byte(client.Get("/search/suggestions?q=palet").Status(http.StatusOK).Text), &answer); err != nil {
		t.Fatal(err)
	}
	items := answer.Groups[0].Items
	// "🐝 Réparer les " takes two UTF-16 units for the bee and thirteen for the rest.
	if len(items) != 1 || items[0].URL != "/ideas/1-reparer-les-palettes" || len(items[0].Match) != 1 || items[0].Match[0][0] != 15 {
		t.Errorf("suggestions: %+v", items)
	}
}

func TestAnIdeaThatIsWithdrawnIsFoundNoMore(t *testing.T) {
	site := apptest.Start(t)
	alice := site.Person("Alice", models.RoleEmployee)
	site.Space("plant", models.Company, nil)
	client := site.As(alice)
	post(t, site, client, "plant", "Réparer les palettes", "Deux matinées par semaine.")
	client.Post("/ideas/1/comments", apptest.Form{"body": "Et les caisses navettes ?"}).Status(http.StatusSeeOther)
	site.Settle()
	client.Get("/search?q=navettes").See("1 result")
	client.Post("/ideas/1/withdrawal", nil).Status(http.StatusSeeOther)
	site.Settle()
	client.Get("/search?q=navettes").See("Nothing found")
	client.Get("/search?q=palettes").See("Nothing found")
	client.Post("/ideas/1/restoration", nil).Status(http.StatusSeeOther)
	site.Settle()
	client.Get("/search?q=navettes").See("1 result")
}

func TestThreadsAndWhatIsSaidInThemAreFound(t *testing.T) {
	site := apptest.Start(t)
	alice, gaston := site.Person("Alice", models.RoleEmployee), site.Person("Gaston", models.RoleExternal)
	boss := site.Person("Boss", models.RoleEmployee)
	site.Space("plant", models.Company, map[*models.User]models.SpaceRole{boss: models.SpaceManager})
	site.Space("club", models.External, map[*models.User]models.SpaceRole{boss: models.SpaceManager, gaston: models.SpaceMember})
	client, guest, manager := site.As(alice), site.As(gaston), site.As(boss)
	client.Post("/threads", apptest.Form{"space": "plant", "kind": "question", "title": "Who oils the extruder?", "body": "It squeaks on **Mondays**.", "tags": "grease"}).Status(http.StatusSeeOther)
	client.Post("/threads/1/posts", apptest.Form{"body": "The nightshift does."}).Status(http.StatusSeeOther)
	site.Settle()

	client.Get("/search?q=extruder").Status(http.StatusOK).See("1 result", `/threads/1-who-oils-the-extruder`, "<mark>extruder</mark>", "Discussions")
	client.Get("/search?q=mondays&type=thread").See("1 result")
	client.Get("/search?q=mondays&type=post").See("Nothing found")
	client.Get("/search?q=nightshift&type=post").See("1 result", "/threads/1/posts/2", "Message in a discussion", "Who oils the extruder?")
	client.Get("/search?q=extruder&tag=grease").See("1 result")
	client.Get("/search/suggestions?q=extr").See("/threads/1-who-oils-the-extruder")
	bearer := http.Header{"Authorization": {"Bearer " + site.Token(alice, models.ScopeRead)}}
	site.Visitor().Do(http.MethodGet, "/api/v1/search?q=nightshift", nil, bearer).Status(http.StatusOK).See(`"type":"post"`, "/threads/1/posts/2")
	for _, who := range []*apptest.Client{guest, site.Visitor()} {
		for _, q := range []string{"extruder", "mondays", "nightshift", "grease"} {
			who.Get("/search?q="+q).Status(http.StatusOK).See("Nothing found").NotSee("oils", "plant")
		}
		who.Get("/search/suggestions?q=extr").Status(http.StatusOK).NotSee("oils")
	}

	client.Post("/threads/1/posts/1", apptest.Form{"base": "1", "body": "It squeaks on Tuesdays."}).Status(http.StatusSeeOther)
	site.Settle()
	client.Get("/search?q=mondays").See("Nothing found")
	client.Get("/search?q=tuesdays").See("1 result")
	client.Post("/threads/1/posts/2/removal", nil).Status(http.StatusSeeOther)
	site.Settle()
	client.Get("/search?q=nightshift").See("Nothing found")
	client.Post("/threads/1/posts/2/restoration", nil).Status(http.StatusSeeOther)
	site.Settle()
	client.Get("/search?q=nightshift").See("1 result")

	manager.Post("/threads/1/place", apptest.Form{"space": "club"}).Status(http.StatusSeeOther)
	client.Get("/search?q=nightshift").See("Nothing found") // before the index hears of it, too
	site.Settle()
	client.Get("/search?q=nightshift").See("Nothing found")
	guest.Get("/search?q=nightshift").See("1 result")
	manager.Post("/threads/1/withdrawal", nil).Status(http.StatusSeeOther)
	site.Settle()
	guest.Get("/search?q=nightshift").See("Nothing found")
	guest.Get("/search?q=extruder").See("Nothing found")
}
