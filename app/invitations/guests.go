package invitations

import (
	"context"
	"fmt"

	"ruche/app/jobs"
	"ruche/app/mail"
	"ruche/models"
	"ruche/views/i18n"
)

// Prolong lets somebody from outside stay longer, by the usual time.
func (f *Invitations) Prolong(ctx context.Context, actor *models.Actor, id int64) (user *models.User, err error) {
	return f.changeTerms(ctx, actor, id, func(tx *models.Tx, user *models.User) (models.Terms, error) {
		terms := user.Terms()
		if terms.ExpiresAt == nil {
			return terms, fmt.Errorf("prolong the access of %d, which has no end: %w", id, models.ErrConflict)
		}
		until := models.Prolonged(*terms.ExpiresAt, tx.Now(), usualAccess)
		terms.ExpiresAt = &until
		return terms, nil
	})
}

// Entrust makes the employee with an address answer for somebody from outside.
func (f *Invitations) Entrust(ctx context.Context, actor *models.Actor, id int64, email string) (user *models.User, err error) {
	return f.changeTerms(ctx, actor, id, func(tx *models.Tx, user *models.User) (models.Terms, error) {
		terms := user.Terms()
		if email == "" {
			return terms, models.Invalid{"sponsor": "members.sponsor_unknown"}
		}
		sponsor, err := sponsorOf(tx, actor, email)
		if err != nil {
			return terms, err
		}
		terms.SponsorID = &sponsor.ID
		return terms, nil
	})
}

// changeTerms stores how long somebody stays and who answers for them, as the log can take it back.
func (f *Invitations) changeTerms(ctx context.Context, actor *models.Actor, id int64, change func(*models.Tx, *models.User) (models.Terms, error)) (user *models.User, err error) {
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if user, err = tx.LockGuest(id); err != nil {
			return err
		}
		terms, err := change(tx, user)
		if err != nil {
			return err
		}
		before := user.Terms()
		if err := tx.SetTerms(id, terms); err != nil {
			return err
		}
		user.ExpiresAt, user.SponsorID = terms.ExpiresAt, terms.SponsorID
		return tx.Record(models.UserTermsSet, user, models.TermsChange{From: before, To: terms})
	})
	return user, err
}

// look is the job that comes round: it announces whose access ends soon, to them and to who answers for them, and notes
// for whom nobody answers any more.
func (f *Invitations) look(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
	return func(tx *models.Tx) error {
		for _, days := range models.ReminderDays() {
			ending, err := tx.EndingSoon(days)
			if err != nil {
				return err
			}
			for i := range ending {
				if err := f.announce(tx, &ending[i]); err != nil {
					return err
				}
			}
		}
		lost, err := tx.NoteUnanswered()
		if err != nil {
			return err
		}
		for i := range lost {
			if err := tx.Record(models.UserUnanswered, &lost[i], nil); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func (f *Invitations) announce(tx *models.Tx, e *models.Ending) error {
	if err := tx.NotifyFromHouse(e.ID, models.NoticeEnding); err != nil {
		return err
	}
	if e.Email != "" {
		if err := f.mail.Send(tx, f.endingLetter(e)); err != nil {
			return err
		}
	}
	if e.SponsorID == nil {
		return nil
	}
	if err := tx.NotifyFromHouse(*e.SponsorID, models.NoticeGuestEnds); err != nil || e.SponsorEmail == "" {
		return err
	}
	return f.mail.Send(tx, f.sponsorLetter(e))
}

func (f *Invitations) endingLetter(e *models.Ending) mail.Message {
	l, company := i18n.For(e.Locale), f.web.Company
	message := mail.Message{
		To: e.Email, Locale: e.Locale, Subject: l.T("guests.mail.own_subject", "company", company, "date", l.Date(lastMoment(e))),
		Paragraphs: []string{l.T("guests.mail.own", "company", company, "date", l.Date(lastMoment(e)))}, Until: *e.ExpiresAt,
	}
	if e.SponsorID != nil {
		message.Paragraphs = append(message.Paragraphs, l.T("guests.mail.own_sponsor", "name", e.SponsorName))
	}
	return message
}

func (f *Invitations) sponsorLetter(e *models.Ending) mail.Message {
	l, company := i18n.For(e.SponsorLocale), f.web.Company
	return mail.Message{
		To: e.SponsorEmail, Locale: e.SponsorLocale, Subject: l.T("guests.mail.subject", "name", e.Name, "date", l.Date(lastMoment(e))),
		Paragraphs: []string{l.T("guests.mail.text", "name", e.Name, "company", company, "date", l.Date(lastMoment(e)))},
		Action:     &mail.Action{Label: l.T("guests.title"), URL: f.mail.House() + "/guests"}, Until: *e.ExpiresAt,
	}
}
