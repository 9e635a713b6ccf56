package campaigns_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/app/campaigns"
	"ruche/models"
)

// look is a round of the job.
func (h *house) look(t *testing.T) {
	t.Helper()
	work, err := campaigns.Look().Work(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	h.Tx(nil, work)
}

// told are those who have been told something of a campaign and may see it, by name.
func (h *house) told(t *testing.T, kind models.Kind, people ...*models.User) string {
	t.Helper()
	var names []string
	for _, user := range people {
		notices, err := h.DB.HouseNotices(t.Context(), h.Actor(user))
		if err != nil {
			t.Fatal(err)
		}
		for _, notice := range notices {
			if notice.Kind == kind {
				names = append(names, user.Name)
			}
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func (h *house) draft(t *testing.T, user *models.User, campaign string) {
	t.Helper()
	h.As(user).Do(http.MethodPut, "/drafts/idea/new", strings.NewReader(fmt.Sprintf(`{"fields":{"title":"Begun","campaign":%q}}`, campaign)), http.Header{"Content-Type": {"application/json"}}).Status(200)
}

func (h *house) give(user *models.User, title string) {
	h.As(user).Post("/ideas", apptest.Form{"campaign": "1", "title": title, "body": "As it says.", "once": "once-" + strings.Repeat("0", 20) + user.Name}).Status(http.StatusSeeOther)
}

func TestThoseWhoWantToHearOfACampaignDoOnceAtItsOpening(t *testing.T) {
	h := open(t)
	rita, quentin, gaston := h.Person("Rita", models.RoleEmployee), h.Person("Quentin", models.RoleEmployee), h.Person("Gaston", models.RoleExternal)
	for _, member := range []*models.User{rita, quentin, h.mona} {
		h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(h.space, member, models.SpaceMember) })
	}
	everyone := []*models.User{h.lena, h.paul, h.sophie, h.mona, rita, quentin, gaston}
	page := h.asked(t)
	h.As(h.paul).Get(page).See("You are not told when a campaign opens")
	h.As(h.paul).Post("/spaces/plant/follow", apptest.Form{"following": "1", "campaign": "1"}).Status(http.StatusSeeOther)
	h.As(h.paul).Get(page).See("You are told when a campaign opens")
	h.As(quentin).Get(page).See("You are told when a campaign opens") // as a member
	h.As(quentin).Post("/spaces/plant/follow", apptest.Form{}).Status(http.StatusSeeOther)
	h.As(quentin).Get(page).See("You are not told when a campaign opens")
	h.As(gaston).Post("/spaces/plant/follow", apptest.Form{"following": "1"}).Status(404)
	h.Visitor().Post("/spaces/plant/follow", apptest.Form{"following": "1"}).Status(http.StatusSeeOther) // to the door

	h.look(t)
	if got := h.told(t, models.NoticeCampaignOpen, everyone...); got != "" {
		t.Errorf("told before it opens: %s", got)
	}
	h.at(time.December, 3, 9)
	h.look(t)
	h.look(t)
	if got := h.told(t, models.NoticeCampaignOpen, everyone...); got != "Lena Paul Rita" { // Mona runs it
		t.Errorf("told that it opens: %s", got)
	}
	h.As(rita).Get("/notifications").See("The campaign “Less scrap” is open", `href="/campaigns/1"`)
	h.As(rita).Get("/notifications/count").See(`"1"`)

	// Whoever no longer sees the space no longer sees what was told of it, nor counts it.
	h.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(h.space, rita.ID) })
	h.Tx(h.Actor(h.lena), func(tx *models.Tx) error {
		h.space.Visibility, h.space.Joining = models.Restricted, models.JoinInvitation
		return tx.SaveSpace(h.space)
	})
	h.As(rita).Get("/notifications").NotSee("Less scrap")
	h.As(rita).Get("/notifications/count").See(`"0"`)
}

func TestAGroupThatIsAskedAloneHearsAlone(t *testing.T) {
	h := open(t)
	group := &models.Group{Kind: models.KindGroup, Name: "Night shift"}
	h.Tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		return tx.JoinGroup(group.ID, h.paul.ID)
	})
	page := h.made(t)
	h.As(h.lena).Post(number(page)+"/people", apptest.Form{"base": "1", "audience": "groups", "group": fmt.Sprint(group.ID)}).Status(http.StatusSeeOther)
	h.As(h.lena).Post(number(page)+"/publication", nil).Status(http.StatusSeeOther)
	for _, user := range []*models.User{h.paul, h.sophie} {
		h.As(user).Post("/spaces/plant/follow", apptest.Form{"following": "1"}).Status(http.StatusSeeOther)
	}
	h.at(time.December, 3, 9)
	h.look(t)
	if got := h.told(t, models.NoticeCampaignOpen, h.lena, h.paul, h.sophie); got != "Paul" {
		t.Errorf("told: %s", got)
	}
}

