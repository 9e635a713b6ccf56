package projects

import (
	"context"
	"fmt"

	"ruche/models"
)

// Claim adds a line to what a project brings. It counts once its controller has validated it; what is expected counts until then, too.
func (f *Projects) Claim(ctx context.Context, actor *models.Actor, id int64, benefit *models.Benefit, once Once) (*models.ProjectCard, error) {
	return f.change(ctx, actor, id, models.BenefitAdded, func(tx *models.Tx, card *models.ProjectCard) (any, error) {
		if err := tx.ClaimBenefit(&card.Project, benefit); err != nil {
			return nil, err
		}
		return line{benefit.ID}, once.claim(tx, benefit.ID)
	})
}

// Judge says for the controller whether a claim holds, with a reason where it does not; models.BenefitClaimed takes that back.
func (f *Projects) Judge(ctx context.Context, actor *models.Actor, id, benefitID int64, state models.BenefitState, reason string) (card *models.ProjectCard, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if card, err = tx.LockProject(id); err != nil {
			return err
		}
		if !actor.MayJudge(card) {
			return actor.Refused(card.SpaceID, 0)
		}
		if err := rests(card); err != nil {
			return err
		}
		benefit, err := tx.Benefit(&card.Project, benefitID)
		if err != nil {
			return err
		}
		if err := tx.JudgeBenefit(benefit, state, reason); err != nil {
			return err
		}
		return tx.Record(models.BenefitJudged, card, judged{benefit.ID, state})
	})
	if err != nil {
		return nil, fmt.Errorf("judge benefit %d of project %d: %w", benefitID, id, err)
	}
	return card, nil
}

// Withdraw takes a claim back that is not validated.
func (f *Projects) Withdraw(ctx context.Context, actor *models.Actor, id, benefitID int64) (*models.ProjectCard, error) {
	return f.setWithdrawn(ctx, actor, id, benefitID, true)
}

// ClaimAgain brings a withdrawn claim back.
func (f *Projects) ClaimAgain(ctx context.Context, actor *models.Actor, id, benefitID int64) (*models.ProjectCard, error) {
	return f.setWithdrawn(ctx, actor, id, benefitID, false)
}

func (f *Projects) setWithdrawn(ctx context.Context, actor *models.Actor, id, benefitID int64, withdrawn bool) (*models.ProjectCard, error) {
	verb := models.BenefitAdded
	if withdrawn {
		verb = models.BenefitDropped
	}
	return f.change(ctx, actor, id, verb, func(tx *models.Tx, card *models.ProjectCard) (any, error) {
		benefit, err := tx.Benefit(&card.Project, benefitID)
		if err != nil {
			return nil, err
		}
		return line{benefit.ID}, tx.WithdrawBenefit(benefit, withdrawn)
	})
}

// line is the data of the events about benefits.
type line struct {
	Benefit int64 `json:"benefit"`
}

// judged is the data of the event models.BenefitJudged.
type judged struct {
	Benefit int64               `json:"benefit"`
	State   models.BenefitState `json:"state"`
}
