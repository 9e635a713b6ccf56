//go:build peers

package chromium_test

import (
	"fmt"
	"testing"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// TestTheRoomsAndTheirRulesAreFineInEveryDress looks at the pages by which people get in: spaces and who is in them, groups,
// rules of sign-in and their bench, requests, sessions and the security log, periods, and the house as somebody else sees it.
func TestTheRoomsAndTheirRulesAreFineInEveryDress(t *testing.T) {
	site := apptest.Start(t, func(config *app.Config, _ *app.Options) {
		config.OIDCIssuer, config.OIDCClientID = "http://127.0.0.1:1", "ruche" // rules are about what a provider says
	})
	olga, lead := site.Person("Olga Weber", models.RoleOwner), site.Person("Mathilde Roy", models.RoleEmployee)
	camille, auditor := site.Person("Camille Ferrand", models.RoleEmployee), site.Person("Otto Prüfer", models.RoleAuditor)
	guest := site.Person("Gaston Delacroix-Montgomery", models.RoleExternal)
	club := site.Space("cercle-des-clients", models.External, map[*models.User]models.SpaceRole{lead: models.SpaceManager, guest: models.SpaceReader, olga: models.SpaceManager})
	council := &models.Space{Slug: "comite", Title: "Comité d’entreprise", Description: "Les élus et leur travail.", Visibility: models.Restricted, Joining: models.JoinRequest, Listed: true}
	energy := &models.Group{Kind: models.KindGroup, Name: "Transition énergétique"}
	site.Tx(site.Actor(lead), func(tx *models.Tx) error {
		if err := tx.CreateSpace(council); err != nil {
			return err
		}
		if err := tx.CreateGroup(energy); err != nil {
			return err
		}
		if err := tx.JoinGroup(energy.ID, camille.ID, guest.ID); err != nil {
			return err
		}
		if err := tx.SetDepartment(camille.ID, "Production et qualité"); err != nil {
			return err
		}
		if err := tx.CreateSignInRule(&models.SignInRule{Claim: "groups", Value: "community-managers", Role: models.RoleManager}); err != nil {
			return err
		}
		return tx.SetSpaceGroup(club, energy, models.SpaceMember)
	})
	site.As(camille).Post("/spaces/comite/requests", apptest.Form{"message": "Je représente l’atelier de Lyon depuis mars et je voudrais suivre vos travaux."}).Status(303)
	site.Settle()
	for name, options := range map[string][]browser.Option{"light": {browser.Language("en")}, "phone": {browser.Viewport(360, 800), browser.Dark, browser.Language("fr")}} {
		for who, paths := range map[*models.User][]string{
			olga: {"/groups", fmt.Sprintf("/groups/%d", energy.ID), "/spaces/cercle-des-clients/members", "/spaces/cercle-des-clients/groups", "/spaces/cercle-des-clients/settings",
				"/sign-in-rules", "/account/security", "/account", "/privacy/settings", "/view"},
			lead: {"/spaces/comite/requests", "/spaces/comite"}, camille: {"/spaces/comite"}, auditor: {"/"},
		} {
			page := browser.Open(t, append(options, browser.Cookies(site.URL, site.As(who).Cookies()...))...)
			for _, path := range paths {
				page.Go(site.URL + path)
				page.Axe()
				page.Screenshot("rooms-" + models.Slug(string(who.Role)+path) + "-" + name)
				if wide := browser.Eval[int](page, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
					t.Errorf("%s %s is %d pixels too wide", path, name, wide)
				}
			}
		}
	}
}

// TestRoomsAreRunByKeyboard tries a rule of sign-in out, lets somebody in who asked, and looks at the house as they do, without a mouse.
func TestRoomsAreRunByKeyboard(t *testing.T) {
	site := apptest.Start(t, func(config *app.Config, _ *app.Options) {
		config.OIDCIssuer, config.OIDCClientID = "http://127.0.0.1:1", "ruche"
	})
	olga, camille := site.Person("Olga Weber", models.RoleOwner), site.Person("Camille Ferrand", models.RoleEmployee)
	council := &models.Space{Slug: "council", Title: "Council", Visibility: models.Restricted, Joining: models.JoinRequest, Listed: true}
	site.Tx(site.Actor(olga), func(tx *models.Tx) error {
		if err := tx.CreateSignInRule(&models.SignInRule{Claim: "groups", Value: "staff", Role: models.RoleHR}); err != nil {
			return err
		}
		return tx.CreateSpace(council)
	})
	site.As(camille).Post("/spaces/council/requests", apptest.Form{"message": "I work on it."}).Status(303)
	site.Settle()
	page := browser.Open(t, browser.Language("en"), browser.Cookies(site.URL, site.As(olga).Cookies()...))
	page.Go(site.URL + "/spaces/council/requests")
	tabTo(t, page, "Let in Camille Ferrand")
	page.Press("Enter")
	page.See("Camille Ferrand is part of the space")
	page.Go(site.URL + "/sign-in-rules")
	tabTo(t, page, "claims")
	page.Type(`{"groups": ["staff"]}`)
	tabTo(t, page, "Try the rules out")
	page.Press("Enter")
	page.See("by rule 1")
	page.Axe()
	page.Screenshot("rooms-trial")
	page.Go(site.URL + "/view")
	tabTo(t, page, "role")
	page.Type("Emp") // chooses the employee, as in every list of choices
	tabTo(t, page, "View")
	page.Press("Enter")
	page.See("You see Ruche as: Employee.")
	if ink, paper := browser.Eval[string](page, "getComputedStyle(document.querySelector('.view-bar .button')).color"), browser.Eval[string](page, "getComputedStyle(document.querySelector('.view-bar')).backgroundColor"); ink == paper {
		t.Errorf("the button that ends the view is %s on %s", ink, paper)
	}
	page.Axe()
	page.Screenshot("rooms-viewing")
	tabTo(t, page, "End")
	page.Press("Enter")
	page.Gone(".view-bar")
}

// tabTo presses Tab until what has the focus has the given name, or is the field of that name.
func tabTo(t *testing.T, page *browser.Page, name string) {
	t.Helper()
	for range 80 {
		page.Press("Tab")
		if browser.Eval[string](page, `(e => e.getAttribute("aria-label") || e.name || e.innerText.trim())(document.activeElement)`) == name {
			return
		}
	}
	t.Fatalf("the keyboard does not reach %q", name)
}
