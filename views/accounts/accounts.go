// Package accounts shows the way in and what a person can set for themselves. It decides nothing about
// who gets in.
package accounts

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Doors are the ways in that the sign-in page offers.
type Doors struct {
	Providers  []Provider // of the company's own accounts
	Mail       bool       // links are sent to those who ask
	GuestsOnly bool       // but not to those with a company account
	Domains    bool       // an e-mail address may lead to a provider
	Passkeys   bool       // people may hold keys of their own
	Public     bool       // there is something to read without an account
	Left       bool       // someone has just signed out
	Next       string

	Email, EmailError string
}

// Provider is where people with accounts of a company sign in.
type Provider struct {
	Name, URL string
	Down      bool // it did not answer a moment ago
}

// Way is where an e-mail address leads.
type Way struct{ Name, URL string }

// down tells whether one of the providers did not answer a moment ago.
func (d Doors) down() bool {
	return slices.ContainsFunc(d.Providers, func(p Provider) bool { return p.Down })
}

// kind: of several buttons none is the main one.
func (d Doors) kind() string {
	if len(d.Providers) > 1 {
		return parts.Secondary
	}
	return parts.Primary
}

// LinkForm is a one-time link that has not been used yet, and whom it signs in.
type LinkForm struct {
	Token, Next string
	ID          int64
	Name        string
}

// Account is what a person can see and set for themselves.
type Account struct {
	Actor      *models.Actor
	Identities []string // the providers that the account is bound to
	Sessions   []models.Session
	Here       string        // the key of the session that asks
	Idle, Life time.Duration // the limits of a session
	Tokens     []models.Token
	Secret     string // of the token just made; shown once
	Files      models.FileUse

	Passkeys       []models.Passkey
	OffersPasskeys bool // the company leaves it to the person
	LastWay        bool // the one passkey is all that lets the person in without anyone's help

	Person     *models.User
	Asked      *models.Correction // what they ask to have corrected; nil for nothing
	Owners     Owners             // who else says something of the person
	GivesEmail bool               // the first owner has no address yet
	Said       map[string]string  // what the person has filled in, by field
	Problems   models.Invalid     // and what is wrong with it

	PasskeyName, PasskeyError string
	NewToken                  TokenForm
}

// TokenForm is what a token is asked for with.
type TokenForm struct {
	Name, Scope, Days string
	Errors            models.Invalid
}

// tokenDays are the lives of a token that the form offers.
var tokenDays = [...]int{30, 90, 180, models.TokenDays, models.MaxTokenDays}

func dayOptions(l *i18n.Locale) []parts.Option {
	options := make([]parts.Option, len(tokenDays))
	for i, days := range tokenDays {
		options[i] = parts.Option{Value: strconv.Itoa(days), Label: l.T("tokens.days", "count", days)}
	}
	return options
}

// scopeOptions are the scopes that an account may have tokens of.
func scopeOptions(l *i18n.Locale, role models.Role, service bool) (options []parts.Option) {
	for _, scope := range models.Scopes() {
		if scope.OpenTo(role, service) {
			options = append(options, parts.Option{Value: string(scope), Label: l.T("tokens.scope." + string(scope))})
		}
	}
	return options
}

func (t TokenForm) days() string { return cmp.Or(t.Days, strconv.Itoa(models.TokenDays)) }

func (t TokenForm) problem(l *i18n.Locale, field string) string {
	if t.Errors[field] == "" {
		return ""
	}
	return l.T(t.Errors[field])
}

func (a *Account) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range a.profile(l) {
		if field.Error != "" {
			errors = append(errors, parts.FieldError{Name: field.Name, Text: field.Error})
		}
	}
	for _, e := range []parts.FieldError{
		{Name: "file", Text: a.problem(l, "file")}, {Name: "wish", Text: a.problem(l, "wish")}, {Name: "passkey_name", Text: a.PasskeyError},
		{Name: "token_name", Text: a.NewToken.problem(l, "name")},
		{Name: "scope", Text: a.NewToken.problem(l, "scope")}, {Name: "days", Text: a.NewToken.problem(l, "days")},
	} {
		if e.Text != "" {
			errors = append(errors, e)
		}
	}
	return errors
}

func (a *Account) problem(l *i18n.Locale, field string) string {
	if key := a.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func inDays(d time.Duration) int { return int(d / (24 * time.Hour)) }

// facts are a line about the person.
func (a *Account) facts(l *i18n.Locale) []string {
	facts := []string{l.T("users.role." + string(a.Actor.Role))}
	for _, fact := range []string{a.Actor.Job, a.Actor.Site, a.Actor.Email} {
		if fact != "" {
			facts = append(facts, fact)
		}
	}
	return facts
}

// url leads to the provider, which nothing but a plain link may do: pages may only post to the house itself.
func (p Provider) url(next string) templ.SafeURL {
	return templ.SafeURL(p.URL + "?next=" + url.QueryEscape(next))
}

// longCompany is from how many letters on a company's name no longer fits into the button.
const longCompany = 16

func providerLabel(p layout.Page, name string) string {
	if name != "" {
		return p.L.T("signin.provider", "name", name)
	}
	if utf8.RuneCountInString(p.Company) >= longCompany {
		return p.L.T("accounts.provider_any")
	}
	return p.L.T("accounts.provider", "company", p.Company)
}

type choice struct{ value, text string }

func languageChoices() []choice {
	return []choice{{"fr", layout.Language("fr")}, {"en", layout.Language("en")}}
}

func themeChoices(p layout.Page) []choice {
	return []choice{{"", p.L.T("layout.theme.system")}, {"light", p.L.T("layout.theme.light")}, {"dark", p.L.T("layout.theme.dark")}}
}

func presenceChoices(p layout.Page) []choice {
	return []choice{{"seen", p.L.T("accounts.presence.seen")}, {"unseen", p.L.T("accounts.presence.unseen")}}
}

// presence is which of them the person has chosen.
func presence(actor *models.Actor) string {
	if actor.Unseen {
		return "unseen"
	}
	return "seen"
}

// mailHint says where an address leads.
func mailHint(p layout.Page, d Doors) string {
	switch {
	case d.Domains && !d.Mail:
		return p.L.T("signin.mail.hint.domains")
	case d.Domains && d.GuestsOnly:
		return p.L.T("signin.mail.hint.domains_guests")
	case d.Domains:
		return p.L.T("signin.mail.hint.domains_all")
	case d.GuestsOnly:
		return p.L.T("signin.mail.hint.guests")
	}
	return p.L.T("signin.mail.hint")
}

// mailButton: where there is one provider, its button is the main one; among several the address chooses.
func mailButton(p layout.Page, d Doors) parts.Btn {
	button := parts.Btn{Label: p.L.T("signin.mail.send"), Icon: "at-sign", Kind: parts.Primary, Large: true, Wide: true}
	if d.Domains {
		button.Label, button.Icon = p.L.T("signin.mail.continue"), "log-in"
	}
	if len(d.Providers) == 1 {
		button.Kind = parts.Secondary
	}
	return button
}

// orElse says what there is beside the buttons.
func orElse(p layout.Page, d Doors) string {
	if d.Domains {
		return p.L.T("signin.or.address")
	}
	return p.L.T("accounts.or")
}

// removal says what goes with a passkey.
func (a *Account) removal(l *i18n.Locale) string {
	if a.LastWay {
		return l.T("passkeys.remove.last")
	}
	return l.T("passkeys.remove.text")
}
