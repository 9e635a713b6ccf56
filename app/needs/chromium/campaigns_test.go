//go:build peers

package chromium_test

import (
	"strconv"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// TestACampaignIsSetUpAskedAndAnswered follows a campaign from its form to its first idea, and looks at its pages in light and
// in dark and on a phone, in both languages.
func TestACampaignIsSetUpAskedAndAnswered(t *testing.T) {
	site := apptest.Start(t)
	maud, sophie, paul := site.Person("Maud Lefèvre", models.RoleEmployee), site.Person("Sophie Arnault", models.RoleEmployee), site.Person("Paul Delacroix-Montgomery", models.RoleEmployee)
	site.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{maud: models.SpaceManager})
	night := &models.Group{Kind: models.KindGroup, Name: "Équipe de nuit"}
	site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateGroup(night); err != nil {
			return err
		}
		return tx.JoinGroup(night.ID, paul.ID)
	})
	day := func(after int) string { return time.Now().AddDate(0, 0, after).Format(time.DateOnly) }
	desk := browser.Open(t, browser.Language("en"), browser.Cookies(site.URL, site.As(maud).Cookies()...))
	desk.Go(site.URL + "/campaigns/new")
	desk.Fill("label=Title", "Un geste de moins")
	desk.Fill("label=Question", "Quel geste de votre poste pourrions-nous supprimer, sans rien perdre à la qualité ?")
	desk.Fill("#sponsor", sophie.Email)
	desk.Fill("#stage_gather", day(-1))
	desk.Fill("#stage_refine", day(20))
	desk.Fill("#stage_closed", day(60))
	desk.Axe()
	desk.Screenshot("campaigns-new")
	desk.Click("button=Save")
	desk.See("Before it is published")
	desk.Screenshot("campaigns-draft")
	desk.Click("button=Publish the campaign")
	desk.See("Open until")
	site.As(maud).Post("/campaigns/1/people", apptest.Form{"base": "1", "team": paul.Email, "audience": "groups", "group": strconv.FormatInt(night.ID, 10)}).Status(303)
	site.As(paul).Post("/campaigns/1", apptest.Form{
		"base": "2", "title": "Un geste de moins", "question": "Quel geste de votre poste pourrions-nous supprimer, sans rien perdre à la qualité ?", "sponsor": sophie.Email, "manager": maud.Email, "answer_days": "30",
		"body": "## Pourquoi\n\nUn four passe par 212 gestes. Nous en avons compté 31 de trop.", "rules": "Une idée, un geste.", "prizes": "Un repas avec l’équipe qui l’aura fait.", "faq": "### Qui décide ?\n\nSophie, avec deux chefs d’atelier.",
	}).Status(303)
	site.As(paul).Post("/ideas", apptest.Form{"campaign": "1", "title": "Peser une fois", "body": "La balance est à deux pas."}).Status(303)
	site.As(maud).Post("/campaigns/1/copies", apptest.Form{"title": "Un geste par an", "template": "1"}).Status(303)
	site.As(maud).Post("/campaigns/1/copies", apptest.Form{"title": "Un geste de plus", "begins": "2030-05-01"}).Status(303) // a public holiday
	site.Settle()
	phone := browser.Open(t, browser.Viewport(360, 800), browser.Dark, browser.Language("fr"), browser.Cookies(site.URL, site.As(maud).Cookies()...))
	for name, page := range map[string]*browser.Page{"desk": desk, "phone": phone} {
		for _, path := range []string{"/campaigns", "/campaigns/1-un-geste-de-moins", "/campaigns/1/brief", "/campaigns/1/edit", "/campaigns/1/stages", "/campaigns/1/people", "/campaigns/1/copies/new", "/campaigns/2-un-geste-par-an", "/campaigns/3-un-geste-de-plus", "/ideas?campaign=1"} {
			page.Go(site.URL + path)
			page.Axe()
			page.Screenshot("campaigns-" + models.Slug(path) + "-" + name)
			if wide := browser.Eval[int](page, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
				t.Errorf("%s on the %s is %d pixels too wide", path, name, wide)
			}
		}
	}
}
