package knowledge

import (
	"context"
	"time"

	"ruche/app/jobs"
	"ruche/app/mail"
	"ruche/models"
	"ruche/views/i18n"
)

// Look is the job that reminds of the articles that have to be read again, with one letter a day at most of each kind.
func Look(m *mail.Mailer) jobs.Kind {
	return jobs.Kind{Name: "articles.reminders", Every: 24 * time.Hour, Work: func(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
		return func(tx *models.Tx) error {
			told, err := tx.RemindOfArticles()
			if err != nil {
				return err
			}
			for i := range told {
				if told[i].Email == "" {
					continue
				}
				if err := m.Send(tx, reminder(m, &told[i])); err != nil {
					return err
				}
			}
			return nil
		}, nil
	}}
}

// reminder is the letter about the articles that somebody has to read again.
func reminder(m *mail.Mailer, r *models.ArticleReminder) mail.Message {
	l := i18n.For(r.Locale)
	when := "soon"
	if r.Ended {
		when = "ended"
	}
	return mail.Message{
		To: r.Email, Locale: r.Locale,
		Subject:    l.T("knowledge.mail.subject", "count", r.Count),
		Paragraphs: []string{l.T("knowledge.mail."+when, "count", r.Count, "title", r.Title), l.T("knowledge.mail.what", "count", r.Count)},
		Action:     &mail.Action{Label: l.T("knowledge.queue"), URL: m.House() + "/articles/trust?reminded=1"},
	}
}
