//go:build peers

package journey_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/app/imports"
	"ruche/models"
)

// bill is the campaign of the open data that the journey takes up again: what French people proposed for a law in 2015.
const bill = "Projet de loi numérique"

// realIdeas imports the open data where it lies beside the project, or a few ideas in its stead.
func realIdeas(t *testing.T, site *apptest.Site) {
	t.Helper()
	dir := os.Getenv("RUCHE_SHARED_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "ideas.jsonl")); err != nil {
		t.Log("the open data is not beside the project: twelve ideas stand in")
		dir = t.TempDir()
		ideas := ""
		for n := range 12 {
			ideas += fmt.Sprintf(`{"id":"i%d","space_id":"s","campaign_id":"c","lang":"fr","title":"Article %d – Publier les données","body":"Par défaut.","author":"p%d","created_at":"2015-10-0%d","votes_up":%d}`+"\n", n, n, n, 1+n%9, 40-n)
		}
		for name, lines := range map[string]string{"spaces": `{"id":"s","title":"République numérique"}`, "campaigns": `{"id":"c","title":"` + bill + `","starts_at":"2015-09-26","ends_at":"2015-10-18"}`, "ideas": ideas} {
			if err := os.WriteFile(filepath.Join(dir, name+".jsonl"), []byte(lines), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	report, err := imports.Import(t.Context(), site.DB, dir, imports.Options{})
	if err != nil {
		t.Fatal(err, report.Problems)
	}
	site.Settle()
}

// sits opens a browser in which a person is signed in.
func sits(t *testing.T, site *apptest.Site, person *models.User, options ...browser.Option) *browser.Page {
	t.Helper()
	return browser.Open(t, append(options, browser.Cookies(site.URL, site.As(person).Cookies()...))...)
}

// TestRealIdeasGoTheirWholeWay takes a campaign of real ideas up again and carries it to its end, each step by the one whose part
// it is: browsed, voted on, evaluated, decided, carried out, and thanked for.
func TestRealIdeasGoTheirWholeWay(t *testing.T) {
	now := time.Date(2026, 12, 14, 9, 0, 0, 0, time.UTC)
	site := apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	realIdeas(t, site)
	lena, sophie, connie := site.Person("Léna Ferrand", models.RoleManager), site.Person("Sophie Arnault", models.RoleEmployee), site.Person("Connie Control", models.RoleEmployee)
	ada, ben, olga := site.Person("Ada Lund", models.RoleEmployee), site.Person("Ben Roux", models.RoleEmployee), site.Person("Olga Reiss", models.RoleExternal)
	var voters []*models.User
	for _, name := range []string{"Paul Girard", "Inès Marchal", "Malik Benali", "Rosa Lindt", "Tom Weir", "Yuki Arai"} {
		voters = append(voters, site.Person(name, models.RoleEmployee))
	}
	later := func(days int) {
		now = now.AddDate(0, 0, days)
		if err := site.Jobs.Plan(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := site.Jobs.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		site.Settle()
	}
	looks := func(page *browser.Page, name string) {
		t.Helper()
		page.Axe()
		page.Screenshot("journey-" + name)
	}
	on := func(days int) string { return now.AddDate(0, 0, days).Format(time.DateOnly) }

	// Whoever runs it finds it, closed since 2015, and gives it what it lacks.
	desk := sits(t, site, lena, browser.Language("fr"), browser.Wide)
	desk.Go(site.URL + "/campaigns?state=over")
	desk.Click("link=" + bill)
	desk.See("Close le 19 octobre 2015")
	looks(desk, "closed")
	site.As(voters[0]).Post("/ideas", apptest.Form{"campaign": "1", "title": "Trop tard", "body": "Onze ans."}).Status(http.StatusUnprocessableEntity)
	desk.Go(site.URL + "/campaigns/1/edit")
	desk.Fill("label=Question", "Que doit dire une loi sur le numérique ?")
	desk.Fill("#sponsor", sophie.Email)
	desk.Fill("#manager", lena.Email)
	desk.Fill("#answer_days", "30")
	desk.Click("button=Enregistrer")
	desk.See("La campagne est enregistrée")
	desk.Go(site.URL + "/campaigns/1/evaluation")
	desk.Fill("#c0_name_fr", "Portée")
	desk.Fill("#c0_name_en", "Reach")
	desk.Fill("#c0_weight", "2")
	desk.Fill("#c1_name_fr", "Effort")
	desk.Fill("#c1_name_en", "Effort")
	desk.Click("input[name=c1_inverted]")
	desk.Fill("#per_idea", "2")
	desk.Fill("#minimum", "2")
	desk.Click("button=Enregistrer")
	for _, evaluator := range []*models.User{ada, ben} {
		desk.Fill("#email", evaluator.Email)
		desk.Click("button=Ajouter")
		desk.See(evaluator.Name)
	}
	looks(desk, "scorecard")
	desk.Go(site.URL + "/campaigns/1/stages")
	for kind, days := range map[models.StageKind]int{models.VoteStage: 1, models.Evaluate: 3, models.Decide: 5, models.Implement: 7, models.Closed: 90} {
		desk.Fill("#stage_"+string(kind), on(days))
	}
	desk.Click("button=Enregistrer")
	desk.See("La campagne est enregistrée")
	desk.Go(site.URL + "/campaigns/1/vote")
	desk.Click("input[value=approval]")
	desk.Fill("#choices", "5")
	looks(desk, "rule")
	desk.Click("button=Enregistrer le mode de scrutin")
	desk.See("Le mode de scrutin est enregistré")

	// Those who work there find the ideas and vote, one of them on the phone; a customer finds nothing.
	later(1)
	phone := sits(t, site, voters[0], browser.Language("fr"), browser.Viewport(360, 800), browser.Dark)
	phone.Go(site.URL + "/search?q=donn%C3%A9es")
	phone.See("données")
	phone.Go(site.URL + "/campaigns/1/ballot")
	chosen := phone.Count("input[name=choose]")
	if chosen < 12 {
		t.Fatalf("%d ideas stand for the vote", chosen)
	}
	best := browser.Eval[string](phone, "document.querySelector('input[name=choose]').value")
	phone.Click("input[name=choose][value='" + best + "']")
	looks(phone, "ballot-phone-dark")
	phone.Click("button=Voter")
	phone.See("Votre bulletin compte")
	for _, voter := range voters[1:] {
		site.As(voter).Post("/campaigns/1/ballot", apptest.Form{"base": "0", "choose": best}).Status(http.StatusSeeOther)
	}
	site.As(voters[2]).Post("/ideas/"+best+"/comments", apptest.Form{"body": "Nos voisins le disent chaque semaine."}).Status(http.StatusSeeOther)
	site.As(olga).Get("/campaigns/1/ballot").Status(http.StatusNotFound)
	site.As(olga).Get("/ideas/" + best).Status(http.StatusNotFound)

	// The vote closes by itself, the result is there for all, and the evaluators find their ideas.
	later(2)
	phone = sits(t, site, voters[0], browser.Language("fr"), browser.Viewport(360, 800), browser.Dark)
	phone.Go(site.URL + "/campaigns/1/results")
	phone.See("vient en tête")
	looks(phone, "results-phone-dark")
	site.As(lena).Post("/campaigns/1/assignments", nil).Status(http.StatusSeeOther)
	for _, evaluator := range []*models.User{ada, ben} {
		page := sits(t, site, evaluator, browser.Language("en"))
		page.Go(site.URL + "/evaluations")
		page.See("0 of")
		page.Go(site.URL + "/ideas/" + best + "/evaluation")
		page.Press("5", "2")
		looks(page, "score")
		page.Press("Control+Enter")
		page.See("Your evaluation is in")
	}
	desk = sits(t, site, lena, browser.Language("fr"), browser.Wide) // a session does not last that long
	desk.Go(site.URL + "/campaigns/1/ranking")
	desk.See("Est-ce une affaire de poids")
	desk.NotSee("attendue") // both are in
	looks(desk, "ranking")

	// It is decided, with reasons, and everyone who followed it is told.
	later(2)
	desk = sits(t, site, lena, browser.Language("fr"), browser.Wide)
	desk.Go(site.URL + "/ideas/" + best + "/answer")
	desk.Click(".beginnings summary")
	desk.Click("link=Retenue – En français")
	desk.Click("button=Publier la réponse")
	desk.See("La réponse est publiée")
	looks(desk, "answered")

	// It becomes a project, whose owner says what it brings, whose controller validates that, and all who had a part are thanked.
	later(2)
	desk = sits(t, site, lena, browser.Language("fr"), browser.Wide)
	desk.Go(site.URL + "/ideas/" + best + "/project")
	desk.Fill("#title", "Publier par défaut")
	desk.Fill("#owner", voters[1].Email)
	desk.Fill("#controller", connie.Email)
	desk.Click("button=Commencer le projet")
	desk.See("Publier par défaut")
	owner := sits(t, site, voters[1], browser.Language("fr"))
	owner.Go(site.URL + "/projects/1")
	owner.Click("button=Lancer le travail")
	owner.See("Le travail commence")
	site.As(voters[1]).Post("/projects/1/benefits", apptest.Form{"nature": "actual", "label": "Courriers en moins", "benefit_kind": "hours", "amount": "120", "on": on(-1)}).Status(http.StatusSeeOther)
	controller := sits(t, site, connie, browser.Language("en"))
	controller.Go(site.URL + "/projects/1")
	controller.Click("button=Valid")
	controller.See("Validated by Connie Control")
	owner.Go(site.URL + "/projects/1")
	owner.Click("button=C’est fait")
	owner.See("C’est fait")
	looks(owner, "project")
	owner.Go(site.URL + "/projects/1/thanks")
	owner.Click("button=Remercier tout le monde")
	owner.See("Toutes les personnes qui y ont pris part sont prévenues")
	site.Settle()
	looks(owner, "thanks")
	for _, told := range []*models.User{voters[2], ada} {
		site.As(told).Get("/notifications").See("thanks you for your part in it")
	}
	desk.Go(site.URL + "/campaigns/1/figures")
	desk.See("Réalisée")
	looks(desk, "figures")
}
