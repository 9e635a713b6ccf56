package accounts_test

import (
	"bufio"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

func TestWhoSignsOutGoesOnToSignOutOfTheProvider(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	client := site.Visitor()
	p.enter(client, nil).Status(http.StatusSeeOther)
	answer := client.Post("/sign-out", nil).Status(http.StatusOK).See("You are signed out here", "Sign out there, too")
	client.Get("/account").Status(http.StatusSeeOther)
	exit, err := url.Parse(strings.TrimPrefix(answer.Header.Get("Refresh"), "0; url="))
	if err != nil || !strings.HasPrefix(exit.String(), p.URL+"/out?") || exit.Query().Get("keep") != "1" {
		t.Fatalf("leads to %v, %v", exit, err)
	}
	asked := exit.Query()
	if asked.Get("client_id") != fakeClient || asked.Get("post_logout_redirect_uri") != site.URL+"/sign-out" || len(asked.Get("state")) < 20 || strings.Count(asked.Get("id_token_hint"), ".") != 2 {
		t.Errorf("asks the provider %v", asked)
	}
	// Nobody is told that they have left because somebody else's link says so.
	leads(t, site.Visitor().Get("/sign-out?state="+asked.Get("state")).Status(http.StatusSeeOther), "/sign-in")
	leads(t, client.Get("/sign-out?state=another").Status(http.StatusSeeOther), "/sign-in")
	p.enter(client, nil)
	answer = client.Post("/sign-out", nil).Status(http.StatusOK)
	again, err := url.Parse(strings.TrimPrefix(answer.Header.Get("Refresh"), "0; url="))
	if err != nil {
		t.Fatal(err)
	}
	leads(t, client.Get("/sign-out?state="+again.Query().Get("state")).Status(http.StatusSeeOther), "/sign-in?left=1")
	leads(t, client.Get("/sign-out?state="+again.Query().Get("state")).Status(http.StatusSeeOther), "/sign-in")
}

func TestPeopleCanLeaveWhateverTheProviderDoes(t *testing.T) {
	p := fakeProvider(t)
	now := time.Now()
	site := apptest.Start(t, withProvider(p), clock(&now))
	client, other := site.Visitor(), site.Visitor()
	p.enter(client, nil).Status(http.StatusSeeOther)
	p.enter(other, nil).Status(http.StatusSeeOther)
	p.endSession = "javascript:alert(1)"
	now = now.Add(2 * time.Minute)
	leads(t, client.Post("/sign-out", nil).Status(http.StatusSeeOther), "/sign-in?left=1")
	p.Close()
	now = now.Add(2 * time.Minute)
	leads(t, other.Post("/sign-out", nil).Status(http.StatusSeeOther), "/sign-in?left=1")
	other.Get("/account").Status(http.StatusSeeOther)
}

func TestASessionLastsNoLongerThanTheProvidersIfItSaysWhenThatEnds(t *testing.T) {
	p := fakeProvider(t)
	now := time.Now()
	site := apptest.Start(t, withProvider(p), clock(&now))
	client := site.Visitor()
	p.enter(client, map[string]any{"session_expiry": now.Add(time.Hour).Unix()}).Status(http.StatusSeeOther)
	now = now.Add(59 * time.Minute)
	client.Get("/account").Status(http.StatusOK)
	now = now.Add(2 * time.Minute)
	client.Get("/account").Status(http.StatusSeeOther)
}

// logoutToken is what the provider posts, with lies over the honest claims.
func (p *fake) logoutToken(lie map[string]any) string {
	now := time.Now().Unix()
	claims := override(map[string]any{
		"iss": p.URL, "aud": fakeClient, "iat": now, "exp": now + 120, "jti": rand.Text(), "sub": "u1",
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
	}, lie)
	text := p.encoded(override(map[string]any{"alg": "RS256", "kid": p.kid, "typ": "logout+jwt"}, p.header)) + "." + p.encoded(claims)
	sign := p.sign
	if sign == nil {
		sign = signRSA(p.t, p.key.Load())
	}
	return text + "." + encode(sign(text))
}

// tell posts a logout token as the provider does: from its own machine, without a cookie.
func (p *fake) tell(site *apptest.Site, token string) *apptest.Answer {
	return site.Visitor().Post(p.path()+"/logout", apptest.Form{"logout_token": token})
}

func TestTheProviderEndsExactlyTheSessionsThatItNames(t *testing.T) {
	p, other := fakeProvider(t), fakeProvider(t)
	site := apptest.Start(t, withFile(t, p.described("north", nil), other.described("south", nil)))
	enter := func(p *fake, sub, sid string) *apptest.Client {
		client := site.Visitor()
		p.enter(client, map[string]any{"sub": sub, "sid": sid, "email": sub + "@example.test"}).Status(http.StatusSeeOther)
		return client
	}
	laptop, phone, karl, south := enter(p, "u1", "s1"), enter(p, "u1", "s2"), enter(p, "u2", "s3"), enter(other, "s", "s1")
	mona, err := site.DB.UserByIdentity(t.Context(), p.URL, "u1")
	if err != nil {
		t.Fatal(err)
	}
	byLink := site.As(mona)
	for _, step := range []struct {
		lie  map[string]any
		ends []*apptest.Client
	}{
		{map[string]any{"sid": "unknown"}, nil},
		{map[string]any{"sub": "u2", "sid": "s1"}, nil}, // the session of somebody else
		{map[string]any{"sub": nil, "sid": "s1"}, []*apptest.Client{laptop}},
		{map[string]any{"sub": "u1"}, []*apptest.Client{laptop, phone}},
	} {
		p.tell(site, p.logoutToken(step.lie)).Status(http.StatusOK)
		for name, client := range map[string]*apptest.Client{"laptop": laptop, "phone": phone, "Karl": karl, "the other provider's": south, "by link": byLink} {
			want := http.StatusOK
			for _, ended := range step.ends {
				if client == ended {
					want = http.StatusSeeOther
				}
			}
			if got := client.Get("/account").StatusCode; got != want {
				t.Errorf("after %v %s: %d, want %d", step.lie, name, got, want)
			}
		}
	}
	site.As(site.Person("Olga", models.RoleOwner)).Get("/audit?verb=user.signed_out").See("by the company’s sign-in service")
}

func TestALogoutTokenThatIsNotOneEndsNothing(t *testing.T) {
	p, evil := fakeProvider(t), fakeProvider(t)
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	site := apptest.Start(t, withFile(t, p.described("north", nil), evil.described("evil", nil)))
	client := site.Visitor()
	p.enter(client, map[string]any{"sid": "s1"}).Status(http.StatusSeeOther)
	p.honest()
	now := time.Now().Unix()
	const event = "http://schemas.openid.net/event/backchannel-logout"
	for name, lie := range map[string]map[string]any{
		"another issuer": {"iss": evil.URL}, "another client": {"aud": "intranet"}, "no client": {"aud": nil}, "expired": {"exp": now - 60}, "no end": {"exp": nil}, "future": {"iat": now + 600}, "long ago": {"iat": now - 3600}, "no time": {"iat": nil},
		"no identifier": {"jti": nil}, "no event": {"events": nil}, "another event": {"events": map[string]any{"http://other": map[string]any{}}}, "an event that is none": {"events": map[string]any{event: "yes"}}, "an empty event": {"events": map[string]any{event: nil}},
		"a nonce": {"nonce": "n"}, "nobody": {"sub": nil}, "a long subject": {"sub": strings.Repeat("u", 300)},
	} {
		if got := p.tell(site, p.logoutToken(lie)); got.StatusCode != http.StatusBadRequest || !strings.Contains(got.Text, "invalid_request") {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.Text)
		}
	}
	for name, forge := range map[string]func(){
		"not signed":                    func() { p.header, p.sign = alg("none"), func(string) []byte { return nil } },
		"signed with the shared secret": func() { p.header, p.sign = alg("HS256"), signHMAC([]byte(fakeSecret)) },
		"signed with another key":       func() { p.sign = signRSA(t, foreign) },
	} {
		forge()
		if got := p.tell(site, p.logoutToken(nil)); got.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", name, got.StatusCode)
		}
		p.honest()
	}
	for _, token := range []string{"", "a.b.c", strings.Repeat("x", 20_000), p.token("nonce")} {
		p.tell(site, token).Status(http.StatusBadRequest)
	}
	evil.tell(site, p.logoutToken(nil)).Status(http.StatusBadRequest) // at another provider's address
	site.Visitor().Post(p.path()+"/logout?logout_token="+url.QueryEscape(p.logoutToken(nil)), nil).Status(http.StatusBadRequest)
	client.Get("/account").Status(http.StatusOK)

	used := p.logoutToken(map[string]any{"sid": "s1"})
	p.tell(site, used).Status(http.StatusOK)
	client.Get("/account").Status(http.StatusSeeOther)
	p.enter(client, map[string]any{"sid": "s1"}).Status(http.StatusSeeOther)
	p.tell(site, used).Status(http.StatusBadRequest)
	client.Get("/account").Status(http.StatusOK)
}

func TestWhatSomebodyListensToEndsWithTheirSession(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	if err := site.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	client := site.Visitor()
	p.enter(client, map[string]any{"sid": "s1"}).Status(http.StatusSeeOther)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site.URL+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(session(t, client.Cookies()))
	stream, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	if !lines.Scan() || stream.StatusCode != http.StatusOK {
		t.Fatalf("no stream: %s", stream.Status)
	}
	p.tell(site, p.logoutToken(map[string]any{"sid": "s1"})).Status(http.StatusOK)
	ended := make(chan struct{})
	go func() {
		for lines.Scan() {
			continue
		}
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("the stream goes on")
	}
}

func TestAHouseWithoutProvidersHasNoPlaceToTellOfSignOuts(t *testing.T) {
	site := apptest.Start(t, func(config *app.Config, _ *app.Options) { config.OIDCIssuer = "" })
	site.Visitor().Post("/sign-in/oidc/logout", apptest.Form{"logout_token": "x"}).Status(http.StatusNotFound)
}
