package accounts_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

const (
	firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
	iphone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)

// signedIn is the browser of that name in which someone has signed in.
func signedIn(site *apptest.Site, user *models.User, agent string) *apptest.Client {
	client := site.Visitor()
	enter(site, client, user, agent)
	return client
}

func enter(site *apptest.Site, client *apptest.Client, user *models.User, agent string) {
	client.Do(http.MethodPost, "/sign-in/link", strings.NewReader("token="+site.LoginToken(user)),
		http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "User-Agent": {agent}}).Status(http.StatusSeeOther)
}

var removal = regexp.MustCompile(`/account/sessions/[^/"]+/removal`)

func TestPeopleSeeWhereTheyAreSignedInAndEndOneSessionAfterTheOther(t *testing.T) {
	site := apptest.Start(t)
	mona, karl := site.Person("Mona", models.RoleEmployee), site.Person("Karl", models.RoleEmployee)
	here, there, odd := signedIn(site, mona, firefox), signedIn(site, mona, iphone), signedIn(site, mona, "curl <script>")
	other := signedIn(site, karl, firefox)

	page := here.Get("/account").Status(http.StatusOK).See("Firefox on Windows", "this one", "Safari on iPhone", "an unknown browser").NotSee("curl", "10.0", "AppleWebKit")
	ends := removal.FindAllString(page.Text, -1)
	if len(ends) != 2 {
		t.Fatalf("%d sessions can be ended from elsewhere: %v", len(ends), ends)
	}
	for _, cookie := range []*http.Cookie{session(t, here.Cookies()), session(t, there.Cookies())} {
		page.NotSee(cookie.Value)
	}
	other.Post(ends[0], nil).Status(http.StatusNotFound) // not his
	site.Visitor().Post(ends[0], nil).Status(http.StatusSeeOther)
	there.Get("/account").Status(http.StatusOK)

	leads(t, here.Post(ends[0], nil).Status(http.StatusSeeOther), "/account#sessions")
	here.Get("/account").See("That session is over")
	here.Post(ends[0], nil).Status(http.StatusNotFound)
	alive := 0
	for _, client := range []*apptest.Client{there, odd} {
		if client.Get("/account").StatusCode == http.StatusOK {
			alive++
		}
	}
	if alive != 1 {
		t.Errorf("%d of the other two sessions are left", alive)
	}
	for _, key := range []string{"nonsense", "%25", "_", strings.Repeat("a", 500), "a%00b", "%ff"} {
		here.Post("/account/sessions/"+key+"/removal", nil).Status(http.StatusNotFound)
	}

	leads(t, here.Post("/account/sessions/removal", nil).Status(http.StatusSeeOther), "/account#sessions")
	here.Get("/account").Status(http.StatusOK).See("only here now").NotSee("End all others")
	for _, client := range []*apptest.Client{there, odd} {
		client.Get("/account").Status(http.StatusSeeOther)
	}
	other.Get("/account").Status(http.StatusOK)
	here.Get("/account/security").Status(http.StatusOK).See("Session ended from elsewhere", "all but the one in use", "by a one-time link, Safari on iPhone").NotSee("Karl")
}

func TestASessionKnowsSinceWhenAndUntilWhenItIsUsed(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	started := now
	site := apptest.Start(t, clock(&now))
	mona := site.Person("Mona", models.RoleEmployee)
	client := signedIn(site, mona, firefox)
	for range 3 {
		now = now.Add(9 * 24 * time.Hour) // in the end the absolute limit moves no more
		client.Get("/").Status(http.StatusOK)
	}
	sessions, err := site.DB.Sessions(t.Context(), mona.ID)
	if err != nil || len(sessions) != 1 {
		t.Fatalf("%d sessions, %v", len(sessions), err)
	}
	s := sessions[0]

	if !s.StartedAt.Equal(started) || !s.SeenAt.Equal(now) || s.ExpiresAt.Sub(started.Add(30*24*time.Hour)).Abs() > time.Second || s.Device != "Firefox/Windows" {
		t.Errorf("%+v", s)
	}
}

