package accounts_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ruche/app"
	"ruche/app/accounts"
	"ruche/app/apptest"
	"ruche/models"
)

func TestEachCompanySignsInAtItsOwnProvider(t *testing.T) {
	north, south := fakeProvider(t), fakeProvider(t)
	site := apptest.Start(t, withFile(t, north.described("north", nil), south.described("south", map[string]any{"scopes": []string{"groups", "email"}})))
	client := site.Visitor()
	client.Get("/sign-in").Status(http.StatusOK).See(`href="/sign-in/oidc/north?next=%2F"`, `href="/sign-in/oidc/south?next=%2F"`, "Continue with The north").NotSee(`href="/sign-in/oidc?`, `name="email"`)
	client.Get("/sign-in/oidc").Status(http.StatusNotFound)
	asked := south.begin(client, "/spaces")
	if asked.Get("redirect_uri") != site.URL+"/sign-in/oidc/south/callback" || asked.Get("scope") != "openid profile email groups" {
		t.Errorf("asks the provider %v", asked)
	}
	south.claims = map[string]any{"name": "Sofia", "email": "sofia@south.test"}
	leads(t, south.finish(client, asked.Get("state")).Status(http.StatusSeeOther), "/spaces")
	client.Get("/account").Status(http.StatusOK).See("Sofia", "sign in with your The south account")

	// The same subject of another provider is somebody else.
	other := site.Visitor()
	north.enter(other, map[string]any{"name": "Nadia", "email": "nadia@north.test"}).Status(http.StatusSeeOther)
	other.Get("/account").See("Nadia").NotSee("Sofia")
	client.Get("/account").See("Sofia").NotSee("Nadia")
}

func TestTwoProvidersThatAssertOneAddressTakeOverNothing(t *testing.T) {
	north, south := fakeProvider(t), fakeProvider(t)
	site := apptest.Start(t, withFile(t, north.described("north", nil), south.described("south", map[string]any{"trust_email": true})))
	mona := site.Visitor()
	north.enter(mona, map[string]any{"email": "mona@example.test"}).Status(http.StatusSeeOther)
	for _, verified := range []any{true, nil, false} {
		thief := site.Visitor()
		south.enter(thief, map[string]any{"email": "Mona@Example.test", "email_verified": verified}).Status(http.StatusForbidden).See("already belongs to an account")
		thief.Get("/account").Status(http.StatusSeeOther)
	}
	// Nor does an account that has another address already get it by saying so.
	thief := site.Visitor()
	south.enter(thief, map[string]any{"email": "eve@example.test"}).Status(http.StatusSeeOther)
	south.enter(site.Visitor(), map[string]any{"email": "mona@example.test"}).Status(http.StatusSeeOther)
	for issuer, want := range map[string]string{north.URL: "mona@example.test", south.URL: "eve@example.test"} {
		if user, err := site.DB.UserByIdentity(t.Context(), issuer, "u1"); err != nil || user.Email != want {
			t.Errorf("%s has %q, want %q (%v)", issuer, user.Email, want, err)
		}
	}
	mona.Get("/account").See("mona@example.test")
}

func TestAnAnswerIsWorthNothingAtAnotherProvidersAddress(t *testing.T) {
	honest, evil := fakeProvider(t), fakeProvider(t)
	honest.noIss, evil.noIss = true, true // neither names itself, so that the address alone tells them apart
	site := apptest.Start(t, withFile(t, honest.described("honest", nil), evil.described("evil", nil)))
	client := site.Visitor()
	state := honest.begin(client, "/").Get("state")
	evil.nonce = honest.nonce
	evil.finish(client, state, "iss", "").Status(http.StatusBadRequest)
	if len(honest.asked)+len(evil.asked) != 0 {
		t.Error("a code was exchanged")
	}
	honest.finish(client, state, "iss", "").Status(http.StatusBadRequest).See("start again") // the attempt is spent
	// The other way round: an attempt at one provider is answered by the token of another.
	state = honest.begin(client, "/").Get("state")
	honest.claims = map[string]any{"iss": evil.URL}
	honest.finish(client, state, "iss", "").Status(http.StatusBadGateway)
	state = honest.begin(client, "/").Get("state")
	honest.honest()
	honest.finish(client, state, "iss", evil.URL).Status(http.StatusBadGateway)
	client.Get("/account").Status(http.StatusSeeOther)
}

