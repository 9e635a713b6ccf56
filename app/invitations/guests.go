package invitations

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ruche/app/jobs"
	"ruche/app/mail"
	"ruche/models"
	"ruche/views/i18n"
)

// Prolong lets somebody from outside stay longer, by the usual time. Known is the end of their access that the actor knows of, if any: if it is
// another one by now, they have been given time already, by the first of two clicks for example, and that is enough.
func (f *Invitations) Prolong(ctx context.Context, actor *models.Actor, id int64, known time.Time) (user *models.User, err error) {
	user, err = f.changeTerms(ctx, actor, id, func(tx *models.Tx, user *models.User) (models.Terms, error) {
		terms := user.Terms()
		if terms.ExpiresAt == nil {
			return terms, fmt.Errorf("prolong the access of %d, which has no end: %w", id, models.ErrConflict)
		}
		if !known.IsZero() && !known.Equal(*terms.ExpiresAt) {
			return terms, errSame
		}
		until := models.Prolonged(*terms.ExpiresAt, tx.Now(), usualAccess)
		terms.ExpiresAt = &until
		return terms, nil
	})
	if errors.Is(err, errSame) {
		return user, nil
	}
	return user, err
}

// errSame ends a use case in which everything is already as it should be.
var errSame = errors.New("nothing to change")

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
		var all []models.Ending
		for _, days := range models.ReminderDays() {
			ending, err := tx.EndingSoon(days)
			if err != nil {
				return err
			}
			all = append(all, ending...)
		}
		if err := f.announce(tx, all); err != nil {
			return err
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

// announce tells people whose access ends, each by themselves, and those who answer for them, each of all of theirs at once.
func (f *Invitations) announce(tx *models.Tx, all []models.Ending) error {
	theirs := map[int64][]models.Ending{}
	var sponsors []int64
	for i := range all {
		e := &all[i]
		if err := tx.NotifyFromHouse(e.ID, models.NoticeEnding); err != nil {
			return err
		}
		if e.Email != "" {
			if err := f.mail.Send(tx, f.endingLetter(e)); err != nil {
				return err
			}
		}
		if e.SponsorID == nil {
			continue
		}
		if theirs[*e.SponsorID] == nil {
			sponsors = append(sponsors, *e.SponsorID)
		}
		theirs[*e.SponsorID] = append(theirs[*e.SponsorID], *e)
	}
	for _, id := range sponsors {
		if err := tx.NotifyFromHouse(id, models.NoticeGuestEnds); err != nil {
			return err
		}
		if theirs[id][0].SponsorEmail == "" {
			continue
		}
		if err := f.mail.Send(tx, f.sponsorLetter(theirs[id])); err != nil {
			return err
		}
	}
	return nil
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

// sponsorLetter tells somebody whose access ends of those whom they answer for.
func (f *Invitations) sponsorLetter(ending []models.Ending) mail.Message {
	first := &ending[0]
	l, company := i18n.For(first.SponsorLocale), f.web.Company
	message := mail.Message{
		To: first.SponsorEmail, Locale: first.SponsorLocale, Subject: l.T("guests.mail.subject", "name", first.Name, "date", l.Date(lastMoment(first))),
		Paragraphs: []string{l.T("guests.mail.text", "name", first.Name, "company", company, "date", l.Date(lastMoment(first)))},
		Action:     &mail.Action{Label: l.T("guests.title"), URL: f.mail.House() + "/guests"},
	}
	if len(ending) > 1 {
		message.Subject = l.T("guests.mail.subject_several", "count", len(ending))
		message.Paragraphs = []string{l.T("guests.mail.text_several", "company", company)}
	}
	for i := range ending {
		if len(ending) > 1 {
			message.Paragraphs = append(message.Paragraphs, l.T("guests.mail.line", "name", ending[i].Name, "date", l.Date(lastMoment(&ending[i]))))
		}
		if ending[i].ExpiresAt.After(message.Until) {
			message.Until = *ending[i].ExpiresAt
		}
	}
	return message
}
