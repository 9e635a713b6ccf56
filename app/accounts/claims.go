package accounts

import (
	"cmp"
	"maps"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/coreos/go-oidc/v3/oidc"

	"ruche/models"
)

// claims are what the provider says of a person. Issuer and subject alone say who it is; the rest
// is what the directory calls them.
type claims struct {
	issuer, subject string
	session         string    // what the provider calls its session, by which it can end ours
	until           time.Time // when it ends that at the latest, if it says so
	idToken         string
	email           string
	verified        bool // the provider vouches for the e-mail address; absent means it does not
	name            string
	locale          string
	job, site       string
	department      string
	jobFamily       string
	picture         string              // where it is
	manager         string              // their e-mail address or subject
	key             models.DirectoryKey // by which the directory knows them, where the operator says that the provider tells
	all             models.Claims
}

// ClaimNames says which claim holds what. A name such as "realm_access.roles" leads into an object.
type ClaimNames struct {
	Name       string `json:"name"`
	Email      string `json:"email"`
	Job        string `json:"job"`
	Department string `json:"department"`
	Site       string `json:"site"`
	JobFamily  string `json:"job_family"`
	Language   string `json:"language"`
	Manager    string `json:"manager"`
	Picture    string `json:"picture"`
	Groups     string `json:"groups"`
	ExternalID string `json:"external_id"` // what the directory gives as externalId by SCIM
	UserName   string `json:"user_name"`   // or as userName
}

// given are the names that the operator has chosen.
func (n *ClaimNames) given() (names []string) {
	for _, name := range []string{n.Name, n.Email, n.Job, n.Department, n.Site, n.JobFamily, n.Language, n.Manager, n.Picture, n.Groups, n.ExternalID, n.UserName} {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

func claimsOf(token *oidc.IDToken, config *OIDC) (*claims, error) {
	var raw map[string]any
	if err := token.Claims(&raw); err != nil {
		return nil, err
	}
	c := &claims{issuer: token.Issuer, subject: token.Subject, all: models.ClaimsOf(raw)}
	if sid, _ := raw["sid"].(string); len(sid) <= maxClaim {
		c.session = sid
	}
	if expiry, ok := raw["session_expiry"].(float64); ok {
		c.until = time.Unix(int64(expiry), 0)
	}
	c.read(config)
	return c, nil
}

// complete tells whether nothing is left to ask for.
func (c *claims) complete(config *OIDC) bool {
	for _, name := range config.Claims.given() {
		if c.all[name] == nil {
			return false
		}
	}
	return c.name != "" && c.email != ""
}

// fill takes over what is not known yet. An address and whether it is verified come from the same source.
func (c *claims) fill(more models.Claims, config *OIDC) {
	email := cmp.Or(config.Claims.Email, "email")
	if c.all[email] == nil {
		delete(c.all, "email_verified")
	} else {
		delete(more, "email_verified")
	}
	maps.Copy(more, c.all)
	c.all = more
	c.read(config)
}

// read finds out what the claims say of the person.
func (c *claims) read(config *OIDC) {
	names := config.Claims
	text := func(chosen, usual string) string { return line(c.all.One(cmp.Or(chosen, usual))) }
	c.email = address(c.all.One(cmp.Or(names.Email, "email")))
	c.verified = config.TrustEmail || c.all.One("email_verified") == "true" // some providers write it as a string
	c.name = cmp.Or(text(names.Name, "name"), strings.TrimSpace(text("", "given_name")+" "+text("", "family_name")), text("", "preferred_username"))
	c.locale = spoken(text(names.Language, "locale"))
	c.job, c.site = text(names.Job, "title"), text(names.Site, "site")
	c.department, c.jobFamily = text(names.Department, "department"), text(names.JobFamily, "job_family")
	c.manager = c.all.One(cmp.Or(names.Manager, "manager"))
	c.picture = c.all.One(cmp.Or(names.Picture, "picture"))
	switch { // a claim without a name is none of these
	case names.ExternalID != "":
		c.key.ExternalID = c.all.One(names.ExternalID)
	case names.UserName != "":
		c.key.UserName = c.all.One(names.UserName)
	}
}

// withheld tells whether the provider left the groups out because there are too many of them, as Entra ID does beyond 200.
// Who is in none is not known then.
func (c *claims) withheld(config *OIDC) bool {
	groups := cmp.Or(config.Claims.Groups, "groups")
	return c.all[groups] == nil && c.all["_claim_names."+groups] != nil
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
func address(value string) string {
	if len(value) > maxClaim || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return value
}

// maxClaim is the longest text taken over from the directory, in bytes.
const maxClaim = 200

// line reads a claim as one line to show: no control signs, nor those that turn the direction of what follows.
func line(value string) string {
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
