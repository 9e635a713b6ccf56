package apptest

import (
	"bufio"
	"bytes"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest/peers"
)

//go:embed oidcpeer/server.mjs
var oidcServer []byte

// OIDCUser is somebody whom the provider knows.
type OIDCUser struct {
	Sub           string   `json:"sub"`
	Email         string   `json:"email,omitempty"`
	EmailVerified *bool    `json:"email_verified,omitempty"` // nil leaves the claim out
	Name          string   `json:"name,omitempty"`
	Locale        string   `json:"locale,omitempty"`
	Groups        []string `json:"groups,omitempty"`
	OID           string   `json:"oid,omitempty"` // the directory's own key for them
}

// OIDC is an OpenID Connect provider that runs as a process of its own, with one client registered.
type OIDC struct {
	Issuer       string
	ClientID     string
	ClientSecret string

	t            testing.TB
	redirectURIs []string
	leftURI      string                  // where it sends people back to who have signed out
	browsers     map[string]*http.Client // in which people signed in last, by sub
}

// OIDCPeer starts a provider that knows these users and sends them back to these addresses. It ends with the test.
func OIDCPeer(t testing.TB, redirectURIs []string, users ...OIDCUser) *OIDC {
	t.Helper()
	folder := os.Getenv("RUCHE_TEST_PEERS")
	if folder == "" {
		t.Fatal("RUCHE_TEST_PEERS is not set: run this test with `go run ./cmd/dev test PACKAGE`")
	}
	node, err := peers.FindNode()
	if err != nil {
		t.Fatal(err)
	}
	o := &OIDC{ClientID: "ruche", ClientSecret: rand.Text(), t: t, redirectURIs: redirectURIs, browsers: map[string]*http.Client{}}
	house, err := url.Parse(redirectURIs[0])
	if err != nil {
		t.Fatal(err)
	}
	o.leftURI = house.ResolveReference(&url.URL{Path: "/sign-out"}).String()
	settings, err := json.Marshal(map[string]any{
		"clientID": o.ClientID, "clientSecret": o.ClientSecret, "redirectURIs": redirectURIs, "users": users,
		"leftURI": o.leftURI, "logoutURI": strings.TrimSuffix(redirectURIs[0], "/callback") + "/logout",
	})
	if err != nil {
		t.Fatalf("start the OIDC provider: %v", err)
	}
	// The program comes on standard input, so that it finds its packages in the folder it runs in.
	cmd := exec.CommandContext(t.Context(), node, "--input-type=module", "-")
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "RUCHE_OIDC_PEER="+string(settings))
	cmd.Stdin = bytes.NewReader(oidcServer)
	o.Issuer = listening(t, cmd)
	return o
}

// SignIn does what a person does at the provider after the application sent them to authURL: it follows the redirects, signs in as sub
// and returns the address that the provider sends them back to, without opening it.
func (o *OIDC) SignIn(authURL, sub string) string {
	o.t.Helper()
	return o.answer(authURL, url.Values{"login": {sub}})
}

// Refuse is SignIn by somebody who says no.
func (o *OIDC) Refuse(authURL string) string {
	o.t.Helper()
	return o.answer(authURL, url.Values{"refuse": {"1"}})
}

var (
	xsrfField  = regexp.MustCompile(`name="xsrf" value="([^"]+)"`)
	formAction = regexp.MustCompile(`action="([^"]+)"`)
)

// SignOut does what a person does at the provider's page for signing out, in the browser that sub signed in with last, and
// returns where the provider sends them then; empty if nowhere.
func (o *OIDC) SignOut(page, sub string) string {
	o.t.Helper()
	client := o.browsers[sub]
	response, err := client.Get(page)
	if err != nil {
		o.t.Fatalf("sign out at the provider: %v", err)
	}
	raw, err := io.ReadAll(response.Body)
	response.Body.Close()
	xsrf, action := xsrfField.FindSubmatch(raw), formAction.FindSubmatch(raw)
	if err != nil || xsrf == nil || action == nil {
		o.t.Fatalf("sign out at the provider: %s, %v: %s", response.Status, err, raw)
	}
	response, err = client.PostForm(string(action[1]), url.Values{"xsrf": {string(xsrf[1])}, "logout": {"yes"}})
	if err != nil {
		o.t.Fatalf("sign out at the provider: %v", err)
	}
	response.Body.Close()
	if location := response.Header.Get("Location"); strings.HasPrefix(location, o.leftURI) {
		return location
	}
	return ""
}

func (o *OIDC) answer(authURL string, form url.Values) string {
	o.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	o.browsers[form.Get("login")] = client
	response, err := client.Get(authURL)
	for range 10 {
		if err != nil {
			o.t.Fatalf("sign in at the provider: %v", err)
		}
		response.Body.Close()
		address := response.Request.URL
		if response.StatusCode == http.StatusOK && strings.HasPrefix(address.Path, "/sign-in/") && response.Request.Method == http.MethodGet {
			response, err = client.PostForm(address.String(), form)
			continue
		}
		next, locationErr := response.Location()
		if locationErr != nil {
			o.t.Fatalf("sign in at the provider: %s answers %s", address, response.Status)
		}
		for _, uri := range o.redirectURIs {
			if strings.HasPrefix(next.String(), uri) {
				return next.String()
			}
		}
		response, err = client.Get(next.String())
	}
	o.t.Fatal("sign in at the provider: it sends people around in circles")
	return ""
}

// listening starts a server that says where it listens on its first line, and ends it with the test.
func listening(t testing.TB, cmd *exec.Cmd) string {
	t.Helper()
	complaints := &bytes.Buffer{}
	cmd.Stderr = complaints
	said, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatalf("start %s: %v", cmd.Path, err)
	}
	if err := peers.Start(cmd); err != nil {
		t.Fatalf("start %s: %v", cmd.Path, err)
	}
	line, err := bufio.NewReader(said).ReadString('\n')
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed, as it should be
	})
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening ")
	if err != nil || !ok {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		t.Fatalf("start %s: it said %q and %s", cmd.Path, line, complaints)
	}
	return address
}
