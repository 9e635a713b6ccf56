package ideas_test

import (
	"fmt"
	"net/http"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// works says where people work.
func (h *house) works(department, site string, people ...*models.User) {
	for _, user := range people {
		h.Tx(nil, func(tx *models.Tx) error {
			user.Site = site
			if err := tx.SaveProfile(user); err != nil {
				return err
			}
			return tx.SetDepartment(user.ID, department)
		})
	}
}

// crew are some more people.
func (h *house) crew(n int) (people []*models.User) {
	for i := range n {
		people = append(people, h.Person(fmt.Sprintf("Crew %d", i), models.RoleEmployee))
	}
	return people
}

func TestListsAreNarrowedToADepartmentOfFivePeopleWhoeverHides(t *testing.T) {
	h := promising(t, models.HiddenAuthors)
	paint := append(h.crew(4), h.alice)
	h.works("Paint", "", paint...)
	h.works("Board", "", h.bob)
	alice, mona := h.As(h.alice), h.As(h.mona)
	post(t, alice, idea("ateliers", "Thinner coats"))
	post(t, h.As(h.bob), idea("ateliers", "Shorter meetings"))
	post(t, alice, h.hidden(alice)) // "Weigh the scrap"
	for _, view := range []string{"", "&view=cards", "&view=board"} {
		mona.Get("/ideas?department=Paint"+view).Status(200).See("Thinner coats").NotSee("Shorter meetings", "Weigh the scrap")
	}
	mona.Get("/ideas").See("fewer than five people", "department=Paint").NotSee("department=Board", "department=Hidden")
	mona.Get("/ideas?department=Paint&tag=energy&stage=proposed").See("Thinner coats")
	mona.Get("/ideas?department=Paint&tag=absent").NotSee("Thinner coats")
	mona.Get(fmt.Sprintf("/ideas?department=Paint&campaign=%d", h.campaign.ID)).Status(200).NotSee("Weigh the scrap", "Thinner coats")
	for _, refused := range []string{"Board", "Nowhere", "%00"} { // one answer for all
		mona.Get("/ideas?department=" + refused).Status(422).See("it has fewer than five people").NotSee("Shorter meetings")
	}
	h.works("Paint", "", h.bob)
	mona.Get("/ideas?department=Paint").See("Shorter meetings", "Thinner coats")
	h.works("", "", paint[0], paint[1], h.bob)
	mona.Get("/ideas?department=Paint").Status(422)
}

func TestGuestsAreToldNothingOfDepartments(t *testing.T) {
	h := open(t)
	h.works("Paint", "Lyon", append(h.crew(4), h.alice)...)
	guest := h.Person("Gaston", models.RoleExternal)
	club := h.Space("club", models.Public, map[*models.User]models.SpaceRole{guest: models.SpaceMember})
	post(t, h.As(h.alice), idea(club.Slug, "Thinner coats"))
	for name, client := range map[string]*apptest.Client{"guest": h.As(guest), "visitor": h.Visitor()} {
		client.Get("/ideas").Status(200).See("Thinner coats").NotSee("department=", "near=1")
		client.Get("/ideas?department=Paint").Status(422)
		if got := client.Get("/ideas?near=1").StatusCode; got != http.StatusForbidden && got != http.StatusSeeOther {
			t.Errorf("%s asks what is near: %d", name, got)
		}
	}
}

func TestNearMeAreTheIdeasOfMyDepartmentAndSite(t *testing.T) {
	h := promising(t, models.HiddenAuthors)
	paint := h.crew(4)
	h.works("Paint", "Lyon", append(paint, h.alice)...)
	h.works("Sales", "Lyon", h.bob)
	h.works("Sales", "Metz", h.lena)
	h.works("Paint", "Metz", h.tess)
	for user, title := range map[*models.User]string{h.alice: "Thinner coats", h.bob: "Shorter meetings", h.lena: "Longer days", h.tess: "Warmer rooms"} {
		post(t, h.As(user), idea("ateliers", title))
	}
	alice := h.As(h.alice)
	post(t, alice, h.hidden(alice)) // "Weigh the scrap"
	near := h.As(paint[0])
	for _, view := range []string{"", "&view=board"} {
		near.Get("/ideas?near=1"+view).See("Thinner coats", "Shorter meetings", "Warmer rooms").NotSee("Longer days", "Weigh the scrap")
	}
	h.As(h.sven).Get("/ideas?near=1").Status(200).See("Where do you work?", `href="/account"`).NotSee("Thinner coats")
	h.As(h.bob).Get("/ideas?near=1").See("Thinner coats").NotSee("Longer days") // Sales are two people
	h.works("Paint", "Lyon", h.lena)
	near.Get("/ideas?near=1").See("Longer days")
}

func TestProgramsNarrowListsByDepartment(t *testing.T) {
	h := open(t)
	h.works("Paint", "Lyon", append(h.crew(4), h.alice)...)
	post(t, h.As(h.alice), idea("ateliers", "Thinner coats"))
	post(t, h.As(h.bob), idea("ateliers", "Shorter meetings"))
	get := func(user *models.User, query string) *apptest.Answer {
		return h.Visitor().Do(http.MethodGet, "/api/v1/ideas?"+query, nil, http.Header{"Authorization": {"Bearer " + h.Token(user, models.ScopeRead)}})
	}
	get(h.bob, "department=Paint").Status(200).See("Thinner coats").NotSee("Shorter meetings")
	get(h.alice, "near=true").Status(200).See("Thinner coats").NotSee("Shorter meetings")
	get(h.bob, "near=true").Status(200).See(`"items":[]`)
	get(h.bob, "department=Board").Status(422)
}
