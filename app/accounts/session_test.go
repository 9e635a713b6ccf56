package accounts_test

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
	"ruche/views/layout"
)

func TestTheSessionFromBeforeSignInIsWorthNothingAfter(t *testing.T) {
	site := apptest.Start(t, withProvider(fakeProvider(t)))
	client := site.Visitor()
	client.Get("/sign-in/oidc").Status(http.StatusSeeOther) // a visitor's session
	before := session(t, client.Cookies())
	client.Post("/sign-in/link", apptest.Form{"token": site.LoginToken(site.Person("Mona", models.RoleEmployee))}).Status(http.StatusSeeOther)
	if session(t, client.Cookies()).Value == before.Value {
		t.Error("the session kept its token")
	}
	with(site, before).Status(http.StatusSeeOther)
	// Nor does the house take over a token that somebody made up.
	made := &http.Cookie{Name: before.Name, Value: "made-up-by-somebody-else-for-the-victim-000"}
	answer := site.Visitor().Do(http.MethodPost, "/sign-in/link", nil, http.Header{"Cookie": {made.String()}})
	for _, cookie := range answer.Cookies() {
		if cookie.Value == made.Value {
			t.Error("the house took over a made-up token")
		}
	}
}

func TestTheCookieIsForThisHostAndNoScript(t *testing.T) {
	for _, base := range []string{"", "https://ruche.example.test"} {
		site := apptest.Start(t, func(config *app.Config, _ *app.Options) {
			if base != "" {
				config.BaseURL = base
			}
		})
		answer := site.Visitor().Post("/sign-in/link", apptest.Form{"token": site.LoginToken(site.Person("Mona", models.RoleEmployee))}).Status(http.StatusSeeOther)
		cookie := session(t, answer.Cookies())
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
			t.Errorf("%s", cookie)
		}
		if secure := base != ""; cookie.Secure != secure || (cookie.Name == "__Host-session") != secure {
			t.Errorf("over TLS %t: %s", secure, cookie)
		}
	}
}

func TestSigningOutEndsTheSessionOnTheServer(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	here, there := site.As(mona), site.As(mona)
	old := session(t, here.Cookies())
	page := here.Get("/account").Status(http.StatusOK)
	if page.Header.Get("Cache-Control") != "no-store" {
		t.Error("the back button may show a private page")
	}
	leads(t, here.Post("/sign-out", nil).Status(http.StatusSeeOther), "/sign-in?left=1")
	here.Get("/sign-in?left=1").Status(http.StatusOK).See("You are signed out")
	with(site, old).Status(http.StatusSeeOther)
	there.Get("/account").Status(http.StatusOK)
	site.Visitor().Post("/sign-out", nil).Status(http.StatusSeeOther)
}

func TestSigningOutEverywhereEndsEverySessionAndNobodyElses(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	karl := site.As(site.Person("Karl", models.RoleEmployee))
	here, there := site.As(mona), site.As(mona)
	here.Get("/account").See("Sign out everywhere", "End all others")
	old := []*http.Cookie{session(t, here.Cookies()), session(t, there.Cookies())}
	here.Post("/sign-out", apptest.Form{"everywhere": "1"}).Status(http.StatusSeeOther)
	for _, cookie := range old {
		with(site, cookie).Status(http.StatusSeeOther)
	}
	karl.Get("/account").Status(http.StatusOK)
}

func TestARequestOnItsWayDoesNotReviveAnEndedSession(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	site.Echo.GET("/slow", func(c echo.Context) error {
		site.Tx(nil, func(tx *models.Tx) error { return tx.EndSessions(mona.ID) })
		site.Web.Toast(c, layout.Toast{Text: "stored with the session"})
		return c.NoContent(http.StatusNoContent)
	}, site.Web.WithSession, site.Web.Actors)
	client := site.As(mona)
	client.Get("/slow").Status(http.StatusNoContent)
	client.Get("/account").Status(http.StatusSeeOther)
	if sessions, err := site.DB.Sessions(t.Context(), mona.ID); err != nil || len(sessions) != 0 {
		t.Errorf("%d sessions, %v", len(sessions), err)
	}
}

