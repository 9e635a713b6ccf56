package accounts_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// byKey starts a house whose directory and provider share a key.
func byKey(p *fake) apptest.Option {
	return func(config *app.Config, options *app.Options) {
		withProvider(p)(config, options)
		config.OIDCExternalID = "oid"
	}
}

// directory sends a request of the company's directory and returns what it answers.
func directory(t *testing.T, site *apptest.Site, owner *models.User, method, path, body string) *apptest.Answer {
	t.Helper()
	return site.Visitor().Do(method, "/scim/v2"+path, strings.NewReader(body), http.Header{"Authorization": {"Bearer " + site.Token(owner, models.ScopeSCIM)}, "Content-Type": {"application/scim+json"}})
}

// told makes the account of someone whom the directory tells of.
func told(t *testing.T, site *apptest.Site, owner *models.User, email, key string) *models.User {
	t.Helper()
	directory(t, site, owner, "POST", "/Users", fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":%q,"externalId":%q,"displayName":"From the directory"}`, email, key)).Status(http.StatusCreated)
	user, err := site.DB.UserByEmail(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	return user
}

// bound lists whom an account is bound to.
func bound(t *testing.T, site *apptest.Site, user *models.User) (subjects []string) {
	t.Helper()
	identities, err := site.DB.Identities(t.Context(), user.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, identity := range identities {
		subjects = append(subjects, identity.Issuer+" "+identity.Subject)
	}
	return subjects
}

func TestWhomTheDirectoryMadeAnAccountForFindsIt(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, byKey(p))
	olga := site.Person("Olga", models.RoleOwner)
	mona := told(t, site, olga, "mona@example.test", "4f1c")
	for range 2 { // the second time by issuer and subject
		client := site.Visitor()
		p.enter(client, map[string]any{"oid": "4f1c", "email": "m.petit@example.test"}).Status(http.StatusSeeOther)
		client.Get("/account").Status(http.StatusOK).See("Mona Bertin", "m.petit@example.test")
		client.Get("/account/security").Status(http.StatusOK).See("Account bound to an identity", "by the key that the directory knows them by")
	}
	if subjects := bound(t, site, mona); len(subjects) != 1 || subjects[0] != p.URL+" u1" {
		t.Errorf("bound to %v", subjects)
	}
	page := site.As(olga).Get("/audit?verb=security").Status(http.StatusOK).See("bound an account to an identity", "by the key that the directory knows them by", "u1")
	if n := strings.Count(page.Text, "<td>bound an account"); n != 1 {
		t.Errorf("%d bindings in the log, want 1", n)
	}
}

func TestAUserNameOfTheDirectoryOpensItsAccountWhereTheOperatorSaysSo(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withFile(t, p.described("north", map[string]any{"claims": map[string]any{"user_name": "realm.login"}})))
	olga := site.Person("Olga", models.RoleOwner)
	mona := told(t, site, olga, "Mona.Petit@example.test", "4f1c")
	p.enter(site.Visitor(), map[string]any{"email": nil, "realm": map[string]any{"login": "mona.petit@EXAMPLE.test"}}).Status(http.StatusSeeOther)
	if subjects := bound(t, site, mona); len(subjects) != 1 {
		t.Errorf("bound to %v", subjects)
	}
	// The key of the one name is worth nothing as the other.
	noor := told(t, site, olga, "noor@example.test", "77aa")
	p.enter(site.Visitor(), map[string]any{"sub": "u2", "email": "noor@example.test", "realm": map[string]any{"login": "77aa"}}).Status(http.StatusForbidden)
	if subjects := bound(t, site, noor); len(subjects) != 0 {
		t.Errorf("bound to %v", subjects)
	}
}

func TestNothingButTheDirectorysKeyOpensTheAccountThatItMade(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, byKey(p))
	olga := site.Person("Olga", models.RoleOwner)
	mona := told(t, site, olga, "mona@example.test", "4f1c")
	refused := func(user *models.User, claims map[string]any, words string) {
		t.Helper()
		before := bound(t, site, user)
		client := site.Visitor()
		p.enter(client, claims).Status(http.StatusForbidden).See(words)
		client.Get("/account").Status(http.StatusSeeOther)
		if after := bound(t, site, user); len(after) != len(before) {
			t.Errorf("%v binds %v", claims, after)
		}
	}
	for _, oid := range []any{nil, "", " ", "4f1C", "4f1c ", "4f1", "other", []string{"4f1c", "4f1d"}, map[string]any{"oid": "4f1c"}, true, strings.Repeat("4f1c", 2000), "mona@example.test"} {
		refused(mona, map[string]any{"oid": oid}, "already belongs to an account")
	}
	for _, name := range []string{"external_id", "externalId", "sub"} { // not the claim that the operator named
		refused(mona, map[string]any{name: "4f1c"}, "already belongs to an account")
	}

	// The account is bound already: whoever says the same key later is somebody else.
	p.enter(site.Visitor(), map[string]any{"oid": "4f1c"}).Status(http.StatusSeeOther)
	refused(mona, map[string]any{"sub": "u2", "oid": "4f1c"}, "already belongs to an account")

	// An account that was made here is none of the directory's, even if it gave it a key later.
	karl := site.Person("Karl", models.RoleEmployee)
	refused(karl, map[string]any{"sub": "u3", "email": karl.Email, "oid": karl.Email}, "already belongs to an account")
	directory(t, site, olga, "PATCH", fmt.Sprintf("/Users/%d", karl.ID), `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"externalId","value":"k-1"}]}`).Status(http.StatusOK)
	refused(karl, map[string]any{"sub": "u3", "email": karl.Email, "oid": "k-1"}, "already belongs to an account")

	// Whom the directory has shut out gets neither that account nor another.
	noor := told(t, site, olga, "noor@example.test", "n-1")
	directory(t, site, olga, "PATCH", fmt.Sprintf("/Users/%d", noor.ID), `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}`).Status(http.StatusOK)
	refused(noor, map[string]any{"sub": "u4", "email": nil, "oid": "n-1"}, "account is closed")
}

func TestWithoutAWordOfTheOperatorNoKeyOpensAnAccount(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	mona := told(t, site, site.Person("Olga", models.RoleOwner), "mona@example.test", "4f1c")
	p.enter(site.Visitor(), map[string]any{"oid": "4f1c", "": "4f1c"}).Status(http.StatusForbidden).See("already belongs to an account")
	if subjects := bound(t, site, mona); len(subjects) != 0 {
		t.Errorf("bound to %v", subjects)
	}
}

func TestOfTwoWhoHoldTheSameKeyAtOnceOneGetsTheAccount(t *testing.T) {
	north, south := fakeProvider(t), fakeProvider(t)
	keyed := map[string]any{"claims": map[string]any{"external_id": "oid"}}
	site := apptest.Start(t, withFile(t, north.described("north", keyed), south.described("south", keyed)))
	mona := told(t, site, site.Person("Olga", models.RoleOwner), "mona@example.test", "4f1c")
	clients := []*apptest.Client{site.Visitor(), site.Visitor()}
	var all sync.WaitGroup
	for i, p := range []*fake{north, south} {
		all.Go(func() { p.enter(clients[i], map[string]any{"oid": "4f1c"}) })
	}
	all.Wait()
	if subjects := bound(t, site, mona); len(subjects) != 1 {
		t.Errorf("bound to %v", subjects)
	}
	in := 0
	for _, client := range clients {
		if client.Get("/account").StatusCode == http.StatusOK {
			in++
		}
	}
	if in != 1 {
		t.Errorf("%d are in, want 1", in)
	}
}
