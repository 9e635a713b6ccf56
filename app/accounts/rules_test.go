package accounts_test

import (
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestARuleTurnsAGroupOfTheDirectoryIntoASpaceAndBack(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withFile(t, p.described("north", map[string]any{"claims": map[string]any{"groups": "realm_access.roles"}})))
	olga := site.Person("Olga", models.RoleOwner)
	board := site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{olga: models.SpaceManager})
	owner := site.As(olga)
	owner.Post("/sign-in-rules", apptest.Form{"issuer": p.URL, "claim": "realm_access.roles", "value": "board", "role": "moderator", "space": "1", "space_role": "reader"}).Status(http.StatusSeeOther)
	roles := func(names ...any) map[string]any {
		return map[string]any{"email": "mona@north.test", "realm_access": map[string]any{"roles": names}}
	}
	for _, step := range []struct {
		claims map[string]any
		status int
		role   models.Role
	}{{roles("staff"), http.StatusNotFound, models.RoleEmployee}, {roles("staff", "board"), http.StatusOK, models.RoleModerator}, {roles(), http.StatusNotFound, models.RoleEmployee}} {
		client := site.Visitor()
		p.enter(client, step.claims).Status(http.StatusSeeOther)
		client.Get("/spaces/board").Status(step.status)
		if user, err := site.DB.UserByIdentity(t.Context(), p.URL, "u1"); err != nil || user.Role != step.role {
			t.Errorf("%v: %s, %v", step.claims, user.Role, err)
		}
	}
	owner.Get("/audit?verb=user.ruled").Status(http.StatusOK).See("got or lost roles by the sign-in rules").NotSee("realm_access", "mona@north.test")
	if space, err := site.DB.SpaceByID(t.Context(), site.Actor(olga), board.ID); err != nil || space.Slug != "board" {
		t.Errorf("%v, %v", space, err)
	}
}

func TestGroupsThatTheProviderWithholdsTakeNothing(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	site.Tx(nil, func(tx *models.Tx) error {
		return tx.CreateSignInRule(&models.SignInRule{Claim: "groups", Value: "hr", Role: models.RoleHR})
	})
	role := func() models.Role {
		user, err := site.DB.UserByIdentity(t.Context(), p.URL, "u1")
		if err != nil {
			t.Fatal(err)
		}
		return user.Role
	}
	p.enter(site.Visitor(), map[string]any{"groups": []string{"hr"}}).Status(http.StatusSeeOther)
	p.enter(site.Visitor(), map[string]any{"_claim_names": map[string]any{"groups": "src1"}, "_claim_sources": map[string]any{"src1": map[string]any{"endpoint": "https://graph.test"}}}).Status(http.StatusSeeOther)
	if role() != models.RoleHR {
		t.Errorf("with too many groups to tell she is %s", role())
	}
	p.enter(site.Visitor(), nil).Status(http.StatusSeeOther)
	if role() != models.RoleEmployee {
		t.Errorf("in no group she is %s", role())
	}
}

func TestTheDirectorySaysWhereSomebodyWorksAndForWhom(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withFile(t, p.described("north", map[string]any{"claims": map[string]any{"department": "ou", "manager": "boss", "job": "jobTitle", "language": "lang"}})))
	nadia := site.Person("Nadia", models.RoleEmployee)
	p.enter(site.Visitor(), map[string]any{"sub": "chief", "email": "chief@north.test", "ou": "Direction", "boss": "nadia@example.test"}).Status(http.StatusSeeOther)
	said := map[string]any{"sub": "mona", "email": "mona@north.test", "ou": "Ventes", "job_family": "Achats", "site": "Lyon", "jobTitle": "Acheteuse", "lang": "fr-FR", "boss": "chief"}
	p.enter(site.Visitor(), said).Status(http.StatusSeeOther)
	person := func(subject string) *models.User {
		user, err := site.DB.UserByIdentity(t.Context(), p.URL, subject)
		if err != nil {
			t.Fatal(err)
		}
		return user
	}
	chief, mona := person("chief"), person("mona")
	if mona.Department != "Ventes" || mona.JobFamily != "Achats" || mona.Site != "Lyon" || mona.Job != "Acheteuse" || mona.Locale != "fr" || mona.ManagerID == nil || *mona.ManagerID != chief.ID || chief.ManagerID == nil || *chief.ManagerID != nadia.ID {
		t.Errorf("Mona is %+v", mona)
	}
	unit, err := site.DB.GroupNamed(t.Context(), models.KindUnit, "Ventes")
	if err != nil {
		t.Fatal(err)
	}
	space := site.Space("sales", models.Restricted, nil)
	site.Tx(nil, func(tx *models.Tx) error { return tx.SetSpaceGroup(space, unit, models.SpaceMember) })
	if site.Actor(mona).Access(space.ID) == nil || site.Actor(chief).Access(space.ID) != nil {
		t.Error("who is in the unit sees its space, and nobody else")
	}
	// The next time the directory knows better. Nobody is their own manager, and a stranger is nobody's.
	said["ou"], said["boss"], said["lang"] = "Achats", "mona", "en"
	p.enter(site.Visitor(), said).Status(http.StatusSeeOther)
	if mona = person("mona"); mona.Department != "Achats" || mona.ManagerID != nil || mona.Locale != "fr" || site.Actor(mona).Access(space.ID) != nil {
		t.Errorf("Mona is %+v", mona)
	}
}

func TestClaimsAreAskedForAtTheProfileWhereTheTokenLacksThem(t *testing.T) {
	p := fakeProvider(t)
	p.more = map[string]any{"sub": "u1", "groups": []string{strings.Repeat("x", 10), "board"}, "email": "other@north.test", "email_verified": true}
	site := apptest.Start(t, withFile(t, p.described("north", map[string]any{"claims": map[string]any{"groups": "groups"}})))
	site.Tx(nil, func(tx *models.Tx) error {
		return tx.CreateSignInRule(&models.SignInRule{Claim: "groups", Value: "board", Role: models.RoleHR})
	})
	p.enter(site.Visitor(), map[string]any{"email": "mona@north.test", "email_verified": false}).Status(http.StatusSeeOther)
	user, err := site.DB.UserByIdentity(t.Context(), p.URL, "u1")
	if err != nil || user.Role != models.RoleHR || user.Email != "" {
		t.Errorf("%+v, %v: an address is verified only by whoever says it", user, err)
	}
}
