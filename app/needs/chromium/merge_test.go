//go:build peers

package chromium_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// TestAManagerMergesTwoAccountsAndUndoesIt goes from a person's page to the other account, looks at what the merge would do, does it and
// takes it back, in every dress of the pages.
func TestAManagerMergesTwoAccountsAndUndoesIt(t *testing.T) {
	site := apptest.Start(t)
	boss := site.Person("Mathilde Roy", models.RoleManager)
	mona, again := site.Person("Mona Haddad-Lefèvre", models.RoleEmployee), site.Person("M. Haddad", models.RoleEmployee)
	space := site.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{mona: models.SpaceMember, again: models.SpaceExpert, boss: models.SpaceManager})
	for n, author := range []*models.User{mona, again, again} {
		answer := site.As(author).Post("/ideas", apptest.Form{"space": space.Slug, "title": fmt.Sprintf("Idea %d", n), "body": "Because.", "once": fmt.Sprint(n)}).Status(http.StatusSeeOther)
		for _, friend := range []*models.User{mona, again} {
			site.As(friend).Post(answer.Header.Get("Location")+"/supports", apptest.Form{"supported": "1"})
		}
	}
	site.Tx(nil, func(tx *models.Tx) error {
		return errors.Join(tx.SetDepartment(mona.ID, "Ressources humaines"), tx.SetDepartment(again.ID, "Énergie"), tx.Bind(again.ID, "https://login.example.test", "m.haddad"))
	})
	cookies := browser.Cookies(site.URL, site.As(boss).Cookies()...)
	person := fmt.Sprintf("%s/members/%d", site.URL, mona.ID)
	preview := fmt.Sprintf("%s/merge/%d", person, again.ID)
	look := func(shots map[string]string) {
		for name, options := range map[string][]browser.Option{
			"light": {browser.Language("en")}, "dark": {browser.Dark, browser.Language("en")}, "phone": {browser.Viewport(360, 800), browser.Language("fr")},
		} {
			page := browser.Open(t, append(options, cookies)...)
			for shot, address := range shots {
				page.Go(address)
				page.Axe()
				page.Screenshot("merge-" + shot + "-" + name)
				if wide := browser.Eval[int](page, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
					t.Errorf("%s %s is %d pixels too wide", shot, name, wide)
				}
			}
		}
	}
	look(map[string]string{"choose": person + "/merge?q=haddad", "preview": preview})

	page := browser.Open(t, cookies, browser.Language("en"))
	page.Allow("422 POST") // the first answer asks whether they are sure
	page.Go(person)
	page.Click("link=Merge with another account")
	page.Fill("label=Name or e-mail", "haddad")
	page.Click("button=Search")
	page.Click("link=M. Haddad")
	page.See("This account goes")
	page.Click("button=Merge the accounts")
	page.See("Confirm that both accounts belong to the same person")
	page.Axe()
	page.Screenshot("merge-sure")
	page.Click("label=Both accounts belong to the same person")
	page.Click("button=Merge the accounts")
	page.See("The accounts are merged.")
	record := fmt.Sprintf("%s/merges/1", person)
	look(map[string]string{"person": person, "record": record})
	page.Go(record)
	page.Click("button=Undo the merge")
	page.See("The merge is undone.")
	page.See("Everything was given back")
	look(map[string]string{"undone": record})
	page.Go(fmt.Sprintf("%s/members/%d", site.URL, again.ID))
	page.See("m-haddad@example.test")
}
