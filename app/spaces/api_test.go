package spaces_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// program is a client of the API with someone's token.
type program struct {
	*apptest.Client
	t     *testing.T
	token string
}

func programOf(t *testing.T, site *apptest.Site, user *models.User, scope models.Scope) program {
	t.Helper()
	return program{site.Visitor(), t, site.Token(user, scope)}
}

// call sends JSON and decodes the answer into out, if there is one.
func (p program) call(method, path, body string, out any, headers ...string) *apptest.Answer {
	p.t.Helper()
	header := http.Header{"Authorization": {"Bearer " + p.token}, "Content-Type": {"application/json"}}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	answer := p.Do(method, "/api/v1"+path, strings.NewReader(body), header)
	if out != nil {
		if err := json.Unmarshal([]byte(answer.Text), out); err != nil {
			p.t.Fatalf("%s %s: %v\n%s", method, path, err, answer.Text)
		}
	}
	return answer
}

func TestAProgramChangesTheSettingsThatItHasRead(t *testing.T) {
	site := apptest.Start(t)
	lead, alice := site.Person("Lead", models.RoleEmployee), site.Person("Alice", models.RoleEmployee)
	site.Space("plant", models.Company, map[*models.User]models.SpaceRole{lead: models.SpaceManager})
	manager, member := programOf(t, site, lead, models.ScopeManage), programOf(t, site, alice, models.ScopeManage)

	var space struct {
		Title, Description, Visibility, Joining, Role, Entrance string
		Listed, Inside                                          bool
		ArchivedAt                                              *string `json:"archived_at"`
	}
	tag := manager.call("GET", "/spaces/plant", "", &space).Status(http.StatusOK).Header.Get("ETag")
	if space.Title != "plant" || space.Joining != "open" || space.Role != "manager" || space.Entrance != "invitation" || !space.Inside || space.ArchivedAt != nil {
		t.Errorf("the space is %+v", space)
	}
	manager.call("GET", "/spaces/plant", "", nil, "If-None-Match", tag).Status(http.StatusNotModified)
	// Who joins meanwhile does not stand in the way of a change to the settings.
	member.call("PUT", "/spaces/plant/membership", "", &space).Status(http.StatusOK)
	if space.Role != "member" {
		t.Errorf("Alice joined as %q", space.Role)
	}
	manager.call("PATCH", "/spaces/plant", `{"description":"All about it","joining":"request"}`, &space, "If-Match", tag).Status(http.StatusOK)
	if space.Title != "plant" || space.Description != "All about it" || space.Joining != "request" {
		t.Errorf("after the change the space is %+v", space)
	}
	manager.call("PATCH", "/spaces/plant", `{"title":"Too late"}`, nil, "If-Match", tag).Status(http.StatusPreconditionFailed)
	manager.call("GET", "/spaces/plant", "", nil, "If-None-Match", tag).Status(http.StatusOK).NotSee("Too late")

	manager.call("PATCH", "/spaces/plant", `{"title":"","visibility":"restricted","joining":"open"}`, nil).Status(http.StatusUnprocessableEntity).See(`"body.title"`, `"body.joining"`)
	manager.call("PATCH", "/spaces/plant", `{"visibility":"secret"}`, nil).Status(http.StatusUnprocessableEntity).See(`"body.visibility"`)
	member.call("PATCH", "/spaces/plant", `{"title":"Mine"}`, nil).Status(http.StatusForbidden)
	programOf(t, site, lead, models.ScopeWrite).call("PATCH", "/spaces/plant", `{"title":"Mine"}`, nil).Status(http.StatusForbidden).See("scope")

	for range 2 { // once more changes nothing
		manager.call("PUT", "/spaces/plant/archive", "", &space).Status(http.StatusOK)
	}
	if space.ArchivedAt == nil {
		t.Error("an archived space has no time of it")
	}
	manager.call("PATCH", "/spaces/plant", `{"title":"Mine"}`, nil).Status(http.StatusForbidden).See("archived")
	member.call("DELETE", "/spaces/plant/archive", "", nil).Status(http.StatusForbidden)
	manager.call("DELETE", "/spaces/plant/archive", "", &space).Status(http.StatusOK)
	if space.ArchivedAt != nil || space.Title != "plant" {
		t.Errorf("after reopening the space is %+v", space)
	}
	site.As(site.Person("Oona", models.RoleOwner)).Get("/audit").Status(http.StatusOK).See("archived a space", "reopened a space")
}

