package main

import (
	"context"
	"fmt"
	"time"

	"ruche/models"
)

// Campaigns of a grown house: each of the first spaces, which everyone sees, has had as many. The last one is voted on.
const (
	askingSpaces   = 6
	campaignCount  = 2 * askingSpaces
	askedShare     = 0.4 // of the ideas of such a space
	ballotMost     = 2000
	ballotMarks    = 10
	votedCampaign  = campaignCount - 1
	votedIdeas     = 30 // however many there are elsewhere: a ballot costs what stands on it
	votingHasBegun = -time.Hour
)

// addCampaigns makes calls that gather ideas, and one whose vote begins once everything is written.
func (g *grower) addCampaigns(tx *models.Tx) error {
	for n := range campaignCount {
		name := campaignName(n)
		opens := g.end.Add(-4 * 365 * 24 * time.Hour)
		campaign := &models.Campaign{
			SpaceID: g.spaces[n%askingSpaces].ID, Kind: models.TimedCampaign, Title: fmt.Sprintf("Défi %02d", n), Question: "Que changeriez-vous d’abord ?", Lang: "fr",
			ImportRef: &name, ManagerID: &g.people[benchPeople].ID, SponsorID: &g.people[benchPeople+1].ID, AnswerDays: 30,
			Stages: []models.CampaignStage{models.NewStage(models.Gather, &opens), models.NewStage(models.VoteStage, g.after(time.Hour)), models.NewStage(models.Closed, g.after(90*24*time.Hour))},
		}
		if err := tx.ImportCampaign(campaign); err != nil {
			return err
		}
		g.campaigns = append(g.campaigns, campaign)
	}
	return tx.SetVotingRule(g.campaigns[votedCampaign], &models.VotingRule{Method: models.VoteScore}, 0, nil)
}

// campaignName is the n'th campaign's in what was grown.
func campaignName(n int) string { return fmt.Sprintf("banc-%d", n) }

func (g *grower) after(wait time.Duration) *time.Time {
	at := g.end.Add(wait)
	return &at
}

// asked gives some ideas of the asking spaces to one of their campaigns.
func (g *grower) asked(idea *models.Idea) {
	for n := range campaignCount {
		if campaign := g.campaigns[n]; campaign.SpaceID == idea.SpaceID && g.random.Float64() < askedShare/2 {
			if n == votedCampaign {
				if g.voted++; g.voted > votedIdeas {
					return
				}
			}
			idea.CampaignID, idea.Campaign = &campaign.ID, campaign.Title
			return
		}
	}
}

// addBallots lets the vote begin, and a share of the company take part in it.
func (g *grower) addBallots(ctx context.Context) error {
	campaign := g.campaigns[votedCampaign]
	var rule *models.VotingRule
	var options []models.VotingOption
	err := g.db.Tx(ctx, nil, func(tx *models.Tx) (err error) {
		if err := tx.CountImportedCampaigns(); err != nil {
			return err
		}
		campaign.Stages[1].StartsAt = g.after(votingHasBegun)
		if err := tx.SaveCampaign(campaign, campaign.Version); err != nil {
			return err
		}
		if _, err := tx.OpenVote(campaign); err != nil {
			return err
		}
		if rule, err = tx.OpenRule(campaign.ID); err != nil {
			return err
		}
		options, err = tx.VotingOptions(ctx, campaign.ID)
		return err
	})
	if err != nil {
		return err
	}
	for n := range min(g.size/50, ballotMost) {
		actor, err := g.db.ActorByID(ctx, g.people[benchPeople+n].ID)
		if err != nil {
			return err
		}
		lines := make([]models.BallotLine, min(ballotMarks, len(options)))
		for i := range lines {
			lines[i] = models.BallotLine{IdeaID: options[(n+i)%len(options)].IdeaID, Amount: int64(1 + g.random.IntN(5))}
		}
		err = g.db.Tx(ctx, actor, func(tx *models.Tx) error {
			ballot, err := tx.LockBallot(campaign.ID, fmt.Sprintf("banc-%d", n))
			if err != nil {
				return err
			}
			return tx.SetBallot(rule, ballot, lines)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
