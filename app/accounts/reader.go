package accounts

import (
	"ruche/app/mail"
	"ruche/app/web"
	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Name is the reader's cursor.
func (f *Accounts) Name() string { return "accounts" }

// Read tells people by mail that a browser came in which they have not used before.
func (f *Accounts) Read(tx *models.Tx, events []models.Event) error {
	if !f.mail.On() {
		return nil
	}
	for i := range events {
		var in web.SignedIn
		if events[i].Verb != models.UserSignedIn || events[i].Decode(&in) != nil || !in.Stranger {
			continue
		}
		if err := f.tellOfStranger(tx, &events[i], in.Device); err != nil {
			return err
		}
	}
	return nil
}

func (f *Accounts) tellOfStranger(tx *models.Tx, e *models.Event, device string) error {
	user, err := tx.RecordedUser(e.SubjectID)
	if err != nil || user.Email == "" || user.DisabledAt != nil {
		return err
	}
	l := i18n.For(user.Locale)
	return f.mail.Send(tx, mail.Message{
		To: user.Email, Locale: user.Locale, Subject: l.T("sessions.mail.subject"),
		Paragraphs: []string{l.T("sessions.mail.what", "device", parts.Device(l, device), "date", l.DateTime(e.At)), l.T("sessions.mail.do")},
		Action:     &mail.Action{Label: l.T("sessions.mail.action"), URL: f.web.BaseURL.String() + "/account#sessions"},
		Notes:      []string{l.T("sessions.mail.why")},
	})
}
