package spaces_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestOnlyThoseWhoAnimateCreateSpaces(t *testing.T) {
	site := apptest.Start(t)
	mona, alice := site.Person("Mona", models.RoleManager), site.Person("Alice", models.RoleEmployee)
	form := apptest.Form{"title": "Atelier d’été", "visibility": "company"}

	site.Visitor().Post("/spaces", form).Status(http.StatusSeeOther).See("")
	site.As(alice).Post("/spaces", form).Status(http.StatusForbidden)
	client := site.As(mona)
	created := client.Post("/spaces", form).Status(http.StatusSeeOther)
	if got := created.Header.Get("Location"); got != "/spaces/atelier-d-ete/members" {
		t.Errorf("created at %s", got)
	}
	client.Get("/spaces/atelier-d-ete/members").Status(http.StatusOK).See("Mona", "Manager")
	client.Post("/spaces", form).Status(http.StatusUnprocessableEntity).See("A space has this address already", "Atelier d’été")
	client.Post("/spaces", apptest.Form{"title": " ", "slug": "Été !", "visibility": "secret"}).Status(http.StatusUnprocessableEntity).
		See("Give a name", "The address is made of", "Choose who can read")
}

func TestASpaceShowsItselfOnlyToThoseWhoMaySeeIt(t *testing.T) {
	site := apptest.Start(t)
	alice, gaston, works := site.Person("Alice", models.RoleEmployee), site.Person("Gaston", models.RoleExternal), site.Person("Wanda", models.RoleEmployee)
	owner, mona := site.Person("Oona", models.RoleOwner), site.Person("Mona", models.RoleManager)
	site.Space("open", models.Public, nil)
	site.Space("house", models.Company, nil)
	site.Space("club", models.External, map[*models.User]models.SpaceRole{gaston: models.SpaceMember})
	site.Space("council", models.Restricted, map[*models.User]models.SpaceRole{works: models.SpaceManager})
	for _, test := range []struct {
		who  string
		as   *apptest.Client
		sees []string
	}{
		{"visitor", site.Visitor(), []string{"open"}},
		{"external", site.As(gaston), []string{"open", "club"}},
		{"employee", site.As(alice), []string{"open", "house"}},
		{"member of the council", site.As(works), []string{"open", "house", "council"}},
		{"community manager", site.As(mona), []string{"open", "house", "club"}},
		{"owner", site.As(owner), []string{"open", "house", "club"}},
	} {
		list := test.as.Get("/spaces").Status(http.StatusOK)
		for _, slug := range []string{"open", "house", "club", "council"} {
			link := `href="/spaces/` + slug + `"`
			status := http.StatusNotFound
			for _, seen := range test.sees {
				if seen == slug {
					status = http.StatusOK
				}
			}
			if status == http.StatusOK {
				list.See(link)
			} else {
				list.NotSee(link)
			}
			if got := test.as.Get("/spaces/" + slug).StatusCode; got != status {
				t.Errorf("%s: /spaces/%s answers %d, want %d", test.who, slug, got, status)
			}
		}
	}
}

func TestMembersComeAndGo(t *testing.T) {
	site := apptest.Start(t)
	mona, alice, gaston := site.Person("Mona", models.RoleEmployee), site.Person("Alice", models.RoleEmployee), site.Person("Gaston", models.RoleExternal)
	site.Space("council", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	manager, member := site.As(mona), site.As(alice)

	member.Get("/spaces/council").Status(http.StatusNotFound)
	member.Post("/spaces/council/members", apptest.Form{"email": alice.Email, "role": "manager"}).Status(http.StatusNotFound)
	manager.Post("/spaces/council/members", apptest.Form{"email": "Alice@Example.test ", "role": "member"}).Status(http.StatusSeeOther)
	member.Get("/spaces/council").Status(http.StatusOK)
	member.Post("/spaces/council/members", apptest.Form{"email": alice.Email, "role": "manager"}).Status(http.StatusForbidden)

	manager.Post("/spaces/council/members", apptest.Form{"email": gaston.Email, "role": "member"}).Status(http.StatusUnprocessableEntity).See("not open to externals")
	manager.Post("/spaces/council/members", apptest.Form{"email": "nobody@example.test", "role": "member"}).Status(http.StatusUnprocessableEntity).See("Nobody has this address", "nobody@example.test")
	manager.Post("/spaces/council/members", apptest.Form{"email": mona.Email, "role": "member"}).Status(http.StatusUnprocessableEntity).See("keeps one manager")
	manager.Post(councillor(mona)+"/removal", nil).Status(http.StatusUnprocessableEntity).See("keeps one manager")
	manager.Post(councillor(mona), apptest.Form{"role": "reader"}).Status(http.StatusUnprocessableEntity).See("keeps one manager")

	manager.Post(councillor(alice)+"/removal", nil).Status(http.StatusSeeOther)
	member.Get("/spaces/council").Status(http.StatusNotFound)
	undo := manager.Get("/spaces/council/members").Status(http.StatusOK).See("Alice is no longer part of the space")
	manager.Post(undoOf(t, undo), nil).Status(http.StatusSeeOther)
	member.Get("/spaces/council/members").Status(http.StatusOK).See("Alice", "Member")
	manager.Post(councillor(alice), apptest.Form{"role": "expert"}).Status(http.StatusSeeOther)
	member.Get("/spaces/council").Status(http.StatusOK).See("Expert")
	member.Post(councillor(alice), apptest.Form{"role": "manager"}).Status(http.StatusForbidden)
	member.Post(councillor(mona)+"/removal", nil).Status(http.StatusForbidden)
}

// councillor is the address of someone among the members of the council.
func councillor(user *models.User) string {
	return fmt.Sprintf("/spaces/council/members/%d", user.ID)
}

var undoAction = regexp.MustCompile(`<div class="toast">.*?action="([^"]+)"`)

// undoOf is where the undo of the message on a page leads.
func undoOf(t *testing.T, page *apptest.Answer) string {
	t.Helper()
	found := undoAction.FindStringSubmatch(strings.ReplaceAll(page.Text, "\n", " "))
	if found == nil {
		t.Fatalf("%s offers no undo", page.Request.URL.Path)
	}
	return html.UnescapeString(found[1])
}

func TestClosingASpaceToExternalsShutsThemOutAtOnce(t *testing.T) {
	site := apptest.Start(t)
	mona, gaston := site.Person("Mona", models.RoleManager), site.Person("Gaston", models.RoleExternal)
	site.Space("club", models.External, map[*models.User]models.SpaceRole{mona: models.SpaceManager, gaston: models.SpaceMember})
	guest := site.As(gaston)
	guest.Get("/spaces/club").Status(http.StatusOK)
	site.As(mona).Post("/spaces/club", apptest.Form{"title": "Club", "visibility": "company"}).Status(http.StatusSeeOther)
	guest.Get("/spaces/club").Status(http.StatusNotFound)
}
