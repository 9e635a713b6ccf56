package accounts_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// magic is a house that sends mail, with a clock that the test moves.
func magic(t *testing.T, now *time.Time, options ...apptest.Option) (*apptest.Site, *apptest.Post) {
	t.Helper()
	post := apptest.NewPost(t)
	return apptest.Start(t, append(options, post.Option, clock(now))...), post
}

// setting is what an operator says about links.
func setting(links string) apptest.Option {
	return func(config *app.Config, _ *app.Options) { config.MagicLinks = links }
}

var mailedLink = regexp.MustCompile(`https?://\S+/sign-in/link\?\S+`)

// mailed is where the link of a letter leads.
func mailed(t *testing.T, letter *apptest.Letter) string {
	t.Helper()
	link := mailedLink.FindString(letter.Text)
	u, err := url.Parse(link)
	if err != nil || link == "" || !strings.Contains(letter.HTML, strings.ReplaceAll(link, "&", "&amp;")) {
		t.Fatalf("no link in both parts of the letter: %v\n%s\n%s", err, letter.Text, letter.HTML)
	}
	return u.RequestURI()
}

func TestALinkComesByMailAndSignsInOnceAndNotByBeingLookedAt(t *testing.T) {
	now := time.Now()
	site, post := magic(t, &now)
	site.Person("Mona", models.RoleEmployee)
	client := site.Visitor()
	client.Get("/sign-in?next=/spaces").See(`action="/sign-in/mail"`, `value="/spaces"`).NotSee("Ask your community manager")
	leads(t, client.Post("/sign-in/mail", apptest.Form{"email": " Mona@Example.test", "next": "/spaces"}).Status(http.StatusSeeOther), "/sign-in/mail")
	client.Get("/sign-in/mail").Status(http.StatusOK).See("Look in your mailbox").NotSee("mona@")
	site.Settle()
	letter := post.Letter("mona@example.test")
	if letter.Subject != "Sign in to Vaucelles" || !strings.Contains(letter.Text, "15 minutes") {
		t.Errorf("%+v", letter)
	}
	link := mailed(t, letter)
	for range 3 { // a mail scanner opens what it finds, and does not come from the house's own pages
		site.Visitor().Get(link).Status(http.StatusOK).See("Mona", "works once")
		site.Visitor().Do(http.MethodHead, link, nil, nil).Status(http.StatusOK)
	}
	token := query(t, link, "token")
	leads(t, client.Post("/sign-in/link", apptest.Form{"token": token, "next": query(t, link, "next")}).Status(http.StatusSeeOther), "/spaces")
	client.Get("/account").Status(http.StatusOK).See("Mona")
	site.Visitor().Post("/sign-in/link", apptest.Form{"token": token}).Status(http.StatusGone)
	owner := site.As(site.Person("Olga", models.RoleOwner))
	owner.Get("/audit?verb=link.created").See("by mail", "made a sign-in link").NotSee(token, "mona@")
}

func TestALinkThatCameByMailServesForAQuarterOfAnHour(t *testing.T) {
	now := time.Now()
	site, post := magic(t, &now)
	site.Person("Mona", models.RoleEmployee)
	site.Visitor().Post("/sign-in/mail", apptest.Form{"email": "mona@example.test"}).Status(http.StatusSeeOther)
	site.Settle()
	link := mailed(t, post.Letter("mona@example.test"))
	now = now.Add(14 * time.Minute)
	site.Visitor().Get(link).Status(http.StatusOK)
	now = now.Add(2 * time.Minute)
	site.Visitor().Get(link).Status(http.StatusGone).See("no longer works")
	site.Visitor().Post("/sign-in/link", apptest.Form{"token": query(t, link, "token")}).Status(http.StatusGone)
}

