//go:build peers

package chromium_test

import (
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

func TestAListOfIdeasIsTakenAwayAsATableWithAndWithoutScripts(t *testing.T) {
	site := apptest.Start(t)
	space := site.Space("ateliers", models.Company, nil)
	for _, scripts := range []bool{true, false} {
		mona := site.Person(map[bool]string{true: "Mona Lefèvre", false: "Karl Lefèvre"}[scripts], models.RoleEmployee)
		site.Tx(site.Actor(mona), func(tx *models.Tx) error {
			return tx.CreateIdea(&models.Idea{SpaceID: space.ID, AuthorID: mona.ID, Title: "Un établi de plus", Body: "Près du quai.", HTML: "<p>Près du quai.</p>", Lang: "fr"})
		})
		page := open(t, scripts, browser.Wide, browser.Cookies(site.URL, site.As(mona).Cookies()...))
		page.Go(site.URL + "/ideas?space=ateliers&stage=proposed")
		page.Screenshot("downloads-list")
		page.Click("link=Exporter")
		page.See("Espace\u202f: ateliers")
		page.See("Étape\u202f: Proposée")
		page.Axe()
		page.Screenshot("downloads-new")
		page.Click("button=Préparer le fichier")
		page.See("Votre tableau s’écrit")
		page.Screenshot("downloads-working")
		site.Settle()
		page.See("Télécharger") // by itself
		page.Axe()
		page.Screenshot("downloads-ready")
		page.Go(site.URL + "/downloads")
		page.See("Idées en CSV")
		page.Axe()
	}
	phone := open(t, true, browser.Phone, browser.Dark, browser.Cookies(site.URL, site.As(site.Person("Paula Meyer", models.RoleEmployee)).Cookies()...))
	for path, name := range map[string]string{"/downloads/new": "new", "/downloads": "empty"} {
		phone.Go(site.URL + path)
		phone.Axe()
		phone.Screenshot("downloads-" + name + "-phone-dark")
	}
}
