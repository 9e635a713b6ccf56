package votes

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"ruche/app/jobs"
	"ruche/models"
)

// Kinds of jobs.
const (
	roundJob = "votes.round"
	countJob = "votes.count"
)

// countTimeout is how long a count may take.
const countTimeout = 5 * time.Minute

// dueVotes is how many votes a round opens and closes.
const dueVotes = 100

func (f *Votes) jobs() []jobs.Kind {
	return []jobs.Kind{
		{Name: roundJob, Every: time.Minute, Work: f.round},
		{Name: countJob, Work: f.count, Timeout: countTimeout},
	}
}

// round opens and closes the votes whose time has come, also when nobody looks, and reminds of those that close soon.
func (f *Votes) round(ctx context.Context, _ *jobs.Run) (func(*models.Tx) error, error) {
	ids, err := f.db.DueVotes(ctx, dueVotes)
	for _, id := range ids {
		err = errors.Join(err, f.turn(ctx, id))
	}
	closing, failed := f.db.ClosingVotes(ctx, dueVotes)
	err = errors.Join(err, failed)
	for _, id := range closing {
		err = errors.Join(err, f.db.Tx(ctx, nil, func(tx *models.Tx) error {
			campaign, err := tx.VotingCampaign(ctx, id)
			if err != nil {
				return err
			}
			return tx.RemindVoters(campaign)
		}))
	}
	return nil, err
}

// catchUp does so for one campaign that the actor may see, before somebody votes or looks. Where nothing is due it costs a look.
func (f *Votes) catchUp(ctx context.Context, actor *models.Actor, id int64) error {
	campaign, err := f.db.Campaign(ctx, actor, id)
	if err != nil {
		return err
	}
	rule, err := f.db.VotingRule(ctx, campaign)
	if err != nil {
		return err
	}
	return f.turnIfDue(ctx, campaign, rule)
}

func (f *Votes) turnIfDue(ctx context.Context, campaign *models.Campaign, rule *models.VotingRule) error {
	opens, closes := campaign.VotingAt()
	now := f.db.Now()
	begun, over := opens != nil && !opens.After(now), closes != nil && !closes.After(now)
	if campaign.PublishedAt != nil && (rule.FrozenAt == nil && begun || rule.FrozenAt != nil && rule.ClosedAt == nil && over) {
		return f.turn(ctx, campaign.ID)
	}
	return nil
}

// turn opens a vote that has begun, and closes it when it is over and has it counted.
func (f *Votes) turn(ctx context.Context, id int64) error {
	err := f.db.Tx(ctx, nil, func(tx *models.Tx) error {
		campaign, err := tx.VotingCampaign(ctx, id)
		if err != nil {
			return err
		}
		opened, err := tx.OpenVote(campaign)
		if err != nil || !opened {
			return err
		}
		rule, err := tx.VotingRule(ctx, campaign)
		if err != nil {
			return err
		}
		if err := tx.TellOfVote(campaign); err != nil {
			return err
		}
		return tx.Record(models.VoteOpened, campaign, map[string]any{"hash": rule.Hash})
	})
	if err != nil {
		return fmt.Errorf("open the vote of campaign %d: %w", id, err)
	}
	err = f.db.Tx(ctx, nil, func(tx *models.Tx) error {
		campaign, err := tx.VotingCampaign(ctx, id)
		if err != nil {
			return err
		}
		closed, err := tx.CloseVote(campaign)
		if err != nil || !closed {
			return err
		}
		if err := tx.AddJob(&models.Job{Kind: countJob, Key: strconv.FormatInt(id, 10)}, id); err != nil {
			return err
		}
		return tx.Record(models.VoteClosed, campaign, nil)
	})
	if err != nil {
		return fmt.Errorf("close the vote of campaign %d: %w", id, err)
	}
	return nil
}

// reportEvery is after how many steps of a count its progress is told.
const reportEvery = 10

// count turns the ballots of a closed vote into its result.
func (f *Votes) count(ctx context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
	var id int64
	if err := run.Args(&id); err != nil {
		return nil, err
	}
	document, err := Recount(ctx, f.db, id, func(done, total int) error {
		if done%reportEvery != 0 {
			return nil
		}
		return run.Progress(ctx, done, total)
	})
	if err != nil {
		return nil, err
	}
	return func(tx *models.Tx) error {
		campaign, err := tx.VotingCampaign(tx.Context(), id)
		if err != nil {
			return err
		}
		if err := tx.SetResult(id, document); err != nil {
			return err
		}
		if err := tx.TellOfResult(campaign); err != nil {
			return err
		}
		return tx.Record(models.VoteCounted, campaign, map[string]any{"hash": models.HashOf(document)})
	}, nil
}
