// Package accounts lets people in and out: links by mail and from the command line, passkeys, the company's identity providers, sessions,
// personal settings and API tokens. What a person may see or do once inside is the matter of models.
package accounts

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/go-webauthn/webauthn/webauthn"

	"ruche/app/files"
	"ruche/app/jobs"
	"ruche/app/mail"
	"ruche/app/outside"
	"ruche/app/web"
	"ruche/models"
	"ruche/views/i18n"
)

// Accounts is the feature.
type Accounts struct {
	web       *web.Web
	mail      *mail.Mailer
	files     *files.Files
	outside   *outside.Client // by which pictures are fetched
	options   Options
	providers []*provider        // none where people come without one
	passkeys  *webauthn.WebAuthn // nil where browsers know none
	strangers func(tx *models.Tx, email, locale string) error
}

// MeetStrangers says what becomes of those who ask for a link and have no account.
func (f *Accounts) MeetStrangers(meet func(tx *models.Tx, email, locale string) error) {
	f.strangers = meet
}

// Owns tells whether people with an e-mail address sign in at one of the company's providers.
func (f *Accounts) Owns(email string) bool {
	return slices.ContainsFunc(f.providers, func(p *provider) bool { return p.config.signsIn(email) })
}

// Options are what an operator sets.
type Options struct {
	Providers  []OIDC
	MagicLinks MagicLinks
	RateLimit  bool // bound the attempts to sign in from one address
	// Pictures replaces the way to the pictures that providers name, for tests; nil is the one that leads to public addresses only.
	Pictures http.RoundTripper
}

// New returns the feature, whose links are sent by a job.
func New(w *web.Web, m *mail.Mailer, j *jobs.Jobs, store *files.Files, options Options) *Accounts {
	f := &Accounts{
		web: w, mail: m, files: store, outside: newOutside(options.Pictures), options: options, passkeys: newPasskeys(w), strangers: func(*models.Tx, string, string) error { return nil },
	}
	j.Register(jobs.Kind{Name: linkJob, Work: f.sendLink})
	j.Register(jobs.Kind{Name: emergencyJob, Work: tellEmergency})
	j.Register(jobs.Kind{Name: pictureJob, Work: f.fetchPicture})
	j.Register(jobs.Kind{Name: warnJob, Every: warnEvery, Work: f.warnOfTokens})
	for _, config := range options.Providers {
		f.providers = append(f.providers, newProvider(config, w.BaseURL, w.DB.Now))
	}
	return f
}

// spendLink uses a one-time link up and returns whom it signs in; ErrNotFound if it serves no more.
func (f *Accounts) spendLink(ctx context.Context, secret string) (user *models.User, err error) {
	err = f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		user, err = tx.UseLoginLink(secret)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("spend sign-in link: %w", err)
	}
	return user, nil
}

// noteSpent tells a person, in the log around their account, that somebody tried a link of theirs that serves no more.
func (f *Accounts) noteSpent(ctx context.Context, secret string) error {
	return f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		user, err := tx.SpentLinkUser(secret)
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.Record(models.SignInRefused, user, map[string]string{"why": "link_spent"})
	})
}

// leave notes that a person goes. Everywhere ends all their sessions, at once and on every replica:
// they are kept in the database.
func (f *Accounts) leave(ctx context.Context, actor *models.Actor, everywhere bool) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		var data any
		if everywhere {
			if err := tx.EndSessions(actor.ID); err != nil {
				return err
			}
			data = map[string]bool{"everywhere": true}
		}
		return tx.Record(models.UserSignedOut, &models.User{ID: actor.ID}, data)
	})
}

// EndSession ends one of the actor's sessions; ErrNotFound if it is not theirs.
func (f *Accounts) EndSession(ctx context.Context, actor *models.Actor, key string) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.EndSessionOf(actor.ID, key); err != nil {
			return err
		}
		return tx.Record(models.SessionEnded, &models.User{ID: actor.ID}, nil)
	})
}

// EndOtherSessions ends all of the actor's sessions but the one with the given key.
func (f *Accounts) EndOtherSessions(ctx context.Context, actor *models.Actor, key string) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		ended, err := tx.EndOtherSessions(actor.ID, key)
		if err != nil || ended == 0 {
			return err
		}
		return tx.Record(models.SessionEnded, &models.User{ID: actor.ID}, map[string]bool{"others": true})
	})
}

// savePreferences stores the language and theme of a person.
func (f *Accounts) savePreferences(ctx context.Context, actor *models.Actor) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error { return tx.SavePreferences(actor.ID, actor.Locale, actor.Theme) })
}

// The preference of whether others learn when a person reads and writes.
const (
	presencePreference = "presence"
	seen, unseen       = "seen", "unseen"
)

// preference tells whether a choice is one that there is.
func preference(name, value string) bool {
	switch name {
	case web.LocaleCookie:
		return slices.Contains(i18n.Languages[:], value)
	case web.ThemeCookie:
		return slices.Contains([]string{"", "light", "dark"}, value)
	case presencePreference:
		return value == seen || value == unseen
	}
	return false
}

// CreateToken makes an API token for the actor, that serves for the given days, and returns its secret, which cannot
// be read again.
func (f *Accounts) CreateToken(ctx context.Context, actor *models.Actor, token *models.Token, days int) (secret string, err error) {
	token.UserID = actor.ID
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		secret, err = createToken(tx, token, days)
		return err
	})
	return secret, err
}

func createToken(tx *models.Tx, token *models.Token, days int) (string, error) {
	secret, err := tx.CreateToken(token, days)
	if err != nil {
		return "", err
	}
	return secret, tx.Record(models.TokenCreated, token, map[string]any{"scope": token.Scope, "user": token.UserID})
}

// RevokeToken ends one of the actor's API tokens; ErrNotFound if it is not theirs.
func (f *Accounts) RevokeToken(ctx context.Context, actor *models.Actor, id int64) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.RevokeToken(actor.ID, id); err != nil {
			return err
		}
		return tx.Record(models.TokenRevoked, &models.Token{ID: id}, nil)
	})
}
