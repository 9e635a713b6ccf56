//go:build peers

package chromium_test

import (
	"fmt"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// TestAnIdeaIsCarriedOutAndEveryoneIsThanked follows an idea from the beginning of its project to the page that says we did it, by
// the one who leads it, the one who counts what it brings, and somebody who had a part in it.
func TestAnIdeaIsCarriedOutAndEveryoneIsThanked(t *testing.T) {
	site, alice, bob := company(t)
	manon, connie := site.Person("Manon Delacroix-Montgomery", models.RoleManager), site.Person("Connie Control", models.RoleEmployee)
	proposed(t, site, alice, "Weigh the scrap at each station", "At every change of colour, on the scales by the door.")
	for n, name := range []string{"Carla Weiss", "Dan Okafor", "Élodie Baptiste", "Farid Ben Ali"} {
		person := site.Person(name, models.RoleEmployee)
		site.As(person).Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(303)
		for range n + 1 {
			site.As(person).Post("/ideas/1/comments", apptest.Form{"body": "Ours has scales already."}).Status(303)
		}
	}
	looks := func(page *browser.Page, path, name string) {
		t.Helper()
		page.Go(site.URL + path)
		page.Axe()
		page.Screenshot("project-" + name)
		if wide := browser.Eval[int](page, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
			t.Errorf("%s is %d pixels too wide", name, wide)
		}
	}
	page := sits(t, site, manon, browser.Language("en"))
	page.Go(site.URL + "/ideas/1/project")
	page.Fill("label=Title", "A scale at every bin")
	page.Fill("label=Owner", bob.Email)
	page.Fill("label=Controller", connie.Email)
	page.Click("button=Begin the project")
	page.See("The project is planned")

	owner := sits(t, site, bob, browser.Language("en"))
	owner.Go(site.URL + "/projects/1")
	owner.Fill("label=What it is", "Scales are bought")
	owner.Click("button=Add")
	owner.See("The milestone is added")
	yesterday := time.Now().AddDate(0, 0, -1)
	for n, amount := range []string{"1200", "3400"} {
		site.As(bob).Post("/projects/1/benefits", apptest.Form{"nature": "actual", "label": "Offcuts sold", "benefit_kind": "euros", "amount": amount, "on": yesterday.AddDate(0, -n, 0).Format(time.DateOnly)}).Status(303)
	}
	site.As(bob).Post("/projects/1/updates", apptest.Form{"body": "They are here."}).Status(303)

	controller := sits(t, site, connie, browser.Language("en"))
	controller.Go(site.URL + "/projects/1")
	controller.Click("button=Valid")
	controller.See("Validated by Connie Control")
	for _, judgement := range []string{"/projects/1/benefits/1/judgement", "/projects/1/benefits/2/judgement"} { // one of them a second time
		site.As(connie).Post(judgement, apptest.Form{"answer": "validated"})
	}

	owner.Go(site.URL + "/projects/1/story")
	owner.Axe()
	owner.Screenshot("project-story")
	site.As(bob).Post("/projects/1/story", apptest.Form{"base": "0", "before": "We threw away what we could not see, **forty kilos** a day.", "after": "Whoever empties a bin reads a number, and the number falls."}).Status(303)
	owner.Go(site.URL + "/projects/1")
	owner.Click("button=Start the work")
	owner.See("The work has started")
	owner.Click("button=It is done")
	owner.See("its idea is implemented")
	looks(owner, "/projects/1/thanks", "thanks-owner")
	owner.Click("button=Thank everyone")
	owner.See("Everyone who had a part in it was told")
	site.Settle()

	author := sits(t, site, alice, browser.Viewport(360, 800), browser.Dark, browser.Language("fr"))
	author.Go(site.URL + "/notifications")
	author.See("vous remercie de votre part")
	looks(author, "/projects/1/thanks", "thanks-phone-dark")
	looks(author, "/account/contributions", "passport-phone-dark")
	reader := sits(t, site, alice, browser.Language("fr"))
	looks(reader, "/projects/1/thanks", "thanks")
	looks(reader, fmt.Sprintf("/projects?state=%s", models.ProjectDone), "totals")
	looks(reader, "/account/contributions", "passport")
}
