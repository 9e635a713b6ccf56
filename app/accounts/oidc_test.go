package accounts_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

func TestAnEmployeeSignsInThroughTheProvider(t *testing.T) {
	p := fakeProvider(t)
	p.claims = map[string]any{"locale": "en-GB", "title": "Buyer", "site": "Lyon"}
	site := apptest.Start(t, withProvider(p))
	client := site.Visitor()
	client.Get("/sign-in").Status(http.StatusOK).See("Continue with my Vaucelles account", `href="/sign-in/oidc?next=%2F"`)
	asked := p.begin(client, "/spaces")
	if asked.Get("response_type") != "code" || asked.Get("code_challenge_method") != "S256" || asked.Get("redirect_uri") != site.URL+"/sign-in/oidc/callback" ||
		len(asked.Get("state")) < 20 || len(asked.Get("nonce")) < 20 || asked.Get("scope") != "openid profile email" {
		t.Errorf("asks the provider %v", asked)
	}
	leads(t, p.finish(client, asked.Get("state")).Status(http.StatusSeeOther), "/spaces")
	sum := sha256.Sum256([]byte(p.asked["code-"+asked.Get("state")].Get("code_verifier")))
	if encode(sum[:]) != asked.Get("code_challenge") {
		t.Error("the verifier does not fit the challenge")
	}
	client.Get("/account").Status(http.StatusOK).See("Mona Bertin", "Buyer", "Lyon", "mona@example.test", "Your name comes from there")
	user, err := site.DB.UserByIdentity(t.Context(), p.URL, "u1")
	if err != nil || user.Role != models.RoleEmployee || user.Locale != "en" {
		t.Errorf("%+v, %v", user, err)
	}

	// The next time it is the same account, under the name that the directory has now.
	p.claims = map[string]any{"name": "Mona Bertin-Roux"}
	again := site.Visitor()
	p.finish(again, p.begin(again, "/").Get("state")).Status(http.StatusSeeOther)
	again.Get("/account").See("Mona Bertin-Roux", "Buyer")
	if people, err := site.DB.PeopleNamed(t.Context(), site.Actor(user), nil, "", 10); err != nil || len(people) != 1 {
		t.Errorf("%d accounts, %v", len(people), err)
	}
}

func TestForgedTokensAreRefused(t *testing.T) {
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	now := time.Now().Unix()
	for name, forge := range map[string]func(*fake){
		"not signed":                    func(p *fake) { p.header, p.sign = alg("none"), func(string) []byte { return nil } },
		"signed with the shared secret": func(p *fake) { p.header, p.sign = alg("HS256"), signHMAC([]byte(fakeSecret)) },
		"signed with the public key":    func(p *fake) { p.header, p.sign = alg("HS256"), signHMAC(publicKey(t, p)) },
		"signed with another key":       func(p *fake) { p.sign = signRSA(t, other) },
		"key of an unknown name":        func(p *fake) { p.header, p.sign = map[string]any{"kid": "other"}, signRSA(t, other) },
		"own key under another name":    func(p *fake) { p.header = map[string]any{"kid": "other"} },
		"for another client":            func(p *fake) { p.claims = map[string]any{"aud": "intranet"} },
		"for several clients":           func(p *fake) { p.claims = map[string]any{"aud": []string{fakeClient, "intranet"}} },
		"made for another party":        func(p *fake) { p.claims = map[string]any{"azp": "intranet"} },
		"from another issuer":           func(p *fake) { p.claims = map[string]any{"iss": "https://evil.test"} },
		"expired":                       func(p *fake) { p.claims = map[string]any{"exp": now - 120} },
		"without an end":                func(p *fake) { p.claims = map[string]any{"exp": nil} },
		"from the future":               func(p *fake) { p.claims = map[string]any{"iat": now + 600} },
		"not valid yet":                 func(p *fake) { p.claims = map[string]any{"nbf": now + 3600} },
		"without a nonce":               func(p *fake) { p.claims = map[string]any{"nonce": nil} },
		"with the nonce of another":     func(p *fake) { p.claims = map[string]any{"nonce": "another"} },
		"of nobody":                     func(p *fake) { p.claims = map[string]any{"sub": ""} },
		"with another access token":     func(p *fake) { p.claims = map[string]any{"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"} },
		"missing":                       func(p *fake) { p.answer = map[string]any{"access_token": "access", "token_type": "Bearer"} },
		"not a token":                   func(p *fake) { p.answer = map[string]any{"access_token": "access", "id_token": "a.b.c"} },
	} {
		t.Run(name, func(t *testing.T) {
			p.honest()
			client := site.Visitor()
			state := p.begin(client, "/").Get("state")
			forge(p)
			p.finish(client, state).Status(http.StatusBadGateway).See("could not be verified").NotSee("jose", "oidc:", "evil", "audience")
			client.Get("/account").Status(http.StatusSeeOther)
		})
	}
	if found, err := site.DB.HasUsers(t.Context()); err != nil || found {
		t.Errorf("an account was made (%v)", err)
	}
}

