package votes_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"ruche/app/apptest"
	"ruche/app/votes"
	"ruche/models"
)

func TestAVoteByPointsFromItsRuleToItsReceipt(t *testing.T) {
	h := open(t)
	lena, paul, mona := h.As(h.lena), h.As(h.paul), h.As(h.mona)
	paul.Get(campaign + "/vote").Status(403)
	lena.Get(campaign+"/vote").Status(200).See("How people vote", "Opens on 15 December 2026", "Weigh the bins")
	lena.Post(campaign+"/vote", form("base", "1", "method", "points", "points", "5")).Status(http.StatusSeeOther)
	paul.Get(campaign+"/ballot").Status(200).See("You give away 5 points", "Opens on 15 December 2026").NotSee("Points left", "<button class=\"button primary large\"")
	paul.Post(campaign+"/ballot", form("idea_1", "3")).Status(http.StatusConflict).See("not open now")

	h.on(16)
	paul.Get(campaign+"/ballot").Status(200).See("Points left", "SHA-256", "Smaller moulds", "Open until")
	lena.Get(campaign + "/vote").Status(200).See("can no longer be changed").NotSee("Save the rule")
	lena.Post(campaign+"/vote", form("base", "2", "method", "support")).Status(http.StatusConflict).See("can no longer be changed")
	paul.Post(campaign+"/ballot", form("idea_1", "3", "idea_2", "3")).Status(http.StatusUnprocessableEntity).See("more points than you have", `value="3"`)
	paul.Post(campaign+"/ballot", form("idea_1", "3", "idea_2", "2")).Status(http.StatusSeeOther)
	paul.Get(campaign+"/ballot").See("Your ballot counts", `value="3"`, "1 ballot that counts")
	paul.Post(campaign+"/ballot", form("base", "1", "idea_2", "5")).Status(http.StatusSeeOther)                            // changed
	paul.Post(campaign+"/ballot", form("base", "1", "idea_2", "5")).Status(http.StatusSeeOther)                            // sent again
	paul.Post(campaign+"/ballot", form("base", "1", "idea_3", "5")).Status(http.StatusConflict).See("elsewhere meanwhile") // from another tab
	mona.Post(campaign+"/ballot", form("idea_3", "1")).Status(http.StatusSeeOther)
	paul.Get(campaign + "/results").Status(200).See("from five ballots on").NotSee("comes first")

	h.on(21)
	paul.Post(campaign+"/ballot", form("base", "2", "idea_3", "5")).Status(http.StatusConflict)
	paul.Get(campaign + "/results").Status(200).See("being counted").NotSee("comes first")
	h.closed()
	paul.Get(campaign+"/results").Status(200).See("“Smaller moulds” comes first: 5 points", "Your receipt", "2 ballots that count").NotSee("Ballots without names")
	lena.Get(campaign + "/results").Status(200).See("comes first").NotSee("Your receipt")
	paul.Get(campaign + "/ballots.csv").Status(404) // two ballots: one could guess
	h.Visitor().Get(campaign + "/results").Status(404)
	paul.Get(campaign + "/results.csv").Status(200).See("Smaller moulds")
}

func TestAHundredVotesAtOnceByOnePersonCountOnce(t *testing.T) {
	h := open(t)
	h.rule("method", "approval")
	f, actor := votes.New(h.Web, h.Jobs), h.Actor(h.paul)
	if _, err := f.Cast(t.Context(), h.Actor(h.mona), 1, 0, []models.BallotLine{{IdeaID: 2, Amount: 1}}); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	results := make([]error, 100)
	for n := range results {
		group.Go(func() {
			_, results[n] = f.Cast(t.Context(), actor, 1, 0, []models.BallotLine{{IdeaID: int64(n%3) + 1, Amount: 1}})
		})
	}
	group.Wait()
	cast := 0
	for _, err := range results {
		switch {
		case err == nil:
			cast++
		case !errors.Is(err, models.ErrConflict):
			t.Error(err)
		}
	}
	if cast == 0 || cast > 34 { // the first, and those that say the same
		t.Errorf("%d of 100 say they were cast", cast)
	}
	ballot, lines, err := h.DB.OwnBallot(t.Context(), actor, 1)
	if err != nil || ballot.Version != 1 || len(lines) != 1 {
		t.Errorf("the ballot is %+v with %v: %v", ballot, lines, err)
	}
	h.closed()
	h.As(h.paul).Get(campaign + "/results").See("2 ballots that count")
}

