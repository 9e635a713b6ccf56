//go:build peers

package chromium_test

import (
	"fmt"
	"net/http"
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

func TestABatchIsEvaluatedWithTheKeyboardAlone(t *testing.T) {
	site := apptest.Start(t)
	lena, paul, ada, ben := site.Person("Lena Vogel", models.RoleEmployee), site.Person("Paul Petit", models.RoleEmployee), site.Person("Ada Lund", models.RoleEmployee), site.Person("Ben Roux", models.RoleEmployee)
	space := site.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{lena: models.SpaceManager})
	campaign := &models.Campaign{SpaceID: space.ID, Kind: models.Channel, Title: "Moins de rebut", Question: "Où jetons-nous de la bonne matière ?", SponsorID: &lena.ID, ManagerID: &lena.ID, AnswerDays: 30}
	site.Tx(site.Actor(paul), func(tx *models.Tx) error {
		if err := tx.ImportCampaign(campaign); err != nil {
			return err
		}
		for _, title := range []string{"Peser le rebut au quai", "Trier le rebut par nuance"} {
			if err := tx.CreateIdea(&models.Idea{SpaceID: space.ID, AuthorID: paul.ID, CampaignID: &campaign.ID, Campaign: campaign.Title, Title: title, Summary: "Près du quai, une balance dirait ce que nous jetons.", Body: "Près du quai.", HTML: "<p>Près du quai, une balance dirait ce que nous jetons.</p>", Lang: "fr"}); err != nil {
				return err
			}
		}
		return nil
	})
	boss := site.As(lena)
	boss.Post("/campaigns/1/evaluation", apptest.Form{
		"base": "0", "per_idea": "2", "minimum": "2", "blind": "1",
		"c0_name_fr": "Matière épargnée", "c0_name_en": "Material saved", "c0_help_fr": "Par an, à l’atelier qui commence.", "c0_steps_fr": "1 Presque rien\n3 Une benne par mois\n5 Une benne par semaine", "c0_lowest": "1", "c0_highest": "5", "c0_weight": "3", "c0_axis": "value",
		"c1_name_fr": "Effort", "c1_lowest": "0", "c1_highest": "10", "c1_weight": "1", "c1_axis": "effort", "c1_inverted": "1",
	}).Status(http.StatusSeeOther)
	for _, evaluator := range []*models.User{ada, ben} {
		boss.Post("/campaigns/1/evaluators", apptest.Form{"email": evaluator.Email, "leads": "1"}).Status(http.StatusSeeOther)
	}
	boss.Post("/campaigns/1/assignments", nil).Status(http.StatusSeeOther)
	for idea, score := range map[int]string{1: "5", 2: "1"} {
		site.As(ben).Post(fmt.Sprintf("/ideas/%d/evaluation", idea), apptest.Form{"version": "1", "do": "submit", "criterion_1": score, "criterion_2": "9", "note": "La balance du quai 2 existe déjà."}).Status(http.StatusSeeOther)
	}

	page := open(t, true, browser.Wide, browser.Cookies(site.URL, site.As(ada).Cookies()...))
	page.Go(site.URL + "/evaluations")
	page.See("0 remises sur 2")
	page.Axe()
	page.Screenshot("evaluations-desk")
	page.Click("link=Peser le rebut au quai")
	page.See("Un chiffre note le critère")
	page.NotSee("La balance du quai 2")
	page.Axe()
	page.Press("4", "1", "0", "Control+Enter")
	page.WaitURL("/ideas/2/evaluation")
	page.Press("4", "n")
	page.Screenshot("evaluations-score")
	page.Press("Control+Enter")
	page.WaitURL("/evaluations")
	page.See("Il ne reste rien à évaluer")
	page.Go(site.URL + "/ideas/1/evaluation")
	page.See("67 % en moyenne") // (3×75 + 0)/4 and (3×100 + 10)/4
	page.Axe()
	page.Screenshot("evaluations-scores")

	for name, wide := range map[string]bool{"": true, "-phone-dark": false} {
		options := []browser.Option{browser.Wide, browser.Cookies(site.URL, boss.Cookies()...)}
		if !wide {
			options = []browser.Option{browser.Phone, browser.Dark, browser.Cookies(site.URL, boss.Cookies()...)}
		}
		page := open(t, true, options...)
		for _, place := range []string{"/campaigns/1/ranking", "/campaigns/1/evaluation", "/ideas/2/evaluation"} {
			page.Go(site.URL + place)
			page.Axe()
			page.Screenshot("evaluations" + map[string]string{"/campaigns/1/ranking": "-ranking", "/campaigns/1/evaluation": "-settings", "/ideas/2/evaluation": "-disputed"}[place] + name)
		}
	}
}
