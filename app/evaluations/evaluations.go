// Package evaluations is where ideas of a campaign are judged: by which criteria, by whom, what each says, and what that
// says together. What is decided about an idea is not its matter; neither is what everyone may say of it, which are supports and comments.
package evaluations

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"ruche/app/mail"
	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
)

// Evaluations is the feature.
type Evaluations struct {
	web  *web.Web
	mail *mail.Mailer
}

// New returns the feature.
func New(w *web.Web, m *mail.Mailer) *Evaluations { return &Evaluations{w, m} }

// Set stores how the ideas of a campaign are evaluated.
func (f *Evaluations) Set(ctx context.Context, actor *models.Actor, campaignID int64, card *models.Scorecard) error {
	return f.setUp(ctx, actor, campaignID, func(tx *models.Tx, campaign *models.Campaign, was *models.Scorecard) error {
		if err := tx.SaveScorecard(was, card); err != nil {
			return err
		}
		return tx.Record(models.ScorecardSaved, campaign, nil)
	})
}

// evaluatorData is what the log keeps of a change of evaluators.
type evaluatorData struct {
	Person int64 `json:"person"`
}

// ideaData is what it keeps of what happens to one idea.
type ideaData struct {
	Idea int64 `json:"idea"`
}

// Appoint makes somebody of the company an evaluator of a campaign, or changes what they do there.
func (f *Evaluations) Appoint(ctx context.Context, actor *models.Actor, campaignID int64, email string, evaluator models.Evaluator) error {
	person, err := f.person(ctx, email)
	if err != nil {
		return err
	}
	return f.setUp(ctx, actor, campaignID, func(tx *models.Tx, campaign *models.Campaign, card *models.Scorecard) error {
		if card.Version == 0 {
			return models.Invalid{"email": "evaluations.criteria_first"}
		}
		if err := tx.SetEvaluator(campaign, person, evaluator); err != nil {
			return err
		}
		return tx.Record(models.EvaluatorSet, campaign, evaluatorData{person.ID})
	})
}

// person finds who has an address, and what they may read. It is looked up outside the transaction: to a database a text that
// is none is a mistake, after which the transaction can do no more.
func (f *Evaluations) person(ctx context.Context, email string) (*models.Actor, error) {
	user, err := f.web.DB.UserWithAccess(ctx, strings.TrimSpace(email))
	if err == nil {
		var person *models.Actor
		if person, err = f.web.DB.ActorByID(ctx, user.ID); err == nil {
			return person, nil
		}
	}
	if errors.Is(err, models.ErrNotFound) {
		return nil, models.Invalid{"email": "evaluations.person_unknown"}
	}
	return nil, err
}

// Dismiss ends that somebody evaluates. What they have not handed in waits for others; once more is done already.
func (f *Evaluations) Dismiss(ctx context.Context, actor *models.Actor, campaignID, userID int64) error {
	return f.setUp(ctx, actor, campaignID, func(tx *models.Tx, campaign *models.Campaign, card *models.Scorecard) error {
		if err := tx.RemoveEvaluator(campaign.ID, userID); err != nil {
			if errors.Is(err, models.ErrNotFound) {
				return nil
			}
			return err
		}
		if card.Assigning {
			if err := f.assign(tx, card); err != nil {
				return err
			}
		}
		return tx.Record(models.EvaluatorRemoved, campaign, evaluatorData{userID})
	})
}

// Assign gives the ideas of a campaign to its evaluators, and from now on those that come later.
func (f *Evaluations) Assign(ctx context.Context, actor *models.Actor, campaignID int64) error {
	return f.setUp(ctx, actor, campaignID, func(tx *models.Tx, campaign *models.Campaign, card *models.Scorecard) error {
		if len(card.Criteria) == 0 {
			return models.Invalid{"assign": "evaluations.criteria_first"}
		}
		if campaign.PublishedAt == nil {
			return models.Invalid{"assign": "campaigns.not_open"}
		}
		if err := tx.KeepAssigning(card); err != nil {
			return err
		}
		if err := f.assign(tx, card); err != nil {
			return err
		}
		return tx.Record(models.EvaluationsAssigned, campaign, nil)
	})
}

// assign gives what lacks evaluators to some, and tells them.
func (f *Evaluations) assign(tx *models.Tx, card *models.Scorecard) error {
	people, err := tx.Assign(card)
	if err != nil {
		return err
	}
	return tx.NotifyOnce(people, models.NoticeEvaluate)
}

// setUp changes how a campaign is evaluated, for those who run it.
func (f *Evaluations) setUp(ctx context.Context, actor *models.Actor, campaignID int64, do func(*models.Tx, *models.Campaign, *models.Scorecard) error) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		campaign, err := tx.LockCampaign(campaignID)
		if err != nil {
			return err
		}
		if !actor.MayRun(campaign) {
			return fmt.Errorf("set up the evaluation of campaign %d: %w", campaignID, actor.Refused(campaign.SpaceID, 0))
		}
		card, err := tx.LockScorecard(campaignID)
		if err != nil {
			return err
		}
		return do(tx, campaign, card)
	})
}

