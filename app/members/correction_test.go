package members_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestWhoIsInTheWrongDepartmentAsksForAnother(t *testing.T) {
	site := apptest.Start(t)
	boss, mona, karl := site.Person("Mathilde", models.RoleManager), site.Person("Mona", models.RoleEmployee), site.Person("Karl", models.RoleEmployee)
	keeper, client := site.As(boss), site.As(mona)
	site.Tx(nil, func(tx *models.Tx) error { return tx.SetDepartment(mona.ID, "Sales") })
	member := fmt.Sprintf("/members/%d", mona.ID)
	keeper.Get(member).Status(http.StatusOK).NotSee("Asks for a correction")
	keeper.Post(member+"/correction", apptest.Form{"department": "Energy"}).Status(http.StatusNotFound) // nobody has asked
	if got := user(t, site, mona.Email).Department; got != "Sales" {
		t.Errorf("moved to %q unasked", got)
	}
	client.Get("/account").See("Ask for the correction")
	for _, wrong := range []string{"", "  ", strings.Repeat("x", 101), "a\x00b"} {
		client.Post("/account/correction", apptest.Form{"wish": wrong}).Status(http.StatusUnprocessableEntity).See(`id="wish-error"`)
	}
	client.Post("/account/correction", apptest.Form{"wish": "I am in <Energy>"}).Status(http.StatusSeeOther)
	client.Post("/account/correction", apptest.Form{"wish": "I am in <Energy> now"}).Status(http.StatusSeeOther) // in its place
	client.Get("/account").See("you asked: “I am in &lt;Energy&gt; now”")
	notices := keeper.Get("/notifications").See(`href="/members?state=asks"`)
	if n := strings.Count(notices.Text, "Somebody asks to have something corrected"); n != 1 {
		t.Errorf("told %d times", n)
	}
	site.As(karl).Get("/notifications").NotSee("corrected")
	keeper.Get("/members?state=asks").See("Mona").NotSee(">Karl</a>")
	keeper.Get(member).See("I am in &lt;Energy&gt; now")

	site.As(karl).Post(member+"/correction", apptest.Form{"department": "Board"}).Status(http.StatusForbidden)
	client.Post(member+"/correction", apptest.Form{"department": "Board"}).Status(http.StatusForbidden) // nobody answers themselves
	keeper.Post(member+"/correction", apptest.Form{"department": "a\x00b"}).Status(http.StatusUnprocessableEntity).See(`id="department-error"`)
	keeper.Post(member+"/correction", apptest.Form{"department": "Energy"}).Status(http.StatusSeeOther)
	if got := user(t, site, mona.Email).Department; got != "Energy" {
		t.Errorf("Mona is in %q", got)
	}
	keeper.Get(member).NotSee("Asks for a correction", "now”")
	client.Get("/notifications").See("The correction that you asked for is answered")
	client.Get("/account").NotSee("you asked")
	site.As(site.Person("Olga", models.RoleOwner)).Get("/audit").See("answered a request for correction").NotSee("Energy")
}

func TestWhatTheDirectorySaysOfSomebodyIsNotAnsweredHere(t *testing.T) {
	site := apptest.Start(t)
	boss, mona := site.As(site.Person("Mathilde", models.RoleManager)), site.Person("Mona", models.RoleEmployee)
	name := "mona"
	site.Tx(nil, func(tx *models.Tx) error {
		mona.UserName = &name
		return tx.SaveDirectoryUser(mona)
	})
	site.As(mona).Post("/account/correction", apptest.Form{"wish": "Another unit"}).Status(http.StatusSeeOther)
	member := fmt.Sprintf("/members/%d", mona.ID)
	boss.Post(member+"/correction", apptest.Form{"department": "Energy"}).Status(http.StatusUnprocessableEntity).See("directory says this")
	if got := user(t, site, mona.Email).Department; got != "" {
		t.Errorf("moved to %q against the directory", got)
	}
	boss.Post(member+"/correction", nil).Status(http.StatusSeeOther) // seen to in the directory
	boss.Get(member).NotSee("Asks for a correction")
}