func TestWhileOneProviderIsAwayTheOtherSignsIn(t *testing.T) {
	up, down := fakeProvider(t), fakeProvider(t)
	site := apptest.Start(t, withFile(t, up.described("up", nil), down.described("down", nil)))
	mona := site.Visitor()
	down.enter(mona, map[string]any{"email": "mona@example.test"}).Status(http.StatusSeeOther)
	down.Close()
	mona.Get("/account").Status(http.StatusOK)
	site = apptest.Start(t, withFile(t, up.described("up", nil), down.described("down", nil)), func(config *app.Config, _ *app.Options) { config.DatabaseURL = site.Config.DatabaseURL })
	client := site.Visitor()
	client.Get("/sign-in/oidc/down").Status(http.StatusServiceUnavailable).See("cannot be reached right now")
	client.Get("/sign-in").Status(http.StatusOK).See("did not answer a moment ago", "/sign-in/oidc/up")
	up.enter(client, map[string]any{"email": "karl@example.test"}).Status(http.StatusSeeOther)
	client.Get("/account").Status(http.StatusOK)
}

func TestAnAddressLeadsToItsProviderAndEveryoneElseToALink(t *testing.T) {
	north, south, post := fakeProvider(t), fakeProvider(t), apptest.NewPost(t)
	file := withFile(t, north.described("north", map[string]any{"domains": []string{"North.test", "n.example"}}), south.described("south", map[string]any{"domains": []string{"south.test"}}))
	site := apptest.Start(t, file, post.Option)
	guest := site.Person("Gaston", models.RoleExternal)
	client := site.Visitor()
	client.Get("/sign-in?next=%2Fspaces").Status(http.StatusOK).See(`name="email"`, "takes you to its sign-in page", ">Continue<")
	for email, way := range map[string]string{
		" Mona@NORTH.test": "/sign-in/oidc/north?email=mona%40north.test&next=%2Fspaces", "sofia@south.test": "/sign-in/oidc/south?email=sofia%40south.test&next=%2Fspaces", "x@n.example": "/sign-in/oidc/north?email=x%40n.example&next=%2Fspaces",
	} {
		answer := client.Post("/sign-in/mail", apptest.Form{"email": email, "next": "/spaces"}).Status(http.StatusOK).See("Continue with The", strings.ReplaceAll(way, "&", "&amp;"))
		if got := answer.Header.Get("Refresh"); got != "0; url="+way {
			t.Errorf("%s leads to %q", email, got)
		}
		location, err := client.Get(way).Status(http.StatusSeeOther).Location()
		if err != nil || location.Query().Get("login_hint") != models.NormalEmail(email) {
			t.Errorf("the provider is asked %v, %v", location, err)
		}
	}
	// Neither a mailbox below a company's domain nor one that only looks like it.
	for _, email := range []string{"gaston@example.test", "x@sub.north.test", "x@north.test.evil.example", "north.test@evil.example"} {
		leads(t, client.Post("/sign-in/mail", apptest.Form{"email": email}).Status(http.StatusSeeOther), "/sign-in/mail")
	}
	client.Post("/sign-in/mail", apptest.Form{"email": "a b@north.test"}).Status(http.StatusUnprocessableEntity)
	for _, next := range []string{"//evil.test", "https://evil.test"} {
		client.Post("/sign-in/mail", apptest.Form{"email": "mona@north.test", "next": next}).Status(http.StatusOK).NotSee("evil.test", url.QueryEscape("evil.test"))
	}
	site.Settle()
	post.Letter(guest.Email)
	if n := len(post.Letters()); n != 1 {
		t.Errorf("%d letters, want the guest's alone", n)
	}
	// A house that sends no mail says so.
	silent := apptest.Start(t, file).Visitor()
	silent.Post("/sign-in/mail", apptest.Form{"email": "gaston@example.test"}).Status(http.StatusUnprocessableEntity).See("No company here uses this address", "gaston@example.test")
	silent.Post("/sign-in/mail", apptest.Form{"email": "mona@north.test"}).Status(http.StatusOK)
}