func alg(name string) map[string]any { return map[string]any{"alg": name} }

func publicKey(t *testing.T, p *fake) []byte {
	t.Helper()
	raw, err := x509.MarshalPKIXPublicKey(&p.key.Load().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: raw})
}

func TestAnAnswerServesOnlyTheAttemptThatAskedForIt(t *testing.T) {
	p := fakeProvider(t)
	now := time.Now()
	site := apptest.Start(t, withProvider(p), clock(&now))
	client, thief := site.Visitor(), site.Visitor()
	state := p.begin(client, "/").Get("state")
	p.finish(client, "").Status(http.StatusBadRequest)
	p.finish(client, "another").Status(http.StatusBadRequest)
	p.finish(thief, state).Status(http.StatusBadRequest) // another browser
	if len(p.asked) != 0 {
		t.Error("a code of an unknown attempt was exchanged")
	}
	p.finish(client, state).Status(http.StatusSeeOther)
	p.finish(client, state).Status(http.StatusBadRequest).See("start again")

	late := site.Visitor()
	state = p.begin(late, "/").Get("state")
	now = now.Add(16 * time.Minute)
	p.finish(late, state).Status(http.StatusBadRequest)
	late.Get("/account").Status(http.StatusSeeOther)
}

func TestTwoTabsSignInEachWithItsOwnAttempt(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	client := site.Visitor()
	first := p.begin(client, "/spaces")
	p.begin(client, "/ideas")
	p.nonce = first.Get("nonce")
	leads(t, p.finish(client, first.Get("state")).Status(http.StatusSeeOther), "/spaces")
}

func TestAnAnswerOfAnotherProviderIsRefused(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	for _, iss := range []string{"https://evil.test", p.URL + "/", ""} { // it promised to name itself
		client := site.Visitor()
		p.finish(client, p.begin(client, "/").Get("state"), "iss", iss).Status(http.StatusBadGateway)
		client.Get("/account").Status(http.StatusSeeOther)
	}
	silent := fakeProvider(t)
	silent.noIss = true
	site = apptest.Start(t, withProvider(silent))
	client := site.Visitor()
	silent.finish(client, silent.begin(client, "/").Get("state"), "iss", "").Status(http.StatusSeeOther)
}

func TestARefusalOfTheProviderIsSaidInOurWords(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	for code, status := range map[string]int{"access_denied": http.StatusForbidden, "server_error": http.StatusBadGateway, "<script>": http.StatusBadGateway} {
		client := site.Visitor()
		state := p.begin(client, "/").Get("state")
		p.finish(client, state, "code", "", "error", code, "error_description", "call +44 and pay").Status(status).NotSee("call +44", "<script>alert", code)
		client.Get("/account").Status(http.StatusSeeOther)
	}
}

func TestAnEmailAddressOpensNoAccount(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	mona := site.Person("Mona", models.RoleManager)
	for _, verified := range []any{true, false, nil, "true"} {
		p.claims = map[string]any{"email": "MONA@example.test", "email_verified": verified}
		client := site.Visitor()
		p.finish(client, p.begin(client, "/").Get("state")).Status(http.StatusForbidden).See("already belongs to an account")
		client.Get("/account").Status(http.StatusSeeOther)
		if identities, err := site.DB.Identities(t.Context(), mona.ID); err != nil || len(identities) != 0 {
			t.Errorf("verified %v: bound to %v, %v", verified, identities, err)
		}
	}
	page := site.As(site.Person("Olga", models.RoleOwner)).Get("/audit?verb=user.refused").Status(http.StatusOK).See("address of another account", "u1")
	if n := strings.Count(page.Text, "<td>refused a sign-in"); n != 4 {
		t.Errorf("%d refusals in the log, want 4", n)
	}
}

