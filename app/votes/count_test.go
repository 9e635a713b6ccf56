package votes_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ruche/app/apptest"
	"ruche/models"
)

// divided is a house in which three groups have voted on a budget of 90 euros by equal shares: eight from Lyon for the first idea, seven from Metz for
// the second, two from Brest for the third.
func divided(t *testing.T) (h *house, lyon, metz, brest []*models.User) {
	t.Helper()
	h = open(t)
	h.rule("method", "budget", "budget", "90", "counting", "shares", "divided_by", "site", "cost_1", "40", "cost_2", "35", "cost_3", "60")
	lyon, metz, brest = h.voters(8, "Press", "Lyon"), h.voters(7, "Press", "Metz"), h.voters(2, "Board", "Brest")
	for site, people := range [][]*models.User{lyon, metz, brest} {
		for _, user := range people {
			choose(h, user, 0, site+1).Status(303)
		}
	}
	return h, lyon, metz, brest
}

func TestABudgetByEqualSharesIsAwardedWithReceipts(t *testing.T) {
	h, lyon, metz, brest := divided(t)
	choose(h, h.paul, 0, 1, 3).Status(422).See("costs more than the budget")
	h.As(lyon[0]).Get(campaign+"/ballot").See("Left of the budget", "€50", "€40")
	h.closed()
	h.As(lyon[0]).Get(campaign+"/results").See("2 ideas are paid for: €75 of €90", "Paid for, €5 of it by your share", "Left of your share: €0.29")
	h.As(metz[0]).Get(campaign + "/results").See("Paid for, €5 of it by your share")
	h.As(brest[0]).Get(campaign+"/results").See("Your receipt", "Left of your share: €5.29")
}

func TestSmallGroupsAreToldNowhere(t *testing.T) {
	h, _, _, _ := divided(t)
	h.closed()
	page := h.As(h.mona).Get(campaign+"/results").See("In favour, by site", "Lyon (8)", "All others")
	page.NotSee("Brest", "Metz (7)") // the two of Brest could be found by subtraction
	h.As(h.mona).Get(campaign+"/results.json").NotSee("Brest", "Metz")
	h.As(h.mona).Get(campaign+"/ballots.csv").NotSee("Brest", "Lyon", "Press", "example.test")
}

func TestConsensusStandsBesideThePlainCount(t *testing.T) {
	h := open(t)
	h.rule("method", "approval", "divided_by", "site")
	for _, user := range h.voters(9, "Press", "Lyon") {
		choose(h, user, 0, 1).Status(303)
	}
	for _, user := range h.voters(5, "Press", "Metz") {
		choose(h, user, 0, 2, 3).Status(303)
	}
	for _, user := range h.voters(5, "Press", "Nantes") {
		choose(h, user, 0, 2).Status(303)
	}
	h.closed()
	document := h.As(h.mona).Get(campaign + "/results.json").Status(200).Text
	if !strings.Contains(document, `"idea": 2,
      "rank": 1`) || !strings.Contains(document, `"consensus_rank": 1`) {
		t.Errorf("the result is %s", document)
	}
	h.As(h.mona).Get(campaign+"/results").See("Rank by consensus", "0.067") // (0+1)/(9+2) · (5+1)/(5+2) · (5+1)/(5+2)
}

func TestARecountGivesTheSameBytes(t *testing.T) {
	h, lyon, _, _ := divided(t)
	h.closed()
	published := h.As(h.mona).Get(campaign + "/results.json").Status(200).Text
	if again := recount(t, h); again != published {
		t.Errorf("counted again it is %s, and not %s", again, published)
	}
	owner := h.Person("Olga", models.RoleOwner)
	h.As(owner).Post(fmt.Sprintf("/people/%d/erasure", lyon[0].ID), apptest.Form{"contributions": "keep"}).Status(303)
	h.on(31)
	if err := h.Jobs.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left []models.Ballot
	_, left, _, _, err := h.DB.ClosedVote(t.Context(), 1)
	if err != nil || len(left) != 17 {
		t.Errorf("%d ballots are left of an erased person's house: %v", len(left), err)
	}
	if again := recount(t, h); again != published {
		t.Error("the erasure of a voter changes the count")
	}
}

