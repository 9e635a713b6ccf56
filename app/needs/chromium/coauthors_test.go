//go:build peers

package chromium_test

import (
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// TestAnIdeaIsSignedByTwo lets the author ask, the colleague answer, and looks at what both see in every dress.
func TestAnIdeaIsSignedByTwo(t *testing.T) {
	site := apptest.Start(t)
	alice, bob := site.Person("Alice Montgomery-Delacroix", models.RoleEmployee), site.Person("Bob Weber", models.RoleEmployee)
	carla := site.Person("Carla Ferrand", models.RoleEmployee)
	site.Space("ateliers", models.Company, nil)
	path := proposed(t, site, alice, "Weigh the scrap at each station", "At every change of colour, on the scales by the door.")
	page := sits(t, site, alice, browser.Language("en"))
	page.Go(site.URL + "/ideas/1/coauthors")
	page.Fill("label=Name or e-mail address", "Bob Weber")
	page.Fill("label=A word to them", "You know the scales better than I do.")
	page.Axe()
	page.Click("button=Send the question")
	page.See("The question is sent.")
	site.As(alice).Post("/ideas/1/coauthors", apptest.Form{"who": carla.Email}).Status(303)
	site.As(carla).Post("/ideas/1/coauthors/answer", apptest.Form{"answer": "join"}).Status(303)

	phone := sits(t, site, bob, browser.Viewport(360, 800), browser.Dark, browser.Language("fr"))
	looks := func(page *browser.Page, path, name string) {
		t.Helper()
		page.Go(site.URL + path)
		page.Axe()
		page.Screenshot("coauthors-" + name)
		if wide := browser.Eval[int](page, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
			t.Errorf("%s is %d pixels too wide", name, wide)
		}
	}
	looks(page, "/ideas/1/coauthors", "asked")
	looks(phone, path, "idea-question")
	looks(phone, "/ideas/1/coauthors", "question")
	phone.Click("button=Cosigner l’idée")
	phone.See("Vous cosignez désormais cette idée.")
	looks(phone, path, "idea-phone")
	looks(page, path, "idea")
	looks(page, "/ideas", "list")
	looks(phone, "/ideas", "list-phone")
}
