// Package accounts lets people in and out: one-time links, the company's identity provider, sessions,
// personal settings and API tokens. What a person may see or do once inside is the matter of models.
package accounts

import (
	"context"
	"fmt"

	"ruche/app/web"
	"ruche/models"
)

// Accounts is the feature.
type Accounts struct {
	web     *web.Web
	options Options
}

// Options are what an operator sets.
type Options struct {
	RateLimit bool // bound the attempts to sign in from one address
}

// New returns the feature.
func New(w *web.Web, options Options) *Accounts { return &Accounts{web: w, options: options} }

// spendLink uses a one-time link up and returns whom it signs in; ErrNotFound if it serves no more.
func (f *Accounts) spendLink(ctx context.Context, secret string) (user *models.User, err error) {
	err = f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		if user, err = tx.UseLoginLink(secret); err != nil {
			return err
		}
		return tx.RecordBy(user.ID, models.UserSignedIn, user, map[string]string{"by": "link"})
	})
	if err != nil {
		return nil, fmt.Errorf("spend sign-in link: %w", err)
	}
	return user, nil
}
