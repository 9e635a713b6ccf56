package accounts_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"ruche/app/accounts"
	"ruche/app/apptest"
	"ruche/app/web"
	"ruche/models"
)

func TestTheFirstOwnerIsLetInOnceAndThenKnownByTheirOwnName(t *testing.T) {
	site := apptest.Start(t)
	first, needed, err := accounts.FirstOwner(t.Context(), site.DB, "Propriétaire")
	if err != nil || !needed {
		t.Fatalf("needed %t, %v", needed, err)
	}
	second, needed, err := accounts.FirstOwner(t.Context(), site.DB, "Propriétaire") // started again before anyone came
	if err != nil || !needed || first == second {
		t.Fatalf("needed %t, %v", needed, err)
	}
	client := site.Visitor()
	client.Get(strings.TrimPrefix(web.LinkURL(site.URL, second), site.URL)).Status(http.StatusOK).See("Propriétaire")
	client.Post("/sign-in/link", apptest.Form{"token": second}).Status(http.StatusSeeOther)
	if _, needed, err = accounts.FirstOwner(t.Context(), site.DB, "Propriétaire"); err != nil || needed {
		t.Errorf("once the owner is in: needed %t, %v", needed, err)
	}

	karl := site.Person("Karl", models.RoleEmployee)
	client.Post("/account", apptest.Form{"name": "Olga Petit", "email": karl.Email}).Status(http.StatusUnprocessableEntity).See(`id="email-error"`, `value="Olga Petit"`)
	client.Post("/account", apptest.Form{"name": "Olga Petit", "email": "Olga@Example.test"}).Status(http.StatusSeeOther)
	secret, err := accounts.LoginLink(t.Context(), site.DB, "olga@example.test")
	if err != nil {
		t.Fatal(err)
	}
	again := site.Visitor()
	again.Post("/sign-in/link", apptest.Form{"token": secret}).Status(http.StatusSeeOther)
	again.Get("/audit").Status(http.StatusOK).See("at the first start", "made a sign-in link")
	// An address once given is not changed by the same form.
	client.Post("/account", apptest.Form{"name": "Olga Petit", "email": "new@example.test"}).Status(http.StatusSeeOther)
	if _, err := site.DB.UserByEmail(t.Context(), "olga@example.test"); err != nil {
		t.Error(err)
	}
}

func TestNoOwnerIsMadeWhereSomeoneIs(t *testing.T) {
	site := apptest.Start(t)
	site.Person("Karl", models.RoleEmployee)
	if _, needed, err := accounts.FirstOwner(t.Context(), site.DB, "Owner"); err != nil || needed {
		t.Errorf("needed %t, %v", needed, err)
	}
}

func TestImportedNamesDoNotKeepTheFirstOwnerOut(t *testing.T) {
	site := apptest.Start(t)
	reference := "member-1"
	site.Tx(nil, func(tx *models.Tx) error {
		return tx.CreateUser(&models.User{Name: "Pseudonym", Role: models.RoleEmployee, ImportRef: &reference})
	})
	if _, needed, err := accounts.FirstOwner(t.Context(), site.DB, "Owner"); err != nil || !needed {
		t.Errorf("needed %t, %v", needed, err)
	}
}

func TestCommandsMakeAccountsLinksAndTokens(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, clock(&now))
	user := &models.User{Name: "Camille Roux", Email: " Camille@Client.test ", Role: models.RoleExternal}
	if err := accounts.CreateUser(t.Context(), site.DB, user); err != nil {
		t.Fatal(err)
	}
	var invalid models.Invalid
	if err := accounts.CreateUser(t.Context(), site.DB, &models.User{Name: "X", Email: "camille@client.test", Role: models.RoleOwner}); !errors.As(err, &invalid) || invalid["email"] == "" {
		t.Errorf("a taken address: %v", err)
	}
	if err := accounts.CreateUser(t.Context(), site.DB, &models.User{Name: "", Email: "nothing", Role: "boss"}); !errors.As(err, &invalid) || len(invalid) != 3 {
		t.Errorf("three mistakes: %v", err)
	}
	secret, err := accounts.LoginLink(t.Context(), site.DB, "CAMILLE@client.test")
	if err != nil {
		t.Fatal(err)
	}
	site.Visitor().Post("/sign-in/link", apptest.Form{"token": secret}).Status(http.StatusSeeOther)
	token, err := accounts.CreateToken(t.Context(), site.DB, "camille@client.test", &models.Token{Name: "CI", Scope: models.ScopeRead}, models.TokenDays)
	if err != nil {
		t.Fatal(err)
	}
	if id, _, err := site.DB.UserByToken(t.Context(), token); err != nil || id != user.ID {
		t.Errorf("token of %d, %v", id, err)
	}
	site.Tx(nil, func(tx *models.Tx) error { return tx.Disable(user.ID) })
	for _, email := range []string{"camille@client.test", "nobody@client.test", ""} {
		if _, err := accounts.LoginLink(t.Context(), site.DB, email); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("a link for %q: %v", email, err)
		}
	}
}

func TestAnOperatorBindsAnAccountToAnIdentity(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, withProvider(p))
	mona := site.Person("Mona", models.RoleManager)
	client := site.Visitor()
	p.finish(client, p.begin(client, "/").Get("state")).Status(http.StatusForbidden)
	if err := accounts.Link(t.Context(), site.DB, "mona@example.test", p.URL, "u1"); err != nil {
		t.Fatal(err)
	}
	p.finish(client, p.begin(client, "/").Get("state")).Status(http.StatusSeeOther)
	client.Get("/account").Status(http.StatusOK).See("Community manager", "mona@example.test")
	site.Person("Karl", models.RoleEmployee)
	if err := accounts.Link(t.Context(), site.DB, "karl@example.test", p.URL, "u1"); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a subject of two accounts: %v", err)
	}
	if err := accounts.Link(t.Context(), site.DB, mona.Email, "", ""); err == nil {
		t.Error("an empty identity was bound")
	}
}
