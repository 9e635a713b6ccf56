//go:build peers

package chromium_test

import (
	"os"
	"path/filepath"
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// TestACampaignAsksAndAnswersAreKeptWhileTheyAreWritten sets up a form, orders it with the keyboard and by drag, answers it, and looks
// at its pages in light and in dark and on a phone, in both languages.
func TestACampaignAsksAndAnswersAreKeptWhileTheyAreWritten(t *testing.T) {
	site := apptest.Start(t)
	maud, paul := site.Person("Maud Lefèvre", models.RoleEmployee), site.Person("Paul Delacroix-Montgomery", models.RoleEmployee)
	space := site.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{maud: models.SpaceManager})
	campaign := &models.Campaign{SpaceID: space.ID, Kind: models.Channel, Title: "Un geste de moins", Question: "Quel geste de votre poste pourrions-nous supprimer ?", Lang: "fr", SponsorID: &maud.ID, ManagerID: &maud.ID, AnswerDays: 30}
	field := func(kind models.FieldKind, visibility models.AnswerVisibility, fr, en string, more models.Wording) *models.FormField {
		more.Label = models.Words{FR: fr, EN: en}
		return &models.FormField{Kind: kind, Visibility: visibility, Wording: more}
	}
	site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.ImportCampaign(campaign); err != nil {
			return err
		}
		for _, f := range []*models.FormField{
			field(models.ChoiceField, models.AnswersForAll, "Sur quelle ligne ?", "On which line?", models.Wording{Required: true, Choices: models.Choices{{FR: "Presse", EN: "Press"}, {FR: "Peinture", EN: "Paint"}, {FR: "Scie", EN: "Saw"}}}),
			field(models.ScaleField, models.AnswersForAll, "À quel point est-ce facile ?", "How easy is it?", models.Wording{Low: 1, High: 5, Choices: models.Choices{{ID: 1, FR: "Un chantier", EN: "A project"}, {ID: 2, FR: "Dès demain", EN: "Tomorrow"}}}),
			field(models.AmountField, models.AnswersForTeam, "Combien cela coûte-t-il ?", "What does it cost?", models.Wording{Help: models.Words{FR: "Un ordre de grandeur suffit.", EN: "A rough figure will do."}}),
			field(models.LongField, models.AnswersPrivate, "Qui cela dérange-t-il ?", "Whom does it disturb?", models.Wording{}),
			field(models.DateField, models.AnswersForEvaluators, "Quand l’essayer ?", "When to try it?", models.Wording{}),
			field(models.FileField, models.AnswersForAll, "Un croquis ?", "A sketch?", models.Wording{High: 2, Accepts: models.AllFileKinds()}),
		} {
			if err := tx.AddField(campaign, f); err != nil {
				return err
			}
		}
		return nil
	})
	desk := browser.Open(t, browser.Language("en"), browser.Cookies(site.URL, site.As(maud).Cookies()...))
	desk.Go(site.URL + "/campaigns/1/form")
	desk.Drag("#field-1 [data-grip]", "#field-2 .grip")
	desk.See("The order is saved")
	desk.Click(`button=Move “On which line?” up`)
	desk.See("The field is now number 1")

	phone := browser.Open(t, browser.Viewport(360, 800), browser.Dark, browser.Language("fr"), browser.Cookies(site.URL, site.As(paul).Cookies()...))
	phone.Go(site.URL + "/ideas/new?campaign=1")
	phone.Wait("markdown-editor[ready]")
	phone.Click(".editor-surface .prose")
	phone.Type("Sans la porter deux fois.")
	phone.Fill("#title", "Peser une fois")
	phone.Fill("#answer_3", "douze")
	phone.Fill("#answer_4", "L’équipe du matin")
	phone.Click(`input[name="answer_2"][value="4"]`)
	sketch := filepath.Join(t.TempDir(), "croquis.csv")
	if err := os.WriteFile(sketch, []byte("poste;geste\n4;porter\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	phone.Upload("file-answer input[type=file]", sketch)
	phone.See("croquis.csv est joint")
	phone.See("Brouillon enregistré")
	phone.Reload()
	if phone.Value("#answer_4") != "L’équipe du matin" || phone.Value("#answer_3") != "douze" {
		t.Error("answers are gone after a reload")
	}
	phone.See("croquis.csv")
	phone.Screenshot("forms-asked-phone")
	phone.Axe()
	phone.Click("button=Publier l’idée")
	phone.See("la campagne en a besoin")
	phone.Screenshot("forms-wrong-phone")
	phone.Axe()
	phone.Allow("422 POST")
	phone.Fill("#answer_3", "1 250,50")
	phone.Click(`input[name="answer_1"][value="2"]`)
	phone.Click("button=Publier l’idée")
	phone.WaitURL("/ideas/1")
	phone.See("Peinture")
	phone.See("croquis.csv")
	phone.Screenshot("forms-shown-phone")
	phone.Axe()
	for path, picture := range map[string]string{"/campaigns/1/form": "builder", "/campaigns/1/form/1": "field", "/ideas/1/edit": "edit", "/ideas/1/versions/1": "version"} {
		desk.Go(site.URL + path)
		desk.Axe()
		desk.Screenshot("forms-" + picture + "-desk")
	}
}