func TestAProgramThatClosesASpaceToItselfIsAnswered(t *testing.T) {
	site := apptest.Start(t)
	mona, alice := site.Person("Mona", models.RoleManager), site.Person("Alice", models.RoleEmployee)
	site.Space("plant", models.Company, map[*models.User]models.SpaceRole{alice: models.SpaceManager})
	programOf(t, site, mona, models.ScopeManage).call("PATCH", "/spaces/plant", `{"visibility":"restricted","joining":"invitation"}`, nil).Status(http.StatusNotFound)
	site.As(alice).Get("/spaces/plant").Status(http.StatusOK).See("Restricted")

	community := programOf(t, site, mona, models.ScopeManage)
	community.call("POST", "/spaces", `{"slug":"council","title":"Council","visibility":"restricted","joining":"request"}`, nil).Status(http.StatusUnprocessableEntity).See(`"body.joining"`)
	community.call("POST", "/spaces", `{"slug":"council","title":"Council","visibility":"restricted","joining":"request","listed":true}`, nil).Status(http.StatusCreated)
	site.As(alice).Get("/spaces/council").Status(http.StatusOK).See("Ask to join")
}

func TestProgramsAskToBeLetInAndAreAnswered(t *testing.T) {
	site := apptest.Start(t)
	lead, alice, bob := site.Person("Lead", models.RoleEmployee), site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee)
	council := site.Space("council", models.Restricted, map[*models.User]models.SpaceRole{lead: models.SpaceManager})
	manager, one, other := programOf(t, site, lead, models.ScopeManage), programOf(t, site, alice, models.ScopeWrite), programOf(t, site, bob, models.ScopeWrite)
	one.call("POST", "/spaces/council/requests", `{"message":"Please"}`, nil).Status(http.StatusNotFound)
	manager.call("PATCH", "/spaces/council", `{"listed":true,"joining":"request"}`, nil).Status(http.StatusOK)

	var space struct {
		Inside   bool
		Entrance string
		Request  *struct {
			ID                     int64
			State, Message, Answer string
		}
	}
	one.call("GET", "/spaces/council", "", &space).Status(http.StatusOK)
	if space.Inside || space.Entrance != "request" || space.Request != nil {
		t.Errorf("who only knows of it is told %+v", space)
	}
	one.call("PUT", "/spaces/council/membership", "", nil).Status(http.StatusForbidden)
	one.call("POST", "/spaces/council/requests", `{"message":"`+strings.Repeat("x", models.MaxRequestWords+1)+`"}`, nil).Status(http.StatusUnprocessableEntity).See(`"body.message"`)
	one.call("POST", "/spaces/council/requests", `{"message":"I work on it"}`, nil).Status(http.StatusCreated)
	one.call("POST", "/spaces/council/requests", `{"message":"Again"}`, nil).Status(http.StatusUnprocessableEntity).See("asked already")
	other.call("POST", "/spaces/council/requests", `{}`, nil).Status(http.StatusCreated)
	other.call("DELETE", "/spaces/council/request", "", nil).Status(http.StatusNoContent)
	other.call("DELETE", "/spaces/council/request", "", nil).Status(http.StatusNoContent)

	var waiting struct {
		Items []struct {
			ID      int64
			Message string
			Person  struct{ Name string }
		}
		Next *string
	}
	one.call("GET", "/spaces/council/requests", "", nil).Status(http.StatusNotFound)
	manager.call("GET", "/spaces/council/requests", "", &waiting).Status(http.StatusOK)
	if len(waiting.Items) != 1 || waiting.Items[0].Person.Name != "Alice" || waiting.Items[0].Message != "I work on it" || waiting.Next != nil {
		t.Fatalf("there wait %+v", waiting)
	}
	path := fmt.Sprintf("/spaces/council/requests/%d/decision", waiting.Items[0].ID)
	manager.call("PUT", path, `{"decision":"perhaps"}`, nil).Status(http.StatusUnprocessableEntity).See(`"body.decision"`)
	programOf(t, site, lead, models.ScopeWrite).call("PUT", path, `{"decision":"approve"}`, nil).Status(http.StatusForbidden)
	manager.call("PUT", path, `{"decision":"approve","answer":"Welcome"}`, nil).Status(http.StatusOK).See(`"approved"`)
	manager.call("PUT", path, `{"decision":"decline"}`, nil).Status(http.StatusConflict)
	manager.call("PUT", "/spaces/council/requests/999/decision", `{"decision":"approve"}`, nil).Status(http.StatusNotFound)
	one.call("GET", "/spaces/council", "", &space).Status(http.StatusOK)
	if !space.Inside || space.Request == nil || space.Request.State != "approved" || space.Request.Answer != "Welcome" {
		t.Errorf("after she was let in Alice is told %+v", space)
	}
	manager.call("GET", "/spaces/council/requests?cursor=x", "", nil).Status(http.StatusUnprocessableEntity).See(`"query.cursor"`)

	one.call("DELETE", "/spaces/council/membership", "", nil).Status(http.StatusNoContent)
	one.call("GET", "/spaces/council/members", "", nil).Status(http.StatusNotFound)
	manager.call("DELETE", "/spaces/council/membership", "", nil).Status(http.StatusUnprocessableEntity).See("keeps one manager")
	if managed := site.Actor(lead).Can(models.ManageSpace, council); !managed {
		t.Error("the last manager is out")
	}
}

