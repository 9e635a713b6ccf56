package accounts_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

func TestNewKeysOfTheProviderAreTakenUp(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	for _, kid := range []string{"first", "second"} {
		p.rotate(kid)
		client := site.Visitor()
		p.finish(client, p.begin(client, "/").Get("state")).Status(http.StatusSeeOther)
	}
}

func TestWithoutTheProviderTheHouseGoesOn(t *testing.T) {
	p := fakeProvider(t)
	now := time.Now()
	handler := p.Config.Handler
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, strings.Repeat("out of order ", 100_000), http.StatusInternalServerError)
	})
	site := apptest.Start(t, withProvider(p), clock(&now)) // down at start
	mona := site.As(site.Person("Mona", models.RoleEmployee))
	client := site.Visitor()
	client.Get("/sign-in").Status(http.StatusOK).See("Continue with my Vaucelles account")
	answer := client.Get("/sign-in/oidc").Status(http.StatusServiceUnavailable).See("cannot be reached right now").NotSee("out of order")
	if answer.Header.Get("Retry-After") == "" {
		t.Error("does not say when to come back")
	}
	client.Get("/sign-in").Status(http.StatusOK).See("did not answer a moment ago")
	mona.Get("/account").Status(http.StatusOK)

	p.Config.Handler = handler
	now = now.Add(4 * time.Second)
	p.claims = map[string]any{"email": "new@example.test"}
	state := p.begin(client, "/").Get("state")
	p.Config.Handler = http.NotFoundHandler() // and gone again, on the way
	now = now.Add(2 * time.Minute)
	p.finish(client, state).Status(http.StatusServiceUnavailable)
	p.Config.Handler = handler
	now = now.Add(4 * time.Second)
	p.finish(client, p.begin(client, "/").Get("state")).Status(http.StatusSeeOther)
}

func TestWithoutAProviderThereIsNoButtonAndNoRoute(t *testing.T) {
	site := apptest.Start(t)
	site.Visitor().Get("/sign-in").Status(http.StatusOK).See("Ask your community manager").NotSee("/sign-in/oidc")
	site.Visitor().Get("/sign-in/oidc").Status(http.StatusNotFound)
	site.Visitor().Get("/sign-in/oidc/callback?state=x").Status(http.StatusNotFound)
}
