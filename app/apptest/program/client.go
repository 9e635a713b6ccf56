package program

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Client is a program or a browser that talks to a server. Its methods return errors, since a server
// that is killed is expected to cause some.
type Client struct {
	Base  string // the server's address; another one's makes it talk there
	Token string // of the API
	http  *http.Client
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Text   string
	Took   time.Duration
}

// Token creates a token for the API with a command and returns a client that has it.
func (p *Program) Token(email string) *Client {
	p.t.Helper()
	return &Client{Base: p.URL, Token: p.Must("token", "create", email), http: httpClient(p.t)}
}

// SignIn signs a person in with a one-time link and returns their browser.
func (p *Program) SignIn(email string) *Client {
	p.t.Helper()
	client := p.Visitor()
	link, err := url.Parse(p.Must("login-link", email))
	if err != nil {
		p.t.Fatal(err)
	}
	answer, err := client.Form("/sign-in/link", url.Values{"token": {link.Query().Get("token")}})
	if err != nil || answer.Status != http.StatusSeeOther {
		p.t.Fatalf("sign in: %v %+v", err, answer)
	}
	return client
}

// Visitor is a browser of somebody who is not signed in.
func (p *Program) Visitor() *Client {
	p.t.Helper()
	return &Client{Base: p.URL, http: httpClient(p.t)}
}

func httpClient(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Jar: jar, Transport: transport, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// At is the same client talking to another server, with the same cookies: ports do not matter to them.
func (c *Client) At(base string) *Client { return &Client{Base: base, Token: c.Token, http: c.http} }

// Get asks for a page.
func (c *Client) Get(path string) (*Answer, error) {
	return c.Do(context.Background(), http.MethodGet, path, nil, nil)
}

// Form sends a form.
func (c *Client) Form(path string, form url.Values) (*Answer, error) {
	return c.Do(context.Background(), http.MethodPost, path, strings.NewReader(form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

// JSON sends a document to the API, where path is below its prefix.
func (c *Client) JSON(method, path string, document any) (*Answer, error) {
	var body io.Reader
	if document != nil {
		raw, err := json.Marshal(document)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(raw)
	}
	return c.Do(context.Background(), method, "/api/v1"+path, body, http.Header{"Content-Type": {"application/json"}})
}

// JSONWithKey posts a document with an Idempotency-Key.
func (c *Client) JSONWithKey(key, path string, document any) (*Answer, error) {
	raw, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	return c.Do(context.Background(), http.MethodPost, "/api/v1"+path, bytes.NewReader(raw), http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {key}})
}

// Do sends any request.
func (c *Client) Do(ctx context.Context, method, path string, body io.Reader, header http.Header) (*Answer, error) {
	started := time.Now()
	request, err := http.NewRequestWithContext(ctx, method, c.Base+path, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept-Language", "en")
	for name, values := range header {
		request.Header[name] = values
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	return &Answer{response.StatusCode, response.Header, string(text), time.Since(started)}, nil
}

// Open asks for an answer that goes on, and hands its body over line by line until ctx ends.
func (c *Client) Open(ctx context.Context, path string) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Base+path, nil)
	if err != nil {
		return nil, err
	}
	endless := *c.http
	endless.Timeout = 0
	response, err := endless.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("GET %s: %s", path, response.Status)
	}
	return response.Body, nil
}

// Decode reads the answer's JSON.
func (a *Answer) Decode(v any) error { return json.Unmarshal([]byte(a.Text), v) }
