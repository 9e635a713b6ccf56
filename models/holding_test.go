package models_test

import (
	"slices"
	"strings"
	"testing"

	"ruche/models"
	"ruche/models/modelstest"
)

// TestTheRegisterKnowsEveryColumnThatMayBeAboutSomebody fails when a migration brings a table or a column without saying in
// models/holding.go what becomes of it: then it would be missing from people's copies of their data, and survive their erasure.
func TestTheRegisterKnowsEveryColumnThatMayBeAboutSomebody(t *testing.T) {
	address := modelstest.Address(t)
	db, err := models.Open(t.Context(), address, models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	holdings := map[string]models.Holding{}
	for _, h := range models.Holdings() {
		if _, twice := holdings[h.Table]; twice {
			t.Errorf("%s is in the register twice", h.Table)
		}
		holdings[h.Table] = h
	}
	schema := modelstest.Schema(t, address)
	for _, column := range schema {
		holding, known := holdings[column.Table]
		fate, told := holding.Columns[column.Name]
		about := column.Text || column.References == "users" || column.References == "" && strings.HasSuffix(column.Name, "_id")
		people := []models.Fate{models.Goes, models.Former, models.Forgets}
		switch {
		case !known:
			t.Errorf("models/holding.go does not know the table %s: add a Holding that says what it holds about people", column.Table)
		case about && !told:
			t.Errorf("models/holding.go does not know %s.%s: add what becomes of it when a person is erased", column.Table, column.Name)
		case column.References == "users" && !slices.Contains(people, fate):
			t.Errorf("%s.%s is a person's id: it has to go, to be forgotten or to become that of the former member", column.Table, column.Name)
		case told && column.Text && slices.Contains(people, fate):
			t.Errorf("%s.%s holds text, not the id of a person", column.Table, column.Name)
		case fate == models.Former && column.Key:
			t.Errorf("%s.%s is part of a key: two former members would clash", column.Table, column.Name)
		}
	}
	for table, holding := range holdings {
		var keys []string
		for _, column := range schema {
			if column.Table == table && column.Key {
				keys = append(keys, column.Name)
			}
		}
		slices.Sort(keys)
		if wanted := slices.Sorted(slices.Values(holding.Key)); !slices.Equal(keys, wanted) {
			t.Errorf("the key of %s is %v, not %v", table, keys, wanted)
		}
		for name := range holding.Columns {
			if !slices.ContainsFunc(schema, func(c modelstest.Column) bool { return c.Table == table && c.Name == name }) {
				t.Errorf("models/holding.go tells of %s.%s, which does not exist", table, name)
			}
		}
		if !slices.Contains(models.Processings(), holding.Processing) {
			t.Errorf("%s belongs to no chapter of the register", table)
		}
	}
}
