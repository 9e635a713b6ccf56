// Package agreements is about what people from outside accept before they contribute to a space: its managers write the
// agreement in versions, and everyone from outside accepts the one that holds. Who is asked, and when, is the policy's
// matter; that a contribution carries its version, that of the models.
package agreements

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
)

// Agreements is the feature.
type Agreements struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *Agreements { return &Agreements{w} }

// Draft is a text that somebody wants to publish as a space's agreement. Base is the version that they started from.
type Draft struct {
	Space *models.Space
	Body  string // Markdown
	Base  int
}

// Publish makes a text the agreement that holds in a space. Whoever accepted another version is asked again.
func (f *Agreements) Publish(ctx context.Context, actor *models.Actor, in Draft) (*models.Agreement, error) {
	if err := mayWrite(actor, in.Space); err != nil {
		return nil, fmt.Errorf("publish agreement of space %d: %w", in.Space.ID, err)
	}
	agreement, err := compose(in.Body)
	if err != nil {
		return nil, err
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		again, err := tx.PublishAgreement(in.Space, agreement, in.Base)
		if err != nil {
			return err
		}
		if err := tx.DropDraft(actor.ID, draftForm(in.Space)); err != nil || again {
			return err
		}
		return tx.Record(models.AgreementPublished, agreement, about{agreement.Version})
	})
	return agreement, err
}

// about is the data of the events about agreements.
type about struct {
	Version int `json:"version"`
}

// draftForm is the name of the form in which the agreement of a space is written.
func draftForm(space *models.Space) string {
	return "space/" + strconv.FormatInt(space.ID, 10) + "/agreement"
}

// mayWrite refuses those who do not run a space, or run it from outside, and everyone in one that is archived.
func mayWrite(actor *models.Actor, space *models.Space) error {
	switch {
	case !actor.Can(models.WriteAgreement, space):
		return models.ErrForbidden
	case space.ArchivedAt != nil:
		return models.ErrArchived
	}
	return nil
}

// compose checks and renders the text of an agreement; what is wrong with it is said at the field "body". It holds no
// pictures: whoever signs has to be able to keep and search every word.
func compose(body string) (*models.Agreement, error) {
	markdown, err := text.Clean(body, text.MaxBody)
	if err == nil && markdown == "" {
		err = text.Blank
	}
	if err != nil {
		return nil, models.Invalid{"body": err.Error()}
	}
	rendered, err := text.Render(markdown, text.Body, nil)
	switch {
	case err != nil:
		return nil, models.Invalid{"body": err.Error()}
	case len(rendered.Files) > 0:
		return nil, models.Invalid{"body": "agreements.pictures"}
	case !says(markdown):
		return nil, models.Invalid{"body": "agreements.headings_only"}
	}
	return &models.Agreement{Body: markdown, HTML: rendered.HTML}, nil
}

// Withdraw lets no agreement hold in a space any more; once more changes nothing.
func (f *Agreements) Withdraw(ctx context.Context, actor *models.Actor, space *models.Space) error {
	if err := mayWrite(actor, space); err != nil {
		return fmt.Errorf("withdraw agreement of space %d: %w", space.ID, err)
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		agreement, err := tx.WithdrawAgreement(space)
		if err != nil || agreement == nil {
			return err
		}
		return tx.Record(models.AgreementWithdrawn, agreement, about{agreement.Version})
	})
}

// Accept notes that the actor accepts a version of a space's agreement; once more changes nothing. ErrConflict if another
// version holds by now. Whoever need not accept anything is told so at the field "accept".
func (f *Agreements) Accept(ctx context.Context, actor *models.Actor, space *models.Space, version int) error {
	access := actor.Access(space.ID)
	switch {
	case !actor.SignedIn(), access == nil:
		return models.ErrForbidden
	case space.AgreementID == nil:
		return models.Invalid{"accept": "agreements.none_to_accept"}
	case !actor.External():
		return models.Invalid{"accept": "agreements.not_needed"}
	case !access.Unaccepted:
		return nil
	case !actor.Asked(space.ID): // who only reads along
		return models.Invalid{"accept": "agreements.not_needed"}
	}
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		agreement, changed, err := tx.AcceptAgreement(space, version)
		if err != nil || !changed {
			return err
		}
		return tx.Record(models.AgreementAccepted, agreement, about{agreement.Version})
	})
	if errors.Is(err, models.ErrNotFound) {
		return models.Invalid{"accept": "agreements.none_to_accept"}
	}
	return err
}
