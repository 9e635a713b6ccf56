package accounts_test

import (
	"cmp"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
)

// fake is an identity provider that lies on request: what a real one never says can only be tested
// with one like this. The real one is in app/needs/oidcprovider.
type fake struct {
	*httptest.Server
	t          testing.TB
	key        atomic.Pointer[rsa.PrivateKey] // its own
	kid        string
	id         string                   // in the addresses of the house; empty for the one of the environment
	endSession string                   // where discovery says that people sign out
	noIss      bool                     // discovery does not promise the iss parameter
	answer     map[string]any           // of the token endpoint, instead of the honest one
	claims     map[string]any           // over the honest ones of the ID token; nil values take one out
	header     map[string]any           // over the honest header
	sign       func(text string) []byte // instead of the honest signature
	more       map[string]any           // what the userinfo endpoint says
	asked      map[string]url.Values    // the requests of the token endpoint by code
	nonce      string                   // of the attempt under way
}

const (
	fakeClient = "ruche"
	fakeSecret = "a secret between the two"
)

// firstKey is the key of every provider that does not change it: making one takes a while.
var firstKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func fakeProvider(t testing.TB) *fake {
	t.Helper()
	p := &fake{t: t, kid: "first", asked: map[string]url.Values{}}
	p.key.Store(firstKey())
	routes := http.NewServeMux()
	routes.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.send(w, map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys", "userinfo_endpoint": p.URL + "/me", "end_session_endpoint": cmp.Or(p.endSession, p.URL+"/out?keep=1"),
			"id_token_signing_alg_values_supported": []string{"none", "HS256", "RS256"}, "authorization_response_iss_parameter_supported": !p.noIss,
		})
	})
	routes.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		public := p.key.Load().PublicKey
		p.send(w, map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": p.kid, "n": encode(public.N.Bytes()), "e": encode(big.NewInt(int64(public.E)).Bytes()),
		}}})
	})
	routes.HandleFunc("GET /me", func(w http.ResponseWriter, _ *http.Request) {
		if p.more == nil {
			p.send(w, map[string]any{"sub": cmp.Or(p.claims["sub"], any("u1"))}) // nothing but whom it is about
			return
		}
		p.send(w, p.more)
	})
	routes.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		code := r.PostFormValue("code")
		p.asked[code] = r.PostForm
		if p.answer != nil {
			p.send(w, p.answer)
			return
		}
		p.send(w, map[string]any{"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": p.token(p.nonce)})
	})
	p.Server = httptest.NewServer(routes)
	t.Cleanup(p.Close)
	return p
}

// honest ends the lies.
func (p *fake) honest() {
	p.answer, p.claims, p.header, p.sign, p.more = nil, nil, nil, nil, nil
}

// rotate gives the provider a new key.
func (p *fake) rotate(kid string) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		p.t.Fatal(err)
	}
	p.key.Store(key)
	p.kid = kid
}

// token is the ID token for an attempt.
func (p *fake) token(nonce string) string {
	now := time.Now().Unix()
	claims := map[string]any{
		"iss": p.URL, "sub": "u1", "aud": fakeClient, "iat": now, "exp": now + 300, "nonce": nonce, "email": "mona@example.test", "email_verified": true, "name": "Mona Bertin",
	}
	header := map[string]any{"alg": "RS256", "kid": p.kid}
	text := p.encoded(override(header, p.header)) + "." + p.encoded(override(claims, p.claims))
	sign := p.sign
	if sign == nil {
		sign = signRSA(p.t, p.key.Load())
	}
	return text + "." + encode(sign(text))
}

func override(honest, lie map[string]any) map[string]any {
	for name, value := range lie {
		honest[name] = value
		if value == nil {
			delete(honest, name)
		}
	}
	return honest
}

func signRSA(t testing.TB, key *rsa.PrivateKey) func(string) []byte {
	return func(text string) []byte {
		sum := sha256.Sum256([]byte(text))
		signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
		if err != nil {
			t.Error(err)
		}
		return signature
	}
}

func signHMAC(secret []byte) func(string) []byte {
	return func(text string) []byte {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(text))
		return mac.Sum(nil)
	}
}

func encode(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func (p *fake) encoded(value any) string {
	raw, err := json.Marshal(value)
	if err != nil {
		p.t.Error(err)
	}
	return encode(raw)
}

func (p *fake) send(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		p.t.Error(err)
	}
}

// withProvider starts a house that trusts the provider.
func withProvider(p *fake) apptest.Option { return trusting(p.URL) }

func trusting(issuer string) apptest.Option {
	return func(config *app.Config, _ *app.Options) {
		config.OIDCIssuer, config.OIDCClientID, config.OIDCClientSecret = issuer, fakeClient, fakeSecret
	}
}

// withFile starts a house that trusts the providers of a file.
func withFile(t testing.TB, providers ...map[string]any) apptest.Option {
	t.Helper()
	raw, err := json.Marshal(providers)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "providers.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return func(config *app.Config, _ *app.Options) { config.OIDCFile = file }
}

// described is the provider as the file has it, under its own addresses in the house.
func (p *fake) described(id string, more map[string]any) map[string]any {
	p.id = id
	return override(map[string]any{"id": id, "name": "The " + id, "issuer": p.URL, "client_id": fakeClient, "client_secret": fakeSecret}, more)
}

// path is where the way to the provider begins in the house.
func (p *fake) path() string {
	if p.id == "" {
		return "/sign-in/oidc"
	}
	return "/sign-in/oidc/" + p.id
}

// enter signs someone in, with what the provider says of them.
func (p *fake) enter(client *apptest.Client, claims map[string]any) *apptest.Answer {
	p.t.Helper()
	p.claims = claims
	return p.finish(client, p.begin(client, "/").Get("state"))
}

// begin goes to the provider and returns what Ruche asked it.
func (p *fake) begin(client *apptest.Client, next string) url.Values {
	p.t.Helper()
	answer := client.Get(p.path() + "?next=" + url.QueryEscape(next)).Status(http.StatusSeeOther)
	location, err := answer.Location()
	if err != nil {
		p.t.Fatal(err)
	}
	asked := location.Query()
	p.nonce = asked.Get("nonce")
	return asked
}

// finish comes back from the provider with the parameters of an honest answer, or others.
func (p *fake) finish(client *apptest.Client, state string, others ...string) *apptest.Answer {
	p.t.Helper()
	answer := url.Values{"state": {state}, "code": {"code-" + state}, "iss": {p.URL}}
	for i := 0; i+1 < len(others); i += 2 {
		answer.Set(others[i], others[i+1])
		if others[i+1] == "" {
			answer.Del(others[i])
		}
	}
	return client.Get(p.path() + "/callback?" + answer.Encode())
}
