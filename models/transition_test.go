package models_test

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ruche/migrations"
	"ruche/models"
	"ruche/models/modelstest"
)

// course is what the history of an idea says, in short.
func (h *house) course(idea *models.Idea) (steps []string) {
	h.t.Helper()
	passages, err := h.StageHistory(h.t.Context(), idea)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, p := range passages {
		by := int64(0)
		if p.ByID != nil {
			by = *p.ByID
		}
		steps = append(steps, fmt.Sprintf("%s>%s by %d %s %s", p.FromStage, p.ToStage, by, p.ReasonCode, p.Reason))
	}
	return steps
}

func (h *house) campaign(space *models.Space) *models.Campaign {
	h.t.Helper()
	campaign := &models.Campaign{SpaceID: space.ID, Kind: models.Channel, Title: "Box"}
	h.tx(nil, func(tx *models.Tx) error { return tx.CreateCampaign(campaign) })
	return campaign
}

// in makes an idea of a campaign.
func (h *house) in(campaign *models.Campaign, author *models.User) *models.Idea {
	h.t.Helper()
	idea := &models.Idea{SpaceID: campaign.SpaceID, AuthorID: author.ID, Title: "idea", CampaignID: &campaign.ID}
	h.tx(h.actor(author), func(tx *models.Tx) error { return tx.CreateIdea(idea) })
	return idea
}

func TestEveryPassageIsWrittenDownWithWhoAndWhy(t *testing.T) {
	h := open(t)
	author, manager := h.user("alice", models.RoleEmployee), h.user("carla", models.RoleManager)
	idea := h.idea(h.space("s", models.Company), author, "a")
	h.tx(h.actor(manager), func(tx *models.Tx) error {
		return tx.SetStageFor(idea, models.Discussed, models.StageReason{Code: "graduated", Text: "Ten supports."})
	})
	h.tx(h.actor(manager), func(tx *models.Tx) error { return tx.SetStage(idea, models.Discussed) }) // no passage
	h.tx(nil, func(tx *models.Tx) error { return tx.SetStage(idea, models.Declined) })
	want := []string{
		fmt.Sprintf(">proposed by %d  ", author.ID),
		fmt.Sprintf("proposed>discussed by %d graduated Ten supports.", manager.ID),
		"discussed>declined by 0  ",
	}
	if got := h.course(idea); !slices.Equal(got, want) {
		t.Errorf("the course is %q", got)
	}
}

// TestAFunnelCountedAnewIsTheSame moves, withdraws and restores ideas at random: what is counted along the way has to be
// what the passages say.
func TestAFunnelCountedAnewIsTheSame(t *testing.T) {
	h := open(t)
	author := h.user("alice", models.RoleEmployee)
	space := h.space("s", models.Company)
	rapid.Check(t, func(r *rapid.T) {
		campaign := h.campaign(space)
		var ideas []*models.Idea
		for range rapid.IntRange(1, 3).Draw(r, "ideas") {
			ideas = append(ideas, h.in(campaign, author))
		}
		for range rapid.IntRange(0, 8).Draw(r, "steps") {
			idea := rapid.SampledFrom(ideas).Draw(r, "idea")
			stage := rapid.SampledFrom(models.Stages()).Draw(r, "stage")
			h.tx(nil, func(tx *models.Tx) error {
				if rapid.IntRange(0, 3).Draw(r, "what") > 0 {
					return tx.SetStage(idea, stage)
				}
				state := models.Withdrawn
				if idea.State == models.Withdrawn {
					state = models.Published
				}
				return tx.SetState(idea, state)
			})
		}
		before, err := h.Funnel(t.Context(), campaign.ID)
		if err != nil {
			t.Fatal(err)
		}
		h.tx(nil, func(tx *models.Tx) error { return tx.RecountFunnels([]int64{campaign.ID}) })
		after, err := h.Funnel(t.Context(), campaign.ID)
		if err != nil {
			t.Fatal(err)
		}
		none := func(_ models.Stage, n int) bool { return n == 0 }
		maps.DeleteFunc(before, none)
		maps.DeleteFunc(after, none)
		if !maps.Equal(before, after) {
			r.Errorf("counted along the way %v, anew %v", before, after)
		}
	})
}

