//go:build peers

package oidcprovider_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"ruche/app/apptest"
)

const callback = "http://127.0.0.1:1/callback"

// client is an application that signs people in at the peer, as Ruche does.
type client struct {
	provider *oidc.Provider
	oauth    oauth2.Config
	verifier string
}

func newClient(t *testing.T, peer *apptest.OIDC) *client {
	t.Helper()
	provider, err := oidc.NewProvider(t.Context(), peer.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	return &client{provider, oauth2.Config{
		ClientID: peer.ClientID, ClientSecret: peer.ClientSecret, RedirectURL: callback,
		Endpoint: provider.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "profile", "email", "groups"},
	}, oauth2.GenerateVerifier()}
}

func (c *client) authURL() string {
	return c.oauth.AuthCodeURL("the-state", oidc.Nonce("the-nonce"), oauth2.S256ChallengeOption(c.verifier))
}

// claims exchanges the code that the peer sent back for a verified token's claims.
func (c *client) claims(ctx context.Context, t *testing.T, back string) (map[string]any, error) {
	t.Helper()
	address, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	if got := address.Query().Get("state"); got != "the-state" {
		t.Fatalf("the state came back as %q in %s", got, back)
	}
	token, err := c.oauth.Exchange(ctx, address.Query().Get("code"), oauth2.VerifierOption(c.verifier))
	if err != nil {
		return nil, err
	}
	raw, _ := token.Extra("id_token").(string)
	idToken, err := c.provider.Verifier(&oidc.Config{ClientID: c.oauth.ClientID}).Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if idToken.Nonce != "the-nonce" {
		t.Errorf("the nonce came back as %q", idToken.Nonce)
	}
	var claims map[string]any
	return claims, idToken.Claims(&claims)
}

func TestThePeerSignsPeopleInWithCodeAndPKCE(t *testing.T) {
	peer := apptest.OIDCPeer(t, []string{callback},
		apptest.OIDCUser{Sub: "mona", Email: "mona@example.test", EmailVerified: new(true), Name: "Mona Lefèvre", Groups: []string{"staff"}},
		apptest.OIDCUser{Sub: "noor", Email: "noor@example.test", EmailVerified: new(false)},
		apptest.OIDCUser{Sub: "piet", Email: "piet@example.test"})
	app := newClient(t, peer)
	for sub, verified := range map[string]any{"mona": true, "noor": false, "piet": nil} {
		claims, err := app.claims(t.Context(), t, peer.SignIn(app.authURL(), sub))
		if err != nil {
			t.Fatal(err)
		}
		if claims["sub"] != sub || claims["email"] != sub+"@example.test" || claims["email_verified"] != verified {
			t.Errorf("%s signs in as %v", sub, claims)
		}
		if groups, _ := claims["groups"].([]any); sub == "mona" && (len(groups) != 1 || groups[0] != "staff" || claims["name"] != "Mona Lefèvre") {
			t.Errorf("mona signs in as %v", claims)
		}
	}
}

func TestThePeerRefusesWhatAProviderMustRefuse(t *testing.T) {
	peer := apptest.OIDCPeer(t, []string{callback}, apptest.OIDCUser{Sub: "mona"})
	app := newClient(t, peer)
	if back := peer.Refuse(app.authURL()); !strings.Contains(back, "error=access_denied") || !strings.Contains(back, "state=the-state") {
		t.Errorf("somebody who refuses comes back to %s", back)
	}
	back := peer.SignIn(app.authURL(), "mona")
	stolen := *app
	stolen.verifier = oauth2.GenerateVerifier()
	if _, err := stolen.claims(t.Context(), t, back); err == nil {
		t.Error("a code can be used without the verifier it was asked for with")
	}
	if back := peer.SignIn(app.oauth.AuthCodeURL("the-state"), "mona"); !strings.Contains(back, "error=invalid_request") {
		t.Errorf("without PKCE one comes back to %s", back)
	}
}
