package evaluations

import (
	"context"
	"time"

	"ruche/app/jobs"
	"ruche/app/mail"
	"ruche/models"
	"ruche/views/i18n"
)

// every is how often ideas that came meanwhile are given to evaluators, and deadlines looked at.
const every = time.Hour

// Look is the job that comes round: what evaluators had to do who are gone or have come to sign the idea goes to others, so do
// ideas that came since, and whoever has something to hand in soon is reminded, once for each of the days of models.EvaluationReminderDays.
func (f *Evaluations) Look() jobs.Kind {
	return jobs.Kind{Name: "evaluations", Every: every, Work: func(context.Context, *jobs.Run) (func(*models.Tx) error, error) { return f.look, nil }}
}

func (f *Evaluations) look(tx *models.Tx) error {
	lost, err := tx.ReturnLost()
	if err != nil {
		return err
	}
	signed, err := tx.ExcludeSigners()
	if err != nil {
		return err
	}
	campaigns, err := tx.WantEvaluators()
	if err != nil {
		return err
	}
	for _, id := range campaigns {
		_, card, err := tx.EvaluatedCampaign(id)
		if err != nil {
			return err
		}
		if err := f.assign(tx, card); err != nil {
			return err
		}
	}
	for _, days := range models.EvaluationReminderDays() {
		if err := f.remind(tx, days); err != nil {
			return err
		}
	}
	for _, l := range lost {
		if err := tx.Record(models.EvaluatorRemoved, &models.Campaign{ID: l.CampaignID, SpaceID: l.SpaceID}, evaluatorData{l.UserID}); err != nil {
			return err
		}
	}
	for i := range signed {
		if err := tx.Record(models.EvaluationExcluded, &signed[i], nil); err != nil {
			return err
		}
	}
	return nil
}

func (f *Evaluations) remind(tx *models.Tx, days int) error {
	due, err := tx.EvaluationsDue(days)
	if err != nil {
		return err
	}
	for i := range due {
		if err := tx.NotifyFromHouse(due[i].UserID, models.NoticeEvaluateSoon); err != nil {
			return err
		}
		if due[i].Email == "" {
			continue
		}
		if err := f.mail.Send(tx, f.reminder(&due[i])); err != nil {
			return err
		}
	}
	return nil
}

func (f *Evaluations) reminder(due *models.DueEvaluations) mail.Message {
	l := i18n.For(due.Locale)
	until := due.Due()
	return mail.Message{
		To: due.Email, Locale: due.Locale, Until: until,
		Subject:    l.T("evaluations.mail.subject", "count", due.Open),
		Paragraphs: []string{l.T("evaluations.mail.text", "count", due.Open, "campaign", due.Title, "date", l.Date(until.Add(-time.Second)), "time", l.Clock(until.Add(-time.Second)))},
		Action:     &mail.Action{Label: l.T("evaluations.mail.action"), URL: f.mail.House() + "/evaluations"},
	}
}
