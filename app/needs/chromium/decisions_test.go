//go:build peers

package chromium_test

import (
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

func TestAnIdeaIsAnsweredOfficially(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	lena, paul := site.Person("Lena Vogel", models.RoleManager), site.Person("Paul Petit", models.RoleEmployee)
	space := site.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{lena: models.SpaceManager})
	campaign := &models.Campaign{SpaceID: space.ID, Kind: models.Channel, Title: "Moins de rebut", Question: "Où jetons-nous de la bonne matière ?", SponsorID: &lena.ID, ManagerID: &lena.ID, AnswerDays: 30}
	site.Tx(site.Actor(paul), func(tx *models.Tx) error {
		if err := tx.ImportCampaign(campaign); err != nil {
			return err
		}
		for _, title := range []string{"Peser le rebut", "Trier le rebut", "Revendre le rebut"} {
			if err := tx.CreateIdea(&models.Idea{SpaceID: space.ID, AuthorID: paul.ID, CampaignID: &campaign.ID, Campaign: campaign.Title, Title: title, Body: "Près du quai.", HTML: "<p>Près du quai, une balance dirait ce que nous jetons.</p>", Lang: "fr"}); err != nil {
				return err
			}
		}
		return nil
	})
	now = now.Add(28 * 24 * time.Hour)
	page := open(t, true, browser.Wide, browser.Cookies(site.URL, site.As(lena).Cookies()...))
	page.Allow("422 POST")
	page.Go(site.URL + "/answers")
	page.See("à donner dans 2 jours")
	page.Axe()
	page.Screenshot("decisions-due")
	page.Go(site.URL + "/ideas/2-trier-le-rebut")
	page.Click("link=Répondre")
	page.Click(".beginnings summary")
	page.Click("link=Reportée – En français")
	page.Axe()
	page.Screenshot("decisions-form")
	page.Click("button=Publier la réponse")
	page.See("Dites jusqu’à quand")
	page.Axe()
	page.Screenshot("decisions-form-wrong")
	page.Fill("label=Ce jour-là", now.AddDate(0, 3, 0).Format(time.DateOnly))
	page.Click("button=Garder sans publier")
	page.See("Seules les personnes qui décident la voient")
	page.Go(site.URL + "/answers/prepared")
	page.See("Trier le rebut")
	page.Axe()
	page.Screenshot("decisions-prepared")
	page.Click("label=Trier le rebut")
	page.Click("button=Publier les réponses cochées")
	page.See("La réponse est publiée")
	for _, path := range []string{"/answers/templates", "/campaigns/1/figures"} {
		page.Go(site.URL + path)
		page.Axe()
		page.Screenshot("decisions-" + path[len(path)-7:])
	}

	phone := open(t, true, browser.Phone, browser.Dark, browser.Cookies(site.URL, site.As(lena).Cookies()...))
	for path, name := range map[string]string{"/ideas/2-trier-le-rebut": "idea", "/ideas/2/answer": "form", "/answers": "due", "/answers/prepared": "prepared", "/campaigns/1/figures": "figures", "/campaigns/1-moins-de-rebut": "campaign"} {
		phone.Go(site.URL + path)
		phone.Axe()
		phone.Screenshot("decisions-" + name + "-phone-dark")
	}
}
