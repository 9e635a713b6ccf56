// Package apptest starts the whole house for tests: the real router, the real database, people with
// names. It is imported by tests only.
//
//	site := apptest.Start(t)
//	alice := site.Person("alice", models.RoleEmployee)
//	site.As(alice).Post("/ideas", apptest.Form{"title": "…"}).Status(303)
package apptest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/models"
	"ruche/models/modelstest"
)

// Site is a running house.
type Site struct {
	*app.App
	URL string
	t   testing.TB
}

// Option changes the settings of a site before it starts.
type Option func(*app.Config, *app.Options)

// Start runs a house on an empty database until the test ends. Its readers do not run by
// themselves: Settle lets them catch up. The listener is bound first, so that the house knows its address.
func Start(t testing.TB, options ...Option) *Site {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	address := "http://" + server.Listener.Addr().String()
	config := app.Config{
		Addr: server.Listener.Addr().String(), BaseURL: address, DataDir: t.TempDir(),
		DatabaseURL: modelstest.Address(t), Company: "Vaucelles",
	}
	var more app.Options
	for _, option := range options {
		option(&config, &more)
	}
	house, err := app.New(t.Context(), config, more)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = house
	server.Start()
	t.Cleanup(func() {
		house.Web.Live.Close()
		server.Close()
		if err := house.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Site{App: house, URL: address, t: t}
}

// Tx changes the database behind the pages' backs, for what a test takes as given.
func (s *Site) Tx(actor *models.Actor, fn func(*models.Tx) error) {
	s.t.Helper()
	if err := s.DB.Tx(s.t.Context(), actor, fn); err != nil {
		s.t.Fatal(err)
	}
}

// Settle lets every reader of the event log catch up.
func (s *Site) Settle() {
	s.t.Helper()
	if err := s.App.Settle(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// Person adds someone to the house.
func (s *Site) Person(name string, role models.Role) *models.User {
	s.t.Helper()
	user := &models.User{Name: name, Email: models.Slug(name) + "@example.test", Role: role}
	s.Tx(nil, func(tx *models.Tx) error { return tx.CreateUser(user) })
	return user
}

// Token is the secret of a new API token of a person.
func (s *Site) Token(user *models.User, scope models.Scope) (secret string) {
	s.t.Helper()
	s.Tx(nil, func(tx *models.Tx) (err error) {
		secret, err = tx.CreateToken(&models.Token{UserID: user.ID, Name: "test", Scope: scope}, models.TokenDays)
		return err
	})
	return secret
}

// Space adds a space whose members are given by role.
func (s *Site) Space(slug string, visibility models.Visibility, members map[*models.User]models.SpaceRole) *models.Space {
	s.t.Helper()
	space := &models.Space{Slug: slug, Title: slug, Visibility: visibility}
	s.Tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateSpace(space); err != nil {
			return err
		}
		for user, role := range members {
			if err := tx.SetMember(space, user, role); err != nil {
				return err
			}
		}
		return nil
	})
	return space
}

// Actor is what a person may see and do now.
func (s *Site) Actor(user *models.User) *models.Actor {
	s.t.Helper()
	actor, err := s.DB.ActorByID(s.t.Context(), user.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return actor
}

// Client is someone's browser without scripts; redirects are not followed, so that a test sees them.
type Client struct {
	http *http.Client
	site *Site
	t    testing.TB
}

// Visitor is someone who is not signed in.
func (s *Site) Visitor() *Client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &Client{
		http: &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		site: s, t: s.t,
	}
}

// As is a person's browser, signed in by a one-time link.
func (s *Site) As(user *models.User) *Client {
	s.t.Helper()
	client := s.Visitor()
	client.Post("/sign-in/link", Form{"token": s.LoginToken(user)}).Status(http.StatusSeeOther)
	return client
}

// LoginToken is the secret of a new one-time link of a person.
func (s *Site) LoginToken(user *models.User) (secret string) {
	s.t.Helper()
	s.Tx(nil, func(tx *models.Tx) (err error) {
		secret, err = tx.CreateLoginLink(user.ID, time.Hour)
		return err
	})
	return secret
}

// Cookies are those of the client, to hand to a browser.
func (c *Client) Cookies() []*http.Cookie {
	u, err := url.Parse(c.site.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.http.Jar.Cookies(u)
}

// Address is that of a page of the client's house.
func (c *Client) Address(path string) string { return c.site.URL + path }

// Form is what someone fills in.
type Form map[string]string

// Answer is what came back.
type Answer struct {
	*http.Response
	Text string
	t    testing.TB
}

// Get asks for a page.
func (c *Client) Get(path string) *Answer {
	c.t.Helper()
	return c.Do(http.MethodGet, path, nil, nil)
}

// Post sends a form.
func (c *Client) Post(path string, form Form) *Answer {
	c.t.Helper()
	values := url.Values{}
	for name, value := range form {
		values.Set(name, value)
	}
	return c.Do(http.MethodPost, path, strings.NewReader(values.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

// Do sends any request to the house.
func (c *Client) Do(method, path string, body io.Reader, header http.Header) *Answer {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.site.URL+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Accept-Language", "en")
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := c.http.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return &Answer{response, string(text), c.t}
}

// Status fails the test unless the answer has the given status.
func (a *Answer) Status(want int) *Answer {
	a.t.Helper()
	if a.StatusCode != want {
		a.t.Fatalf("%s %s: status %d, want %d\n%.2000s", a.Request.Method, a.Request.URL.Path, a.StatusCode, want, a.Text)
	}
	return a
}

// See fails the test unless every text is in the answer.
func (a *Answer) See(texts ...string) *Answer {
	a.t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.Text, text) {
			a.t.Errorf("%s %s does not show %q\n%.4000s", a.Request.Method, a.Request.URL.Path, text, a.Text)
		}
	}
	return a
}

// NotSee fails the test if any text is in the answer.
func (a *Answer) NotSee(texts ...string) *Answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.Text, text) {
			a.t.Errorf("%s %s shows %q", a.Request.Method, a.Request.URL.Path, text)
		}
	}
	return a
}