// TestTheAnswerTellsNothingAboutAccounts compares everything that comes back, and that nothing was looked up before it did.
func TestTheAnswerTellsNothingAboutAccounts(t *testing.T) {
	now := time.Now()
	site, post := magic(t, &now)
	mona, karl := site.Person("Mona", models.RoleEmployee), site.Person("Karl", models.RoleEmployee)
	site.Tx(nil, func(tx *models.Tx) error { return tx.Disable(karl.ID) })
	seen := map[string]bool{}
	statements := map[uint64]bool{}
	for _, email := range []string{mona.Email, karl.Email, "nobody@example.test"} {
		client := site.Visitor()
		before := site.DB.Statements()
		answer := client.Post("/sign-in/mail", apptest.Form{"email": email}).Status(http.StatusSeeOther)
		statements[site.DB.Statements()-before] = true
		page := client.Get(answer.Header.Get("Location"))
		seen[answer.Header.Get("Location")+answer.Text+strings.Join(answer.Header["Set-Cookie"], "")+page.Text] = true
	}
	if len(seen) != 1 || len(statements) != 1 {
		t.Errorf("there are %d answers after %v statements", len(seen), statements)
	}
	site.Settle()
	if letters := post.Letters(); len(letters) != 1 || letters[0].To != mona.Email {
		t.Errorf("%d letters", len(letters))
	}
}

func TestAnAddressThatIsNoneIsSaidAtTheField(t *testing.T) {
	now := time.Now()
	site, _ := magic(t, &now)
	for _, email := range []string{"", "mona", "mona@", "a@b\r\nBcc: c@d", "\x00@x", strings.Repeat("a", 300) + "@example.test"} {
		answer := site.Visitor().Post("/sign-in/mail", apptest.Form{"email": email, "next": "/spaces"}).Status(http.StatusUnprocessableEntity)
		answer.See(`id="email-error"`, `value="/spaces"`)
	}
	site.Visitor().Post("/sign-in/mail", apptest.Form{"email": "x@example.test", "next": "//evil.test"}).Status(http.StatusSeeOther)
}

