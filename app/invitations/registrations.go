package invitations

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"ruche/app/mail"
	"ruche/models"
	"ruche/views/i18n"
)

// OpenRegistration lets strangers ask to be let into a space, or no longer; those who wait go on waiting.
func (f *Invitations) OpenRegistration(ctx context.Context, actor *models.Actor, space *models.Space, open bool) error {
	verb := models.RegistrationClosed
	if open {
		verb = models.RegistrationOpened
		if err := mayLink(actor, space); err != nil {
			return err
		}
		if offered, err := f.offered(ctx); err != nil {
			return err
		} else if !offered {
			return models.Invalid{"space": "invitations.no_mail"}
		}
	} else if !actor.KeepsInvitations(space) {
		return fmt.Errorf("registration of space %d: %w", space.ID, models.ErrForbidden)
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		changed, err := tx.SetRegistration(space, open)
		if err != nil || !changed {
			return err
		}
		return tx.Record(verb, space, nil)
	})
}

// registering finds a space that is open to registration; ErrNotFound if it is not, or no letter could prove an address.
func (f *Invitations) registering(ctx context.Context, slug string) (*models.Space, error) {
	offered, err := f.offered(ctx)
	if err == nil && !offered {
		err = models.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("registration at %q: %w", slug, err)
	}
	return f.web.DB.OpenRegistration(ctx, slug)
}

// Register sends a letter to a stranger that proves their address, without a word of theirs in it. Whether there is an account
// with it makes no difference.
func (f *Invitations) Register(ctx context.Context, space *models.Space, r *models.Registration) error {
	r.Email, r.Locale = models.NormalEmail(r.Email), i18n.For(r.Locale).Lang()
	problem := ""
	switch {
	case !mailable(r.Email):
		problem = "users.email_invalid"
	case f.door.Owns(r.Email):
		problem = "registrations.own_address"
	}
	err := f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		secret, err := tx.Register(space, r)
		if err != nil || problem != "" {
			return withProblem(err, problem)
		}
		if secret == "" {
			return nil
		}
		l, company := i18n.For(r.Locale), f.web.Company
		return f.mail.Send(tx, mail.Message{
			To: r.Email, Locale: r.Locale, Subject: l.T("links.mail.subject", "company", company),
			Paragraphs: []string{l.T("registrations.mail.proof", "company", company, "space", space.Title)},
			Action:     &mail.Action{Label: l.T("registrations.mail.confirm"), URL: f.mail.House() + "/registration?" + url.Values{"token": {secret}}.Encode()},
			Notes:      []string{l.T("links.mail.once"), l.T("registrations.mail.not_you")}, Until: r.ExpiresAt,
		})
	})
	if err != nil {
		return fmt.Errorf("register at space %d: %w", space.ID, err)
	}
	return nil
}

// withProblem adds what is wrong with the address to what is wrong with the rest.
func withProblem(err error, problem string) error {
	invalid := models.Invalid{}
	if err != nil && !errors.As(err, &invalid) || problem == "" {
		return err
	}
	invalid["email"] = problem
	return invalid
}

// RegisterSelf has somebody ask who is signed in, as themselves; once more changes nothing.
func (f *Invitations) RegisterSelf(ctx context.Context, actor *models.Actor, space *models.Space, message string) error {
	if !actor.SignedIn() || !actor.MayRegister(space) {
		return fmt.Errorf("register at space %d: %w", space.ID, models.ErrForbidden)
	}
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		r := &models.Registration{Message: message, Locale: actor.Locale}
		if err := tx.RegisterSelf(space, r); err != nil {
			return err
		}
		return tx.Record(models.RegistrationMade, r, nil)
	})
	if errors.Is(err, models.ErrConflict) {
		return nil
	}
	return err
}