func TestWhoHasADraftHearsThatGatheringEndsAndAuthorsWhatBecame(t *testing.T) {
	h := open(t)
	h.asked(t)
	h.asked(t, "title", "Less noise")
	h.at(time.December, 4, 9)
	h.give(h.paul, "Weigh the bin")
	h.give(h.sophie, "Empty it")
	h.draft(t, h.mona, "1")
	h.draft(t, h.lena, "2")
	h.draft(t, h.sophie, "1")
	h.As(h.sophie).Do(http.MethodDelete, "/drafts/idea/new", nil, nil)
	h.look(t)
	h.at(time.December, 8, 9)
	h.look(t)
	if got := h.told(t, models.NoticeDraftEnds, h.lena, h.mona, h.paul, h.sophie); got != "" {
		t.Errorf("told two days before: %s", got)
	}
	h.at(time.December, 9, 9)
	h.look(t)
	h.look(t)
	if got := h.told(t, models.NoticeDraftEnds, h.lena, h.mona, h.paul, h.sophie); got != "Lena Mona" {
		t.Errorf("told a day before: %s", got)
	}
	h.As(h.mona).Get("/notifications").See("“Less scrap” takes ideas for less than a day more", `href="/ideas/new?campaign=1"`)

	h.at(time.December, 20, 9)
	h.As(h.lena).Post("/campaigns/2/pause", apptest.Form{"reason": "Wait"}).Status(http.StatusSeeOther)
	h.look(t)
	h.look(t)
	if got := h.told(t, models.NoticeCampaignClosed, h.lena, h.mona, h.paul, h.sophie); got != "Paul Sophie" {
		t.Errorf("told that it closed: %s", got)
	}
	h.As(h.paul).Get("/notifications").See("The campaign “Less scrap”, to which you gave an idea, has closed", "2 ideas, 0 selected, 0 answered")
	paul := h.As(h.paul)
	paul.Post("/preferences", apptest.Form{"name": "locale", "value": "fr"})
	paul.Get("/notifications").See("2 idées, 0 retenue")
}

func TestWhatHappenedLongAgoIsNoNews(t *testing.T) {
	h := open(t)
	h.asked(t)
	h.at(time.December, 24, 9) // nobody looked in between
	h.look(t)
	for _, kind := range []models.Kind{models.NoticeCampaignOpen, models.NoticeDraftEnds, models.NoticeCampaignClosed} {
		if got := h.told(t, kind, h.lena, h.mona, h.paul, h.sophie); got != "" {
			t.Errorf("%s is told to %s", kind, got)
		}
	}
}

func TestEvaluatorsWithoutIdeasHearThatTheirPartBegins(t *testing.T) {
	h := open(t)
	gathers, judges := h.now.AddDate(0, 0, -3), h.now.AddDate(0, 0, 1)
	campaign := &models.Campaign{SpaceID: h.space.ID, Kind: models.TimedCampaign, Title: "Less dust", ManagerID: &h.mona.ID, PublishedAt: &h.now,
		Stages: []models.CampaignStage{models.NewStage(models.Gather, &gathers), models.NewStage(models.Evaluate, &judges)}}
	h.Tx(h.Actor(h.lena), func(tx *models.Tx) error {
		if err := tx.CreateCampaign(campaign); err != nil {
			return err
		}
		card := models.NewScorecard(campaign.ID)
		card.PerIdea, card.Minimum, card.Criteria = 1, 1, []models.Criterion{{NameEN: "Use", Weight: 1, Lowest: 1, Highest: 5}}
		if err := tx.SaveScorecard(models.NewScorecard(campaign.ID), card); err != nil {
			return err
		}
		for _, user := range []*models.User{h.paul, h.sophie} {
			if err := tx.SetEvaluator(campaign, h.Actor(user), models.Evaluator{}); err != nil {
				return err
			}
		}
		return nil
	})
	h.give(h.mona, "Sweep")
	h.Tx(nil, func(tx *models.Tx) error {
		_, card, err := tx.EvaluatedCampaign(campaign.ID)
		if err != nil {
			return err
		}
		people, err := tx.Assign(card)
		if err == nil && len(people) != 1 {
			t.Fatalf("the idea goes to %v", people)
		}
		return err
	})
	h.look(t)
	if got := h.told(t, models.NoticeJudging, h.paul, h.sophie, h.mona); got != "" {
		t.Errorf("told before: %s", got)
	}
	h.now = h.now.AddDate(0, 0, 1).Add(time.Hour)
	h.look(t)
	h.look(t)
	if got := h.told(t, models.NoticeJudging, h.paul, h.sophie, h.mona); got != "Sophie" {
		t.Errorf("told that evaluation begins: %s; Paul has heard it with his idea", got)
	}
}
