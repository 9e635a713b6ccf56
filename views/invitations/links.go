package invitations

import (
	"net/url"
	"strconv"
	"strings"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Links is a page of the links into a space, with the form that makes one.
type Links struct {
	Space                              *models.Space
	Cards                              []models.InvitationLinkCard
	Next                               int64
	Later                              bool
	MayMake                            bool
	Door                               string // where those ask who come in by their address alone
	Made                               string // the link just made; shown once
	ByDomain                           bool
	Role, Places, Days, Domains, Until string
	Sponsor                            string
	Problems                           models.Invalid
}

// ByDomain names the kind of link that has no secret.
const ByDomain = "domain"

// URL is that of the first page.
func (k Links) URL() string { return "/spaces/" + k.Space.Slug + "/links" }

func (k Links) next() string {
	if k.Next == 0 {
		return ""
	}
	return k.URL() + "?before=" + strconv.FormatInt(k.Next, 10)
}

func (k Links) start() string {
	if !k.Later {
		return ""
	}
	return k.URL()
}

func (k Links) end(c *models.InvitationLinkCard) string {
	return k.URL() + "/" + strconv.FormatInt(c.ID, 10) + "/revocation"
}

func (k Links) problem(l *i18n.Locale, field string) string {
	if key := k.Problems[field]; key != "" {
		days := models.MaxLinkDays
		if k.ByDomain {
			days = models.MaxDomainDays
		}
		return l.T(key, "most", models.MaxPlaces, "days", days)
	}
	return ""
}

// kinds are the two ways to let several people in.
func (k Links) kinds(l *i18n.Locale) []parts.Choice {
	return []parts.Choice{
		{Type: "radio", Name: "kind", Value: "link", Label: l.T("links.kind.link"), Hint: l.T("links.kind.link_hint"), Checked: !k.ByDomain},
		{Type: "radio", Name: "kind", Value: ByDomain, Label: l.T("links.kind.domain"), Hint: l.T("links.kind.domain_hint", "door", k.Door), Checked: k.ByDomain},
	}
}

// named is what a link is called in the list.
func named(l *i18n.Locale, c *models.InvitationLinkCard) string {
	if c.ByDomain {
		return l.T("links.of_domain", "domains", shownDomains(c.Domains))
	}
	return l.T("links.number", "number", strconv.FormatInt(c.ID, 10))
}

// taken says how many have come.
func taken(l *i18n.Locale, c *models.InvitationLinkCard) string {
	if c.Places == 0 {
		return l.T("links.came", "count", c.Used)
	}
	return l.T("links.used", "count", c.Used, "places", c.Places)
}

func (k Links) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"space", "role", "places", "days", "domains", "until", "sponsor"} {
		if text := k.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// linkState is what a link is now: a kind of pill and its words.
func linkState(p layout.Page, c *models.InvitationLinkCard) (kind, text string) {
	switch {
	case c.RevokedAt != nil:
		return "", p.L.T("invitations.state.revoked")
	case !c.ExpiresAt.After(p.Now):
		return "amber", p.L.T("invitations.state.expired")
	case c.Full():
		return "green", p.L.T("links.full")
	}
	return "blue", p.L.T("links.open")
}

func shownDomains(domains string) string { return strings.ReplaceAll(domains, ",", ", ") }

// Join is a link as whoever holds it sees it, or the door of those who hold none.
type Join struct {
	Token, Email string
	Space        *models.Space // nil for those
	Problems     models.Invalid
}

// Path leads to it.
func (j Join) Path() string {
	if j.Token == "" {
		return "/join"
	}
	return "/join?" + url.Values{"token": {j.Token}}.Encode()
}

func (j Join) problem(l *i18n.Locale) string {
	if key := j.Problems["email"]; key != "" {
		return l.T(key)
	}
	return ""
}

func (j Join) hint(l *i18n.Locale) string {
	if j.Space == nil {
		return l.T("links.door.hint")
	}
	return l.T("links.join.hint")
}
