package spaces_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

func TestTheLastManagerStays(t *testing.T) {
	site := apptest.Start(t)
	mona, alice := site.Person("Mona", models.RoleEmployee), site.Person("Alice", models.RoleEmployee)
	council := site.Space("council", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceManager, alice: models.SpaceMember})
	manager := site.As(mona)
	manager.Post("/spaces/council/membership/removal", nil).Status(http.StatusUnprocessableEntity).See("always keeps one manager")
	// A manager whose account has ended is no manager.
	left := site.Person("Left", models.RoleEmployee)
	site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.SetMember(council, left, models.SpaceManager); err != nil {
			return err
		}
		return tx.Disable(left.ID)
	})
	manager.Post("/spaces/council/membership/removal", nil).Status(http.StatusUnprocessableEntity)
	for what, change := range map[string]func(*models.Tx) error{
		"sent outside":    becomes(mona, models.RoleExternal),
		"made an auditor": becomes(mona, models.RoleAuditor),
		"suspended":       func(tx *models.Tx) error { return tx.Suspend(mona.ID) },
	} {
		if err := site.DB.Tx(t.Context(), nil, change); !invalid(err, "role", "users.last_manager") {
			t.Errorf("the last manager is %s: %v", what, err)
		}
	}
	manager.Get("/spaces/council/members").Status(http.StatusOK)
}

// becomes gives a person another role.
func becomes(user *models.User, role models.Role) func(*models.Tx) error {
	return func(tx *models.Tx) error {
		_, err := tx.ChangeRole(&models.User{ID: user.ID, Role: user.Role}, role)
		return err
	}
}

// invalid tells whether an error is the given problem of a form.
func invalid(err error, field, key string) bool {
	var problems models.Invalid
	return errors.As(err, &problems) && problems[field] == key
}

func TestOfTwoManagersWhoLeaveAtOnceOneStays(t *testing.T) {
	site := apptest.Start(t)
	for round := range 5 {
		mona, alice := site.Person(fmt.Sprintf("Mona %d", round), models.RoleEmployee), site.Person(fmt.Sprintf("Alice %d", round), models.RoleEmployee)
		slug := fmt.Sprintf("council-%d", round)
		space := site.Space(slug, models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceManager, alice: models.SpaceManager})
		statuses := atOnce(site.As(mona), site.As(alice), "/spaces/"+slug+"/membership/removal")
		if statuses[http.StatusSeeOther] != 1 || statuses[http.StatusUnprocessableEntity] != 1 {
			t.Errorf("they are answered %v", statuses)
		}
		owner := site.Person(fmt.Sprintf("Oona %d", round), models.RoleOwner)
		if list, err := site.DB.UnmanagedSpaces(t.Context(), site.Actor(owner), 0, 100); err != nil || len(list) != 0 {
			t.Errorf("nobody runs %v (%v), among them %d", list, err, space.ID)
		}
	}
}

// atOnce has two people post to the same address at the same time and counts the answers by status.
func atOnce(one, other *apptest.Client, path string) map[int]int {
	var group sync.WaitGroup
	answers := make(chan int, 2)
	for _, client := range []*apptest.Client{one, other} {
		group.Go(func() { answers <- client.Post(path, nil).StatusCode })
	}
	group.Wait()
	close(answers)
	statuses := map[int]int{}
	for status := range answers {
		statuses[status]++
	}
	return statuses
}

func TestTheHouseKeepsAnOwner(t *testing.T) {
	site := apptest.Start(t)
	owner := site.Person("Oona", models.RoleOwner)
	for what, change := range map[string]func(*models.Tx) error{
		"steps down":   becomes(owner, models.RoleManager),
		"is suspended": func(tx *models.Tx) error { return tx.Suspend(owner.ID) },
	} {
		if err := site.DB.Tx(t.Context(), site.Actor(owner), change); !invalid(err, "role", "users.last_owner") {
			t.Errorf("the last owner %s: %v", what, err)
		}
	}
	for round := range 5 {
		second := site.Person(fmt.Sprintf("Olaf %d", round), models.RoleOwner)
		var group sync.WaitGroup
		refused := make(chan error, 2)
		for _, user := range []*models.User{owner, second} {
			group.Go(func() {
				refused <- site.DB.Tx(t.Context(), nil, becomes(user, models.RoleEmployee))
			})
		}
		group.Wait()
		if one, other := <-refused, <-refused; (one == nil) == (other == nil) || one != nil && !invalid(one, "role", "users.last_owner") || other != nil && !invalid(other, "role", "users.last_owner") {
			t.Errorf("two owners who step down at once are answered %v and %v", one, other)
		}
		if site.Actor(owner).Role != models.RoleOwner {
			owner = second
		}
	}
}

