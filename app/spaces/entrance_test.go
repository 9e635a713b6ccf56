package spaces_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// settle sets how people come into a space.
func settle(site *apptest.Site, space *models.Space, joining models.Joining, listed bool) {
	space.Joining, space.Listed = joining, listed
	site.Tx(nil, func(tx *models.Tx) error { return tx.SaveSpace(space) })
}

func TestTheWaysIntoASpaceGoTogether(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	site.Space("council", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	manager := site.As(mona)
	for _, wrong := range []struct{ visibility, joining, listed, says string }{
		{"restricted", "open", "", "A restricted space is never open to all"},
		{"restricted", "request", "", "Nobody can ask to join a space that nobody knows of"},
		{"company", "open", "1", "sees it in the list anyway"},
		{"company", "by magic", "", "Choose how people become members"},
	} {
		form := apptest.Form{"title": "Council", "visibility": wrong.visibility, "joining": wrong.joining}
		if wrong.listed != "" {
			form["listed"] = wrong.listed
		}
		manager.Post("/spaces/council", form).Status(http.StatusUnprocessableEntity).See(wrong.says)
	}
	manager.Post("/spaces/council", apptest.Form{"title": "Council", "visibility": "restricted", "joining": "request", "listed": "1"}).Status(http.StatusSeeOther)
	manager.Get("/spaces/council/settings").Status(http.StatusOK).See(`value="request" checked`, `name="listed" value="1" checked`)
}

func TestAListedSpaceShowsTheCompanyItsNameAndItsManagersAlone(t *testing.T) {
	site := apptest.Start(t)
	mona, wanda := site.Person("Mona", models.RoleEmployee), site.Person("Wanda", models.RoleEmployee)
	alice, gaston, otto := site.Person("Alice", models.RoleEmployee), site.Person("Gaston", models.RoleExternal), site.Person("Otto", models.RoleAuditor)
	council := site.Space("council", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceManager, wanda: models.SpaceMember})
	employee := site.As(alice)
	employee.Get("/spaces").Status(http.StatusOK).NotSee("council")
	employee.Get("/spaces/council").Status(http.StatusNotFound)
	settle(site, council, models.JoinRequest, true)
	site.As(mona).Post("/ideas", apptest.Form{"space": "council", "title": "A secret plan", "body": "Hush."}).Status(http.StatusSeeOther)
	site.Settle()

	employee.Get("/spaces").Status(http.StatusOK).See(`href="/spaces/council"`).NotSee("2 members")
	employee.Get("/spaces/council").Status(http.StatusOK).See("Mona", "Ask to join").NotSee("Wanda", "A secret plan", "/members", "1 member", "2 members")
	for _, path := range []string{"/spaces/council/members", "/spaces/council/requests", "/ideas?space=council"} {
		employee.Get(path).Status(http.StatusNotFound)
	}
	employee.Get("/search?q=council").Status(http.StatusOK).NotSee("secret")
	for _, stranger := range []*apptest.Client{site.Visitor(), site.As(gaston), site.As(otto)} {
		stranger.Get("/spaces").Status(http.StatusOK).NotSee("council")
		stranger.Get("/spaces/council").Status(http.StatusNotFound)
	}
	site.As(gaston).Post("/spaces/council/requests", apptest.Form{"message": "Let me in"}).Status(http.StatusNotFound)
}

var requestForm = regexp.MustCompile(`action="(/spaces/[a-z]+/requests/\d+)"`)

// waiting is the address of the only request that waits for a manager.
func waiting(t *testing.T, manager *apptest.Client, slug string) string {
	t.Helper()
	found := requestForm.FindAllStringSubmatch(manager.Get("/spaces/"+slug+"/requests").Status(http.StatusOK).Text, -1)
	if len(found) != 1 {
		t.Fatalf("%d requests wait, want one", len(found))
	}
	return found[0][1]
}

