package invitations_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// program sends JSON with somebody's token, and decodes the answer into out, if there is one.
func (f *fair) program(t *testing.T, token, method, path, body string, out any, headers ...string) *apptest.Answer {
	t.Helper()
	header := http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	answer := f.Visitor().Do(method, "/api/v1/spaces/club"+path, strings.NewReader(body), header)
	if out != nil {
		if err := json.Unmarshal([]byte(answer.Text), out); err != nil {
			t.Fatalf("%s %s: %v\n%s", method, path, err, answer.Text)
		}
	}
	return answer
}

type invitationItem struct {
	ID            int64
	Email, State  string
	Role, Sponsor string
	Spaces        []string
	PersonID      *int64 `json:"person_id"`
}

func TestAProgramInvitesRevokesSendsAgainAndProlongs(t *testing.T) {
	f := open(t)
	key := f.Token(f.mona, models.ScopeManage)
	var sent, again struct{ Items []invitationItem }
	const body = `{"addresses":["karl@customer.example","eva@customer.example"],"role":"reader","until":"2027-06-30T12:00:00Z"}`
	f.program(t, key, "POST", "/invitations", body, &sent, "Idempotency-Key", "one").Status(http.StatusCreated)
	f.program(t, key, "POST", "/invitations", body, &again, "Idempotency-Key", "one").Status(http.StatusCreated)
	if len(sent.Items) != 2 || fmt.Sprint(sent) != fmt.Sprint(again) || sent.Items[0].State != "pending" || sent.Items[0].Sponsor != "Mona" || sent.Items[0].Spaces[0] != "club" {
		t.Fatalf("%+v\n%+v", sent, again)
	}
	f.program(t, key, "POST", "/invitations", strings.Replace(body, "reader", "member", 1), nil, "Idempotency-Key", "one").Status(http.StatusConflict)
	f.program(t, key, "POST", "/invitations", body, nil).Status(http.StatusUnprocessableEntity).See("body.addresses", "open already")
	f.Settle()
	if n := f.told("karl@customer.example", ""); n != 1 {
		t.Errorf("%d letters", n)
	}
	f.enter(t, f.letter(t, "karl@customer.example"), "Karl")
	karl := f.user(t, "karl@customer.example")
	var page struct {
		Items []invitationItem
		Next  *string
	}
	f.program(t, key, "GET", "/invitations?limit=1", "", &page).Status(http.StatusOK)
	if len(page.Items) != 1 || page.Items[0].Email != "eva@customer.example" || page.Next == nil {
		t.Fatalf("%+v", page)
	}
	f.program(t, key, "GET", "/invitations?limit=1&cursor="+*page.Next, "", &page)
	if len(page.Items) != 1 || page.Items[0].State != "accepted" || page.Items[0].PersonID == nil || *page.Items[0].PersonID != karl.ID || page.Next != nil {
		t.Fatalf("%+v", page)
	}
	f.program(t, key, "GET", "/invitations?state=pending", "", &page)
	if len(page.Items) != 1 || page.Items[0].Email != "eva@customer.example" {
		t.Errorf("%+v", page)
	}
	accepted, pending := "/invitations/1", "/invitations/2"
	for range 2 {
		f.program(t, key, "POST", accepted+"/extension", `{"known":"2027-06-30T12:00:00Z"}`, nil).Status(http.StatusOK).See("2027-12-30T12:00:00Z")
	}
	f.program(t, key, "POST", pending+"/extension", `{}`, nil).Status(http.StatusConflict)
	f.program(t, key, "POST", pending+"/letter", `{}`, nil).Status(http.StatusConflict)
	f.program(t, key, "DELETE", accepted, "", nil).Status(http.StatusConflict)
	for range 2 {
		f.program(t, key, "DELETE", pending, "", nil).Status(http.StatusNoContent)
	}
	f.program(t, key, "GET", "/invitations?state=revoked", "", &page)
	if len(page.Items) != 1 {
		t.Errorf("%+v", page)
	}
	f.program(t, key, "GET", "/invitations?state=unknown", "", nil).Status(http.StatusUnprocessableEntity).See("query.state")
	f.program(t, key, "GET", "/invitations?cursor=x", "", nil).Status(http.StatusUnprocessableEntity).See("query.cursor")
	f.program(t, key, "DELETE", "/invitations/999", "", nil).Status(http.StatusNotFound)
}

