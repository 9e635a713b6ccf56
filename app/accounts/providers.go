package accounts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// OIDC is an identity provider as the operator describes it.
type OIDC struct {
	ID           string // in addresses; empty for the one that the environment names
	Name         string // on its button; empty: the company's own
	Issuer       string
	ClientID     string
	ClientSecret string
	Scopes       []string // asked for beside openid, profile and email
	Domains      []string // of the e-mail addresses whose people sign in there
	Claims       ClaimNames
	TrustEmail   bool // it vouches for every address, though it does not say so
}

// described is a provider in the file of RUCHE_OIDC_FILE.
type described struct {
	ID               string     `json:"id"`
	Name             string     `json:"name"`
	Issuer           string     `json:"issuer"`
	ClientID         string     `json:"client_id"`
	ClientSecret     string     `json:"client_secret"`
	ClientSecretFile string     `json:"client_secret_file"`
	Scopes           []string   `json:"scopes"`
	Domains          []string   `json:"domains"`
	Claims           ClaimNames `json:"claims"`
	TrustEmail       bool       `json:"trust_email"`
}

const (
	maxProviders     = 20
	maxProvidersFile = 1 << 20
	maxSecretFile    = 4 << 10
)

// ReadProviders reads the providers of a file. The error is one line that names the provider and the field.
func ReadProviders(file string) ([]OIDC, error) {
	raw, err := readBounded(file, maxProvidersFile)
	if err != nil {
		return nil, err
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", file, inWords(raw, err, "it must hold a list of providers: [{\"id\": …}, …]"))
	}
	if len(list) == 0 || len(list) > maxProviders {
		return nil, fmt.Errorf("%s: it must hold 1 to %d providers, not %d", file, maxProviders, len(list))
	}
	providers := make([]OIDC, 0, len(list))
	for i, one := range list {
		p, err := readProvider(one, filepath.Dir(file))
		if err != nil {
			return nil, fmt.Errorf("%s: provider %d: %w", file, i+1, err)
		}
		providers = append(providers, *p)
	}
	return providers, nil
}

func readBounded(file string, most int64) ([]byte, error) {
	opened, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	raw, err := io.ReadAll(io.LimitReader(opened, most+1))
	if err == nil && int64(len(raw)) > most {
		err = fmt.Errorf("%s: it is larger than %d bytes", file, most)
	}
	return raw, err
}

func readProvider(raw []byte, dir string) (*OIDC, error) {
	var d described
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return nil, inWords(raw, err, "it must be an object")
	}
	if d.ClientSecretFile != "" {
		if d.ClientSecret != "" {
			return nil, errors.New("client_secret_file: give it or client_secret, not both")
		}
		path := d.ClientSecretFile
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		secret, err := readBounded(path, maxSecretFile)
		if err != nil {
			return nil, fmt.Errorf("client_secret_file: %w", err)
		}
		if d.ClientSecret = strings.TrimSpace(string(secret)); d.ClientSecret == "" {
			return nil, fmt.Errorf("client_secret_file: %s is empty", path)
		}
	}
	p := &OIDC{
		ID: d.ID, Name: strings.TrimSpace(d.Name), Issuer: d.Issuer, ClientID: d.ClientID, ClientSecret: d.ClientSecret,
		Scopes: d.Scopes, Domains: d.Domains, Claims: d.Claims, TrustEmail: d.TrustEmail,
	}
	return p, p.check()
}

// inWords says what is wrong with JSON without repeating what it holds: there are secrets in it.
func inWords(raw []byte, err error, otherwise string) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d is not JSON: %w", 1+bytes.Count(raw[:min(int64(len(raw)), syntax.Offset)], []byte("\n")), err)
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("%s: it must be %s, not %s", kind.Field, kindWords[kind.Type.String()], kind.Value)
	}
	if field, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return fmt.Errorf("%s: there is no such field", strings.Trim(field, `"`))
	}
	return errors.New(otherwise)
}

var kindWords = map[string]string{"string": "a text", "[]string": "a list of texts", "bool": "true or false", "accounts.ClaimNames": "an object"}

var (
	providerID = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)
	mailDomain = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z0-9]$`)
	scopeToken = regexp.MustCompile(`^[\x21\x23-\x5b\x5d-\x7e]{1,100}$`) // RFC 6749, appendix A.4
)

// reservedIDs are addresses under /sign-in/oidc that mean something else.
var reservedIDs = []string{"callback", "logout"}

func (p *OIDC) check() error {
	switch {
	case !providerID.MatchString(p.ID) || slices.Contains(reservedIDs, p.ID):
		return fmt.Errorf("id: %q must be a short name of small letters, digits and hyphens, and not callback or logout", p.ID)
	case p.Name == "" || utf8.RuneCountInString(p.Name) > 60:
		return errors.New("name: it must have 1 to 60 letters, for the button on the sign-in page")
	case p.ClientID == "":
		return errors.New("client_id: it is missing")
	}
	if err := checkIssuer(p.Issuer); err != nil {
		return fmt.Errorf("issuer: %w", err)
	}
	for i, domain := range p.Domains {
		p.Domains[i] = strings.ToLower(domain)
		if !mailDomain.MatchString(p.Domains[i]) {
			return fmt.Errorf("domains: %q is not a domain such as example.com", domain)
		}
	}
	if err := p.Claims.check(); err != nil {
		return fmt.Errorf("claims: %w", err)
	}
	for _, scope := range p.Scopes {
		if !scopeToken.MatchString(scope) {
			return fmt.Errorf("scopes: %q is none", scope)
		}
	}
	return nil
}

// check: an account that answers to two names could be taken for two people's.
func (n *ClaimNames) check() error {
	if n.ExternalID != "" && n.UserName != "" {
		return errors.New("external_id and user_name: give one of them")
	}
	return nil
}

// checkIssuer: what comes without TLS from another machine proves nothing about anyone.
func checkIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	if err == nil && u.Host != "" && u.RawQuery == "" && u.Fragment == "" {
		if ip := net.ParseIP(u.Hostname()); u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()) {
			return nil
		}
	}
	return fmt.Errorf("%q is not an address such as https://login.example.com", issuer)
}

// CheckProviders makes sure that providers can be told apart: by their addresses, by who they say they are, and by the
// domains that they sign in.
func CheckProviders(providers []OIDC) error {
	ids, issuers, domains := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, p := range providers {
		switch {
		case ids[p.ID]:
			return fmt.Errorf("id: two providers have %q", p.ID)
		case issuers[p.Issuer]:
			return fmt.Errorf("issuer: two providers have %q", p.Issuer)
		}
		ids[p.ID], issuers[p.Issuer] = true, true
		for _, domain := range p.Domains {
			if domains[domain] {
				return fmt.Errorf("domains: two providers have %q", domain)
			}
			domains[domain] = true
		}
	}
	return nil
}

// path is where the way to the provider begins. Each has a callback of its own below it, so that no provider can pass its
// answers off as another's.
func (p *OIDC) path() string {
	if p.ID == "" {
		return oidcPath
	}
	return oidcPath + "/" + p.ID
}

// signsIn tells whether people with an e-mail address sign in at the provider.
func (p *OIDC) signsIn(email string) bool {
	_, domain, _ := strings.Cut(email, "@")
	return slices.Contains(p.Domains, strings.ToLower(domain))
}
