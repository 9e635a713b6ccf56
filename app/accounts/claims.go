package accounts

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/coreos/go-oidc/v3/oidc"
)

// claims are what the provider says of a person. Issuer and subject alone say who it is; the rest
// is what the directory calls them.
type claims struct {
	issuer, subject string
	email           string
	verified        bool // the provider vouches for the e-mail address; absent means it does not
	name            string
	locale          string
	job, site       string
}

func claimsOf(token *oidc.IDToken) (*claims, error) {
	var raw map[string]any
	if err := token.Claims(&raw); err != nil {
		return nil, err
	}
	c := &claims{issuer: token.Issuer, subject: token.Subject}
	c.fill(raw)
	return c, nil
}

func (c *claims) complete() bool { return c.name != "" && c.email != "" }

// fill takes over what is not known yet. An address and whether it is verified come from the same source.
func (c *claims) fill(raw map[string]any) {
	if c.email == "" {
		c.email = address(raw)
		verified, _ := raw["email_verified"].(bool)
		c.verified = verified || raw["email_verified"] == "true" // some providers write it as a string
	}
	if c.name == "" {
		c.name = text(raw, "name")
	}
	if c.name == "" {
		c.name = strings.TrimSpace(text(raw, "given_name") + " " + text(raw, "family_name"))
	}
	if c.name == "" {
		c.name = text(raw, "preferred_username")
	}
	if c.locale == "" {
		c.locale = spoken(text(raw, "locale"))
	}
	if c.job == "" {
		c.job = text(raw, "title")
	}
	if c.site == "" {
		c.site = text(raw, "site")
	}
}

// display is the name to show: the directory's, else what stands before the @.
func (c *claims) display(fallback string) string {
	if c.name != "" {
		return c.name
	}
	if local, _, _ := strings.Cut(c.email, "@"); local != "" {
		return local
	}
	return fallback
}

// address reads the e-mail address. One that would have to be tidied up is none at all: it could turn
// into somebody else's.
func address(raw map[string]any) string {
	value, _ := raw["email"].(string)
	if len(value) > maxClaim || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return value
}

// maxClaim is the longest text taken over from the directory, in bytes.
const maxClaim = 200

// text reads a claim as one line to show: no control signs, nor those that turn the direction of what follows.
func text(raw map[string]any, name string) string {
	value, _ := raw[name].(string)
	value = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, value)
	value = strings.Join(strings.Fields(value), " ")
	for len(value) > maxClaim {
		_, size := utf8.DecodeLastRuneInString(value)
		value = value[:len(value)-size]
	}
	return value
}

// spoken returns the language of Ruche that a locale such as "fr-CA" asks for, empty if it is another.
func spoken(locale string) string {
	switch base := strings.ToLower(locale); {
	case base == "fr" || strings.HasPrefix(base, "fr-") || strings.HasPrefix(base, "fr_"):
		return "fr"
	case base == "en" || strings.HasPrefix(base, "en-") || strings.HasPrefix(base, "en_"):
		return "en"
	}
	return ""
}