func TestWhoLosesAccessMeanwhileIsRefused(t *testing.T) {
	h := open(t)
	h.rule("method", "approval")
	guest := h.Person("Gus", models.RoleExternal)
	choose(h, guest, 0, 1).Status(404)
	h.Visitor().Post(campaign+"/ballot", form()).Status(http.StatusSeeOther) // to sign in
	choose(h, h.paul, 0, 1).Status(http.StatusSeeOther)
	h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(h.space, h.paul, models.SpaceReader) })
	choose(h, h.paul, 1, 2).Status(403)
	h.As(h.paul).Get(campaign + "/ballot").Status(200).See("not vote")
	h.As(h.lena).Post("/spaces/plant/archive", nil).Status(http.StatusSeeOther)
	choose(h, h.mona, 0, 1).Status(403)
	h.closed()
	h.As(h.mona).Get(campaign+"/results").See("1 ballot that counts", "“Weigh the bins” comes first")
}

func TestAMinimumKeepsBallotsProvisional(t *testing.T) {
	h := open(t)
	h.As(h.lena).Post(campaign+"/vote", form("method", "approval", "choices", "2", "minimum", "3")).Status(http.StatusUnprocessableEntity).See("Nobody could reach this minimum")
	h.rule("method", "approval", "minimum", "2")
	choose(h, h.paul, 0, 1).Status(http.StatusSeeOther)
	choose(h, h.mona, 0, 1, 2).Status(http.StatusSeeOther)
	h.As(h.paul).Get(campaign+"/ballot").See("Provisional", "1 of the 2 ideas", "1 ballot that counts")
	h.As(h.paul).Get(campaign + "/results").See("1 provisional ballot")
	choose(h, h.mona, 1).Status(http.StatusSeeOther) // taken back
	choose(h, h.mona, 2, 2, 3).Status(http.StatusSeeOther)
	h.closed()
	h.As(h.paul).Get(campaign+"/results").See("1 ballot that counts", "said too little to be counted")
}

func TestTheClockMovedAcrossTheClosingDoesNotOpenWhatWasClosed(t *testing.T) {
	h := open(t)
	h.rule("method", "approval")
	choose(h, h.paul, 0, 1).Status(http.StatusSeeOther)
	h.on(12) // back before the vote
	choose(h, h.mona, 0, 1).Status(http.StatusConflict).See("not open now")
	h.on(16)
	choose(h, h.mona, 0, 2).Status(http.StatusSeeOther)
	h.closed()
	before := h.As(h.paul).Get(campaign + "/results.json").Status(200).Text
	h.on(16) // a clock that was wrong is set right
	choose(h, h.sophie, 0, 1).Status(http.StatusConflict).See("The vote is closed")
	h.As(h.lena).Post(campaign+"/stages", apptest.Form{ // nor does a later date
		"base": "1", "posting_gather": "1", "stage_gather": "2026-12-03", "stage_vote": "2026-12-15", "stage_closed": "2026-12-30",
	}).Status(http.StatusSeeOther)
	choose(h, h.sophie, 0, 1).Status(http.StatusConflict)
	if after := h.As(h.paul).Get(campaign + "/results.json").Status(200).Text; after != before {
		t.Error("the result has changed")
	}
}

