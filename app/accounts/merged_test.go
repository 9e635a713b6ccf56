package accounts_test

import (
	"fmt"
	"net/http"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// TestAPasskeyOpensTheAccountThatItsOwnHasGoneInto merges two accounts and parts them again: the device goes on naming the account
// that its key was made for.
func TestAPasskeyOpensTheAccountThatItsOwnHasGoneInto(t *testing.T) {
	site := apptest.Start(t, named)
	boss := site.As(site.Person("Mathilde", models.RoleManager))
	mona, second, other := site.Person("Mona", models.RoleEmployee), site.Person("Mona again", models.RoleEmployee), site.Person("Olaf", models.RoleEmployee)
	d, foreign := newDevice(t, site), newDevice(t, site)
	d.add(site.As(second), "Phone").Status(http.StatusSeeOther)
	foreign.add(site.As(other), "Phone").Status(http.StatusSeeOther)
	boss.Post(fmt.Sprintf("/members/%d/merge/%d", mona.ID, second.ID), apptest.Form{"sure": "1"}).Status(http.StatusSeeOther)
	visitor := site.Visitor()
	d.enter(visitor).Status(http.StatusSeeOther)
	visitor.Get("/account").Status(http.StatusOK).See("mona@example.test").NotSee("mona-again@")
	honest := d.handle
	d.handle = foreign.handle
	d.enter(site.Visitor()).Status(http.StatusForbidden)
	d.handle = honest
	boss.Post(fmt.Sprintf("/members/%d/merges/1/undo", mona.ID), nil).Status(http.StatusSeeOther)
	visitor = site.Visitor()
	d.enter(visitor).Status(http.StatusSeeOther)
	visitor.Get("/account").Status(http.StatusOK).See("mona-again@example.test")
}
