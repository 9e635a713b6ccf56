//go:build peers

package chromium_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// voting is a campaign in French with three ideas that votes from tomorrow on, for two days; days moves the clock.
func voting(t *testing.T) (site *apptest.Site, lena, paul *models.User, address string, days func(int)) {
	t.Helper()
	start := time.Date(2026, 12, 14, 9, 0, 0, 0, time.UTC)
	now := start
	site = apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	lena, paul = site.Person("Léna Ferrand", models.RoleEmployee), site.Person("Paul Girard", models.RoleEmployee)
	space := site.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{lena: models.SpaceManager})
	gathers, votes, closes := start.Add(-24*time.Hour), start.Add(24*time.Hour), start.Add(72*time.Hour)
	campaign := &models.Campaign{SpaceID: space.ID, Kind: models.TimedCampaign, Title: "Moins de rebuts", Question: "Où jetons-nous de la bonne matière ?", Lang: "fr", ManagerID: &lena.ID, SponsorID: &paul.ID, AnswerDays: 30,
		Stages: []models.CampaignStage{models.NewStage(models.Gather, &gathers), models.NewStage(models.VoteStage, &votes), models.NewStage(models.Closed, &closes)}}
	site.Tx(site.Actor(lena), func(tx *models.Tx) error {
		if err := tx.ImportCampaign(campaign); err != nil {
			return err
		}
		for _, words := range [][2]string{{"Peser les bacs de chutes", "Une balance à chaque poste, relevée en fin d’équipe."}, {"Des moules plus petits", "Le surplus part au broyeur à chaque démoulage."}, {"Vendre les chutes", "Deux ateliers voisins en achètent déjà ailleurs."}} {
			idea := &models.Idea{SpaceID: space.ID, CampaignID: &campaign.ID, AuthorID: paul.ID, Title: words[0], Summary: words[1], Body: words[1], HTML: "<p>" + words[1] + "</p>", Lang: "fr"}
			if err := tx.CreateIdea(idea); err != nil {
				return err
			}
		}
		return nil
	})
	return site, lena, paul, fmt.Sprintf("%s/campaigns/%d", site.URL, campaign.ID), func(n int) { now = start.AddDate(0, 0, n) }
}

func TestARuleIsChosenABallotIsCastAndChangedAndItsResultRead(t *testing.T) {
	site, lena, paul, address, days := voting(t)
	page := sits(t, site, lena, browser.Language("fr"))
	page.Go(address + "/vote")
	page.Click("input[value=points]")
	page.Fill("label=Points par personne", "10")
	page.Screenshot("votes-settings")
	page.Axe()
	page.Click("button=Enregistrer le mode de scrutin")
	page.See("Le mode de scrutin est enregistré")

	days(2)
	page = sits(t, site, paul, browser.Language("fr"), browser.Viewport(360, 800), browser.Dark)
	page.Go(address + "/ballot")
	page.Fill("label=Vendre les chutes", "6")
	page.See("Points restants 4") // counted while one chooses
	page.Screenshot("votes-ballot-phone-dark")
	page.Axe()
	page.Click("button=Voter")
	page.See("Votre bulletin compte")
	page.Fill("label=Vendre les chutes", "2")
	page.Fill("label=Des moules plus petits", "8")
	page.Click("button=Voter")
	page.Wait("#idea_2[value='8']") // the ballot as it came back
	page.See("1 bulletin compté")

	reader := sits(t, site, lena, browser.Language("fr"))
	reader.Go(site.URL + "/campaigns")
	at := browser.Eval[struct{ X, Y float64 }](reader, "(link => { const b = link.getBoundingClientRect(); return {X: b.x + b.width / 2, Y: b.y + b.height / 2} })([...document.querySelectorAll('main a')].find(a => a.textContent.includes('Moins de rebuts')))")
	reader.Do(chromedp.MouseEvent(chromedp.MouseMoved, at.X, at.Y), chromedp.Sleep(300*time.Millisecond)) // longer than Turbo waits before it would fetch the page
	reader.Click("link=Moins de rebuts")
	reader.See("Peser les bacs de chutes")
	campaign, err := site.DB.Campaign(t.Context(), site.Actor(lena), 1)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := site.DB.Exposures(t.Context(), site.Actor(lena), campaign)
	if err != nil || len(shown) != 3 || shown[0].People != 2 {
		t.Errorf("a page was reached by mouse, and the ledger says %v, %v", shown, err)
	}

	days(4)
	if err := site.Jobs.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := site.Jobs.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	page.Go(address + "/results")
	page.See("« Des moules plus petits » vient en tête : 8 points")
	page.See("Votre reçu")
	page.Screenshot("votes-results-phone-dark")
	page.Axe()
	page = sits(t, site, lena, browser.Language("fr"))
	page.Go(address + "/results")
	page.See("Combien de personnes ont vu chaque idée")
	page.Screenshot("votes-reach")
	page.Axe()
}
