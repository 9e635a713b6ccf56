package groups_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// made is the address of a group that a form has just made.
func made(t *testing.T, answer *apptest.Answer) string {
	t.Helper()
	return answer.Status(http.StatusSeeOther).Header.Get("Location")
}

func TestAGroupIsMadeFilledRenamedDeletedAndBroughtBack(t *testing.T) {
	site := apptest.Start(t)
	mona, alice := site.Person("Mona", models.RoleManager), site.Person("Élodie Ducas", models.RoleEmployee)
	site.Person("Jean Petit", models.RoleEmployee)
	twin := &models.User{Name: "Jean Petit", Email: "jean2@example.test", Role: models.RoleEmployee}
	site.Tx(nil, func(tx *models.Tx) error { return tx.CreateUser(twin) })
	guest := site.Person("Gaston", models.RoleExternal)
	manager := site.As(mona)
	manager.Get("/groups").Status(http.StatusOK).See("No group yet")
	group := made(t, manager.Post("/groups", apptest.Form{"name": " Énergie "}))
	manager.Get("/groups").See("Énergie", "0 people")
	manager.Post("/groups", apptest.Form{"name": "energie"}).Status(http.StatusUnprocessableEntity).See("There is a group of this name already", `value="energie"`)
	manager.Post("/groups", apptest.Form{"name": " "}).Status(http.StatusUnprocessableEntity).See("Give a name")

	manager.Post(group+"/members", apptest.Form{"person": "elodie  ducas"}).Status(http.StatusSeeOther)
	manager.Post(group+"/members", apptest.Form{"person": "Jean2@Example.test"}).Status(http.StatusSeeOther)
	for person, complaint := range map[string]string{"jean petit": "Several people", "Nobody": "Nobody of the company", guest.Email: "Nobody of the company", "": "Nobody of the company", "a\x00b": "Nobody of the company"} {
		manager.Post(group+"/members", apptest.Form{"person": person}).Status(http.StatusUnprocessableEntity).See(complaint)
	}
	manager.Get(group).See("Élodie Ducas", "Jean Petit")
	id, err := strconv.ParseInt(strings.TrimPrefix(group, "/groups/"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	space := site.Space("board", models.Restricted, nil)
	site.Tx(nil, func(tx *models.Tx) error { return tx.SetSpaceGroup(space, &models.Group{ID: id}, models.SpaceExpert) })
	client := site.As(alice)
	client.Get("/spaces/board").Status(http.StatusOK)
	manager.Get(group).NotSee(`href="/spaces/board"`) // a closed room is its members' own

	manager.Post(group, apptest.Form{"name": "Power"}).Status(http.StatusSeeOther)
	manager.Get(group).See("<h1>Power</h1>")
	manager.Post(group, apptest.Form{"name": strings.Repeat("x", 201)}).Status(http.StatusUnprocessableEntity).See("Give a name")

	manager.Post(group+"/deletion", nil).Status(http.StatusSeeOther)
	client.Get("/spaces/board").Status(http.StatusNotFound)
	manager.Get("/groups").See("Group deleted", group+"/restoration").NotSee("Power")
	manager.Get(group).Status(http.StatusNotFound)
	manager.Post(group+"/members", apptest.Form{"person": alice.Email}).Status(http.StatusNotFound)
	manager.Post(group+"/restoration", nil).Status(http.StatusSeeOther)
	client.Get("/spaces/board").Status(http.StatusOK)

	manager.Post(group+"/members/removal", apptest.Form{"user": fmt.Sprint(alice.ID)}).Status(http.StatusSeeOther)
	client.Get("/spaces/board").Status(http.StatusNotFound)
	manager.Post(group+"/members/removal", apptest.Form{"user": fmt.Sprint(alice.ID)}).Status(http.StatusNotFound)
	manager.Post(group+"/members/removal", apptest.Form{"user": "x"}).Status(http.StatusNotFound)

	manager.Post(group+"/deletion", nil).Status(http.StatusSeeOther)
	made(t, manager.Post("/groups", apptest.Form{"name": "Power"}))
	manager.Post(group+"/restoration", nil).Status(http.StatusUnprocessableEntity).See("There is a group of this name already")
}

func TestOnlyThoseWhoLookAfterPeopleSeeGroups(t *testing.T) {
	site := apptest.Start(t)
	group := &models.Group{Kind: models.KindGroup, Name: "Energy"}
	site.Tx(nil, func(tx *models.Tx) error { return tx.CreateGroup(group) })
	path := fmt.Sprintf("/groups/%d", group.ID)
	for _, role := range []models.Role{models.RoleModerator, models.RoleHR, models.RoleAuditor, models.RoleEmployee, models.RoleExternal} {
		client := site.As(site.Person("P"+string(role), role))
		client.Get("/").NotSee(`href="/groups"`)
		for _, answer := range []*apptest.Answer{
			client.Get("/groups"), client.Get(path), client.Get("/groups/999"), client.Post("/groups", apptest.Form{"name": "Mine"}), client.Post(path, apptest.Form{"name": "Mine"}), client.Post(path+"/deletion", nil),
			client.Post(path+"/restoration", nil), client.Post(path+"/members", apptest.Form{"person": "x"}), client.Post(path+"/members/removal", apptest.Form{"user": "1"}),
		} {
			answer.Status(http.StatusForbidden).NotSee("Energy")
		}
	}
	site.As(site.Person("Oona", models.RoleOwner)).Get("/").See(`href="/groups"`)
}

func TestUnitsAndTheDirectorysGroupsAreNotChangedByHand(t *testing.T) {
	site := apptest.Start(t)
	mona, alice := site.Person("Mona", models.RoleManager), site.Person("Alice", models.RoleEmployee)
	team := &models.Group{Kind: models.KindGroup, Name: "Team", ByDirectory: true}
	var unit *models.Group
	site.Tx(nil, func(tx *models.Tx) (err error) {
		if err = tx.CreateGroup(team); err != nil {
			return err
		}
		if err = tx.SetDepartment(alice.ID, "Research"); err != nil {
			return err
		}
		unit, err = tx.GroupNamed(t.Context(), models.KindUnit, "Research")
		return err
	})
	manager := site.As(mona)
	manager.Get("/groups").See("Team", "Directory", "Research", "Unit", "1 person")
	manager.Get("/groups?kind=unit").See("Research").NotSee("Team")
	for _, group := range []*models.Group{team, unit} {
		path := fmt.Sprintf("/groups/%d", group.ID)
		manager.Get(path).Status(http.StatusOK).See(group.Name).NotSee(path+"/members", "/deletion")
		manager.Post(path, apptest.Form{"name": "Mine"}).Status(http.StatusForbidden)
		manager.Post(path+"/deletion", nil).Status(http.StatusForbidden)
		manager.Post(path+"/members", apptest.Form{"person": "Mona"}).Status(http.StatusForbidden)
		manager.Post(path+"/members/removal", apptest.Form{"user": fmt.Sprint(alice.ID)}).Status(http.StatusForbidden)
	}
	site.Tx(nil, func(tx *models.Tx) error { return tx.DeleteGroup(team) })
	manager.Post(fmt.Sprintf("/groups/%d/restoration", team.ID), nil).Status(http.StatusNotFound)
}

func TestGroupsArePagedByName(t *testing.T) {
	site := apptest.Start(t)
	site.Tx(nil, func(tx *models.Tx) error {
		for i := range 51 {
			if err := tx.CreateGroup(&models.Group{Kind: models.KindGroup, Name: fmt.Sprintf("Group %02d", i)}); err != nil {
				return err
			}
		}
		return nil
	})
	manager := site.As(site.Person("Mona", models.RoleManager))
	first := manager.Get("/groups").See("Group 00", "Group 49").NotSee("Group 50")
	_, rest, _ := strings.Cut(first.Text, "/groups?after=")
	key, _, _ := strings.Cut(rest, `"`)
	manager.Get("/groups?after=" + key).See("Group 50").NotSee("Group 49")
	manager.Get("/groups?after=nonsense").Status(http.StatusUnprocessableEntity)
}

func TestProgramsLookAfterGroups(t *testing.T) {
	site := apptest.Start(t)
	mona, alice := site.Person("Mona", models.RoleManager), site.Person("Alice", models.RoleEmployee)
	call := func(user *models.User, method, path, body string) *apptest.Answer {
		var secret string
		site.Tx(nil, func(tx *models.Tx) (err error) {
			secret, err = tx.CreateToken(&models.Token{UserID: user.ID, Name: "x", Scope: models.ScopeManage}, models.TokenDays)
			return err
		})
		return site.Visitor().Do(method, "/api/v1"+path, strings.NewReader(body), http.Header{"Authorization": {"Bearer " + secret}, "Content-Type": {"application/json"}})
	}
	call(mona, "POST", "/groups", `{"name":"Energy"}`).Status(http.StatusCreated).See(`"handmade":true`)
	call(mona, "POST", "/groups", `{"name":"energy"}`).Status(http.StatusUnprocessableEntity)
	call(mona, "PUT", "/groups/1/members/"+alice.Email, "").Status(http.StatusOK).See("Alice")
	call(mona, "PUT", "/groups/1/members/nobody@example.test", "").Status(http.StatusUnprocessableEntity)
	call(mona, "GET", "/groups", "").Status(http.StatusOK).See(`"members":1`, `"next":null`)
	call(mona, "GET", "/groups/1/members?limit=1", "").Status(http.StatusOK).See("alice@example.test", `"next":null`)
	call(mona, "GET", "/groups/9/members", "").Status(http.StatusNotFound)
	call(mona, "GET", "/groups?cursor=x", "").Status(http.StatusUnprocessableEntity)
	site.Space("lab", models.Company, map[*models.User]models.SpaceRole{alice: models.SpaceManager})
	call(alice, "PUT", "/spaces/lab/groups/1", `{"role":"expert"}`).Status(http.StatusOK).See("Energy")
	call(alice, "PUT", "/spaces/lab/groups/1", `{"role":"manager"}`).Status(http.StatusUnprocessableEntity)
	call(alice, "PUT", "/spaces/lab/groups/9", `{"role":"expert"}`).Status(http.StatusUnprocessableEntity)
	call(alice, "GET", "/spaces/lab/groups", "").Status(http.StatusOK).See("Energy", "expert")
	call(alice, "DELETE", "/spaces/lab/groups/1", "").Status(http.StatusNoContent)
	call(alice, "GET", "/spaces/lab/groups", "").NotSee("Energy")
	call(alice, "GET", "/groups", "").Status(http.StatusForbidden)
	call(mona, "DELETE", "/groups/1/members/"+alice.Email, "").Status(http.StatusNoContent)
	call(mona, "DELETE", "/groups/1/members/"+alice.Email, "").Status(http.StatusNotFound)
	call(mona, "GET", "/groups/1/members", "").NotSee("Alice")
}

func TestAGroupIsOpenedAndTheLimitsOfMentionsAreSet(t *testing.T) {
	site := apptest.Start(t)
	mona, alice := site.As(site.Person("Mona", models.RoleManager)), site.As(site.Person("Alice", models.RoleEmployee))
	group := made(t, mona.Post("/groups", apptest.Form{"name": "Maintenance"}))
	opened := func() bool {
		found, err := site.DB.GroupNamed(t.Context(), models.KindGroup, "maintenance")
		if err != nil {
			t.Fatal(err)
		}
		return found.Open
	}
	mona.Get(group).See("Who may name it in a text", "Everybody of the company may name it")
	mona.Post(group+"/naming", apptest.Form{"open": "1"}).Status(http.StatusSeeOther)
	alice.Post(group+"/naming", apptest.Form{}).Status(http.StatusForbidden)
	if !opened() {
		t.Error("the group is not open")
	}
	mona.Post(group+"/naming", apptest.Form{}).Status(http.StatusSeeOther)
	if opened() {
		t.Error("the group stays open")
	}
	mona.Get("/groups").See("How many people a text may call", `value="20"`, `value="100"`)
	mona.Post("/groups/limits", apptest.Form{"employees": "7", "leaders": "500"}).Status(http.StatusSeeOther)
	mona.Get("/groups").See(`value="7"`, `value="500"`)
	for _, wrong := range []string{"-1", "5001", "", "ten", "99999999999999999999"} {
		mona.Post("/groups/limits", apptest.Form{"employees": wrong, "leaders": "8"}).Status(http.StatusUnprocessableEntity).See("Give a number from 0 to 5,000.", `value="8"`)
	}
	alice.Post("/groups/limits", apptest.Form{"employees": "5000", "leaders": "5000"}).Status(http.StatusForbidden)
	mona.Get("/groups").See(`value="7"`, `value="500"`)
}