func TestAProgramLetsPeopleInByLinkAndDomain(t *testing.T) {
	f := open(t)
	key := f.Token(f.mona, models.ScopeManage)
	var link, again struct {
		ID        int64
		Kind, URL string
	}
	f.program(t, key, "POST", "/links", `{"role":"member","places":2,"days":5}`, &link, "Idempotency-Key", "one").Status(http.StatusCreated)
	f.program(t, key, "POST", "/links", `{"role":"member","places":2,"days":5}`, &again, "Idempotency-Key", "one").Status(http.StatusCreated)
	if link.Kind != "link" || again.ID != link.ID || again.URL != "" {
		t.Errorf("%+v %+v", link, again)
	}
	f.enter(t, f.prove(t, strings.TrimPrefix(link.URL, f.URL), "karl@customer.example"), "Karl")
	f.program(t, key, "POST", "/links", `{"kind":"domain","domains":"gmail.com","role":"member","days":5}`, nil).Status(http.StatusUnprocessableEntity).See("body.domains", "Anybody can have an address")
	f.program(t, key, "POST", "/links", `{"kind":"domain","domains":"partner.example","role":"member","days":500}`, &link).Status(http.StatusCreated)
	f.knock("eva@partner.example")
	f.enter(t, f.letter(t, "eva@partner.example"), "Eva")
	f.program(t, key, "GET", "/links", "", nil).Status(http.StatusOK).See(`"domain"`, "partner.example", `"used":1`).NotSee("token=")
	f.program(t, key, "DELETE", fmt.Sprintf("/links/%d", link.ID), "", nil).Status(http.StatusNoContent)
	f.knock("late@partner.example")
	if n := f.told("late@partner.example", ""); n != 0 {
		t.Error("a domain that was revoked lets people in")
	}
}

func TestAProgramDecidesRegistrations(t *testing.T) {
	f := open(t)
	key := f.Token(f.mona, models.ScopeManage)
	f.program(t, key, "PUT", "/registration", `{"open":true}`, nil).Status(http.StatusOK).See("/spaces/club/registration")
	f.register(t)
	f.register(t, "email", "eva@customer.example", "name", "Eva")
	f.program(t, key, "GET", "/registrations", "", nil).Status(http.StatusOK).See("Karl Lang", "karl@customer.example", "We build the other half.", `"open":true`)
	f.program(t, key, "PUT", "/registrations/1/decision", `{"decision":"maybe"}`, nil).Status(http.StatusUnprocessableEntity).See("body.decision")
	f.program(t, key, "PUT", "/registrations/1/decision", `{"decision":"refuse"}`, nil).Status(http.StatusUnprocessableEntity).See("body.answer")
	f.program(t, key, "PUT", "/registrations/1/decision", `{"decision":"accept","role":"manager"}`, nil).Status(http.StatusUnprocessableEntity).See("body.role")
	f.program(t, key, "PUT", "/registrations/1/decision", `{"decision":"accept","role":"expert"}`, nil).Status(http.StatusOK).See(`"accepted"`)
	f.program(t, key, "PUT", "/registrations/2/decision", `{"decision":"refuse","answer":"Not this year."}`, nil).Status(http.StatusOK).See(`"refused"`)
	f.program(t, key, "PUT", "/registrations/2/decision", `{"decision":"accept","role":"expert"}`, nil).Status(http.StatusConflict)
	if f.roleIn(f.user(t, "karl@customer.example"), f.club) != models.SpaceExpert {
		t.Error("Karl is not in")
	}
	f.program(t, key, "PUT", "/registration", `{"open":false}`, nil).Status(http.StatusOK)
	f.Visitor().Get("/spaces/club/registration").Status(http.StatusNotFound)
}

// TestInvitationsByProgramWantTheScopeAndTheRight of whoever's token it is.
func TestInvitationsByProgramWantTheScopeAndTheRight(t *testing.T) {
	f := open(t)
	member := f.Person("Member", models.RoleEmployee)
	f.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(f.club, member, models.SpaceMember) })
	f.openUp(t)
	f.register(t)
	requests := map[string]string{
		"POST /invitations": `{"addresses":["x@customer.example"],"role":"member"}`, "DELETE /invitations/1": "", "POST /invitations/1/letter": "{}", "POST /invitations/1/extension": "{}",
		"POST /links": `{"role":"member","places":2,"days":5}`, "DELETE /links/1": "", "PUT /registration": `{"open":false}`, "PUT /registrations/1/decision": `{"decision":"accept","role":"member"}`,
	}
	stranger := f.Person("Stranger", models.RoleEmployee)
	for route, body := range requests {
		method, path, _ := strings.Cut(route, " ")
		f.program(t, f.Token(f.mona, models.ScopeWrite), method, path, body, nil).Status(http.StatusForbidden).See("scope")
		f.program(t, f.Token(member, models.ScopeManage), method, path, body, nil).Status(http.StatusForbidden)
		f.program(t, f.Token(stranger, models.ScopeManage), method, path, body, nil).Status(http.StatusNotFound)
	}
	for _, path := range []string{"/invitations", "/links", "/registrations"} {
		f.program(t, f.Token(member, models.ScopeRead), "GET", path, "", nil).Status(http.StatusForbidden).NotSee("karl@")
	}
	f.Visitor().Get("/api/v1/openapi.json").See("send-invitations", "decide-registration", "make-invitation-link", "prolong-access")
}
