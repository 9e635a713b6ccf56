package evaluations_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

func TestAHiddenAuthorDoesNotJudgeTheirOwnIdeaAndAnswersWithoutAName(t *testing.T) {
	h := open(t)
	idea := &models.Idea{SpaceID: h.space.ID, Title: "Weigh the scrap", Body: "Weigh it.", HTML: "<p>Weigh it.</p>", CampaignID: &h.campaign.ID, Anonymity: models.HiddenAuthors}
	h.Tx(h.Actor(h.ada), func(tx *models.Tx) error {
		if _, err := tx.Hide(models.HiddenAuthors, ""); err != nil {
			return err
		}
		idea.AuthorID = tx.Actor().ID
		return tx.CreateIdea(idea)
	})
	h.evaluated(t, h.ada, h.ben, h.cleo)
	if people := h.evaluators(t, idea); !slices.Equal(people, []int64{h.ben.ID, h.cleo.ID}) {
		t.Errorf("%v evaluate the idea that Ada has written", people)
	}
	ada, ben := h.As(h.ada), h.As(h.ben)
	ada.Get(path(idea)).Status(http.StatusNotFound)
	ben.Post(path(idea)+"/questions", apptest.Form{"question": "Which bins?"}).Status(http.StatusSeeOther)
	ada.Get("/evaluations").Status(http.StatusOK).See("Weigh the scrap")
	ada.Get(path(idea)).Status(http.StatusOK).See("Which bins?")
	ada.Post(path(idea)+"/answers", apptest.Form{"answer": "Those of hall 3."}).Status(http.StatusSeeOther)
	ben.Get(path(idea)).Status(http.StatusOK).See("Those of hall 3.").NotSee("Ada")
	h.As(h.cleo).Post(path(idea)+"/answers", apptest.Form{"answer": "None"}).Status(http.StatusForbidden)
	for _, post := range modelstest.Rows(t, h.Config.DatabaseURL)["evaluation_posts"] {
		if strings.Contains(post, "kind=answer") && !strings.Contains(post, fmt.Sprintf("user_id=%d ", idea.AuthorID)) {
			t.Errorf("an answer is not the mask's: %s", post)
		}
	}
	ada.Post(path(idea), h.said(t, "5", "1", "submit")).Status(http.StatusNotFound)
}
