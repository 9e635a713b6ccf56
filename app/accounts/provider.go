package accounts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"ruche/models"
)

// Times of talking with the provider.
const (
	providerTimeout = 5 * time.Second  // one request
	metadataLife    = time.Minute      // its addresses and keys are asked for anew after this
	retryPause      = 3 * time.Second  // after a failure nobody waits for it again so soon
	clockLeeway     = 30 * time.Second // by how much its clock may differ from ours
)

var (
	errProviderDown = errors.New("the identity provider does not answer")
	errCodeRefused  = errors.New("the identity provider refuses the code")
	errTokenInvalid = errors.New("the identity provider's answer does not prove who signed in")
)

// provider talks with the identity provider. It is asked for its addresses when someone first signs
// in, so that Ruche starts and serves those signed in without it.
type provider struct {
	config      OIDC
	redirectURL string
	now         func() time.Time
	client      *http.Client

	mu       sync.Mutex
	found    *metadata
	askedAt  time.Time
	failedAt time.Time
}

type metadata struct {
	*oidc.Provider
	oauth      oauth2.Config
	namesIss   bool   // RFC 9207: each answer says which provider it comes from
	endSession string // where people sign out of the provider itself; empty if it does not say
}

func newProvider(config OIDC, base *url.URL, now func() time.Time) *provider {
	client := &http.Client{
		Timeout:   providerTimeout,
		Transport: boundedTransport{http.DefaultTransport},
		// A redirect would carry the client's secret, or our trust, to another address.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	redirectURL := base.JoinPath(config.path(), callbackPath).String()
	return &provider{config: config, redirectURL: redirectURL, now: now, client: client}
}

// down tells whether the last attempt to reach the provider failed a moment ago.
func (p *provider) down() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.found == nil && p.now().Sub(p.failedAt) < metadataLife
}

// metadata returns the provider's addresses and keys, at most metadataLife old.
func (p *provider) metadata(ctx context.Context) (*metadata, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil && p.now().Sub(p.askedAt) < metadataLife {
		return p.found, nil
	}
	if p.now().Sub(p.failedAt) < retryPause {
		return nil, errProviderDown
	}
	found, err := p.discover(ctx)
	if err != nil {
		p.found, p.failedAt = nil, p.now()
		return nil, fmt.Errorf("%w: %w", errProviderDown, err)
	}
	p.found, p.askedAt, p.failedAt = found, p.now(), time.Time{}
	return found, nil
}

func (p *provider) discover(ctx context.Context) (*metadata, error) {
	found, err := oidc.NewProvider(p.context(ctx), p.config.Issuer)
	if err != nil {
		return nil, err
	}
	var extra struct {
		AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
		NamesIss    bool     `json:"authorization_response_iss_parameter_supported"`
		EndSession  string   `json:"end_session_endpoint"`
	}
	if err := found.Claims(&extra); err != nil {
		return nil, err
	}
	endpoint := found.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if p.config.ClientSecret == "" || len(extra.AuthMethods) > 0 && !slices.Contains(extra.AuthMethods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams // chosen here: trying both would spend the code
	}
	scopes := []string{oidc.ScopeOpenID, "profile", "email"}
	for _, scope := range p.config.Scopes {
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	return &metadata{Provider: found, namesIss: extra.NamesIss, endSession: extra.EndSession, oauth: oauth2.Config{
		ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: endpoint, RedirectURL: p.redirectURL, Scopes: scopes,
	}}, nil
}

func (p *provider) context(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

// identify exchanges a code for the claims of whoever signed in, and checks that they are meant for this attempt.
func (p *provider) identify(ctx context.Context, m *metadata, code string, a attempt) (*claims, error) {
	ctx = p.context(ctx)
	token, err := m.oauth.Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode < http.StatusInternalServerError:
		return nil, fmt.Errorf("%w: %s", errCodeRefused, knownCode(refused.ErrorCode))
	case err != nil:
		return nil, fmt.Errorf("%w: exchange the code: %w", errProviderDown, err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, fmt.Errorf("%w: no ID token", errTokenInvalid)
	}
	idToken, err := p.verify(ctx, m, raw, a.Nonce)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errTokenInvalid, err)
	}
	if idToken.AccessTokenHash != "" {
		if err := idToken.VerifyAccessToken(token.AccessToken); err != nil {
			return nil, fmt.Errorf("%w: %w", errTokenInvalid, err)
		}
	}
	c, err := claimsOf(idToken, &p.config)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errTokenInvalid, err)
	}
	if len(raw) <= maxIDToken {
		c.idToken = raw
	}
	return c, p.complete(ctx, m, token, c)
}

// verify checks an ID token: its signature by an asymmetric key of the provider, and for whom, when
// and for which attempt it was made.
func (p *provider) verify(ctx context.Context, m *metadata, raw, nonce string) (*oidc.IDToken, error) {
	now := p.now()
	verifier := m.Verifier(&oidc.Config{ClientID: p.config.ClientID, Now: func() time.Time { return now.Add(-clockLeeway) }})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	var more struct {
		AuthorizedParty *string `json:"azp"`
	}
	if err := token.Claims(&more); err != nil {
		return nil, err
	}
	switch {
	case !sameSecret(token.Nonce, nonce):
		return nil, errors.New("the nonce is not that of the attempt")
	case token.Subject == "" || len(token.Subject) > 255:
		return nil, errors.New("no usable subject")
	case more.AuthorizedParty != nil && *more.AuthorizedParty != p.config.ClientID:
		return nil, errors.New("made for another party")
	case more.AuthorizedParty == nil && len(token.Audience) > 1:
		return nil, errors.New("several audiences and no authorized party")
	case token.IssuedAt.After(now.Add(clockLeeway)):
		return nil, errors.New("issued in the future")
	}
	return token, nil
}

// complete asks for what the ID token leaves out, where the provider has it.
func (p *provider) complete(ctx context.Context, m *metadata, token *oauth2.Token, c *claims) error {
	if c.complete(&p.config) || m.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := m.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("%w: ask for the profile: %w", errProviderDown, err)
	}
	if info.Subject != c.subject {
		return fmt.Errorf("%w: the profile is of someone else", errTokenInvalid)
	}
	var raw map[string]any
	if err := info.Claims(&raw); err != nil {
		return fmt.Errorf("%w: %w", errTokenInvalid, err)
	}
	c.fill(models.ClaimsOf(raw), &p.config)
	return nil
}

// boundedTransport cuts answers that no honest provider gives.
type boundedTransport struct{ http.RoundTripper }

const maxProviderAnswer = 1 << 20

func (t boundedTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.RoundTripper.RoundTrip(request)
	if err == nil {
		response.Body = boundedBody{io.LimitReader(response.Body, maxProviderAnswer), response.Body}
	}
	return response, err
}

type boundedBody struct {
	io.Reader
	io.Closer
}
