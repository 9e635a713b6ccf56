package accounts_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestATokenIsShownOnceAndRevokedForGood(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	client := site.As(mona)
	answer := client.Post("/account/tokens", apptest.Form{"token_name": "Report script", "scope": "write", "days": "365"}).Status(http.StatusOK).See("Report script", "will not be shown again")
	secret := regexp.MustCompile(`ruche_[0-9a-f]{64}`).FindString(answer.Text)
	user, token, err := site.DB.UserByToken(t.Context(), secret)
	if err != nil || user != mona.ID {
		t.Fatalf("the token is that of %d, %v", user, err)
	}
	client.Get("/account").See("Report script").NotSee(secret)

	path := "/account/tokens/" + strconv.FormatInt(token.ID, 10) + "/revocation"
	site.As(site.Person("Karl", models.RoleOwner)).Post(path, nil).Status(http.StatusNotFound)
	leads(t, client.Post(path, nil).Status(http.StatusSeeOther), "/account")
	client.Get("/account").See("The token is revoked").NotSee("Report script")
	if _, _, err := site.DB.UserByToken(t.Context(), secret); err == nil {
		t.Error("the revoked token serves")
	}
	client.Post(path, nil).Status(http.StatusNotFound)
}

func TestATokenWantsANameAndThereIsAnEndToThem(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	client := site.As(mona)
	for _, name := range []string{"", "   ", strings.Repeat("a", 101), "a\x00b", "\xff"} {
		client.Post("/account/tokens", apptest.Form{"token_name": name}).Status(http.StatusUnprocessableEntity).See(`id="token_name-error"`).NotSee("ruche_")
	}
	for field, form := range map[string]apptest.Form{
		"scope": {"token_name": "x", "scope": "everything"}, "days": {"token_name": "x", "days": "731"},
	} {
		client.Post("/account/tokens", form).Status(http.StatusUnprocessableEntity).See(`id="` + field + `-error"`).NotSee("ruche_")
	}
	for _, form := range []apptest.Form{{"token_name": "x", "days": "0"}, {"token_name": "x", "days": "-3"}, {"token_name": "x", "days": "1e9"}, {"token_name": "x", "scope": "scim"}} {
		client.Post("/account/tokens", form).Status(http.StatusUnprocessableEntity).NotSee("ruche_")
	}
	site.Tx(nil, func(tx *models.Tx) error {
		for range models.MaxTokens {
			if _, err := tx.CreateToken(&models.Token{UserID: mona.ID, Name: "one of many", Scope: models.ScopeRead}, 1); err != nil {
				return err
			}
		}
		return nil
	})
	client.Post("/account/tokens", apptest.Form{"token_name": "one more"}).Status(http.StatusUnprocessableEntity).See("Revoke one first")
}

func TestPreferencesFollowThePersonAndStayWithTheBrowser(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	visitor := site.Visitor()
	visitor.Get("/sign-in").See(`lang="en"`)
	answer := visitor.Post("/preferences", apptest.Form{"name": "locale", "value": "fr", "back": "/sign-in?next=%2Fspaces"}).Status(http.StatusSeeOther)
	leads(t, answer, "/sign-in?next=%2Fspaces")
	if cookie := answer.Cookies()[0]; !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.MaxAge < 300*24*3600 {
		t.Errorf("%s", cookie)
	}
	visitor.Post("/preferences", apptest.Form{"name": "theme", "value": "dark"}).Status(http.StatusSeeOther)
	visitor.Get("/sign-in").See(`lang="fr"`, `data-theme="dark"`, "Entrer")

	// What was chosen at the door holds inside, on every other device too.
	visitor.Post("/sign-in/link", apptest.Form{"token": site.LoginToken(mona)}).Status(http.StatusSeeOther)
	other := site.As(mona)
	other.Get("/account").See(`lang="fr"`, `data-theme="dark"`)
	other.Post("/preferences", apptest.Form{"name": "theme", "value": ""}).Status(http.StatusSeeOther)
	other.Post("/preferences", apptest.Form{"name": "locale", "value": "en"}).Status(http.StatusSeeOther)
	visitor.Get("/account").See(`lang="en"`).NotSee("data-theme")
}

func TestAPreferenceIsOneThatThereIsAndLeadsBackIntoTheHouse(t *testing.T) {
	site := apptest.Start(t)
	client := site.As(site.Person("Mona", models.RoleEmployee))
	for _, form := range []apptest.Form{
		{"name": "locale", "value": "de"}, {"name": "locale", "value": ""}, {"name": "theme", "value": "pink"}, {"name": "role", "value": "owner"}, {"name": "session", "value": "x"}, {},
	} {
		client.Post("/preferences", form).Status(http.StatusUnprocessableEntity)
	}
	leads(t, client.Post("/preferences", apptest.Form{"name": "locale", "value": "fr", "back": "//evil.test"}).Status(http.StatusSeeOther), "/")
}