func TestAProgramListsMembersAndHandsASpaceOver(t *testing.T) {
	site := apptest.Start(t)
	lead, alice, bob := site.Person("Lead", models.RoleEmployee), site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee)
	site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{lead: models.SpaceManager, alice: models.SpaceReader})
	manager, member := programOf(t, site, lead, models.ScopeManage), programOf(t, site, alice, models.ScopeRead)
	type page struct {
		Items []struct {
			ID      int64
			Name    string
			Role    string
			Reasons []struct{ Way, Role string }
		}
		Total int
		Next  *string
	}
	var first, second page
	manager.call("GET", "/spaces/board/members?limit=1", "", &first).Status(http.StatusOK)
	if first.Total != 2 || len(first.Items) != 1 || first.Items[0].Name != "Alice" || first.Next == nil || len(first.Items[0].Reasons) != 1 || first.Items[0].Reasons[0].Way != "named" {
		t.Fatalf("the first page is %+v", first)
	}
	manager.call("GET", "/spaces/board/members?limit=1&cursor="+*first.Next, "", &second).Status(http.StatusOK)
	if len(second.Items) != 1 || second.Items[0].Name != "Lead" || second.Next != nil {
		t.Errorf("the second page is %+v", second)
	}
	member.call("GET", "/spaces/board/members", "", &first).Status(http.StatusOK).NotSee("reasons", "@example.test")
	manager.call("GET", "/spaces/board/members?cursor=x", "", nil).Status(http.StatusUnprocessableEntity).See(`"query.cursor"`)

	hand := func(user *models.User) string { return fmt.Sprintf(`{"person":%d}`, user.ID) }
	programOf(t, site, alice, models.ScopeManage).call("POST", "/spaces/board/succession", hand(alice), nil).Status(http.StatusForbidden)
	manager.call("POST", "/spaces/board/succession", hand(bob), nil).Status(http.StatusUnprocessableEntity).See(`"body.person"`)
	manager.call("POST", "/spaces/board/succession", hand(lead), nil).Status(http.StatusForbidden)
	programOf(t, site, lead, models.ScopeWrite).call("POST", "/spaces/board/succession", hand(alice), nil).Status(http.StatusForbidden)
	manager.call("POST", "/spaces/board/succession", hand(alice), nil).Status(http.StatusOK).See("Alice")
	manager.call("PATCH", "/spaces/board", `{"title":"Mine"}`, nil).Status(http.StatusForbidden)
	site.As(alice).Get("/notifications").Status(http.StatusOK).See("Lead has made you manager of “board”")
}
