package spaces_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestThoseWhoRunASpaceSeeWhyEachIsInIt(t *testing.T) {
	site := apptest.Start(t)
	lead, alice, bob, guest := site.Person("Lead", models.RoleEmployee), site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee), site.Person("Gaston", models.RoleExternal)
	energy := &models.Group{Kind: models.KindGroup, Name: "Energy"}
	club := site.Space("club", models.External, map[*models.User]models.SpaceRole{lead: models.SpaceManager, guest: models.SpaceManager, bob: models.SpaceReader})
	site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateGroup(energy); err != nil {
			return err
		}
		if err := tx.JoinGroup(energy.ID, alice.ID, bob.ID); err != nil {
			return err
		}
		return tx.SetSpaceGroup(club, energy, models.SpaceExpert)
	})
	group := fmt.Sprintf(`href="/groups/%d"`, energy.ID)
	list := site.As(lead).Get("/spaces/club/members").Status(http.StatusOK).See("4 members", "Named, or joined", "Group Energy").NotSee(group)
	if row := rowOf(list.Text, "Bob"); !strings.Contains(row, "Named, or joined") || !strings.Contains(row, "Reader") || !strings.Contains(row, "Expert") {
		t.Errorf("Bob is said to be here for\n%s", row)
	}
	if row := rowOf(list.Text, "Alice"); strings.Contains(row, "Named") || strings.Contains(row, "/removal") {
		t.Errorf("Alice, whom a group brings, is said to be here for\n%s", row)
	}
	// The group's page is for those who look after people.
	site.As(site.Person("Mona", models.RoleManager)).Get("/spaces/club/members").Status(http.StatusOK).See(group)
	// Who comes from outside knows of no groups, and who does not run the space is not told why others are in it.
	site.As(guest).Get("/spaces/club/members").Status(http.StatusOK).See("A group").NotSee("Energy", group)
	member := site.As(bob)
	member.Get("/spaces/club/members?way=group").Status(http.StatusOK).See("4 members", "Lead").NotSee("Energy", "Named", `name="way"`)

	manager := site.As(lead)
	manager.Get("/spaces/club/members?way=group").Status(http.StatusOK).See("2 members", "Alice", "Bob").NotSee("Gaston</a>")
	manager.Get("/spaces/club/members?way=named&name=bob").Status(http.StatusOK).See("1 member", "Bob").NotSee("Alice")
	manager.Get("/spaces/club/members?way=rule").Status(http.StatusOK).See("Nobody here fits this")
	manager.Get("/spaces/club/members?way=" + url.QueryEscape("%")).Status(http.StatusOK).See("Nobody here fits this")
}

// rowOf is the row of the list of members with a name in it.
func rowOf(page, name string) string {
	for _, row := range strings.Split(page, "<tr>") {
		if strings.Contains(row, ">"+name+"</a>") {
			return row
		}
	}
	return ""
}

func TestSomeoneWhomAGroupKeepsInASpaceIsNotSaidToBeGone(t *testing.T) {
	site := apptest.Start(t)
	lead, bob := site.Person("Lead", models.RoleEmployee), site.Person("Bob", models.RoleEmployee)
	energy := &models.Group{Kind: models.KindGroup, Name: "Energy"}
	board := site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{lead: models.SpaceManager, bob: models.SpaceModerator})
	site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateGroup(energy); err != nil {
			return err
		}
		if err := tx.JoinGroup(energy.ID, bob.ID); err != nil {
			return err
		}
		return tx.SetSpaceGroup(board, energy, models.SpaceMember)
	})
	manager, one := site.As(lead), fmt.Sprintf("/spaces/board/members/%d", bob.ID)
	manager.Post(one, apptest.Form{"role": "reader"}).Status(http.StatusSeeOther)
	manager.Get("/spaces/board/members").See("keeps Bob here as: Member")
	manager.Post(one, apptest.Form{"role": "expert"}).Status(http.StatusSeeOther)
	manager.Get("/spaces/board/members").See("Bob: Expert")
	manager.Post(one+"/removal", nil).Status(http.StatusSeeOther)
	manager.Get("/spaces/board/members").See("Bob is no longer here by name, and stays")
	site.As(bob).Get("/spaces/board").Status(http.StatusOK)
}

func TestAListOfMembersCostsTheSameForManyAsForFew(t *testing.T) {
	site := apptest.Start(t)
	lead := site.Person("Lead", models.RoleEmployee)
	crew := &models.Group{Kind: models.KindGroup, Name: "Crew"}
	yard := site.Space("yard", models.Company, map[*models.User]models.SpaceRole{lead: models.SpaceManager})
	site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateGroup(crew); err != nil {
			return err
		}
		return tx.SetSpaceGroup(yard, crew, models.SpaceMember)
	})
	manager := site.As(lead)
	manager.Get("/spaces/yard/members") // what is read once is read now
	cost := func() uint64 {
		before := site.DB.Statements()
		manager.Get("/spaces/yard/members").Status(http.StatusOK)
		return site.DB.Statements() - before
	}
	few := cost()
	site.Tx(nil, func(tx *models.Tx) error {
		for i := range 60 {
			user := &models.User{Name: fmt.Sprintf("Worker %02d", i), Role: models.RoleEmployee}
			if err := tx.CreateUser(user); err != nil {
				return err
			}
			if err := tx.JoinGroup(crew.ID, user.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if many := cost(); many != few {
		t.Errorf("a page of 61 members takes %d statements, of one %d", many, few)
	}
	page := manager.Get("/spaces/yard/members").See("61 members", "Worker 48").NotSee("Worker 49")
	_, rest, _ := strings.Cut(page.Text, `/spaces/yard/members?after=`)
	key, _, _ := strings.Cut(rest, `"`)
	manager.Get("/spaces/yard/members?after="+key).Status(http.StatusOK).See("61 members", "Worker 49", "Worker 59", "Group Crew").NotSee("Worker 48")
}
