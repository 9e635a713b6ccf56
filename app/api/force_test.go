package api_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// guess asks who one is with a token, from an address.
func guess(site *apptest.Site, token, address string) *apptest.Answer {
	return site.Visitor().Do(http.MethodGet, "/api/v1/me", nil, http.Header{"Authorization": {"Bearer " + token}, "X-Forwarded-For": {address}})
}

func TestWhoGuessesTokensIsHeldUpAndTheOwnerHearsOfIt(t *testing.T) {
	site := apptest.Start(t, func(config *app.Config, _ *app.Options) { config.RateLimit = true })
	mona, olga := site.Person("Mona", models.RoleEmployee), site.Person("Olga", models.RoleOwner)
	secret := site.Token(mona, models.ScopeRead)
	held := 0
	for i := range 60 {
		answer := guess(site, fmt.Sprintf("ruche_%064d", i), "192.0.2.7")
		if answer.StatusCode == http.StatusTooManyRequests {
			held++
			if wait, err := strconv.Atoi(answer.Header.Get("Retry-After")); err != nil || wait < 1 || wait > 10 {
				t.Fatalf("Retry-After is %q", answer.Header.Get("Retry-After"))
			}
		} else if answer.StatusCode != http.StatusUnauthorized {
			t.Fatalf("a guess is answered %d", answer.StatusCode)
		}
	}
	if held < 30 {
		t.Errorf("%d of 60 guesses were held up", held)
	}
	guess(site, secret, "192.0.2.7").Status(http.StatusTooManyRequests) // whatever it sends next
	guess(site, secret, "192.0.2.8").Status(http.StatusOK)
	site.As(olga).Get("/audit?verb=security").Status(http.StatusOK).See("held up many failed attempts", "with API tokens").NotSee("192.0.2")
	events, err := site.DB.EventsAfter(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, e := range events {
		if e.Verb == models.Attacked {
			told++
		}
		if strings.Contains(e.Data, "192.0.2") || strings.Contains(e.Data, "127.0.0.1") {
			t.Errorf("the log holds an address: %s", e.Data)
		}
	}
	if told != 1 {
		t.Errorf("it was told %d times", told)
	}
}

// TestTheBeginningOfATokenIsNoHelp: it is shown on pages, and whoever has read it may come from many addresses. Its
// program must not be kept out by that.
func TestTheBeginningOfATokenIsNoHelp(t *testing.T) {
	site := apptest.Start(t, func(config *app.Config, _ *app.Options) { config.RateLimit = true })
	secret := site.Token(site.Person("Mona", models.RoleEmployee), models.ScopeRead)
	held := 0
	for i := range 60 {
		if guess(site, secret[:12]+fmt.Sprintf("%058d", i), fmt.Sprintf("198.51.100.%d", i)).StatusCode == http.StatusTooManyRequests {
			held++
		}
	}
	if held < 30 {
		t.Errorf("%d of 60 guesses were held up", held)
	}
	guess(site, secret, "203.0.113.1").Status(http.StatusOK)
	guess(site, "ruche_"+strings.Repeat("0", 64), "203.0.113.2").Status(http.StatusUnauthorized)
}

func TestATokenThatHasEndedIsRefusedAndItsPersonHearsOfIt(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	mona := site.Person("Mona", models.RoleEmployee)
	secret := site.Token(mona, models.ScopeRead)
	guess(site, secret, "192.0.2.7").Status(http.StatusOK)
	now = now.Add(models.TokenDays * 24 * time.Hour)
	for range 3 {
		guess(site, secret, "192.0.2.7").Status(http.StatusUnauthorized)
	}
	page := site.As(mona).Get("/account/security").Status(http.StatusOK).See("API token used for the first time", "API token refused", "its time is over")
	if n := strings.Count(page.Text, "API token refused"); n != 1 {
		t.Errorf("it is told %d times", n)
	}
	site.As(site.Person("Karl", models.RoleEmployee)).Get("/account/security").NotSee("API token refused")
}