func TestAWrongFileIsOneClearLine(t *testing.T) {
	const secret = "hush-hush"
	dir := t.TempDir()
	for name, content := range map[string]string{"secret": " from-a-file\n", "empty": "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	with := func(more string) string {
		return `{"id": "north", "name": "North", "issuer": "https://login.north.test", "client_id": "ruche", ` + more + `}`
	}
	read := func(content string) ([]accounts.OIDC, error) {
		file := filepath.Join(dir, "providers.json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		config, err := app.LoadConfig(map[string]string{"RUCHE_OIDC_FILE": file, "RUCHE_DATA_DIR": dir, "RUCHE_OIDC_ISSUER": "https://login.first.test", "RUCHE_OIDC_CLIENT_ID": "ruche"})
		if err != nil {
			return nil, err
		}
		return config.Providers()
	}
	for content, culprit := range map[string]string{
		"": "JSON", "{}": "list", "[]": "1 to 20", "[\n{\n\"id\": nope}]": "line 3", "[7]": "provider 1",
		"[" + with(`"client_secret": 7`) + "]": "client_secret: it must be a text, not number", "[" + with(`"client_sceret": "`+secret+`"`) + "]": "client_sceret: there is no such field",
		"[" + with(`"claims": {"nom": "cn"}`) + "]": "nom", "[" + with(`"claims": {"name": 7}`) + "]": "claims.name", "[" + with(`"claims": {"external_id": "oid", "user_name": "upn"}`) + "]": "external_id", "[" + with(`"domains": "north.test"`) + "]": "domains", "[" + with(`"domains": ["@north.test"]`) + "]": "domains",
		"[" + with(`"trust_email": "yes"`) + "]": "trust_email", "[" + with(`"scopes": ["a b"]`) + "]": "scopes",
		"[" + with(`"client_secret": "`+secret+`", "client_secret_file": "secret"`) + "]": "client_secret_file", "[" + with(`"client_secret_file": "missing"`) + "]": "client_secret_file", "[" + with(`"client_secret_file": "empty"`) + "]": "client_secret_file",
		`[{"name": "North"}]`: "id", `[{"id": "callback", "name": "North"}]`: "id", `[{"id": "North"}]`: "id", `[{"id": "north"}]`: "name", `[{"id": "north", "name": "North"}]`: "client_id",
		`[{"id": "north", "name": "North", "client_id": "r"}]`: "issuer", `[{"id": "north", "name": "North", "client_id": "r", "issuer": "http://login.north.test"}]`: "issuer", `[{"id": "north", "name": "North", "client_id": "r", "issuer": "login.north.test"}]`: "issuer",
		"[" + with(`"scopes": []`) + "," + with(`"scopes": []`) + "]":                                                         "id",
		"[" + with(`"scopes": []`) + "," + strings.Replace(with(`"scopes": []`), `"id": "north"`, `"id": "south"`, 1) + "]":   "issuer",
		"[" + strings.Replace(with(`"scopes": []`), "login.north", "login.first", 1) + "]":                                    "issuer",
		"[" + with(`"domains": ["n.test"]`) + "," + strings.ReplaceAll(with(`"domains": ["N.TEST"]`), "north", "south") + "]": "domains",
		"[" + strings.Repeat(with(`"scopes": []`)+",", 20) + with(`"scopes": []`) + "]":                                       "1 to 20",
		strings.Repeat(" ", 2<<20): "larger",
	} {
		_, err := read(content)
		if err == nil || !strings.HasPrefix(err.Error(), "RUCHE_OIDC_FILE: ") || !strings.Contains(err.Error(), culprit) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), secret) {
			t.Errorf("%.200q: %v, want one line that names %s", content, err, culprit)
		}
	}
	providers, err := read("[" + with(`"client_secret_file": "secret"`) + "]")
	if err != nil || len(providers) != 2 || providers[1].ClientSecret != "from-a-file" || providers[0].ID != "" {
		t.Errorf("%+v, %v", providers, err)
	}
}
