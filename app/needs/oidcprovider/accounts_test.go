//go:build peers

package oidcprovider_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// company starts a provider that knows these people and a house that trusts it.
func company(t *testing.T, users ...apptest.OIDCUser) (*apptest.OIDC, *apptest.Site) {
	t.Helper()
	var peer *apptest.OIDC
	site := apptest.Start(t, func(config *app.Config, _ *app.Options) {
		peer = apptest.OIDCPeer(t, []string{config.BaseURL + "/sign-in/oidc/callback"}, users...)
		config.OIDCIssuer, config.OIDCClientID, config.OIDCClientSecret = peer.Issuer, peer.ClientID, peer.ClientSecret
	})
	return peer, site
}

// away sends someone to the provider and returns the address of its page.
func away(t *testing.T, client *apptest.Client, next string) string {
	t.Helper()
	location := client.Get("/sign-in/oidc?next=" + url.QueryEscape(next)).Status(http.StatusSeeOther).Header.Get("Location")
	if !strings.Contains(location, "code_challenge_method=S256") {
		t.Errorf("%s has no PKCE challenge", location)
	}
	return location
}

// back is the path and query of the address that the provider sends someone back to.
func back(t *testing.T, site *apptest.Site, address string) string {
	t.Helper()
	path, ok := strings.CutPrefix(address, site.URL)
	if !ok {
		t.Fatalf("the provider sends people to %s", address)
	}
	return path
}

func TestPeopleSignInAtTheRealProvider(t *testing.T) {
	peer, site := company(t,
		apptest.OIDCUser{Sub: "mona", Email: "mona@example.test", EmailVerified: new(true), Name: "Mona Lefèvre", Locale: "fr"},
		apptest.OIDCUser{Sub: "noor", Email: "noor@example.test", EmailVerified: new(false), Name: "Noor"},
		apptest.OIDCUser{Sub: "piet", Email: "piet@example.test"})
	for sub, kept := range map[string]string{"mona": "mona@example.test", "noor": "", "piet": ""} {
		for range 2 { // the second time it is the same account
			client := site.Visitor()
			answer := client.Get(back(t, site, peer.SignIn(away(t, client, "/spaces?manage=1"), sub))).Status(http.StatusSeeOther)
			if location := answer.Header.Get("Location"); location != "/spaces?manage=1" {
				t.Errorf("%s is sent to %q", sub, location)
			}
			client.Get("/account").Status(http.StatusOK)
		}
		user, err := site.DB.UserByIdentity(t.Context(), peer.Issuer, sub)
		if err != nil || user.Email != kept || user.Role != models.RoleEmployee {
			t.Errorf("%s is %+v, %v", sub, user, err)
		}
		if sub == "mona" && (user.Name != "Mona Lefèvre" || user.Locale != "fr") || sub == "piet" && user.Name != "piet" {
			t.Errorf("%s is called %q, in %q", sub, user.Name, user.Locale)
		}
	}
}

func TestTheRealProvidersWordAboutAnAddressOpensNoAccount(t *testing.T) {
	peer, site := company(t,
		apptest.OIDCUser{Sub: "yes", Email: "karl@example.test", EmailVerified: new(true)},
		apptest.OIDCUser{Sub: "no", Email: "karl@example.test", EmailVerified: new(false)},
		apptest.OIDCUser{Sub: "absent", Email: "karl@example.test"})
	karl := site.Person("Karl", models.RoleOwner)
	for _, sub := range []string{"yes", "no", "absent"} {
		client := site.Visitor()
		client.Get(back(t, site, peer.SignIn(away(t, client, "/"), sub))).Status(http.StatusForbidden).See("already belongs to an account")
		client.Get("/account").Status(http.StatusSeeOther)
	}
	if identities, err := site.DB.Identities(t.Context(), karl.ID); err != nil || len(identities) != 0 {
		t.Errorf("Karl's account is bound to %v, %v", identities, err)
	}
	site.As(karl).Get("/audit?verb=user.refused").See("address of another account", "absent", "yes")
}

func TestAnswersOfTheRealProviderServeOnceAndOneBrowser(t *testing.T) {
	peer, site := company(t, apptest.OIDCUser{Sub: "mona", Name: "Mona"})
	mona, thief := site.Visitor(), site.Visitor()
	answer := back(t, site, peer.SignIn(away(t, mona, "/"), "mona"))
	parameters, err := url.ParseQuery(strings.SplitN(answer, "?", 2)[1])
	if err != nil || parameters.Get("iss") != peer.Issuer {
		t.Errorf("the provider does not name itself: %v, %v", parameters, err)
	}

	thief.Get(answer).Status(http.StatusBadRequest) // no attempt of theirs
	own, err := url.Parse(away(t, thief, "/"))
	if err != nil {
		t.Fatal(err)
	}
	stolen := url.Values{"code": {parameters.Get("code")}, "state": {own.Query().Get("state")}, "iss": {peer.Issuer}}
	thief.Get("/sign-in/oidc/callback?" + stolen.Encode()).Status(http.StatusBadRequest) // Mona's code without her verifier
	thief.Get("/account").Status(http.StatusSeeOther)

	again := site.Visitor()
	fresh := back(t, site, peer.SignIn(away(t, again, "/"), "mona"))
	again.Get(fresh).Status(http.StatusSeeOther)
	again.Get(fresh).Status(http.StatusBadRequest)
	own, err = url.Parse(away(t, thief, "/"))
	if err != nil {
		t.Fatal(err)
	}
	used, err := url.ParseQuery(strings.SplitN(fresh, "?", 2)[1])
	if err != nil {
		t.Fatal(err)
	}
	used.Set("state", own.Query().Get("state"))
	thief.Get("/sign-in/oidc/callback?" + used.Encode()).Status(http.StatusBadRequest)
	thief.Get("/account").Status(http.StatusSeeOther)
}

