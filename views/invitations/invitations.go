// Package invitations shows who is invited from outside, and an invitation to whoever holds it.
package invitations

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// List is a page of the list of invitations.
type List struct {
	Cards     []models.InvitationCard
	Space     string // the slug of the one space whose invitations are shown
	Title     string // and what it is called
	State     models.InvitationState
	Next      int64 // id before which the next page begins, 0 at the end
	Later     bool  // not the first page
	MayInvite bool  // into at least one space
}

func (list List) address(state models.InvitationState, before int64) string {
	values := url.Values{}
	if list.Space != "" {
		values.Set("space", list.Space)
	}
	if state != "" {
		values.Set("state", string(state))
	}
	if before != 0 {
		values.Set("before", strconv.FormatInt(before, 10))
	}
	if len(values) == 0 {
		return "/invitations"
	}
	return "/invitations?" + values.Encode()
}

func (list List) next() string {
	if list.Next == 0 {
		return ""
	}
	return list.address(list.State, list.Next)
}

func (list List) start() string {
	if !list.Later {
		return ""
	}
	return list.address(list.State, 0)
}

// inviteURL leads to the form, with the space that the list is about.
func (list List) inviteURL() string {
	if list.Space == "" {
		return "/invitations/new"
	}
	return "/invitations/new?" + url.Values{"space": {list.Space}}.Encode()
}

func (list List) chips(l *i18n.Locale) []parts.ChipLink {
	chips := []parts.ChipLink{{URL: list.address("", 0), Label: l.T("invitations.state.any"), Count: -1, Active: list.State == ""}}
	for _, state := range models.InvitationStates() {
		chips = append(chips, parts.ChipLink{URL: list.address(state, 0), Label: l.T("invitations.state." + string(state)), Count: -1, Active: list.State == state})
	}
	return chips
}

// pill is the kind of a state's pill.
func pill(state models.InvitationState) string {
	switch state {
	case models.InvitationIsTaken:
		return "green"
	case models.InvitationLapsed:
		return "amber"
	case models.InvitationPending:
		return "blue"
	}
	return ""
}

// open tells whether something can still become of an invitation.
func open(card *models.InvitationCard, now time.Time) bool {
	return card.AcceptedAt == nil && card.AccessUntil.After(now)
}

func path(card *models.InvitationCard) string {
	return "/invitations/" + strconv.FormatInt(card.ID, 10)
}

// Form is what the form was sent with, and what is wrong in it.
type Form struct {
	Addresses, Role, Message, Locale, Until, Sponsor string
	Spaces                                           []string // slugs
	Offered                                          []models.SpaceAccess
	Mail                                             bool // people can be let in by a letter
	Problems                                         models.Invalid
	Wrong                                            []string // the addresses that a problem is about
}

// shownWrong bounds the addresses that a problem names.
const shownWrong = 5

func (f Form) problem(l *i18n.Locale, field string) string {
	key := f.Problems[field]
	if key == "" {
		return ""
	}
	shown := slices.Clone(f.Wrong[:min(len(f.Wrong), shownWrong)])
	for i, address := range shown {
		if runes := []rune(strings.ToValidUTF8(address, "�")); len(runes) > 60 {
			shown[i] = string(runes[:60]) + "…"
		}
	}
	return l.T(key, "count", len(f.Wrong), "addresses", strings.Join(shown, ", "), "most", models.MaxInvited)
}

func (f Form) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"addresses", "space", "role", "until", "sponsor", "message"} {
		if text := f.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

func (f Form) spaces(l *i18n.Locale) (choices []parts.Choice) {
	for _, space := range f.Offered {
		choices = append(choices, parts.Choice{
			Type: "checkbox", Name: "space", Value: space.Slug, Label: space.Title, Hint: l.T("spaces.audience." + string(space.Visibility)), Checked: slices.Contains(f.Spaces, space.Slug),
		})
	}
	return choices
}

func roles(l *i18n.Locale) (options []parts.Option) {
	for _, role := range models.InvitedRoles() {
		options = append(options, parts.Option{Value: string(role), Label: l.T("invitations.role_option", "role", l.T("spaces.role."+string(role)), "means", l.T("spaces.role_means."+string(role)))})
	}
	return options
}

func languages() (options []parts.Option) {
	for _, lang := range i18n.Languages {
		options = append(options, parts.Option{Value: lang, Label: layout.Language(lang)})
	}
	return options
}

// Acceptance is an invitation as whoever holds it sees it.
type Acceptance struct {
	Token              string
	Invitation         *models.Invitation
	Spaces             []models.Space
	Inviter            *models.User
	Stranger           string // someone else is signed in here
	Known              bool   // they have an account
	SignIn             bool   // they come in as they always do, and accept then
	Name, Organisation string
	Problems           models.Invalid
}

// Path leads to it.
func (a Acceptance) Path() string {
	return "/invitation?" + url.Values{"token": {a.Token}}.Encode()
}

func (a Acceptance) signIn() string { return "/sign-in?" + url.Values{"next": {a.Path()}}.Encode() }

func (a Acceptance) problem(l *i18n.Locale, field string) string {
	if key := a.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (a Acceptance) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"name", "organisation"} {
		if text := a.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}