func TestHiddenCountsAreHidden(t *testing.T) {
	h := open(t)
	h.rule("method", "points", "points", "9", "hidden", "1")
	for n, user := range append(h.voters(5, "Press", "Lyon"), h.paul) {
		h.As(user).Post(campaign+"/ballot", form("idea_2", "7", "idea_1", fmt.Sprint(n%2))).Status(http.StatusSeeOther)
	}
	for _, user := range []*models.User{h.lena, h.mona} {
		client := h.As(user)
		client.Get(campaign+"/results").Status(200).See("counts are hidden", "6 ballots that count").NotSee("comes first", "42", "vote-bar")
		for _, page := range []string{campaign + "-less-scrap", "/campaigns", "/ideas", "/ideas?sort=supported", "/ideas/2-smaller-moulds", "/"} {
			client.Get(page).Status(200).NotSee("42 points", "7 points")
		}
		for _, export := range []string{"/results.csv", "/results.xlsx", "/results.json", "/ballots.csv"} {
			client.Get(campaign + export).Status(404)
		}
		bearer := http.Header{"Authorization": {"Bearer " + h.Token(user, models.ScopeRead)}}
		var body struct {
			Hidden bool
			Ideas  []any
		}
		answer := h.Visitor().Do(http.MethodGet, "/api/v1/campaigns/1/results", nil, bearer).Status(200)
		if err := json.Unmarshal([]byte(answer.Text), &body); err != nil || !body.Hidden || len(body.Ideas) != 0 {
			t.Errorf("the API tells %s", answer.Text)
		}
		h.Visitor().Do(http.MethodGet, "/api/v1/campaigns/1/ballots", nil, bearer).Status(404)
	}
	h.closed()
	h.As(h.mona).Get(campaign+"/results").See("“Smaller moulds” comes first: 42 points", "Ballots without names")
}

func TestFiguresAreShownFromFiveBallotsOn(t *testing.T) {
	h := open(t)
	h.rule("method", "approval")
	people := h.voters(5, "Press", "Lyon")
	for _, user := range people[:4] {
		choose(h, user, 0, 2).Status(http.StatusSeeOther)
	}
	h.As(h.mona).Get(campaign + "/results").See("from five ballots on").NotSee("4 votes")
	choose(h, people[4], 0, 2, 3).Status(http.StatusSeeOther)
	h.As(h.mona).Get(campaign+"/results").See("“Smaller moulds” comes first: 5 votes", "1 vote").NotSee("Turnout", "Take the results")
}

func TestSupportsAreTheVoteWhereTheRuleSaysSo(t *testing.T) {
	h := open(t)
	h.As(h.sophie).Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther) // before the vote began
	h.rule("method", "support", "minimum", "2")
	h.As(h.mona).Post("/ideas/3/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	h.As(h.lena).Post("/ideas/3/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	h.As(h.mona).Get(campaign + "/results").See("“Sell the offcuts” comes first: 2 votes")
	h.closed()
	h.As(h.mona).Get(campaign+"/results").See("“Sell the offcuts” comes first: 2 votes", "3 ballots that count", "Your receipt")
	h.As(h.lena).Post("/ideas/3/supports", apptest.Form{"supported": "0"}).Status(http.StatusSeeOther) // which one may at any time
	h.As(h.mona).Get(campaign + "/results").See("“Sell the offcuts” comes first: 2 votes")
	if recount(t, h) != h.As(h.mona).Get(campaign+"/results.json").Text {
		t.Error("a support that was taken back after the close changes the count")
	}
}

func TestAMergedIdeaDoesNotStandForAVote(t *testing.T) {
	h := open(t)
	merge := func(number, into string) {
		h.As(h.lena).Post("/ideas/"+number+"/merge", apptest.Form{"address": into, "reason": "Both say the same."}).Status(http.StatusSeeOther)
		h.As(h.paul).Post("/ideas/"+number+"/merge/answer", apptest.Form{"answer": "agree"}).Status(http.StatusSeeOther)
	}
	merge("1", "2")
	h.As(h.lena).Get(campaign + "/vote").Status(200).See("Smaller moulds").NotSee("Weigh the bins")
	h.rule("method", "points", "points", "5")
	h.As(h.paul).Get(campaign+"/ballot").Status(200).See(`name="idea_2"`, `name="idea_3"`).NotSee(`name="idea_1"`)
	merge("3", "2") // the terms are fixed
	h.As(h.paul).Get(campaign+"/ballot").See(`name="idea_2"`, `name="idea_3"`)
}

// recount is what the command line prints.
func recount(t *testing.T, h *house) string {
	t.Helper()
	document, err := votes.Recount(t.Context(), h.DB, 1, func(int, int) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return string(document)
}