func TestNobodysMailboxIsFlooded(t *testing.T) {
	now := time.Now()
	site, post := magic(t, &now, func(config *app.Config, _ *app.Options) { config.RateLimit = true })
	site.Person("Mona", models.RoleEmployee)
	for _, email := range []string{"mona@example.test", "nobody@example.test"} {
		refused := 0
		for range 10 {
			answer := site.Visitor().Post("/sign-in/mail", apptest.Form{"email": email})
			site.Settle()
			if answer.StatusCode == http.StatusTooManyRequests {
				refused++
				if answer.Header.Get("Retry-After") == "" {
					t.Error("a refusal does not say when to come back")
				}
			}
		}
		if refused != 7 {
			t.Errorf("%d of 10 requests for %s are refused", refused, email)
		}
	}
	if n := len(post.Letters()); n != 3 {
		t.Errorf("%d letters have arrived", n)
	}
	refused := 0
	for i := range 100 {
		if site.Visitor().Post("/sign-in/mail", apptest.Form{"email": "p" + strings.Repeat("x", i) + "@example.test"}).StatusCode == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused < 40 {
		t.Errorf("one address asks for everyone: %d of 100 are refused", refused)
	}
}

func TestOpenLinksOfAPersonAreFew(t *testing.T) {
	now := time.Now()
	site, post := magic(t, &now)
	site.Person("Mona", models.RoleEmployee)
	for range 8 {
		site.Visitor().Post("/sign-in/mail", apptest.Form{"email": "mona@example.test"}).Status(http.StatusSeeOther)
		site.Visitor().Post("/sign-in/mail", apptest.Form{"email": "mona@example.test"}).Status(http.StatusSeeOther) // pressed twice
		site.Settle()
	}
	if n := len(post.Letters()); n != 5 {
		t.Errorf("%d letters in one minute", n)
	}
	now = now.Add(16 * time.Minute)
	site.Visitor().Post("/sign-in/mail", apptest.Form{"email": "mona@example.test"}).Status(http.StatusSeeOther)
	site.Settle()
	if n := len(post.Letters()); n != 6 {
		t.Errorf("%d letters when the first ones serve no more", n)
	}
}

func TestTheLanguageIsThePersonsElseTheBrowsers(t *testing.T) {
	now := time.Now()
	site, post := magic(t, &now)
	mona, karl := site.Person("Mona", models.RoleEmployee), site.Person("Karl", models.RoleEmployee)
	site.Tx(nil, func(tx *models.Tx) error { return tx.SavePreferences(mona.ID, "fr", "") })
	for _, who := range []*models.User{mona, karl} {
		site.Visitor().Post("/sign-in/mail", apptest.Form{"email": who.Email}).Status(http.StatusSeeOther)
	}
	site.Settle()
	if got := post.Letter(mona.Email).Subject + ", " + post.Letter(karl.Email).Subject; got != "Entrer chez Vaucelles, Sign in to Vaucelles" {
		t.Error(got)
	}
}

// TestTheCompanyDecidesWhoGetsLinks asks as each kind of person under each setting: a link, a hint to the provider, or nothing.
func TestTheCompanyDecidesWhoGetsLinks(t *testing.T) {
	now := time.Now()
	for _, row := range []struct {
		links    string
		provider bool
		want     map[string]string
	}{
		{"", false, map[string]string{"employee": "link", "guest": "link", "bound": "link", "bound guest": "link"}},
		{"", true, map[string]string{"employee": "hint", "guest": "link", "bound": "hint", "bound guest": "hint"}},
		{"externals", false, map[string]string{"employee": "hint", "guest": "link", "bound": "hint", "bound guest": "hint"}},
		{"all", true, map[string]string{"employee": "link", "guest": "link", "bound": "link", "bound guest": "link"}},
	} {
		options := []apptest.Option{setting(row.links)}
		if row.provider {
			options = append(options, func(config *app.Config, _ *app.Options) {
				config.OIDCIssuer, config.OIDCClientID = "http://127.0.0.1:1", "ruche"
			})
		}
		site, post := magic(t, &now, options...)
		people := map[string]*models.User{
			"employee": site.Person("Employee", models.RoleEmployee), "guest": site.Person("Guest", models.RoleExternal),
			"bound": site.Person("Bound", models.RoleEmployee), "bound guest": site.Person("Bound guest", models.RoleExternal),
		}
		for _, kind := range []string{"bound", "bound guest"} {
			site.Tx(nil, func(tx *models.Tx) error { return tx.Bind(people[kind].ID, "https://login.example.test", kind) })
		}
		for kind, want := range row.want {
			site.Visitor().Post("/sign-in/mail", apptest.Form{"email": people[kind].Email}).Status(http.StatusSeeOther)
			site.Settle()
			letter := post.Letter(people[kind].Email)
			got := "hint"
			if mailedLink.MatchString(letter.Text) {
				got = "link"
			}
			if got != want || (got == "hint") != strings.Contains(letter.Text, "your company’s own sign-in page") {
				t.Errorf("%q, provider %t: %s gets a %s, want a %s", row.links, row.provider, kind, got, want)
			}
		}
	}
}

func TestWhereNoMailIsSentNoLinkIsOffered(t *testing.T) {
	now := time.Now()
	off, _ := magic(t, &now, setting("off"))
	for _, site := range []*apptest.Site{off, apptest.Start(t)} {
		site.Visitor().Get("/sign-in").See("Ask your community manager").NotSee("/sign-in/mail")
		site.Visitor().Post("/sign-in/mail", apptest.Form{"email": "mona@example.test"}).Status(http.StatusNotFound)
	}
}

func TestAnotherSitesPageCannotAskForALink(t *testing.T) {
	now := time.Now()
	site, post := magic(t, &now)
	mona := site.Person("Mona", models.RoleEmployee)
	foreign := http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.test"}, "Content-Type": {"application/x-www-form-urlencoded"}}
	leads(t, site.Visitor().Do(http.MethodPost, "/sign-in/mail", strings.NewReader("email="+url.QueryEscape(mona.Email)), foreign), "/sign-in?next=%2F")
	site.Settle()
	if n := len(post.Letters()); n != 0 {
		t.Errorf("%d letters", n)
	}
}

func query(t *testing.T, path, name string) string {
	t.Helper()
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get(name)
}