func TestWhoSaysNoAtTheRealProviderIsNotSignedIn(t *testing.T) {
	peer, site := company(t, apptest.OIDCUser{Sub: "mona"})
	client := site.Visitor()
	client.Get(back(t, site, peer.Refuse(away(t, client, "/")))).Status(http.StatusForbidden).See("cancelled or refused").NotSee("refused by the test")
	client.Get("/account").Status(http.StatusSeeOther)
}

func TestWhoHasLeftIsRefusedThoughTheRealProviderKnowsThem(t *testing.T) {
	peer, site := company(t, apptest.OIDCUser{Sub: "mona", Name: "Mona"})
	client := site.Visitor()
	client.Get(back(t, site, peer.SignIn(away(t, client, "/"), "mona"))).Status(http.StatusSeeOther)
	mona, err := site.DB.UserByIdentity(t.Context(), peer.Issuer, "mona")
	if err != nil {
		t.Fatal(err)
	}
	site.Tx(nil, func(tx *models.Tx) error { return tx.Disable(mona.ID) })
	client.Get("/account").Status(http.StatusSeeOther)
	client.Get(back(t, site, peer.SignIn(away(t, client, "/"), "mona"))).Status(http.StatusForbidden).See("account is closed")
}

func TestWhenTheRealProviderStopsThoseSignedInGoOn(t *testing.T) {
	var site *apptest.Site
	var client, late *apptest.Client
	var answer string
	t.Run("while it runs", func(running *testing.T) { // the provider ends with this part
		var peer *apptest.OIDC
		site = apptest.Start(t, func(config *app.Config, _ *app.Options) {
			peer = apptest.OIDCPeer(running, []string{config.BaseURL + "/sign-in/oidc/callback"}, apptest.OIDCUser{Sub: "mona", Name: "Mona"})
			config.OIDCIssuer, config.OIDCClientID, config.OIDCClientSecret = peer.Issuer, peer.ClientID, peer.ClientSecret
		})
		client, late = site.Visitor(), site.Visitor()
		client.Get(back(running, site, peer.SignIn(away(running, client, "/"), "mona"))).Status(http.StatusSeeOther)
		answer = back(running, site, peer.SignIn(away(running, late, "/"), "mona"))
	})
	late.Get(answer).Status(http.StatusServiceUnavailable).See("cannot be reached right now") // it stopped while they were on their way
	client.Get("/account").Status(http.StatusOK).See("Mona")
	late.Get("/sign-in").Status(http.StatusOK)
	late.Get("/account").Status(http.StatusSeeOther)
}

func TestTheRealProviderOpensTheAccountThatTheDirectoryMade(t *testing.T) {
	var peer *apptest.OIDC
	site := apptest.Start(t, func(config *app.Config, _ *app.Options) {
		peer = apptest.OIDCPeer(t, []string{config.BaseURL + "/sign-in/oidc/callback"},
			apptest.OIDCUser{Sub: "s-1", Email: "mona@example.test", EmailVerified: new(true), Name: "Mona Lefèvre", OID: "4f1c"},
			apptest.OIDCUser{Sub: "s-2", Email: "mona@example.test", EmailVerified: new(true), OID: "77aa"},
			apptest.OIDCUser{Sub: "s-3", Email: "mona@example.test", EmailVerified: new(true)},
			apptest.OIDCUser{Sub: "s-4", Email: "karl@example.test", EmailVerified: new(true), OID: "4f1c"})
		config.OIDCIssuer, config.OIDCClientID, config.OIDCClientSecret, config.OIDCExternalID = peer.Issuer, peer.ClientID, peer.ClientSecret, "oid"
	})
	olga, karl := site.Person("Olga", models.RoleOwner), site.Person("Karl", models.RoleEmployee)
	site.Visitor().Do("POST", "/scim/v2/Users", strings.NewReader(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"mona@example.test","externalId":"4f1c"}`),
		http.Header{"Authorization": {"Bearer " + site.Token(olga, models.ScopeSCIM)}, "Content-Type": {"application/scim+json"}}).Status(http.StatusCreated)
	for _, step := range []struct {
		sub    string
		status int
	}{{"s-2", http.StatusForbidden}, {"s-3", http.StatusForbidden}, {"s-1", http.StatusSeeOther}, {"s-4", http.StatusForbidden}, {"s-1", http.StatusSeeOther}} {
		client := site.Visitor()
		client.Get(back(t, site, peer.SignIn(away(t, client, "/"), step.sub))).Status(step.status)
	}
	mona, err := site.DB.UserByEmail(t.Context(), "mona@example.test")
	if err != nil || mona.Name != "Mona Lefèvre" {
		t.Errorf("%+v, %v", mona, err)
	}
	for user, want := range map[*models.User]int{mona: 1, karl: 0} {
		if identities, err := site.DB.Identities(t.Context(), user.ID); err != nil || len(identities) != want || want == 1 && identities[0].Subject != "s-1" {
			t.Errorf("%s is bound to %v, %v", user.Name, identities, err)
		}
	}
	site.As(olga).Get("/audit?verb=user.linked").See("by the key that the directory knows them by", "s-1").NotSee("s-2", "s-3", "s-4")
}
