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
	Made                               string // the link just made; shown once
	Role, Places, Days, Domains, Until string
	Problems                           models.Invalid
}

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
		return l.T(key, "most", models.MaxPlaces, "days", models.MaxLinkDays)
	}
	return ""
}

func (k Links) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"space", "role", "places", "days", "domains", "until"} {
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
	case c.Used >= c.Places:
		return "green", p.L.T("links.full")
	}
	return "blue", p.L.T("links.open")
}

func shownDomains(domains string) string { return strings.ReplaceAll(domains, ",", ", ") }

// Join is a link as whoever holds it sees it.
type Join struct {
	Token, Email string
	Link         *models.InvitationLink
	Space        *models.Space
	Problems     models.Invalid
}

// Path leads to it.
func (j Join) Path() string { return "/join?" + url.Values{"token": {j.Token}}.Encode() }

func (j Join) problem(l *i18n.Locale) string {
	if key := j.Problems["email"]; key != "" {
		return l.T(key)
	}
	return ""
}
