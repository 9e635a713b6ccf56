package apptest

import (
	"bufio"
	"bytes"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
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
}

// OIDC is an OpenID Connect provider that runs as a process of its own, with one client registered.
type OIDC struct {
	Issuer       string
	ClientID     string
	ClientSecret string

	t            testing.TB
	redirectURIs []string
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
	o := &OIDC{ClientID: "ruche", ClientSecret: rand.Text(), t: t, redirectURIs: redirectURIs}
	settings, err := json.Marshal(map[string]any{
		"clientID": o.ClientID, "clientSecret": o.ClientSecret, "redirectURIs": redirectURIs, "users": users,
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

func (o *OIDC) answer(authURL string, form url.Values) string {
	o.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
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