func TestWhoLeavesIsOutWithTheNextRequest(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	client := site.As(mona)
	link := site.LoginToken(mona)
	secret := site.Token(mona, models.ScopeRead)
	site.Tx(nil, func(tx *models.Tx) error { return tx.Disable(mona.ID) })
	client.Get("/account").Status(http.StatusSeeOther)
	site.Visitor().Post("/sign-in/link", apptest.Form{"token": link}).Status(http.StatusGone)
	if _, _, err := site.DB.UserByToken(t.Context(), secret); err == nil {
		t.Error("their API token still serves")
	}
}

func TestTheSessionsOfThoseWhoLookAfterTheHouseEndSooner(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, clock(&now))
	for _, role := range []models.Role{models.RoleOwner, models.RoleManager} {
		idle, busy := site.As(site.Person("Idle "+string(role), role)), site.As(site.Person("Busy "+string(role), role))
		busy.Get("/account").Status(http.StatusOK).See("after 3 days", "after 14 days")
		for range 6 {
			now = now.Add(2 * 24 * time.Hour)
			busy.Get("/account").Status(http.StatusOK)
		}
		idle.Get("/account").Status(http.StatusSeeOther)
		now = now.Add(2*24*time.Hour + time.Hour)
		busy.Get("/account").Status(http.StatusSeeOther)
	}
	site.As(site.Person("Mona", models.RoleEmployee)).Get("/account").See("after 14 days", "after 30 days")
}

// TestAnOpenPageDoesNotKeepItsSessionAlive: it asks for its stream again and again by itself.
func TestAnOpenPageDoesNotKeepItsSessionAlive(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, clock(&now))
	client := site.As(site.Person("Mona", models.RoleEmployee))
	client.Get("/account").Status(http.StatusOK)
	for range 3 {
		now = now.Add(6 * 24 * time.Hour)
		ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, site.URL+"/live", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.AddCookie(session(t, client.Cookies()))
		answer, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		stop()
	}
	client.Get("/account").Status(http.StatusSeeOther)
}

func TestASessionEndsUnusedAfterTwoWeeksAndInAnyCaseAfterThirtyDays(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, clock(&now))
	idle, busy := site.As(site.Person("Idle", models.RoleEmployee)), site.As(site.Person("Busy", models.RoleEmployee))
	for range 5 {
		now = now.Add(5 * 24 * time.Hour)
		busy.Get("/account").Status(http.StatusOK)
	}
	idle.Get("/account").Status(http.StatusSeeOther)
	now = now.Add(6 * 24 * time.Hour)
	busy.Get("/account").Status(http.StatusSeeOther)
	now = now.Add(-40 * 24 * time.Hour)
	site.Tx(nil, func(tx *models.Tx) error { return tx.Sweep() })
	idle.Get("/account") // a clock set back must not make trouble
}

func TestAnotherSitesPageCannotSignAnyoneInOrOut(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	client := site.As(mona)
	foreign := http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.test"}, "Content-Type": {"application/x-www-form-urlencoded"}}
	for _, path := range []string{"/sign-out", "/sign-in/link", "/preferences", "/account", "/account/tokens", "/account/tokens/1/revocation"} {
		client.Do(http.MethodPost, path, nil, foreign).Status(http.StatusForbidden)
	}
	client.Get("/account").Status(http.StatusOK)
}

func TestSigningInAndOutIsInTheAuditLog(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	site.As(mona).Post("/sign-out", apptest.Form{"everywhere": "1"})
	owner := site.As(site.Person("Olga", models.RoleOwner))
	owner.Get("/audit").Status(http.StatusOK).See("Mona", "signed in", "by a one-time link", "signed out", "everywhere", "/people/"+strconv.FormatInt(mona.ID, 10))
}

// session is the cookie of the session.
func session(t *testing.T, cookies []*http.Cookie) *http.Cookie {
	t.Helper()
	for _, cookie := range cookies {
		if cookie.Name == "session" || cookie.Name == "__Host-session" {
			return cookie
		}
	}
	t.Fatal("no session")
	return nil
}

// with asks for a private page with a cookie from elsewhere.
func with(site *apptest.Site, cookie *http.Cookie) *apptest.Answer {
	return site.Visitor().Do(http.MethodGet, "/account", nil, http.Header{"Cookie": {cookie.Name + "=" + cookie.Value}})
}
