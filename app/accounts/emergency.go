package accounts

import (
	"context"
	"log/slog"
	"strings"

	"ruche/app/jobs"
	"ruche/app/mail"
	"ruche/models"
	"ruche/views/i18n"
)

// emergencyJob has the server say in its own log what the command line did beside it.
const emergencyJob = "emergency access"

// emergency is a way in that the command line has opened, as the logs tell of it.
type emergency struct {
	UserID int64
	How    string // to an account that was known as an owner's, is promoted to one or was made
}

// OwnerLink is the way in when no other is left: it returns the secret of a one-time link for the owner with an e-mail
// address, whose account it makes or promotes. Nobody who answers for the house overlooks it: it is in the audit log, for a
// week on the home page of every owner, in their mail and in the log of the server.
func OwnerLink(ctx context.Context, db *models.DB, m *mail.Mailer, email, name string) (secret string, err error) {
	var done emergency
	err = db.Tx(ctx, nil, func(tx *models.Tx) error {
		owners, err := tx.Owners(ctx)
		if err != nil {
			return err
		}
		owner, before, err := tx.MakeOwner(email, nameOr(name, email))
		if err != nil {
			return err
		}
		done = emergency{owner.ID, how(before)}
		if secret, err = tx.CreateLoginLink(owner.ID, linkLife); err != nil {
			return err
		}
		for i := range owners {
			if err := m.Send(tx, emergencyLetter(m, &owners[i], owner)); err != nil {
				return err
			}
		}
		if err := tx.AddJob(&models.Job{Kind: emergencyJob}, done); err != nil {
			return err
		}
		return tx.Record(models.OwnerLinkCreated, owner, map[string]string{"how": done.How})
	})
	if err != nil {
		return "", err
	}
	done.warn(ctx)
	return secret, nil
}

// nameOr is the name given, else what stands before the @.
func nameOr(name, email string) string {
	if name != "" {
		return name
	}
	local, _, _ := strings.Cut(email, "@")
	return local
}

func how(before models.Role) string {
	switch before {
	case models.RoleOwner:
		return "known"
	case "":
		return "made"
	}
	return "promoted"
}

func (e *emergency) warn(ctx context.Context) {
	slog.WarnContext(ctx, "emergency access: a one-time link for an owner was made on the command line", "user_id", e.UserID, "account", e.How)
}

// tellEmergency is the job.
func tellEmergency(ctx context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
	var e emergency
	if err := run.Args(&e); err != nil {
		return nil, err
	}
	e.warn(ctx)
	return nil, nil
}

func emergencyLetter(m *mail.Mailer, to, owner *models.User) mail.Message {
	l := i18n.For(to.Locale)
	return mail.Message{
		To: to.Email, Locale: l.Lang(), Subject: l.T("signin.emergency.subject", "company", m.Company()),
		Paragraphs: []string{l.T("signin.emergency.text", "name", owner.Name), l.T("signin.emergency.what")},
		Action:     &mail.Action{Label: l.T("signin.emergency.log"), URL: m.House() + "/audit?verb=" + models.OwnerLinkCreated},
	}
}
