package votes_test

import (
	"net/http"
	"strings"
	"testing"

	"ruche/app/votes"
	"ruche/models"
)

func TestDuelsAreAnsweredOneAtATime(t *testing.T) {
	h := open(t)
	h.rule("method", "duels", "minimum", "2")
	paul := h.As(h.paul)
	paul.Get(campaign + "/ballot").See("Begin the duels").NotSee("I cannot decide")
	paul.Post(campaign+"/duels", form("winner", "middle")).Status(http.StatusUnprocessableEntity)
	paul.Post(campaign+"/duels", form("winner", "left", "number", "1")).Status(http.StatusSeeOther) // before any is shown: begins
	paul.Post(campaign+"/duels", form()).Status(http.StatusSeeOther)
	page := paul.Get(campaign+"/ballot").See("Duel 1", "I cannot decide", "This one").Text
	if again := paul.Get(campaign + "/ballot").Text; duelOf(page) != duelOf(again) {
		t.Error("another look shows another duel")
	}
	paul.Post(campaign+"/duels", form("winner", "left", "number", "1")).Status(http.StatusSeeOther)
	paul.Post(campaign+"/duels", form("winner", "right", "number", "1")).Status(http.StatusSeeOther) // from another tab: too late
	paul.Get(campaign+"/ballot").See("Duel 2", "Provisional")
	paul.Post(campaign+"/duels", form("winner", "none", "number", "2")).Status(http.StatusSeeOther)
	paul.Post(campaign+"/duels", form("winner", "right", "number", "3")).Status(http.StatusSeeOther)
	paul.Get(campaign+"/ballot").See("compared everything", "Your ballot counts") // three ideas make three pairs
	ballot, _, err := h.DB.OwnBallot(t.Context(), h.Actor(h.paul), 1)
	if err != nil {
		t.Fatal(err)
	}
	duels, err := h.DB.Duels(t.Context(), ballot)
	if err != nil || len(duels) != 3 || duels[0].WinnerID != duels[0].LeftID || duels[1].WinnerID != 0 || duels[2].WinnerID != duels[2].RightID {
		t.Errorf("the duels are %+v: %v", duels, err)
	}
	h.closed()
	paul.Get(campaign+"/results").See("Chance to win", "Certainty", "Low")
	if document := paul.Get(campaign + "/results.json").Text; strings.Count(document, `"ballots": 2,`) != 3 {
		t.Errorf("of three duels each idea is in two, not as in %s", document)
	}
}

func duelOf(page string) string {
	_, rest, _ := strings.Cut(page, "duel-sides")
	duel, _, _ := strings.Cut(rest, "I cannot decide")
	return duel
}

func TestIdeasAreShownInDuelsEquallyOften(t *testing.T) {
	h := open(t)
	h.rule("method", "duels")
	f := votes.New(h.Web, h.Jobs)
	for _, user := range h.voters(7, "Press", "Lyon") {
		actor := h.Actor(user)
		for number := range 2 {
			side := votes.Left
			if number == 0 {
				side = ""
			}
			if _, err := f.Duel(t.Context(), actor, 1, number, side); err != nil {
				t.Fatal(err)
			}
		}
	}
	options, err := h.DB.VotingOptions(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	low, high := options[0].Shown, options[0].Shown
	for _, option := range options {
		low, high = min(low, option.Shown), max(high, option.Shown)
	}
	if high-low > 1 || low+high == 0 {
		t.Errorf("one idea was shown %d times, another %d", low, high)
	}
}

// TestAVoteIsOneShortTransaction counts what a use case runs; looking whether the vote is to be opened is part of it.
func TestAVoteIsOneShortTransaction(t *testing.T) {
	h := open(t)
	h.rule("method", "score")
	f, actor := votes.New(h.Web, h.Jobs), h.Actor(h.paul)
	cast := func(base int, lines ...models.BallotLine) int {
		before := h.DB.Statements()
		if _, err := f.Cast(t.Context(), actor, 1, base, lines); err != nil {
			t.Error(err)
		}
		return int(h.DB.Statements() - before)
	}
	cast(0, models.BallotLine{IdeaID: 1, Amount: 1}) // opens it
	one := cast(1, models.BallotLine{IdeaID: 1, Amount: 2})
	three := cast(2, models.BallotLine{IdeaID: 1, Amount: 2}, models.BallotLine{IdeaID: 2, Amount: 4}, models.BallotLine{IdeaID: 3, Amount: 5})
	t.Logf("a ballot takes %d statements, with three lines %d", one, three)
	if one != three || three > 16 {
		t.Errorf("a ballot takes %d statements, with three lines %d", one, three)
	}
}