// Reassign gives an idea that one evaluator has not handed in to another one.
func (f *Evaluations) Reassign(ctx context.Context, actor *models.Actor, ideaID, from, to int64) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		a, err := tx.LockEvaluation(ideaID)
		if err != nil {
			return err
		}
		if !actor.MayRun(a.Campaign) && !a.Leads || a.Author {
			return fmt.Errorf("reassign idea %d: %w", ideaID, models.ErrForbidden)
		}
		if to, err = tx.Reassign(a.Card, a.Idea, from, to); err != nil {
			return err
		}
		if err := tx.NotifyOnce([]int64{to}, models.NoticeEvaluate); err != nil {
			return err
		}
		return tx.Record(models.EvaluationMoved, a.Campaign, ideaData{ideaID})
	})
}

// Save keeps what an evaluator has written so far.
func (f *Evaluations) Save(ctx context.Context, actor *models.Actor, ideaID int64, words models.Judgement) error {
	return f.write(ctx, actor, ideaID, words, func(tx *models.Tx, a *models.Assessment, words models.Judgement) error {
		if a.Own.State == models.Submitted {
			return nil // what is in changes when it is handed in again
		}
		return tx.SaveEvaluation(a, words)
	})
}

// Submit hands an evaluation in; handed in again, it is changed.
func (f *Evaluations) Submit(ctx context.Context, actor *models.Actor, ideaID int64, words models.Judgement) error {
	return f.write(ctx, actor, ideaID, words, func(tx *models.Tx, a *models.Assessment, words models.Judgement) error {
		if err := tx.SubmitEvaluation(a, words); err != nil {
			return err
		}
		return tx.Record(models.EvaluationSubmitted, a.Campaign, ideaData{ideaID})
	})
}

// write does something with what an evaluator has written, unless it is not the time, or a conflict of interest has come up since
// they were given the idea: then they are taken off it.
func (f *Evaluations) write(ctx context.Context, actor *models.Actor, ideaID int64, words models.Judgement, do func(*models.Tx, *models.Assessment, models.Judgement) error) error {
	note, err := plain(words.Note)
	if err != nil {
		return models.Invalid{"note": err.Error()}
	}
	words.Note = note
	conflict := false
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		a, err := f.evaluating(tx, ideaID)
		if err != nil {
			return err
		}
		if conflict, err = tx.InConflict(ctx, ideaID, actor.ID); err != nil {
			return err
		}
		if conflict {
			return f.exclude(tx, a, "")
		}
		return do(tx, a, words)
	})
	if err == nil && conflict {
		return models.Invalid{"evaluation": "evaluations.conflict_found"}
	}
	return err
}

// evaluating finds an idea that the actor has been given to evaluate, while it is the time for that.
func (f *Evaluations) evaluating(tx *models.Tx, ideaID int64) (*models.Assessment, error) {
	a, err := f.given(tx, ideaID)
	if err != nil {
		return nil, err
	}
	return a, a.Campaign.EvaluatesAt(tx.Now())
}

// given finds an idea that the actor has been given to evaluate.
func (f *Evaluations) given(tx *models.Tx, ideaID int64) (*models.Assessment, error) {
	a, err := tx.LockEvaluation(ideaID)
	if err != nil {
		return nil, err
	}
	if a.Own == nil || a.Own.State == models.Excluded {
		return nil, fmt.Errorf("evaluate idea %d: %w", ideaID, models.ErrNotFound)
	}
	return a, nil
}

// Decline takes an evaluator off an idea who says that they are no fair judge of it, at any time; somebody else gets it if it is
// not too late for that.
func (f *Evaluations) Decline(ctx context.Context, actor *models.Actor, ideaID int64, reason string) error {
	reason, err := plain(reason)
	if err != nil {
		return models.Invalid{"reason": err.Error()}
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		a, err := f.given(tx, ideaID)
		if err != nil {
			return err
		}
		return f.exclude(tx, a, reason)
	})
}

func (f *Evaluations) exclude(tx *models.Tx, a *models.Assessment, reason string) error {
	if err := tx.Exclude(a, reason); err != nil {
		return err
	}
	if a.Card.Assigning && !a.Over {
		people, err := tx.AssignIdea(a.Card, a.Idea.ID)
		if err != nil {
			return err
		}
		if err := tx.NotifyOnce(people, models.NoticeEvaluate); err != nil {
			return err
		}
	}
	return tx.Record(models.EvaluationExcluded, a.Campaign, ideaData{a.Idea.ID})
}

// plain is a text of several lines without what no reader can see; it may be empty.
func plain(input string) (string, error) {
	cleaned, err := text.Clean(input, text.MaxComment)
	if errors.Is(err, text.Blank) {
		return "", nil
	}
	return strings.TrimSpace(cleaned), err
}
