//go:build peers

package oidcprovider_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

func TestWhoSignsOutHereSignsOutOfTheRealProviderAndComesBack(t *testing.T) {
	peer, site := company(t, apptest.OIDCUser{Sub: "mona", Name: "Mona"})
	client := site.Visitor()
	client.Get(back(t, site, peer.SignIn(away(t, client, "/"), "mona"))).Status(http.StatusSeeOther)
	answer := client.Post("/sign-out", nil).Status(http.StatusOK).See("You are signed out here")
	exit := strings.TrimPrefix(answer.Header.Get("Refresh"), "0; url=")
	if !strings.HasPrefix(exit, peer.Issuer) || !strings.Contains(exit, "id_token_hint=") {
		t.Fatalf("leads to %s", exit)
	}
	answer = client.Get(back(t, site, peer.SignOut(exit, "mona"))).Status(http.StatusSeeOther)
	if location := answer.Header.Get("Location"); location != "/sign-in?left=1" {
		t.Errorf("comes back to %s", location)
	}
	client.Get("/account").Status(http.StatusSeeOther)
}

func TestTheRealProviderSignsPeopleOutHere(t *testing.T) {
	peer, site := company(t, apptest.OIDCUser{Sub: "mona", Name: "Mona"}, apptest.OIDCUser{Sub: "noor", Name: "Noor"})
	phone, laptop, noor := site.Visitor(), site.Visitor(), site.Visitor()
	phone.Get(back(t, site, peer.SignIn(away(t, phone, "/"), "mona"))).Status(http.StatusSeeOther)
	noor.Get(back(t, site, peer.SignIn(away(t, noor, "/"), "noor"))).Status(http.StatusSeeOther)
	laptop.Get(back(t, site, peer.SignIn(away(t, laptop, "/"), "mona"))).Status(http.StatusSeeOther) // another browser, another session there
	if location := peer.SignOut(peer.Issuer+"/session/end", "mona"); location != "" {
		t.Errorf("whoever did not come from here is sent to %s", location)
	}
	laptop.Get("/account").Status(http.StatusSeeOther)
	phone.Get("/account").Status(http.StatusOK)
	noor.Get("/account").Status(http.StatusOK)
}

func TestAGroupOfTheRealProviderOpensASpaceByARule(t *testing.T) {
	var peer *apptest.OIDC
	site := apptest.Start(t, func(config *app.Config, _ *app.Options) {
		peer = apptest.OIDCPeer(t, []string{config.BaseURL + "/sign-in/oidc/company/callback"},
			apptest.OIDCUser{Sub: "mona", Name: "Mona", Groups: []string{"staff", "board"}}, apptest.OIDCUser{Sub: "noor", Name: "Noor", Groups: []string{"staff"}})
		raw, err := json.Marshal([]map[string]any{{
			"id": "company", "name": "The company", "issuer": peer.Issuer, "client_id": peer.ClientID, "client_secret": peer.ClientSecret, "scopes": []string{"groups"},
		}})
		config.OIDCFile = filepath.Join(config.DataDir, "providers.json")
		if err == nil {
			err = os.WriteFile(config.OIDCFile, raw, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	olga := site.Person("Olga", models.RoleOwner)
	board := site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{olga: models.SpaceManager})
	site.Tx(site.Actor(olga), func(tx *models.Tx) error {
		return tx.CreateSignInRule(&models.SignInRule{Issuer: peer.Issuer, Claim: "groups", Value: "board", SpaceID: &board.ID, SpaceRole: models.SpaceMember})
	})
	for sub, status := range map[string]int{"mona": http.StatusOK, "noor": http.StatusNotFound} {
		client := site.Visitor()
		location := client.Get("/sign-in/oidc/company?next=%2Fspaces%2Fboard").Status(http.StatusSeeOther).Header.Get("Location")
		client.Get(back(t, site, peer.SignIn(location, sub))).Status(http.StatusSeeOther)
		client.Get("/spaces/board").Status(status)
	}
}
