// Package members is where those who look after the community look after its people: who has an account, what they are in
// the house, and whether they have access. What a person sets for themselves is the matter of accounts, and who is in a
// space that of spaces.
package members

import (
	"context"
	"fmt"
	"time"

	"ruche/app/jobs"
	"ruche/app/mail"
	"ruche/app/web"
	"ruche/models"
)

// Members is the feature.
type Members struct {
	web      *web.Web
	mail     *mail.Mailer
	provided bool // people of the company come in through its provider
}

// New returns the feature, whose lists are taken in by a job. Where people of the company come in through its provider,
// the pages say so.
func New(w *web.Web, m *mail.Mailer, j *jobs.Jobs, provided bool) *Members {
	f := &Members{web: w, mail: m, provided: provided}
	for _, kind := range f.jobs() {
		j.Register(kind)
	}
	return f
}

// SetRole makes a person something else in the house. Coming from outside or belonging to the company decides about so much
// that the actor has to be sure of it. It returns when it was, by which it can be taken back.
func (f *Members) SetRole(ctx context.Context, actor *models.Actor, id int64, role models.Role, sure bool) (at time.Time, err error) {
	return f.change(ctx, actor, id, func(tx *models.Tx, user *models.User) error {
		if !role.Valid() {
			return models.Invalid{"role": "users.role_invalid"}
		}
		if !actor.LooksAfter(role) {
			return fmt.Errorf("make person %d %s: %w", id, role, models.ErrForbidden)
		}
		if user.Role == role {
			return errSame
		}
		if user.External() != (role == models.RoleExternal) && !sure {
			return models.Invalid{"sure": "members.sure_needed"}
		}
		change, err := tx.ChangeRole(user, role)
		if err != nil {
			return err
		}
		return tx.Record(models.UserRoleChanged, user, change)
	})
}

// Suspend ends a person's access at once, or gives it back. Nobody suspends themselves.
func (f *Members) Suspend(ctx context.Context, actor *models.Actor, id int64, suspended bool) (at time.Time, err error) {
	return f.change(ctx, actor, id, func(tx *models.Tx, user *models.User) error {
		if suspended == (user.DisabledAt != nil) {
			return errSame
		}
		if suspended && id == actor.ID {
			return models.Invalid{"suspended": "members.not_yourself"}
		}
		return suspend(tx, user, suspended)
	})
}

func suspend(tx *models.Tx, user *models.User, suspended bool) error {
	if !suspended {
		if err := tx.Enable(user.ID); err != nil {
			return err
		}
		return tx.Record(models.UserEnabled, user, nil)
	}
	if err := tx.Suspend(user.ID); err != nil {
		return err
	}
	return tx.Record(models.UserDisabled, user, nil)
}

// SetTerms says until when someone from outside has access, and which employee, known by their address, answers for them.
// For a program somebody always does.
func (f *Members) SetTerms(ctx context.Context, actor *models.Actor, id int64, until *time.Time, sponsor string) (at time.Time, err error) {
	return f.hold(ctx, actor, id, func(tx *models.Tx, user *models.User) error {
		if !user.External() && !user.Service {
			return fmt.Errorf("terms of person %d, who is not from outside: %w", id, models.ErrConflict)
		}
		terms := models.Terms{ExpiresAt: until}
		if until != nil && !until.After(tx.Now()) {
			return models.Invalid{"until": "members.until_past"}
		}
		if sponsor != "" || user.Service {
			answers, err := tx.Sponsor(sponsor)
			if err != nil {
				return err
			}
			terms.SponsorID = &answers.ID
		}
		change := models.TermsChange{From: user.Terms(), To: terms}
		if err := tx.SetTerms(id, terms); err != nil {
			return err
		}
		return tx.Record(models.UserTermsSet, user, change)
	})
}

// EndSessions signs a person out everywhere.
func (f *Members) EndSessions(ctx context.Context, actor *models.Actor, id int64) error {
	_, err := f.change(ctx, actor, id, func(tx *models.Tx, user *models.User) error {
		if err := tx.EndSessions(id); err != nil {
			return err
		}
		return tx.Record(models.SessionsEnded, user, nil)
	})
	return err
}

// Undo takes the change of an account back that was made at a time, if no other has followed.
func (f *Members) Undo(ctx context.Context, actor *models.Actor, id int64, at time.Time) error {
	_, err := f.hold(ctx, actor, id, func(tx *models.Tx, user *models.User) error {
		event, err := tx.PersonChange(id, at)
		if err != nil {
			return err
		}
		if user.Service && event.Verb != models.UserTermsSet && !actor.Can(models.ManageSignIn, nil) {
			return models.ErrForbidden
		}
		switch event.Verb {
		case models.UserRoleChanged:
			return takeBackRole(tx, actor, user, event)
		case models.UserTermsSet:
			var change models.TermsChange
			if err := event.Decode(&change); err != nil {
				return err
			}
			if err := tx.SetTerms(id, change.From); err != nil {
				return err
			}
			return tx.Record(models.UserTermsSet, user, models.TermsChange{From: change.To, To: change.From})
		}
		if event.Verb == models.UserEnabled && id == actor.ID {
			return models.ErrForbidden
		}
		return suspend(tx, user, event.Verb == models.UserEnabled)
	})
	return err
}

func takeBackRole(tx *models.Tx, actor *models.Actor, user *models.User, event *models.Event) error {
	var change models.RoleChange
	if err := event.Decode(&change); err != nil {
		return err
	}
	if !actor.LooksAfter(change.From) {
		return models.ErrForbidden
	}
	back, err := tx.TakeBackRole(user, &change)
	if err != nil {
		return err
	}
	return tx.Record(models.UserRoleChanged, user, back)
}
