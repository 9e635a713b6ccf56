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

// proposals is a small export of Decidim, of which the third row is broken.
const proposals = "id;category/name/fr;component/id;title/fr;body/fr;state;supports;published_at;author/name\n" +
	"11;Énergie;7;Éteindre les écrans le soir;<p>Trois cents écrans restent allumés.</p>;accepted;42;2025-11-03 09:12:00 UTC;Nadège R.\n" +
	"12;Cantine;7;Du compost à la cantine;<p>Les épluchures partent à la poubelle.</p>;;0;2025-11-04 10:00:00 UTC;Karim B.\n"

func TestAFileIsMappedCheckedTakenInAndUndone(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona Lefèvre", models.RoleManager)
	site.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	files := map[string]string{"propositions.csv": proposals, "fautes.csv": proposals + "13;Énergie;7;;<p>Sans titre.</p>;;0;hier;Karim B.\n"}
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	page := open(t, true, browser.Wide, browser.Cookies(site.URL, site.As(mona).Cookies()...))
	page.Go(site.URL + "/spaces/ateliers")
	page.Click("link=Importer des idées")
	page.Axe()
	page.Screenshot("imports-new")
	page.Upload("#file", filepath.Join(dir, "fautes.csv"))
	page.Click("button=Continuer vers les colonnes")
	page.See("export de Decidim")
	page.Axe()
	page.Screenshot("imports-mapping")
	page.Click("button=Vérifier le fichier")
	page.See("Vérification du fichier")
	site.Settle()
	page.See("1 ligne a un défaut") // by itself
	page.Axe()
	page.Screenshot("imports-broken")
	page.Click("link=Renvoyer le fichier corrigé")
	page.Upload("#file", filepath.Join(dir, "propositions.csv"))
	page.Click("button=Continuer vers les colonnes")
	page.Choose("label=accepted", "Réalisée")
	page.Click("button=Vérifier le fichier")
	site.Settle()
	page.See("2 idées à importer")
	page.Screenshot("imports-checked")
	phone := open(t, true, browser.Phone, browser.Dark, browser.Cookies(site.URL, site.As(mona).Cookies()...))
	phone.Go(page.URL())
	phone.Axe()
	phone.Screenshot("imports-checked-phone-dark")
	phone.Click("button=Tout importer")
	site.Settle()
	phone.See("2 idées")
	phone.Axe()
	phone.Screenshot("imports-done-phone-dark")
	phone.Click("confirm-dialog summary")
	phone.Screenshot("imports-undo-phone-dark")
	phone.Click("dialog .button.danger")
	site.Settle()
	phone.See("Retiré le")
	phone.Go(site.URL + "/imports")
	phone.Axe()
	phone.Screenshot("imports-list-phone-dark")

	// What came on paper is typed in beside it.
	page.Go(site.URL + "/spaces/ateliers/papers/new")
	page.Fill("label=Titre", "Des crochets près de la presse")
	page.Fill("label=Ce que dit le papier", "Pour les gants : ils traînent par terre.")
	page.Fill("label=Qui l’a écrite", "Rita, équipe de nuit")
	page.Axe()
	page.Screenshot("papers-new")
	page.Click("button=Enregistrer")
	page.See("Pas encore de coupon")
	page.Axe()
	page.Screenshot("papers-list")
	page.Click("button=Imprimer les coupons choisis")
	page.See("ne pourra plus être affiché")
	page.Axe()
	page.Screenshot("papers-slips")
	phone.Go(site.URL + "/spaces/ateliers/papers")
	phone.Axe()
	phone.Screenshot("papers-list-phone-dark")
	phone.Go(site.URL + "/claims/new")
	phone.Axe()
	phone.Screenshot("papers-claim-phone-dark")
	phone.Go(site.URL + "/ideas")
	phone.Click("link=Des crochets près de la presse")
	phone.See("saisie par Mona Lefèvre")
	phone.Screenshot("papers-idea-phone-dark")

	// A poster leads to a form on the phone.
	page.Go(site.URL + "/spaces/ateliers/box")
	page.Click("button=Ouvrir la boîte")
	page.See("Rien n’attend")
	page.Axe()
	page.Screenshot("boxes-empty")
	page.Click("link=Affiche")
	page.See("Une idée")
	page.Axe()
	page.Screenshot("boxes-poster")
	visitor := open(t, true, browser.Phone)
	visitor.Go(page.Text(".poster-address"))
	visitor.Axe()
	visitor.Screenshot("boxes-leave-phone")
	visitor.Fill("label=Votre idée en une phrase", "Un banc près de la presse")
	visitor.Click("button=Déposer l’idée")
	visitor.See("Merci")
	visitor.Axe()
	visitor.Screenshot("boxes-left-phone")
	phone.Go(site.URL + "/spaces/ateliers/box")
	phone.Axe()
	phone.Screenshot("boxes-notes-phone-dark")
	phone.Click("button=Publier")
	phone.See("Rien n’attend")
}
