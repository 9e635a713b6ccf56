package models_test

import (
	"slices"
	"testing"

	"ruche/models"
	"ruche/models/modelstest"
)

func TestNamesAreFoundWithoutAccentsAndByEachWord(t *testing.T) {
	db := modelstest.Open(t)
	asker := person(t, db, "Mona", models.RoleEmployee)
	for _, name := range []string{"Élodie Ducas", "Jean-Éloi Petit", "Zoé 100%"} {
		person(t, db, name, models.RoleEmployee)
	}
	for prefix, want := range map[string][]string{
		"elo": {"Élodie Ducas"}, "ÉLO": {"Élodie Ducas"}, "duc": {"Élodie Ducas"}, "pet": {"Jean-Éloi Petit"}, "zoe 100%": {"Zoé 100%"}, "%": nil, "_": nil, `\`: nil,
	} {
		if got := named(t, db, asker, nil, prefix); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", prefix, got, want)
		}
	}
}

func TestOnlyThoseWhoMayReadASpaceAreSuggestedThere(t *testing.T) {
	db := modelstest.Open(t)
	mona, karl := person(t, db, "Mona", models.RoleEmployee), person(t, db, "Karl", models.RoleEmployee)
	camille := person(t, db, "Camille", models.RoleExternal)
	spaces := map[models.Visibility]*models.Space{}
	for _, visibility := range models.Visibilities() {
		space := &models.Space{Slug: string(visibility), Title: "Space", Visibility: visibility}
		change(t, db, func(tx *models.Tx) error {
			if err := tx.CreateSpace(space); err != nil {
				return err
			}
			if visibility == models.External || visibility == models.Public {
				if err := tx.SetMember(space, camille, models.SpaceMember); err != nil {
					return err
				}
			}
			return tx.SetMember(space, mona, models.SpaceMember)
		})
		spaces[visibility] = space
	}
	for visibility, want := range map[models.Visibility][]string{
		models.Public: {"Camille", "Karl", "Mona"}, models.Company: {"Karl", "Mona"}, models.External: {"Camille", "Mona"}, models.Restricted: {"Mona"},
	} {
		if got := named(t, db, mona, spaces[visibility], ""); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", visibility, got, want)
		}
	}
	// A guest is shown those met in the spaces they share, and never the company at large.
	if got, want := named(t, db, camille, spaces[models.Public], ""), []string{"Camille", "Mona"}; !slices.Equal(got, want) {
		t.Errorf("a guest is shown %v in a public space, want %v", got, want)
	}
	if got := named(t, db, camille, nil, ""); len(got) != 0 {
		t.Errorf("a guest is shown %v outside of a space", got)
	}
	if _, err := db.Person(t.Context(), actor(t, db, camille), karl.ID); err == nil {
		t.Error("a guest finds someone whom they have never met")
	}
}

func named(t *testing.T, db *models.DB, asker *models.User, space *models.Space, prefix string) (names []string) {
	t.Helper()
	users, err := db.PeopleNamed(t.Context(), actor(t, db, asker), space, prefix, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range users {
		names = append(names, user.Name)
	}
	return names
}

func person(t *testing.T, db *models.DB, name string, role models.Role) *models.User {
	t.Helper()
	user := &models.User{Name: name, Role: role}
	change(t, db, func(tx *models.Tx) error { return tx.CreateUser(user) })
	return user
}

func actor(t *testing.T, db *models.DB, user *models.User) *models.Actor {
	t.Helper()
	a, err := db.ActorByID(t.Context(), user.ID)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func change(t *testing.T, db *models.DB, fn func(*models.Tx) error) {
	t.Helper()
	if err := db.Tx(t.Context(), nil, fn); err != nil {
		t.Fatal(err)
	}
}
