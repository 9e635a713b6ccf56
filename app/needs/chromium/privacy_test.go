//go:build peers

package chromium_test

import (
	"strconv"
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

func TestAPersonTakesTheirDataAlongWithAndWithoutScripts(t *testing.T) {
	site := apptest.Start(t)
	for _, scripts := range []bool{true, false} {
		mona := site.Person(map[bool]string{true: "Mona Lefèvre", false: "Karl Lefèvre"}[scripts], models.RoleEmployee)
		client := site.As(mona)
		page := open(t, scripts, browser.Wide, browser.Cookies(site.URL, client.Cookies()...))
		page.Go(site.URL + "/account")
		page.Click("link=Voir mes données")
		page.See("Télécharger une copie")
		page.Axe()
		page.Screenshot("privacy-data")
		page.Click("button=Préparer ma copie")
		page.See("Votre copie se prépare")
		site.Settle()
		page.See("Votre copie est prête") // by itself
		page.See("Télécharger le ZIP")
		page.Axe()
	}
}

func TestAnOwnerErasesSomebodyWhoIsAFormerMemberThen(t *testing.T) {
	site := apptest.Start(t)
	olga, mona := site.Person("Olga Weber", models.RoleOwner), site.Person("Mona Lefèvre", models.RoleEmployee)
	space := site.Space("ateliers", models.Company, nil)
	site.Tx(site.Actor(mona), func(tx *models.Tx) error {
		idea := &models.Idea{SpaceID: space.ID, AuthorID: mona.ID, Title: "Un établi de plus", Body: "Par Mona Lefèvre.", HTML: "<p>Par Mona Lefèvre.</p>", Lang: "fr"}
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		return tx.Record(models.IdeaPosted, idea, nil)
	})
	site.Settle()
	for name, options := range map[string][]browser.Option{"light": {browser.Wide}, "phone-dark": {browser.Phone, browser.Dark}} {
		page := open(t, true, append(options, browser.Cookies(site.URL, site.As(olga).Cookies()...))...)
		for _, path := range []string{"/privacy", "/privacy/settings", "/account/data", "/people/" + strconv.FormatInt(mona.ID, 10) + "/erasure"} {
			page.Go(site.URL + path)
			page.Axe()
			page.Screenshot("privacy" + models.Slug(path) + "-" + name)
		}
	}
	page := open(t, true, browser.Wide, browser.Cookies(site.URL, site.As(olga).Cookies()...))
	page.Go(site.URL + "/people/" + strconv.FormatInt(mona.ID, 10))
	page.Click("link=Effacer ce compte")
	page.See("Effacer le compte de Mona Lefèvre")
	page.Click("button=Effacer maintenant")
	page.See("L’effacement a commencé")
	site.Settle()
	page.Go(site.URL + "/ideas")
	page.See("Un établi de plus")
	page.See("Ancien membre")
	page.Screenshot("privacy-former")
}
