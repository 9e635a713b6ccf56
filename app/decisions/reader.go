package decisions

import (
	"context"
	"errors"
	"time"

	"ruche/app/jobs"
	"ruche/models"
)

// Name is the reader's cursor.
func (f *Decisions) Name() string { return "decisions" }

// Read brings ideas back whose answer was to end with an idea or a campaign like a new one.
func (f *Decisions) Read(tx *models.Tx, events []models.Event) error {
	var reopened []models.Event
	for i := range events {
		more, err := react(tx, &events[i])
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		reopened = append(reopened, more...)
	}
	if len(reopened) == 0 {
		return nil
	}
	return tx.RecordAll(reopened)
}

func react(tx *models.Tx, e *models.Event) ([]models.Event, error) {
	switch e.Verb {
	case models.IdeaPosted:
		idea, err := tx.RecordedIdea(e.SubjectID)
		if err != nil || len(idea.Tags) == 0 {
			return nil, err // withdrawn since
		}
		return reopen(tx, models.TriggerTag, func() ([]int64, error) { return tx.AnswersToTags(idea, e.At) })
	case models.CampaignPublished:
		return reopen(tx, models.TriggerCampaign, func() ([]int64, error) { return tx.AnswersToCampaigns(e.SpaceID, e.At) })
	}
	return nil, nil
}

// reopen brings the ideas of the answers that are found back to those who decide, and says what is to be recorded of that.
func reopen(tx *models.Tx, by models.Trigger, find func() ([]int64, error)) (events []models.Event, err error) {
	for {
		answers, err := find()
		if err != nil {
			return nil, err
		}
		for _, id := range answers {
			idea, err := tx.Reopen(id, by)
			if err != nil {
				return nil, err
			}
			event, err := tx.EventOf(0, models.IdeaReopened, idea, map[string]models.Trigger{"by": by})
			if err != nil {
				return nil, err
			}
			events = append(events, event)
		}
		if len(answers) < models.MaxReopened {
			return events, nil
		}
	}
}

// Look is the job that brings ideas back whose day has come, and reminds of the answers that are due and of what stands still.
func Look() jobs.Kind {
	return jobs.Kind{Name: "answers", Every: 10 * time.Minute, Work: func(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
		return func(tx *models.Tx) error {
			if err := tx.RemindOfAnswers(); err != nil {
				return err
			}
			if err := tx.RemindOfStalled(); err != nil {
				return err
			}
			reopened, err := reopen(tx, models.TriggerDate, tx.AnswersDueAgain)
			if err != nil || len(reopened) == 0 {
				return err
			}
			return tx.RecordAll(reopened)
		}, nil
	}}
}
