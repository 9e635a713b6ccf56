package proof_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ruche/app/apptest"
	"ruche/models"
)

// provider is an identity provider that speaks just enough: it says where its doors are, shows its key and signs what the test has it say.
type provider struct {
	*httptest.Server
	nonce string // of the sign-in that is on its way
}

var providerKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func startProvider(t *testing.T) *provider {
	t.Helper()
	key, err := providerKey()
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{}
	routes := http.NewServeMux()
	send := func(w http.ResponseWriter, answer map[string]any) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
	}
	routes.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		send(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	routes.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		send(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "k", "n": encoded(key.N.Bytes()), "e": encoded(big.NewInt(int64(key.E)).Bytes())}}})
	})
	routes.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		token := p.says(t, map[string]any{"sub": "newcomer", "name": "Newcomer", "email": "newcomer@example.test", "email_verified": true, "sid": "there", "nonce": p.nonce})
		send(w, map[string]any{"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token})
	})
	p.Server = httptest.NewServer(routes)
	t.Cleanup(p.Close)
	return p
}

func encoded(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// says is a token of the provider.
func (p *provider) says(t *testing.T, claims map[string]any) string {
	t.Helper()
	key, err := providerKey()
	if err != nil {
		t.Fatal(err)
	}
	claims["iss"], claims["aud"], claims["iat"], claims["exp"] = p.URL, "ruche", time.Now().Unix(), time.Now().Add(time.Minute).Unix()
	raw, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	text := encoded([]byte(`{"alg":"RS256","kid":"k"}`)) + "." + encoded(raw)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + encoded(signature)
}

// comesIn goes the whole way through the provider.
func (h *house) comesIn(t *testing.T, client *apptest.Client) {
	t.Helper()
	to, err := url.Parse(client.Get("/sign-in/oidc").Status(http.StatusSeeOther).Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	h.provider.nonce = to.Query().Get("nonce")
	client.Get("/sign-in/oidc/callback?" + url.Values{"state": {to.Query().Get("state")}, "code": {"c"}}.Encode()).Status(http.StatusSeeOther)
}

// TestWhoComesInByTheProviderIsAnEmployeeOfNoRoom sends somebody new through the doors of the provider into invented companies:
// they see what the model says of an employee without a role in any room, until the provider ends their session and nobody else's.
func TestWhoComesInByTheProviderIsAnEmployeeOfNoRoom(t *testing.T) {
	rapid.Check(t, func(draw *rapid.T) {
		h := moveIn(t, drawCompany(draw))
		client := h.site.Visitor()
		h.comesIn(t, client)
		newcomer := len(h.people)
		h.people = append(h.people, models.RoleEmployee)
		h.clients[newcomer] = client
		for r, space := range h.spaces {
			if got := client.Get("/spaces/" + space.Slug).StatusCode; (got == http.StatusOK) != h.sees(newcomer, r) && !h.knowsOf(newcomer, r) {
				draw.Errorf("room %d answers %d to the newcomer", r, got)
			}
		}
		for i, id := range h.ideaIDs {
			if got := client.Get(fmt.Sprintf("/ideas/%d/versions", id)).StatusCode; (got == http.StatusOK) != h.reads(newcomer, i) {
				draw.Errorf("idea %d answers %d to the newcomer", i, got)
			}
		}
		for _, page := range []string{"/", "/ideas", "/search?q=zqall", "/notifications"} {
			if found := h.leaks(newcomer, h.ask(t, newcomer, http.MethodGet, page, rule{known: true}), rule{known: true}); len(found) > 0 {
				draw.Errorf("%s tells the newcomer of %v", page, found)
			}
		}
		h.provider.signsOut(t, h.site)
		client.Get("/account").Status(http.StatusSeeOther)
		h.clients[0].Get("/account").Status(http.StatusOK)
	})
}

// signsOut has the provider end the newcomer's session.
func (p *provider) signsOut(t *testing.T, site *apptest.Site) {
	t.Helper()
	token := p.says(t, map[string]any{"sub": "newcomer", "sid": "there", "jti": "once", "events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}})
	site.Visitor().Post("/sign-in/oidc/logout", apptest.Form{"logout_token": token}).Status(http.StatusOK)
}
