package accounts

import (
	"context"
	"time"

	"ruche/app/jobs"
	"ruche/app/mail"
	"ruche/models"
	views "ruche/views/accounts"
	"ruche/views/i18n"
)

// warnJob tells people of their tokens that end soon, so that no program of theirs stops without a word.
const (
	warnJob   = "token warnings"
	warnEvery = 6 * time.Hour
)

func (f *Accounts) warnOfTokens(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
	return func(tx *models.Tx) error {
		ending, err := tx.WarnOfTokens()
		if err != nil {
			return err
		}
		for i := range ending {
			if ending[i].Email == "" {
				continue // the account page says so too
			}
			if err := f.mail.Send(tx, f.warning(&ending[i])); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func (f *Accounts) warning(token *models.EndingToken) mail.Message {
	l, place := i18n.For(token.Locale), "/account#tokens"
	if token.Service {
		place = views.ServiceAddress(token.UserID)
	}
	return mail.Message{
		To: token.Email, Locale: token.Locale, Subject: l.T("tokens.mail.subject", "name", token.Name, "date", l.Date(token.ExpiresAt)),
		Paragraphs: []string{l.T("tokens.mail.text", "name", token.Name, "start", token.Start, "date", l.Date(token.ExpiresAt))},
		Action:     &mail.Action{Label: l.T("tokens.mail.action"), URL: f.web.BaseURL.String() + place},
		Until:      token.ExpiresAt,
	}
}
