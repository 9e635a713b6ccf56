// Package accounts shows the way in and what a person can set for themselves. It decides nothing about
// who gets in.
package accounts

import (
	"net/url"
	"unicode/utf8"

	"github.com/a-h/templ"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Doors are the ways in that the sign-in page offers.
type Doors struct {
	Provider     bool // the company's own accounts
	ProviderDown bool // it did not answer a moment ago
	Mail         bool // links are sent to those who ask
	GuestsOnly   bool // but not to those with a company account
	Public       bool // there is something to read without an account
	Left         bool // someone has just signed out
	Next         string

	Email, EmailError string
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
	Sessions   int
	Tokens     []models.Token
	Secret     string // of the token just made; shown once

	Editable, GivesEmail              bool // no directory names the person; the first owner has no address yet
	Name, Email, TokenName            string
	NameError, EmailError, TokenError string
}

func (a *Account) errors() (errors []parts.FieldError) {
	for _, e := range []parts.FieldError{{Name: "name", Text: a.NameError}, {Name: "email", Text: a.EmailError}, {Name: "token_name", Text: a.TokenError}} {
		if e.Text != "" {
			errors = append(errors, e)
		}
	}
	return errors
}

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

// language names a language in itself, for those who cannot read the other one.
func language(lang string) string {
	if lang == "en" {
		return "English"
	}
	return "Français"
}

// providerURL leads to the company's provider, which nothing but a plain link may do: pages may only
// post to the house itself.
func providerURL(next string) templ.SafeURL {
	return templ.SafeURL("/sign-in/oidc?next=" + url.QueryEscape(next))
}

// longCompany is from how many letters on a company's name no longer fits into the button.
const longCompany = 16

func providerLabel(p layout.Page) string {
	if utf8.RuneCountInString(p.Company) >= longCompany {
		return p.L.T("accounts.provider_any")
	}
	return p.L.T("accounts.provider", "company", p.Company)
}

type choice struct{ value, text string }

func languageChoices() []choice { return []choice{{"fr", language("fr")}, {"en", language("en")}} }

func themeChoices(p layout.Page) []choice {
	return []choice{{"", p.L.T("layout.theme.system")}, {"light", p.L.T("layout.theme.light")}, {"dark", p.L.T("layout.theme.dark")}}
}

// mailHint says what the link is, and who gets none.
func mailHint(p layout.Page, d Doors) string {
	if d.GuestsOnly {
		return p.L.T("signin.mail.hint.guests")
	}
	return p.L.T("signin.mail.hint")
}

// mailKind: where there is a provider, its button is the main one.
func mailKind(d Doors) string {
	if d.Provider {
		return parts.Secondary
	}
	return parts.Primary
}
