//go:build peers

package chromium_test

import (
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// TestSomebodyProposesAnIdeaWithoutTheirName reads what is promised, proposes an idea, keeps the code and comes back with it, on a phone and on
// a desk, in light and in dark.
func TestSomebodyProposesAnIdeaWithoutTheirName(t *testing.T) {
	site := apptest.Start(t)
	maud, paul := site.Person("Maud Lefèvre", models.RoleEmployee), site.Person("Paul Delacroix-Montgomery", models.RoleEmployee)
	space := site.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{maud: models.SpaceManager})
	campaign := &models.Campaign{SpaceID: space.ID, Kind: models.Channel, Title: "Ce qui nous use", Question: "Que changer en premier ?", Lang: "fr", SponsorID: &maud.ID, ManagerID: &maud.ID, AnswerDays: 30, Anonymity: models.NotStored}
	site.Tx(nil, func(tx *models.Tx) error { return tx.ImportCampaign(campaign) })

	phone := browser.Open(t, browser.Viewport(360, 800), browser.Dark, browser.Language("fr"), browser.Cookies(site.URL, site.As(paul).Cookies()...))
	phone.Go(site.URL + "/ideas/new?campaign=1")
	phone.Wait("markdown-editor[ready]")
	phone.See("Votre nom n’est pas enregistré")
	phone.Axe()
	phone.Screenshot("hidden-form-phone")
	phone.Click(".editor-surface .prose")
	phone.Type("Le téléphone reste au poste.")
	phone.Fill("#title", "Une vraie pause")
	phone.Click("button=Publier l’idée")
	phone.See("Gardez ce code")
	phone.Axe()
	phone.Screenshot("hidden-code-phone")
	phone.Click("link=Je l’ai noté")
	phone.See("Ce navigateur a présenté le code")
	phone.Axe()
	phone.Screenshot("hidden-idea-phone")

	desk := browser.Open(t, browser.Language("en"), browser.Cookies(site.URL, site.As(maud).Cookies()...))
	desk.Go(site.URL + "/ideas/1-une-vraie-pause")
	desk.See("Hidden author")
	desk.Screenshot("hidden-idea")
	desk.Click("link=Is it yours? Come back with your code")
	desk.Axe()
	desk.Go(site.URL + "/campaigns/1/edit")
	desk.See("Names of authors")
	desk.Go(site.URL + "/ideas/new?campaign=1")
	desk.Wait("markdown-editor[ready]")
	desk.Screenshot("hidden-form")
}
