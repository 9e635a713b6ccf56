package accounts_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"ruche/app/accounts"
	"ruche/app/apptest"
	"ruche/models"
)

func emergency(t *testing.T, site *apptest.Site, email string) (secret string) {
	t.Helper()
	secret, err := accounts.OwnerLink(t.Context(), site.DB, site.Mail, email, "")
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestEmergencyAccessLetsAnOwnerInAndEveryOwnerKnows(t *testing.T) {
	now := time.Now()
	site, post := magic(t, &now)
	olga, karl := site.Person("Olga", models.RoleOwner), site.Person("Karl", models.RoleOwner)
	mona := site.Person("Mona", models.RoleEmployee)
	gone := site.Person("Gone", models.RoleOwner)
	site.Tx(nil, func(tx *models.Tx) error {
		for _, user := range []*models.User{olga, karl, mona} {
			if err := tx.SavePreferences(user.ID, "en", ""); err != nil {
				return err
			}
		}
		return tx.Disable(gone.ID)
	})
	client, employee := site.As(mona), site.As(site.Person("Zoe", models.RoleEmployee))
	client.Get("/audit").Status(http.StatusForbidden)
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })

	secret := emergency(t, site, "Mona@example.test")
	inTheCommand := log.String()
	site.Settle()
	for where, told := range map[string]string{"command line": inTheCommand, "server": strings.TrimPrefix(log.String(), inTheCommand)} {
		if strings.Count(told, "level=WARN") != 1 || !strings.Contains(told, "emergency access") || strings.Contains(strings.ToLower(told), "mona") || strings.Contains(told, secret) {
			t.Errorf("the log of the %s says %q", where, told)
		}
	}
	for _, owner := range []*models.User{olga, karl} {
		if letter := post.Letter(owner.Email); letter.Subject != "Emergency access to Vaucelles" || !strings.Contains(letter.Text, "Mona") || strings.Contains(letter.Text, secret) {
			t.Errorf("%+v", letter)
		}
	}
	if n := len(post.Letters()); n != 2 {
		t.Errorf("%d letters", n)
	}
	visitor := site.Visitor()
	visitor.Post("/sign-in/link", apptest.Form{"token": secret}).Status(http.StatusSeeOther)
	visitor.Get("/audit").Status(http.StatusOK).See("made an emergency link for an owner", "to an account promoted for it")
	client.Get("/audit").Status(http.StatusOK) // it is the same account

	site.As(olga).Get("/").See("Emergency access on", "Mona", "/audit?verb=owner.link_created")
	employee.Get("/").Status(http.StatusOK).NotSee("Emergency access")
	site.Visitor().Get("/").NotSee("Emergency access")
	now = now.Add(8 * 24 * time.Hour)
	site.As(olga).Get("/").NotSee("Emergency access")
}

func TestEmergencyAccessMakesAnAccountWhereThereIsNone(t *testing.T) {
	now := time.Now()
	site, _ := magic(t, &now, setting("off"))
	secret := emergency(t, site, "new.owner@example.test")
	client := site.Visitor()
	client.Post("/sign-in/link", apptest.Form{"token": secret}).Status(http.StatusSeeOther)
	client.Get("/audit").Status(http.StatusOK).See("to an account made for it", "new.owner")
	again := emergency(t, site, "new.owner@example.test")
	now = now.Add(61 * time.Minute)
	site.Visitor().Post("/sign-in/link", apptest.Form{"token": again}).Status(http.StatusGone)
	site.Visitor().Post("/sign-in/link", apptest.Form{"token": secret}).Status(http.StatusGone)
}

func TestEmergencyAccessOpensNoClosedAccountAndMakesNoOutsiderAnOwner(t *testing.T) {
	now := time.Now()
	site, post := magic(t, &now)
	site.Person("Olga", models.RoleOwner)
	closed, guest := site.Person("Closed", models.RoleOwner), site.Person("Guest", models.RoleExternal)
	site.Tx(nil, func(tx *models.Tx) error { return tx.Disable(closed.ID) })
	for email, want := range map[string]string{closed.Email: "signin.emergency.closed", guest.Email: "signin.emergency.external", "nonsense": "users.email_invalid"} {
		_, err := accounts.OwnerLink(t.Context(), site.DB, site.Mail, email, "")
		var invalid models.Invalid
		if !errors.As(err, &invalid) || invalid["email"] != want {
			t.Errorf("%s: %v", email, err)
		}
	}
	site.Settle()
	if n := len(post.Letters()); n != 0 {
		t.Errorf("%d letters about nothing", n)
	}
	for _, user := range []*models.User{closed, guest} {
		if now, err := site.DB.UserByEmail(t.Context(), user.Email); err != nil || now.Role != user.Role {
			t.Errorf("%s is %s now, %v", user.Name, now.Role, err)
		}
	}
}
