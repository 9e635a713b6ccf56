package models_test

import (
	"strings"
	"testing"

	"ruche/models"
	"ruche/models/modelstest"
)

// TestNothingThatHangsOnAnArticleIsForgotten: whoever lets another table name articles says in Hanging what becomes of its rows once an
// article is removed for good.
func TestNothingThatHangsOnAnArticleIsForgotten(t *testing.T) {
	address := modelstest.Address(t)
	db, err := models.Open(t.Context(), address, models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	said, seen := strings.Join(models.Hanging(), "\n"), 0
	for _, column := range modelstest.Schema(t, address) {
		if column.References != "articles" {
			continue
		}
		seen++
		if !strings.Contains(said, "DELETE FROM "+column.Table+" WHERE "+column.Name+" IN ?") && !strings.Contains(said, "UPDATE "+column.Table+" SET "+column.Name+" = NULL") {
			t.Errorf("nothing is said of %s.%s", column.Table, column.Name)
		}
	}
	if seen < 15 {
		t.Errorf("only %d columns name articles", seen)
	}
}
