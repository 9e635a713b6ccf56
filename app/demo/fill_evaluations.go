package demo

import (
	"context"
	"slices"
	"time"

	"ruche/models"
)

// Evaluation is how the ideas of a campaign are evaluated, and what its evaluators say.
type Evaluation struct {
	Each, Minimum int
	Due           Age // from now on
	Hours         int // that each evaluator has
	Criteria      []Criterion
	Evaluators    []string // the first leads
	Given         Age      // when they got their ideas; 0: they have not
	Said          []Assessment
	Talk          []Remark
}

// Criterion is a question of a scorecard.
type Criterion struct {
	FR, EN, HelpFR, HelpEN, StepsFR, StepsEN string
	Weight                                   int
	Inverted                                 bool
	Axis                                     models.Axis
}

// Assessment is what an evaluator says of an idea, a score a criterion.
type Assessment struct {
	By, Idea string
	Ago      Age
	Scores   []int
	Note     string
}

// Remark is what evaluators say to each other, ask the author, or what the author answers.
type Remark struct {
	By, Idea string
	Ago      Age
	Kind     models.PostKind
	Text     string
}

// scorecard is that of a campaign, as it is stored.
func (e *Evaluation) scorecard(now time.Time) *models.Scorecard {
	card := &models.Scorecard{PerIdea: e.Each, Minimum: e.Minimum, Minutes: 20, Hours: e.Hours, Blind: true}
	if e.Due > 0 {
		due := now.Add(time.Duration(e.Due)).Truncate(24 * time.Hour)
		card.DueAt = &due
	}
	for i, c := range e.Criteria {
		card.Criteria = append(card.Criteria, models.Criterion{
			Position: i, NameFR: c.FR, NameEN: c.EN, HelpFR: c.HelpFR, HelpEN: c.HelpEN, StepsFR: c.StepsFR, StepsEN: c.StepsEN, Lowest: 1, Highest: 5, Weight: c.Weight, Inverted: c.Inverted, Axis: c.Axis,
		})
	}
	return card
}

// tellEvaluation adds a campaign's evaluation to the story.
func (f *filler) tellEvaluation(c *Campaign, tell func(Age, string, moving)) {
	e := c.Evaluation
	if e.Given > 0 {
		tell(e.Given, "the ideas of "+c.Key+" are given out", f.givesOut(c))
	}
	for _, said := range e.Said {
		tell(said.Ago, said.By+" evaluates "+said.Idea, f.evaluates(said))
	}
	for _, remark := range e.Talk {
		tell(remark.Ago, remark.By+" speaks about "+remark.Idea, f.remarks(remark))
	}
}

// setsUp stores how the ideas of a campaign that is being made will be evaluated, and by whom.
func (f *filler) setsUp(ctx context.Context, tx *models.Tx, c *Campaign, campaign *models.Campaign) error {
	if err := tx.SaveScorecard(models.NewScorecard(campaign.ID), c.Evaluation.scorecard(f.now)); err != nil {
		return err
	}
	for i, key := range c.Evaluation.Evaluators {
		person, err := tx.ActorByID(ctx, f.users[key].ID)
		if err != nil {
			return err
		}
		if err := tx.SetEvaluator(campaign, person, models.Evaluator{Leads: i == 0}); err != nil {
			return err
		}
	}
	campaign.CriterionCount, campaign.EvaluatorCount = len(c.Evaluation.Criteria), len(c.Evaluation.Evaluators)
	return nil
}

// givesOut: whoever runs a campaign gives its ideas to evaluators.
func (f *filler) givesOut(c *Campaign) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, c.By)
		if err != nil {
			return err
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			campaign, card, err := tx.EvaluatedCampaign(f.campaigns[c.Key].ID)
			if err != nil {
				return err
			}
			if err := tx.KeepAssigning(card); err != nil {
				return err
			}
			people, err := tx.Assign(card)
			if err != nil {
				return err
			}
			if err := tx.NotifyOnce(people, models.NoticeEvaluate); err != nil {
				return err
			}
			return tx.Record(models.EvaluationsAssigned, campaign, nil)
		})
	}
}

// evaluates: an evaluator hands in what they say of an idea.
func (f *filler) evaluates(said Assessment) moving {
	return f.assessing(said.By, said.Idea, func(tx *models.Tx, a *models.Assessment) error {
		words := models.Judgement{Answers: models.Answers{}, Note: said.Note, Version: a.Card.Version}
		for i := range said.Scores {
			words.Answers[a.Card.Criteria[i].ID] = &said.Scores[i]
		}
		if err := tx.SubmitEvaluation(a, words); err != nil {
			return err
		}
		return tx.Record(models.EvaluationSubmitted, a.Campaign, nil)
	})
}

// remarks: somebody says something around the evaluation of an idea.
func (f *filler) remarks(remark Remark) moving {
	verbs := map[models.PostKind]string{models.EvaluatorMessage: models.EvaluationDiscussed, models.AuthorQuestion: models.EvaluationAsked, models.AuthorAnswer: models.EvaluationAnswered}
	return f.assessing(remark.By, remark.Idea, func(tx *models.Tx, a *models.Assessment) error {
		if err := tx.PostInEvaluation(a.Idea.ID, remark.Kind, remark.Text); err != nil {
			return err
		}
		return tx.Record(verbs[remark.Kind], a.Campaign, nil)
	})
}

func (f *filler) assessing(by, idea string, do func(*models.Tx, *models.Assessment) error) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, by)
		if err != nil {
			return err
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			a, err := tx.LockEvaluation(f.ideas[idea].ID)
			if err != nil {
				return err
			}
			return do(tx, a)
		})
	}
}

// evaluation checks that those who evaluate were there, and say as much as there are criteria.
func (k *checker) evaluation(campaign string, e *Evaluation) {
	for _, person := range e.Evaluators {
		if p := k.company.person(person); p == nil || p.Role == models.RoleExternal {
			k.problem("campaign %q: evaluator %q", campaign, person)
		}
	}
	for _, said := range e.Said {
		k.stands(campaign, said.Idea)
		if !slices.Contains(e.Evaluators, said.By) || len(said.Scores) != len(e.Criteria) || said.Ago >= e.Given {
			k.problem("campaign %q: %q evaluates %q too early, or not by all criteria", campaign, said.By, said.Idea)
		}
	}
	for _, remark := range e.Talk {
		k.stands(campaign, remark.Idea)
	}
}
