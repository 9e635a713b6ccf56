// Package invitations asks people from outside into spaces, and looks after how long those who come may stay and who of
// the company answers for them. Who may see and do what once they are in is the matter of models; how they come back,
// that of accounts.
package invitations

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/jobs"
	"ruche/app/mail"
	"ruche/app/web"
	"ruche/models"
	"ruche/views/i18n"
)

// Invitations is the feature.
type Invitations struct {
	web  *web.Web
	mail *mail.Mailer
	door Door
}

// Door is how those who are invited come in.
type Door struct {
	// LetsIn tells whether somebody from outside, with an account or not, may come in by what is sent to their address.
	LetsIn    func(context.Context, *models.User) (bool, error)
	SignIn    func(echo.Context, *models.User, web.Entry) error
	Owns      func(email string) bool // an address whose people a provider of the company's signs in
	RateLimit bool                    // bound the attempts to guess a link
}

// lookEvery is how often is looked for whose access ends soon, and for whom nobody answers.
const lookEvery = time.Hour

// New returns the feature, whose reminders are a job.
func New(w *web.Web, m *mail.Mailer, j *jobs.Jobs, door Door) *Invitations {
	f := &Invitations{web: w, mail: m, door: door}
	j.Register(jobs.Kind{Name: "guests", Every: lookEvery, Work: f.look})
	j.Register(jobs.Kind{Name: offerJob, Work: f.offer})
	return f
}

// usualAccess is how many months those who are invited stay if nobody says otherwise.
const usualAccess = 6

// Call is what somebody invites with.
type Call struct {
	Addresses string   // one or several, as people write them
	Spaces    []string // their slugs
	Role      models.SpaceRole
	Message   string
	Locale    string    // of the letter, for those who have chosen none
	Until     time.Time // when their access ends; zero: after the usual time
	Sponsor   string    // the address of the employee who answers for them; empty: who invites
	Key       string    // of a program's request, which sent again invites nobody twice
}

// offered tells whether people can be let in by a letter at all.
func (f *Invitations) offered(ctx context.Context) (bool, error) {
	return f.door.LetsIn(ctx, &models.User{Role: models.RoleExternal})
}

// Invite sends invitations into spaces that the actor runs: all of them, or none and what is wrong.
func (f *Invitations) Invite(ctx context.Context, actor *models.Actor, call Call) (sent []models.Invitation, err error) {
	if len(actor.Inviting()) == 0 {
		return nil, fmt.Errorf("invite: %w", models.ErrForbidden)
	}
	if offered, err := f.offered(ctx); err != nil {
		return nil, err
	} else if !offered {
		return nil, models.Invalid{"addresses": "invitations.no_mail"}
	}
	emails, problem := addresses(call.Addresses)
	if problem != nil {
		return nil, problem
	}
	request := onceOf("invitation", call.Key, emails, call.Spaces, call.Role, call.Message, call.Locale, call.Until, call.Sponsor)
	call.Locale = i18n.For(call.Locale).Lang()
	call.Until = f.until(call.Until)
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := request.begin(tx); err != nil {
			return err
		}
		spaces, err := named(tx, actor, call.Spaces)
		if err != nil {
			return err
		}
		sponsor, err := sponsorOf(tx, actor, call.Sponsor)
		if err != nil {
			return err
		}
		if err := mayInvite(tx, emails, spaces); err != nil {
			return err
		}
		for _, email := range emails {
			invitation := models.Invitation{Email: email, Role: call.Role, Message: call.Message, Locale: call.Locale, SponsorID: sponsor.ID, AccessUntil: call.Until}
			if err := f.invite(tx, &invitation, spaces, sponsor); err != nil {
				return err
			}
			sent = append(sent, invitation)
		}
		if err := request.done(tx, numbers(sent)...); err != nil {
			return err
		}
		return recordAll(tx, sent, spaces)
	})
	if errors.Is(err, errDone) {
		made, err := f.before(ctx, actor, request)
		sent = make([]models.Invitation, len(made))
		for i := range made {
			sent[i].ID = made[i]
		}
		return sent, err
	}
	return sent, err
}

func numbers(sent []models.Invitation) []int64 {
	numbers := make([]int64, len(sent))
	for i := range sent {
		numbers[i] = sent[i].ID
	}
	return numbers
}

// recordAll notes each invitation, without the address.
func recordAll(tx *models.Tx, sent []models.Invitation, spaces []models.Space) error {
	for i := range sent {
		if err := tx.Record(models.InvitationSent, &sent[i], map[string]any{"spaces": ids(spaces), "role": sent[i].Role}); err != nil {
			return err
		}
	}
	return nil
}

func (f *Invitations) invite(tx *models.Tx, invitation *models.Invitation, spaces []models.Space, sponsor *models.User) error {
	user, err := tx.InvitedUser(tx.Context(), invitation)
	if err != nil {
		return err
	}
	if user != nil && user.Locale != "" {
		invitation.Locale = user.Locale // in the reader's language, if they have one here
	}
	secret, err := tx.Invite(invitation, ids(spaces))
	if err != nil {
		return err
	}
	return f.mail.Send(tx, f.letter(tx.Actor(), invitation, spaces, sponsor, secret))
}

