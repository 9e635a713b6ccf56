package models_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"ruche/models"
	"ruche/models/modelstest"
)

// TestAMergeKnowsEveryColumnWithAPersonsID fails when a migration brings a column with the id of a person without saying in
// models/mergeplan.go what becomes of it when two accounts are merged: then it would go on naming an account that nobody has.
func TestAMergeKnowsEveryColumnWithAPersonsID(t *testing.T) {
	schema := modelstest.Schema(t, migrated(t))
	carried, stays := models.CarriedAtMerge(), models.StaysAtMerge()
	people := map[string]bool{"events.actor_id": true, "events.subject_id": true} // which the database does not check
	for _, column := range schema {
		if column.References == "users" {
			people[column.Table+"."+column.Name] = true
		}
	}
	for _, holding := range models.Holdings() {
		for column, fate := range holding.Columns {
			if fate == models.Goes || fate == models.Former || fate == models.Forgets {
				people[holding.Table+"."+column] = true
			}
		}
	}
	for place := range people {
		moved, reason := slices.Contains(carried, place), stays[place]
		switch {
		case !moved && reason == "":
			t.Errorf("%s holds a person's id: carry it over in models/mergeplan.go, or say there why it stays", place)
		case moved && reason != "":
			t.Errorf("%s is carried over, and there is a reason why it stays", place)
		}
	}
	for _, place := range slices.Concat(carried, slices.Collect(maps.Keys(stays))) {
		if !people[place] {
			t.Errorf("models/mergeplan.go tells of %s, which holds no person's id", place)
		}
	}
	for place, reason := range stays {
		if len(strings.Fields(reason)) == 0 {
			t.Errorf("%s stays without a reason", place)
		}
	}
}

// migrated is the address of an empty database with the newest schema.
func migrated(t *testing.T) string {
	t.Helper()
	address := modelstest.Address(t)
	db, err := models.Open(t.Context(), address, models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return address
}
