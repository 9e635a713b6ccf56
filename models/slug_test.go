package models_test

import (
	"testing"

	"ruche/models"
)

func TestSlugs(t *testing.T) {
	for title, want := range map[string]string{
		"Une idée pour l’été":           "une-idee-pour-l-ete",
		"Œuvrer à Malmö, straße & café": "oeuvrer-a-malmo-strasse-cafe",
		"  --Déjà vu ?! ":               "deja-vu",
		"🐝🐝":                            "",
		"改善":                            "",
		"½ prix":                        "1-2-prix",
		"Article 1 - Open data par défaut (obligation de diffuser en ligne les principaux documents)":    "article-1-open-data-par-defaut-obligation-de-diffuser-en",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	} {
		if got := models.Slug(title); got != want {
			t.Errorf("Slug(%q) = %q, want %q", title, got, want)
		}
	}
}
