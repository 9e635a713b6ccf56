package models_test

import (
	"errors"
	"testing"
	"time"

	"ruche/models"
	"ruche/models/modelstest"
)

func TestAGroupBringsItsPeopleIntoASpaceAndTakesThemOutAgain(t *testing.T) {
	db := modelstest.Open(t)
	mona, karl := person(t, db, "Mona", models.RoleEmployee), person(t, db, "Karl", models.RoleEmployee)
	group := &models.Group{Kind: models.KindGroup, Name: "Énergie"}
	space := &models.Space{Slug: "board", Title: "Board", Visibility: models.Restricted}
	change(t, db, func(tx *models.Tx) error {
		if err := tx.CreateSpace(space); err != nil {
			return err
		}
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		if err := tx.JoinGroup(group.ID, mona.ID); err != nil {
			return err
		}
		return tx.SetSpaceGroup(space, group, models.SpaceReader)
	})
	role := func(user *models.User) models.SpaceRole {
		if access := actor(t, db, user).Access(space.ID); access != nil {
			return access.Role
		}
		return ""
	}
	if role(mona) != models.SpaceReader || role(karl) != "" {
		t.Errorf("Mona is %q, Karl %q", role(mona), role(karl))
	}
	change(t, db, func(tx *models.Tx) error { return tx.SetMember(space, mona, models.SpaceExpert) })
	if role(mona) != models.SpaceExpert {
		t.Errorf("named an expert, Mona is %q: the widest role counts", role(mona))
	}
	change(t, db, func(tx *models.Tx) error { return tx.SetSpaceGroup(space, group, models.SpaceModerator) })
	change(t, db, func(tx *models.Tx) error { return tx.RemoveMember(space, mona.ID) })
	if role(mona) != models.SpaceModerator {
		t.Errorf("no longer named, Mona is %q: what she has through the group stays", role(mona))
	}
	change(t, db, func(tx *models.Tx) error { return tx.JoinGroup(group.ID, karl.ID) })
	change(t, db, func(tx *models.Tx) error { return tx.LeaveGroup(group.ID, mona.ID) })
	if role(mona) != "" || role(karl) != models.SpaceModerator {
		t.Errorf("Mona is %q, Karl %q", role(mona), role(karl))
	}
	change(t, db, func(tx *models.Tx) error { return tx.RemoveSpaceGroup(space, group.ID) })
	if role(karl) != "" {
		t.Errorf("Karl is %q", role(karl))
	}
	var invalid models.Invalid
	if err := db.Tx(t.Context(), nil, func(tx *models.Tx) error { return tx.SetSpaceGroup(space, group, models.SpaceManager) }); !errors.As(err, &invalid) {
		t.Errorf("a group is made manager: %v", err)
	}
	if err := db.Tx(t.Context(), nil, func(tx *models.Tx) error {
		return tx.CreateGroup(&models.Group{Kind: models.KindGroup, Name: "energie "})
	}); !errors.As(err, &invalid) {
		t.Errorf("two groups have one name: %v", err)
	}
}

func TestPeopleAreInTheUnitOfTheirDepartment(t *testing.T) {
	db := modelstest.Open(t)
	mona := person(t, db, "Mona", models.RoleEmployee)
	space := &models.Space{Slug: "lab", Title: "Lab", Visibility: models.Restricted}
	change(t, db, func(tx *models.Tx) error { return tx.SetDepartment(mona.ID, " Recherche ") })
	change(t, db, func(tx *models.Tx) error {
		unit, err := tx.GroupNamed(t.Context(), models.KindUnit, "recherche")
		if err != nil {
			return err
		}
		if err := tx.CreateSpace(space); err != nil {
			return err
		}
		return tx.SetSpaceGroup(space, unit, models.SpaceMember)
	})
	change(t, db, func(tx *models.Tx) error { return tx.SetDepartment(mona.ID, "Recherche") })
	if actor(t, db, mona).Access(space.ID) == nil {
		t.Error("who belongs to the unit does not see its space")
	}
	change(t, db, func(tx *models.Tx) error { return tx.SetDepartment(mona.ID, "Ventes") })
	if actor(t, db, mona).Access(space.ID) != nil {
		t.Error("who has left the unit still sees its space")
	}
}

func TestAccessEndsByItselfOnItsDay(t *testing.T) {
	now := time.Date(2026, 3, 12, 9, 0, 0, 0, time.UTC)
	db := modelstest.Open(t, models.Options{Clock: func() time.Time { return now }})
	tomorrow := now.Add(24 * time.Hour)
	camille := &models.User{Name: "Camille", Role: models.RoleExternal, ExpiresAt: &tomorrow}
	var token, link string
	change(t, db, func(tx *models.Tx) (err error) {
		if err = tx.CreateUser(camille); err != nil {
			return err
		}
		if link, err = tx.CreateLoginLink(camille.ID, 100*time.Hour); err != nil {
			return err
		}
		token, err = tx.CreateToken(&models.Token{UserID: camille.ID, Name: "API", Scope: models.ScopeRead}, models.TokenDays)
		return err
	})
	ask := func() (problems []error) {
		_, err := db.ActorByID(t.Context(), camille.ID)
		_, _, tokenErr := db.UserByToken(t.Context(), token)
		_, linkErr := db.LoginLinkUser(t.Context(), link)
		return []error{err, tokenErr, linkErr}
	}
	for _, err := range ask() {
		if err != nil {
			t.Errorf("before the day: %v", err)
		}
	}
	now = tomorrow
	for i, err := range ask() {
		if !errors.Is(err, models.ErrNotFound) {
			t.Errorf("way %d is open after the day: %v", i, err)
		}
	}
}

