package privacy_test

import (
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/views/i18n"
)

func TestEveryMemberReadsTheRegisterInTheirLanguage(t *testing.T) {
	site := apptest.Start(t)
	site.Visitor().Get("/privacy").Status(http.StatusSeeOther)
	guest := site.As(site.Person("Gaspard", models.RoleExternal))
	page := guest.Get("/privacy").Status(http.StatusOK)
	page.See("login_links", "365 days", "What each role sees")
	guest.Post("/preferences", apptest.Form{"name": "locale", "value": "fr", "back": "/privacy"}).Status(http.StatusSeeOther)
	guest.Get("/privacy").Status(http.StatusOK).See("Données personnelles", "365 jours", "Ce que voit chaque rôle")
}

func TestTheRegisterHasWordsForEveryChapterPeriodAndRole(t *testing.T) {
	for _, lang := range i18n.Languages {
		l := i18n.For(lang)
		var keys []string
		for _, processing := range models.Processings() {
			for _, part := range strings.Fields("title purpose basis what seen kept") {
				keys = append(keys, "privacy."+string(processing)+"."+part)
			}
		}
		for _, period := range models.Periods() {
			keys = append(keys, "privacy.period."+string(period.Kind)+".kept")
		}
		for _, role := range models.Roles() {
			keys = append(keys, "privacy.roles."+string(role))
		}
		for _, key := range keys {
			if !l.Has(key) || l.T(key, "count", 2) == "" {
				t.Errorf("%s has no words in %s", key, lang)
			}
		}
	}
}
