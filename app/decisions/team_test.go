package decisions_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// staffs has somebody say who helps to run the channel, and whether they answer its ideas.
func (h *house) staffs(who *models.User, base, decides string, team *models.User) *apptest.Answer {
	h.t.Helper()
	return h.As(who).Post(number(h.channel)+"/people", apptest.Form{"base": base, "team": team.Email, "team_decides": decides})
}

func TestTheTeamOfACampaignAnswersItsIdeasWhereTheCampaignSaysSo(t *testing.T) {
	h := open(t)
	idea, other := h.idea("Weigh the scrap", ""), h.idea("Sort the scrap", "")
	h.staffs(h.mona, "1", "", h.nora).Status(http.StatusSeeOther)
	nora := h.As(h.nora)
	read(nora, idea).NotSee(`href="` + idea + `/answer"`)
	nora.Get(idea + "/answer").Status(403)
	nora.Get("/answers/prepared").Status(403)
	nora.Get(number(h.channel) + "/people").Status(200).NotSee(`name="team_decides"`)
	h.staffs(h.nora, "2", "1", h.nora).Status(http.StatusSeeOther) // who helps does not give themselves the right
	nora.Get(idea + "/answer").Status(403)

	h.staffs(h.mona, "3", "1", h.nora).Status(http.StatusSeeOther)
	nora.Get(number(h.channel) + "/people").See("The team of this campaign answers its ideas")
	nora.Get("/answers").Status(200).See("Weigh the scrap")
	nora.Post(idea+"/answer", answer()).Status(http.StatusSeeOther)
	nora.Get("/answers/prepared").Status(200).See("Weigh the scrap")
	elsewhere := &models.Idea{SpaceID: h.space.ID, AuthorID: h.paul.ID, Title: "Elsewhere", Body: "It", HTML: "It"}
	h.Tx(h.Actor(h.paul), func(tx *models.Tx) error { return tx.CreateIdea(elsewhere) })
	nora.Get(fmt.Sprintf("/ideas/%d/answer", elsewhere.ID)).Status(403) // of the space, and no campaign
	h.As(h.paul).Get(idea + "/answer").Status(403)

	var both sync.WaitGroup
	answers := make([]int, 2)
	for i, client := range []*apptest.Client{nora, h.As(h.sophie)} { // two decide at once: one answer stands
		both.Go(func() {
			answers[i] = client.Post(other+"/answer", answer("body", fmt.Sprint("Answer ", i), "publish", "1")).StatusCode
		})
	}
	both.Wait()
	if answers[0] == answers[1] || answers[0]+answers[1] != http.StatusSeeOther+http.StatusConflict {
		t.Errorf("two who decide at once get %v", answers)
	}
	h.staffs(h.mona, "4", "", h.nora).Status(http.StatusSeeOther)
	nora.Get(idea + "/answer").Status(403) // with the next click
	nora.Get("/answers/prepared").Status(403)
}
