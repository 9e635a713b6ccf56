package models_test

import (
	"strings"
	"testing"

	"ruche/models"
	"ruche/models/modelstest"
)

func TestWhatIsVerifiedAnewMeanwhileKeepsItsReminders(t *testing.T) {
	address := modelstest.Address(t)
	db, err := models.Open(t.Context(), address, models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if !db.Postgres() {
		return // where one writes at a time there is no meanwhile
	}
	h := &house{DB: db, t: t}
	ann, space := h.user("ann", models.RoleEmployee), h.space("s", models.Company)
	h.member(space, ann, models.SpaceManager)
	shelf := &models.Collection{SpaceID: space.ID, Title: "Shelf"}
	h.tx(h.actor(ann), func(tx *models.Tx) error {
		if err := tx.CreateCollection(shelf); err != nil {
			return err
		}
		return tx.CreateArticle(shelf, &models.Article{AuthorID: ann.ID, Title: "Purge"}, "")
	})
	remind := func() (told []models.ArticleReminder) {
		h.tx(nil, func(tx *models.Tx) (err error) { told, err = tx.RemindOfArticles(); return err })
		return told
	}
	const ended = "UPDATE articles SET verified_until = now() - interval '1 hour'"
	modelstest.Exec(t, address, ended)
	verified := false
	db.WatchChanges(func(statement string) {
		if !verified && strings.HasPrefix(statement, "SELECT id, space_id, owner_id, owner_group_id, title FROM articles") {
			verified = true
			modelstest.Exec(t, address, "UPDATE articles SET verified_until = now() + interval '1 year', trust_reminded = 0")
		}
	})
	remind()
	modelstest.Exec(t, address, ended)
	if told := remind(); !verified || len(told) != 1 {
		t.Errorf("when it has ended again, told are %+v", told)
	}
}