// named are the spaces that the actor names. Those that they do not see are as those that there are not.
func named(tx *models.Tx, actor *models.Actor, slugs []string) (spaces []models.Space, err error) {
	if len(slugs) == 0 {
		return nil, models.Invalid{"space": "invitations.space_missing"}
	}
	slices.Sort(slugs)
	for _, slug := range slices.Compact(slugs) {
		space, err := tx.SpaceBySlug(tx.Context(), actor, slug)
		switch {
		case errors.Is(err, models.ErrNotFound):
			return nil, models.Invalid{"space": "invitations.space_unknown"}
		case err != nil:
			return nil, err
		case actor.Can(models.Invite, space):
		case space.ArchivedAt != nil:
			return nil, fmt.Errorf("invite into space %d: %w", space.ID, models.ErrArchived)
		case actor.Can(models.ManageSpace, space):
			return nil, models.Invalid{"space": "invitations.no_externals"}
		default:
			return nil, fmt.Errorf("invite into space %d: %w", space.ID, models.ErrForbidden)
		}
		spaces = append(spaces, *space)
	}
	return spaces, nil
}

// sponsorOf finds the employee with an address who is to answer for somebody; without one it is the actor.
func sponsorOf(tx *models.Tx, actor *models.Actor, email string) (*models.User, error) {
	if email == "" {
		return &models.User{ID: actor.ID, Name: actor.Name}, nil
	}
	return tx.Sponsor(email)
}

// mayInvite refuses what would be too much for a day, or for a mailbox.
func mayInvite(tx *models.Tx, emails []string, spaces []models.Space) error {
	if tooMany, err := tx.InvitedLately(len(emails)); err != nil {
		return err
	} else if tooMany {
		return models.Invalid{"addresses": "invitations.too_many_today"}
	}
	again, err := tx.AlreadyInvited(emails, ids(spaces))
	if err == nil && len(again) > 0 {
		return &Wrong{models.Invalid{"addresses": "invitations.again"}, again}
	}
	if err != nil {
		return err
	}
	just, err := tx.InvitedJustNow(emails)
	if err == nil && len(just) > 0 {
		return &Wrong{models.Invalid{"addresses": "invitations.just_now"}, just}
	}
	return err
}

func ids(spaces []models.Space) []int64 {
	ids := make([]int64, len(spaces))
	for i := range spaces {
		ids[i] = spaces[i].ID
	}
	return ids
}

// letter is the mail to whoever is invited.
func (f *Invitations) letter(inviter *models.Actor, invitation *models.Invitation, spaces []models.Space, sponsor *models.User, secret string) mail.Message {
	l, company := i18n.For(invitation.Locale), f.web.Company
	titles := make([]string, len(spaces))
	for i := range spaces {
		titles[i] = l.T("invitations.title_of", "title", spaces[i].Title)
	}
	message := mail.Message{
		To: invitation.Email, Locale: invitation.Locale, Subject: l.T("invitations.mail.subject", "company", company),
		Paragraphs: []string{l.T("invitations.mail.text", "name", inviter.Name, "company", company, "count", len(titles), "spaces", strings.Join(titles, ", "))},
		Action:     &mail.Action{Label: l.T("invitations.mail.look"), URL: f.link(secret)},
		Notes: []string{
			l.T("invitations.mail.once", "date", l.DateTime(invitation.ExpiresAt)),
			l.T("invitations.mail.access", "date", l.Date(invitation.AccessUntil.Add(-time.Second)), "name", sponsor.Name),
			l.T("invitations.mail.not_you"),
		},
		Until: invitation.ExpiresAt,
	}
	if invitation.Message != "" {
		message.Paragraphs = append(message.Paragraphs, l.T("invitations.mail.words", "name", inviter.Name, "words", invitation.Message))
	}
	return message
}

func (f *Invitations) link(secret string) string {
	return f.mail.House() + "/invitation?token=" + url.QueryEscape(secret)
}

// SendAgain sends an invitation anew that nobody has accepted; the link sent before serves no more.
func (f *Invitations) SendAgain(ctx context.Context, actor *models.Actor, id int64) (card *models.InvitationCard, err error) {
	if offered, err := f.offered(ctx); err != nil {
		return nil, err
	} else if !offered {
		return nil, models.Invalid{"addresses": "invitations.no_mail"}
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if card, err = tx.LockInvitation(id); err != nil {
			return err
		}
		slugs := make([]string, len(card.Spaces))
		for i := range card.Spaces {
			slugs[i] = card.Spaces[i].Slug
		}
		spaces, err := named(tx, actor, slugs)
		if err != nil {
			return err
		}
		if card.Others {
			return fmt.Errorf("send invitation %d again: %w", id, models.ErrForbidden)
		}
		secret, err := tx.SendAgain(&card.Invitation)
		if err != nil {
			return err
		}
		sponsor, err := tx.RecordedUser(card.SponsorID)
		if err != nil {
			return err
		}
		if err := f.mail.Send(tx, f.letter(actor, &card.Invitation, spaces, sponsor, secret)); err != nil {
			return err
		}
		return tx.Record(models.InvitationSent, &card.Invitation, map[string]any{"spaces": ids(spaces), "again": true})
	})
	return card, err
}

// Revoke takes an invitation back, as far as it leads into the actor's own spaces.
func (f *Invitations) Revoke(ctx context.Context, actor *models.Actor, id int64) (card *models.InvitationCard, err error) {
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if card, err = tx.LockInvitation(id); err != nil {
			return err
		}
		if err := tx.Revoke(card); err != nil {
			return err
		}
		return tx.Record(models.InvitationRevoked, &card.Invitation, nil)
	})
	return card, err
}
