// Package privacy is about personal data: the register that says what the house keeps about people and who sees it, the copy of
// everything about them that people may have, the erasure they may ask for, and how long each kind of data is kept. What holds
// data, and where, stands in one list in models.
package privacy

import (
	"fmt"
	"time"

	"ruche/app/files"
	"ruche/app/jobs"
	"ruche/app/mail"
	"ruche/app/web"
	"ruche/models"
	"ruche/views/i18n"
)

// Privacy is the feature.
type Privacy struct {
	web   *web.Web
	files *files.Files
	mail  *mail.Mailer
}

// How long an attempt may take: to make a copy, and to carry an erasure as far as it comes.
const (
	exportTimeout  = 5 * time.Minute
	erasureTimeout = 2 * time.Minute
	retainTimeout  = 5 * time.Minute
)

// New returns the feature, and has its work done by the jobs.
func New(w *web.Web, store *files.Files, j *jobs.Jobs, m *mail.Mailer) *Privacy {
	f := &Privacy{web: w, files: store, mail: m}
	j.Register(jobs.Kind{Name: exportJob, Timeout: exportTimeout, Work: f.makeCopy})
	j.Register(jobs.Kind{Name: erasureJob, Timeout: erasureTimeout, Work: f.erase})
	j.Register(jobs.Kind{Name: "retention", Every: 24 * time.Hour, Timeout: retainTimeout, Work: f.retain})
	return f
}

// warn tells somebody that their account will end, and how to keep it.
func (f *Privacy) warn(tx *models.Tx, email, locale string, due time.Time) error {
	if email == "" {
		return nil
	}
	l := i18n.For(locale)
	err := f.mail.Send(tx, mail.Message{
		To: email, Locale: locale, Subject: l.T("privacy.mail.subject"), Until: due,
		Paragraphs: []string{l.T("privacy.mail.text", "company", f.web.Company, "when", l.DateTime(due)), l.T("privacy.mail.keep")},
		Action:     &mail.Action{Label: l.T("privacy.mail.action"), URL: f.web.BaseURL.JoinPath("/sign-in").String()},
	})
	if err != nil {
		return fmt.Errorf("warn of an erasure: %w", err)
	}
	return nil
}
