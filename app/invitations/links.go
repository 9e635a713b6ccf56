package invitations

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
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
	case actor.KeepsInvitations(space) && space.ArchivedAt == nil:
		return models.Invalid{"space": "invitations.no_externals"}
	}
	return fmt.Errorf("links into space %d: %w", space.ID, actor.Refusal(models.Invite, space))
}

// NewLink is what somebody makes a link with.
type NewLink struct {
	ByDomain bool
	Domains  string
	Role     models.SpaceRole
	Places   int
	Days     int       // how long it serves
	Until    time.Time // when the access of those who come ends; zero: after the usual time
	Sponsor  string    // the address of the employee who answers for them; empty: who makes it
	Key      string    // of a program's request, which sent again makes no second one
}

// MakeLink makes a link into a space and returns its secret, which cannot be read again.
func (f *Invitations) MakeLink(ctx context.Context, actor *models.Actor, space *models.Space, in NewLink) (link *models.InvitationLink, secret string, err error) {
	if err := mayLink(actor, space); err != nil {
		return nil, "", err
	}
	if offered, err := f.offered(ctx); err != nil {
		return nil, "", err
	} else if !offered {
		return nil, "", models.Invalid{"space": "invitations.no_mail"}
	}
	request := onceOf("link", in.Key, space.ID, in.ByDomain, in.Domains, in.Role, in.Places, in.Days, in.Until, in.Sponsor)
	link = &models.InvitationLink{SpaceID: space.ID, ByDomain: in.ByDomain, Domains: in.Domains, Role: in.Role, Places: in.Places, AccessUntil: f.until(in.Until)}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := request.begin(tx); err != nil {
			return err
		}
		link.ExpiresAt = tx.Now().Add(time.Duration(min(in.Days, 10*models.MaxDomainDays)) * 24 * time.Hour)
		sponsor, err := sponsorOf(tx, actor, in.Sponsor)
		if err != nil {
			return err
		}
		if sponsor.ID != actor.ID {
			link.SponsorID = &sponsor.ID
		}
		if secret, err = tx.CreateInvitationLink(link); err != nil {
			return err
		}
		if f.own(actor, link) {
			return models.Invalid{"domains": "links.domains_own"}
		}
		if err := request.done(tx, link.ID); err != nil {
			return err
		}
		return tx.Record(models.InvitationLinkMade, link, map[string]any{"places": link.Places, "by_domain": link.ByDomain})
	})
	if errors.Is(err, errDone) {
		link, err = f.linkBefore(ctx, actor, space, request)
	}
	return link, secret, err
}

// linkBefore is the link that a request made when it came first.
func (f *Invitations) linkBefore(ctx context.Context, actor *models.Actor, space *models.Space, request once) (*models.InvitationLink, error) {
	made, err := f.before(ctx, actor, request)
	if err != nil {
		return nil, err
	}
	cards, err := f.web.DB.InvitationLinks(ctx, space, made[0]+1, 1)
	if err == nil && len(cards) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &cards[0].InvitationLink, nil
}

// until is the end of an access that somebody gives, which has one even if they name none.
func (f *Invitations) until(chosen time.Time) time.Time {
	if chosen.IsZero() {
		return models.MonthsLater(f.web.DB.Now(), usualAccess)
	}
	return chosen
}

// own tells whether a link by domain names one of the company's own: one whose people a provider signs in, or that of whoever makes it.
func (f *Invitations) own(actor *models.Actor, link *models.InvitationLink) bool {
	return link.ByDomain && slices.ContainsFunc(strings.Split(link.Domains, ","), func(domain string) bool {
		return f.door.Owns("x@"+domain) || strings.HasSuffix(models.NormalEmail(actor.Email), "@"+domain)
	})
}

// EndLink ends a link into a space at once.
func (f *Invitations) EndLink(ctx context.Context, actor *models.Actor, space *models.Space, id int64) error {
	if !actor.KeepsInvitations(space) {
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
		return f.prove(tx, link, space.Title, &models.Invitation{Email: email, Locale: i18n.For(locale).Lang()})
	})
}

// prove sends the letter that proves an address, unless letters enough are on their way.
func (f *Invitations) prove(tx *models.Tx, link *models.InvitationLink, title string, invitation *models.Invitation) error {
	secret, err := tx.Prove(link, invitation)
	if err != nil || secret == "" {
		return err
	}
	l, company := i18n.For(invitation.Locale), f.web.Company
	return f.mail.Send(tx, mail.Message{
		To: invitation.Email, Locale: invitation.Locale, Subject: l.T("links.mail.subject", "company", company),
		Paragraphs: []string{l.T("links.mail.text", "company", company, "space", title)}, Action: &mail.Action{Label: l.T("invitations.mail.look"), URL: f.link(secret)},
		Notes: []string{l.T("links.mail.once"), l.T("invitations.mail.not_you")}, Until: invitation.ExpiresAt,
	})
}

func (f *Invitations) joinURL(secret string) string {
	return f.web.BaseURL.String() + "/join?" + url.Values{"token": {secret}}.Encode()
}
