package api_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/api"
	"ruche/app/apptest"
	"ruche/models"
)

func TestATokenCarriesAsFarAsItsScopeAndItsPerson(t *testing.T) {
	site, mona, _, _ := house(t)
	mona.call("POST", "/spaces", `{"slug":"plant","title":"Plant","visibility":"company"}`, nil).Status(http.StatusCreated)
	mona.call("POST", "/ideas", `{"space":"plant","title":"The first idea","body":"x"}`, nil).Status(http.StatusCreated)
	manager, err := site.DB.UserByEmail(t.Context(), "mona@example.test")
	if err != nil {
		t.Fatal(err)
	}
	owner := site.Person("Olga", models.RoleOwner)
	for _, test := range []struct {
		user                      *models.User
		scope                     models.Scope
		read, write, edit, manage int
	}{
		{manager, models.ScopeRead, 200, 403, 403, 403},
		{manager, models.ScopeWrite, 200, 201, 200, 403},
		{manager, models.ScopeManage, 200, 201, 200, 200},
		{owner, models.ScopeSCIM, 403, 403, 403, 403},
	} {
		p := program{site.Visitor(), t, site.Token(test.user, test.scope)}
		for _, call := range []struct {
			want               int
			method, path, body string
		}{
			{test.read, "GET", "/me", ""}, {test.read, "GET", "/ideas/1", ""},
			{test.write, "POST", "/ideas", `{"space":"plant","title":"One more idea","body":"x"}`},
			{test.edit, "PUT", "/ideas/1/support", ""},
			{test.manage, "PUT", "/spaces/plant/members/alice@example.test", `{"role":"member"}`},
		} {
			answer := p.call(call.method, call.path, call.body, nil)
			if answer.StatusCode != call.want {
				t.Errorf("%s: %s %s is answered %d, want %d", test.scope, call.method, call.path, answer.StatusCode, call.want)
			}
			if challenge := answer.Header.Get("WWW-Authenticate"); (call.want == http.StatusForbidden) != strings.Contains(challenge, "insufficient_scope") {
				t.Errorf("%s: %s %s: challenge %q", test.scope, call.method, call.path, challenge)
			}
		}
	}
	answer := program{site.Visitor(), t, site.Token(manager, models.ScopeRead)}.call("GET", "/ideas", "", nil)
	if ideas := strings.Count(answer.Text, "One more idea"); ideas != 2 {
		t.Errorf("%d ideas were posted", ideas)
	}
}

func TestBearerIsTheOneWayFromATokenToItsPerson(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	olga, mona := site.Person("Olga", models.RoleOwner), site.Person("Mona", models.RoleManager)
	secret := site.Token(olga, models.ScopeSCIM)
	actor, err := api.Bearer(t.Context(), site.DB, "Bearer "+secret, models.ScopeSCIM)
	if err != nil || actor.ID != olga.ID || !actor.Can(models.ManagePeople, nil) {
		t.Fatalf("%+v, %v", actor, err)
	}
	if _, err := api.Bearer(t.Context(), site.DB, "Bearer "+secret, models.ScopeRead); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a SCIM token reads: %v", err)
	}
	if _, err := api.Bearer(t.Context(), site.DB, "Bearer "+site.Token(mona, models.ScopeManage), models.ScopeSCIM); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a manager's token is one for SCIM: %v", err)
	}
	err = site.DB.Tx(t.Context(), nil, func(tx *models.Tx) error {
		_, err := tx.CreateToken(&models.Token{UserID: mona.ID, Name: "SCIM", Scope: models.ScopeSCIM}, 1)
		return err
	})
	var invalid models.Invalid
	if !errors.As(err, &invalid) || invalid["scope"] == "" {
		t.Errorf("a manager makes a token for SCIM: %v", err)
	}
	for _, authorization := range []string{"", "Bearer", "Bearer ", secret, "Basic " + secret, "Bearer " + secret[1:], "Bearer " + strings.ToUpper(secret)} {
		if _, err := api.Bearer(t.Context(), site.DB, authorization, models.ScopeSCIM); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%q: %v", authorization, err)
		}
	}
	now = now.Add(models.TokenDays * 24 * time.Hour)
	if _, err := api.Bearer(t.Context(), site.DB, "Bearer "+secret, models.ScopeSCIM); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a token serves past its end: %v", err)
	}
}

// TestATokenInAnAddressIsNoToken: addresses end up in logs, histories and referrers.
func TestATokenInAnAddressIsNoToken(t *testing.T) {
	site, _, alice, _ := house(t)
	for _, name := range []string{"access_token", "token", "bearer", "api_key", "authorization"} {
		site.Visitor().Get("/api/v1/me?" + name + "=" + alice.token).Status(http.StatusUnauthorized)
		site.Visitor().Get("/account?" + name + "=" + alice.token).Status(http.StatusSeeOther)
	}
	site.Visitor().Do("GET", "/account", nil, http.Header{"Authorization": {"Bearer " + alice.token}}).Status(http.StatusSeeOther)
}
