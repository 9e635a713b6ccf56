package models_test

import (
	"strings"
	"testing"

	"ruche/models"
	"ruche/models/modelstest"
)

func TestNamesStayInTheirPlace(t *testing.T) {
	db := modelstest.Open(t)
	wild := func(name string) string {
		return "\u2067" + name + "\u202egpj.exe\u202c" + strings.Repeat("\u0489", 100) + "\ufeff"
	}
	const calm = "gpj.exe" + "\u0489\u0489\u0489\u0489\u0489"
	user := &models.User{Name: wild("Zoe\u0301"), Organisation: wild("Acme"), Job: wild("Cook"), Site: wild("Lyon"), Role: models.RoleExternal}
	group := &models.Group{Kind: models.KindGroup, Name: wild("Night")}
	space := &models.Space{Slug: "board", Title: wild("Board"), Description: wild("All"), Visibility: models.Company}
	change(t, db, func(tx *models.Tx) error {
		if err := tx.CreateUser(user); err != nil {
			return err
		}
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		return tx.CreateSpace(space)
	})
	campaign := &models.Campaign{Kind: models.Channel, Title: wild("Ask"), Question: wild("Why")}
	if err := campaign.Validate(); err != nil {
		t.Fatal(err)
	}
	tags, err := models.ParseTags(wild("tag"))
	if err != nil {
		t.Fatal(err)
	}
	for got, want := range map[string]string{user.Name: "Zoé", user.Organisation: "Acme", user.Job: "Cook", user.Site: "Lyon", group.Name: "Night",
		space.Title: "Board", space.Description: "All", campaign.Title: "Ask", campaign.Question: "Why", tags[0]: "tag"} {
		if got != want+calm {
			t.Errorf("%q, want %q", got, want+calm)
		}
	}
	hebrew := &models.User{Name: "\u05d1\u05b0\u05bc\u05e8\u05b5\u05d0 \u200fשרה", Role: models.RoleEmployee}
	change(t, db, func(tx *models.Tx) error { return tx.CreateUser(hebrew) })
	if !strings.HasSuffix(hebrew.Name, "\u200fשרה") {
		t.Errorf("%q", hebrew.Name)
	}
	if err := db.Tx(t.Context(), nil, func(tx *models.Tx) error {
		return tx.CreateUser(&models.User{Name: "a\xff", Role: models.RoleEmployee})
	}); err == nil {
		t.Error("a name that is no text is taken")
	}
}