func TestTwoAccountsOfOnePersonHaveOneVote(t *testing.T) {
	h := open(t)
	h.rule("method", "approval")
	choose(h, h.paul, 0, 1).Status(303)
	choose(h, h.mona, 0, 2).Status(303) // who is Paul
	choose(h, h.sophie, 0, 3).Status(303)
	owner := h.Actor(h.Person("Olga", models.RoleOwner))
	merge := func(kept, gone *models.User) {
		h.Tx(owner, func(tx *models.Tx) error {
			first, second, err := tx.LockPair(kept.ID, gone.ID)
			if err == nil {
				_, err = tx.MergePeople(first, second)
			}
			return err
		})
	}
	merge(h.paul, h.mona)
	h.As(h.lena).Get(campaign + "/ballot").See("2 ballots that count")
	merge(h.lena, h.sophie) // who has voted under one account only: the ballot goes with her
	h.As(h.lena).Get(campaign+"/ballot").See("Your ballot counts", "2 ballots that count")
	h.closed()
	h.As(h.paul).Get(campaign+"/results").See("2 ballots that count", "Your ballot counts")
	if rows := recount(t, h); strings.Contains(rows, `"ballots": 3`) {
		t.Errorf("three ballots of two people count: %s", rows)
	}
}

func TestExportsCalculateNothing(t *testing.T) {
	h := open(t)
	h.As(h.paul).Post("/ideas/1", apptest.Form{"title": "=HYPERLINK(1)", "body": "As it says.", "base": "1"}).Status(303)
	h.rule("method", "score")
	for n, user := range h.voters(5, "Press", "Lyon") {
		h.As(user).Post(campaign+"/ballot", form("idea_1", "5", "idea_2", fmt.Sprint(n%3+1))).Status(303)
	}
	h.closed()
	h.As(h.mona).Get(campaign+"/results.csv").Status(200).See("'=HYPERLINK(1)", "Rank").NotSee(",=HYPER")
	answer := h.As(h.mona).Get(campaign + "/results.xlsx").Status(200)
	book, err := excelize.OpenReader(bytes.NewReader([]byte(answer.Text)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	title, err := book.GetCellValue("Results", "C2")
	formula, wrong := book.GetCellFormula("Results", "C2")
	if title != "=HYPERLINK(1)" || formula != "" || err != nil || wrong != nil {
		t.Errorf("the workbook has %q, the formula %q: %v %v", title, formula, err, wrong)
	}
	lines := strings.Split(strings.TrimSpace(h.As(h.mona).Get(campaign+"/ballots.csv").Status(200).Text), "\n")
	if len(lines) != 11 {
		t.Errorf("five ballots on two ideas are %d lines", len(lines)-1)
	}
}

func TestGuestsLearnNothingOfTheCompanysGroups(t *testing.T) {
	h, _, _, _ := divided(t)
	h.closed()
	h.Tx(nil, func(tx *models.Tx) error {
		h.space.Visibility = models.Public
		return tx.EditSpace(h.space)
	})
	guest := h.Person("Gus", models.RoleExternal)
	for _, client := range []*apptest.Client{h.As(guest), h.Visitor()} {
		client.Get(campaign+"/results").Status(200).See("2 ideas are paid for", "Rank").NotSee("Lyon", "Press", "results.json")
		client.Get(campaign+"/results.csv").Status(200).NotSee("Lyon", "Press")
		client.Get("/api/v1/campaigns/1/results").Status(200).NotSee("Lyon", "Press")
	}
	h.As(guest).Get(campaign + "/results.json").Status(403)
	h.As(h.mona).Get(campaign + "/results.json").Status(200).See("Lyon")
}
