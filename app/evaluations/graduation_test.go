package evaluations_test

import (
	"net/http"
	"strconv"
	"testing"

	"ruche/app/apptest"
	"ruche/app/evaluations"
	"ruche/models"
)

func TestIdeasGraduateWhenAllThatTheRuleAsksForIsSo(t *testing.T) {
	h := open(t)
	ripe, half, rated := h.idea(h.paul, "Weigh the bins"), h.idea(h.paul, "Sharper knives"), h.idea(h.mona, "Quieter presses")
	lena := h.evaluated(t, h.ada, h.ben)
	h.Tx(nil, func(tx *models.Tx) error {
		for _, user := range []*models.User{h.ada, h.ben} {
			for _, idea := range []*models.Idea{ripe, half, rated} {
				if _, err := tx.AddSupport(idea, user.ID); err != nil {
					return err
				}
			}
		}
		found, err := tx.RecordedIdea(rated.ID)
		if err == nil {
			err = tx.SetStage(found, models.Refined)
		}
		return err
	})
	h.As(h.ada).Post("/ideas/"+strconv.FormatInt(ripe.ID, 10)+"/comments", apptest.Form{"body": "Yes.", "once": "once-00000000000000000001"}).Status(http.StatusSeeOther)
	rules := h.base + "/graduation"
	lena.Post(rules, apptest.Form{"how_proposed": "propose", "rating_proposed": "101"}).Status(http.StatusUnprocessableEntity).See("from 0 to 100")
	lena.Post(rules, apptest.Form{"how_proposed": "propose"}).Status(http.StatusUnprocessableEntity).See("Ask for one thing at least")
	lena.Post(rules, apptest.Form{"how_proposed": "propose", "supports_proposed": "2", "comments_proposed": "1", "how_refined": "move", "supports_refined": "1", "rating_refined": "60"}).Status(http.StatusSeeOther)
	lena.Get(rules).Status(200).See("Weigh the bins", "2 supports", "1 comment").NotSee("Sharper knives", "Quieter presses")

	look := func() {
		work, err := evaluations.Graduating().Work(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		h.Tx(nil, work)
		h.Settle()
	}
	stage := func(idea *models.Idea, want models.Stage) {
		t.Helper()
		found, err := h.DB.Idea(t.Context(), h.Actor(h.lena), idea.ID)
		if err != nil || found.Stage != want {
			t.Errorf("%s is %s, not %s (%v)", idea.Title, found.Stage, want, err)
		}
	}
	h.hand(t, h.ada, rated, "5", "2").Status(http.StatusSeeOther) // one alone says too little
	look()
	stage(ripe, models.Proposed) // which is proposed
	stage(rated, models.Refined)
	lena.Get("/notifications").See("are ready for their next stage")
	h.hand(t, h.ben, rated, "4", "2").Status(http.StatusSeeOther)
	look()
	stage(rated, models.Evaluated)
	h.As(h.mona).Get("/notifications").See("Quieter presses", "has come to the stage").NotSee("88%", "90%")
	lena.Post(h.base+"/graduations", apptest.Form{"idea": strconv.FormatInt(half.ID, 10)}).Status(http.StatusUnprocessableEntity).See("Tick at least one idea")
	lena.Post(h.base+"/graduations", apptest.Form{"idea": strconv.FormatInt(ripe.ID, 10)}).Status(http.StatusSeeOther)
	stage(ripe, models.Discussed)
	stage(half, models.Proposed)
	lena.Get(rules).NotSee("Weigh the bins")
	h.As(h.paul).Get(rules).Status(http.StatusForbidden)
	h.As(h.paul).Post(h.base+"/graduations", apptest.Form{"idea": strconv.FormatInt(half.ID, 10)}).Status(http.StatusForbidden)
}

func TestAMergedIdeaIsNeitherEvaluatedNorGraduates(t *testing.T) {
	h := open(t)
	merged, kept := h.idea(h.paul, "Weigh the bins"), h.idea(h.paul, "Scales for bins")
	h.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.AddSupport(merged, h.ada.ID)
		return err
	})
	number := strconv.FormatInt(merged.ID, 10)
	lena := h.As(h.lena)
	lena.Post(h.base+"/graduation", apptest.Form{"how_proposed": "propose", "supports_proposed": "1"}).Status(http.StatusSeeOther)
	lena.Get(h.base + "/graduation").See("Weigh the bins")
	lena.Post("/ideas/"+number+"/merge", apptest.Form{"address": strconv.FormatInt(kept.ID, 10), "reason": "Both weigh."}).Status(http.StatusSeeOther)
	h.As(h.paul).Post("/ideas/"+number+"/merge/answer", apptest.Form{"answer": "agree"}).Status(http.StatusSeeOther)
	lena.Get(h.base + "/graduation").See("Scales for bins").NotSee("Weigh the bins")
	lena.Post(h.base+"/graduations", apptest.Form{"idea": number}).Status(http.StatusUnprocessableEntity)

	h.evaluated(t, h.ada, h.ben)
	if got := h.evaluators(t, merged); len(got) != 0 {
		t.Errorf("a merged idea is evaluated by %v", got)
	}
	if got := h.evaluators(t, kept); len(got) != 2 {
		t.Errorf("the one that it goes on in is evaluated by %v", got)
	}
	lena.Get(h.base + "/evaluation").NotSee("evaluators are missing")
}

func TestWhoRunsACampaignDoesNotLearnFromItsRulesHowTheirOwnIdeaIsRated(t *testing.T) {
	h := open(t)
	own, other := h.idea(h.lena, "Weigh the bins"), h.idea(h.paul, "Sharper knives")
	lena := h.evaluated(t, h.ada, h.ben)
	lena.Post(h.base+"/evaluation", card("base", "1", "per_idea", "3")).Status(http.StatusSeeOther)
	lena.Post(h.base+"/evaluators", apptest.Form{"email": h.lena.Email}).Status(http.StatusSeeOther)
	lena.Post(h.base+"/assignments", nil).Status(http.StatusSeeOther)
	rules := h.base + "/graduation"
	lena.Post(rules, apptest.Form{"how_proposed": "propose", "rating_proposed": "60"}).Status(http.StatusSeeOther)
	for _, idea := range []*models.Idea{own, other} {
		for _, user := range []*models.User{h.ada, h.ben} {
			h.hand(t, user, idea, "5", "0").Status(http.StatusSeeOther)
		}
	}
	graduate := func(idea *models.Idea) error {
		return evaluations.New(h.Web, h.Mail).Graduate(t.Context(), h.Actor(h.lena), h.campaign.ID, []int64{idea.ID})
	}
	// While her own evaluation is out she learns of no rating.
	lena.Get(rules).NotSee("Sharper knives", "Weigh the bins")
	if err := graduate(other); err == nil {
		t.Error("Lena moved an idea for its rating before she had rated it")
	}
	h.hand(t, h.lena, other, "5", "0").Status(http.StatusSeeOther)
	lena.Get(rules).See("Sharper knives").NotSee("Weigh the bins")
	if err := graduate(own); err == nil {
		t.Error("Lena moved her own idea for its rating")
	}
	if err := graduate(other); err != nil {
		t.Error(err)
	}
	lena.Post(rules, apptest.Form{"how_proposed": "propose", "supports_proposed": "1"}).Status(http.StatusSeeOther)
	h.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.AddSupport(own, h.ben.ID)
		return err
	})
	lena.Get(rules).See("Weigh the bins") // for what everyone sees
	if err := graduate(own); err != nil {
		t.Error(err)
	}
}
