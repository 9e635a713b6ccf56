//go:build peers

package chromium_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// TestAManagerLooksAfterPeople finds a guest, changes their role and takes it back, in every dress of the pages.
func TestAManagerLooksAfterPeople(t *testing.T) {
	site := apptest.Start(t)
	boss := site.Person("Mathilde Roy", models.RoleManager)
	for n := range 6 {
		site.Person(fmt.Sprintf("Aline %d Bertin", n), models.RoleEmployee)
	}
	guest, gone := site.Person("Camille Lang", models.RoleExternal), site.Person("Jean-Éloi Petit", models.RoleHR)
	site.Space("customers", models.External, map[*models.User]models.SpaceRole{guest: models.SpaceMember, boss: models.SpaceManager})
	site.Tx(nil, func(tx *models.Tx) error {
		until := tx.Now().Add(60 * 24 * time.Hour)
		return errors.Join(tx.Disable(gone.ID), tx.SetTerms(guest.ID, models.Terms{ExpiresAt: &until, SponsorID: &boss.ID}), tx.SetDepartment(gone.ID, "Ressources humaines"), tx.Seen(boss.ID))
	})
	cookies := browser.Cookies(site.URL, site.As(boss).Cookies()...)
	person := fmt.Sprintf("%s/members/%d", site.URL, guest.ID)
	for name, options := range map[string][]browser.Option{
		"light": nil, "dark": {browser.Dark}, "phone": {browser.Viewport(360, 800), browser.Language("fr")},
	} {
		page := browser.Open(t, append(options, cookies)...)
		for shot, address := range map[string]string{"list": site.URL + "/members", "person": person, "new": site.URL + "/members/new"} {
			page.Go(address)
			page.Axe()
			page.Screenshot("members-" + shot + "-" + name)
			if wide := browser.Eval[int](page, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
				t.Errorf("%s %s is %d pixels too wide", shot, name, wide)
			}
		}
	}
	page := browser.Open(t, cookies, browser.Language("en"))
	page.Allow("422 POST") // the first answer asks whether they are sure
	page.Go(site.URL + "/members")
	page.Fill("label=Name or e-mail", "lan")
	page.Click("button=Search")
	page.NotSee("Aline")
	page.Click("link=Camille Lang")
	page.See("Role in the house")
	page.Choose("label=Role", "Employee")
	page.Click("button=Change the role")
	page.See("will see every space of the company")
	page.Axe()
	page.Screenshot("members-sure")
	page.Click("label=Yes, that is what I want")
	page.Click("button=Change the role")
	page.See("The role is changed.")
	page.Click("button=Undo")
	page.See("Taken back.")
	page.See("External")
}

// TestAManagerTakesAListOfPeopleIn looks at the list, what it would do, what is wrong with another, and what came of it.
func TestAManagerTakesAListOfPeopleIn(t *testing.T) {
	site := apptest.Start(t)
	boss := site.Person("Mathilde Roy", models.RoleManager)
	site.Person("Aline Bertin", models.RoleEmployee)
	good := &models.Roster{Name: "arrivées-décembre.csv", Lines: 3, Content: "E-mail;Nom;Rôle;Service;Site;Responsable\n" +
		"aline-bertin@example.test;;;Énergie;Lyon;\nzoe.haddad-lefevre@example.test;Zoé Haddad-Lefèvre;modérateur;Ressources humaines;Vaucelles;aline-bertin@example.test\nmathilde-roy@example.test;Mathilde Roy;;;;\n"}
	bad := &models.Roster{Name: "people.csv", Lines: 2, Content: "email,name,role,manager\nx@example.test,,owner,ghost@example.test\nno address,Somebody with quite a long name,employee,\n"}
	site.Tx(site.Actor(boss), func(tx *models.Tx) error { return errors.Join(tx.CreateRoster(good), tx.CreateRoster(bad)) })
	cookies := browser.Cookies(site.URL, site.As(boss).Cookies()...)
	address := func(roster *models.Roster) string { return fmt.Sprintf("%s/members/rosters/%d", site.URL, roster.ID) }
	for name, options := range map[string][]browser.Option{
		"light": {browser.Language("en")}, "dark": {browser.Dark, browser.Language("en")}, "phone": {browser.Viewport(360, 800), browser.Language("fr")},
	} {
		page := browser.Open(t, append(options, cookies)...)
		for shot, at := range map[string]string{"new": site.URL + "/members/rosters/new", "good": address(good), "bad": address(bad)} {
			page.Go(at)
			page.Axe()
			page.Screenshot("roster-" + shot + "-" + name)
			if wide := browser.Eval[int](page, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
				t.Errorf("%s %s is %d pixels too wide", shot, name, wide)
			}
		}
	}
	page := browser.Open(t, cookies, browser.Language("en"))
	page.Go(address(good))
	page.Click("button=Import the list")
	page.See("is being imported")
	page.Axe()
	page.Screenshot("roster-working")
	site.Settle()
	page.See("New people: 1. Changed accounts: 1.") // by itself
	page.Axe()
	page.Screenshot("roster-done")
}

// TestAnOwnerGivesAProgramAnAccount opens one, makes a token and suspends it.
func TestAnOwnerGivesAProgramAnAccount(t *testing.T) {
	site := apptest.Start(t)
	olga := site.Person("Olga Marchetti", models.RoleOwner)
	mona := site.Person("Mona Lefèvre", models.RoleEmployee)
	box := &models.User{Name: "Boîte à idées de l’atelier", Job: "Recopie chaque soir les fiches en papier du hall"}
	site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateService(box, mona.Email); err != nil {
			return err
		}
		_, err := tx.CreateToken(&models.Token{UserID: box.ID, Name: "Serveur du hall", Scope: models.ScopeWrite}, 90)
		return err
	})
	cookies := browser.Cookies(site.URL, site.As(olga).Cookies()...)
	for name, options := range map[string][]browser.Option{
		"light": {browser.Language("en")}, "dark": {browser.Dark, browser.Language("en")}, "phone": {browser.Viewport(360, 800), browser.Language("fr")},
	} {
		page := browser.Open(t, append(options, cookies)...)
		for shot, at := range map[string]string{"list": "/services", "one": fmt.Sprintf("/services/%d", box.ID), "members": "/members?state=service", "member": fmt.Sprintf("/members/%d", box.ID)} {
			page.Go(site.URL + at)
			page.Axe()
			page.Screenshot("services-" + shot + "-" + name)
			if wide := browser.Eval[int](page, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
				t.Errorf("%s %s is %d pixels too wide", shot, name, wide)
			}
		}
	}
	page := browser.Open(t, cookies, browser.Language("en"))
	page.Go(site.URL + "/services")
	page.Fill("label=Name", "Reporting")
	page.Fill("label=What it is for", "Reads the figures every Monday")
	page.Fill("label=E-mail of the responsible person", mona.Email)
	page.Click("button=Open the account")
	page.See("Reporting")
	page.Fill("label=New token, for which program?", "Report script")
	page.Click("button=Create the token")
	page.See("ruche_")
	page.Axe()
	page.Screenshot("services-secret")
	page.Click("button=Suspend")
	page.See("its tokens are gone")
}
