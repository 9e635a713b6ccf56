package invitations

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"ruche/app/jobs"
	"ruche/models"
	"ruche/views/i18n"
)

// offerJob looks for what is offered to an address.
const offerJob = "offers"

// asker is somebody who asks what is offered to an address of theirs.
type asker struct{ Email, Locale string }

// AskByDomain leaves the work to a job, whoever asks: how long the answer takes, and what it is, tells nothing about which
// organisations may come in, nor about who has.
func (f *Invitations) AskByDomain(ctx context.Context, email, locale string) error {
	who := asker{models.NormalEmail(email), i18n.For(locale).Lang()}
	if !mailable(who.Email) {
		return models.Invalid{"email": "users.email_invalid"}
	}
	err := f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		return tx.AddJob(&models.Job{Kind: offerJob, Key: fmt.Sprintf("%x", sha256.Sum256([]byte(who.Email)))}, who)
	})
	if errors.Is(err, models.ErrConflict) {
		return nil // it is being looked for
	}
	return err
}

// offer is the job: a letter for each space that an address opens, nothing to anybody else.
func (f *Invitations) offer(_ context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
	var who asker
	if err := run.Args(&who); err != nil {
		return nil, err
	}
	return func(tx *models.Tx) error { return f.OfferTo(tx, who.Email, who.Locale) }, nil
}

// OfferTo sends the letters by which somebody proves an address that opens spaces by its domain, if it does.
func (f *Invitations) OfferTo(tx *models.Tx, email, locale string) error {
	if offered, err := f.offered(tx.Context()); err != nil || !offered {
		return err
	}
	offers, err := tx.Offers(tx.Context(), email)
	if err != nil {
		return err
	}
	for i := range offers {
		invitation := &models.Invitation{Email: models.NormalEmail(email), Locale: i18n.For(locale).Lang()}
		if err := f.prove(tx, &offers[i].InvitationLink, offers[i].Title, invitation); err != nil {
			return err
		}
	}
	return nil
}
