package accounts_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

func TestALinkSignsInOnceAndLookingAtItIsFree(t *testing.T) {
	site := apptest.Start(t)
	token := site.LoginToken(site.Person("Mona", models.RoleEmployee))
	for range 3 { // a mail scanner opens what it finds
		site.Visitor().Get("/sign-in/link?token="+token).Status(http.StatusOK).See("Mona", "works once")
	}
	client := site.Visitor()
	answer := client.Post("/sign-in/link", apptest.Form{"token": token, "next": "/spaces?manage=1"}).Status(http.StatusSeeOther)
	leads(t, answer, "/spaces?manage=1")
	client.Get("/account").Status(http.StatusOK).See("Mona")

	site.Visitor().Get("/sign-in/link?token=" + token).Status(http.StatusGone).See("no longer works").NotSee("Mona")
	again := site.Visitor()
	again.Post("/sign-in/link", apptest.Form{"token": token}).Status(http.StatusGone).See("no longer works")
	again.Get("/account").Status(http.StatusSeeOther)
}

func TestALinkIsWorthNothingWhenItIsOldUnknownOrOfSomeoneWhoHasLeft(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, clock(&now))
	mona, karl := site.Person("Mona", models.RoleEmployee), site.Person("Karl", models.RoleEmployee)
	old, left := site.LoginToken(mona), site.LoginToken(karl)
	site.Tx(nil, func(tx *models.Tx) error { return tx.Disable(karl.ID) })
	for _, token := range []string{"", "x", strings.Repeat("a", 10_000), "\x00", left} {
		site.Visitor().Post("/sign-in/link", apptest.Form{"token": token}).Status(http.StatusGone)
	}
	now = now.Add(61 * time.Minute)
	site.Visitor().Post("/sign-in/link", apptest.Form{"token": old}).Status(http.StatusGone)
}

func TestALinkPressedTwiceAtOnceOpensOneSession(t *testing.T) {
	site := apptest.Start(t)
	token := site.LoginToken(site.Person("Mona", models.RoleEmployee))
	var answers [8]int
	var wait sync.WaitGroup
	for i := range answers {
		client := site.Visitor()
		wait.Go(func() {
			answers[i] = client.Post("/sign-in/link", apptest.Form{"token": token}).StatusCode
		})
	}
	wait.Wait()
	opened := 0
	for _, status := range answers {
		if status == http.StatusSeeOther {
			opened++
		} else if status != http.StatusGone {
			t.Errorf("status %d", status)
		}
	}
	if opened != 1 {
		t.Errorf("the link opened %d sessions", opened)
	}
}

func TestNextLeadsOnlyIntoTheHouse(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	for _, next := range []string{
		"//evil.test", "https://evil.test", "/\\evil.test", "\\\\evil.test", "/%2f%2fevil.test", "/%5cevil.test", "/\tevil", "\t//evil.test", "https:evil.test", "javascript:alert(1)",
		"//ruche@evil.test/", "evil.test", "/\n/evil.test", "///evil.test", "http://127.0.0.1.evil.test",
	} {
		answer := site.Visitor().Post("/sign-in/link", apptest.Form{"token": site.LoginToken(mona), "next": next}).Status(http.StatusSeeOther)
		location, err := answer.Location()
		if err != nil || !strings.HasPrefix(location.String(), site.URL+"/") || strings.Contains(strings.TrimPrefix(location.String(), site.URL), "//") {
			t.Errorf("%q leads to %v", next, location)
		}
	}
}

func TestAttemptsFromOneAddressAreBoundedAndOpenSessionsGoOn(t *testing.T) {
	site := apptest.Start(t, func(config *app.Config, _ *app.Options) { config.RateLimit = true })
	mona := site.As(site.Person("Mona", models.RoleEmployee))
	refused := 0
	for range 50 {
		answer := site.Visitor().Post("/sign-in/link", apptest.Form{"token": "guess"})
		if answer.StatusCode == http.StatusTooManyRequests {
			refused++
			if answer.Header.Get("Retry-After") == "" {
				t.Error("a refusal does not say when to come back")
			}
		}
	}
	if refused < 25 {
		t.Errorf("%d of 50 guesses were refused", refused)
	}
	mona.Get("/account").Status(http.StatusOK)
}

// leads fails the test unless an answer sends people to a path of the house.
func leads(t *testing.T, answer *apptest.Answer, path string) {
	t.Helper()
	if got := answer.Header.Get("Location"); got != path {
		t.Errorf("leads to %q, want %q", got, path)
	}
}

// clock lets a test move the time of the house.
func clock(now *time.Time) apptest.Option {
	return func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return *now } }
}