// Confirm proves the address of a registration, which waits from then on.
func (f *Invitations) Confirm(ctx context.Context, secret string) error {
	r, space, err := f.web.DB.UnprovenRegistration(ctx, secret)
	if err != nil {
		return fmt.Errorf("confirm registration: %w", err)
	}
	return f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		first, err := tx.ProveRegistration(space, r)
		if err != nil || !first {
			return err
		}
		return tx.Record(models.RegistrationMade, r, nil)
	})
}

// Admission is what somebody who asked is let in with.
type Admission struct {
	Role    models.SpaceRole
	Until   time.Time // when their access ends; zero: after the usual time
	Sponsor string    // the address of the employee who answers for them; empty: who accepts
}

// Admit lets somebody in who asked, and writes to them.
func (f *Invitations) Admit(ctx context.Context, actor *models.Actor, space *models.Space, id int64, in Admission) (r *models.Registration, err error) {
	if err := mayLink(actor, space); err != nil {
		return nil, err
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if r, err = tx.LockRegistration(space, id); err != nil {
			return err
		}
		sponsor, err := sponsorOf(tx, actor, in.Sponsor)
		if err != nil {
			return err
		}
		invitation := &models.Invitation{Role: in.Role, SponsorID: sponsor.ID, AccessUntil: f.until(in.Until)}
		welcomed, err := tx.AcceptRegistration(space, r, invitation)
		if err != nil {
			return err
		}
		if err := f.tell(tx, r, f.acceptedLetter(welcomed.User, invitation, space, sponsor)); err != nil {
			return err
		}
		if err := note(tx, actor.ID, welcomed, "registration"); err != nil {
			return err
		}
		return tx.Record(models.RegistrationTaken, r, map[string]any{"user": welcomed.User.ID, "role": in.Role})
	})
	if err != nil {
		return nil, fmt.Errorf("accept registration %d: %w", id, err)
	}
	return r, nil
}

// Refuse refuses somebody who asked, and writes to them why.
func (f *Invitations) Refuse(ctx context.Context, actor *models.Actor, space *models.Space, id int64, answer string) (r *models.Registration, err error) {
	if !actor.KeepsInvitations(space) {
		return nil, fmt.Errorf("registrations of space %d: %w", space.ID, models.ErrForbidden)
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if r, err = tx.LockRegistration(space, id); err != nil {
			return err
		}
		if err := tx.RefuseRegistration(r, answer); err != nil {
			return err
		}
		l, company := i18n.For(r.Locale), f.web.Company
		err := f.tell(tx, r, mail.Message{
			Subject:    l.T("registrations.mail.result", "space", space.Title, "company", company),
			Paragraphs: []string{l.T("registrations.mail.refused", "space", space.Title, "company", company), l.T("registrations.mail.reason", "words", r.Answer)},
		})
		if err != nil {
			return err
		}
		return tx.Record(models.RegistrationDenied, r, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("refuse registration %d: %w", id, err)
	}
	return r, nil
}

func (f *Invitations) acceptedLetter(user *models.User, invitation *models.Invitation, space *models.Space, sponsor *models.User) mail.Message {
	l, company := i18n.For(invitation.Locale), f.web.Company
	message := mail.Message{
		Subject:    l.T("registrations.mail.result", "space", space.Title, "company", company),
		Paragraphs: []string{l.T("registrations.mail.accepted", "space", space.Title, "company", company)},
		Action:     &mail.Action{Label: l.T("accounts.sign_in"), URL: f.mail.House() + "/sign-in?" + url.Values{"next": {"/spaces/" + space.Slug}}.Encode()},
	}
	if user.External() && user.ExpiresAt != nil {
		message.Notes = []string{l.T("invitations.mail.access", "date", l.Date(user.ExpiresAt.Add(-time.Second)), "name", sponsor.Name)}
	}
	return message
}

// tell writes to the address that a registration has proven, if it has one.
func (f *Invitations) tell(tx *models.Tx, r *models.Registration, message mail.Message) error {
	if r.Email == "" {
		return nil
	}
	message.To, message.Locale = r.Email, r.Locale
	return f.mail.Send(tx, message)
}
