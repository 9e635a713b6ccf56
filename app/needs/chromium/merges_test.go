//go:build peers

package chromium_test

import (
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// TestTwoIdeasGoOnAsOne merges two that say the same, lets the author agree, and looks at what everybody sees of it.
func TestTwoIdeasGoOnAsOne(t *testing.T) {
	site, alice, bob := company(t)
	manon, carla := site.Person("Manon Delacroix-Montgomery", models.RoleManager), site.Person("Carla", models.RoleEmployee)
	proposed(t, site, alice, "Weigh the scrap at each station", "At every change of colour, on the scales by the door.")
	proposed(t, site, bob, "Weigh the scrap with scales of our own", "We have two in the cellar.\n\nNobody uses them.")
	for _, title := range []string{"Quieter canteen", "Fewer badges", "Longer hoses", "Cleaner showers", "One phone book"} {
		proposed(t, site, alice, title, "Because it helps.")
	}
	site.As(carla).Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(303)
	site.As(carla).Post("/ideas/1/comments", apptest.Form{"body": "Ours has scales already, and writes down what it weighs."}).Status(303)
	site.Settle()
	looks := func(page *browser.Page, path, name string) {
		t.Helper()
		page.Go(site.URL + path)
		page.Axe()
		page.Screenshot("merge-" + name)
		if wide := browser.Eval[int](page, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
			t.Errorf("%s is %d pixels too wide", name, wide)
		}
	}
	page := sits(t, site, manon, browser.Language("en"))
	page.Go(site.URL + "/ideas/1")
	page.Click("link=Merge into another idea")
	page.Fill("label=Another idea of this space", "2")
	page.Fill("label=Why", "Both weigh the scrap where it falls; Bob’s idea says with what.")
	page.Axe()
	page.Screenshot("merge-form")
	page.Click("button=Ask the authors")
	page.See("The authors are asked.")
	page.Screenshot("merge-waits")
	phone := sits(t, site, alice, browser.Viewport(360, 800), browser.Dark, browser.Language("fr"))
	looks(phone, "/ideas/1", "question")
	phone.Click("button=Accepter")
	phone.See("L’idée se poursuit dans l’autre.")
	site.Settle()
	looks(phone, "/ideas/1", "origin-phone")
	looks(phone, "/ideas/2", "target-phone")
	reader := sits(t, site, carla, browser.Language("fr"))
	looks(reader, "/notifications", "told")
	looks(reader, "/ideas/1", "origin")
	looks(reader, "/ideas/2", "target")
	looks(reader, "/ideas", "list")
}