func TestAFunnelHoldsAnIdeaUpToWhereItCameAndADeclinedOneTwice(t *testing.T) {
	h := open(t)
	author := h.user("alice", models.RoleEmployee)
	campaign := h.campaign(h.space("s", models.Company))
	one, two := h.in(campaign, author), h.in(campaign, author)
	h.in(campaign, author)
	h.tx(nil, func(tx *models.Tx) error {
		for _, stage := range []models.Stage{models.Discussed, models.Evaluated, models.Declined} {
			if err := tx.SetStage(one, stage); err != nil {
				return err
			}
		}
		return tx.SetStage(two, models.Decided)
	})
	funnel, err := h.Funnel(t.Context(), campaign.ID)
	want := map[models.Stage]int{models.Proposed: 3, models.Discussed: 2, models.Refined: 2, models.Evaluated: 2, models.Decided: 1, models.Declined: 1}
	if err != nil || !maps.Equal(funnel, want) {
		t.Errorf("the funnel is %v, %v", funnel, err)
	}
}

// TestTheCourseOfIdeasComesOverFromTheLogAndTheImports runs the filling part of the migration on what an older version stored.
func TestTheCourseOfIdeasComesOverFromTheLogAndTheImports(t *testing.T) {
	address := modelstest.Address(t)
	db, err := models.Open(t.Context(), address, models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	h := &house{db, t}
	author, manager := h.user("alice", models.RoleEmployee), h.user("carla", models.RoleManager)
	campaign := h.campaign(h.space("s", models.Company))
	moved, fresh, gone := h.in(campaign, author), h.in(campaign, author), h.in(campaign, author)
	h.tx(h.actor(manager), func(tx *models.Tx) error {
		if err := tx.SetStage(moved, models.Discussed); err != nil {
			return err
		}
		if err := tx.Record(models.IdeaStaged, moved, map[string]string{"stage": "discussed", "from": "proposed"}); err != nil {
			return err
		}
		if err := tx.SetStage(moved, models.Declined); err != nil {
			return err
		}
		if err := tx.SetState(gone, models.Withdrawn); err != nil {
			return err
		}
		return tx.Record(models.IdeaStaged, moved, map[string]string{"from": "discussed", "stage": "declined"})
	})
	imported := &models.Idea{SpaceID: campaign.SpaceID, AuthorID: author.ID, Title: "imported", CampaignID: &campaign.ID, Stage: models.Implemented, State: models.Published, PublishedAt: time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)}
	h.tx(nil, func(tx *models.Tx) error { return tx.ImportIdeas([]models.ImportedIdea{{Idea: imported}}) })
	ideas := []*models.Idea{moved, fresh, gone, imported}
	var want []string
	for _, idea := range ideas {
		want = append(want, h.course(idea)...)
	}
	funnel, err := h.Funnel(t.Context(), campaign.ID)
	if err != nil {
		t.Fatal(err)
	}
	dialect := migrations.SQLite
	if db.Postgres() {
		dialect = migrations.Postgres
	}
	files, err := migrations.FS(dialect)
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(files, "0035_stage_transitions.sql")
	if err != nil {
		t.Fatal(err)
	}
	filling := string(text)[strings.Index(string(text), "INSERT INTO stage_transitions"):]
	modelstest.Exec(t, address, "DELETE FROM stage_transitions; DELETE FROM campaign_funnels; "+filling)
	var got []string
	for _, idea := range ideas {
		got = append(got, h.course(idea)...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the course came over as\n%q, not\n%q", got, want)
	}
	again, err := h.Funnel(t.Context(), campaign.ID)
	if err != nil || !maps.Equal(again, funnel) {
		t.Errorf("the funnel came over as %v, not %v: %v", again, funnel, err)
	}
}