func TestANewBrowserIsToldOfAndAKnownOneIsNot(t *testing.T) {
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option)
	mona := site.Person("Mona", models.RoleEmployee)
	letters := func() int { site.Settle(); return len(post.Letters()) }
	office := signedIn(site, mona, firefox)
	if n := letters(); n != 0 {
		t.Errorf("%d letters about the first browser that anyone has", n)
	}
	office.Post("/sign-out", nil)
	enter(site, office, mona, firefox)
	if n := letters(); n != 0 {
		t.Errorf("%d letters about a browser that is known", n)
	}
	phone := signedIn(site, mona, iphone)
	if n := letters(); n != 1 {
		t.Fatalf("%d letters about the second browser", n)
	}
	letter := post.Letter("mona@example.test")
	if !strings.Contains(letter.Text, "Safari sur iPhone") || !strings.Contains(letter.Text, site.URL+"/account#sessions") || strings.Contains(letter.Text, "127.0.0.1 ") {
		t.Errorf("the letter: %s", letter.Text)
	}
	phone.Get("/account/security").See("a new browser")
	// The same browser is new for somebody else, who has another.
	karl := site.Person("Karl", models.RoleEmployee)
	signedIn(site, karl, iphone)
	enter(site, office, karl, firefox)
	if n := letters(); n != 2 {
		t.Errorf("%d letters", n)
	}
	post.Letter("karl@example.test")
	// What is no secret of ours is not taken over.
	client := site.Visitor()
	answer := client.Do(http.MethodPost, "/sign-in/link", strings.NewReader("token="+site.LoginToken(mona)), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Cookie": {"device=guess"}})
	for _, cookie := range answer.Cookies() {
		if cookie.Name == "device" && (cookie.Value == "guess" || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode) {
			t.Errorf("%s", cookie)
		}
	}
}

func TestPeopleAreWarnedOfTheEndOfTheirTokens(t *testing.T) {
	now := time.Now()
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option, clock(&now))
	mona := site.Person("Mona", models.RoleEmployee)
	site.Token(mona, models.ScopeRead)
	site.Tx(nil, func(tx *models.Tx) error { // made for less than the warning
		_, err := tx.CreateToken(&models.Token{UserID: mona.ID, Name: "For today", Scope: models.ScopeRead}, 1)
		return err
	})
	site.As(mona)
	round := func() []apptest.Letter {
		if err := site.Jobs.Plan(t.Context()); err != nil {
			t.Fatal(err)
		}
		site.Settle()
		return post.Letters()
	}
	if letters := round(); len(letters) != 0 {
		t.Fatalf("%d letters a year before", len(letters))
	}
	now = now.Add((models.TokenDays - 13) * 24 * time.Hour)
	for range 3 { // told once
		if letters := round(); len(letters) != 1 || !strings.Contains(letters[0].Text, "« test »") {
			t.Fatalf("letters: %+v", letters)
		}
		now = now.Add(7 * time.Hour)
	}
	client := site.As(mona)
	client.Get("/account").See("ends on", `class="pill amber"`)
	now = now.Add(13 * 24 * time.Hour)
	client.Get("/account").See("ended")
	now = now.Add(40 * 24 * time.Hour)
	site.Tx(nil, func(tx *models.Tx) error { return tx.Sweep() })
	if tokens, err := site.DB.Tokens(t.Context(), mona.ID); err != nil || len(tokens) != 0 {
		t.Errorf("%d tokens are kept, %v", len(tokens), err)
	}
}

func TestWhoTriesASpentLinkIsInTheLogOfItsPersonOnce(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	link := site.LoginToken(mona)
	client := site.Visitor()
	client.Post("/sign-in/link", apptest.Form{"token": link}).Status(http.StatusSeeOther)
	client.Get("/account/security").NotSee("Sign-in refused")
	for range 5 {
		site.Visitor().Get("/sign-in/link?token=" + link).Status(http.StatusGone) // looking at it is nothing
		site.Visitor().Post("/sign-in/link", apptest.Form{"token": link}).Status(http.StatusGone)
		site.Visitor().Post("/sign-in/link", apptest.Form{"token": "unknown"}).Status(http.StatusGone)
	}
	page := client.Get("/account/security").See("a link that was used or too old")
	if n := strings.Count(page.Text, "Sign-in refused"); n != 1 {
		t.Errorf("it is told %d times", n)
	}
}