func TestAnAddressThatNobodyVouchesForIsNotKept(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	for subject, claims := range map[string]map[string]any{
		"false": {"email_verified": false}, "absent": {"email_verified": nil}, "words": {"email_verified": "false"}, "number": {"email_verified": 1},
		"hidden sign": {"email": "mona@example.test\u200b"}, "accent": {"email": "mon\u00e1@example.test"}, "long": {"email": strings.Repeat("m", 250) + "@example.test"},
		"none": {"email": "no address"},
	} {
		claims["sub"] = subject
		p.claims, p.more = claims, map[string]any{"sub": subject}
		client := site.Visitor()
		p.finish(client, p.begin(client, "/").Get("state")).Status(http.StatusSeeOther)
		user, err := site.DB.UserByIdentity(t.Context(), p.URL, subject)
		if err != nil || user.Email != "" {
			t.Errorf("%v: keeps %q, %v", claims, user.Email, err)
		}
	}
}

func TestAVerifiedAddressFollowsTheDirectoryUnlessItIsSomeoneElses(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	site.Person("Karl", models.RoleEmployee)
	for _, step := range []struct{ email, want string }{
		{"mona@example.test", "mona@example.test"}, {"mona.roux@example.test", "mona.roux@example.test"}, {"karl@example.test", "mona.roux@example.test"},
	} {
		p.claims = map[string]any{"email": step.email}
		client := site.Visitor()
		p.finish(client, p.begin(client, "/").Get("state")).Status(http.StatusSeeOther)
		if user, err := site.DB.UserByIdentity(t.Context(), p.URL, "u1"); err != nil || user.Email != step.want {
			t.Errorf("after %s: %q, %v", step.email, user.Email, err)
		}
	}
}

func TestTheProfileEndpointFillsGapsForTheSamePersonOnly(t *testing.T) {
	p := fakeProvider(t)
	p.claims = map[string]any{"name": nil, "email": nil, "email_verified": nil}
	p.more = map[string]any{"sub": "u1", "given_name": "Mona", "family_name": "Bertin", "email": "mona@example.test", "email_verified": true}
	site := apptest.Start(t, withProvider(p))
	client := site.Visitor()
	p.finish(client, p.begin(client, "/").Get("state")).Status(http.StatusSeeOther)
	client.Get("/account").See("Mona Bertin", "mona@example.test")

	p.more["sub"] = "u2"
	client = site.Visitor()
	p.finish(client, p.begin(client, "/").Get("state")).Status(http.StatusBadGateway)
}

func TestNamesFromTheDirectoryAreShownAsText(t *testing.T) {
	p := fakeProvider(t)
	p.claims = map[string]any{"name": "\u202e<script>alert(1)</script>\x00\n Mona " + strings.Repeat("é", 300), "locale": 7, "title": []string{"Buyer"}}
	site := apptest.Start(t, withProvider(p))
	client := site.Visitor()
	p.finish(client, p.begin(client, "/").Get("state")).Status(http.StatusSeeOther)
	client.Get("/account").Status(http.StatusOK).See("&lt;script&gt;alert(1)&lt;/script&gt; Mona é").NotSee("<script>alert", "\u202e")
}

func TestSomeoneWhoHasLeftIsNotLetInByTheProvider(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	client := site.Visitor()
	p.finish(client, p.begin(client, "/").Get("state")).Status(http.StatusSeeOther)
	user, err := site.DB.UserByIdentity(t.Context(), p.URL, "u1")
	if err != nil {
		t.Fatal(err)
	}
	site.Tx(nil, func(tx *models.Tx) error { return tx.Disable(user.ID) })
	client.Get("/account").Status(http.StatusSeeOther)
	p.finish(client, p.begin(client, "/").Get("state")).Status(http.StatusForbidden).See("account is closed")
	client.Get("/account").Status(http.StatusSeeOther)
}
