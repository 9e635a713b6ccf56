package invitations

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"ruche/app/mail"
	"ruche/models"
	"ruche/views/i18n"
)

// mayLink refuses links into a space that the actor does not let people from outside into.
func mayLink(actor *models.Actor, space *models.Space) error {
	switch {
	case actor.Can(models.Invite, space):
		return nil
	case actor.Can(models.ManageSpace, space) && !actor.External() && space.ArchivedAt == nil:
		return models.Invalid{"space": "invitations.no_externals"}
	}
	return fmt.Errorf("links into space %d: %w", space.ID, actor.Refusal(models.Invite, space))
}

// MakeLink makes a link into a space, that serves for some days, and returns its secret, which cannot be read again.
func (f *Invitations) MakeLink(ctx context.Context, actor *models.Actor, link *models.InvitationLink, space *models.Space, days int) (secret string, err error) {
	if err := mayLink(actor, space); err != nil {
		return "", err
	}
	if offered, err := f.offered(ctx); err != nil {
		return "", err
	} else if !offered {
		return "", models.Invalid{"space": "invitations.no_mail"}
	}
	if link.AccessUntil.IsZero() {
		link.AccessUntil = f.web.DB.Now().AddDate(0, usualAccess, 0)
	}
	link.SpaceID = space.ID
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		link.ExpiresAt = tx.Now().Add(time.Duration(days) * 24 * time.Hour)
		if secret, err = tx.CreateInvitationLink(link); err != nil {
			return err
		}
		return tx.Record(models.InvitationLinkMade, link, map[string]int{"places": link.Places})
	})
	return secret, err
}

// EndLink ends a link into a space at once.
func (f *Invitations) EndLink(ctx context.Context, actor *models.Actor, space *models.Space, id int64) error {
	if !actor.Can(models.ManageSpace, space) || actor.External() {
		return fmt.Errorf("links into space %d: %w", space.ID, models.ErrForbidden)
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		link, changed, err := tx.RevokeLink(space, id)
		if err != nil || !changed {
			return err
		}
		return tx.Record(models.InvitationLinkEnds, link, nil)
	})
}

// Ask sends a letter to somebody who holds a link, to prove that the address is theirs. Whether there is an account with
// it makes no difference.
func (f *Invitations) Ask(ctx context.Context, secret, email, locale string) error {
	link, space, err := f.web.DB.OpenLink(ctx, secret)
	if err != nil {
		return fmt.Errorf("open link: %w", err)
	}
	email = models.NormalEmail(email)
	if !mailable(email) {
		return models.Invalid{"email": "users.email_invalid"}
	}
	if !link.Admits(email) {
		return models.Invalid{"email": "links.other_domain"}
	}
	return f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		invitation := &models.Invitation{Email: email, Locale: i18n.For(locale).Lang()}
		secret, err := tx.Prove(link, invitation)
		if err != nil || secret == "" {
			return err
		}
		return f.mail.Send(tx, f.proofLetter(invitation, space, secret))
	})
}

func (f *Invitations) proofLetter(invitation *models.Invitation, space *models.Space, secret string) mail.Message {
	l, company := i18n.For(invitation.Locale), f.web.Company
	return mail.Message{
		To: invitation.Email, Locale: invitation.Locale, Subject: l.T("links.mail.subject", "company", company),
		Paragraphs: []string{l.T("links.mail.text", "company", company, "space", space.Title)}, Action: &mail.Action{Label: l.T("invitations.mail.look"), URL: f.link(secret)},
		Notes: []string{l.T("links.mail.once"), l.T("invitations.mail.not_you")}, Until: invitation.ExpiresAt,
	}
}

func (f *Invitations) joinURL(secret string) string {
	return f.web.BaseURL.String() + "/join?" + url.Values{"token": {secret}}.Encode()
}
