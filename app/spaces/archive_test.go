package spaces_test

import (
	"net/http"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestAnArchivedSpaceIsReadAndFoundAndNoLongerWrittenIn(t *testing.T) {
	site := apptest.Start(t)
	mona, alice, owner := site.Person("Mona", models.RoleEmployee), site.Person("Alice", models.RoleEmployee), site.Person("Oona", models.RoleOwner)
	plant := site.Space("plant", models.Company, map[*models.User]models.SpaceRole{mona: models.SpaceManager, alice: models.SpaceMember})
	site.Space("other", models.Company, nil)
	member, manager := site.As(alice), site.As(mona)
	idea := member.Post("/ideas", apptest.Form{"space": "plant", "title": "Weigh the scrap", "body": "At each station."}).Status(http.StatusSeeOther).Header.Get("Location")
	member.Post("/ideas/1/comments", apptest.Form{"body": "Fourteen kilos."}).Status(http.StatusSeeOther)
	member.Post("/spaces/plant/archive", nil).Status(http.StatusForbidden)
	manager.Post("/spaces/plant/archive", nil).Status(http.StatusSeeOther)
	site.Settle()

	member.Get("/spaces").Status(http.StatusOK).See("Archived")
	member.Get("/ideas").Status(http.StatusOK).See("Weigh the scrap", "Archived")
	member.Get("/search?q=scrap").Status(http.StatusOK).See(">scrap<", "Archived")
	member.Get(idea).Status(http.StatusOK).See("This space is archived", "Fourteen kilos.").NotSee("Your message", `name="supported"`, "/follow", "/withdrawal", "/edit")
	member.Get("/ideas/new").Status(http.StatusOK).See(`value="other"`).NotSee(`value="plant"`)
	for _, who := range []*apptest.Client{member, manager, site.As(owner)} {
		for path, form := range map[string]apptest.Form{
			"/ideas":            {"space": "plant", "title": "Another", "body": "Text."},
			"/ideas/1":          {"title": "Changed", "body": "Changed.", "base": "1"},
			"/ideas/1/supports": {"supported": "1"}, "/ideas/1/follow": {"following": "1"},
			"/ideas/1/comments": {"body": "Hello"}, "/ideas/1/comments/1": {"body": "Changed"}, "/ideas/1/stage": {"stage": "discussed"},
		} {
			who.Post(path, form).Status(http.StatusForbidden).See("This space is archived")
		}
	}
	member.Post("/ideas/1/withdrawal", nil).Status(http.StatusForbidden)
	member.Post("/ideas/1/comments/1/removal", nil).Status(http.StatusForbidden)
	script := programOf(t, site, alice, models.ScopeManage)
	for _, ask := range []struct{ method, path, body string }{
		{http.MethodPut, "/ideas/1/support", ""}, {http.MethodDelete, "/ideas/1", ""}, {http.MethodPatch, "/ideas/1", `{"title":"Changed"}`},
		{http.MethodPost, "/ideas/1/comments", `{"body":"By a program"}`}, {http.MethodPost, "/ideas", `{"space":"plant","title":"Another","body":"Text."}`},
	} {
		script.call(ask.method, ask.path, ask.body, nil).Status(http.StatusForbidden).See("This space is archived")
	}
	// What must not be read must not be read in the archive either.
	manager.Post("/ideas/1/comments/1/removal", nil).Status(http.StatusSeeOther)
	// Nobody comes in, and the settings rest; who is in it can still be settled, since they read it.
	site.As(site.Person("Bob", models.RoleEmployee)).Post("/spaces/plant/membership", nil).Status(http.StatusForbidden).See("This space is archived")
	manager.Post("/spaces/plant", apptest.Form{"title": "Plant", "visibility": "public"}).Status(http.StatusForbidden)
	manager.Get("/spaces/plant/settings").Status(http.StatusOK).See("Reopen this space")

	manager.Post("/spaces/plant/reopening", nil).Status(http.StatusSeeOther)
	member.Post("/ideas/1/comments", apptest.Form{"body": "Again."}).Status(http.StatusSeeOther)
	if got, err := site.DB.SpaceBySlug(t.Context(), site.Actor(alice), plant.Slug); err != nil || got.ArchivedAt != nil {
		t.Errorf("the space is archived since %v (%v)", got.ArchivedAt, err)
	}
}
