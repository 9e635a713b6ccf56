package demo

import (
	"context"
	"crypto/rand"
	"fmt"

	"ruche/models"
)

// cents in a euro.
const cents = 100

// rule is that of a vote, as it is stored.
func (v *Vote) rule() *models.VotingRule {
	return &models.VotingRule{Method: v.Method, Budget: cents * v.Budget, EqualShares: v.Shares, DividedBy: v.By}
}

// tellVote adds a campaign's vote to the story. Its end is nothing that anybody does: the house closes it and counts.
func (f *filler) tellVote(c *Campaign, tell func(Age, string, moving)) {
	if len(c.Vote.Costs) > 0 {
		tell(c.Vote.Priced, "ideas of "+c.Key+" are priced", f.prices(c))
	}
	for _, ballot := range c.Vote.Ballots {
		tell(ballot.Ago, ballot.By+" votes in "+c.Key, f.votes(c, ballot))
	}
}

// prices: whoever runs a campaign says what its ideas cost.
func (f *filler) prices(c *Campaign) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, c.By)
		if err != nil {
			return err
		}
		costs := map[int64]int64{}
		for idea, euros := range c.Vote.Costs {
			costs[f.ideas[idea].ID] = cents * euros
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			campaign, err := tx.LockCampaign(f.campaigns[c.Key].ID)
			if err != nil {
				return err
			}
			if err := tx.SetVotingRule(campaign, c.Vote.rule(), 1, costs); err != nil {
				return err
			}
			return tx.Record(models.VoteRuled, campaign, map[string]any{"method": c.Vote.Method})
		})
	}
}

// votes: a person casts their ballot; the first one finds the vote to be opened.
func (f *filler) votes(c *Campaign, b Ballot) moving {
	return func(ctx context.Context, db *models.DB) error {
		if err := f.openVote(ctx, db, f.campaigns[c.Key].ID); err != nil {
			return err
		}
		actor, err := f.contributor(ctx, db, b.By, f.spaces[c.Space])
		if err != nil {
			return err
		}
		var lines []models.BallotLine
		for idea, amount := range b.For {
			lines = append(lines, models.BallotLine{IdeaID: f.ideas[idea].ID, Amount: amount})
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			campaign, err := tx.Campaign(ctx, actor, f.campaigns[c.Key].ID)
			if err != nil {
				return err
			}
			if err := actor.MayVote(campaign, tx.Now()); err != nil {
				return err
			}
			rule, err := tx.OpenRule(campaign.ID)
			if err != nil {
				return err
			}
			options, err := tx.VotingOptions(ctx, campaign.ID)
			if err != nil {
				return err
			}
			if err := rule.Check(options, lines); err != nil {
				return err
			}
			ballot, err := tx.LockBallot(campaign.ID, rand.Text())
			if err != nil {
				return err
			}
			if err := tx.SetBallot(rule, ballot, lines); err != nil {
				return err
			}
			return tx.Record(models.VoteCast, campaign, nil)
		})
	}
}

func (f *filler) openVote(ctx context.Context, db *models.DB, id int64) error {
	err := db.Tx(ctx, nil, func(tx *models.Tx) error {
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
		return tx.Record(models.VoteOpened, campaign, map[string]any{"hash": rule.Hash})
	})
	if err != nil {
		return fmt.Errorf("open the vote: %w", err)
	}
	return nil
}
