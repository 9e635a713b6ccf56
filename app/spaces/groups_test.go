package spaces_test

import (
	"fmt"
	"net/http"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestAManagerGivesAGroupARoleInTheirSpace(t *testing.T) {
	site := apptest.Start(t)
	lead, alice, works := site.Person("Lead", models.RoleEmployee), site.Person("Alice", models.RoleEmployee), site.Person("Wanda", models.RoleEmployee)
	guest := site.Person("Gaston", models.RoleExternal)
	energy, unit := &models.Group{Kind: models.KindGroup, Name: "Energy"}, &models.Group{}
	site.Tx(nil, func(tx *models.Tx) (err error) {
		if err = tx.CreateGroup(energy); err != nil {
			return err
		}
		if err = tx.JoinGroup(energy.ID, alice.ID); err != nil {
			return err
		}
		if err = tx.SetDepartment(works.ID, "Works"); err != nil {
			return err
		}
		unit, err = tx.GroupNamed(t.Context(), models.KindUnit, "Works")
		return err
	})
	site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{lead: models.SpaceManager})
	site.Space("club", models.External, map[*models.User]models.SpaceRole{guest: models.SpaceManager, alice: models.SpaceMember})
	manager, member := site.As(lead), site.As(alice)
	member.Get("/spaces/board/groups").Status(http.StatusNotFound)
	manager.Get("/spaces/board").Status(http.StatusOK).See(`href="/spaces/board/groups"`)
	manager.Get("/spaces/board/groups").Status(http.StatusOK).See("No group has a role here", "Energy", "Works (unit)").NotSee(`href="/groups/`)
	manager.Post("/spaces/board/groups", apptest.Form{"group": fmt.Sprint(energy.ID), "role": "member"}).Status(http.StatusSeeOther)
	manager.Post("/spaces/board/groups", apptest.Form{"group": fmt.Sprint(unit.ID), "role": "reader"}).Status(http.StatusSeeOther)
	member.Get("/spaces/board").Status(http.StatusOK)
	site.As(works).Get("/spaces/board").Status(http.StatusOK)
	member.Get("/spaces/board/groups").Status(http.StatusForbidden).NotSee("Energy")
	member.Post("/spaces/board/groups", apptest.Form{"group": fmt.Sprint(energy.ID), "role": "moderator"}).Status(http.StatusForbidden)
	for _, form := range []apptest.Form{{"group": "999", "role": "member"}, {"group": "x", "role": "member"}, {"group": fmt.Sprint(energy.ID), "role": "manager"}, {"group": fmt.Sprint(energy.ID), "role": "king"}} {
		manager.Post("/spaces/board/groups", form).Status(http.StatusUnprocessableEntity)
	}
	// An external may run a space, and knows of no groups.
	outsider := site.As(guest)
	outsider.Get("/spaces/club").Status(http.StatusOK).See("Run this space").NotSee("/spaces/club/groups")
	outsider.Get("/spaces/club/groups").Status(http.StatusForbidden).NotSee("Energy")
	outsider.Post("/spaces/club/groups", apptest.Form{"group": fmt.Sprint(energy.ID), "role": "member"}).Status(http.StatusForbidden)

	manager.Post("/spaces/board/groups/removal", apptest.Form{"group": fmt.Sprint(energy.ID)}).Status(http.StatusSeeOther)
	member.Get("/spaces/board").Status(http.StatusNotFound)
	manager.Post("/spaces/board/groups/removal", apptest.Form{"group": fmt.Sprint(energy.ID)}).Status(http.StatusNotFound)
	site.As(site.Person("Oona", models.RoleOwner)).Get("/audit").See("gave a group a role in a space", "took a group’s role in a space away")
}
