package models_test

import (
	"errors"
	"testing"

	"ruche/models"
)

func TestEveryMethodRefusesWhatItDoesNotKnow(t *testing.T) {
	options := []models.VotingOption{{IdeaID: 1, Title: "Weigh the bins", Cost: 6000}, {IdeaID: 2, Title: "Smaller moulds", Cost: 5050}, {IdeaID: 3, Title: "Sell the offcuts"}, {IdeaID: 4}} // the last was withdrawn
	for method, refused := range map[models.VotingMethod][][]models.BallotLine{
		models.VoteForAgainst: {{{IdeaID: 1, Amount: 2}}, {{IdeaID: 1, Amount: -2}}, {{IdeaID: 9, Amount: 1}}, {{IdeaID: 4, Amount: 1}}},
		models.VotePoints:     {{{IdeaID: 1, Amount: 4}}, {{IdeaID: 1, Amount: -1}}, {{IdeaID: 1, Amount: 2}, {IdeaID: 2, Amount: 2}}},
		models.VoteApproval:   {{{IdeaID: 1, Amount: 1}, {IdeaID: 2, Amount: 1}, {IdeaID: 3, Amount: 1}}, {{IdeaID: 1, Amount: 2}}, {{IdeaID: 1, Amount: 1}, {IdeaID: 1, Amount: 1}}},
		models.VoteScore:      {{{IdeaID: 1, Amount: 6}}, {{IdeaID: 1, Amount: -1}}, {{IdeaID: 1}}},
		models.VoteBudget:     {{{IdeaID: 1, Amount: 1}, {IdeaID: 2, Amount: 1}}, {{IdeaID: 1, Amount: 2}}},
		models.VoteSupport:    {{{IdeaID: 1, Amount: 1}}},
		models.VoteDuels:      {{{IdeaID: 1, Amount: 1}}},
	} {
		rule := models.VotingRule{Method: method, Points: 3, Choices: 2, Budget: 10_000}
		if err := rule.Check(options, nil); err != nil {
			t.Errorf("%s: a ballot that says nothing is refused: %v", method, err)
		}
		for _, lines := range refused {
			if err := rule.Check(options, lines); !errors.As(err, &models.Invalid{}) {
				t.Errorf("%s: %v is taken: %v", method, lines, err)
			}
		}
	}
}