func TestWhoAsksIsLetInByAManager(t *testing.T) {
	site := apptest.Start(t)
	mona, alice := site.Person("Mona", models.RoleEmployee), site.Person("Alice", models.RoleEmployee)
	council := site.Space("council", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	settle(site, council, models.JoinRequest, true)
	manager, employee := site.As(mona), site.As(alice)

	employee.Post("/spaces/council/requests", apptest.Form{"message": strings.Repeat("a", 501)}).Status(http.StatusUnprocessableEntity).See("up to 500 characters")
	employee.Post("/spaces/council/requests", apptest.Form{"message": "I represent <b>the plant</b>."}).Status(http.StatusSeeOther)
	employee.Post("/spaces/council/requests", apptest.Form{"message": "Once more"}).Status(http.StatusUnprocessableEntity).See("You have asked already")
	employee.Post("/spaces/council/membership", nil).Status(http.StatusForbidden)
	employee.Get("/spaces/council").Status(http.StatusOK).See("Withdraw the request")

	manager.Get("/notifications/count").See(`{"unread":"1"}`)
	manager.Get("/notifications").Status(http.StatusOK).See("Alice asks to join “council”", "I represent &lt;b&gt;the plant&lt;/b&gt;.")
	manager.Get("/spaces/council").Status(http.StatusOK).See("1 person asks to join.")
	address := waiting(t, manager, "council")
	employee.Post(address, apptest.Form{"decision": "approve"}).Status(http.StatusNotFound)
	manager.Post(address, apptest.Form{"decision": "perhaps"}).Status(http.StatusUnprocessableEntity).See("Choose whether")
	manager.Post(address, apptest.Form{"decision": "approve", "answer": "Welcome."}).Status(http.StatusSeeOther)
	manager.Post(address, apptest.Form{"decision": "decline"}).Status(http.StatusConflict)

	employee.Get("/notifications").Status(http.StatusOK).See("You are now a member of “council”", "Welcome.")
	employee.Get("/spaces/council").Status(http.StatusOK).See("Leave this space")
	employee.Get("/notifications/count").See(`{"unread":"0"}`)
	manager.Get("/notifications/count").See(`{"unread":"0"}`)
}

func TestARefusalIsToldWithAWordAndHoldsForAWeek(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	mona, alice := site.Person("Mona", models.RoleEmployee), site.Person("Alice", models.RoleEmployee)
	plant := site.Space("plant", models.Company, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	settle(site, plant, models.JoinRequest, false)
	manager, employee := site.As(mona), site.As(alice)
	employee.Post("/spaces/plant/requests", nil).Status(http.StatusSeeOther)
	manager.Post(waiting(t, manager, "plant"), apptest.Form{"decision": "decline", "answer": "After the summer."}).Status(http.StatusSeeOther)
	employee.Get("/spaces/plant").Status(http.StatusOK).See("Your request was declined", "After the summer.")
	employee.Get("/notifications").See("Your request to join “plant” was declined")
	employee.Post("/spaces/plant/requests", nil).Status(http.StatusUnprocessableEntity).See("less than a week ago")
	manager.Get("/spaces/plant/requests").Status(http.StatusOK).See("The request of Alice is declined")
	now = now.Add(8 * 24 * time.Hour)
	employee.Post("/spaces/plant/requests", nil).Status(http.StatusSeeOther)
	employee.Post("/spaces/plant/requests/withdrawal", nil).Status(http.StatusSeeOther)
	manager.Get("/spaces/plant/requests").Status(http.StatusOK).See("Nobody is waiting").NotSee("Alice")
}

func TestOneAsksForTenSpacesAtMost(t *testing.T) {
	site := apptest.Start(t)
	alice := site.Person("Alice", models.RoleEmployee)
	employee := site.As(alice)
	for i := range 11 {
		space := site.Space(fmt.Sprintf("space-%d", i), models.Company, nil)
		settle(site, space, models.JoinRequest, false)
		answer := employee.Post("/spaces/"+space.Slug+"/requests", nil)
		if i < 10 {
			answer.Status(http.StatusSeeOther)
		} else {
			answer.Status(http.StatusUnprocessableEntity).See("ten open requests")
		}
	}
}

func TestARequestEndsWithThePersonsAccess(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	mona, alice := site.Person("Mona", models.RoleEmployee), site.Person("Alice", models.RoleEmployee)
	end := now.Add(time.Hour)
	bob := &models.User{Name: "Bob", Role: models.RoleEmployee, ExpiresAt: &end}
	site.Tx(nil, func(tx *models.Tx) error { return tx.CreateUser(bob) })
	plant := site.Space("plant", models.Company, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	settle(site, plant, models.JoinRequest, false)
	manager := site.As(mona)
	site.As(alice).Post("/spaces/plant/requests", nil).Status(http.StatusSeeOther)
	address := waiting(t, manager, "plant")
	site.Tx(nil, func(tx *models.Tx) error { return tx.Disable(alice.ID) })
	manager.Get("/spaces/plant/requests").Status(http.StatusOK).NotSee("Alice")
	manager.Get("/notifications/count").See(`{"unread":"0"}`)
	manager.Post(address, apptest.Form{"decision": "approve"}).Status(http.StatusConflict)

	site.As(bob).Post("/spaces/plant/requests", nil).Status(http.StatusSeeOther)
	address = waiting(t, manager, "plant")
	now = now.Add(2 * time.Hour)
	manager.Post(address, apptest.Form{"decision": "approve"}).Status(http.StatusNotFound)
	manager.Get("/spaces/plant/requests").Status(http.StatusOK).NotSee("Bob")
	plan(t, site)
	if request, err := site.DB.OwnRequest(t.Context(), &models.Actor{ID: bob.ID}, plant.ID); err != nil || request.State != models.RequestWithdrawn {
		t.Errorf("Bob’s request is %+v (%v): it would be back if he were", request, err)
	}
}

// plan has the jobs that come round by themselves done now.
func plan(t *testing.T, site *apptest.Site) {
	t.Helper()
	if err := site.Jobs.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	site.Settle()
}

func TestOneJoinsAnOpenSpaceLeavesItAndReturns(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	alice, gaston, otto := site.Person("Alice", models.RoleEmployee), site.Person("Gaston", models.RoleExternal), site.Person("Otto", models.RoleAuditor)
	agora := site.Space("agora", models.Public, nil)
	employee := site.As(alice)
	employee.Get("/spaces/agora").See("Join this space")
	employee.Post("/spaces/agora/membership", nil).Status(http.StatusSeeOther)
	employee.Post("/spaces/agora/membership", nil).Status(http.StatusSeeOther)
	employee.Get("/spaces/agora").See("Leave this space").NotSee("Join this space")
	// Whoever comes from outside asks, and an auditor looks on.
	site.As(gaston).Get("/spaces/agora").See("Ask to join")
	site.As(gaston).Post("/spaces/agora/membership", nil).Status(http.StatusForbidden)
	site.As(otto).Get("/spaces/agora").NotSee("Ask to join", "Join this space")
	site.As(otto).Post("/spaces/agora/membership", nil).Status(http.StatusForbidden)
	site.As(otto).Post("/spaces/agora/requests", nil).Status(http.StatusForbidden)

	site.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(agora, alice, models.SpaceExpert) })
	employee.Post("/spaces/agora/membership/removal", nil).Status(http.StatusSeeOther)
	undo := undoOf(t, employee.Get("/spaces"))
	settle(site, agora, models.JoinInvitation, false)
	employee.Get("/spaces/agora").NotSee("Join this space", "Leave this space")
	employee.Post(undo, nil).Status(http.StatusSeeOther)
	employee.Get("/spaces/agora").See("Expert", "Leave this space")
	employee.Post("/spaces/agora/membership/removal", nil).Status(http.StatusSeeOther)
	now = now.Add(11 * time.Minute)
	employee.Post("/spaces/agora/membership/return", nil).Status(http.StatusNotFound)
	employee.Post("/spaces/agora/membership/removal", nil).Status(http.StatusNotFound)
}

func TestWhoWasRemovedDoesNotReturnByThemselves(t *testing.T) {
	site := apptest.Start(t)
	mona, alice := site.Person("Mona", models.RoleEmployee), site.Person("Alice", models.RoleEmployee)
	site.Space("council", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceManager, alice: models.SpaceMember})
	site.As(mona).Post(councillor(alice)+"/removal", nil).Status(http.StatusSeeOther)
	site.As(alice).Post("/spaces/council/membership/return", nil).Status(http.StatusNotFound)
}

func TestWhoIsInASpaceThroughAGroupCannotLeaveItAlone(t *testing.T) {
	site := apptest.Start(t)
	alice := site.Person("Alice", models.RoleEmployee)
	plant := site.Space("plant", models.Company, nil)
	site.Tx(nil, func(tx *models.Tx) error {
		group := &models.Group{Kind: models.KindGroup, Name: "Energy"}
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		if err := tx.JoinGroup(group.ID, alice.ID); err != nil {
			return err
		}
		return tx.SetSpaceGroup(plant, group, models.SpaceMember)
	})
	site.As(alice).Post("/spaces/plant/membership/removal", nil).Status(http.StatusUnprocessableEntity).See("through a group")
}