func TestAnAuditorSeesWhatEveryoneMaySeeAndTakesNoPart(t *testing.T) {
	db := modelstest.Open(t)
	ada := person(t, db, "Ada", models.RoleAuditor)
	for _, visibility := range models.Visibilities() {
		space := &models.Space{Slug: string(visibility), Title: string(visibility), Visibility: visibility}
		change(t, db, func(tx *models.Tx) error {
			if err := tx.CreateSpace(space); err != nil {
				return err
			}
			return tx.SetMember(space, ada, models.SpaceManager)
		})
		auditor := actor(t, db, ada)
		if sees := auditor.Access(space.ID) != nil; sees != (visibility == models.Public) {
			t.Errorf("%s: sees %v", visibility, sees)
		}
		for _, act := range []models.Act{models.PostIdea, models.PostComment, models.SupportIdea, models.Moderate, models.StageIdea, models.ManageSpace} {
			if auditor.Can(act, space) {
				t.Errorf("an auditor may %s in a %s space", act, visibility)
			}
		}
	}
	if !actor(t, db, ada).Can(models.ReadAudit, nil) {
		t.Error("an auditor may not read the log")
	}
}

func TestADeletedGroupTakesItsRolesAlongAndBringsThemBack(t *testing.T) {
	now := time.Date(2026, 3, 12, 9, 0, 0, 0, time.UTC)
	db := modelstest.Open(t, models.Options{Clock: func() time.Time { return now }})
	mona, karl := person(t, db, "Mona", models.RoleEmployee), person(t, db, "Karl", models.RoleEmployee)
	group := &models.Group{Kind: models.KindGroup, Name: "Énergie"}
	space := &models.Space{Slug: "board", Title: "Board", Visibility: models.Restricted}
	change(t, db, func(tx *models.Tx) error {
		if err := tx.CreateSpace(space); err != nil {
			return err
		}
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		if err := tx.JoinGroup(group.ID, mona.ID, karl.ID); err != nil {
			return err
		}
		if err := tx.SetMember(space, karl, models.SpaceReader); err != nil {
			return err
		}
		return tx.SetSpaceGroup(space, group, models.SpaceMember)
	})
	role := func(user *models.User) models.SpaceRole {
		if access := actor(t, db, user).Access(space.ID); access != nil {
			return access.Role
		}
		return ""
	}
	change(t, db, func(tx *models.Tx) error { return tx.DeleteGroup(group) })
	if role(mona) != "" || role(karl) != models.SpaceReader {
		t.Errorf("the group is deleted: Mona is %q, Karl %q", role(mona), role(karl))
	}
	if _, err := db.Group(t.Context(), group.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the deleted group is found: %v", err)
	}
	now = now.Add(23 * time.Hour)
	change(t, db, func(tx *models.Tx) error { return tx.Sweep() })
	change(t, db, func(tx *models.Tx) error {
		_, err := tx.RestoreGroup(group.ID)
		return err
	})
	if role(mona) != models.SpaceMember || role(karl) != models.SpaceMember {
		t.Errorf("the group is back: Mona is %q, Karl %q", role(mona), role(karl))
	}
	change(t, db, func(tx *models.Tx) error { return tx.DeleteGroup(group) })
	change(t, db, func(tx *models.Tx) error {
		return tx.CreateGroup(&models.Group{Kind: models.KindGroup, Name: "Energie"})
	})
	var invalid models.Invalid
	if err := db.Tx(t.Context(), nil, func(tx *models.Tx) error { _, err := tx.RestoreGroup(group.ID); return err }); !errors.As(err, &invalid) {
		t.Errorf("two groups have one name: %v", err)
	}
	now = now.Add(25 * time.Hour)
	change(t, db, func(tx *models.Tx) error { return tx.Sweep() })
	if err := db.Tx(t.Context(), nil, func(tx *models.Tx) error { _, err := tx.RestoreGroup(group.ID); return err }); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a group comes back after more than a day: %v", err)
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	db := modelstest.Open(t)
	oona, otto := person(t, db, "Oona", models.RoleOwner), person(t, db, "Otto", models.RoleOwner)
	mona := person(t, db, "Mona", models.RoleEmployee)
	leave := func(id int64) error {
		return db.Tx(t.Context(), nil, func(tx *models.Tx) error {
			return tx.KeepOwner(id, func() error { return tx.Disable(id) })
		})
	}
	if err := leave(otto.ID); err != nil {
		t.Errorf("one of two owners cannot leave: %v", err)
	}
	var invalid models.Invalid
	if err := leave(oona.ID); !errors.As(err, &invalid) || invalid["role"] == "" {
		t.Errorf("the last owner leaves: %v", err)
	}
	if err := leave(mona.ID); err != nil {
		t.Errorf("whoever owns nothing cannot leave: %v", err)
	}
	change(t, db, func(tx *models.Tx) error { return tx.Enable(otto.ID) })
	if err := leave(oona.ID); err != nil {
		t.Errorf("one of two owners cannot leave: %v", err)
	}
}