func TestAManagerHandsTheirSpaceOver(t *testing.T) {
	site := apptest.Start(t)
	mona, alice, bob := site.Person("Mona", models.RoleEmployee), site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee)
	site.Space("council", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceManager, alice: models.SpaceReader})
	manager := site.As(mona)
	manager.Get("/spaces/council/members").Status(http.StatusOK).See(councillor(alice) + "/succession")
	manager.Get(councillor(alice) + "/succession").Status(http.StatusOK).See("Hand over to Alice?")
	manager.Get(councillor(bob) + "/succession").Status(http.StatusNotFound)
	manager.Post(councillor(bob)+"/succession", nil).Status(http.StatusNotFound)
	manager.Post(councillor(mona)+"/succession", nil).Status(http.StatusForbidden)
	manager.Post(councillor(alice)+"/succession", nil).Status(http.StatusSeeOther)
	manager.Get("/spaces/council/settings").Status(http.StatusForbidden)
	manager.Get("/spaces/council").Status(http.StatusOK).See("Member")
	heir := site.As(alice)
	heir.Get("/notifications").Status(http.StatusOK).See("Mona has made you manager of “council”")
	heir.Get("/spaces/council/settings").Status(http.StatusOK)
}

func TestASpaceThatLosesItsLastManagerIsTakenOverLoudly(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	wanda, alice, bob := site.Person("Wanda", models.RoleEmployee), site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee)
	mona, gaston, otto := site.Person("Mona", models.RoleManager), site.Person("Gaston", models.RoleExternal), site.Person("Otto", models.RoleAuditor)
	council := site.Space("works-council", models.Restricted, map[*models.User]models.SpaceRole{wanda: models.SpaceManager, alice: models.SpaceMember})
	site.As(wanda).Post("/ideas", apptest.Form{"space": "works-council", "title": "Strike on Monday", "body": "Quietly."}).Status(http.StatusSeeOther)
	community := site.As(mona)
	community.Get("/spaces/unmanaged").Status(http.StatusOK).See("Every space has its manager")

	// The directory closes the account of the last manager: nobody is asked, those who look after the community are told.
	site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.Disable(wanda.ID); err != nil {
			return err
		}
		return tx.Record(models.UserEdited, wanda, nil)
	})
	site.Settle()
	community.Get("/notifications").Status(http.StatusOK).See("A restricted space has nobody to run it any more").NotSee("works-council")
	list := community.Get("/spaces/unmanaged").Status(http.StatusOK).See("A restricted space (no. ", "Wanda").NotSee("works-council", "Alice", "Strike")
	list.See(fmt.Sprintf(`action="/spaces/unmanaged/%d"`, council.ID))
	site.As(alice).Get("/spaces/unmanaged").Status(http.StatusForbidden)
	address := fmt.Sprintf("/spaces/unmanaged/%d", council.ID)
	site.As(alice).Post(address, apptest.Form{"email": alice.Email}).Status(http.StatusForbidden)
	for _, wrong := range []*models.User{gaston, otto, wanda} {
		community.Post(address, apptest.Form{"email": wrong.Email}).Status(http.StatusUnprocessableEntity).See(wrong.Email).NotSee("works-council")
	}

	community.Post(address, apptest.Form{"email": bob.Email}).Status(http.StatusSeeOther)
	community.Get("/spaces/works-council").Status(http.StatusNotFound)
	community.Get("/search?q=strike").Status(http.StatusOK).NotSee("Monday")
	community.Post(address, apptest.Form{"email": mona.Email}).Status(http.StatusNotFound)
	site.As(alice).Get("/notifications").Status(http.StatusOK).See("Mona has named a new manager for “works-council”")
	site.As(bob).Get("/notifications").Status(http.StatusOK).See("Mona has made you manager of “works-council”")
	site.As(bob).Get("/spaces/works-council/settings").Status(http.StatusOK)
	site.As(site.Person("Oona", models.RoleOwner)).Get("/audit").Status(http.StatusOK).See("named a manager for a space that had none", "found a space without a manager").NotSee("works-council")
}

func TestAManagersAccessThatEndsByItselfIsNoticed(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	end := now.Add(time.Hour)
	nina := &models.User{Name: "Nina", Role: models.RoleEmployee, ExpiresAt: &end}
	site.Tx(nil, func(tx *models.Tx) error { return tx.CreateUser(nina) })
	site.Space("plant", models.Company, map[*models.User]models.SpaceRole{nina: models.SpaceManager})
	mona := site.Person("Mona", models.RoleManager)
	plan(t, site)
	community := site.As(mona)
	community.Get("/notifications").Status(http.StatusOK).NotSee("plant")
	now = now.Add(2 * time.Hour)
	site.Settle()
	community.Get("/notifications").Status(http.StatusOK).See("“plant” has nobody to run it any more")
	plan(t, site)
	community.Get("/notifications/count").See(`{"unread":"1"}`)
	site.Tx(nil, func(tx *models.Tx) error {
		space, err := tx.SpaceBySlug(t.Context(), site.Actor(mona), "plant")
		if err != nil {
			return err
		}
		return tx.SetMember(space, mona, models.SpaceManager)
	})
	community.Get("/spaces/unmanaged").Status(http.StatusOK).See("Every space has its manager")
}

func TestASpaceStaysOpenToItsOnlyManagerFromOutside(t *testing.T) {
	site := apptest.Start(t)
	gaston := site.Person("Gaston", models.RoleExternal)
	site.Space("club", models.External, map[*models.User]models.SpaceRole{gaston: models.SpaceManager})
	site.As(gaston).Post("/spaces/club", apptest.Form{"title": "Club", "visibility": "company"}).Status(http.StatusUnprocessableEntity).See("its managers come from outside")
	site.As(gaston).Get("/spaces/club").Status(http.StatusOK)
}
