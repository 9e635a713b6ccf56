package app_test

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"ruche/app/votes"
	"ruche/models"
)

// vote is a campaign of a space as a route about votes is about it: before it votes, while it does, or counted with the
// ballots of five people.
func (w *world) vote(visibility models.Visibility, pattern string) string {
	w.t.Helper()
	counted := strings.Contains(pattern, "/results") || strings.Contains(pattern, "/ballots")
	begins := w.site.DB.Now().Add(-24 * time.Hour)
	if strings.HasSuffix(pattern, "/vote") {
		begins = begins.Add(48 * time.Hour)
	} else if counted {
		begins = begins.Add(-48 * time.Hour)
	}
	gathers, ends := begins.Add(-time.Hour), begins.Add(36*time.Hour)
	campaign := &models.Campaign{SpaceID: w.space(visibility).ID, Kind: models.TimedCampaign, Title: "A vote", Question: "Which one?",
		Stages: []models.CampaignStage{models.NewStage(models.Gather, &gathers), models.NewStage(models.VoteStage, &begins), models.NewStage(models.Closed, &ends)}}
	rule := &models.VotingRule{Method: models.VoteApproval}
	if strings.Contains(pattern, "/duels") {
		rule.Method = models.VoteDuels
	}
	w.site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.ImportCampaign(campaign); err != nil || strings.HasSuffix(pattern, "/vote") {
			return err
		}
		if err := tx.SetVotingRule(&models.Campaign{ID: campaign.ID}, rule, 0, nil); err != nil {
			return err
		}
		_, err := tx.OpenVote(campaign)
		return err
	})
	if counted {
		w.count(campaign, rule)
	}
	return strconv.FormatInt(campaign.ID, 10)
}

// count has five people vote, and the vote closed and counted.
func (w *world) count(campaign *models.Campaign, rule *models.VotingRule) {
	w.t.Helper()
	idea, err := strconv.ParseInt(w.current[models.Public].idea, 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range w.cast[1:6] {
		w.site.Tx(w.site.Actor(p.user), func(tx *models.Tx) error {
			ballot, err := tx.LockBallot(campaign.ID, "ballot-"+p.name)
			if err != nil {
				return err
			}
			return tx.SetBallot(rule, ballot, []models.BallotLine{{IdeaID: idea, Amount: 1}})
		})
	}
	w.site.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.CloseVote(campaign)
		return err
	})
	document, err := votes.Recount(w.t.Context(), w.site.DB, campaign.ID, func(int, int) error { return nil })
	if err != nil {
		w.t.Fatal(err)
	}
	w.site.Tx(nil, func(tx *models.Tx) error { return tx.SetResult(campaign.ID, document) })
}

// aboutVotes tells whether a route is about the vote of a campaign.
func aboutVotes(pattern string) bool {
	_, part, found := strings.Cut(pattern, "/campaigns/:id/")
	return found && slices.ContainsFunc([]string{"vote", "ballot", "duels", "results"}, func(word string) bool { return strings.HasPrefix(part, word) })
}
