package viewing_test

import (
	"net/http"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestOneSeesTheHouseAsSomebodyElseAndChangesNothing(t *testing.T) {
	site := apptest.Start(t)
	owner, alice, gaston := site.Person("Oona", models.RoleOwner), site.Person("Alice", models.RoleEmployee), site.Person("Gaston", models.RoleExternal)
	site.Space("plant", models.Company, nil)
	site.Space("agora", models.Public, nil)
	site.Space("club", models.External, map[*models.User]models.SpaceRole{gaston: models.SpaceManager})
	site.Space("council", models.Restricted, map[*models.User]models.SpaceRole{alice: models.SpaceManager})
	for _, slug := range []string{"plant", "club"} {
		site.As(owner).Post("/ideas", apptest.Form{"space": slug, "title": "Lamps for the " + slug, "body": "Bright."}).Status(http.StatusSeeOther)
	}
	site.Settle()
	client := site.As(owner)
	client.Get("/").Status(http.StatusOK).See(`href="/view"`)
	client.Post("/view", apptest.Form{"role": "external", "space": "club", "place": "reader"}).Status(http.StatusSeeOther)

	client.Get("/spaces").Status(http.StatusOK).See("You see Ruche as: External, Reader in “club”.", `href="/spaces/club"`, `href="/spaces/agora"`).
		NotSee(`href="/spaces/plant"`, `href="/spaces/council"`, "Oona", `href="/audit"`)
	client.Get("/spaces/plant").Status(http.StatusNotFound)
	client.Get("/audit").Status(http.StatusForbidden)
	client.Get("/search?q=lamps").Status(http.StatusOK).See("club").NotSee("plant")
	for _, path := range []string{"/ideas", "/ideas/1/supports", "/spaces/club/membership/removal", "/preferences", "/account", "/view", "/notifications/read"} {
		client.Post(path, apptest.Form{"role": "visitor"}).Status(http.StatusForbidden).See("You are only looking", "/view/end")
	}
	// Programs are not concerned.
	site.As(owner).Get("/spaces/plant").Status(http.StatusOK)

	client.Post("/view/end", nil).Status(http.StatusSeeOther)
	client.Get("/spaces/plant").Status(http.StatusOK).NotSee("You see Ruche as")
	client.Get("/audit").Status(http.StatusOK).See("began to view Ruche as somebody else", "ended the view as somebody else")

	client.Post("/view", apptest.Form{"role": "visitor"}).Status(http.StatusSeeOther)
	client.Get("/spaces").Status(http.StatusOK).See("Visitor without an account", `href="/sign-in"`).NotSee(`href="/spaces/plant"`, `href="/spaces/club"`)
	client.Post("/ideas", nil).Status(http.StatusForbidden).See("You are only looking")
	client.Post("/sign-out", nil).Status(http.StatusSeeOther)
}

func TestNobodySeesMoreAsSomebodyElse(t *testing.T) {
	site := apptest.Start(t)
	mona, alice, gaston, wanda := site.Person("Mona", models.RoleManager), site.Person("Alice", models.RoleEmployee), site.Person("Gaston", models.RoleExternal), site.Person("Wanda", models.RoleEmployee)
	site.Space("plant", models.Company, map[*models.User]models.SpaceRole{alice: models.SpaceManager})
	site.Space("club", models.External, map[*models.User]models.SpaceRole{gaston: models.SpaceManager})
	council := site.Space("council", models.Restricted, map[*models.User]models.SpaceRole{wanda: models.SpaceManager, mona: models.SpaceMember})
	impossible := func(who *models.User, form apptest.Form) {
		t.Helper()
		site.As(who).Post("/view", form).Status(http.StatusUnprocessableEntity)
	}
	impossible(mona, apptest.Form{"role": "owner"})
	impossible(mona, apptest.Form{"role": "auditor"})
	impossible(mona, apptest.Form{"role": "external", "space": "council", "place": "member"})
	impossible(alice, apptest.Form{"role": "moderator"})
	impossible(alice, apptest.Form{"role": "employee", "space": "council", "place": "member"})
	impossible(alice, apptest.Form{"role": "employee", "space": "club", "place": "member"})
	impossible(gaston, apptest.Form{"role": "employee"})
	impossible(gaston, apptest.Form{"role": "employee", "space": "club", "place": "member"})
	site.As(site.Person("Bob", models.RoleEmployee)).Post("/view", apptest.Form{"role": "visitor"}).Status(http.StatusForbidden)

	// A member sees the council as its manager would, and can no more than before; out of it, the view has gone with them.
	client := site.As(mona)
	client.Post("/view", apptest.Form{"role": "employee", "space": "council", "place": "manager"}).Status(http.StatusSeeOther)
	client.Get("/spaces/council").Status(http.StatusOK)
	client.Get("/spaces/council/settings").Status(http.StatusForbidden)
	client.Get("/spaces/council/requests").Status(http.StatusForbidden)
	site.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(council, mona.ID) })
	client.Get("/spaces/council").Status(http.StatusNotFound)
	client.Get("/spaces/plant").Status(http.StatusOK).NotSee("You see Ruche as")

	// Whoever runs a space looks as its readers do, and loses that with the space.
	lead := site.As(alice)
	lead.Get("/view?space=plant").Status(http.StatusOK).NotSee("council", "club", "Owner")
	lead.Post("/view", apptest.Form{"role": "employee", "space": "plant", "place": "reader"}).Status(http.StatusSeeOther)
	lead.Get("/spaces/plant").Status(http.StatusOK).See("Employee, Reader in “plant”").NotSee("Propose an idea", "Space settings")
	lead.Get("/").Status(http.StatusOK).NotSee("Alice")
}
