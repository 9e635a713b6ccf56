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

// TestAChangeIsProposedAndAccepted lets a colleague propose another text, and the author read what differs and accept it.
func TestAChangeIsProposedAndAccepted(t *testing.T) {
	site, alice, bob := company(t)
	proposed(t, site, alice, "Weigh the scrap at each station", "At every change of colour, on the scales by the door.\n\nOnce a week is enough.")
	page := sits(t, site, bob, browser.Language("en"))
	page.Go(site.URL + "/ideas/1/amendments/new")
	page.Wait("markdown-editor[ready]")
	page.Fill("label=Title", "Weigh the scrap at each station, every day")
	page.Fill("label=Why this change?", "A week is too long to remember what went wrong.")
	page.Axe()
	page.Screenshot("amendment-new")
	page.Click("button=Send the proposal")
	page.See("Your proposal is sent to the authors.")
	phone := sits(t, site, alice, browser.Viewport(360, 800), browser.Dark, browser.Language("fr"))
	for path, name := range map[string]string{"/ideas/1": "idea", "/ideas/1/amendments": "list", "/ideas/1/amendments/1": "decision"} {
		phone.Go(site.URL + path)
		phone.Axe()
		phone.Screenshot("amendment-" + name)
		if wide := browser.Eval[int](phone, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
			t.Errorf("%s is %d pixels too wide", name, wide)
		}
	}
	phone.Go(site.URL + "/ideas/1/amendments/1")
	phone.Click("button=Accepter la modification")
	phone.See("La modification est acceptée.")
	phone.See("every day")
}
